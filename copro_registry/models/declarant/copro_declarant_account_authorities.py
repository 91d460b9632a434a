from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...rnc import certificate

AUTHORITIES = ("authority_pem", "client_authority_pem")


class CoproDeclarantAccountAuthorities(models.AbstractModel):
    """The authorities that the account trusts, shown and logged by their names."""

    _name = "copro.declarant.account.authorities"
    _description = "Authorities trusted by a declarant account"

    authority_pem = fields.Text(
        string="Authority of the server",
        help="PEM of the only authority trusted for the server. Leave empty to trust "
        "the authorities of the system.",
    )
    client_authority_pem = fields.Text(
        string="Authorities of client certificates",
        help="PEM of the authorities known to deliver RGS certificates. The diagnosis warns "
        "of a certificate of any other, unless its policy is in the table of policies.",
    )
    authority_names = fields.Text(compute="_compute_authority_names")
    client_authority_names = fields.Text(compute="_compute_authority_names")

    @api.constrains(*AUTHORITIES)
    def _check_authorities(self):
        for account in self:
            for text in filter(None, (account.authority_pem, account.client_authority_pem)):
                account._check_pem(text)

    def _check_pem(self, text):
        if "PRIVATE KEY" in text:
            raise ValidationError(
                self.env._("A private key was pasted: paste the certificates of authorities only.")
            )
        if len(text) > certificate.LARGEST_FILE:
            raise ValidationError(
                self.env._(
                    "The authorities are longer than %(count)s kB: paste only those that are "
                    "needed.",
                    count=certificate.LARGEST_FILE // 1024,
                )
            )
        try:
            certificate.authorities(text)
        except certificate.Unreadable:
            raise ValidationError(
                self.env._("The authorities are not readable: paste certificates in PEM.")
            ) from None

    @api.depends(*AUTHORITIES)
    @api.depends_context("lang")
    def _compute_authority_names(self):
        for account in self:
            account.authority_names = account._list_authorities(account.authority_pem)
            account.client_authority_names = account._list_authorities(account.client_authority_pem)

    def _list_authorities(self, pem):
        """One a line, with its end; False when ``pem`` is unreadable, which saving refuses."""
        try:
            found = certificate.authorities(pem or "")
        except certificate.Unreadable:
            return False
        return "\n".join(self._describe_authority(one) for one in found)

    def _describe_authority(self, authority):
        end = format_date(self.env, certificate.validity(authority)[1].date())
        name = certificate.common_name(authority)
        return self.env._("%(name)s, until %(date)s", name=name, date=end)

    def _log_authorities(self, name):
        label = self._fields[name]._description_string(self.env)
        names = certificate.names_of(self[name] or "") or "—"
        self._log(self.env._("%(label)s: %(names)s", label=label, names=names))

from odoo import api, fields, models
from odoo.tools import format_date

from ...rnc import certificate


class CoproDeclarantAccount(models.Model):
    """The authorities that the account trusts, by their names: a PEM text is no reading."""

    _inherit = "copro.declarant.account"

    authority_names = fields.Text(compute="_compute_authority_names")
    client_authority_names = fields.Text(compute="_compute_authority_names")

    @api.depends("authority_pem", "client_authority_pem")
    @api.depends_context("lang")
    def _compute_authority_names(self):
        for account in self:
            account.authority_names = account._authorities_told(account.authority_pem)
            account.client_authority_names = account._authorities_told(account.client_authority_pem)

    def _authorities_told(self, pem):
        """One a line, with its end; nothing of what is no certificate: saving says it."""
        try:
            found = certificate.authorities(pem or "")
        except certificate.Unreadable:
            return False
        return "\n".join(self._authority_told(one) for one in found)

    def _authority_told(self, authority):
        end = format_date(self.env, certificate.validity(authority)[1].date())
        name = certificate.common_name(authority)
        return self.env._("%(name)s, until %(date)s", name=name, date=end)

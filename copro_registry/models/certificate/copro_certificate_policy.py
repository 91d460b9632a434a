import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rnc.certificate import LEVELS, Policy

ARC = re.compile(r"[0-2](\.\d{1,12}){1,20}")


class CoproCertificatePolicy(models.Model):
    """What an arc of policy identifiers (OID) means: data, for offers come and go.

    The lines that come with the addon are shared; a company adds its own, which come
    first. The longest arc that covers a certificate's policy decides.
    """

    _name = "copro.certificate.policy"
    _inherit = "copro.protected.mixin"
    _description = "Certificate policy"
    _order = "arc, company_id, id"

    name = fields.Char(string="Provider and offer", required=True)
    arc = fields.Char(string="Identifier (OID)", required=True)
    level = fields.Selection(
        [(stars, f"RGS {stars}") for stars in LEVELS],
        help="Leave empty when the identifier does not tell it.",
    )
    audience = fields.Selection(
        [
            ("enterprise", "Enterprises"),
            ("administration", "Administrations only"),
            ("person", "Persons"),
            ("server", "Web servers (SSL)"),
            ("seal", "Seals (“cachet”)"),
        ],
        string="For",
        required=True,
        default="enterprise",
        help="Only certificates for enterprises fit the registry.",
    )
    source = fields.Char(help="Where this was read.")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company, index=True)

    @api.constrains("arc")
    def _check_arc(self):
        for policy in self:
            if not ARC.fullmatch(policy.arc):
                raise ValidationError(
                    self.env._(
                        "“%(arc)s” is not an identifier: type numbers and dots, as in "
                        "1.2.250.1.177.",
                        arc=policy.arc,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        policies = super().create(vals_list)
        policies._log_change()
        return policies

    def write(self, vals):
        result = super().write(vals)
        self._log_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _log_removal(self):
        self._log_change(removed=True)

    def _log_change(self, removed=False):
        """In the discussion of the company's account.

        What an installation brings is nobody's change, and has no French label yet.
        """
        if not self.env.registry.ready:
            return
        for policy in self.filtered("company_id"):
            company = policy.company_id.sudo()
            translated = policy.with_context(lang=company._copro_language(self.env.user))
            for account in company.copro_account_id:
                account._log(translated._change_message(removed))

    def _change_message(self, removed):
        meaning = self.env._("removed") if removed else self._meaning()
        return self.env._("Policy %(arc)s: %(meaning)s", arc=self.arc, meaning=meaning)

    def _meaning(self):
        audiences = dict(self._fields["audience"]._description_selection(self.env))
        level = f"RGS {self.level}" if self.level else ""
        return ", ".join(filter(None, (self.name, level, audiences[self.audience])))

    @api.model
    def _of(self, company):
        """The policies that hold for a company, its own first."""
        found = self.sudo().search([("company_id", "in", [company.id, False])])
        return [
            Policy(one.arc, one.name, one.level or "", one.audience)
            for one in found.sorted(lambda policy: not policy.company_id)
        ]

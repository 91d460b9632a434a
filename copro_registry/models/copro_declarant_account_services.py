from odoo import api, fields, models

from ..registry import contract


class CoproDeclarantAccount(models.Model):
    """What the services add to the technical parameters."""

    _inherit = "copro.declarant.account"

    compare_every = fields.Integer(
        string="Compare every … days",
        default=0,
        tracking=True,
        help="Downloads the registry's data of every attached condominium, and flags what "
        "differs to the person in charge. 0: never by itself.",
    )

    contract_profile = fields.Selection(selection=lambda self: self._contract_profiles())

    @api.model
    def _contract_profiles(self):
        """Those that come with the addon or the server, then those that were loaded."""
        loaded = self.env["copro.contract.profile"].sudo().search([])
        shipped = [(name, name) for name in contract.known()]
        return shipped + [(profile.key, profile.display_name) for profile in loaded]

    def _profile(self):
        """The contract profile; the shipped one when there is no account yet."""
        key = self.contract_profile or contract.DEFAULT
        return self.env["copro.contract.profile"]._profile_of(key)

    def _told(self, refusal):
        """A refusal in the registry's French sentence: its own words are the exact ones."""
        template = self._profile().error_sentence(refusal.code)
        label = self.env["copro.condominium"]._item_label(refusal.item) if refusal.item else ""
        texts = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
        if template is None:
            return " ".join([refusal.code, label, texts["detail"]]).strip()
        return template.format(**texts)

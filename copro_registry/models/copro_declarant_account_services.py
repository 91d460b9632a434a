from odoo import fields, models


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

    def _told(self, refusal):
        """A refusal in the registry's French sentence: its own words are the exact ones."""
        template = self._profile().error_sentence(refusal.code)
        label = self.env["copro.condominium"]._item_label(refusal.item) if refusal.item else ""
        texts = {"item": label, "value": refusal.value or "", "detail": refusal.detail or ""}
        if template is None:
            return " ".join([refusal.code, label, texts["detail"]]).strip()
        return template.format(**texts)

from odoo import fields, models


class CoproDeclarantAccount(models.Model):
    """What this account sends by itself."""

    _inherit = "copro.declarant.account"

    auto_annual = fields.Boolean(
        string="Send annual updates by themselves",
        tracking=True,
        help="Each night, the annual updates that are due and ready leave without a click.",
    )

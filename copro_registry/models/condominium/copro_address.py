from odoo import fields, models

from ...fields import declared


class CoproAddress(models.Model):
    _name = "copro.address"
    _inherit = "copro.dossier.mixin"
    _description = "Complementary address"
    _order = "condominium_id, sequence, id"
    _rec_name = "line"
    _import_key = ("line",)

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    sequence = fields.Integer(default=10)
    line = declared(fields.Char, "adresses_complementaires", string="Address", required=True)

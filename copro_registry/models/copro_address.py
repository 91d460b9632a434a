from odoo import fields, models


class CoproAddress(models.Model):
    _name = "copro.address"
    _description = "Complementary address"
    _order = "condominium_id, sequence, id"
    _rec_name = "line"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="condominium_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    line = fields.Char(
        string="Address", required=True, help="For example: 14 rue de l'Exemple 35000 Rennes"
    )

from odoo import fields, models

from ...fields import declared


class CoproParcel(models.Model):
    _name = "copro.parcel"
    _inherit = "copro.dossier.mixin"
    _description = "Cadastral parcel"
    _order = "condominium_id, id"
    _rec_name = "number"
    _import_key = ("insee_code", "prefix", "section", "number")

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    insee_code = declared(
        fields.Char, "parcelles_code_insee", string="Town (INSEE code)", required=True
    )
    prefix = declared(
        fields.Char, "parcelles_prefixe", string="Prefix", required=True, default="000"
    )
    section = declared(fields.Char, "parcelles_section", string="Section", required=True)
    number = declared(fields.Char, "parcelles_numero", string="Parcel", required=True)

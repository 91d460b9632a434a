from odoo import api, fields, models

from ..declared import declared


class CoproParcel(models.Model):
    _name = "copro.parcel"
    _inherit = "copro.dossier.mixin"
    _description = "Cadastral parcel"
    _order = "condominium_id, id"
    _rec_name = "number"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="condominium_id.company_id", store=True, index=True)
    insee_code = declared(
        fields.Char, "parcelles_code_insee", string="Town (INSEE code)", required=True
    )
    prefix = declared(
        fields.Char, "parcelles_prefixe", string="Prefix", required=True, default="000"
    )
    section = declared(fields.Char, "parcelles_section", string="Section", required=True)
    number = declared(fields.Char, "parcelles_numero", string="Parcel", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._padded(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._padded(vals))

    @api.model
    def _padded(self, vals):
        """People type "ab" and "12"; the cadastre writes "AB" and "0012"."""
        widths = {"insee_code": 5, "prefix": 3, "section": 2, "number": 4}
        padded = {
            name: str(vals[name]).strip().upper().zfill(width)
            for name, width in widths.items()
            if vals.get(name)
        }
        return {**vals, **padded}

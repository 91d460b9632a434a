from odoo import api, fields, models

from ...fields import OptionalInteger, declared


class CoproBuilding(models.Model):
    """A building, as declared from 21 February 2027 (décret 2025-831)."""

    _name = "copro.building"
    _inherit = "copro.dossier.mixin"
    _description = "Building"
    _order = "condominium_id, sequence, id"
    _import_key = ("name",)

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, help="For your own use, for example: Bâtiment A")
    floor_count = declared(OptionalInteger, "batiment_nb_etages", string="Floors")
    energy_class = declared(fields.Selection, "batiment_classe_energie", string="Energy label")
    has_ventilation = declared(
        fields.Selection,
        "batiment_presence_ventilation",
        string="Ventilation",
    )
    ventilation_type = declared(
        fields.Char, "batiment_type_ventilation", string="Kind of ventilation"
    )
    rnb_identifier = declared(fields.Char, "batiment_id_rnb", string="RNB identifier")

    @api.model
    def _import_columns(self):
        return ["name", *super()._import_columns()]

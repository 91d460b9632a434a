from odoo import api, fields, models

from ...rnc.items import all_items
from .copro_condominium_findings import NOWHERE


class CoproCondominium(models.Model):
    """Why the last upload did not succeed, and where the form corrects it."""

    _inherit = "copro.condominium"

    refusals = fields.Json(
        string="Reasons of the refusal",
        compute="_compute_refusals",
        help="Each reason leads to the field to correct.",
    )

    @api.depends("transmission_id.state", "transmission_id.refusals", "transmission_id.message")
    @api.depends_context("lang")
    def _compute_refusals(self):
        for condominium in self:
            last = condominium.transmission_id
            if last.state == "rejected":
                condominium.refusals = [
                    {"message": told, **condominium._place_of_refusal(refusal.item)}
                    for refusal, told in last.sudo()._reasons()
                ]
            elif last.state == "failed":
                condominium.refusals = [{"message": last.message or "", **NOWHERE}]
            else:
                condominium.refusals = []

    def _place_of_refusal(self, code):
        """As for a finding; nowhere when the registry names no item of the catalogue."""
        known = {described.code for described in all_items()}
        return self._place_of(code, None) if code in known else NOWHERE

from odoo import api, fields, models

from ..registry.codec import Refusal
from ..registry.items import all_items
from .copro_condominium_findings import PAGES

NOWHERE = {"page": False, "field": False, "model": False, "line": False, "column": False}


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
                account = condominium.company_id.sudo().copro_account_id
                found = [Refusal(**one) for one in last.sudo().refusals or []]
                condominium.refusals = [
                    {"message": account._told(one), **condominium._place_of_refusal(one.item)}
                    for one in found
                ]
            elif last.state == "failed":
                condominium.refusals = [{"message": last.message or "", **NOWHERE}]
            else:
                condominium.refusals = []

    def _place_of_refusal(self, code):
        """As for a finding; nowhere when the registry names no item of the catalogue."""
        known = {described.code: described for described in all_items()}
        if code not in known:
            return NOWHERE
        group = known[code].group
        return {"page": PAGES.get(group, group), **self._place_of(code, None)}

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..declared import declared


class CoproMandate(models.Model):
    """One line per mandate of the legal representative; they never overlap."""

    _name = "copro.mandate"
    _inherit = "copro.dossier.mixin"
    _description = "Mandate"
    _order = "start_date desc, id desc"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="condominium_id.company_id", store=True, index=True)
    capacity = declared(
        fields.Selection,
        "cadre_intervention",
        required=True,
        default="mandat_syndic",
    )
    start_date = declared(fields.Date, "date_debut_mandat", string="Start")
    end_date = declared(fields.Date, "date_fin_mandat", string="End")
    meeting_date = fields.Date(
        string="Voted on", help="Date of the general meeting that voted the mandate"
    )
    is_provisional = declared(fields.Boolean, "syndic_provisoire", string="Provisional syndic")
    declared_on = fields.Date(
        string="Known to the registry since",
        copy=False,
        help="Set by the upload that declares it. Enter it for a mandate declared on the "
        "registry's site.",
    )

    @api.depends("start_date", "end_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for mandate in self:
            dates = [mandate.start_date, mandate.end_date]
            shown = [format_date(self.env, day) for day in dates if day]
            mandate.display_name = " – ".join(shown) or self.env._("Mandate")

    @api.constrains("start_date", "end_date", "condominium_id")
    def _check_overlap(self):
        for mandate in self.filtered(lambda m: m.start_date and m.end_date):
            others = mandate.condominium_id.mandate_ids - mandate
            for other in others.filtered(lambda m: m.start_date and m.end_date):
                if mandate.start_date <= other.end_date and other.start_date <= mandate.end_date:
                    raise ValidationError(
                        self.env._(
                            "Two mandates overlap: from %(start)s to %(end)s, and from "
                            "%(other_start)s to %(other_end)s.",
                            start=format_date(self.env, mandate.start_date),
                            end=format_date(self.env, mandate.end_date),
                            other_start=format_date(self.env, other.start_date),
                            other_end=format_date(self.env, other.end_date),
                        )
                    )

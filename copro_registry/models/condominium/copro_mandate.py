from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...fields import RegistryDate, declared

LONGEST = relativedelta(years=3)  # décret 67-223, article 28


class CoproMandate(models.Model):
    """One line per mandate of the legal representative; they never overlap."""

    _name = "copro.mandate"
    _inherit = "copro.dossier.mixin"
    _description = "Mandate"
    _order = "start_date desc, id desc"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    capacity = declared(
        fields.Selection,
        "cadre_intervention",
        required=True,
        default="mandat_syndic",
    )
    start_date = declared(RegistryDate, "date_debut_mandat", string="Start")
    end_date = declared(RegistryDate, "date_fin_mandat", string="End")
    meeting_date = declared(RegistryDate, "date_ag_mandat", string="Voted on")
    is_provisional = declared(fields.Boolean, "syndic_provisoire", string="Provisional syndic")
    is_by_law = declared(fields.Boolean, "syndic_de_droit", string="Syndic by law")
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

    @api.constrains("start_date", "end_date", "capacity", "is_by_law")
    def _check_dates(self):
        for mandate in self.filtered(lambda m: m.start_date and m.end_date):
            if mandate.end_date <= mandate.start_date:
                raise ValidationError(
                    self.env._(
                        "The mandate ends (%(end)s) before it starts (%(start)s): "
                        "check both dates.",
                        **mandate._dates_shown(),
                    )
                )
            by_vote = mandate.capacity == "mandat_syndic" and not mandate.is_by_law
            if by_vote and mandate.end_date > mandate.start_date + LONGEST:
                raise ValidationError(
                    self.env._(
                        "From %(start)s to %(end)s: a mandate cannot last more than three years "
                        "(décret 67-223, article 28).",
                        **mandate._dates_shown(),
                    )
                )

    @api.constrains("start_date", "end_date", "condominium_id")
    def _check_overlap(self):
        for mandate in self.filtered("start_date"):
            for other in mandate.condominium_id.mandate_ids - mandate:
                if mandate._overlaps(other):
                    raise ValidationError(
                        self.env._(
                            "Two mandates overlap: from %(start)s to %(end)s, and from "
                            "%(other_start)s to %(other_end)s. Correct their dates.",
                            **mandate._dates_shown(),
                            **other._dates_shown("other_"),
                        )
                    )

    def _overlaps(self, other):
        """A mandate without an end lasts until the next one starts."""
        if not self.start_date or not other.start_date:
            return False
        first, second = sorted((self, other), key=lambda mandate: mandate.start_date)
        if first.start_date == second.start_date:
            return True
        return bool(first.end_date) and second.start_date <= first.end_date

    def _dates_shown(self, prefix=""):
        return {
            f"{prefix}start": format_date(self.env, self.start_date) or "…",
            f"{prefix}end": format_date(self.env, self.end_date) or "…",
        }

    @api.model_create_multi
    def create(self, vals_list):
        mandates = super().create(vals_list)
        mandates.condominium_id._settle_duties()
        return mandates

    def write(self, vals):
        self.check_access("write")
        self._check_stays(vals)
        result = super().write(vals)
        self.condominium_id._settle_duties()
        return result

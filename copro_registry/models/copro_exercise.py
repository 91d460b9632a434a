from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..declared import OptionalAmount, OptionalInteger, declared


class CoproExercise(models.Model):
    """An accounting exercise: draft, then approved by the meeting, then declared.

    The figures of a declared exercise are frozen: the registry has them.
    """

    _name = "copro.exercise"
    _inherit = "copro.dossier.mixin"
    _description = "Accounting exercise"
    _order = "end_date desc, id desc"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="condominium_id.company_id", store=True, index=True)
    is_first = declared(fields.Boolean, "premier_exercice")
    start_date = declared(fields.Date, "date_debut_exercice", string="Start")
    end_date = declared(fields.Date, "date_fin_exercice", string="End")
    meeting_date = declared(fields.Date, "date_ag_approbation", string="Approved on")
    current_charges = declared(OptionalAmount, "charges_operations_courantes")
    works_charges = declared(OptionalAmount, "charges_travaux_exceptionnels")
    supplier_debts = declared(OptionalAmount, "dettes_fournisseurs")
    unpaid_amount = declared(OptionalAmount, "impayes")
    debtor_count = declared(OptionalInteger, "nb_coproprietaires_debiteurs")
    works_fund = declared(OptionalAmount, "fonds_travaux")
    has_staff = declared(fields.Boolean, "presence_personnel")
    is_simplified = declared(fields.Boolean, "comptabilite_simplifiee")
    declared_on = fields.Date(readonly=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("declared", "Declared")],
        compute="_compute_state",
        store=True,
    )

    @api.depends("start_date", "end_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for exercise in self:
            dates = [exercise.start_date, exercise.end_date]
            shown = [format_date(self.env, day) for day in dates if day]
            exercise.display_name = " – ".join(shown) or self.env._("Exercise")

    @api.depends("declared_on", "meeting_date", "is_first")
    def _compute_state(self):
        for exercise in self:
            if exercise.declared_on:
                exercise.state = "declared"
            elif exercise.meeting_date or exercise.is_first:
                exercise.state = "approved"
            else:
                exercise.state = "draft"

    def write(self, vals):
        if not self._declared_fields().keys() & vals.keys():
            return super().write(vals)
        declared = self.filtered(lambda exercise: exercise.state == "declared")
        # Of a first exercise the registry has the dates only: its figures are due
        # once it is closed and approved.
        first = declared.filtered("is_first")
        if declared - first:
            raise UserError(
                self.env._(
                    "This exercise has been declared to the registry: its figures can "
                    "no longer be changed."
                )
            )
        super(CoproExercise, first).write({"declared_on": False})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_declared(self):
        if any(exercise.state == "declared" for exercise in self):
            raise UserError(self.env._("An exercise declared to the registry cannot be deleted."))

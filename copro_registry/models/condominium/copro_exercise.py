from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...fields import OptionalAmount, OptionalInteger, RegistryDate, declared
from ...rnc.rules import plausibility
from ...rnc.rules.values import Values
from ...tools.today import today
from ...tools.upload_states import OPEN_STATES


class CoproExercise(models.Model):
    """An accounting exercise: draft, then approved by the meeting, then declared.

    ::

        draft ── date of the meeting ──► approved ── upload recorded ──► declared
                 (or first exercise)

    The state follows from these facts and is not set by hand. The figures of a declared
    exercise are frozen, since the registry has them; and those of one that is leaving.
    """

    _name = "copro.exercise"
    _inherit = "copro.dossier.mixin"
    _description = "Accounting exercise"
    _order = "end_date desc, id desc"

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    is_first = declared(fields.Boolean, "premier_exercice", string="First exercise")
    start_date = declared(RegistryDate, "date_debut_exercice", string="Start")
    end_date = declared(RegistryDate, "date_fin_exercice", string="End")
    meeting_date = declared(RegistryDate, "date_ag_approbation", string="Approved on")
    current_charges = declared(OptionalAmount, "charges_operations_courantes")
    works_charges = declared(OptionalAmount, "charges_travaux_exceptionnels")
    supplier_debts = declared(OptionalAmount, "dettes_fournisseurs")
    unpaid_amount = declared(OptionalAmount, "impayes")
    debtor_count = declared(OptionalInteger, "nb_coproprietaires_debiteurs")
    works_fund = declared(OptionalAmount, "fonds_travaux")
    has_staff = declared(fields.Boolean, "presence_personnel", string="Staff employed")
    is_simplified = declared(fields.Boolean, "comptabilite_simplifiee")
    budget_amount = declared(OptionalAmount, "montant_budget_previsionnel")
    works_provisions = declared(OptionalAmount, "provisions_travaux")
    has_jump = fields.Boolean(compute="_compute_has_jump")
    is_checked = fields.Boolean(
        string="Amounts checked",
        copy=False,
        help="The amounts are right although they are fifty times those of the exercise before.",
    )
    declared_on = fields.Date(readonly=True, protected=True, copy=False)
    state = fields.Selection(
        [("draft", "Draft"), ("approved", "Approved"), ("declared", "Declared")],
        compute="_compute_state",
        store=True,
        protected=True,
    )

    debtor_label = fields.Char(
        string="Debtors to count",
        compute="_compute_debtor_label",
    )

    @api.depends("start_date", "end_date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for exercise in self:
            dates = [exercise.start_date, exercise.end_date]
            shown = [format_date(self.env, day) for day in dates if day]
            exercise.display_name = " – ".join(shown) or self.env._("Exercise")

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """What the registry has is shown, and changed no more: see ``_thaw``."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            declared_fields = self._declared_fields()
            for field in arch.iter("field"):
                if field.get("name") in declared_fields:
                    field.set("readonly", "state == 'declared' and not is_first")
        return arch, view

    @api.depends("declared_on", "meeting_date", "is_first")
    def _compute_state(self):
        for exercise in self:
            if exercise.declared_on:
                exercise.state = "declared"
            elif exercise.meeting_date or exercise.is_first:
                exercise.state = "approved"
            else:
                exercise.state = "draft"

    @api.depends(lambda self: list(self._declared_fields()))
    def _compute_has_jump(self):
        for exercise in self:
            previous = exercise._previous()
            now, before = (_amounts(one) for one in (exercise, previous))
            exercise.has_jump = bool(previous and plausibility.jumps(now, before))

    @api.depends("declared_on", "end_date", "company_id")
    @api.depends_context("lang")
    def _compute_debtor_label(self):
        """The registry's question changed on 21 February 2027: what is asked of this one."""
        for exercise in self:
            account = exercise.company_id.sudo().copro_account_id
            service = account._shown_profile().services["WS2_ANNUAL"]
            dossier = {"date_fin_exercice": exercise.end_date or None}
            known = service.catalogue(dossier, exercise.declared_on or today())
            code = self._declared_fields()["debtor_count"]
            exercise.debtor_label = exercise.condominium_id._label_of(known[code])

    def _dossier_parts(self):
        parts = super()._dossier_parts()
        previous = {exercise: exercise._previous() for exercise in self}
        before = super(CoproExercise, self.union(*previous.values()))._dossier_parts()
        for exercise, earlier in previous.items():
            figures = _figures(before[earlier.id]) if earlier else None
            if figures is not None and exercise.is_checked:
                figures[plausibility.CHECKED] = True
            parts[exercise.id]["exercice_precedent"] = figures
        return parts

    def _previous(self):
        """The exercise before this one."""
        siblings = self.condominium_id.exercise_ids
        if not self.end_date or len(siblings) < 2:
            return self.browse()
        earlier = siblings.filtered(lambda e: e.end_date and e.end_date < self.end_date)
        return earlier.sorted("end_date")[-1:]

    def write(self, vals):
        self.check_access("write")
        if self._would_change(vals):
            self._thaw()
            vals = {"is_checked": False, **vals}
        self._check_stays(vals)
        result = super().write(vals)
        self.condominium_id._settle_duties()
        return result

    def _thaw(self):
        """Refuse to change what the registry has, or is receiving.

        Of a first exercise the registry has the dates only: its figures are due once it
        is closed and approved.
        """
        declared = self.filtered(lambda exercise: exercise.state == "declared")
        if declared.filtered(lambda exercise: not exercise.is_first):
            raise UserError(
                self.env._(
                    "This exercise has been declared to the registry: its figures can "
                    "no longer be changed."
                )
            )
        if self._is_leaving():
            raise UserError(
                self.env._(
                    "This exercise is being uploaded: its figures can be changed once the "
                    "registry has answered."
                )
            )
        declared.sudo().write({"declared_on": False})

    def _is_proof(self):
        uploads = self.env["copro.transmission"].sudo()
        return self.state == "declared" or uploads.search_count(
            [("exercise_id", "=", self.id)], limit=1
        )

    def _is_leaving(self):
        domain = [("exercise_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        return bool(self.env["copro.transmission"].sudo().search_count(domain, limit=1))

    @api.constrains("start_date", "end_date")
    def _check_dates(self):
        """An exercise whose dates are reversed would never be the last one, and never be sent."""
        for exercise in self:
            if (
                exercise.start_date
                and exercise.end_date
                and exercise.end_date < exercise.start_date
            ):
                raise ValidationError(
                    self.env._(
                        "The exercise ends on %(end)s, before it starts on %(start)s: check "
                        "its dates.",
                        start=format_date(self.env, exercise.start_date),
                        end=format_date(self.env, exercise.end_date),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_declared(self):
        if any(exercise.state == "declared" for exercise in self):
            raise UserError(self.env._("An exercise declared to the registry cannot be deleted."))
        uploads = self.env["copro.transmission"].sudo()
        if uploads.search_count([("exercise_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "An exercise that was uploaded is not deleted: the upload is its proof. "
                    "Correct its figures instead, once the registry has answered."
                )
            )


def _amounts(exercise):
    part = super(CoproExercise, exercise)._dossier_parts()
    return Values(_figures(part[exercise.id]) if exercise else {})


def _figures(part):
    return {code: value for code, value in part.items() if isinstance(value, Decimal)}

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...fields import OptionalAmount, OptionalInteger, RegistryDate, declared
from ...rnc.rules import plausibility
from ...rnc.rules.values import Values
from ...rnc.states import OPEN_STATES
from ...rnc.today import today
from .copro_fiscal_year_dates import DECLARED


class CoproFiscalYear(models.Model):
    """An accounting fiscal year: draft, then approved by the meeting, then declared.

    ::

        draft ── date of the meeting ──► approved ── upload accepted ──► declared ◄──► correcting
                 (or first fiscal year)

    The state follows from these facts and is not set by hand. The figures of a declared
    fiscal year are frozen, since the registry has them; and those of one that is being uploaded.
    A declared one is corrected in sight of everybody: see `copro.fiscal.year.correctable`.
    """

    _name = "copro.fiscal.year"
    _inherit = [
        "copro.fiscal.year.correctable",
        "copro.fiscal.year.dates",
        "copro.dossier.mixin",
        "copro.import.template",
    ]
    _description = "Accounting fiscal year"
    _order = "end_date desc, id desc"
    _import_key = ("end_date",)

    condominium_id = fields.Many2one(
        "copro.condominium", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="condominium_id.company_id", store=True, protected=True, index=True
    )
    is_first = declared(fields.Boolean, "premier_exercice", string="First fiscal year")
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
        help="The amounts are right although they are fifty times those of the fiscal year before.",
    )
    declared_on = fields.Date(readonly=True, protected=True, copy=False)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "To declare"),
            ("declared", "Declared"),
            ("correcting", "Being corrected"),
        ],
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
        for fiscal_year in self:
            dates = [fiscal_year.start_date, fiscal_year.end_date]
            days = [format_date(self.env, day) for day in dates if day]
            fiscal_year.display_name = " – ".join(days) or self.env._("Fiscal year")

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """What the registry has is shown, and changed no more: see ``_reopen``."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form":
            declared_fields = self._declared_fields()
            for field in arch.iter("field"):
                if field.get("name") in declared_fields:
                    field.set("readonly", "state == 'declared' and not is_first")
        return arch, view

    @api.model
    def default_get(self, names):
        """With the dates of the next one, where the condominium is known and says them."""
        values = super().default_get(names)
        condominium = self.browse()._condominium_of_line(values.get("condominium_id"))
        for name, value in self._proposed_dates(condominium).items():
            if name in names:
                values.setdefault(name, value)
        return values

    @api.depends("declared_on", "meeting_date", "is_first", "correction_ids.state")
    def _compute_state(self):
        for fiscal_year in self:
            if fiscal_year.declared_on:
                is_open = "open" in fiscal_year.correction_ids.mapped("state")
                fiscal_year.state = "correcting" if is_open else "declared"
            elif fiscal_year.meeting_date or fiscal_year.is_first:
                fiscal_year.state = "approved"
            else:
                fiscal_year.state = "draft"

    @api.depends(lambda self: list(self._declared_fields()))
    def _compute_has_jump(self):
        for fiscal_year in self:
            previous = fiscal_year._previous()
            parts = (fiscal_year | previous)._own_parts()
            now, before = (Values(parts.get(one.id, {})) for one in (fiscal_year, previous))
            fiscal_year.has_jump = bool(previous and plausibility.jumps(now, before))

    @api.depends("declared_on", "end_date", "company_id")
    @api.depends_context("lang")
    def _compute_debtor_label(self):
        """The registry's question changed on 21 February 2027: what is asked of this one."""
        for fiscal_year in self:
            account = fiscal_year.company_id.sudo().copro_account_id
            service = account._contract_or_default().services["WS2_ANNUAL"]
            dossier = {"date_fin_exercice": fiscal_year.end_date or None}
            known = service.catalogue(dossier, fiscal_year.declared_on or today())
            code = self._declared_fields()["debtor_count"]
            fiscal_year.debtor_label = fiscal_year.condominium_id._label_of(known[code])

    def _dossier_parts(self):
        """With the figures of the fiscal year before."""
        parts = self._own_parts()
        previous = {fiscal_year: fiscal_year._previous() for fiscal_year in self}
        before = self.union(*previous.values())._own_parts()
        for fiscal_year, earlier in previous.items():
            figures = fiscal_year._figures_to_compare(before.get(earlier.id))
            parts[fiscal_year.id]["exercice_precedent"] = figures
        return parts

    def _figures_to_compare(self, part):
        """{item code: amount} of ``part``, that of the fiscal year before; None without one."""
        if part is None:
            return None
        figures = {code: value for code, value in part.items() if isinstance(value, Decimal)}
        if self.is_checked:
            figures[plausibility.CHECKED] = True
        return figures

    def _previous(self):
        """The fiscal year before this one."""
        siblings = self.condominium_id.fiscal_year_ids
        if not self.end_date or len(siblings) < 2:
            return self.browse()
        entered = siblings.filtered(lambda e: not e._is_only_supposed())
        earlier = entered.filtered(lambda e: e.end_date and e.end_date < self.end_date)
        return earlier.sorted("end_date")[-1:]

    def write(self, vals):
        self.check_access("write")
        if self._would_change(vals):
            self._reopen()
            vals = {"is_checked": False, "dates_supposed": False, **vals}
        self._check_stays(vals)
        result = super().write(vals)
        self.condominium_id._close_done_activities()
        return result

    def _would_change(self, vals):
        """Whether writing ``vals`` changes what is declared."""
        vals = self._normalised(vals)
        for name in self._declared_fields().keys() & vals.keys():
            field = self._fields[name]
            for record in self:
                held = field.convert_to_cache(record[name], record)
                if field.convert_to_cache(vals[name], record) != held:
                    return True
        return False

    def _reopen(self):
        """What is to be changed is no longer declared.

        Raises UserError for what the registry has, or is receiving.

        Of a first fiscal year the registry has the dates only: its figures are due once it
        is closed and approved.
        """
        declared = self.filtered(lambda fiscal_year: fiscal_year.state == "declared")
        if declared.filtered(lambda fiscal_year: not fiscal_year.is_first):
            raise UserError(
                self.env._(
                    "This fiscal year has been declared to the registry: its figures can "
                    "no longer be changed. If one is wrong, choose “Correct the declaration” on "
                    "this fiscal year."
                )
            )
        if self._has_open_upload():
            raise UserError(
                self.env._(
                    "This fiscal year is being uploaded: its figures can be changed once the "
                    "registry has answered."
                )
            )
        declared.sudo().write({"declared_on": False})

    def _is_proof(self):
        uploads = self.env["copro.transmission"].sudo()
        return self.state in DECLARED or uploads.search_count(
            [("fiscal_year_id", "=", self.id)], limit=1
        )

    def _has_open_upload(self):
        domain = [("fiscal_year_id", "in", self.ids), ("state", "in", OPEN_STATES)]
        return bool(self.env["copro.transmission"].sudo().search_count(domain, limit=1))

    @api.constrains("start_date", "end_date")
    def _check_dates(self):
        """A fiscal year whose dates are reversed would never be the last one, and never be sent."""
        for fiscal_year in self:
            if (
                fiscal_year.start_date
                and fiscal_year.end_date
                and fiscal_year.end_date < fiscal_year.start_date
            ):
                raise ValidationError(
                    self.env._(
                        "The fiscal year ends on %(end)s, before it starts on %(start)s: check "
                        "its dates.",
                        start=format_date(self.env, fiscal_year.start_date),
                        end=format_date(self.env, fiscal_year.end_date),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_declared(self):
        if self.filtered(lambda one: one.state in DECLARED or one.sudo().correction_ids):
            raise UserError(self.env._("A fiscal year declared to the registry cannot be deleted."))
        uploads = self.env["copro.transmission"].sudo()
        if uploads.search_count([("fiscal_year_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "A fiscal year that was uploaded is not deleted: the upload is its proof. "
                    "Correct its figures instead, once the registry has answered."
                )
            )

    @api.model
    def _import_title(self):
        return self.env._("Fiscal years")

    @api.model
    def _import_columns(self):
        return ["condominium_id", *super()._import_columns()]

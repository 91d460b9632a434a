from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...rnc.client import REJECTED
from ...rnc.contract import CALLER
from ...rnc.moments import naive_utc
from ...rnc.states import OPEN_STATES
from ...rnc.today import today
from ...tools.in_parts import attempt
from ..comparison.copro_comparison import ACTIVITY, AT_ONCE
from .copro_condominium_dossier import LISTS


class CoproCondominiumComparison(models.AbstractModel):
    """What the registry holds, brought back into our records (WS3)."""

    _name = "copro.condominium.comparison"
    _inherit = "copro.dossier.mixin"
    _description = "Comparison of a condominium"

    difference_count = fields.Integer(
        string="Differences with the registry",
        readonly=True,
        protected=True,
        copy=False,
        help="Found by the last download, and not settled yet.",
    )
    compared_on = fields.Date(string="Compared on", compute="_compute_compared_on")

    @api.depends("comparison_ids.fetched_at")
    @api.depends_context("tz")
    def _compute_compared_on(self):
        """The day of the last download; False before the first one."""
        for condominium in self:
            moment = condominium.comparison_ids[:1].fetched_at
            condominium.compared_on = moment and fields.Datetime.context_timestamp(
                condominium, moment
            )

    def action_compare(self):
        """Download the registry's data of these, and show what differs.

        A few are downloaded at once; a portfolio by the scheduled action.
        """
        self.check_access("write")
        numbered = self.filtered("registration_number")
        if not numbered:
            raise UserError(
                self.env._(
                    "Only a registered condominium has data at the registry: register it first."
                )
            )
        numbered._check_account_usable()
        if len(numbered) > AT_ONCE:
            return self._open_comparisons(numbered._compare_later())
        comparisons = self.env["copro.comparison"]
        # Every call before the first write: nobody's save waits for the registry.
        downloaded = comparisons._download(numbered)
        comparisons = comparisons._of(numbered)
        for comparison in comparisons:
            comparison._record_or_wait(downloaded[comparison.condominium_id])
        return self._account_refused(downloaded) or self._open_comparisons(comparisons)

    def _compare_later(self):
        comparisons = self.env["copro.comparison"]._of(self)
        comparisons.state = "waiting"
        self.env.ref("copro_registry.ir_cron_compare")._trigger()
        return comparisons

    def _account_refused(self, downloaded):
        """A notification when the registry refuses the account: nothing was compared."""
        refused = [
            condominium._account()._why_not_let_in(outcome)
            for condominium, outcome in downloaded.items()
            if outcome.kind == REJECTED and outcome.concerns == CALLER
        ]
        self._account()._notify_hold()
        title = self.env._("Nothing was compared")
        return refused and self._notify("warning", title, "\n".join(dict.fromkeys(refused)))

    def _open_comparisons(self, comparisons):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "copro_registry.copro_comparison_action"
        )
        if len(comparisons) == 1:
            return {**action, "res_id": comparisons.id, "views": [(False, "form")]}
        return {**action, "domain": [("id", "in", comparisons.ids)], "context": {}}

    # -- what a download changes ----------------------------------------------------

    def _downloaded(self, theirs):
        """The registry has answered: our account represents the condominium."""
        values = {
            "registration_date": theirs.get("date_immatriculation"),
            "last_update": naive_utc(theirs.get("date_derniere_maj")),
        }
        if self._is_found_affiliated():
            values["affiliation_state"] = "affiliated"
        self.sudo().write({name: value for name, value in values.items() if value})

    def _is_found_affiliated(self):
        """Whether a download is the first to say that our account represents it.

        A request made on the registry's site has no upload here that would be answered; one
        of ours is settled by its own answer.
        """
        if self.affiliation_state == "requested":
            open_uploads = self.sudo().transmission_ids.filtered(lambda t: t.state in OPEN_STATES)
            return "WS4" not in open_uploads.mapped("service")
        return self.affiliation_state in (False, "unaffiliated")

    def _not_downloaded(self, meanings):
        if "NOT_ATTACHED" in meanings:
            self.sudo().affiliation_state = "unaffiliated"
        elif "REQUEST_PENDING" in meanings:
            self.sudo().affiliation_state = "requested"

    def _compared(self, comparison):
        """After a download, and after each line that is settled."""
        if self._count_differences(comparison):
            return
        if not comparison.line_ids.filtered(lambda line: line.state == "kept"):
            # Nothing differs: there is nothing to send either.
            on = today()
            self.sudo().declared_digest = self._standard_digest(on, self._dossier(on))

    def _count_differences(self, comparison):
        """How many are left; the activity is closed by the last one."""
        count = comparison.difference_count
        self.sudo().difference_count = count
        if not count:
            attempt(self, lambda one: one.activity_feedback([ACTIVITY]))
        return count

    def _words_of_differences(self, person):
        """{summary} of an activity."""
        speaking = self.with_context(lang=person.lang or self.env.lang)
        count = self.difference_count
        return {"summary": speaking.env._("Differences with the registry: %(count)s", count=count)}

    # -- taking -------------------------------------------------------------------

    def _holds(self, code):
        """Whether one of our records has a field for an item."""
        if code in LISTS:
            return True
        return bool(self._fields_of(code))

    def _needs(self, code):
        """Whether a field for an item is never empty."""
        return any(field.required for field in self._fields_of(code))

    def _fields_of(self, code):
        models_ = ("copro.condominium", "copro.mandate", "copro.fiscal.year")
        return [
            self.env[model]._fields[name]
            for model in models_
            for name, held in self.env[model]._declared_fields().items()
            if held == code
        ]

    def _take(self, items):
        """Write {item code: the registry's value} where our records hold it."""
        self.ensure_one()
        self.write({**self._values_of(items), **self._values_of_lists(items)})
        self._take_mandate(self.env["copro.mandate"]._values_of(items))
        self._take_fiscal_year(items)

    def _values_of_lists(self, items):
        taken = {}
        for code, name in LISTS.items():
            if code in items:
                model = self.env[self._fields[name].comodel_name]
                lines = [
                    Command.create(self._line_values(model, rank, one))
                    for rank, one in enumerate(items[code] or [], 1)
                ]
                taken[name] = [Command.clear(), *lines]
        return taken

    def _line_values(self, model, rank, value):
        if not isinstance(value, dict):
            return {"line": value}
        named = {"name": str(rank)} if "name" in model._fields else {}
        return {**named, **model._values_of(value)}

    def _take_mandate(self, values):
        if not values:
            return
        mandate = self._last_known_mandate()
        if mandate:
            mandate.write(values)
        else:
            known = {"condominium_id": self.id, "declared_on": today()}
            self.env["copro.mandate"].create({**known, **values})

    def _take_fiscal_year(self, items):
        """Into the fiscal year that ends on that day: the registry's last one."""
        fiscal_years = self.env["copro.fiscal.year"]
        values = fiscal_years._values_of(items)
        if not values:
            return
        end = values.get("end_date") or self.fiscal_year_id.end_date
        same = self.fiscal_year_ids.filtered(lambda year: year.end_date == end)[:1].sudo()
        known_since = same.declared_on or today()
        before = same.declared_on and same._figures()
        if same:
            same.declared_on = False  # what the registry says is not frozen against it
            same.write(values)
        else:
            same = fiscal_years.create({"condominium_id": self.id, **values}).sudo()
        same.declared_on = known_since
        same._note_taken(before)

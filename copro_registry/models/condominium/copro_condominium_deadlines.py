from datetime import date

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...rnc import deadlines
from ...rnc.deadlines import KINDS, LATE_AFTER
from ...rnc.deadlines.duty import ANNUAL, LATE, RENEWAL, SUCCESSOR
from ...rnc.states import REFUSED
from ...rnc.today import today
from ...tools.sentences import sentence

SITUATIONS = [
    ("late", "Late"),
    ("soon", "To do"),
    ("in_order", "In order"),
    ("unknown", "Cannot tell"),
]


class CoproCondominiumDeadlines(models.AbstractModel):
    """What the law asks, from the calendar; a reminder of each, closed by the act: see the duties.

    It is found once, and kept: the form, the card, the list, the desk and the weekly e-mail
    read the same ``stored_duties``, so that they say the same. What time changes is found
    again on ``review_date``.
    """

    _name = "copro.condominium.deadlines"
    _inherit = "copro.protected.mixin"
    _description = "Deadlines of a condominium"

    annual_deadline = fields.Date(
        string="Annual update before",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        help="Two months after the general meeting that approved the accounts (CCH R711-10).",
    )
    mandate_end = fields.Date(
        string="End of the mandate",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        help="End of the present mandate, or of its declared renewal: three years at most each "
        "(décret 67-223, article 28).",
    )
    renewal_deadline = fields.Date(
        string="Renewal to declare before",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        help="One month after the end of the previous mandate (CCH R711-7).",
    )
    successor_deadline = fields.Date(
        string="Successor to declare before",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        help="One month after the end of the mandate, when it is not renewed (CCH R711-4).",
    )
    next_deadline = fields.Date(
        string="Next deadline", compute="_compute_deadlines", store=True, protected=True, index=True
    )
    deadline_state = fields.Selection(
        SITUATIONS,
        string="Situation",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        index=True,
        help="In order: all that the law asks to date is declared, and nothing is refused. To do: "
        "within thirty days, or without a date in the law. Cannot tell: something is to be filled "
        "in to know.",
    )
    stored_duties = fields.Json(
        compute="_compute_deadlines", store=True, protected=True, export_string_translation=False
    )  # the most urgent first: code and dates, in no language
    next_act = fields.Char(string="What is due", compute="_compute_next_act")
    next_delay = fields.Char(string="When", compute="_compute_next_act")
    deadline_label = fields.Char(string="In the calendar", compute="_compute_deadline_label")
    duties = fields.Json(string="All that is due", compute="_compute_duties")
    notified_deadlines = fields.Json(
        copy=False, readonly=True, protected=True, export_string_translation=False
    )  # keys of those that somebody was given

    @api.constrains("closing_day")
    def _check_closing_day(self):
        for condominium in self.filtered("closing_day"):
            if not deadlines.read_closing_day(condominium.closing_day):
                raise ValidationError(
                    self.env._(
                        "“%(written)s” is not a day of the year: enter the day and the month "
                        "on which the fiscal years close, such as 31/12.",
                        written=condominium.closing_day,
                    )
                )

    @api.depends(lambda self: self._deadline_triggers())
    def _compute_deadlines(self):
        now = today()
        for condominium in self:
            facts = condominium._facts()
            found = deadlines.duties(facts, now)
            condominium.annual_deadline = condominium._first_due(found, ANNUAL)
            condominium.mandate_end = condominium._end_of_mandate(facts.mandates, now)
            condominium.renewal_deadline = condominium._first_due(found, RENEWAL)
            condominium.successor_deadline = condominium._first_due(found, SUCCESSOR)
            condominium.next_deadline = found[0].due
            condominium.deadline_state = deadlines.state(found, now)
            condominium.stored_duties = [condominium._stored_duty(one, now) for one in found]

    @api.model
    def _deadline_triggers(self):
        own = ["active", "affiliation_state", "registration_number", "closing_day", "review_date"]
        own += ["bylaws_date", "main_lot_count", "housing_lot_count", "company_id"]
        own += ["dissolution_reason", "dissolution_date", "provisional_administration"]
        years = ["state", "start_date", "end_date", "meeting_date", "is_first", "dates_supposed"]
        mandates = ["start_date", "end_date", "declared_on", "is_by_law"]
        below = [f"fiscal_year_ids.{name}" for name in years]
        below += [f"mandate_ids.{name}" for name in mandates]
        return [*own, *below, "transmission_id", "transmission_ids.needs_person"]

    @api.model
    def _first_due(self, found, kind):
        return min((one.due for one in found if one.kind == kind), default=False)

    @api.model
    def _stored_duty(self, duty, now):
        """A duty as it is stored: code and dates, in no language."""
        return {
            "kind": duty.kind,
            "code": duty.code,
            "params": duty.params,
            "state": duty.state(now),
            "late_from": duty.late_from and duty.late_from.isoformat(),
            "supposed": duty.is_supposed,
        }

    # -- in words -------------------------------------------------------------------------

    @api.depends("stored_duties")
    @api.depends_context("lang")
    def _compute_next_act(self):
        """The most urgent, in words, and how long there is; the same on every screen."""
        for condominium in self:
            first = next(iter(condominium.stored_duties or ()), None)
            condominium.next_act = first and condominium._duty_sentence(first)
            condominium.next_delay = first and condominium._how_long(first)

    @api.depends("name", "next_act")
    def _compute_deadline_label(self):
        for condominium in self:
            parts = [condominium.next_act, condominium.name]
            condominium.deadline_label = " – ".join(part for part in parts if part)

    @api.depends("stored_duties")
    @api.depends_context("lang")
    def _compute_duties(self):
        """[{sentence, reasons, state, situation, delay}], as the form shows them."""
        names = dict(self._fields["deadline_state"]._description_selection(self.env))
        for condominium in self:
            condominium.duties = [
                {
                    "sentence": condominium._duty_sentence(one),
                    "reasons": condominium._duty_reasons(one),
                    "state": one["state"],
                    "situation": names[one["state"]],
                    "delay": condominium._how_long(one),
                }
                for one in condominium.stored_duties or ()
            ]

    def _duty_sentence(self, stored):
        return sentence(self.env, deadlines.MESSAGES, stored["code"], **stored["params"])

    def _duty_reasons(self, stored):
        """Why there is no sure date: sentences."""
        codes = [stored["code"]] if stored["code"] in deadlines.REASONS else []
        codes += ["SUPPOSED"] if stored["supposed"] else []
        return [sentence(self.env, deadlines.REASONS, code) for code in codes]

    def _how_long(self, stored):
        """How long there is until a stored duty is due, or since it is late; else an empty text."""
        if stored["state"] == LATE:
            return self._days_late((today() - date.fromisoformat(stored["late_from"])).days + 1)
        due = stored["params"].get("due")
        left = (date.fromisoformat(due) - today()).days if due else None
        return "" if left is None or left < 0 else self._days_left(left)

    @api.model
    def _days_late(self, count):
        if count == 1:
            return self.env._("1 day late")
        return self.env._("%(count)s days late", count=count)

    @api.model
    def _days_left(self, count):
        if count == 0:
            return self.env._("today")
        if count == 1:
            return self.env._("tomorrow")
        return self.env._("in %(count)s days", count=count)

    # -- what is known of it ----------------------------------------------------------------

    def _facts(self):
        """All that the calendar follows from, as the heart knows it."""
        account = self._account()
        upload = self.transmission_id.sudo()
        return deadlines.Facts(
            is_in_use=self._is_in_use(),
            is_registered=bool(self.registration_number),
            affiliation=self.affiliation_state or None,
            is_refused=upload.needs_person and upload.state in REFUSED,
            bylaws=self.bylaws_date or None,
            main_lots=self._counted("main_lot_count"),
            housing_lots=self._counted("housing_lot_count"),
            dissolution=self.dissolution_reason or None,
            dissolved_on=self.dissolution_date or None,
            years=tuple(year._as_known() for year in self.fiscal_year_ids),
            mandates=self._mandates(),
            is_by_law=self.mandate_id.is_by_law,
            closing_day=deadlines.read_closing_day(self.closing_day or None),
            late_after=account.accounts_late_after if account else LATE_AFTER,
            by_meeting=self.provisional_administration != "oui",
        )

    def _counted(self, name):
        """The value of an optional number; None where it was not entered, which is not 0."""
        return None if self[name] is False else self[name]

    def _mandates(self):
        """The mandates, as the heart knows them."""
        return tuple(
            deadlines.Mandate(m.start_date or None, m.end_date or None, bool(m.declared_on))
            for m in self.mandate_ids
        )

    def _end_of_mandate(self, mandates, now):
        """The last day of the present mandate, or of its declared renewals; or False."""
        last = deadlines.last_mandate(mandates, now)
        return last.end if last else self.mandate_id.end_date

    # -- what somebody is reminded of ---------------------------------------------------------

    def _reminders(self, now, facts=None):
        """The ``Duty`` of each kind that somebody is to have now: the first of its kind.

        Of several fiscal years that wait, one at a time is somebody's. ``facts``: those of
        the condominium, where they are known.
        """
        found = deadlines.duties(facts or self._facts(), now)
        opened = [one for one in found if one.is_open(now)]
        first = {one.kind: one for one in sorted(opened, key=lambda one: one.due, reverse=True)}
        return [first[kind] for kind in KINDS if kind in first]

    def _to_notify(self, reminders):
        """Those of ``reminders`` that nobody has been given yet."""
        notified = self.notified_deadlines or []
        return [duty for duty in reminders if duty.key not in notified]

    # -- the fiscal years that have closed ------------------------------------------------------

    def _prepare_fiscal_years(self):
        """Enter a line, with supposed dates, for each closed fiscal year that has none.

        What was supposed for days of one that somebody has entered since is taken away.
        """
        fiscal_years, now, values = self.env["copro.fiscal.year"].sudo(), today(), []
        for condominium in self:
            condominium.fiscal_year_ids._superseded().sudo().unlink()
            for year in deadlines.to_prepare(condominium._facts(), now):
                values.append({"condominium_id": condominium.id, **fiscal_years._supposed(year)})
        fiscal_years.create(values)

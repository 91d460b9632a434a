from odoo import api, fields, models
from odoo.tools import format_date

from ..registry import deadlines
from ..registry.deadlines import ANNUAL, MANDATE, RENEWAL, SUCCESSOR
from .in_parts import attempt, each_part
from .today import today

ACTIVITIES = {
    ANNUAL: "copro_registry.mail_activity_annual",
    MANDATE: "copro_registry.mail_activity_mandate",
    RENEWAL: "copro_registry.mail_activity_renewal",
    SUCCESSOR: "copro_registry.mail_activity_successor",
}
REVIEW_BATCH = 500
DUE = ("annual_deadline", "renewal_deadline", "successor_deadline", "mandate_end")


class CoproCondominium(models.Model):
    """Deadlines of the law, and a reminder for each: raised once, closed by the act."""

    _inherit = "copro.condominium"

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
        [
            ("late", "Late"),
            ("soon", "To do soon"),
            ("in_order", "In order"),
            ("unknown", "Cannot tell"),
        ],
        string="Deadlines",
        compute="_compute_deadlines",
        store=True,
        protected=True,
        index=True,
        help="Soon: within thirty days. Cannot tell: not registered, or no mandate is known.",
    )
    next_act = fields.Char(string="Next act", compute="_compute_next_act")
    deadlines_told = fields.Json(
        copy=False, readonly=True, protected=True, export_string_translation=False
    )  # keys of the reminders raised

    @api.depends(
        "registration_number",
        "exercise_ids.state",
        "exercise_ids.meeting_date",
        "exercise_ids.end_date",
        "exercise_ids.is_first",
        "mandate_ids.start_date",
        "mandate_ids.end_date",
        "mandate_ids.declared_on",
        "review_date",
    )
    def _compute_deadlines(self):
        now = today()
        for condominium in self:
            mandates = condominium._mandates()
            found = condominium._deadlines(now, mandates)
            due = {deadline.kind: deadline.due for deadline in found}
            condominium.annual_deadline = due.get(ANNUAL, False)
            condominium.mandate_end = condominium._end_of_mandate(mandates, now)
            condominium.renewal_deadline = due.get(RENEWAL, False)
            condominium.successor_deadline = due.get(SUCCESSOR, False)
            condominium.next_deadline = min(due.values(), default=False)
            condominium.deadline_state = condominium._deadline_state(found, now)

    @api.depends("next_deadline", "registration_number", *DUE)
    @api.depends_context("lang")
    def _compute_next_act(self):
        """What the next deadline is of, in words."""
        for condominium in self:
            condominium.next_act = condominium._next_act()

    def _next_act(self):
        day = self.next_deadline
        if day:
            name = next(name for name in DUE if self[name] == day)
            return self._acts(format_date(self.env, day))[name]
        if not self.registration_number:
            return self.env._("Not registered yet")
        if not self.mandate_end:
            return self.env._("No mandate is known")
        return self.env._("Nothing to declare")

    @api.model
    def _acts(self, day):
        return {
            "annual_deadline": self.env._("Annual update before %(day)s", day=day),
            "renewal_deadline": self.env._("Renewal to declare before %(day)s", day=day),
            "successor_deadline": self.env._("Successor to declare before %(day)s", day=day),
            "mandate_end": self.env._("Mandate until %(day)s", day=day),
        }

    def _deadline_state(self, found, now):
        if not self.registration_number or not self.mandate_id.end_date:
            return "unknown"
        return deadlines.state(found, now)

    def _deadlines(self, now, mandates=None):
        """What this condominium must declare, and until when."""
        if not self.registration_number:
            return []
        exercise = self.exercise_id
        to_declare = exercise.state == "approved" and not exercise.is_first
        return [
            *deadlines.annual(exercise.meeting_date if to_declare else None),
            *deadlines.of_mandates(self._mandates() if mandates is None else mandates, now),
        ]

    def _mandates(self):
        return [
            deadlines.Mandate(m.start_date or None, m.end_date or None, bool(m.declared_on))
            for m in self.mandate_ids
        ]

    def _end_of_mandate(self, mandates, now):
        last = deadlines.last_mandate(mandates, now)
        return last.end if last else self.mandate_id.end_date

    def _untold(self, found):
        """The deadlines nobody has been reminded of."""
        told = self.deadlines_told or []
        return [deadline for deadline in found if deadline.key not in told]

    # -- reminders --------------------------------------------------------------

    @api.model
    def _process_review(self, batch=REVIEW_BATCH):
        """Scheduled action: judge again those whom the passing time concerns, remind."""
        domain = [("review_date", "<=", today())]
        waiting = self.search(domain, order="review_date, id")
        each_part(waiting, batch, lambda part: part._review())

    def _review(self):
        self._remind()
        self._judge_again()
        self._settle_deadlines()

    def _judge_again(self):
        for name in ("verdict", "deadline_state"):
            self.env.add_to_compute(self._fields[name], self)
        self.flush_recordset()

    def _remind(self):
        now = today()
        for condominium in self:
            opened = [d for d in condominium._untold(condominium._deadlines(now)) if d.opens <= now]
            for deadline in opened:
                condominium._remind_of(deadline)
            if opened:
                told = condominium.deadlines_told or []
                condominium.deadlines_told = [*told, *(deadline.key for deadline in opened)]

    def _remind_of(self, deadline):
        person = self._person_in_charge()
        told = self.with_context(lang=person.lang or self.env.lang)
        self.activity_schedule(
            ACTIVITIES[deadline.kind],
            date_deadline=deadline.due,
            summary=told._reminder(deadline),
            note=deadline.law,
            user_id=person.id,
        )

    def _reminder(self, deadline):
        day = format_date(self.env, deadline.due)
        sentences = {
            ANNUAL: self.env._("Annual update to upload before %(day)s", day=day),
            MANDATE: self.env._("The mandate ends on %(day)s: renewal to put to the vote", day=day),
            RENEWAL: self.env._("Renewal of the mandate to declare before %(day)s", day=day),
            SUCCESSOR: self.env._("Successor to declare before %(day)s", day=day),
        }
        return sentences[deadline.kind]

    def _settle_deadlines(self):
        """Close the reminders of what has been done since."""
        known = {kind: self.env.ref(xmlid, False) for kind, xmlid in ACTIVITIES.items()}
        types = {found.id: kind for kind, found in known.items() if found}
        domain = [
            ("res_model", "=", self._name),
            ("res_id", "in", self.ids),
            ("activity_type_id", "in", list(types)),
        ]
        now = today()
        for activity in self.env["mail.activity"].sudo().search(domain):
            condominium = self.browse(activity.res_id)
            pending = {(d.kind, d.due) for d in condominium._deadlines(now)}
            if (types[activity.activity_type_id.id], activity.date_deadline) not in pending:
                # Closing it never keeps from what closes it.
                attempt(activity, lambda one: one.action_done())

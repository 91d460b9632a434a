from odoo import api, fields, models
from odoo.tools import format_date

from ...rnc import deadlines
from ...rnc.deadlines import ANNUAL, MANDATE, RENEWAL, SUCCESSOR
from ...rnc.today import today

DUE = ("annual_deadline", "renewal_deadline", "successor_deadline", "mandate_end")


class CoproCondominiumDeadlines(models.AbstractModel):
    """Deadlines of the law, and a reminder for each, closed by the act: see the duties."""

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
        help="Soon: within thirty days. Cannot tell: not registered, not affiliated to your "
        "account, or no mandate is known.",
    )
    next_act = fields.Char(string="Next act", compute="_compute_next_act")
    notified_deadlines = fields.Json(
        copy=False, readonly=True, protected=True, export_string_translation=False
    )  # keys of those that somebody was given

    @api.depends(
        "active",
        "affiliation_state",
        "registration_number",
        "fiscal_year_ids.state",
        "fiscal_year_ids.meeting_date",
        "fiscal_year_ids.end_date",
        "fiscal_year_ids.is_first",
        "mandate_ids.start_date",
        "mandate_ids.end_date",
        "mandate_ids.declared_on",
        "mandate_ids.is_by_law",
        "review_date",
    )
    def _compute_deadlines(self):
        now = today()
        for condominium in self:
            mandates = condominium._mandates()
            found = condominium._deadlines(now, mandates)
            # Two renewals may be awaited: the first one counts.
            latest_first = sorted(found, key=lambda deadline: deadline.due, reverse=True)
            due = {deadline.kind: deadline.due for deadline in latest_first}
            condominium.annual_deadline = due.get(ANNUAL, False)
            condominium.mandate_end = condominium._end_of_mandate(mandates, now)
            condominium.renewal_deadline = due.get(RENEWAL, False)
            condominium.successor_deadline = due.get(SUCCESSOR, False)
            condominium.next_deadline = min(due.values(), default=False)
            condominium.deadline_state = condominium._deadline_state(found, now)

    @api.depends("next_deadline", "registration_number", "affiliation_state", *DUE)
    @api.depends_context("lang")
    def _compute_next_act(self):
        """What the next deadline is of, in words."""
        for condominium in self:
            condominium.next_act = condominium._next_act()

    def _next_act(self):
        """What the next deadline is of, else why there is none: a sentence."""
        day = self.next_deadline
        if day:
            name = next(name for name in DUE if self[name] == day)
            return self._acts(format_date(self.env, day))[name]
        if not self.registration_number:
            return self.env._("Not registered yet")
        if self.affiliation_state == "unaffiliated":
            return self.env._("Not affiliated to your account: nothing to declare")
        if not self.mandate_end and not self.mandate_id.is_by_law:
            return self.env._("No mandate is known")
        return self.env._("Nothing to declare")

    @api.model
    def _acts(self, day):
        """{field of a deadline: sentence} of an act that is due on ``day``, written out."""
        return {
            "annual_deadline": self.env._("Annual update before %(day)s", day=day),
            "renewal_deadline": self.env._("Renewal to declare before %(day)s", day=day),
            "successor_deadline": self.env._("Successor to declare before %(day)s", day=day),
            "mandate_end": self.env._("Mandate until %(day)s", day=day),
        }

    def _deadline_state(self, found, now):
        """A value of ``deadline_state``, of the deadlines found."""
        is_known = self.mandate_id.end_date or self.mandate_id.is_by_law
        if not self.registration_number or not is_known or self.affiliation_state == "unaffiliated":
            return "unknown"
        return deadlines.state(found, now)

    def _deadlines(self, now, mandates=None):
        """The ``Deadline`` of each thing that its legal representative must declare."""
        if not self.registration_number or not self._is_in_use():
            return []
        if self.affiliation_state == "unaffiliated":
            return []  # it is another's to declare
        fiscal_year = self.fiscal_year_id
        to_declare = fiscal_year.state == "approved" and not fiscal_year.is_first
        due = deadlines.annual(fiscal_year.meeting_date if to_declare else None)
        if self.affiliation_state == "leaving":
            return due  # CCH R711-4: the rest is the successor's
        mandates = self._mandates() if mandates is None else mandates
        return [*due, *deadlines.of_mandates(mandates, now)]

    def _mandates(self):
        """The mandates, as the heart knows them."""
        return [
            deadlines.Mandate(m.start_date or None, m.end_date or None, bool(m.declared_on))
            for m in self.mandate_ids
        ]

    def _end_of_mandate(self, mandates, now):
        """The last day of the present mandate, or of its declared renewals; or False."""
        last = deadlines.last_mandate(mandates, now)
        return last.end if last else self.mandate_id.end_date

    def _to_notify(self, found):
        """Those of the deadlines ``found`` that nobody has been given yet."""
        notified = self.notified_deadlines or []
        return [deadline for deadline in found if deadline.key not in notified]

    def _reminder(self, deadline):
        """The summary of the activity that reminds of a deadline."""
        day = format_date(self.env, deadline.due)
        sentences = {
            ANNUAL: self.env._("Annual update to upload before %(day)s", day=day),
            MANDATE: self.env._("The mandate ends on %(day)s: renewal to put to the vote", day=day),
            RENEWAL: self.env._("Renewal of the mandate to declare before %(day)s", day=day),
            SUCCESSOR: self.env._("Successor to declare before %(day)s", day=day),
        }
        return sentences[deadline.kind]

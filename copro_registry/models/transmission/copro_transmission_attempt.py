import base64
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ...rnc import transport
from ...rnc.client import ANSWERED, UNKNOWN, Outcome
from ...tools.sentences import sentence
from .copro_transmission import LOCAL

# Bytes: as long as the shipped profiles take (``answer_bytes``). An attestation is kept from
# the answer that bears it: cut, it would be lost.
LONGEST_ANSWER = 2_000_000
OUTCOMES = [
    ("accepted", "Accepted"),
    ("received", "Received"),
    ("rejected", "Refused"),
    ("retryable", "Nothing sent"),
    ("unknown", "No answer"),
]


class CoproTransmissionAttempt(models.Model):
    """One call to the registry for an upload: the timeline is made of them.

    Written with the outcome, never changed: the log keeps each moment and its duration.
    """

    _name = "copro.transmission.attempt"
    _inherit = "copro.protected.mixin"
    _description = "Call to the registry"
    _order = "id"
    _allow_sudo_commands = False

    transmission_id = fields.Many2one(
        "copro.transmission",
        string="Upload",
        required=True,
        readonly=True,
        protected=True,
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, protected=True)
    kind = fields.Selection(
        [("send", "Sent"), ("ask", "Asked")],
        string="Operation",
        required=True,
        readonly=True,
        protected=True,
    )
    moment = fields.Datetime(string="Date", required=True, readonly=True, protected=True)
    milliseconds = fields.Integer(
        string="Duration (ms)", readonly=True, protected=True, aggregator="avg"
    )
    outcome = fields.Selection(
        OUTCOMES, string="State", required=True, readonly=True, protected=True
    )
    http_status = fields.Integer(string="HTTP status", readonly=True, protected=True)
    failure_code = fields.Char(readonly=True, protected=True)
    failure_params = fields.Json(readonly=True, protected=True)
    message = fields.Text(string="Result", compute="_compute_message")
    # What the registry answered to this call, as it came.
    answer = fields.Binary(
        readonly=True,
        protected=True,
        attachment=False,
        prefetch=False,
        groups="copro_registry.group_main_administrator",
    )

    @api.depends_context("lang")
    @api.depends("failure_code", "failure_params")
    def _compute_message(self):
        for attempt in self:
            code, params = attempt.failure_code, attempt.failure_params or {}
            is_told = code and code != LOCAL  # the upload says a fault of ours
            attempt.message = is_told and sentence(self.env, transport.MESSAGES, code, **params)

    def _told(self):
        """« Sent, 24/11/2026 21:21 »: which call this is."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        moment = format_datetime(self.env, self.moment, dt_format="short")
        return f"{kinds[self.kind]}, {moment}"

    def write(self, vals):  # pylint: disable=method-required-super
        self.check_access("write")
        raise UserError(self.env._("The log of the calls to the registry cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The log of the calls to the registry cannot be changed."))


class CoproTransmission(models.Model):
    """The timeline of an upload."""

    _inherit = "copro.transmission"

    attempt_ids = fields.One2many(
        "copro.transmission.attempt",
        "transmission_id",
        string="Timeline",
        readonly=True,
        protected=True,
    )
    is_eventful = fields.Boolean(
        compute="_compute_is_eventful", help="A call of the timeline has something to tell"
    )

    @api.depends("attempt_ids.failure_code")
    def _compute_is_eventful(self):
        for transmission in self:
            transmission.is_eventful = any(transmission.attempt_ids.mapped("failure_code"))

    def _attempt(self, kind, outcome):
        """The line of the timeline for a call of this upload."""
        became = outcome.answer.status if outcome.kind == ANSWERED else outcome.kind
        return {
            "transmission_id": self.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "moment": _milliseconds_ago(outcome.milliseconds),
            "milliseconds": outcome.milliseconds,
            "outcome": became,
            "http_status": outcome.status,
            "failure_code": outcome.code,
            "failure_params": dict(outcome.params) or False,
            "answer": base64.b64encode(outcome.raw[:LONGEST_ANSWER]),
        }

    def _note_interruption(self):
        """The process that called has died: what it saw is lost."""
        interrupted = Outcome(UNKNOWN, code="INTERRUPTED")
        moment = self.claimed_at or self.create_date
        line = {**self._attempt("send", interrupted), "moment": moment}
        self.env["copro.transmission.attempt"].sudo().create(line)


def _milliseconds_ago(milliseconds):
    """The second in which a call began: cut once, or it would come before the click."""
    began = datetime.now(timezone.utc) - timedelta(milliseconds=milliseconds)
    return began.replace(microsecond=0, tzinfo=None)

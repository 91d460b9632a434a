import base64
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ...rnc import transport
from ...rnc.client import ANSWERED, UNKNOWN, Outcome
from ...rnc.dispatch import INTERRUPTED
from ...tools.groups import ADMINISTRATOR
from ...tools.sentences import LOCAL, sentence
from ...tools.trigger_columns import columns

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
# What a call brought, and about which upload.
CALL = {
    "transmission_id",
    "company_id",
    "kind",
    "moment",
    "milliseconds",
    "outcome",
    "http_status",
    "failure_code",
    "failure_params",
    "answer",
    "service",
    "attestation",
}


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
        groups=ADMINISTRATOR,
    )

    service = fields.Char(
        readonly=True, protected=True, help="The service that was called: WS1, STATUS…"
    )
    attestation = fields.Binary(
        readonly=True,
        protected=True,
        attachment=False,
        prefetch=False,
        groups=ADMINISTRATOR,
        help="What a call of its own has brought, after this one",
    )

    def init(self):
        """The timeline is proof too: there is none of what was never claimed."""
        result = super().init()
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS copro_transmission_attempt_kept
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_kept BEFORE DELETE OR UPDATE OF %s
                    ON copro_transmission_attempt
                    FOR EACH ROW EXECUTE FUNCTION copro_transmission_is_proof();

                DROP TRIGGER IF EXISTS copro_transmission_attempt_not_emptied
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_not_emptied BEFORE TRUNCATE
                    ON copro_transmission_attempt
                    EXECUTE FUNCTION copro_transmission_is_proof();

                CREATE OR REPLACE FUNCTION copro_transmission_attempt_was_claimed()
                    RETURNS trigger AS $$
                BEGIN
                    PERFORM FROM copro_transmission WHERE id = NEW.transmission_id
                        AND company_id = NEW.company_id
                        AND (state != 'queued' OR claimed_at IS NOT NULL);
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'No call was made for an upload that has not left.';
                    END IF;
                    RETURN NEW;
                END $$ LANGUAGE plpgsql;

                DROP TRIGGER IF EXISTS copro_transmission_attempt_begins
                    ON copro_transmission_attempt;
                CREATE TRIGGER copro_transmission_attempt_begins BEFORE INSERT
                    ON copro_transmission_attempt
                    FOR EACH ROW EXECUTE FUNCTION copro_transmission_attempt_was_claimed();
                """,
                columns(CALL),
            )
        )
        return result

    @api.depends_context("lang")
    @api.depends("failure_code", "failure_params")
    def _compute_message(self):
        for attempt in self:
            code, params = attempt.failure_code, attempt.failure_params or {}
            is_said = code and code != LOCAL  # the upload says a fault of ours
            attempt.message = is_said and sentence(self.env, transport.MESSAGES, code, **params)

    @api.model
    def _attempt_values(self, upload, kind, outcome):
        """The values of the line of a call about ``upload``."""
        became = outcome.answer.status if outcome.kind == ANSWERED else outcome.kind
        return {
            "transmission_id": upload.id,
            "company_id": upload.company_id.id,
            "kind": kind,
            "moment": _start_of_call(outcome.milliseconds),
            "milliseconds": outcome.milliseconds,
            "outcome": became,
            "http_status": outcome.status,
            "failure_code": outcome.code,
            "failure_params": dict(outcome.params) or False,
            "answer": base64.b64encode(outcome.raw[:LONGEST_ANSWER]),
            "service": outcome.service or False,
            "attestation": base64.b64encode(outcome.attestation),
        }

    @api.model
    def _log(self, calls):
        """Write the lines of [(upload, kind, outcome)], as they end."""
        return self.sudo().create([self._attempt_values(*call) for call in calls])

    @api.model
    def _log_interruption(self, upload):
        """The process that called has died: what it saw is lost."""
        interrupted = Outcome(UNKNOWN, code=INTERRUPTED)
        moment = upload.claimed_at or upload.create_date
        line = {**self._attempt_values(upload, "send", interrupted), "moment": moment}
        return self.sudo().create(line)

    def _service(self):
        """The service that was called; of older calls, by what they were for."""
        usual = "STATUS" if self.kind == "ask" else self.transmission_id.service
        return self.service or usual

    def _apart(self):
        """The attestation (bytes) that a call of its own has brought, or b""."""
        return base64.b64decode(self.with_context(bin_size=False).attestation or b"")

    def _title(self):
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


def _start_of_call(milliseconds):
    """The second in which a call that lasted ``milliseconds`` began.

    Cut once, or it would come before the click.
    """
    began = datetime.now(timezone.utc) - timedelta(milliseconds=milliseconds)
    return began.replace(microsecond=0, tzinfo=None)

import random
from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from ...rnc.client import ANSWERED, REJECTED, RETRYABLE, UNKNOWN
from ...rnc.contract import CALLER
from ...rnc.dispatch import NOT_IN_TIME
from ...tools.localised import internal_error
from .copro_transmission import LOCAL
from .copro_transmission_news import TROUBLE
from .copro_transmission_queue import HELD_BACK

MOST_ATTEMPTS = 12
MOST_ASKS = 12  # about two days; then a person is told, and the asking goes on
FIRST_DELAY = 60  # seconds; doubled at each attempt
LONGEST_DELAY = 6 * 3600


class CoproTransmission(models.Model):
    """What the outcome of a call changes.

    Nobody is told here: that comes after, from ``news``, and cannot undo an outcome.
    """

    _inherit = "copro.transmission"

    given_number = fields.Char(
        string="Number given",
        readonly=True,
        protected=True,
        help="By the registry, with its answer",
    )

    def _record(self, outcome):
        """Write the outcome of sending."""
        self.ensure_one()
        self.company_id.sudo().copro_account_id._heed(outcome)
        if outcome.kind == REJECTED and outcome.concerns == CALLER:
            self._record_not_let_in(outcome)
            return
        self.write(
            {
                "answered_at": fields.Datetime.now(),
                "milliseconds": outcome.milliseconds,
                "failure_code": outcome.code or False,
                "failure_params": dict(outcome.params) or False,
            }
        )
        {
            ANSWERED: self._record_answer,
            REJECTED: self._record_rejected,
            RETRYABLE: self._record_retryable,
            UNKNOWN: self._record_unknown,
        }[outcome.kind](outcome)

    def _record_answer(self, outcome):
        if outcome.answer.status != "accepted":
            self.failure_code = False  # of the questions before
            self._ask_later("received")
        elif outcome.answer.registration_number or self.number:
            self._record_registered(outcome.answer)
        else:  # registered, and no number: nothing that can be believed
            self.failure_code = "UNREADABLE"
            self._become_unknown()

    def _record_registered(self, answer):
        self.write(
            {
                "state": "accepted",
                "failure_code": False,
                "answered_at": fields.Datetime.now(),
                "given_number": answer.registration_number,
            }
        )
        self.condominium_id._registered(self, answer)
        self.news = self._news_of(answer)

    def _record_rejected(self, outcome):
        refusals = [
            {"code": r.code, "item": r.item, "value": r.value, "detail": r.detail}
            for r in outcome.answer.refusals
        ]
        refused = {"state": "rejected", "refusals": refusals, "failure_code": False}
        self.write({**refused, "answered_at": fields.Datetime.now(), "news": TROUBLE})

    def _record_not_let_in(self, outcome):
        """The registry refuses us, whatever the file: nothing of it was processed."""
        reason = self.company_id.sudo().copro_account_id._why_not_let_in(outcome)
        self._put_back(HELD_BACK.total_seconds())
        self.write(self._fault(reason))

    def _record_retryable(self, outcome):
        if outcome.code == NOT_IN_TIME:  # it has not left, by our own pace: no attempt
            self._put_back(outcome.retry_after or 0)
        elif self.attempts >= MOST_ATTEMPTS:
            self._give_up()
        else:
            delay = max(_delay(self.attempts), outcome.retry_after or 0)
            moment = fields.Datetime.now() + timedelta(seconds=delay)
            self.write({"state": "queued", "next_attempt": moment})

    def _give_up(self):
        self.write({"state": "failed", "news": TROUBLE})

    def _record_unknown(self, outcome):
        self._become_unknown()

    def _keep_unrecorded(self, kind, outcome):
        """What was answered and could not be recorded, for whoever looks into it."""
        told = internal_error(self.env)
        answered = replace(outcome, kind=UNKNOWN, answer=None, code=LOCAL, params=())
        for transmission in self:
            transmission.attempt_ids.create(transmission._attempt(kind, answered))
            transmission.write(self._fault(told))

    def _become_unknown(self):
        """Nobody knows what the registry has: it is asked, at once and then later."""
        for transmission in self:
            settling = timedelta(seconds=transmission._limits().settling)
            transmission.quiet_until = fields.Datetime.now() + settling
            transmission._ask_later("unknown")

    def _ask_later(self, state, wait=None, in_vain=False):
        """Ask at once the first time, then at growing intervals, or after ``wait`` seconds.

        A person is told once the registry was asked ``in_vain`` for so long.
        """
        delay = max(wait or 0, _delay(self.asks) if self.asks else 0)
        moment = fields.Datetime.now() + timedelta(seconds=delay)
        self.write({"state": state, "next_attempt": moment})
        if (in_vain or state == "unknown") and self.asks == MOST_ASKS:
            self.news = TROUBLE

    def _hold_back(self, reason):
        """Our own side cannot send (no key, no certificate): nothing has left.

        That is no attempt: it takes nothing of what the registry's bad days may take.
        """
        for transmission in self:
            transmission.write(
                {
                    "state": "queued",
                    "attempts": transmission.attempts - 1,
                    **self._fault(reason),
                    "next_attempt": fields.Datetime.now() + HELD_BACK,
                }
            )
        self.company_id.sudo().copro_account_id._tell_of_uploads_held_back(reason)


def _delay(times):
    """Seconds to wait: growing, with a jitter so that a crowd spreads out."""
    delay = min(FIRST_DELAY * 2 ** max(times - 1, 0), LONGEST_DELAY)
    return int(delay * random.uniform(0.8, 1.2))

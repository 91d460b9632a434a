import hashlib
import random
from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from ..registry.client import ACCEPTED, REJECTED, RETRYABLE, UNKNOWN
from ..registry.dispatch import NOT_IN_TIME
from .copro_transmission import LOCAL
from .copro_transmission_queue import HELD_BACK
from .localised import internal_error
from .today import today

MOST_ATTEMPTS = 12
MOST_ASKS = 12  # about two days; then a person is told, and the asking goes on
FIRST_DELAY = 60  # seconds; doubled at each attempt
LONGEST_DELAY = 6 * 3600
PDF = b"%PDF-"
ACTIVITY = "copro_registry.mail_activity_upload"


class CoproTransmission(models.Model):
    """What the outcome of a call changes."""

    _inherit = "copro.transmission"

    def _record(self, outcome):
        """Write the outcome of sending."""
        self.ensure_one()
        self.company_id.sudo().copro_account_id._heed(outcome)
        self.write(
            {
                "answered_at": fields.Datetime.now(),
                "milliseconds": outcome.milliseconds,
                "failure_code": outcome.code or False,
                "failure_params": dict(outcome.params) or False,
            }
        )
        {
            ACCEPTED: self._record_answer,
            REJECTED: self._record_rejected,
            RETRYABLE: self._record_retryable,
            UNKNOWN: self._record_unknown,
        }[outcome.kind](outcome)

    def _record_answer(self, outcome):
        if outcome.answer.status != "registered":
            self._ask_later("accepted")
        elif outcome.answer.registration_number or self.number:
            self._record_registered(outcome.answer)
        else:  # registered, and no number: nothing that can be believed
            self.failure_code = "UNREADABLE"
            self._become_unknown()

    def _record_registered(self, answer):
        now = fields.Datetime.now()
        self.write({"state": "registered", "failure_code": False, "answered_at": now})
        self._keep_attestation(answer)
        condominium = self.condominium_id
        condominium._registered(self, answer)
        message = self._in_the_language_of(self._person_in_charge()).message
        # A note: nobody is to be disturbed by what went well.
        condominium._message_log(body=message)
        condominium.activity_feedback([ACTIVITY])

    def _record_rejected(self, outcome):
        refusals = [
            {"code": r.code, "item": r.item, "value": r.value, "detail": r.detail}
            for r in outcome.answer.refusals
        ]
        refused = {"state": "rejected", "refusals": refusals, "failure_code": False}
        self.write({**refused, "answered_at": fields.Datetime.now()})
        self._tell_the_person_in_charge()

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
        self.state = "failed"
        self._tell_the_person_in_charge()

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

    def _ask_later(self, state, wait=None):
        """Ask at once the first time, then at growing intervals, or after ``wait`` seconds."""
        delay = max(wait or 0, _delay(self.asks) if self.asks else 0)
        moment = fields.Datetime.now() + timedelta(seconds=delay)
        self.write({"state": state, "next_attempt": moment})
        if state == "unknown" and self.asks == MOST_ASKS:
            self._tell_the_person_in_charge()

    def _hold_back(self, reason):
        """Our own side cannot send (no key, no certificate): nothing has left.

        That is no attempt: it takes nothing of what the registry's bad days may take.
        """
        self.company_id.sudo().copro_account_id._tell_of_uploads_held_back(reason)
        for transmission in self:
            transmission.write(
                {
                    "state": "queued",
                    "attempts": transmission.attempts - 1,
                    **self._fault(reason),
                    "next_attempt": fields.Datetime.now() + HELD_BACK,
                }
            )

    def _keep_attestation(self, answer):
        if not answer.attestation:
            return
        told = self._in_the_language_of(self._person_in_charge())
        if not answer.attestation.startswith(PDF):
            told._tell_of_no_attestation()
            return
        services = dict(told._fields["service"]._description_selection(told.env))
        name = told.env._(
            "Attestation %(n)s, %(declaration)s, %(day)s.pdf",
            n=answer.registration_number,
            declaration=services[self.service].lower(),
            day=today().isoformat(),
        )
        file = self.env["ir.attachment"].create(
            {
                "name": name,
                "type": "binary",
                "raw": answer.attestation,
                "mimetype": "application/pdf",
                "res_model": "copro.condominium",
                "res_id": self.condominium_id.id,
                "public": False,
            }
        )
        digest = hashlib.sha256(answer.attestation).hexdigest()
        self.write({"attestation_id": file.id, "attestation_sha256": digest})

    def _tell_of_no_attestation(self):
        """What opens as something else than a PDF is not kept under that name."""
        self.condominium_id._message_log(
            body=self.env._(
                "The attestation that the registry sent is no PDF file, and was not kept: "
                "download it from the registry's site. What was declared is recorded."
            )
        )

    def _tell_the_person_in_charge(self):
        """An activity, which the next upload that is recorded closes."""
        person = self._person_in_charge()
        told = self._in_the_language_of(person)
        summary = told._summary_for_a_person()
        condominium = self.condominium_id
        condominium.message_post(body=told.message or summary)
        condominium.activity_unlink([ACTIVITY])
        condominium.activity_schedule(
            ACTIVITY,
            summary=summary,
            # What the registry says is text, whatever it looks like.
            note=Markup("<br/>").join((told.message or "").splitlines()),
            user_id=person.id,
        )

    def _summary_for_a_person(self):
        if self.state == "failed":
            return self.env._("Upload not sent")
        if self.state in ("unknown", "accepted"):
            return self.env._("The registry does not say what became of an upload")
        return self.env._("Upload refused by the registry")

    def _person_in_charge(self):
        return self.condominium_id._person_in_charge(self.create_uid)

    def _in_the_language_of(self, person):
        """This upload, for sentences: scheduled actions have no language of their own."""
        return self.with_context(lang=person.lang or self.env.lang)


def _delay(times):
    """Seconds to wait: growing, with a jitter so that a crowd spreads out."""
    delay = min(FIRST_DELAY * 2 ** max(times - 1, 0), LONGEST_DELAY)
    return int(delay * random.uniform(0.8, 1.2))

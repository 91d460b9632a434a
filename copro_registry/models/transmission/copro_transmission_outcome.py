from dataclasses import replace
from datetime import timedelta

from odoo import fields, models

from ...rnc.client import NOT_ASKED, QUESTION, UNKNOWN, UNPROVEN
from ...rnc.codec import Answer
from ...rnc.states import ASKED, HOLD, Event, Situation, When, after, delay, event_of
from ...tools.sentences import LOCAL
from .copro_transmission_message import INTERNAL, OTHER_DECLARANT
from .copro_transmission_news import TROUBLE
from .copro_transmission_queue import SEND

NO_FAILURE = {"failure_code": False, "failure_params": False}


class CoproTransmissionOutcome(models.AbstractModel):
    """What the outcome of a call changes, as ``rnc/states.py`` says.

    Nobody is told here: that comes after, from ``news``, and cannot undo an outcome.
    """

    _name = "copro.transmission.outcome"
    _description = "Outcome of an upload"

    def _settle(self, operation, outcome):
        """Write what the outcome of a call says of this upload, and of its account."""
        self.ensure_one()
        self._account_in_its_language()._apply_retry_after(outcome)
        event = event_of(operation.name, outcome, self._situation())
        measured = self._measured(outcome) if operation is SEND and event is not Event.HOLD else {}
        self._apply(event, outcome.retry_after, **{**measured, **self._kept(event, outcome)})
        if event is Event.RECEIVE:
            self._on_received()
        elif event is Event.ACCEPT:
            self._on_accepted(outcome.answer)
        elif event is Event.REJECT:
            self._on_rejected(outcome)

    def _situation(self):
        """What the meaning of an outcome depends on: a `Situation`."""
        return Situation(
            state=self.state,
            attempts=self.attempts,
            has_number=bool(self.registration_number),
            is_settling=bool(self.quiet_until and fields.Datetime.now() < self.quiet_until),
            asked_elsewhere=self._was_asked_elsewhere(),
        )

    def _was_asked_elsewhere(self):
        """Whether the last question was not asked as the file was sent."""
        return bool(self.recipient and self.asked_as and self.recipient != self.asked_as)

    # -- the state ----------------------------------------------------------------

    def _apply(self, event, wait=None, **kept):
        """What ``event`` makes of these, and what else is ``kept`` with it.

        ``wait``: seconds, as the registry asks. Raises Impossible.
        """
        alike = self.grouped(lambda t: (t.state, t.attempts, t.asks, t.asks_in_vain, t.company_id))
        for (state, attempts, asks, in_vain, _company), uploads in alike.items():
            step = after(state, event)
            counts = {
                "attempts": attempts + step.attempts,
                # What is queued has not been asked about.
                "asks": 0 if step.state == "queued" else asks + step.asks,
                "asks_in_vain": step.count_in_vain(in_vain),
            }
            uploads.write({"state": step.state, **counts, **kept})
            uploads._apply_moments(step, wait)
            if step.tells(counts["asks_in_vain"]):
                uploads.news = TROUBLE
            elif step.state in ("queued", "cancelled"):
                uploads._forget_news()

    def _forget_news(self):
        """Nothing is left to tell, nor to see to; what somebody was told before is closed."""
        told = self.filtered("needs_person")
        told.write({"news": "close", "needs_person": False})
        (self - told).news = False

    def _apply_moments(self, step, wait):
        """When these are looked at again, by the counts that are written already."""
        if step.settling:
            settling = timedelta(seconds=self._account()._limits().settling)
            self.quiet_until = fields.Datetime.now() + settling
        if step.when is When.AFTER_SETTLING:
            for upload in self:
                upload.next_attempt = upload.quiet_until
        elif step.when is not When.UNCHANGED:
            self.next_attempt = fields.Datetime.now() + self._wait_of(step.when, wait or 0)

    def _wait_of(self, when, wait):
        """A timedelta; of uploads of one company that are counted alike."""
        if when is When.AFTER_HOLD:
            return HOLD
        if when is When.AFTER_CALL:
            return timedelta(seconds=self._account()._limits().longest_call)
        if when is When.NEXT_ATTEMPT:
            return timedelta(seconds=max(wait, delay(self[0].attempts)))
        if when is When.NEXT_QUESTION:
            asks = self[0].asks
            return timedelta(seconds=max(wait, delay(asks) if asks else 0))
        return timedelta()  # now

    # -- what is kept with it -------------------------------------------------------

    def _measured(self, outcome):
        """The values that say how the sending went."""
        return {
            "answered_at": fields.Datetime.now(),
            "milliseconds": outcome.milliseconds,
            "failure_code": outcome.code or False,
            "failure_params": dict(outcome.params) or False,
        }

    def _kept(self, event, outcome):
        """The values that the outcome brings, beside the state."""
        return {**self._kept_of_event(event, outcome), **self._kept_of_theirs(outcome)}

    def _kept_of_theirs(self, outcome):
        """The registry's own reference, which its first answer gives."""
        theirs = outcome.answer and outcome.answer.registry_reference
        return {"registry_reference": theirs} if theirs else {}

    def _kept_of_event(self, event, outcome):
        if event is Event.RECEIVE:
            return NO_FAILURE  # of the questions before
        if event is Event.ACCEPT:
            number = outcome.answer.registration_number
            return {**self._ended(), "given_number": number}
        if event is Event.REJECT:
            refusals = [
                {"code": r.code, "item": r.item, "value": r.value, "detail": r.detail}
                for r in outcome.answer.refusals
            ]
            existing = self._existing_number(outcome)
            return {**self._ended(), "refusals": refusals, "given_number": existing}
        if event is Event.NO_NUMBER:
            return {**NO_FAILURE, "failure_code": "UNREADABLE"}
        if outcome.concerns in (UNPROVEN, QUESTION):
            params = {"status": str(outcome.status)}
            return {"failure_code": "QUESTION_REFUSED", "failure_params": params}
        if event in (Event.HOLD, Event.ACCOUNT_REFUSED) or not outcome.concludes:
            return self._fault(self._account_in_its_language()._why_not_let_in(outcome))
        if event is Event.NO_PROOF and self._was_asked_elsewhere():
            return self._own_fault(OTHER_DECLARANT, sent=self.recipient)
        return {"failure_code": NOT_ASKED} if outcome.code == NOT_ASKED else {}

    def _existing_number(self, outcome):
        """The number under which the registry has the condominium already, or False."""
        meanings = self._account()._meanings(outcome)
        is_known = "ALREADY_REGISTERED" in meanings and not self.registration_number
        return (is_known and outcome.answer.registration_number) or False

    def _ended(self):
        """The values of what the registry has concluded."""
        return {**NO_FAILURE, "answered_at": fields.Datetime.now()}

    # -- what follows in the same transaction -----------------------------------------

    def _on_received(self):
        if self.service == "WS4":
            self.condominium_id.affiliation_state = "requested"

    def _on_accepted(self, answer):
        self.condominium_id._accepted(self, answer)
        self.news = self._news_of(answer)

    def _on_rejected(self, outcome):
        self.condominium_id._refused(self, self._account()._meanings(outcome))

    def _conclude_by_number(self):
        """A number is on the condominium: it came by e-mail, where the contract cannot be asked."""
        for upload in self.filtered(lambda t: t.service == "WS1" and t.failure_code == NOT_ASKED):
            if upload.state in ASKED and upload.try_lock_for_update():
                number = upload.condominium_id.registration_number
                upload._apply(Event.ACCEPT, **upload._ended(), given_number=number)
                upload._on_accepted(Answer("accepted", registration_number=number))

    def _keep_unrecorded(self, kind, outcome):
        """Keep what was answered and could not be recorded, for those who look into it."""
        answered = replace(outcome, kind=UNKNOWN, answer=None, code=LOCAL, params=())
        for upload in self:
            self.env["copro.transmission.attempt"]._log([(upload, kind, answered)])
            upload.write(self._own_fault(INTERNAL))

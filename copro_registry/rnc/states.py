"""What becomes of an upload: one table, state × what happened → the next state.

The states are those of ``copro.transmission``, whose docstring has the drawing. The model
asks `event_of` what an outcome means, then `after` what it changes: no state is written
anywhere else.
"""

import random
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from .client import ANSWERED, REFERENCE, REJECTED, RETRYABLE, Outcome
from .codec import Answer
from .contract import CALLER
from .dispatch import NOT_IN_TIME

LEAVING = ("queued", "sending")  # not called for yet, or being called for
ASKED = ("received", "unknown")  # the registry is asked about them
OPEN_STATES = LEAVING + ASKED
REFUSED = ("rejected", "failed")  # a person has to correct something
FINAL_STATES = ("accepted", "rejected", "failed", "cancelled")

MOST_ATTEMPTS = 12
MOST_ASKS = 12  # in vain, about two days; then a person is told, and the asking goes on
FIRST_DELAY = 60  # seconds; doubled at each attempt
LONGEST_DELAY = 6 * 3600
HOLD = timedelta(hours=1)  # until our own side is tried again; a repair brings it forward


class Event(Enum):
    """What happens to an upload."""

    CLAIM = "a worker has locked it: it calls, or asks, once that is committed"
    REQUEUE = "it was claimed, and the call did not leave"
    HOLD = "it cannot leave: our own side is not able, or the account is refused"
    LOSE_CLAIM = "the process that called is gone"
    RETRY = "the call proved that nothing was processed"
    GIVE_UP = "nothing was processed, once more than is tried"
    RECEIVE = "the registry has it and examines it"
    ACCEPT = "the registry has registered it"
    NO_NUMBER = "registered, says the registry, and gives no number: that is not believed"
    REJECT = "the registry refuses the file"
    NO_ANSWER = "no answer that can be believed"
    UNRECORDED = "an answer that could not be recorded: it can be asked for again"
    NO_PROOF = "an answer that says nothing of this file"
    ACCOUNT_REFUSED = "the registry answers no question of the account"
    TOO_EARLY = "never received, says the registry, which may not have finished"
    NEVER_RECEIVED = "never received"
    ASK_FIRST = "the database was copied or restored: it may have left"
    CANCEL = "somebody cancels it, or asks no more"


class When(Enum):
    """When a worker looks at the upload again."""

    UNCHANGED = "as before"
    NOW = "at once"
    NEXT_ATTEMPT = "after a delay that grows with the attempts, or Retry-After"
    NEXT_QUESTION = "at once, then after a delay that grows with the questions, or Retry-After"
    AFTER_CALL = "after as long as a call may last, should its worker die"
    AFTER_HOLD = "after `HOLD`"
    AFTER_SETTLING = "once the registry has had time to finish"


@dataclass(frozen=True)
class Step:
    """What an event makes of an upload.

    ``attempts`` and ``asks`` are added to what was counted; ``settling``: from now on the
    registry is given time to finish what it may have received. ``trouble``: a person is told;
    ``in_vain``: is told at the `MOST_ASKS`th such question; ``heard``: the registry says that
    it has the file, the questions in vain before are forgotten.
    """

    state: str
    when: When = When.UNCHANGED
    attempts: int = 0
    asks: int = 0
    settling: bool = False
    trouble: bool = False
    in_vain: bool = False
    heard: bool = False

    def count_in_vain(self, before: int) -> int:
        """How many questions were in vain, after so many ``before`` this step."""
        if self.heard or self.state == "queued":
            return 0
        return before + self.asks * self.in_vain

    def tells(self, in_vain: int) -> bool:
        """Whether a person is told, after so many questions in vain."""
        return self.trouble or (self.in_vain and in_vain == MOST_ASKS)


@dataclass(frozen=True)
class Situation:
    """What the meaning of an outcome depends on, beside the outcome."""

    state: str
    attempts: int = 0  # the present one included
    has_number: bool = False  # the condominium had its registration number already
    is_settling: bool = False  # the registry may not have finished what it had received
    asked_elsewhere: bool = False  # by another declarant, or at another address, than sent


_LOST = Step("unknown", When.NEXT_QUESTION, settling=True)
_NOT_BELIEVED = Step("unknown", When.NEXT_QUESTION, asks=1, settling=True, in_vain=True)
_CANCELLED = Step("cancelled")


def _asked(state: str) -> dict[Event, Step]:
    """What happens to both of `ASKED`: a question changes nothing at the registry."""
    return {
        Event.CLAIM: Step(state, When.AFTER_CALL),
        Event.REQUEUE: Step(state, When.NOW),
        Event.RECEIVE: Step("received", When.NEXT_QUESTION, asks=1, heard=True),
        Event.ACCEPT: Step("accepted", asks=1),
        Event.NO_NUMBER: _NOT_BELIEVED,
        Event.REJECT: Step("rejected", asks=1, trouble=True),
        Event.NO_ANSWER: Step(state, When.NEXT_QUESTION, asks=1, in_vain=state == "unknown"),
        Event.NO_PROOF: Step(state, When.NEXT_QUESTION, asks=1, in_vain=True),
        Event.UNRECORDED: _NOT_BELIEVED,
        Event.ACCOUNT_REFUSED: Step(state, When.AFTER_HOLD),
        Event.CANCEL: _CANCELLED,
    }


TRANSITIONS: dict[str, dict[Event, Step]] = {
    "queued": {
        Event.CLAIM: Step("sending", attempts=1),
        Event.ASK_FIRST: Step("unknown", When.NOW),
        Event.CANCEL: _CANCELLED,
    },
    "sending": {
        # What has not left is no attempt.
        Event.REQUEUE: Step("queued", attempts=-1),
        Event.HOLD: Step("queued", When.AFTER_HOLD, attempts=-1),
        Event.RETRY: Step("queued", When.NEXT_ATTEMPT),
        Event.GIVE_UP: Step("failed", trouble=True),
        Event.RECEIVE: Step("received", When.NEXT_QUESTION),
        Event.ACCEPT: Step("accepted"),
        Event.REJECT: Step("rejected", trouble=True),
        Event.NO_NUMBER: _LOST,
        Event.NO_ANSWER: _LOST,
        Event.UNRECORDED: _LOST,
        Event.LOSE_CLAIM: _LOST,
    },
    "received": _asked("received"),
    "unknown": {
        **_asked("unknown"),
        Event.TOO_EARLY: Step("unknown", When.AFTER_SETTLING, asks=1),
        Event.NEVER_RECEIVED: Step("queued", When.NOW),
        Event.GIVE_UP: Step("failed", asks=1, trouble=True),
    },
}  # what has ended never ends otherwise: see `FINAL_STATES`


class Impossible(ValueError):
    """What cannot happen to an upload in its state: a fault of ours."""


def after(state: str, event: Event) -> Step:
    """What ``event`` makes of an upload in ``state``. Raises Impossible."""
    step = TRANSITIONS.get(state, {}).get(event)
    if step is None:
        raise Impossible(f"{event.name} cannot happen to an upload that is {state}")
    return step


def event_of(operation: str, outcome: Outcome, upload: Situation) -> Event:
    """What the outcome of a call ("send" or "ask") means for its upload."""
    return _sent(outcome, upload) if operation == "send" else _answered(outcome, upload)


def _sent(outcome: Outcome, upload: Situation) -> Event:
    if outcome.kind == ANSWERED:
        return _of_answer(outcome.answer, upload)
    if outcome.kind == REJECTED:
        return Event.HOLD if outcome.concerns == CALLER else Event.REJECT
    if outcome.kind != RETRYABLE:
        return Event.NO_ANSWER
    if outcome.code == NOT_IN_TIME:  # by our own pace
        return Event.REQUEUE
    return Event.GIVE_UP if upload.attempts >= MOST_ATTEMPTS else Event.RETRY


def _answered(outcome: Outcome, upload: Situation) -> Event:
    if not outcome.concludes:
        return Event.ACCOUNT_REFUSED if outcome.concerns == CALLER else Event.NO_PROOF
    if outcome.kind == ANSWERED:
        return _of_answer(outcome.answer, upload)
    if outcome.kind != REJECTED:
        return Event.NO_ANSWER
    if upload.asked_elsewhere:  # a registry that files by account knows nothing of another's
        return Event.NO_PROOF
    return _of_unknown_file(upload) if outcome.concerns == REFERENCE else Event.REJECT


def _of_answer(answer: Answer, upload: Situation) -> Event:
    if answer.status != "accepted":
        return Event.RECEIVE
    has_number = answer.registration_number or upload.has_number
    return Event.ACCEPT if has_number else Event.NO_NUMBER


def _of_unknown_file(upload: Situation) -> Event:
    """The registry knows no such file: proof that nothing was received, or is it?"""
    if upload.state == "received":  # it said the contrary
        return Event.NO_PROOF
    if upload.is_settling:
        return Event.TOO_EARLY
    return Event.GIVE_UP if upload.attempts >= MOST_ATTEMPTS else Event.NEVER_RECEIVED


def delay(times: int) -> int:
    """Seconds to wait: growing, with a jitter so that a crowd spreads out."""
    seconds = min(FIRST_DELAY * 2 ** max(times - 1, 0), LONGEST_DELAY)
    return int(seconds * random.uniform(0.8, 1.2))

"""The table of states: every pair of a state and what happens, and what each outcome means."""

import pytest

from rnc import states
from rnc.client import ANSWERED, REFERENCE, REJECTED, RETRYABLE, UNKNOWN, Outcome
from rnc.codec import Answer, Refusal
from rnc.contract import AFFILIATION, CALLER, FILE
from rnc.dispatch import NOT_IN_TIME
from rnc.states import Event, Impossible, Situation, When, after, event_of

# state, what happens: the next state, attempts, questions. Whatever is not here cannot happen.
POSSIBLE = {
    ("queued", "CLAIM"): ("sending", 1, 0),
    ("queued", "ASK_FIRST"): ("unknown", 0, 0),
    ("queued", "CANCEL"): ("cancelled", 0, 0),
    ("sending", "REQUEUE"): ("queued", -1, 0),
    ("sending", "HOLD"): ("queued", -1, 0),
    ("sending", "RETRY"): ("queued", 0, 0),
    ("sending", "GIVE_UP"): ("failed", 0, 0),
    ("sending", "RECEIVE"): ("received", 0, 0),
    ("sending", "ACCEPT"): ("accepted", 0, 0),
    ("sending", "REJECT"): ("rejected", 0, 0),
    ("sending", "NO_NUMBER"): ("unknown", 0, 0),
    ("sending", "NO_ANSWER"): ("unknown", 0, 0),
    ("sending", "UNRECORDED"): ("unknown", 0, 0),
    ("sending", "LOSE_CLAIM"): ("unknown", 0, 0),
    ("received", "CLAIM"): ("received", 0, 0),
    ("received", "REQUEUE"): ("received", 0, 0),
    ("received", "RECEIVE"): ("received", 0, 1),
    ("received", "ACCEPT"): ("accepted", 0, 1),
    ("received", "NO_NUMBER"): ("unknown", 0, 1),
    ("received", "REJECT"): ("rejected", 0, 1),
    ("received", "NO_ANSWER"): ("received", 0, 1),
    ("received", "NO_PROOF"): ("received", 0, 1),
    ("received", "UNRECORDED"): ("unknown", 0, 1),
    ("received", "ACCOUNT_REFUSED"): ("received", 0, 0),
    ("received", "CANCEL"): ("cancelled", 0, 0),
    ("unknown", "CLAIM"): ("unknown", 0, 0),
    ("unknown", "REQUEUE"): ("unknown", 0, 0),
    ("unknown", "RECEIVE"): ("received", 0, 1),
    ("unknown", "ACCEPT"): ("accepted", 0, 1),
    ("unknown", "NO_NUMBER"): ("unknown", 0, 1),
    ("unknown", "REJECT"): ("rejected", 0, 1),
    ("unknown", "NO_ANSWER"): ("unknown", 0, 1),
    ("unknown", "NO_PROOF"): ("unknown", 0, 1),
    ("unknown", "UNRECORDED"): ("unknown", 0, 1),
    ("unknown", "ACCOUNT_REFUSED"): ("unknown", 0, 0),
    ("unknown", "TOO_EARLY"): ("unknown", 0, 1),
    ("unknown", "NEVER_RECEIVED"): ("queued", 0, 0),
    ("unknown", "GIVE_UP"): ("failed", 0, 1),
    ("unknown", "CANCEL"): ("cancelled", 0, 0),
}


@pytest.mark.parametrize("state", states.OPEN_STATES + states.FINAL_STATES)
@pytest.mark.parametrize("event", Event)
def test_every_pair(state, event):
    expected = POSSIBLE.get((state, event.name))
    if expected is None:
        with pytest.raises(Impossible, match=state):
            after(state, event)
        return
    step = after(state, event)
    assert (step.state, step.attempts, step.asks) == expected


def test_what_has_ended_never_ends_otherwise():
    assert not set(states.TRANSITIONS) & set(states.FINAL_STATES)
    assert set(states.TRANSITIONS) == set(states.OPEN_STATES)


def test_only_what_is_proven_not_to_have_been_processed_is_sent_again():
    """Nothing is sent twice: these are the only ways back to the queue."""
    back = {
        (state, event)
        for state, steps in states.TRANSITIONS.items()
        for event, step in steps.items()
        if step.state == "queued"
    }
    assert back == {
        ("sending", Event.REQUEUE),
        ("sending", Event.HOLD),
        ("sending", Event.RETRY),
        ("unknown", Event.NEVER_RECEIVED),
    }


def test_what_may_still_be_worked_on_is_given_time():
    for state, steps in states.TRANSITIONS.items():
        for event, step in steps.items():
            begins = step.state == "unknown" and event in (
                Event.NO_NUMBER,
                Event.UNRECORDED,
                Event.LOSE_CLAIM,
                *((Event.NO_ANSWER,) if state == "sending" else ()),
            )
            assert step.settling == begins, (state, event)


def test_who_is_told():
    told = {
        step.state
        for steps in states.TRANSITIONS.values()
        for step in steps.values()
        if step.trouble
    }
    assert told == {"rejected", "failed"}
    unanswered = after("unknown", Event.NO_ANSWER)
    assert [asks for asks in range(30) if unanswered.tells(asks)] == [states.MOST_ASKS]
    assert not any(after("received", Event.RECEIVE).tells(asks) for asks in range(30))
    assert not any(after("received", Event.NO_ANSWER).tells(asks) for asks in range(30))
    assert after("received", Event.NO_PROOF).tells(states.MOST_ASKS)
    assert not any(after("unknown", Event.TOO_EARLY).tells(asks) for asks in range(30))


@pytest.mark.parametrize(
    ("state", "event", "before", "count"),
    [
        ("unknown", Event.NO_ANSWER, 3, 4),
        ("received", Event.NO_PROOF, 3, 4),
        ("unknown", Event.TOO_EARLY, 3, 3),
        ("received", Event.NO_ANSWER, 3, 3),
        ("unknown", Event.RECEIVE, 3, 0),
        ("received", Event.RECEIVE, 3, 0),
        ("unknown", Event.NEVER_RECEIVED, 3, 0),
        ("sending", Event.NO_ANSWER, 0, 0),
    ],
)
def test_only_questions_in_vain_are_counted(state, event, before, count):
    """Or an upload that was examined for long would pass the number that is told."""
    assert after(state, event).count_in_vain(before) == count


def test_when_it_is_looked_at_again():
    assert after("sending", Event.REQUEUE).when is When.UNCHANGED
    assert after("sending", Event.RETRY).when is When.NEXT_ATTEMPT
    assert after("unknown", Event.REQUEUE).when is When.NOW
    for state in states.ASKED:
        assert after(state, Event.CLAIM).when is When.AFTER_CALL
        assert after(state, Event.ACCOUNT_REFUSED).when is When.AFTER_HOLD


RECEIVED = Outcome(ANSWERED, Answer("received"))
ACCEPTED = Outcome(ANSWERED, Answer("accepted", registration_number="AB1234567"))
NUMBERLESS = Outcome(ANSWERED, Answer("accepted"))


def refused(concerns, status=422):
    answer = Answer("rejected", refusals=(Refusal("E"),))
    return Outcome(REJECTED, answer, status=status, concerns=concerns)


@pytest.mark.parametrize(
    ("outcome", "attempts", "event"),
    [
        (RECEIVED, 1, "RECEIVE"),
        (ACCEPTED, 1, "ACCEPT"),
        (NUMBERLESS, 1, "NO_NUMBER"),
        (refused(FILE), 1, "REJECT"),
        (refused(FILE, 403), 1, "REJECT"),
        (refused(AFFILIATION, 403), 1, "REJECT"),
        (refused(REFERENCE), 1, "REJECT"),
        (refused(CALLER), 1, "HOLD"),
        (refused(CALLER), 12, "HOLD"),
        (Outcome(RETRYABLE, code="BUSY"), 11, "RETRY"),
        (Outcome(RETRYABLE, code="BUSY"), 12, "GIVE_UP"),
        (Outcome(RETRYABLE, code=NOT_IN_TIME), 12, "REQUEUE"),
        (Outcome(UNKNOWN, code="CUT"), 12, "NO_ANSWER"),
    ],
)
def test_what_an_outcome_of_sending_means(outcome, attempts, event):
    situation = Situation("sending", attempts)
    assert event_of("send", outcome, situation).name == event
    after("sending", event_of("send", outcome, situation))


def test_an_update_needs_no_number():
    for operation, state in (("send", "sending"), ("ask", "received"), ("ask", "unknown")):
        event = event_of(operation, NUMBERLESS, Situation(state, 1, has_number=True))
        assert event is Event.ACCEPT


@pytest.mark.parametrize("state", states.ASKED)
@pytest.mark.parametrize(
    ("outcome", "event"),
    [
        (RECEIVED, "RECEIVE"),
        (ACCEPTED, "ACCEPT"),
        (NUMBERLESS, "NO_NUMBER"),
        (refused(FILE), "REJECT"),
        (refused(FILE, 403), "NO_PROOF"),
        (refused(AFFILIATION), "NO_PROOF"),
        (refused(CALLER), "ACCOUNT_REFUSED"),
        (Outcome(RETRYABLE, code="BUSY"), "NO_ANSWER"),
        (Outcome(RETRYABLE, code=NOT_IN_TIME), "NO_ANSWER"),
        (Outcome(UNKNOWN, code="CUT"), "NO_ANSWER"),
    ],
)
def test_what_an_answer_to_a_question_means(state, outcome, event):
    assert event_of("ask", outcome, Situation(state, 1)).name == event
    after(state, Event[event])


@pytest.mark.parametrize(
    ("situation", "event"),
    [
        (Situation("unknown", 1), "NEVER_RECEIVED"),
        (Situation("unknown", 12), "GIVE_UP"),
        (Situation("unknown", 12, is_settling=True), "TOO_EARLY"),
        (Situation("unknown", 1, asked_elsewhere=True), "NO_PROOF"),
        (Situation("received", 1), "NO_PROOF"),
        (Situation("received", 12, is_settling=True), "NO_PROOF"),
    ],
)
def test_never_received_is_believed_of_what_has_no_answer_alone(situation, event):
    assert event_of("ask", refused(REFERENCE, 404), situation).name == event
    after(situation.state, Event[event])


def test_a_refusal_asked_for_elsewhere_proves_nothing():
    for state in states.ASKED:
        situation = Situation(state, 1, asked_elsewhere=True)
        assert event_of("ask", refused(FILE), situation) is Event.NO_PROOF
        assert event_of("ask", ACCEPTED, situation) is Event.ACCEPT


def test_delays_grow_and_spread():
    for times, seconds in ((0, 60), (1, 60), (2, 120), (5, 960), (30, states.LONGEST_DELAY)):
        drawn = {states.delay(times) for _one in range(200)}
        assert min(drawn) >= 0.8 * seconds - 1 and max(drawn) <= 1.2 * seconds
        assert len(drawn) > 10, "a crowd does not come back together"

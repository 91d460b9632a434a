"""Calls in the air: collected as they end, those that end together in one go."""

import math
import threading
import time
from dataclasses import replace

import pytest

from rnc import dispatch
from rnc.client import ANSWERED, RETRYABLE, UNKNOWN, Outcome
from rnc.dispatch import CALLS_PER_CONNECTION, Dispatch

DONE = Outcome(ANSWERED)


@pytest.fixture
def flight(desk):
    with Dispatch() as made:
        yield made, made.client("account", desk.client)


def test_what_ends_together_is_collected_together(flight, monkeypatch):
    monkeypatch.setattr(dispatch, "GATHER", 60)
    made, client = flight
    for rank in range(4):
        made.submit("account", rank, lambda: client.prove("never-sent"))
    completed = made.completed()
    assert sorted(key for key, _outcome in completed) == [0, 1, 2, 3]
    assert {outcome.status for _key, outcome in completed} == {404}
    assert not made and made.completed() == []


def test_what_is_still_in_the_air_keeps_nobody_waiting(flight):
    made, client = flight
    arrival = threading.Event()
    made.submit("account", "late", lambda: arrival.wait() and DONE)
    made.submit("account", "early", lambda: DONE)
    assert made.completed() == [("early", DONE)]
    arrival.set()
    assert made.completed() == [("late", DONE)]


def test_nobody_waits_longer_than_their_patience(flight):
    made, _client = flight
    arrival = threading.Event()
    made.submit("account", "late", lambda: arrival.wait() and DONE)
    assert made.completed(patience=0.05) == []
    assert len(made) == 1
    arrival.set()
    assert [key for key, _outcome in made.completed()] == ["late"]


def test_what_has_not_left_is_cancelled(flight):
    made, client = flight
    arrival = threading.Event()
    connections = client.profile.limits.connections
    for rank in range(connections + 2):
        made.submit("account", rank, lambda: arrival.wait() and DONE)
    assert sorted(made.cancel_pending(made.busy())) == [connections, connections + 1]
    arrival.set()
    completed = []
    while made:
        completed += made.completed()
    assert len(completed) == connections


def test_an_account_that_hangs_keeps_no_other_waiting(flight, desk):
    made, client = flight
    made.client("other", desk.client)
    arrival = threading.Event()
    connections = client.profile.limits.connections
    capacity = CALLS_PER_CONNECTION * connections
    for rank in range(capacity):
        made.submit("account", rank, lambda: arrival.wait() and DONE)
    assert made.room("account", connections) == 0
    assert made.room("other", connections) == capacity
    made.submit("other", "soon", lambda: DONE)
    assert made.completed() == [("soon", DONE)]
    arrival.set()
    while made:
        made.completed()
    assert made.room("account", connections) == capacity


def test_what_one_account_has_pending_is_cancelled_alone(flight, desk):
    made, client = flight
    made.client("other", desk.client)
    arrival = threading.Event()
    connections = client.profile.limits.connections
    for account in ("account", "other"):
        for rank in range(connections + 1):
            made.submit(account, (account, rank), lambda: arrival.wait() and DONE)
    assert made.cancel_pending({"other"}) == [("other", connections)]
    assert made.busy() == {"account", "other"}
    assert len(made) == 2 * connections + 1
    arrival.set()
    while made:
        made.completed()
    assert made.busy() == set()


def test_nothing_leaves_any_more_when_a_run_fails(desk):
    arrival, left = threading.Event(), []
    threading.Timer(0.5, arrival.set).start()
    with pytest.raises(KeyError), Dispatch() as made:
        connections = made.client("slow", desk.client).profile.limits.connections
        made.client("other", desk.client)
        made.submit("slow", 0, lambda: arrival.wait() and DONE)
        for rank in range(connections):
            made.submit("other", rank, lambda: arrival.wait() and DONE)
        made.submit("other", "pending", lambda: left.append(1) or DONE)
        raise KeyError
    assert arrival.is_set() and not left


def test_a_fault_of_ours_leaves_the_outcome_unknown(flight):
    made, client = flight
    made.submit("account", "broken", lambda: 1 / 0)
    [(_key, outcome)] = made.completed()
    assert (outcome.kind, outcome.code) == (UNKNOWN, "INTERRUPTED")


def test_more_are_brought_once_half_of_the_last_ones_have_completed(flight):
    made, client = flight
    connections = client.profile.limits.connections
    capacity = CALLS_PER_CONNECTION * connections
    half, rest = threading.Event(), threading.Event()
    for rank in range(capacity):
        gate = half if rank < capacity // 2 else rest
        made.submit("account", rank, lambda gate=gate: gate.wait() and DONE)
    assert made.room("account", connections) == 0
    half.set()
    done = 0
    while done < capacity // 2:
        done += len(made.completed())
    assert made.room("account", connections) == capacity // 2
    rest.set()
    while made:
        made.completed()
    assert made.room("account", connections) == capacity


def test_a_call_leaves_at_its_moment_and_not_before(flight):
    made, _client = flight
    moment, left = time.monotonic() + 0.3, []
    made.submit("account", "later", lambda: left.append(time.monotonic()) or DONE, moment)
    assert made.completed(patience=0.05) == []
    assert made.completed() == [("later", DONE)]
    assert left[0] >= moment


def test_a_call_that_waits_for_its_moment_is_cancelled(flight):
    made, _client = flight
    made.submit("account", "later", lambda: DONE, time.monotonic() + 30)
    assert made.completed(patience=0.1) == [], "a thread waits with it"
    assert made.cancel_pending(made.busy()) == ["later"]
    assert not made and made.busy() == set()
    made.submit("account", "soon", lambda: DONE)
    assert made.completed(patience=10) == [("soon", DONE)]


def test_a_call_without_a_turn_does_not_leave(flight):
    made, _client = flight
    made.submit("account", "never", lambda: 1 / 0, math.inf)
    [(_key, outcome)] = made.completed(patience=10)
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NOT_IN_TIME")


def test_what_a_person_waits_for_ends_in_time(desk):
    with Dispatch(0.2) as made:
        made.client("account", desk.client)
        time.sleep(0.2)
        made.submit("account", "late", lambda: DONE)
        [(_key, outcome)] = made.completed(patience=10)
        assert outcome.code == "NOT_IN_TIME" and made.seconds_left() <= 0


@pytest.mark.parametrize(
    ("connections", "calls"), [(4, 600), (8, 60_000), (4, 30), (4, 1), (8, 10), (1, 600)]
)
def test_no_minute_sees_more_calls_than_it_may(desk, connections, calls):
    limits = replace(desk.profile.limits, connections=connections, calls_per_minute=calls)
    # After a silence: the burst at once, then one each interval.
    within_a_minute = limits.burst + math.ceil(60 / limits.interval) - 1
    assert 0.9 * calls <= within_a_minute <= calls + 1e-6 or within_a_minute == calls == 1

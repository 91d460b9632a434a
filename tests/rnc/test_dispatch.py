"""Calls in the air: collected as they end, those that end together in one go."""

import math
import threading
import time
from dataclasses import replace

import pytest

from rnc import dispatch
from rnc.client import ANSWERED, RETRYABLE, UNKNOWN, Outcome
from rnc.dispatch import LEAST_AT_HAND, MOST_AT_HAND, Dispatch

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
    landed = made.landed()
    assert sorted(key for key, _outcome in landed) == [0, 1, 2, 3]
    assert {outcome.status for _key, outcome in landed} == {404}
    assert not made and made.landed() == []


def test_what_is_still_in_the_air_keeps_nobody_waiting(flight):
    made, client = flight
    arrival = threading.Event()
    made.submit("account", "late", lambda: arrival.wait() and DONE)
    made.submit("account", "early", lambda: DONE)
    assert made.landed() == [("early", DONE)]
    arrival.set()
    assert made.landed() == [("late", DONE)]


def test_nobody_waits_longer_than_their_patience(flight):
    made, _client = flight
    arrival = threading.Event()
    made.submit("account", "late", lambda: arrival.wait() and DONE)
    assert made.landed(patience=0.05) == []
    assert len(made) == 1
    arrival.set()
    assert [key for key, _outcome in made.landed()] == ["late"]


def test_what_has_not_left_is_called_off(flight):
    made, client = flight
    arrival = threading.Event()
    connections = client.profile.limits.connections
    for rank in range(connections + 2):
        made.submit("account", rank, lambda: arrival.wait() and DONE)
    assert sorted(made.call_off()) == [connections, connections + 1]
    arrival.set()
    landed = []
    while made:
        landed += made.landed()
    assert len(landed) == connections


def test_an_account_that_hangs_keeps_no_other_waiting(flight, desk):
    made, _client = flight
    made.client("other", desk.client)
    arrival = threading.Event()
    for rank in range(LEAST_AT_HAND):
        made.submit("account", rank, lambda: arrival.wait() and DONE)
    assert made.room("account") == 0
    assert made.room("other") == LEAST_AT_HAND
    made.submit("other", "soon", lambda: DONE)
    assert made.landed() == [("soon", DONE)]
    arrival.set()
    while made:
        made.landed()
    assert made.room("account") >= LEAST_AT_HAND


def test_what_one_account_has_pending_is_called_off_alone(flight, desk):
    made, client = flight
    made.client("other", desk.client)
    arrival = threading.Event()
    connections = client.profile.limits.connections
    for account in ("account", "other"):
        for rank in range(connections + 1):
            made.submit(account, (account, rank), lambda: arrival.wait() and DONE)
    assert made.call_off({"other"}) == [("other", connections)]
    assert made.busy() == {"account", "other"}
    assert len(made) == 2 * connections + 1
    arrival.set()
    while made:
        made.landed()
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
    [(_key, outcome)] = made.landed()
    assert (outcome.kind, outcome.code) == (UNKNOWN, "INTERRUPTED")


def test_the_faster_they_leave_the_more_are_kept_at_hand(flight, monkeypatch):
    made, client = flight
    assert made.room("account") == LEAST_AT_HAND
    monkeypatch.setattr(dispatch, "GATHER", 1e-6)  # the shortest time that is measured
    for rank in range(LEAST_AT_HAND):
        made.submit("account", rank, lambda: DONE)
    assert made.room("account") == 0, "half of the last ones have not landed"
    while made:
        made.landed()
    lane = made._lanes["account"]
    lane.count += 1_000_000
    lane.collect(1_000_000)
    assert made.room("account") == MOST_AT_HAND


def test_a_call_leaves_at_its_moment_and_not_before(flight):
    made, _client = flight
    moment, left = time.monotonic() + 0.3, []
    made.submit("account", "later", lambda: left.append(time.monotonic()) or DONE, moment)
    assert made.landed(patience=0.05) == []
    assert made.landed() == [("later", DONE)]
    assert left[0] >= moment


def test_a_call_that_waits_for_its_moment_is_called_off(flight):
    made, _client = flight
    made.submit("account", "later", lambda: DONE, time.monotonic() + 30)
    assert made.landed(patience=0.1) == [], "a thread waits with it"
    assert made.call_off() == ["later"]
    assert not made and made.busy() == set()
    made.submit("account", "soon", lambda: DONE)
    assert made.landed(patience=10) == [("soon", DONE)]


def test_a_call_without_a_turn_does_not_leave(flight):
    made, _client = flight
    made.submit("account", "never", lambda: 1 / 0, math.inf)
    [(_key, outcome)] = made.landed(patience=10)
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NOT_IN_TIME")


def test_what_a_person_waits_for_ends_in_time(desk):
    with Dispatch(0.2) as made:
        made.client("account", desk.client)
        time.sleep(0.2)
        made.submit("account", "late", lambda: DONE)
        [(_key, outcome)] = made.landed(patience=10)
        assert outcome.code == "NOT_IN_TIME" and made.seconds_left() <= 0


@pytest.mark.parametrize(
    ("connections", "calls"), [(4, 600), (8, 60_000), (4, 30), (4, 1), (8, 10), (1, 600)]
)
def test_no_minute_sees_more_calls_than_it_may(desk, connections, calls):
    limits = replace(desk.profile.limits, connections=connections, calls_per_minute=calls)
    # After a silence: the burst at once, then one each interval.
    within_a_minute = limits.burst + math.ceil(60 / limits.interval) - 1
    assert 0.9 * calls <= within_a_minute <= calls + 1e-6 or within_a_minute == calls == 1

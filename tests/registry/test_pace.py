"""How fast an account calls, and what a run that hangs may cost."""

import threading
import time
from dataclasses import replace

import pytest
from registry.transport.pace import Pace

from registry import dispatch
from registry.client import ACCEPTED, RETRYABLE, Outcome
from registry.dispatch import Dispatch
from registry.transport import pace_of


def test_a_burst_then_evenly():
    pace = Pace(per_minute=600, burst=3)
    started = time.monotonic()
    assert [pace.wait(most=1) for _call in range(3)] == [0, 0, 0]
    assert time.monotonic() - started < 0.1
    assert pace.wait(most=1) == 0
    assert time.monotonic() - started >= 0.09


def test_a_turn_too_far_away_is_not_taken():
    pace = Pace(per_minute=1, burst=1)
    assert pace.wait(most=0) == 0
    assert 50 < pace.wait(most=5) <= 60
    assert 50 < pace.wait(most=5) <= 60, "the first refusal took no turn"


def test_every_run_goes_on_with_the_same_pace():
    first = pace_of(("database", 1), 600, 4)
    assert pace_of(("database", 1), 600, 4) is first
    assert pace_of(("database", 2), 600, 4) is not first
    assert pace_of(("database", 1), 300, 4) is not first, "the parameters have changed"


def test_a_call_that_the_pace_puts_off_has_not_left(desk):
    client = desk.client()
    slow = replace(client.profile.limits, total_timeout=1)
    client.channel.limits = slow
    client.channel._pace = Pace(per_minute=1, burst=1)
    assert client.prove("first").code != "NOT_IN_TIME"
    outcome = client.prove("second")
    assert (outcome.kind, outcome.code) == (RETRYABLE, "NOT_IN_TIME")
    assert 50 < outcome.retry_after <= 60


@pytest.fixture
def flight(desk):
    with Dispatch() as made:
        yield made, made.client("account", desk.client)


def test_nobody_waits_longer_than_his_patience(flight):
    made, client = flight
    arrival = threading.Event()
    made.submit("account", "late", lambda: arrival.wait() and Outcome(ACCEPTED))
    assert made.landed(patience=0.05) == []
    assert len(made) == 1
    arrival.set()
    assert [key for key, _outcome in made.landed()] == ["late"]


def test_no_more_is_brought_than_the_pace_lets_leave_in_time(flight, desk):
    made, client = flight
    assert made.room("account") == dispatch.LEAST_AT_HAND
    limits = replace(client.profile.limits, calls_per_minute=6, total_timeout=30)
    client.profile = replace(client.profile, limits=limits)
    assert made.room("account") == 3

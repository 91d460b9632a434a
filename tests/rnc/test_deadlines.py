"""Deadlines of the law, and the days on which they turn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rnc import deadlines
from rnc.deadlines import Mandate

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("meeting", "due"),
    [
        (date(2026, 6, 18), date(2026, 8, 18)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(36, 3, 13), None),
        (None, None),
    ],
)
def test_two_months_from_the_meeting(meeting, due):
    assert [d.due for d in deadlines.annual(meeting)] == ([due] if due else [])


@pytest.mark.parametrize(
    ("mandates", "expected"),
    [
        ([], []),
        ([Mandate(None, None)], []),
        ([Mandate(date(2026, 1, 1), None)], []),
        ([Mandate(date(2026, 1, 1), date(2026, 12, 31))], [("mandate", date(2026, 12, 31))]),
        ([Mandate(date(2026, 1, 1), date(2026, 10, 31))], [("successor", date(2026, 11, 30))]),
        (
            [Mandate(date(2025, 1, 1), date(2025, 12, 31)), Mandate(date(2026, 1, 1), None)],
            [("renewal", date(2026, 1, 31))],
        ),
        (
            [
                Mandate(date(2025, 1, 1), date(2025, 12, 31)),
                Mandate(date(2026, 1, 1), date(2026, 12, 31), declared=True),
                Mandate(date(2027, 1, 1), date(2027, 12, 31)),
            ],
            [("renewal", date(2027, 1, 31))],
        ),
        (
            [
                Mandate(date(2026, 1, 1), date(2026, 12, 31), declared=True),
                Mandate(date(2027, 1, 1), date(2027, 12, 31), declared=True),
            ],
            [("mandate", date(2027, 12, 31))],
        ),
        (
            [
                Mandate(date(2026, 1, 1), date(2026, 12, 31), declared=True),
                Mandate(date(2027, 1, 1), date(2027, 12, 31), declared=True),
                Mandate(date(2028, 1, 1), date(2028, 12, 31)),
            ],
            [("renewal", date(2028, 1, 31))],
        ),
    ],
)
def test_mandates(mandates, expected):
    found = deadlines.of_mandates(mandates, ON)
    assert [(d.kind, d.due) for d in found] == expected
    assert all(d.law and d.opens <= d.due for d in found)


def test_a_declared_renewal_prolongs_the_mandate():
    present = Mandate(date(2026, 1, 1), date(2026, 12, 31), declared=True)
    renewal = Mandate(date(2027, 1, 1), date(2027, 12, 31), declared=True)
    assert deadlines.last_mandate([renewal, present], ON) == renewal
    assert deadlines.last_mandate([present, replace(renewal, declared=False)], ON) == present
    assert deadlines.last_mandate([renewal], ON) is None


def test_the_states_turn_on_the_days_that_are_announced():
    found = deadlines.annual(date(2026, 11, 1))
    day, seen = date(2026, 11, 1), []
    for _ in range(120):
        now = deadlines.state(found, day)
        if not seen or now != seen[-1][1]:
            seen.append((day, now))
        day += timedelta(days=1)
    assert [state for _day, state in seen] == ["in_order", "soon", "late"]
    turning = deadlines.turning_points(found, date(2026, 11, 1))
    assert {turned for turned, _state in seen[1:]} <= set(turning)

"""What mandates ask for; the calendar as a whole is in ``test_calendar``."""

from dataclasses import replace
from datetime import date

import pytest

from rnc import deadlines
from rnc.deadlines import Mandate

ON = date(2026, 11, 24)


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

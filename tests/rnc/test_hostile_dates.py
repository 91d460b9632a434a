"""Whatever day is entered, the calendar says something: programs write « no end » as 9999."""

from datetime import date
from itertools import product

import pytest

from rnc.deadlines.facts import Facts, duties, to_prepare, turning_points
from rnc.deadlines.fiscal_years import FiscalYear, is_superseded
from rnc.deadlines.mandates import Mandate

TODAY = date(2026, 3, 1)
DAYS = [None, date.min, date(1949, 12, 31), date(2024, 2, 29), date(9000, 1, 2), date.max]


def facts_of_any_days():
    for start, end, meeting in product(DAYS, repeat=3):
        if not (start and end and end < start):
            years = (FiscalYear(start, end, meeting), FiscalYear(None, end, meeting, supposed=True))
            yield Facts(years=years, closing_day=(12, 31))
        mandates = (Mandate(start, end, True), Mandate(meeting, start))
        yield Facts(mandates=mandates)
        yield Facts(dissolution="division", dissolved_on=end, bylaws=start)


def test_whatever_day_is_entered():
    for facts in facts_of_any_days():
        assert duties(facts, TODAY)
        assert all(day > TODAY for day in turning_points(facts, TODAY))
        to_prepare(facts, TODAY)
        known = [year for year in facts.years if year.end]
        assert all(is_superseded(year, known) in (True, False) for year in known)


@pytest.mark.parametrize("end", [None, date.max])
def test_a_mandate_without_an_end_is_to_be_filled_in(end):
    found = duties(Facts(mandates=(Mandate(date(2025, 1, 1), end),)), TODAY)
    assert "NO_MANDATE_END" in [duty.code for duty in found]

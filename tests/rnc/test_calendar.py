"""Each situation of a condominium, over four years: what is due, and on whose word.

The same table is looked at on every screen by the addon's tests.
"""

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rnc import deadlines
from rnc.deadlines import Facts, FiscalYear, Mandate

TABLE = Path(__file__).parents[2] / "copro_registry/tests/data/situations.csv"
WITH_MANDATE = "2025-01-01>2027-12-31 declared"
UP_TO_DATE = FiscalYear(end=date(2025, 12, 31), meeting=date(2026, 6, 26), declared=True)
MANDATE = Mandate(date(2025, 1, 1), date(2027, 12, 31), declared=True)
ON = date(2026, 11, 30)


def day(written):
    return date.fromisoformat(written) if written else None


def period(written):
    start, _to, end = written.rpartition(">") if ">" in written else ("", "", written)
    return day(start), day(end)


def fiscal_year(written):
    term, *words = written.split()
    start, end = period(term)
    meeting = day(words[words.index("ag") + 1]) if "ag" in words else None
    known = FiscalYear(start, end, meeting, "declared" in words, "first" in words)
    return replace(known, correcting="correcting" in words)


def mandate(written):
    term, *words = written.split()
    return Mandate(*period(term), declared="declared" in words)


def lines(written, read):
    return tuple(read(line.strip()) for line in written.split(",") if line.strip() not in ("", "-"))


def facts(row):
    said = dict(word.split("=") for word in row["facts"].split())
    mandates = row["mandates"] or WITH_MANDATE
    dissolution, _at, dissolved_on = said.get("dissolution", "").partition("@")
    return Facts(
        is_registered=said.get("number") != "no",
        affiliation=said.get("affiliation"),
        is_refused="refused" in said,
        bylaws=day(said.get("bylaws", "1972-04-18")),
        main_lots=int(said.get("main", 8)),
        housing_lots=int(said.get("housing", 8)),
        dissolution=dissolution or None,
        dissolved_on=day(dissolved_on),
        years=lines(row["years"], fiscal_year),
        mandates=lines(mandates, mandate),
        is_by_law="law" in mandates,
        closing_day=deadlines.read_closing_day(said.get("closing")),
        late_after=int(said.get("late_after", 12)),
        by_meeting="provisional" not in said,
    )


with TABLE.open(encoding="utf-8", newline="") as opened:
    ROWS = list(csv.DictReader(opened, delimiter=";"))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["situation"])
def test_a_situation(row):
    on = day(row["day"])
    first, *_others = found = deadlines.duties(facts(row), on)
    seen = (deadlines.state(found, on), first.due, first.code)
    assert seen == (row["state"], day(row["due"]), row["code"])
    assert first.state(on) == row["state"], "the first is the worst"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["situation"])
def test_what_time_changes_changes_on_the_days_that_are_announced(row):
    """Over four years: otherwise the screens would say what is no longer true."""
    known, on = facts(row), day(row["day"])

    def said():
        duties = deadlines.duties(known, on)
        return [(one.code, one.due, one.state(on), one.is_open(on)) for one in duties]

    before, announced = said(), set(deadlines.turning_points(known, on))
    for _ in range(4 * 366):
        on += timedelta(days=1)
        now = said()
        if now != before:
            assert on in announced, (before, now)
            before, announced = now, set(deadlines.turning_points(known, on))


def test_the_table_is_whole():
    assert len(ROWS) >= 30
    assert len({row["situation"] for row in ROWS}) == len(ROWS)
    never_first = {"ANNUAL_PLAIN", "ARCHIVED", "NOTHING"}
    assert {row["code"] for row in ROWS} == deadlines.MESSAGES.keys() - never_first


def test_each_missing_year_is_named():
    missing = Facts(years=(FiscalYear(end=date(2022, 12, 31), declared=True),), mandates=(MANDATE,))
    closed = [one.closing for one in deadlines.duties(missing, ON) if one.kind == "accounts"]
    assert closed == [date(year, 12, 31) for year in (2023, 2024, 2025, 2026)]
    assert all(one.is_supposed for one in deadlines.duties(missing, ON) if one.closing)


def test_no_date_is_invented():
    """Where no text gives a date there is none, or it is marked as contested."""
    for row in ROWS:
        for one in deadlines.duties(facts(row), day(row["day"])):
            if one.kind == "accounts":
                assert one.mark in ("contested", "silent")
                assert one.code in deadlines.REASONS
            elif one.mark == "silent":
                assert one.due is None


def test_nothing_is_missing_from_before_the_registry():
    old = Facts(years=(FiscalYear(end=date(1998, 12, 31)),), mandates=(MANDATE,))
    closed = [one.closing.year for one in deadlines.duties(old, ON) if one.closing]
    assert closed == [1998, *range(2016, 2027)]


@pytest.mark.parametrize(
    ("closing", "closing_day", "expected"),
    [
        (date(2023, 12, 31), None, date(2024, 12, 31)),
        (date(2023, 2, 28), None, date(2024, 2, 29)),
        (date(2024, 2, 29), None, date(2025, 2, 28)),
        (date(2023, 3, 15), None, date(2024, 3, 15)),
        (date(2024, 2, 29), "29/02", date(2025, 2, 28)),
        (date(2025, 2, 28), "28/02", date(2026, 2, 28)),
        (date(2024, 12, 31), "30/06", date(2025, 6, 30)),
        (date(2024, 9, 30), "31/12", date(2025, 12, 31)),
        (date(2024, 6, 30), "30/6", date(2025, 6, 30)),
    ],
)
def test_the_closing_that_follows(closing, closing_day, expected):
    assert deadlines.following(closing, deadlines.read_closing_day(closing_day)) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *(("31/12", (12, 31)), ("1/7", (7, 1)), (" 30-06 ", (6, 30)), ("29.02", (2, 29))),
        *(("31/02", None), ("0/12", None), ("12", None), ("31/13", None), ("", None), (None, None)),
    ],
)
def test_the_closing_day_as_people_write_it(written, expected):
    assert deadlines.read_closing_day(written) == expected


def test_what_is_entered_twice_counts_once():
    twice = (FiscalYear(end=date(2025, 12, 31), supposed=True), UP_TO_DATE)
    [accounts, mandate_end] = deadlines.duties(Facts(years=twice, mandates=(MANDATE,)), ON)
    assert (accounts.closing, mandate_end.kind) == (date(2026, 12, 31), "mandate")


def test_the_missing_years_are_prepared_with_their_dates():
    declared = FiscalYear(end=date(2023, 12, 31), declared=True)
    moved = Facts(years=(declared, FiscalYear(end=date(2025, 6, 30))))
    found = deadlines.to_prepare(moved, ON)
    assert [(one.start, one.end) for one in found] == [(date(2025, 7, 1), date(2026, 6, 30))]
    missing = Facts(years=(declared,))
    found = deadlines.to_prepare(missing, ON)
    assert [one.end.year for one in found] == [2024, 2025], "not the one in progress"
    for others in ("unaffiliated", "leaving"):
        assert not deadlines.to_prepare(replace(missing, affiliation=others), ON)
    assert not deadlines.to_prepare(replace(missing, is_registered=False), ON)


def test_what_is_supposed_gives_way_to_what_is_entered():
    supposed = FiscalYear(date(2025, 1, 1), date(2025, 12, 31), supposed=True)
    longer = FiscalYear(date(2025, 1, 1), date(2026, 6, 30))
    assert deadlines.is_superseded(supposed, [supposed, longer])
    assert not deadlines.is_superseded(longer, [supposed, longer])
    before = FiscalYear(end=date(2024, 12, 31), declared=True)
    found = deadlines.duties(Facts(years=(before, supposed, longer), mandates=(MANDATE,)), ON)
    closed = [one.closing for one in found if one.kind == "accounts"]
    assert closed == [date(2026, 6, 30), date(2027, 6, 30)]


@pytest.mark.parametrize(
    ("on", "term"),
    [
        (date(2026, 11, 30), (date(2025, 1, 1), date(2025, 12, 31))),
        (date(2025, 12, 31), (date(2024, 1, 1), date(2024, 12, 31))),
        (date(2026, 1, 1), (date(2025, 1, 1), date(2025, 12, 31))),
    ],
)
def test_the_closing_day_alone_says_which_year_closed_last(on, term):
    found = deadlines.closed_last((12, 31), on)
    assert (found.start, found.end) == term


def test_an_archived_one_is_followed_no_more():
    [only] = deadlines.duties(Facts(is_in_use=False), ON)
    assert (only.code, only.state(ON)) == ("ARCHIVED", "unknown")


def test_a_year_without_end_still_counts_from_its_meeting():
    found = deadlines.duties(
        Facts(years=(FiscalYear(meeting=date(2026, 8, 1)),), mandates=(MANDATE,)), ON
    )
    codes = [(one.code, one.due) for one in found]
    assert ("ANNUAL_PLAIN", date(2026, 10, 1)) in codes
    assert ("FISCAL_YEAR_DATES", None) in codes


def test_a_correction_is_to_do_and_never_late():
    """The registry has the fiscal year: what its meeting asked for was done."""
    year = replace(UP_TO_DATE, correcting=True)
    [first, *others] = deadlines.duties(Facts(years=(year,), mandates=(MANDATE,)), ON)
    assert (first.code, first.state(ON), first.due) == ("CORRECTION", "soon", None)
    assert "ANNUAL" not in {one.code for one in others}

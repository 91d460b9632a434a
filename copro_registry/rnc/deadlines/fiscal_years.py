"""The fiscal years that have closed, entered or not, and what each of them asks for.

Sources: code de la construction et de l'habitation, articles R711-9 and R711-10; loi 65-557,
article 14-1; décret 2005-240, article 5. A delay in months ends as article 641 of the code de
procédure civile says: on the same day, or the last one of the month. The registry wants the
last fiscal year that was approved: what comes before one that is declared is settled.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from .duty import (
    ACCOUNTS,
    ANNUAL,
    CONTESTED,
    DAY,
    FILL_IN,
    FIRST,
    OLDEST,
    SILENT,
    SOON,
    UPLOAD,
    Duty,
    dated,
    is_countable,
)

LAW = {
    ANNUAL: "CCH R711-10",
    ACCOUNTS: "Loi 65-557 art. 14-1",
    FIRST: "CCH R711-9 II; arrêté 10/10/2016 annexe 5",
}
TO_UPDATE = relativedelta(months=2)  # from the general meeting, not from its minutes
TO_APPROVE = relativedelta(months=6)  # deduced from the meeting on the budget, and contested
LATE_AFTER = 12  # months from the closing: one meeting a year (décret 67-223, article 7)
YEAR = relativedelta(months=12)
# A moved closing makes a year shorter or longer than twelve months; no text says which.
SHORTEST = relativedelta(months=6)
TOO_FAR = relativedelta(months=24)
# The first date by which anything was to be registered (CCH L711-1): nothing is missing before.
REGISTRY_OPENS = date(2016, 12, 31)
CLOSING_DAY = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})")


@dataclass(frozen=True)
class FiscalYear:
    """A fiscal year, as it is entered; ``supposed`` when its dates were proposed by rule."""

    start: date | None = None
    end: date | None = None
    meeting: date | None = None
    declared: bool = False
    is_first: bool = False  # not approved yet: the registry wants its two dates only
    supposed: bool = False
    is_entered: bool = True
    correcting: bool = False  # declared, and somebody is putting a figure right

    @property
    def is_settled(self) -> bool:
        return self.declared and not self.is_first

    @property
    def approved_on(self) -> date | None:
        return None if self.is_first else self.meeting

    @property
    def first_day(self) -> date:
        return self.start or max(self.end, OLDEST) - YEAR + DAY

    def is_plausible(self, on: date) -> bool:
        """Whether its dates can be counted from."""
        meets = not self.approved_on or is_countable(self.approved_on)
        return meets and bool(self.end) and OLDEST <= self.end <= on + TOO_FAR


def read_closing_day(written: str | None) -> tuple[int, int] | None:
    """(month, day) of « 31/12 »; None of anything else."""
    found = CLOSING_DAY.fullmatch((written or "").strip())
    if not found:
        return None
    day, month = map(int, found.groups())
    # 2024 is a leap year: on 29 February, a year closes on the last day of the month.
    exists = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]
    return (month, day) if exists else None


def following(closing: date, closing_day: tuple[int, int] | None = None) -> date:
    """The day on which the fiscal year after the one that closed on ``closing`` closes.

    Twelve months later (décret 2005-240, article 5), the last of a month staying the last; or
    on the day of the bylaws, where they have moved it.
    """
    if closing_day and not _is_day(closing, closing_day):
        earliest = closing + SHORTEST
        day = _day_of(earliest.year, closing_day)
        return day if day >= earliest else _day_of(earliest.year + 1, closing_day)
    is_last = closing.day == monthrange(closing.year, closing.month)[1]
    return _day_of(closing.year + 1, (closing.month, 31 if is_last else closing.day))


def _is_day(closing: date, closing_day: tuple[int, int]) -> bool:
    return closing == _day_of(closing.year, closing_day)


def _day_of(year: int, closing_day: tuple[int, int]) -> date:
    month, day = closing_day
    last = monthrange(year, month)[1]
    is_last = day >= monthrange(2023, month)[1]  # of a common year: 28 February is the last
    return date(year, month, last if is_last else day)


def succession(
    years: Iterable[FiscalYear], closing_day: tuple[int, int] | None, on: date
) -> Iterator[FiscalYear]:
    """Each fiscal year after the last declared one, entered or supposed, to the one in progress."""
    known = _one_for_each_closing(years, on)
    settled = [year.end for year in known if year.is_settled]
    last = settled[-1] if settled else None
    for year in known:
        if last and year.end <= last:
            continue
        if last:
            yield from _between(last, closing_day, year.first_day)
        yield year
        last = year.end
    while last and last < on:
        supposed = next_year(last, closing_day)
        yield supposed
        last = supposed.end


def next_year(last: date, closing_day: tuple[int, int] | None = None) -> FiscalYear:
    """The fiscal year that follows a closing, by rule."""
    end = following(last, closing_day)
    return FiscalYear(last + DAY, end, supposed=True, is_entered=False)


def closed_last(closing_day: tuple[int, int], on: date) -> FiscalYear:
    """The last fiscal year that has closed on the day ``on``, by the closing day alone."""
    end = _day_of(on.year, closing_day)
    before = _day_of(on.year - (2 if end >= on else 1), closing_day)
    return next_year(before)


def _between(last: date, closing_day, first_day: date) -> Iterator[FiscalYear]:
    """The whole years that lie between a closing and the first day of the next one entered."""
    supposed = next_year(last, closing_day)
    while supposed.end < first_day:
        yield supposed
        supposed = next_year(supposed.end, closing_day)


def _one_for_each_closing(years: Iterable[FiscalYear], on: date) -> list[FiscalYear]:
    """Of two that are entered for the same closing, the one that went further."""
    plausible = [year for year in years if year.is_plausible(on)]
    entered = [year for year in plausible if not is_superseded(year, plausible)]
    further = sorted(entered, key=lambda year: (year.is_settled, bool(year.approved_on)))
    kept = {year.end: year for year in further}
    return sorted(kept.values(), key=lambda year: year.end)


def is_superseded(supposed: FiscalYear, years: Iterable[FiscalYear]) -> bool:
    """Whether somebody has entered a fiscal year for days of one that was only supposed."""
    return supposed.supposed and any(
        year.end and year.first_day <= supposed.end and supposed.first_day <= year.end
        for year in years
        if not year.supposed
    )


def of_fiscal_years(
    years: Iterable[FiscalYear],
    on: date,
    *,
    closing_day: tuple[int, int] | None = None,
    late_after: int = LATE_AFTER,
    by_meeting: bool = True,
) -> list[Duty]:
    """What the fiscal years ask for, each by its closing.

    ``late_after``: months from the closing, 0 for never. ``by_meeting`` is False where an
    administrateur provisoire has the powers of the meeting (décret 67-223, article 7).
    """
    years = list(years)
    duties = [*_to_correct(years, on), *_corrections(years)]
    for year in succession(years, closing_day, on):
        if year.end < REGISTRY_OPENS and not year.is_entered:
            continue
        if year.approved_on and year.approved_on <= on:
            duties.append(annual(year.approved_on, year.end))
            continue
        if year.is_first and not year.declared and year.end >= on:
            duties.append(Duty(FIRST, "FIRST", to_do_from=OLDEST, law=LAW[FIRST], mark=SILENT))
        duties.append(_accounts(year, on, late_after if by_meeting else 0, by_meeting))
    return duties


def missing(
    years: Iterable[FiscalYear], closing_day: tuple[int, int] | None, on: date
) -> list[FiscalYear]:
    """The fiscal years that have closed, and that nobody has entered."""
    return [
        year
        for year in succession(years, closing_day, on)
        if not year.is_entered and REGISTRY_OPENS <= year.end < on
    ]


def annual(meeting: date, closing: date | None = None) -> Duty:
    """The annual update of a fiscal year that ``meeting`` approved."""
    code = "ANNUAL" if closing else "ANNUAL_PLAIN"
    due = meeting + TO_UPDATE
    return dated(ANNUAL, due, LAW[ANNUAL], opens=meeting, code=code, closing=closing)


def _to_correct(years: list[FiscalYear], on: date) -> Iterator[Duty]:
    """What is to be filled in, or corrected, for the calendar to be known."""
    for year in years:
        if year.is_settled or year.is_plausible(on):
            continue
        if not year.end and is_countable(year.approved_on):
            yield annual(year.approved_on)
        yield Duty(FILL_IN, "FISCAL_YEAR_DATES", closing=year.end, law=LAW[ANNUAL])
    if not any(year.is_plausible(on) for year in years):
        yield Duty(FILL_IN, "NO_FISCAL_YEAR", law=LAW[ANNUAL])


def _corrections(years: list[FiscalYear]) -> Iterator[Duty]:
    """Those begun: the registry has the fiscal year, so that nothing of it is late."""
    for year in years:
        if year.correcting:
            yield Duty(UPLOAD, "CORRECTION", to_do_from=OLDEST, closing=year.end, mark=SILENT)


def _accounts(year: FiscalYear, on: date, late_after: int, by_meeting: bool) -> Duty:
    """The accounts of a fiscal year, to be approved: the law gives no date, one is deduced."""
    due = year.end + TO_APPROVE
    late = year.end + relativedelta(months=late_after) + DAY if late_after else None
    code = "ACCOUNTS" if by_meeting else "ACCOUNTS_NO_MEETING"
    if by_meeting and year.end >= on:
        code = "ACCOUNTS_TO_COME"
    elif by_meeting and late and late <= on:
        code = "ACCOUNTS_LATE"
    elif by_meeting and year.approved_on:
        code = "ACCOUNTS_PLANNED"
    elif by_meeting and due < on:
        code = "ACCOUNTS_PAST"
    return Duty(
        *(ACCOUNTS, code, due, due - SOON, late, due - SOON, year.end, LAW[ACCOUNTS]),
        mark=CONTESTED if by_meeting else SILENT,
        is_supposed=year.supposed,
        planned=year.approved_on,
    )

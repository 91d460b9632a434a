"""All that the law asks of a condominium on a day: from facts to duties."""

from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from .duty import (
    ACCOUNTS,
    AFFILIATION,
    ANNUAL,
    DISSOLUTION,
    FILL_IN,
    OLDEST,
    REGISTER,
    SILENT,
    UPLOAD,
    Duty,
    dated,
    in_order_of_urgency,
    is_countable,
)
from .fiscal_years import LATE_AFTER, FiscalYear, missing, of_fiscal_years
from .mandates import Mandate, of_mandates, to_fill_in

TO_SAY_DISSOLVED = relativedelta(months=1)
DISSOLVED_BY_LAW = {
    "division": "CCH R711-18",
    "division_judiciaire": "CCH R711-18",
    "expropriation": "CCH R711-19",
}
# CCH L711-1, loi 2014-366 art. 53: (more main lots than, registered before), of those that
# existed then. Since, the notary registers, and no delay is given (CCH L711-4).
EXISTED = date(2016, 12, 31)
REGISTERED_BEFORE = ((200, EXISTED), (50, date(2017, 12, 31)), (-1, date(2018, 12, 31)))
UNAFFILIATED, REQUESTED, LEAVING = "unaffiliated", "requested", "leaving"


@dataclass(frozen=True)
class Facts:
    """What is known of a condominium; dates are None where they are not."""

    is_in_use: bool = True
    is_registered: bool = True
    affiliation: str | None = None
    is_refused: bool = False  # the last upload was, or did not leave
    bylaws: date | None = None
    main_lots: int | None = None
    housing_lots: int | None = None
    dissolution: str | None = None
    dissolved_on: date | None = None
    years: tuple[FiscalYear, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    is_by_law: bool = False  # the present mandate, which needs no end (CCH L443-15)
    closing_day: tuple[int, int] | None = None
    late_after: int = LATE_AFTER
    by_meeting: bool = True


def duties(facts: Facts, on: date) -> list[Duty]:
    """What is to be done, the most urgent first; never empty, it says at least why not."""
    found = _duties(facts, on)
    return in_order_of_urgency(found, on) or [Duty("none", "NOTHING")]


def turning_points(facts: Facts, on: date) -> list[date]:
    """The days to come on which time alone changes what ``duties`` says, or a reminder."""
    begins = {mandate.start for mandate in facts.mandates if mandate.start}
    days = begins.union(*(duty.turns for duty in _duties(facts, on)))
    days |= {facts.dissolved_on} if facts.dissolved_on else set()
    return sorted(day for day in days if day > on)


def to_prepare(facts: Facts, on: date) -> list[FiscalYear]:
    """The fiscal years to enter a line for: closed, entered by nobody, and ours to declare."""
    found = missing(facts.years, facts.closing_day, on)
    is_ours = found and any(duty.kind == ACCOUNTS for duty in _duties(facts, on))
    return found if is_ours else []


def _duties(facts: Facts, on: date) -> list[Duty]:
    if not facts.is_in_use:
        return [Duty(FILL_IN, "ARCHIVED")]
    if facts.dissolution and (not facts.dissolved_on or facts.dissolved_on <= on):
        return [_dissolution(facts)]
    if not facts.is_registered:
        return [_registration(facts), *_refusal(facts)]
    if facts.affiliation == UNAFFILIATED:
        return [_affiliation(facts)]  # the rest is another's to declare
    return [*_refusal(facts), *_declarations(facts, on)]


def _declarations(facts: Facts, on: date) -> list[Duty]:
    years = of_fiscal_years(
        facts.years,
        on,
        closing_day=facts.closing_day,
        late_after=facts.late_after,
        by_meeting=facts.by_meeting,
    )
    if facts.affiliation == LEAVING:  # CCH R711-4: the rest is the successor's
        return [one for one in years if one.kind == ANNUAL] or [Duty("none", "LEAVING")]
    mandates = of_mandates(facts.mandates, on)
    if not mandates and not facts.is_by_law:
        mandates = to_fill_in(facts.mandates, on)
    waiting = [_affiliation(facts)] if facts.affiliation == REQUESTED else []
    return [*waiting, *years, *mandates]


def _registration(facts: Facts) -> Duty:
    """To do, whatever the law's date: the notary, a former syndic or nobody was to do it."""
    law = "CCH L711-1"
    if facts.housing_lots == 0:
        return Duty("none", "NO_HOUSING", law=law)
    if not facts.bylaws or facts.main_lots is None:
        return Duty(REGISTER, "REGISTER_UNKNOWN", to_do_from=OLDEST, law=law)
    if facts.bylaws > EXISTED:
        law = "CCH L711-4"
        return Duty(REGISTER, "REGISTER", to_do_from=OLDEST, law=law, mark=SILENT)
    since = next(day for most, day in REGISTERED_BEFORE if facts.main_lots > most)
    return Duty(REGISTER, "REGISTER_SINCE", due=since, to_do_from=OLDEST, law=law)


def _dissolution(facts: Facts) -> Duty:
    law = DISSOLVED_BY_LAW.get(facts.dissolution)
    day = facts.dissolved_on
    if not is_countable(day):
        return Duty(DISSOLUTION, "DISSOLVED_UNKNOWN", to_do_from=OLDEST, law=law or "CCH R711-20")
    if not law:
        code = "DISSOLVED_NO_DATE"
        return Duty(DISSOLUTION, code, to_do_from=OLDEST, law="CCH R711-20", mark=SILENT)
    return dated(DISSOLUTION, day + TO_SAY_DISSOLVED, law, opens=day, code="DISSOLVED")


def _affiliation(facts: Facts) -> Duty:
    law = "CCH R711-3"
    if facts.affiliation == REQUESTED:
        return Duty(AFFILIATION, "REQUESTED", to_do_from=OLDEST, law=law, mark=SILENT)
    if facts.is_refused:
        return Duty(AFFILIATION, "AFFILIATION_REFUSED", to_do_from=OLDEST, law=law)
    return Duty(FILL_IN, "NOT_AFFILIATED", law=law)


def _refusal(facts: Facts) -> list[Duty]:
    return [Duty(UPLOAD, "REFUSED", to_do_from=OLDEST)] if facts.is_refused else []

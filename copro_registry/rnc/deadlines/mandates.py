"""What the mandates of a legal representative ask for, and until when.

Sources: code de la construction et de l'habitation, articles R711-4 and R711-7; décret
67-223, article 28.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from dateutil.relativedelta import relativedelta

from .duty import (
    DAY,
    FILL_IN,
    MANDATE,
    NEWEST,
    RENEWAL,
    SOON,
    SUCCESSOR,
    Duty,
    dated,
    is_countable,
)

LAW = {MANDATE: "Décret 67-223 art. 28", RENEWAL: "CCH R711-7", SUCCESSOR: "CCH R711-4"}
TO_DECLARE = relativedelta(months=1)  # from the end of the mandate
# A renewal must be put on the agenda: nobody calls a general meeting in a week.
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Mandate:
    """A mandate; ``declared`` when the registry knows it."""

    start: date | None
    end: date | None
    declared: bool = False


def of_mandates(mandates: Iterable[Mandate], on: date) -> list[Duty]:
    """What the present mandate asks for: its end, or what must follow it."""
    begun, last, following = _sorted_out(mandates, on)
    if not begun:
        return []
    duties = _renewal(begun[-2], begun[-1]) if len(begun) > 1 else []
    return duties + (_renewal(last, following) if following else _end(last, on))


def to_fill_in(mandates: Iterable[Mandate], on: date) -> list[Duty]:
    """What is to be entered to know when a mandate ends, where ``of_mandates`` finds nothing."""
    mandates = list(mandates)
    is_endless = any(m.start and m.start <= on and (m.end or NEWEST) >= NEWEST for m in mandates)
    code = "NO_MANDATE_END" if is_endless else "NO_MANDATE_NOW" if mandates else "NO_MANDATE"
    return [Duty(FILL_IN, code, law=LAW[MANDATE])]


def last_mandate(mandates: Iterable[Mandate], on: date) -> Mandate | None:
    """The present mandate, or the last of the declared ones that follow it."""
    _begun, last, _following = _sorted_out(mandates, on)
    return last


def _sorted_out(mandates: Iterable[Mandate], on: date):
    """(those that have begun, the last of them or of their renewals, the first to declare)."""
    known = sorted((m for m in mandates if is_countable(m.start)), key=lambda m: m.start)
    begun = [mandate for mandate in known if mandate.start <= on]
    to_come = known[len(begun) :]
    renewed = list(takewhile(lambda mandate: mandate.declared, to_come))
    last = [*begun, *renewed][-1] if begun else None
    return begun, last, next(iter(to_come[len(renewed) :]), None)


def _renewal(previous: Mandate, following: Mandate) -> list[Duty]:
    if following.declared or not is_countable(previous.end):
        return []
    due, opens = previous.end + TO_DECLARE, min(following.start, previous.end)
    return [dated(RENEWAL, due, LAW[RENEWAL], opens=opens)]


def _end(present: Mandate, on: date) -> list[Duty]:
    end = present.end
    if not is_countable(end):
        return []
    if on <= end:
        # On the day after, it is the successor, or the renewal, that is to be declared.
        return [Duty(MANDATE, "MANDATE", end, end - SOON, None, end - AHEAD, law=LAW[MANDATE])]
    return [dated(SUCCESSOR, end + TO_DECLARE, LAW[SUCCESSOR], opens=end + DAY)]

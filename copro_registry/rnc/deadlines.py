"""What must be declared, and until when: pure functions.

Sources: code de la construction et de l'habitation, articles R711-4, R711-7 and
R711-10; décret 67-223, article 28.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from dateutil.relativedelta import relativedelta

ANNUAL, MANDATE, RENEWAL, SUCCESSOR = "annual", "mandate", "renewal", "successor"
KINDS = (ANNUAL, MANDATE, RENEWAL, SUCCESSOR)
LAW = {
    ANNUAL: "CCH R711-10",
    MANDATE: "Décret 67-223 art. 28",
    RENEWAL: "CCH R711-7",
    SUCCESSOR: "CCH R711-4",
}
TO_UPDATE = relativedelta(months=2)  # from the general meeting, not from its minutes
TO_DECLARE = relativedelta(months=1)  # from the end of the mandate
# A renewal must be put on the agenda: nobody calls a general meeting in a week.
AHEAD = timedelta(days=60)
SOON = timedelta(days=30)
# An earlier date is a slip of the pen (0036-03-13): the rules say so.
OLDEST = date(1950, 1, 1)


@dataclass(frozen=True)
class Deadline:
    """Something to declare. It is worth a reminder from ``opens`` on."""

    kind: str
    due: date
    opens: date

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.due.isoformat()}"

    @property
    def law(self) -> str:
        return LAW[self.kind]


@dataclass(frozen=True)
class Mandate:
    """A mandate; ``declared`` when the registry knows it."""

    start: date | None
    end: date | None
    declared: bool = False


def annual(meeting: date | None) -> list[Deadline]:
    """The annual update of a fiscal year that ``meeting`` approved, not yet declared."""
    if not meeting or meeting < OLDEST:
        return []
    return [Deadline(ANNUAL, meeting + TO_UPDATE, meeting)]


def of_mandates(mandates: Iterable[Mandate], on: date) -> list[Deadline]:
    """What the present mandate asks for: its end, or what must follow it."""
    begun, last, following = _sorted_out(mandates, on)
    if not begun:
        return []
    deadlines = _renewal(begun[-2], begun[-1]) if len(begun) > 1 else []
    return deadlines + (_renewal(last, following) if following else _end(last, on))


def last_mandate(mandates: Iterable[Mandate], on: date) -> Mandate | None:
    """The present mandate, or the last of the declared ones that follow it."""
    _begun, last, _following = _sorted_out(mandates, on)
    return last


def _sorted_out(mandates: Iterable[Mandate], on: date):
    """(those that have begun, the last of them or of their renewals, the first to declare)."""
    known = sorted((m for m in mandates if m.start and m.start >= OLDEST), key=lambda m: m.start)
    begun = [mandate for mandate in known if mandate.start <= on]
    to_come = known[len(begun) :]
    renewed = list(takewhile(lambda mandate: mandate.declared, to_come))
    last = [*begun, *renewed][-1] if begun else None
    return begun, last, next(iter(to_come[len(renewed) :]), None)


def _renewal(previous: Mandate, following: Mandate) -> list[Deadline]:
    if following.declared or not previous.end or previous.end < OLDEST:
        return []
    return [Deadline(RENEWAL, previous.end + TO_DECLARE, min(following.start, previous.end))]


def _end(present: Mandate, on: date) -> list[Deadline]:
    if not present.end or present.end < OLDEST:
        return []
    if on <= present.end:
        return [Deadline(MANDATE, present.end, present.end - AHEAD)]
    return [Deadline(SUCCESSOR, present.end + TO_DECLARE, present.end + timedelta(days=1))]


def state(deadlines: Iterable[Deadline], on: date) -> str:
    """``late``, ``soon`` or ``in_order``."""
    first = min((deadline.due for deadline in deadlines), default=None)
    if first is None or first > on + SOON:
        return "in_order"
    return "late" if first < on else "soon"


def turning_points(deadlines: Iterable[Deadline], on: date) -> list[date]:
    """The days to come on which time alone changes what ``state`` or a reminder says."""
    days = [day for d in deadlines for day in (d.opens, d.due - SOON, d.due + timedelta(days=1))]
    return [day for day in days if day > on]

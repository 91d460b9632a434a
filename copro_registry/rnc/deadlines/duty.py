"""Something that the law asks of a condominium, and from when it is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# Those of which somebody is reminded, once they open.
ANNUAL, MANDATE, RENEWAL, SUCCESSOR = "annual", "mandate", "renewal", "successor"
ACCOUNTS = "accounts"
KINDS = (ANNUAL, MANDATE, RENEWAL, SUCCESSOR, ACCOUNTS)
# The others: the screens say them, and another activity or none goes with them.
REGISTER, AFFILIATION, UPLOAD, FIRST, DISSOLUTION, FILL_IN = (
    *("register", "affiliation", "upload", "first", "dissolution", "fill_in"),
)
LATE, SOON_STATE, UNKNOWN, IN_ORDER = "late", "soon", "unknown", "in_order"
RANKS = {LATE: 0, SOON_STATE: 1, UNKNOWN: 2, IN_ORDER: 3}
# What the law says in so many words, what is deduced from it, what is only our own choice.
STATED, CONTESTED, SILENT = "stated", "contested", "silent"
SOON = timedelta(days=30)
DAY = timedelta(days=1)
# An earlier date is a slip of the pen (0036-03-13): the rules say so.
OLDEST = date(1950, 1, 1)
# Programs write « without an end » as 31 December 9999: nothing is counted from it.
NEWEST = date(9000, 1, 1)


def is_countable(day: date | None) -> bool:
    """Whether a delay can be counted from a day that somebody has entered."""
    return bool(day) and OLDEST <= day <= NEWEST


@dataclass(frozen=True)
class Duty:
    """What is to be done, until when, and on whose word.

    ``code`` has its sentence in ``messages``. ``due`` is None where the law gives no date: none
    is invented. ``to_do_from`` and ``late_from`` are days, None for never.
    """

    kind: str
    code: str
    due: date | None = None
    to_do_from: date | None = None
    late_from: date | None = None
    opens: date | None = None  # worth a reminder from that day on
    closing: date | None = None  # of the fiscal year that it is about
    law: str = ""
    mark: str = STATED
    is_supposed: bool = False  # the closing follows by rule: nobody has entered it
    planned: date | None = None  # of the meeting, still to be held

    @property
    def params(self) -> dict[str, str]:
        """The dates of its sentence, written as in ISO 8601."""
        days = {"due": self.due, "closing": self.closing, "meeting": self.planned}
        return {name: day.isoformat() for name, day in days.items() if day}

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.due.isoformat() if self.due else ''}"

    def state(self, on: date) -> str:
        """``late``, ``soon`` (to do), ``unknown`` (something is to be filled in), ``in_order``."""
        if self.late_from and self.late_from <= on:
            return LATE
        if self.kind == FILL_IN:
            return UNKNOWN
        return SOON_STATE if self.to_do_from and self.to_do_from <= on else IN_ORDER

    def is_open(self, on: date) -> bool:
        """Whether somebody is to be reminded of it."""
        return bool(self.opens and self.opens <= on)

    @property
    def turns(self) -> tuple[date, ...]:
        """The days on which time alone changes its state, its sentence or its reminder."""
        after = [day + DAY for day in (self.due, self.closing) if is_countable(day)]
        days = (self.opens, self.to_do_from, self.late_from, self.planned)
        return (*(day for day in days if day), *after)


def dated(kind: str, due: date, law: str, *, opens: date, **more) -> Duty:
    """A duty with the date that the law gives: to do thirty days before, late the day after."""
    code = more.pop("code", kind.upper())
    return Duty(kind, code, due, due - SOON, due + DAY, opens, law=law, **more)


def in_order_of_urgency(duties: Iterable[Duty], on: date) -> list[Duty]:
    """What is late first, then what is to do, then what cannot be told; the oldest first."""
    return sorted(duties, key=lambda duty: (RANKS[duty.state(on)], duty.due or date.max))


def state(duties: Iterable[Duty], on: date) -> str:
    """The worst of the states of ``duties``; ``in_order`` of none."""
    return min((duty.state(on) for duty in duties), key=RANKS.get, default=IN_ORDER)

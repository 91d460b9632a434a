"""What the law asks of a condominium, and until when: pure functions.

Each date has its text, and the mark of how sure it is; where the law gives none, none is given.
"""

from .duty import KINDS, Duty, state
from .facts import Facts, duties, to_prepare, turning_points
from .fiscal_years import (
    LATE_AFTER,
    FiscalYear,
    closed_last,
    following,
    is_superseded,
    next_year,
    read_closing_day,
)
from .mandates import Mandate, last_mandate, of_mandates
from .messages import MESSAGES, REASONS

__all__ = [
    "KINDS",
    "LATE_AFTER",
    "MESSAGES",
    "REASONS",
    "Duty",
    "Facts",
    "FiscalYear",
    "Mandate",
    "closed_last",
    "duties",
    "following",
    "is_superseded",
    "last_mandate",
    "next_year",
    "of_mandates",
    "read_closing_day",
    "state",
    "to_prepare",
    "turning_points",
]

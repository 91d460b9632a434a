"""What a cell holds: a text that people wrote, or a number that a program kept."""

from decimal import Decimal
from typing import Any


class Figure(str):
    """The text of a number that a program kept: its point marks the decimals.

    The text "1.234" of a person has two readings; the number 1.234 of a workbook has one.
    """

    __slots__ = ()


def cell(value: Any) -> Any:
    """A text, a ``Figure``, a date; None and False stay what they are: nothing."""
    if value is True:
        return "True"
    if isinstance(value, int | float | Decimal) and value is not False:
        return Figure(plain(value))
    return value


def plain(number: int | float | Decimal) -> str:
    """A number in full, without an exponent: 1e16 gives "10000000000000000"."""
    return format(Decimal(str(number)), "f")

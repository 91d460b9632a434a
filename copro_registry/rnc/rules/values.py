"""Typed reading of a dossier: what is of a wrong type is left to the formats."""

from datetime import date
from decimal import Decimal
from typing import Any

from ..items import item
from .formats import MAX_AMOUNT, is_day, is_possible


class Values:
    """The values of a dossier, or None."""

    def __init__(self, dossier: dict[str, Any]):
        self.get = dossier.get

    def int(self, code: str) -> int | None:
        value = self.get(code)
        return value if type(value) is int else None

    def amount(self, code: str) -> Decimal | None:
        value = self.get(code)
        possible = isinstance(value, Decimal) and value.is_finite() and 0 <= value <= MAX_AMOUNT
        return value if possible else None

    def date(self, code: str) -> date | None:
        """A date that can be true: an impossible one has its own finding."""
        value = self.get(code)
        known = is_day(value) and is_possible(item(code), value.year)
        return value if known else None

    def list(self, code: str) -> list:
        value = self.get(code)
        return value if isinstance(value, list) else []

    def text(self, code: str) -> str:
        value = self.get(code)
        return value if isinstance(value, str) else ""

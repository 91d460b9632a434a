"""Our dossier beside the registry's, item by item."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .items import Catalogue, Item, catalogue, item_or_code

# Ours to know, or not ours to change: the account's own identity.
NOT_COMPARED = {"numero_teledeclarant", "email_teledeclarant"}


@dataclass(frozen=True)
class Row:
    """One item, or one part of a struct; values are plain, None when empty."""

    code: str
    ours: Any
    theirs: Any

    @property
    def is_different(self) -> bool:
        return _key(self.ours) != _key(self.theirs)

    @property
    def is_empty(self) -> bool:
        return _zero(self.ours) is None and _zero(self.theirs) is None


def compare(ours: dict[str, Any], theirs: dict[str, Any], on: date) -> list[Row]:
    """Every item that WS3 brings and that we declare, in the order of the form."""
    known = catalogue(on)
    rows = []
    for item in known:
        if not item.parent and item.declared and "WS3" in item.services:
            if item.code not in NOT_COMPARED:
                rows += _rows(item, ours.get(item.code), theirs.get(item.code), known)
    return rows


def to_json(value: Any) -> Any:
    """A plain value as JSON holds it: decimals and dates as texts."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [to_json(one) for one in value]
    if isinstance(value, dict):
        return {code: to_json(one) for code, one in value.items()}
    return value


def from_json(code: str, value: Any) -> Any:
    """The value of the item ``code`` as a dossier holds it; the members of lists stay as JSON."""
    if value is None or isinstance(value, list):
        return value
    readers = {"decimal": Decimal, "date": date.fromisoformat}
    reader = readers.get(item_or_code(code).type)
    return reader(value) if reader else value


def _rows(item: Item, ours: Any, theirs: Any, known: Catalogue) -> Iterator[Row]:
    children = known.children(item.code)
    if item.type != "list" and children:
        for child in children:
            yield Row(child.code, _part(ours, child.code), _part(theirs, child.code))
    elif ours is not None or theirs is not None:
        yield Row(item.code, ours or _zero(ours), theirs or _zero(theirs))


def _part(values: Any, code: str) -> Any:
    return values.get(code) if isinstance(values, dict) else None


def _zero(value: Any) -> Any:
    """0 and no are values; an empty list or text is none."""
    return None if value in ([], "", {}) else value


def _key(value: Any) -> Any:
    """What makes two values the same: neither case nor spaces, nor the order of a list."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    if isinstance(value, list):
        return sorted(repr(_key(one)) for one in value)
    if isinstance(value, dict):
        return {code: _key(one) for code, one in value.items() if one is not None}
    return value

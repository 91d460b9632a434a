"""The catalogue: each declared data item, once.

Read from ``catalogue/items.csv`` (one row per item and period of effect) and
``catalogue/nomenclatures.csv`` (the code lists). Order of the rows is the order of
the form, of the payload and of every printed sheet.

Reforms are rows: an item that changes has one row per period, and the dates on which
anything changes are read from them (``switches()``).
"""

import csv
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "catalogue"


@dataclass(frozen=True)
class Item:
    """One data item as it stands between two dates."""

    code: str
    parent: str  # code of the struct or list that holds it, or ""
    group: str  # tab of the registry's site
    type: str  # str int decimal date datetime bool enum struct list file
    unit: str
    nomenclature: str
    required: str  # always conditional optional output
    when: str  # condition of a conditional item, see rules.conditions
    services: frozenset[str]  # WS1..WS7, WEB
    effective_from: date
    effective_to: date | None
    minimum: int | None  # the smallest possible figure, when it is not 0
    threshold: int | None  # EUR: what a debtor owes more than, to be counted
    change: int | None  # percent: a larger change from year to year surprises
    law: str
    certainty: str  # stated or inferred
    label_en: str
    label_fr: str
    help_en: str  # what to write, with an example
    help_fr: str

    def in_effect(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def declared(self) -> bool:
        """Whether the syndic sends it, rather than receives it."""
        return self.required != "output"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The items in effect together, in order."""

    by_code: dict[str, Item] = field(repr=False)
    _children: dict[str, list[Item]] = field(repr=False, default_factory=dict)
    _sent: dict[tuple, list[Item]] = field(repr=False, default_factory=dict)

    def __post_init__(self):
        for item in self.by_code.values():
            self._children.setdefault(item.parent, []).append(item)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self.by_code

    def __getitem__(self, code: str) -> Item:
        return self.by_code[code]

    def children(self, code: str) -> list[Item]:
        return self._children.get(code, [])

    def sent(self, service: str, groups: tuple[str, ...]) -> list[Item]:
        """Top-level items that ``service`` carries, in order.

        ``service`` is ``WS1``..``WS7``, or ``WS2_STANDARD``, ``WS2_ANNUAL``.
        """
        key = service.partition("_")[0], groups
        if key not in self._sent:
            self._sent[key] = [
                item
                for item in self.children("")
                if item.declared and item.group in groups and key[0] in item.services
            ]
        return self._sent[key]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _item(row: dict[str, str]) -> Item:
    dates = {name: _day(row.pop(name)) for name in ("effective_from", "effective_to")}
    limits = {name: row.pop(name) for name in ("minimum", "threshold", "change")}
    numbers = {name: int(text) if text else None for name, text in limits.items()}
    services = frozenset(row.pop("services").split())
    return Item(services=services, **dates, **numbers, **row)


@cache
def all_items() -> tuple[Item, ...]:
    """Every row of the catalogue, of all periods."""
    with (FOLDER / "items.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(_item(row) for row in csv.DictReader(stream))


@cache
def switches() -> tuple[date, ...]:
    """The days on which the items change, the first of them excepted."""
    days = sorted({row.effective_from for row in all_items()})
    return tuple(days[1:])


def next_switch(after: date) -> date | None:
    """The first day after ``after`` on which the items change."""
    return next((day for day in switches() if day > after), None)


def catalogue(
    on: date, closed: date | None = None, by_closing: frozenset[str] = frozenset()
) -> Catalogue:
    """The catalogue in effect on ``on``.

    Of the groups ``by_closing``, the items are those of the day when the fiscal year was
    ``closed``, if that is earlier.
    """
    then = max(min(on, closed), _first()) if closed and by_closing else on
    return _catalogue(_period(on), _period(then), by_closing)


def _period(on: date) -> date:
    """The first day of the period that holds ``on``: the items are those of that day."""
    rank = bisect_right(switches(), on)
    return switches()[rank - 1] if rank else min(on, _first())


def _first() -> date:
    return all_items()[0].effective_from


@cache
def _catalogue(on: date, then: date, by_closing: frozenset[str]) -> Catalogue:
    kept = (i for i in all_items() if i.in_effect(then if i.group in by_closing else on))
    return Catalogue({i.code: i for i in kept})


@cache
def item(code: str) -> Item:
    """The item as it was first in effect: for a label, a type, a nomenclature.

    Raises KeyError when the catalogue does not know the code.
    """
    for candidate in all_items():
        if candidate.code == code:
            return candidate
    raise KeyError(code)


def item_or_code(code: str) -> Item:
    """The same; of a code that the catalogue knows no more, a text that is called so.

    For what the database has kept from another version.
    """
    try:
        return item(code)
    except KeyError:
        empty = {one.name: "" for one in fields(Item)}
        labels = {"code": code, "type": "str", "label_en": code, "label_fr": code}
        others = {"effective_from": date.min, "services": frozenset()}
        none = dict.fromkeys(("effective_to", "minimum", "threshold", "change"))
        return Item(**{**empty, **labels, **others, **none})


@dataclass(frozen=True)
class Entry:
    """One value of a code list."""

    code: str
    label_en: str
    label_fr: str


@cache
def nomenclature(name: str) -> tuple[Entry, ...]:
    """The values of a code list, in order. Raises KeyError when unknown."""
    with (FOLDER / "nomenclatures.csv").open(encoding="utf-8", newline="") as stream:
        entries = tuple(
            Entry(row["code"], row["label_en"], row["label_fr"])
            for row in csv.DictReader(stream)
            if row["nomenclature"] == name
        )
    if not entries:
        raise KeyError(name)
    return entries

"""The catalogue: each declared data item, once.

Read from ``catalogue/items.csv`` (one row per item and period of effect) and
``catalogue/nomenclatures.csv`` (the code lists). Order of the rows is the order of
the form, of the payload and of every printed sheet.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "catalogue"
# Décret 2025-831 of 19 August 2025.
REFORM = date(2027, 2, 21)


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
    law: str
    certainty: str  # stated or inferred
    label_en: str
    label_fr: str

    def in_effect(self, on: date) -> bool:
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)

    @property
    def declared(self) -> bool:
        """Whether the syndic sends it, rather than receives it."""
        return self.required != "output"


@dataclass(frozen=True)
class Catalogue:
    """The items in effect at one date, in order."""

    on: date
    by_code: dict[str, Item] = field(repr=False)

    def __iter__(self) -> Iterator[Item]:
        return iter(self.by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self.by_code

    def __getitem__(self, code: str) -> Item:
        return self.by_code[code]

    def children(self, code: str) -> list[Item]:
        return [item for item in self if item.parent == code]

    def sent(self, service: str, groups: tuple[str, ...]) -> list[Item]:
        """Top-level items that ``service`` carries, in order.

        ``service`` is ``WS1``..``WS7``, or ``WS2_STANDARD``, ``WS2_ANNUAL``.
        """
        family = service.partition("_")[0]
        return [
            item
            for item in self
            if not item.parent
            and item.declared
            and item.group in groups
            and family in item.services
        ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _item(row: dict[str, str]) -> Item:
    dates = {name: _day(row.pop(name)) for name in ("effective_from", "effective_to")}
    services = frozenset(row.pop("services").split())
    return Item(services=services, **dates, **row)


@cache
def all_items() -> tuple[Item, ...]:
    """Every row of the catalogue, of all periods."""
    with (FOLDER / "items.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(_item(row) for row in csv.DictReader(stream))


@cache
def catalogue(on: date) -> Catalogue:
    """The catalogue in effect on ``on``."""
    return Catalogue(on, {i.code: i for i in all_items() if i.in_effect(on)})


@cache
def item(code: str) -> Item:
    """The item as it was first in effect: for a label, a type, a nomenclature.

    Raises KeyError when the catalogue does not know the code.
    """
    for candidate in all_items():
        if candidate.code == code:
            return candidate
    raise KeyError(code)


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

"""How the values of a type, or of one item, are written."""

from dataclasses import dataclass, fields, replace
from typing import Any

from ..items import Item

EPOCHS = {"epoch": 1, "epoch_ms": 1000}  # per second
OMIT, NULL = "omit", "null"
TYPES = ("str", "int", "decimal", "date", "datetime", "bool", "enum", "file")


@dataclass(frozen=True)
class Format:
    """The keys of ``formats``; empty where nothing is said."""

    is_number: bool = False
    cents: bool = False
    decimals: int | None = None
    separator: str = "."
    grouping: str = ""
    form: str = ""  # of strftime, or one of EPOCHS; ISO 8601 when empty
    zone: str = ""
    yes: Any = None
    no: Any = None
    absent: str = OMIT
    text: str = ""  # of a struct or a member of a list: a template of its items, in one text
    pattern: str = ""  # by which that text is read: a group for each item, of its name
    when: str = ""  # a condition of the catalogue, without which nothing travels

    @property
    def is_moment(self) -> bool:
        """Whether a date travels as the moment when it begins."""
        return self.form in EPOCHS or any(mark in self.form for mark in ("%H", "%z", "%:z"))


class Formats:
    """The formats of a profile, by item."""

    def __init__(self, wire: dict[str, Any], described: dict[str, dict[str, Any]]):
        self.described = described
        number = {"as": "number"} if wire.get("numbers") == "number" else {}
        dated = {"format": wire["date_format"]} if "date_format" in wire else {}
        separated = {"separator": wire.get("decimal_separator", ".")}
        yes_no = {name: wire[name] for name in ("yes", "no") if name in wire}
        self._former = {
            "int": number,
            "decimal": {**number, **separated},
            "date": dated,
            "bool": yes_no,
        }
        self._kept: dict[tuple[str, str, str], Format] = {}

    def of(self, item: Item) -> Format:
        key = item.code, item.type, item.unit  # a whole item takes long to hash
        if key not in self._kept:
            said = {
                **self._former.get(item.type, {}),
                **self.described.get(item.type, {}),
                **self.described.get(item.code, {}),
            }
            self._kept[key] = _format(item, said)
        return self._kept[key]


_NAMES = {field.name for field in fields(Format)}


def _format(item: Item, said: dict[str, Any]) -> Format:
    plain = {name: value for name, value in said.items() if name in _NAMES}
    made = replace(Format(), form=said.get("format", ""), **plain)
    is_cents = said.get("unit") == "cents" and item.unit == "EUR"
    return replace(made, is_number=said.get("as") == "number", cents=is_cents)

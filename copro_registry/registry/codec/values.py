"""Scalar values <-> text, by the catalogue's types and the profile's code tables."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..contract import Profile
from ..items import Item


def to_text(profile: Profile, item: Item, value: Any) -> str:
    """The text that travels for ``value`` (never None)."""
    if item.type == "bool":
        return profile.wire["yes" if value else "no"]
    if item.type in ("date", "datetime"):
        return value.isoformat()
    if item.type == "decimal":
        return f"{Decimal(value):f}"
    if item.type == "enum":
        return profile.codes.get(item.nomenclature, {}).get(value, value)
    return str(value)


def from_text(profile: Profile, item: Item, text: str) -> Any:
    """The value of a text that the schema has already accepted."""
    return _READERS.get(item.type, _read_str)(profile, item, text)


def _read_str(profile: Profile, item: Item, text: str) -> str:
    return text


def _read_bool(profile: Profile, item: Item, text: str) -> bool:
    return text == profile.wire["yes"]


def _read_enum(profile: Profile, item: Item, text: str) -> str:
    table = profile.codes.get(item.nomenclature, {})
    return {wire: ours for ours, wire in table.items()}.get(text, text)


_READERS = {
    "bool": _read_bool,
    "enum": _read_enum,
    "int": lambda profile, item, text: int(text),
    "decimal": lambda profile, item, text: Decimal(text),
    "date": lambda profile, item, text: date.fromisoformat(text[:10]),
    "datetime": lambda profile, item, text: datetime.fromisoformat(text.replace("Z", "+00:00")),
}

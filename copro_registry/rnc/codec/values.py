"""Scalar values <-> the wire's, by the catalogue's types and the profile's tables."""

import base64
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..contract import Profile
from ..items import Item

MOST_DIGITS = 30


def to_wire(profile: Profile, item: Item, value: Any) -> Any:
    """What travels for ``value`` (never None): a text, unless the profile says otherwise.

    JSON profiles may say ``"numbers": "number"``, and yes and no may be any scalar.
    """
    wire = profile.wire
    if item.type == "bool":
        return wire["yes" if value else "no"]
    if item.type == "date":
        return value.strftime(wire["date_format"]) if "date_format" in wire else value.isoformat()
    if item.type in ("int", "decimal") and wire.get("numbers") == "number":
        return int(value) if item.type == "int" else float(value)  # two decimals: exact
    if item.type == "decimal":
        return f"{Decimal(value):f}".replace(".", wire.get("decimal_separator", "."))
    if item.type == "enum":
        return profile.codes.get(item.nomenclature, {}).get(value, value)
    if item.type == "file":
        return base64.b64encode(value).decode("ascii")
    return str(value)


def from_wire(profile: Profile, item: Item, value: Any) -> Any:
    """The value of what the schema has already accepted. Raises ValueError and the like."""
    return _READERS.get(item.type, _read_str)(profile, item, value)


def _read_str(profile: Profile, item: Item, value: Any) -> str:
    return str(value)


def _read_bool(profile: Profile, item: Item, value: Any) -> bool:
    return value == profile.wire["yes"]


def _read_enum(profile: Profile, item: Item, value: Any) -> str:
    table = profile.codes.get(item.nomenclature, {})
    return {wire: ours for ours, wire in table.items()}.get(value, value)


def _read_date(profile: Profile, item: Item, value: Any) -> date:
    if "date_format" in profile.wire:
        return datetime.strptime(value, profile.wire["date_format"]).date()
    return date.fromisoformat(value[:10])


def _read_decimal(profile: Profile, item: Item, value: Any) -> Decimal:
    number = Decimal(str(value).replace(profile.wire.get("decimal_separator", "."), "."))
    if not number.is_finite() or abs(number.as_tuple().exponent) > MOST_DIGITS:
        raise ValueError("no amount")  # 1e-300000000 would be written with as many digits
    return number


_READERS = {
    "bool": _read_bool,
    "enum": _read_enum,
    "int": lambda profile, item, value: int(value),
    "decimal": _read_decimal,
    "date": _read_date,
    "datetime": lambda profile, item, value: datetime.fromisoformat(value.replace("Z", "+00:00")),
}

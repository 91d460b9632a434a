"""Single values: the wire's, and the simulator's own plain texts."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from .profile import Item, Profile


class BadValue(ValueError):
    """The text is of the schema, and still no value of this item."""


def to_plain(profile: Profile, item: Item, value: Any) -> str:
    """The plain text of a value of the wire. Raises BadValue."""
    wire = profile.wire
    if item.type == "bool":
        return {wire["yes"]: "oui", wire["no"]: "non"}[value]
    if item.type == "date" and "date_format" in wire:
        try:
            return datetime.strptime(value, wire["date_format"]).date().isoformat()
        except ValueError as error:
            raise BadValue(item.code) from error
    if item.type == "decimal":
        return str(value).replace(wire.get("decimal_separator", "."), ".")
    if item.type == "enum":
        table = profile.codes.get(item.nomenclature, {})
        return {theirs: ours for ours, theirs in table.items()}.get(value, value)
    return str(value)


def to_wire(profile: Profile, item: Item, text: str) -> Any:
    """The value of the wire for a plain text."""
    wire = profile.wire
    if item.type == "bool":
        return wire["yes"] if text == "oui" else wire["no"]
    if item.type == "date" and "date_format" in wire:
        return datetime.fromisoformat(text).strftime(wire["date_format"])
    if item.type == "enum":
        return profile.codes.get(item.nomenclature, {}).get(text, text)
    if item.type in ("int", "decimal") and wire.get("numbers") == "number":
        return int(text) if item.type == "int" else float(Decimal(text))
    if item.type == "decimal":
        return text.replace(".", wire.get("decimal_separator", "."))
    return text

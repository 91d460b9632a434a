"""Scalar values <-> the wire's, by the catalogue's types and the profile's tables."""

import base64
import json
from datetime import date, datetime, timezone
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from ..contract import Profile
from ..contract.formats import EPOCHS, Format
from ..contract.template import written as in_form
from ..items import Item

MOST_DIGITS = 30
CENTS = 100
SPACES = (" ", "\u00a0", "\u202f")


def to_wire(profile: Profile, item: Item, value: Any) -> Any:
    """What travels for ``value`` (never None): a text, unless the profile says otherwise.

    A format may say that numbers are numbers; yes, no and codes may be any scalar of JSON.
    Raises ValueError for what the format cannot hold.
    """
    written = profile.formats.of(item)
    if item.type == "enum":
        return profile.codes.get(item.nomenclature, {}).get(value, value)
    if item.type == "str" and item.code in profile.codes:
        return profile.codes[item.code].get(value, value)
    if item.type == "file":
        return base64.b64encode(value).decode("ascii")
    return _WRITERS.get(item.type, _write_str)(written, value)


def from_wire(profile: Profile, item: Item, value: Any) -> Any:
    """The value of what the schema has already accepted. Raises ValueError and the like."""
    if item.type == "enum":
        return _ours(profile, item.nomenclature).get(_exact(value), str(value))
    if item.type == "str" and item.code in profile.codes:
        return _ours(profile, item.code).get(_exact(value), str(value))
    return _READERS.get(item.type, _read_str)(profile.formats.of(item), value)


def text_of(value: Any) -> str:
    """A scalar of the wire as a text, where a text must stand: an element, an address."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


@cache
def _ours(profile: Profile, nomenclature: str) -> dict[str, str]:
    """{code that travels: ours}: true, 1 and "1" are three of them."""
    table = profile.codes.get(nomenclature, {})
    found = {_exact(theirs): ours for ours, theirs in table.items()}
    if profile.wire["codec"] == "xml":
        found |= {_exact(text_of(theirs)): ours for ours, theirs in table.items()}
    return found


def _exact(value: Any) -> str:
    return str(value) if isinstance(value, Number) else json.dumps(value)


class Number(str):
    """A number of a JSON document, as it is written there: nothing is lost of it."""


# -- numbers ----------------------------------------------------------------------


def _write_int(written: Format, value: Any) -> Any:
    return int(value) if written.is_number else _grouped(written, str(int(value)))


def _write_decimal(written: Format, value: Any) -> Any:
    number = Decimal(value)
    if written.cents:
        cents = (number * CENTS).quantize(Decimal(1), ROUND_HALF_UP)
        return int(cents) if written.is_number else _grouped(written, str(int(cents)))
    if written.decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-written.decimals), ROUND_HALF_UP)
    if written.is_number:
        return float(number)  # two decimals: exact
    whole, point, rest = f"{number:f}".partition(".")
    return _grouped(written, whole) + (written.separator + rest if point else "")


def _grouped(written: Format, digits: str) -> str:
    return f"{int(digits):,}".replace(",", written.grouping) if written.grouping else digits


def _read_int(written: Format, value: Any) -> int:
    number = Decimal(_ungrouped(written, value))
    if abs(number.adjusted()) > MOST_DIGITS or number != int(number):
        raise ValueError("no whole number")
    return int(number)


def _read_decimal(written: Format, value: Any) -> Decimal:
    number = Decimal(_ungrouped(written, value).replace(written.separator, "."))
    if not number.is_finite() or abs(number.as_tuple().exponent) > MOST_DIGITS:
        raise ValueError("no amount")  # 1e-300000000 would be written with as many digits
    return number / CENTS if written.cents else number


def _ungrouped(written: Format, value: Any) -> str:
    text = str(value)
    if isinstance(value, Number) or not written.grouping:
        return text
    marks = SPACES if written.grouping in SPACES else (written.grouping,)
    return "".join(one for one in text if one not in marks)


# -- dates ------------------------------------------------------------------------


def _write_date(written: Format, value: date) -> Any:
    if not written.is_moment:
        return in_form(value, written.form) if written.form else value.isoformat()
    start = datetime(value.year, value.month, value.day, tzinfo=_zone(written))
    return _write_datetime(written, start)


def _write_datetime(written: Format, value: datetime) -> Any:
    moment = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
    if written.form in EPOCHS:
        return int(moment.timestamp() * EPOCHS[written.form])
    moment = moment.astimezone(_zone(written)) if written.zone else moment
    return in_form(moment, written.form) if written.form else moment.isoformat()


def _read_date(written: Format, value: Any) -> date:
    if written.is_moment:
        return _read_datetime(written, value).astimezone(_zone(written)).date()
    if written.form:
        return datetime.strptime(str(value), written.form).date()
    return date.fromisoformat(str(value)[:10])


def _read_datetime(written: Format, value: Any) -> datetime:
    text = str(value)
    if written.form in EPOCHS:
        return datetime.fromtimestamp(int(text) / EPOCHS[written.form], timezone.utc)
    if written.form:
        moment = datetime.strptime(text, written.form.replace("%:z", "%z"))  # it reads both
    else:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    is_bare = moment.tzinfo is None and (written.zone or written.is_moment)
    return moment.replace(tzinfo=_zone(written)) if is_bare else moment


def _zone(written: Format):
    return ZoneInfo(written.zone) if written.zone else timezone.utc


# -- the rest ---------------------------------------------------------------------


def _write_str(written: Format, value: Any) -> Any:
    return int(value) if written.is_number else str(value)


def _read_str(_written: Format, value: Any) -> str:
    return str(value)


def _read_bool(written: Format, value: Any) -> bool:
    return _exact(value) == _exact(written.yes)


_WRITERS = {
    "bool": lambda written, value: written.yes if value else written.no,
    "int": _write_int,
    "decimal": _write_decimal,
    "date": _write_date,
    "datetime": _write_datetime,
}
_READERS = {
    "bool": _read_bool,
    "int": _read_int,
    "decimal": _read_decimal,
    "date": _read_date,
    "datetime": _read_datetime,
}

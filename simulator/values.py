"""Single values: the wire's scalars, and the simulator's own plain texts.

A scalar of the wire is a text in XML and in templates, any scalar of JSON otherwise; how
it is written is said by ``formats`` (docs/en/contract-profile.md, "Values").
"""

import base64
import binascii
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from .moments import read_moment, write_moment
from .profile import Item, Profile
from .tree_json import json_text


class BadValue(ValueError):
    """No value of this item; ``code`` is the reason of the refusal."""

    def __init__(self, code: str, item: str, value: Any):
        super().__init__(item)
        self.code = code
        self.item = item
        self.value = value if isinstance(value, str) else json_text(value)


def to_plain(profile: Profile, item: Item, value: Any, *, text: bool, form: str = "") -> str:
    """The plain text of a value of the wire, "" for none. Raises BadValue.

    ``text``: numbers, yes and no are written as texts, as in XML. ``form``: of strftime, of
    a template.
    """
    if isinstance(value, dict | list):
        raise BadValue("DOCUMENT_INVALID", item.code, value)
    listed = _listed(profile, item, value, text)
    if listed is not None:
        return listed
    if value is None or value == "":
        return ""
    styled = {**profile.format(item), **({"format": form} if form else {})}
    try:
        return _READERS.get(item.type, _read_text)(styled, value, text)
    except (ValueError, InvalidOperation, OverflowError) as error:
        moment = item.type in ("date", "datetime")
        code = "DATE_INVALID" if moment else "DOCUMENT_INVALID"
        raise BadValue(code, item.code, value) from error


def to_wire(profile: Profile, item: Item, plain: str) -> Any:
    """The scalar of the wire for a plain text."""
    styled = profile.format(item)
    if item.type == "bool":
        return styled["yes" if plain == "oui" else "no"]
    if item.type == "enum":
        return profile.codes.get(item.nomenclature, {}).get(plain, plain)
    if item.type == "str" and item.code in profile.codes:
        return profile.codes[item.code].get(plain, plain)
    return _WRITERS.get(item.type, _write_text)(styled, plain)


def same(theirs: Any, value: Any, text: bool) -> bool:
    """Whether a scalar of the profile is the one that has come: true, 1 and "1" differ."""
    if text:
        return value == (theirs if isinstance(theirs, str) else json_text(theirs))
    return _kind(theirs) == _kind(value)


def _kind(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool) or value is None:
        return ("word", value)
    if isinstance(value, int | float | Decimal):
        return ("number", Decimal(str(value)))
    return ("text", value)


def _listed(profile: Profile, item: Item, value: Any, text: bool) -> str | None:
    """Of a value that a list tells: yes and no, and the codes."""
    if item.type == "bool":
        table = {plain: profile.format(item)[key] for key, plain in _YES_NO}
    elif item.type == "enum":
        table = profile.codes.get(item.nomenclature, {})
    elif item.type == "str" and item.code in profile.codes:
        table = profile.codes[item.code]
    else:
        return None
    found = [ours for ours, theirs in table.items() if same(theirs, value, text)]
    if found or value in (None, ""):
        return found[0] if found else None
    if item.type == "str":  # a text that the table does not list
        return value if isinstance(value, str) else None
    if item.type == "enum" and isinstance(value, str) and value not in table:
        known = profile.nomenclatures.get(item.nomenclature)
        if known is None or value in known:
            return value
    raise BadValue("CODE_UNKNOWN", item.code, value)


_MOST_DIGITS = 30
_YES_NO = (("yes", "oui"), ("no", "non"))


# -- read ---------------------------------------------------------------------


def _read_int(styled: dict, value: Any, text: bool) -> str:
    if styled["as"] == "number" and not text:
        return str(_number(value, int))
    return str(int(_digits(styled, value)))


def _read_decimal(styled: dict, value: Any, text: bool) -> str:
    cents = styled["unit"] == "cents"
    if styled["as"] == "number":
        number = _of_text(value) if text else _number(value, int | Decimal)
        if cents and number != int(number):
            raise ValueError("a part of a cent")
        return f"{_euros(Decimal(number)) if cents else Decimal(number):f}"
    if cents:
        return f"{_euros(Decimal(_digits(styled, value))):f}"
    whole, separator, rest = str(_text(value)).partition(styled["separator"])
    wanted = styled.get("decimals")
    if bool(separator) != bool(rest) or not re.fullmatch(r"\d*", rest, re.ASCII):
        raise ValueError("digits after the separator")
    if wanted is not None and len(rest) != wanted:
        raise ValueError("another number of decimals")
    return _digits(styled, whole) + (f".{rest}" if rest else "")


def _read_date(styled: dict, value: Any, text: bool) -> str:
    return read_moment(styled, value, text).date().isoformat()


def _read_datetime(styled: dict, value: Any, text: bool) -> str:
    return read_moment(styled, value, text).isoformat()


def _read_file(_styled: dict, value: Any, _text: bool) -> str:
    try:
        base64.b64decode(re.sub(r"\s", "", value), validate=True)
    except (TypeError, binascii.Error) as error:
        raise ValueError("not Base64") from error
    return value


def _read_text(styled: dict, value: Any, text: bool) -> str:
    if styled["as"] == "number" and not text:
        return str(_number(value, int))
    return _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")
    return value


def _number(value: Any, kinds: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise ValueError("not a number")
    if abs(Decimal(value).adjusted()) > _MOST_DIGITS:
        raise ValueError("too long a number")
    return value


def _of_text(value: str) -> Decimal:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value, re.ASCII):
        raise ValueError("not a number")
    return Decimal(value)


def _digits(styled: dict, value: Any) -> str:
    """Whole digits, without what stands between their groups."""
    mark = re.escape(styled.get("grouping", ""))
    wanted = rf"-?\d{{1,3}}(?:{mark}\d{{3}})*" if mark else r"-?\d+"
    if not re.fullmatch(wanted, _text(value), re.ASCII):
        raise ValueError("not digits")
    return value.replace(styled["grouping"], "") if mark else value


def _euros(cents: Decimal) -> Decimal:
    return cents.scaleb(-2)


# -- write --------------------------------------------------------------------


def _write_int(styled: dict, plain: str) -> Any:
    return int(plain) if styled["as"] == "number" else _grouped(styled, plain)


def _write_decimal(styled: dict, plain: str) -> Any:
    amount = Decimal(plain)
    if styled["unit"] == "cents":
        cents = int(amount.scaleb(2).to_integral_value())
        return cents if styled["as"] == "number" else _grouped(styled, str(cents))
    if styled["as"] == "number":
        return float(amount)
    if styled.get("decimals") is not None:
        amount = amount.quantize(Decimal(1).scaleb(-styled["decimals"]))
    whole, point, rest = f"{amount:f}".partition(".")
    return _grouped(styled, whole) + (styled["separator"] + rest if point else "")


def _write_text(styled: dict, plain: str) -> Any:
    return int(plain) if styled["as"] == "number" else plain


def _grouped(styled: dict, digits: str) -> str:
    mark = styled.get("grouping")
    return f"{int(digits):,}".replace(",", mark) if mark else digits


_READERS = {
    "int": _read_int,
    "decimal": _read_decimal,
    "date": _read_date,
    "datetime": _read_datetime,
    "file": _read_file,
}
_WRITERS = {
    "int": _write_int,
    "decimal": _write_decimal,
    "date": write_moment,
    "datetime": write_moment,
}

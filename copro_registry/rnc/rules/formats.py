"""Each value, by its type and its shape.

A check is a function of a value that returns None, or a fault: a key of
``messages.MESSAGES`` and the parameters of its sentence.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from stdnum.fr import siren, siret

from ..items import Item, nomenclature

Fault = tuple[str, tuple[tuple[str, str], ...]]

MAX_LENGTH = 255
MAX_INTEGER = 99_999
MAX_AMOUNT = Decimal("999999999.99")
# No règlement is older than the law of 1938 by centuries; the rest is of our time.
OLDEST = {"date_reglement": 1600}
OLDEST_OTHERWISE = 1950
LATEST = 2100
LA_POSTE = "356000000"
# What XML cannot carry, and pictures, which no legal register prints: symbols and
# emoji (also their joiners and variants), private characters, other planes.
UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ud800-\uf8ff\ufe00-\ufe0f\ufeff"
    "\ufff0-\uffff\U00010000-\U0010ffff]"
)
NOT_LIST: Fault = ("NOT_LIST", ())

PATTERNS = {
    "numero_immatriculation": ("BAD_NUMBER", r"[A-Z]{2}[0-9]{7}"),
    "numero_immatriculation_principal": ("BAD_NUMBER", r"[A-Z]{2}[0-9]{7}"),
    "adresse_reference_code_postal": ("BAD_POSTCODE", r"[0-9]{5}"),
    "adresse_reference_code_insee": ("BAD_INSEE", r"(?:[0-9]{2}|2[AB])[0-9]{3}"),
    "parcelles_code_insee": ("BAD_INSEE", r"(?:[0-9]{2}|2[AB])[0-9]{3}"),
    "parcelles_prefixe": ("BAD_PREFIX", r"[0-9]{3}"),
    "parcelles_section": ("BAD_SECTION", r"[0-9A-Z]{2}"),
    "parcelles_numero": ("BAD_PARCEL", r"[0-9]{4}"),
    "batiment_id_rnb": ("BAD_RNB", r"[0-9A-Z]{12}"),
}
SIRETS = {"siret_syndicat", "representant_siret", "successeur_siret"}


def checker(item: Item, has_children: bool) -> Callable[[Any], Fault | None]:
    """The check of a value of ``item`` that is not empty."""
    if item.type == "list" or has_children:
        return lambda value: NOT_LIST
    if item.type == "enum":
        return partial(_enum, frozenset(entry.code for entry in nomenclature(item.nomenclature)))
    if item.type in ("int", "date"):
        return partial({"int": _int, "date": _date}[item.type], item)
    plain = {"bool": _bool, "decimal": _amount, "file": _file}
    return plain.get(item.type) or _shaped(item)


def text(value: Any) -> Fault | None:
    if not isinstance(value, str):
        return "NOT_TEXT", ()
    odd = UNPRINTABLE.search(value)
    if odd:
        return "UNPRINTABLE", (("character", _shown(odd[0])),)
    if not value.strip():
        return "MISSING", ()
    if len(value) > MAX_LENGTH:
        return "TOO_LONG", (("maximum", str(MAX_LENGTH)),)
    return None


def _shown(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"{character} ({code})" if character.isprintable() else code


def _shaped(item: Item) -> Callable[[Any], Fault | None]:
    """A text that has a shape of its own."""
    if item.code in SIRETS:
        return lambda value: text(value) or _siret(value)
    if item.code in PATTERNS:
        code, pattern = PATTERNS[item.code]
        matches = re.compile(pattern).fullmatch
        return lambda value: text(value) or (None if matches(value) else (code, ()))
    return text


def is_siret(number: str) -> bool:
    """Whether 14 digits are a SIRET's, spaces aside.

    Those of La Poste add up to a multiple of 5, which stdnum knows since 1.18 only.
    """
    if not number.isascii():  # stdnum takes the digits of every script
        return False
    if siret.is_valid(number):
        return True
    digits = siret.compact(number)
    is_post = len(digits) == 14 and digits.isdecimal() and digits.startswith(LA_POSTE)
    return is_post and sum(map(int, digits)) % 5 == 0


def is_siren(number: str) -> bool:
    """Whether 9 digits are a SIREN's, spaces aside."""
    return number.isascii() and siren.is_valid(number)


def _siret(value: str) -> Fault | None:
    return None if len(value) == 14 and is_siret(value) else ("BAD_SIRET", ())


def _bool(value: Any) -> Fault | None:
    return None if isinstance(value, bool) else ("NOT_YES_NO", ())


def _int(item: Item, value: Any) -> Fault | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return "NOT_INTEGER", ()
    if value < 0:
        return "NEGATIVE", ()
    if value > MAX_INTEGER:
        return "TOO_LARGE", ()
    if item.minimum and value < item.minimum:
        return "TOO_SMALL", (("minimum", str(item.minimum)),)
    return _year(item, value) if item.unit == "year" else None


def _amount(value: Any) -> Fault | None:
    if not isinstance(value, Decimal) or not value.is_finite():
        return "NOT_AMOUNT", ()
    if value < 0:
        return "NEGATIVE_AMOUNT", ()
    if value > MAX_AMOUNT:
        return "TOO_LARGE", ()
    if -value.normalize().as_tuple().exponent > 2:
        return "NOT_AMOUNT", ()
    return None


def _date(item: Item, value: Any) -> Fault | None:
    if not is_day(value):
        return "NOT_DATE", ()
    return _year(item, value.year)


def _year(item: Item, year: int) -> Fault | None:
    if is_possible(item, year):
        return None
    return "IMPOSSIBLE_DATE", (("year", f"{year:04d}"),)


def is_day(value: Any) -> bool:
    """A date without an hour."""
    return isinstance(value, date) and not isinstance(value, datetime)


def is_possible(item: Item, year: int) -> bool:
    """Whether such a year can be true of ``item``."""
    oldest = 1000 if item.unit == "year" else OLDEST.get(item.code, OLDEST_OTHERWISE)
    return oldest <= year <= LATEST


def _enum(known: frozenset[str], value: Any) -> Fault | None:
    if isinstance(value, str) and value in known:
        return None
    return "UNKNOWN_CODE", (("value", str(value)[:MAX_LENGTH]),)


def _file(value: Any) -> Fault | None:
    return None if isinstance(value, bytes) and value else ("NOT_A_FILE", ())

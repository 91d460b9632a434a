"""Each value, by its type and its shape."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stdnum.fr import siret

from ..contract import Service
from ..items import Catalogue, Item, nomenclature
from .finding import Finding, blocking
from .required import is_empty

MAX_LENGTH = 255
MAX_INTEGER = 99_999
MAX_AMOUNT = Decimal("999999999.99")
# No règlement is older than the law of 1938 by centuries; the rest is of our time.
OLDEST = {"date_reglement": 1600}
OLDEST_OTHERWISE = 1950
LATEST = 2100
# What XML cannot carry, and what no label should hold.
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

PATTERNS = {
    "numero_immatriculation_principal": ("BAD_NUMBER", r"[A-Z]{2}[0-9]{7}"),
    "adresse_reference_code_postal": ("BAD_POSTCODE", r"[0-9]{5}"),
    "adresse_reference_code_insee": ("BAD_INSEE", r"[0-9][0-9AB][0-9]{3}"),
    "parcelles_code_insee": ("BAD_INSEE", r"[0-9][0-9AB][0-9]{3}"),
    "parcelles_prefixe": ("BAD_PREFIX", r"[0-9]{3}"),
    "parcelles_section": ("BAD_SECTION", r"[0-9A-Z]{2}"),
    "parcelles_numero": ("BAD_PARCEL", r"[0-9]{4}"),
}
SIRETS = {"siret_syndicat", "representant_siret", "successeur_siret"}


def check(dossier: dict[str, Any], service: Service, known: Catalogue) -> Iterator[Finding]:
    """A finding per value that could not travel."""
    for item in known.sent(service.code, service.groups):
        yield from _value(item, dossier.get(item.code), known)


def _value(item: Item, value: Any, known: Catalogue) -> Iterator[Finding]:
    if is_empty(value):
        return
    if item.type == "list":
        yield from _list(item, value, known)
    elif known.children(item.code):
        yield from _struct(item, value, known)
    else:
        yield from _scalar(item, value)


def _list(item: Item, value: Any, known: Catalogue) -> Iterator[Finding]:
    if not isinstance(value, list):
        yield blocking("NOT_LIST", item.code)
        return
    children = known.children(item.code)
    for member in value:
        if children:
            yield from _struct(item, member, known)
        else:
            yield from _text(item, member)


def _struct(item: Item, value: Any, known: Catalogue) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield blocking("NOT_LIST", item.code)
        return
    for child in known.children(item.code):
        yield from _value(child, value.get(child.code), known)


def _scalar(item: Item, value: Any) -> Iterator[Finding]:
    checks: dict[str, Callable[[Item, Any], Iterator[Finding]]] = {
        "bool": _bool,
        "int": _int,
        "decimal": _amount,
        "date": _date,
        "enum": _enum,
        "file": _file,
    }
    yield from checks.get(item.type, _text)(item, value)


def _text(item: Item, value: Any) -> Iterator[Finding]:
    if not isinstance(value, str):
        yield blocking("NOT_TEXT", item.code)
    elif UNPRINTABLE.search(value):
        yield blocking("UNPRINTABLE", item.code)
    elif not value.strip():
        yield blocking("MISSING", item.code, item.law)
    elif len(value) > MAX_LENGTH:
        yield blocking("TOO_LONG", item.code, maximum=MAX_LENGTH)
    else:
        yield from _shape(item, value)


def _shape(item: Item, value: str) -> Iterator[Finding]:
    if item.code in SIRETS and not (len(value) == 14 and siret.is_valid(value)):
        yield blocking("BAD_SIRET", item.code)
    if item.code in PATTERNS:
        code, pattern = PATTERNS[item.code]
        if not re.fullmatch(pattern, value):
            yield blocking(code, item.code)


def _bool(item: Item, value: Any) -> Iterator[Finding]:
    if not isinstance(value, bool):
        yield blocking("NOT_YES_NO", item.code)


def _int(item: Item, value: Any) -> Iterator[Finding]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield blocking("NOT_INTEGER", item.code)
    elif value < 0:
        yield blocking("NEGATIVE", item.code)
    elif value > MAX_INTEGER:
        yield blocking("TOO_LARGE", item.code)
    elif item.unit == "year":
        yield from _year(item, value)


def _amount(item: Item, value: Any) -> Iterator[Finding]:
    if not isinstance(value, Decimal) or not value.is_finite():
        yield blocking("NOT_AMOUNT", item.code)
    elif value < 0:
        yield blocking("NEGATIVE", item.code)
    elif value > MAX_AMOUNT:
        yield blocking("TOO_LARGE", item.code)
    elif -value.normalize().as_tuple().exponent > 2:
        yield blocking("NOT_AMOUNT", item.code)


def _date(item: Item, value: Any) -> Iterator[Finding]:
    if not isinstance(value, date) or isinstance(value, datetime):
        yield blocking("NOT_DATE", item.code)
    else:
        yield from _year(item, value.year)


def _year(item: Item, year: int) -> Iterator[Finding]:
    oldest = 1000 if item.unit == "year" else OLDEST.get(item.code, OLDEST_OTHERWISE)
    if not oldest <= year <= LATEST:
        yield blocking("IMPOSSIBLE_DATE", item.code, year=year)


def _file(item: Item, value: Any) -> Iterator[Finding]:
    if not isinstance(value, bytes):
        yield blocking("NOT_A_FILE", item.code)


def _enum(item: Item, value: Any) -> Iterator[Finding]:
    known = {entry.code for entry in nomenclature(item.nomenclature)}
    if not isinstance(value, str) or value not in known:
        yield blocking("UNKNOWN_CODE", item.code, value=value)

"""Amounts and counts, as people and programs write them."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from .cells import Figure, plain
from .outcome import Doubtful, Impossible
from .texts import text

CENT = Decimal("0.01")
MINUS = re.compile("[\u2012-\u2015\u2212\u207b]")
# A straight or a typographic apostrophe separates thousands in Switzerland.
APOSTROPHES = re.compile("[\u02bc\u2018\u2019\u00b4`]")
CURRENCY = re.compile(r"^(?:€|euros?\b|eur\b)\s*|\s*(?:€|euros?|eur)$", re.I)
BODY = re.compile(r"[0-9][0-9 .,']*|[.,][0-9]{1,2}")
EXPONENT = re.compile(r"[+-]?[0-9][0-9.,]*\s?[eE]\s?[+-]?[0-9]+")
SEVERAL = re.compile(r"[\t\n\r\v\f]")


def amount(value: Any) -> Decimal | None:
    """An amount of euros, to the cent: "41 250,30 €", "(1250,30)", 41250.3.

    None when nothing is written. Raises Doubtful, Impossible.
    """
    written = _read(value, money=True)
    if written is None:
        return None
    try:
        return Decimal(written).quantize(CENT, ROUND_HALF_UP) + 0  # no -0.00
    except InvalidOperation:
        raise Impossible("NOT_NUMBER", value) from None


def count(value: Any) -> int | None:
    """A whole number: "1 234", and "12,0" of a spreadsheet.

    None when nothing is written. Raises Doubtful, Impossible.
    """
    written = _read(value, money=False)
    if written is None:
        return None
    units, _point, decimals = written.partition(".")
    if decimals.strip("0"):
        raise Impossible("NOT_WHOLE", value)
    return int(units)


def _read(value: Any, money: bool) -> str | None:
    """The number as Python writes it."""
    if value is None or value is False or value == "":
        return None
    if isinstance(value, date):
        raise Impossible("DATE_AS_NUMBER", value)
    if isinstance(value, Figure) or not isinstance(value, str):
        return _of_program(value)
    return _of_person(value, money)


def _of_program(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise Impossible("NOT_NUMBER", value) from None
    if not number.is_finite():
        raise Impossible("NOT_NUMBER", value)
    return plain(number)


def _of_person(value: str, money: bool) -> str | None:
    if SEVERAL.search(value.strip()):
        raise Impossible("NOT_NUMBER", value)
    written = APOSTROPHES.sub("'", MINUS.sub("-", text(value)))
    if not written:
        return None
    if EXPONENT.fullmatch(written):
        raise Doubtful("EXPONENT", value)
    sign, body = _signed(written, money)
    if not BODY.fullmatch(body):
        raise Impossible("NOT_NUMBER", value)
    return sign + _digits(body, value)


def _signed(written: str, money: bool) -> tuple[str, str]:
    """("-" or "", what is left): "(12 €)", "- 12", "12-" and "€ -12" are negative."""
    body = CURRENCY.sub("", written) if money else written
    if money and body.startswith("(") and body.endswith(")"):
        return "-", CURRENCY.sub("", body[1:-1].strip())
    if body.startswith(("-", "+")):
        sign, body = body[0].replace("+", ""), body[1:].strip()
        return sign, CURRENCY.sub("", body) if money else body
    if money and body.endswith("-"):  # as accounting software prints it
        return "-", body[:-1].strip()
    return "", body


def _digits(body: str, value: str) -> str:
    """``body`` holds digits, spaces, points, commas and apostrophes."""
    marks = re.findall(r"[ .,']", body)
    kinds = list(dict.fromkeys(marks))
    if not kinds:
        return body
    last = marks[-1]
    has_decimals = last in ".," and marks.count(last) == 1
    if has_decimals and len(kinds) <= 2:
        whole, decimals = body.rsplit(last, 1)
        grouped = _ungrouped(whole, kinds[0], value) if len(kinds) == 2 else whole
        return _decimal(grouped, decimals, len(kinds) == 2, value)
    if len(kinds) == 1:
        return _ungrouped(body, last, value)
    raise Impossible("NOT_NUMBER", value)


def _decimal(whole: str, decimals: str, is_grouped: bool, value: str) -> str:
    if not decimals:
        raise Doubtful("CUT", value)
    # 1,234: a thousand, or a little more than one? 41 250.300: forty-one million?
    could_be_thousands = is_grouped or (whole.strip("0") and len(whole) <= 3)
    if len(decimals) == 3 and could_be_thousands:
        raise Doubtful("THOUSANDS", value)
    return f"{whole or '0'}.{decimals}"


def _ungrouped(body: str, mark: str, value: str) -> str:
    if re.fullmatch(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+", body):
        return body.replace(mark, "")
    if mark in " '":
        raise Doubtful("GROUPS", value)
    raise Impossible("NOT_NUMBER", value)

"""Dates, as people and programs write them, and what an instant is in France."""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from typing import Any

import pytz

from .cells import Figure
from .outcome import Doubtful, Impossible
from .texts import text

FRANCE = pytz.timezone("Europe/Paris")
PLAUSIBLE = range(1500, 2200)  # of eight digits in a row, the year can only be one of these
MONTHS = {
    name: rank
    for rank, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}
WEEKDAYS = "lundi mardi mercredi jeudi vendredi samedi dimanche".split()
DAY_FIRST = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.A)
YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})", re.A)
SHORT = re.compile(r"\d{1,3}[/.\- ]\d{1,2}[/.\- ]\d{1,3}", re.A)
WORDS = re.compile(r"(\d{1,2})(?:er)?[ \-./]([a-z]+)\.?[ \-./](\d{4}|\d{2})", re.A)
CLOCK = re.compile(
    r"(?P<day>.*\d{4}|\d{4}.*?\d)(?:T|,? (?:a )?)"
    r"(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})?)(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"(?: ?(?P<half>am|pm))?(?: ?(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?",
    re.A | re.I,
)


def day(value: Any) -> date | None:
    """31/12/2025, 31.12.2025, 2025-12-31, 20251231, 31 décembre 2025; years may be absurd.

    The day comes before the month, as in France. An instant with its zone is the day that
    it then is in France. None when nothing is written. Raises Doubtful, Impossible.
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, datetime):
        return _on_clock(value.date(), value.time(), value.tzinfo, value)
    if isinstance(value, date):
        return value
    if isinstance(value, Figure) or not isinstance(value, str):
        raise _of_number(str(value))
    written = _unaccented(text(value))
    return _written(written, value) if written else None


def _written(written: str, value: str) -> date:
    if found := CLOCK.fullmatch(written):
        return _on_clock(_day(found["day"], value), *_time(found, value), value)
    return _day(written, value)


def _day(written: str, value: str) -> date:
    """A date without an hour."""
    weekday, _space, rest = written.partition(" ")
    if weekday.rstrip(",") in WEEKDAYS:
        found = _day(rest, value)
        if WEEKDAYS[found.weekday()] != weekday.rstrip(","):
            raise Doubtful("WEEKDAY", value)
        return found
    if found := DAY_FIRST.fullmatch(written):
        return _date(found[3], found[2], found[1], value)
    if found := YEAR_FIRST.fullmatch(written):
        return _date(found[1], found[2], found[3], value)
    if found := WORDS.fullmatch(written):
        return _in_words(found, value)
    if SHORT.fullmatch(written):
        raise Doubtful("SHORT_YEAR", value)
    if re.fullmatch(r"\d{8}", written, re.A):
        return _in_a_row(written, value)
    if re.fullmatch(r"\d+(?:[.,]0+)?", written, re.A):
        raise _of_number(written)
    raise Impossible("NOT_DATE", value)


def _date(year: str, month: str, day_: str, value: str) -> date:
    try:
        return date(int(year), int(month), int(day_))
    except ValueError:
        raise Impossible("NOT_DATE", value) from None


def _in_words(found: re.Match, value: str) -> date:
    if found[2] not in MONTHS:
        raise Impossible("NOT_DATE", value)
    if len(found[3]) == 2:
        raise Doubtful("SHORT_YEAR", value)
    return _date(found[3], str(MONTHS[found[2]]), found[1], value)


def _in_a_row(digits: str, value: str) -> date:
    """20251231, or 31122025: where only one of the two is a date of our times."""
    readings = set()
    for parts in ((digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[2:4], digits[:2])):
        try:
            readings.add(_date(*parts, value))
        except Impossible:
            continue
    plausible = [reading for reading in readings if reading.year in PLAUSIBLE]
    if len(plausible) > 1:
        raise Doubtful("DATE_ORDER", value)
    if not plausible:
        raise Impossible("NOT_DATE", value)
    return plausible[0]


def _of_number(written: str) -> Doubtful | Impossible:
    """45657 is 31/12/2024 in one calendar of spreadsheets, and 1/1/2029 in the other."""
    whole = re.split("[.,]", written)[0]
    if whole.isascii() and whole.isdigit() and len(whole) == 5:
        return Doubtful("SERIAL", written)
    return Impossible("NOT_DATE", written)


def _time(found: re.Match, value: str) -> tuple[time, Any]:
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise Impossible("NOT_DATE", value)
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    try:
        clock = time(hour, int(found["minute"] or 0), int(found["second"] or 0))
        return clock, _zone(found["zone"])
    except ValueError:
        raise Impossible("NOT_DATE", value) from None


def _zone(written: str | None):
    if not written:
        return None
    if written[0] not in "+-":
        return UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    return datetime.strptime(f"{written[0]}{digits}", "%z").tzinfo


def _on_clock(on: date, clock: time, zone: Any, value: Any) -> date:
    """The date in France of a date and an hour.

    Without a zone, the hour may be that of France, or universal time as programs export
    it: 23:00 is then the next day, which can only be told where both agree.
    """
    try:
        local = datetime.combine(on, clock.replace(tzinfo=None))
        instant = local.replace(tzinfo=zone or UTC).astimezone(FRANCE).date()
    except (OverflowError, ValueError):
        raise Impossible("NOT_DATE", value) from None
    if zone is None and instant != on:
        raise Doubtful("HOUR", value)
    return instant


def _unaccented(value: str) -> str:
    decomposed = unicodedata.normalize("NFD", value.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

"""Dates and moments, in any form and zone, both ways."""

import re
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

EPOCHS = {"epoch": 1, "epoch_ms": 1000}
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def read_moment(styled: dict, value: Any, text: bool) -> datetime:
    """Raises ValueError. In the zone of the format, whatever the one that was written."""
    form = styled.get("format")
    if form in EPOCHS:
        return _of_epoch(value, EPOCHS[form], text).astimezone(_zone(styled) or timezone.utc)
    if not isinstance(value, str):
        raise ValueError("not a text")
    if not form:
        return _of_iso(styled, value)
    found = datetime.strptime(value, form.replace("%:z", "%z"))
    if _written(found, form) != value:
        raise ValueError("not written so")
    return _placed(styled, found)


def write_moment(styled: dict, plain: str) -> Any:
    """Of a plain text in ISO 8601; a day that travels as a moment is midnight there."""
    form, day = styled.get("format"), _ISO_DAY.fullmatch(plain)
    moment = _placed(styled, datetime.fromisoformat(plain))
    if form in EPOCHS:
        return int(moment.timestamp() * EPOCHS[form])
    if form:
        return _written(moment, form)
    return plain if day or not _zone(styled) else moment.isoformat()


def _written(moment: datetime, form: str) -> str:
    """In a form of strftime; %:z is +01:00, which it knows from Python 3.12 on."""
    offset = moment.strftime("%z")
    return moment.strftime(form.replace("%:z", f"{offset[:3]}:{offset[3:]}"))


def _of_iso(styled: dict, value: str) -> datetime:
    if styled["type"] == "date" and not _ISO_DAY.fullmatch(value):
        raise ValueError("not a day")
    return _placed(styled, datetime.fromisoformat(value))


def _of_epoch(value: Any, unit: int, text: bool) -> datetime:
    if text and re.fullmatch(r"-?\d+", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("not a whole number")
    return datetime.fromtimestamp(value / unit, timezone.utc)


def _placed(styled: dict, moment: datetime) -> datetime:
    """In the zone of the format; of what bears none, that zone is its own."""
    zone = _zone(styled)
    if moment.tzinfo is None:
        return moment.replace(
            tzinfo=zone or (timezone.utc if styled.get("format") in EPOCHS else None)
        )
    return moment.astimezone(zone) if zone else moment


def _zone(styled: dict) -> ZoneInfo | None:
    return ZoneInfo(styled["zone"]) if styled.get("zone") else None

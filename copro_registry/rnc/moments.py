"""Moments as the registry gives them, and as a clock without a time zone keeps them."""

from datetime import datetime, timezone


def naive_utc(moment: datetime | None) -> datetime | None:
    """Without a time zone, in UTC; None for one that no clock shows."""
    if moment is None or moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None)
    except OverflowError:  # the year 1, or 9999, at the edge of the calendar
        return None

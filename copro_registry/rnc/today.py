"""What day it is, for the law."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

FRANCE = ZoneInfo("Europe/Paris")


def today() -> date:
    """The date in France: deadlines and reforms follow no other time zone."""
    return datetime.now(FRANCE).date()

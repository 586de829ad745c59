"""The day it is in Colombia and how it is printed; stands on nothing, for records, trust and reports alike."""

from datetime import date, datetime, timedelta, timezone
from typing import Final

COLOMBIA: Final = timezone(timedelta(hours=-5))
"""UTC-5 without summer time, since 1993."""
MONTHS: Final = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def spoken_date(day: date) -> str:
    """``day`` as printed in Colombia: 31-ene-2026."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"


def day_of(when: datetime) -> date:
    """The day it is in Colombia at ``when``."""
    return when.astimezone(COLOMBIA).date()


def spoken_day(when: datetime) -> str:
    """The day it is in Colombia at ``when``, as printed."""
    return spoken_date(day_of(when))

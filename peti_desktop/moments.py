"""Time as the people of the program live it: Colombia's, whatever zone the machine was left in.

The same data must read the same on screen, on paper and in a workbook, on every machine.
"""

from datetime import UTC, date, datetime, timedelta, timezone

from peti_desktop.records.convert import spoken_date

COLOMBIA = timezone(timedelta(hours=-5))
"""UTC-5 without summer time, since 1993."""


def now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def day_of(when: datetime) -> date:
    """The day it is in Colombia at ``when``."""
    return when.astimezone(COLOMBIA).date()


def time_of(when: datetime) -> str:
    """The time of day it is in Colombia at ``when``: 10:42."""
    return f"{when.astimezone(COLOMBIA):%H:%M}"


def spoken_moment(when: datetime) -> str:
    """14-ene-2026, 10:42."""
    return f"{spoken_date(day_of(when))}, {time_of(when)}"

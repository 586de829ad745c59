"""Time as the people of the program live it: Colombia's, whatever zone the machine was left in.

The same data must read the same on screen, on paper and in a workbook, on every machine.
"""

from datetime import UTC, datetime

from peti_desktop import days
from peti_desktop.days import spoken_date

COLOMBIA, day_of = days.COLOMBIA, days.day_of


def now() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(UTC)


def time_of(when: datetime) -> str:
    """The time of day it is in Colombia at ``when``: 10:42."""
    return f"{when.astimezone(COLOMBIA):%H:%M}"


def spoken_moment(when: datetime) -> str:
    """14-ene-2026, 10:42."""
    return f"{spoken_date(day_of(when))}, {time_of(when)}"

"""What a number format of a spreadsheet says about the number under it: a date, a padded code, scientific notation."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from peti_desktop.importing.grid import Formatted, Raw

# Formats that have a number instead of words in a file (ECMA-376 part 1, 18.8.30; 27-36 and 50-58 in Asian versions).
BUILT_IN = {
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)), "d"),
    **dict.fromkeys((18, 19, 20, 21, 45, 46, 47), "h:mm"),
    11: "0.00E+00",
    48: "##0.0E+0",
}
SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+E[+-]?\d+|E\+\d+)", re.IGNORECASE)
"""A number as Excel shows it when the cell is too narrow for its digits. «12E5» alone may be a serial."""

_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_PIECES = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]|(.)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shape:
    """A number format: ``kind`` is date, time, scientific, padded or empty.

    ``pattern`` of a padded one holds literals and a digit's place for each ``None``.
    """

    kind: str = ""
    pattern: tuple[str | None, ...] = ()


@lru_cache(maxsize=4096)
def shape(code: str) -> Shape:
    """What the format ``code`` does with a positive number."""
    if code.strip().lower() in {"", "general", "@", "standard"}:
        return Shape()
    section = _first_section(code)
    if _ELAPSED.search(section):
        return Shape("time")
    pieces = [(found[1] or found[2], found[3]) for found in _PIECES.finditer(section)]
    live = "".join(char for _, char in pieces if char).lower()
    if "e+" in live or "e-" in live:
        return Shape("scientific")
    if set(live) & set("dy") or ("m" in live and not set(live) & set("hs")):
        return Shape("date")
    if set(live) & set("hs"):
        return Shape("time")
    return _padded(pieces)


def _first_section(code: str) -> str:
    quoted = False
    for position, char in enumerate(code):
        if char == '"':
            quoted = not quoted
        elif char == ";" and not quoted:
            return code[:position]
    return code


def _padded(pieces: list[tuple[str | None, str | None]]) -> Shape:
    pattern: list[str | None] = []
    for literal, char in pieces:
        if literal:
            pattern.extend(literal)
        elif char == "0":
            pattern.append(None)
        elif char and char in "-/ ()":
            pattern.append(char)
        elif char:
            return Shape()
    zeros = pattern.count(None)
    wordy = any(char is not None and char.isalpha() for char in pattern)
    return Shape("padded", tuple(pattern)) if zeros >= 2 or (zeros and wordy) else Shape()


def number(value: float, found: Shape, *, from_1904: bool = False) -> Raw:
    """The number ``value`` as its format means it."""
    match found.kind:
        case "date":
            return day(value, from_1904=from_1904) or plain(value)
        case "time":
            return clock(value)
        case "scientific":
            return Formatted(value, f"{value:.2E}")
        case "padded" if value >= 0 and float(value).is_integer() and value < 1e15:
            return Formatted(value, _fill(int(value), found.pattern))
        case _:
            return plain(value)


def plain(value: float) -> int | float:
    """Whole numbers without a decimal part, as far as a spreadsheet keeps digits (15)."""
    return int(value) if float(value).is_integer() and abs(value) < 1e15 else value


def _fill(value: int, pattern: tuple[str | None, ...]) -> str:
    places = pattern.count(None)
    digits = str(value).zfill(places)
    spare, rest = digits[: len(digits) - places], iter(digits[len(digits) - places :])
    text, first = "", True
    for char in pattern:
        if char is not None:
            text += char
        else:
            text += (spare if first else "") + next(rest)
            first = False
    return text


def day(serial: float, *, from_1904: bool = False) -> date | None:
    """The date (without the time of day) of a serial number; None outside the years 1900 to 9999."""
    if not 0 < serial < 2_958_466:
        return None
    # Excel believes in 29 February 1900, so that the days after it are one off.
    start = date(1899, 12, 30) if serial >= 60 else date(1899, 12, 31)
    if from_1904:
        start = date(1904, 1, 1)
    try:
        return start + timedelta(days=int(serial))
    except OverflowError:
        return None


def clock(serial: float) -> str:
    """A time of day or a duration in hours, as text."""
    minutes = round(abs(serial) * 24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def iso(text: str) -> Raw:
    """A date spelled as ISO 8601, without its time of day; anything else stays text."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return text

"""How high a row must be so that its wrapped texts show: not every program works it out at opening."""

import math
from collections.abc import Iterable

LINE_POINTS, MOST_POINTS = 15.0, 409.0
"""Height of a line, and the most that Excel gives a row."""


def height(texts: Iterable[tuple[str, int]]) -> float:
    """The points a row needs for texts, each with the width of its column in characters."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return min(lines * LINE_POINTS + 2, MOST_POINTS)


def _lines(text: str, width: int) -> int:
    if len(text) * 1.1 <= width and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(len(line) * 1.1 / width)) for line in text.split("\n"))

"""How a risk zone looks on paper: a colour, a letter and, for black and white, a letter box that grows darker."""

from dataclasses import dataclass

from peti_desktop.reports.lettering import BOLD
from peti_desktop.reports.page import INK, WHITE, Document


@dataclass(frozen=True, slots=True)
class ZoneLook:
    """``hatch`` is the distance in points between the lines of the pattern, 0 for none."""

    letter: str
    paper: str
    ink: str
    hatch: float


ZONES = {
    "bajo": ZoneLook("B", "#D9EEDB", "#2F6B3A", 0),
    "moderado": ZoneLook("M", "#FFF1B8", "#8A6D00", 9),
    "alto": ZoneLook("A", "#FFCF9E", "#A14B00", 5),
    "extremo": ZoneLook("E", "#F0968D", "#8E1B12", 2.6),
}
"""The four zones, from the lightest to the heaviest; their papers differ in grey too."""


def letter_box(doc: Document, zone: str, x: float, y: float, side: float) -> None:
    """The zone's letter in a square: plain, framed, framed heavily, or white on black, whatever the printer."""
    look = ZONES[zone]
    if zone == "extremo":
        doc.fill(INK, x, y, side, side, layer=1)
    else:
        doc.fill(WHITE, x, y, side, side, layer=1)
        doc.frame(x, y, side, side, INK, {"bajo": 0.3, "moderado": 0.6, "alto": 1.3}[zone])
    size = side * 0.74
    ink = WHITE if zone == "extremo" else INK
    doc.text_centred(x + side / 2, y + side / 2 - size * 0.36, look.letter, BOLD, size, ink)


def hatch(doc: Document, zone: str, x: float, y: float, wide: float, high: float, coarse: float = 1) -> None:
    """The zone's pattern over a rectangle: diagonals, the closer the heavier the zone; ``coarse`` thins them out."""
    look = ZONES[zone]
    if not look.hatch:
        return
    step = look.hatch * coarse
    shift = step
    while shift < wide + high:
        # From the left or top edge down to the bottom or right edge.
        x1, y1 = (x, y + high - shift) if shift <= high else (x + shift - high, y)
        x2, y2 = (x + shift, y + high) if shift <= wide else (x + wide, y + high - shift + wide)
        doc.rule(x1, y1, x2, y2, look.ink, 0.25)
        shift += step

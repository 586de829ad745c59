"""The 5 x 5 map of risks, large or small, readable without its colours."""

from peti_desktop import method
from peti_desktop.catalogues import Catalogues
from peti_desktop.reports.figures import Cells
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler, width
from peti_desktop.reports.page import INK, MUTED, WHITE, Document
from peti_desktop.reports.zones import ZONES, hatch

LEVELS = range(1, 6)


def large(doc: Document, catalogues: Catalogues, cells: Cells, title: str, x: float, wide: float, high: float) -> None:
    """A map with its axes named, ``wide`` by ``high``; its top left corner is ``x`` and the document's ``y``."""
    axis, foot, head = 62.0, 34.0, 20.0
    step_x, step_y = (wide - axis) / 5, (high - foot - head) / 5
    left, bottom = x + axis, doc.y - high + foot
    doc.text_centred(left + 2.5 * step_x, doc.y - 11, title, BOLD, 10.5, INK)
    doc.text_centred(left + 2.5 * step_x, bottom - 31, "Impacto →", BOLD, 8, MUTED)
    doc.text(x, bottom + 5 * step_y + 6, "Probabilidad ↑", BOLD, 8, MUTED)
    names = Ruler(REGULAR, 8)
    for level in LEVELS:
        y = bottom + (level - 0.5) * step_y
        doc.text_right(left - 6, y - 3, catalogues.label("nivel_probabilidad", str(level)), REGULAR, 8, INK)
        for n, line in enumerate(names.wrap(catalogues.label("nivel_impacto", str(level)), step_x)):
            doc.text_centred(left + (level - 0.5) * step_x, bottom - 12 - 9 * n, line, REGULAR, 8, INK)
    _draw(doc, catalogues, cells, (left, bottom), (step_x, step_y), 15)


def small(doc: Document, catalogues: Catalogues, cells: Cells, title: str, x: float, y: float, side: float) -> None:
    """A map without names of levels, ``side`` points a side, its bottom left corner at ``x``, ``y``."""
    doc.text(x, y + side + 4, title, REGULAR, 7, MUTED)
    _draw(doc, catalogues, cells, (x, y), (side / 5, side / 5), 8)


def _draw(
    doc: Document,
    catalogues: Catalogues,
    cells: Cells,
    origin: tuple[float, float],
    step: tuple[float, float],
    size: float,
) -> None:
    rules = method.load(catalogues.metodo, catalogues.vigencia)
    for p in LEVELS:
        for i in LEVELS:
            zone = rules.zone(p, i)
            x, y = origin[0] + (i - 1) * step[0], origin[1] + (p - 1) * step[1]
            doc.fill(ZONES[zone].paper, x, y, *step)
            hatch(doc, zone, x + 0.6, y + 0.6, step[0] - 1.2, step[1] - 1.2, 1 if size > 10 else 1.4)
            doc.frame(x, y, *step, WHITE, 1.2)
            _mark(doc, zone, cells.get((p, i), 0), (x, y), step, size)


def _mark(
    doc: Document, zone: str, count: int, origin: tuple[float, float], step: tuple[float, float], size: float
) -> None:
    """The zone's letter in the corner of a cell, and how many risks it holds on a plate in its middle."""
    (x, y), letter = origin, ZONES[zone].letter
    corner = max(5.0, size * 0.55)
    wide = width(letter, BOLD, corner)
    doc.fill(ZONES[zone].paper, x + 1, y + step[1] - corner - 2, wide + 3, corner + 1, layer=1)
    doc.text(x + 2.5, y + step[1] - corner - 0.5, letter, BOLD, corner, INK)
    if not count:
        return
    text = f"{count:,}".replace(",", ".")
    size = min(size, size * (step[0] - 6) / max(width(text, BOLD, size), 1))
    plate = max(width(text, BOLD, size) + size * 0.6, size * 1.25)
    # In a small cell the plate makes way for the letter.
    small_cell = step[0] < 30
    middle_x = x + step[0] * (0.6 if small_cell else 0.5)
    middle_y = y + step[1] * (0.4 if small_cell else 0.5)
    doc.fill(WHITE, middle_x - plate / 2, middle_y - size * 0.65, plate, size * 1.3, layer=1)
    doc.text_centred(middle_x, middle_y - size * 0.36, text, BOLD, size, INK)


def legend(doc: Document, catalogues: Catalogues, x: float, y: float) -> None:
    """What letters and patterns mean, in one line."""
    for code, look in ZONES.items():
        doc.fill(look.paper, x, y - 2, 16, 10)
        hatch(doc, code, x, y - 2, 16, 10)
        doc.frame(x, y - 2, 16, 10, look.ink, 0.5)
        label = f"{look.letter}  {catalogues.label('zona', code)}"
        doc.text(x + 20, y, label, REGULAR, 8, INK)
        x += 20 + width(label, REGULAR, 8) + 18

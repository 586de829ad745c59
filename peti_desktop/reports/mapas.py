"""Heat maps: inherent beside residual, of the entity, of each dependencia and of each proceso."""

from collections.abc import Mapping

from peti_desktop.progress import Progress
from peti_desktop.records.convert import by_name
from peti_desktop.reports import heatmap, words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import MAPS, Cells, Count, Figures
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler, fitted
from peti_desktop.reports.page import INK, MUTED, RULE, Document
from peti_desktop.reports.table import Column, Row
from peti_desktop.reports.zones import ZONES
from peti_desktop.workspace import Workspace

TITLE = "Mapas de calor de los riesgos"
NAMES = {
    "inherente": "Riesgo inherente (antes de los controles)",
    "residual": "Riesgo residual (después de los controles)",
}
Heat = Mapping[str, Mapping[str, Cells]]
"""Maps of parts of the entity, by map («inherente», «residual») and code of the part."""
SIDE, GAP = 90.0, 16.0
NAME, LEAD = 8.0, 9.5
"""The size of a dependencia's name over its maps, and from line to line of it."""


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the maps of the entity on one page and those of its dependencias and processes on the next ones."""
    progress(0, 0, TITLE)
    _entity(doc, ws, figures)
    for title, parts, heat in by_part(figures):
        if len(parts) > 1:
            _parts(doc, ws, (title, parts), heat, progress)


def by_part(figures: Figures) -> list[tuple[str, list[Count], Heat]]:
    """The maps of the parts of the entity: a title, the parts with a rated risk by their names, and their maps."""
    found = (
        ("Mapas de calor por dependencia", figures.risks_by_dependencia, figures.heat_of),
        ("Mapas de calor por proceso", figures.risks_by_proceso, figures.heat_of_proceso),
    )
    return [
        (title, sorted((part for part in parts if part.code in heat[MAPS[0]]), key=lambda p: by_name(p.label)), heat)
        for title, parts, heat in found
    ]


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the maps of the entity alone: that of a dependencia tells where its weak places are."""
    progress(0, 0, TITLE)
    _entity(doc, ws, figures)


def _entity(doc: Document, ws: Workspace, figures: Figures) -> None:
    rated = figures.totals["riesgo"] - figures.unrated
    note = (
        f"{words.counted(rated, 'riesgo valorado', 'riesgos valorados')} · {words.number(figures.unrated)} sin valorar"
    )
    doc.heading(TITLE, note, keep=400)
    wide = (doc.wide - 30) / 2
    high = min(320.0, doc.room - 122)
    for n, which in enumerate(MAPS):
        left = doc.left + n * (wide + 30)
        heatmap.large(doc, ws.catalogues, figures.heat[which], NAMES[which], left, wide, high)
    doc.y -= high + 20
    heatmap.legend(doc, ws.catalogues, doc.left, doc.y)
    doc.text_right(
        doc.right,
        doc.y,
        "Cada cifra es el número de riesgos de esa casilla; la zona se busca en la tabla de la guía, no se multiplica.",
        REGULAR,
        7.5,
        MUTED,
    )
    doc.y -= 16
    beside(doc, [[_zones(ws, figures)]])


def _zones(ws: Workspace, figures: Figures) -> Block:
    columns = (
        Column("Mapa", 40),
        *(
            Column(f"{look.letter} · {ws.catalogues.label('zona', zone)}", 20, right=True)
            for zone, look in ZONES.items()
        ),
        Column("Sin valorar", 20, right=True),
        Column("Total", 20, right=True),
    )
    total = figures.totals["riesgo"]
    rows = []
    for which in MAPS:
        counts = [figures.zones[which][zone] for zone in ZONES]
        numbers = (*counts, total - sum(counts), total)
        rows.append(Row((which.capitalize(), *(words.number(n) for n in numbers))))
    return Block("", columns, rows)


def _parts(doc: Document, ws: Workspace, named: tuple[str, list[Count]], heat: Heat, progress: Progress) -> None:
    title, units = named
    doc.new_page()
    doc.heading(title, "inherente a la izquierda, residual a la derecha", level=1)
    heatmap.legend(doc, ws.catalogues, doc.left, doc.y - 10)
    doc.y -= 22
    columns = max(1, int((doc.wide + GAP) / (2 * SIDE + 2 * GAP)))
    step = (doc.wide + GAP) / columns
    for start in range(0, len(units), columns):
        progress(start, len(units), title)
        row = [(unit, _name(unit.label, step - GAP)) for unit in units[start : start + columns]]
        names = LEAD * max(len(lines) for _, lines in row)
        high = SIDE + 31 + names
        if doc.room < high:
            doc.new_page()
            heatmap.legend(doc, ws.catalogues, doc.left, doc.y - 10)
            doc.y -= 22
        for n, (unit, lines) in enumerate(row):
            _unit(doc, ws, heat, unit, (lines, names), doc.left + n * step, step - GAP)
        doc.y -= high


def _name(text: str, wide: float) -> list[str]:
    """A name on one line, or two; what is longer is cut short."""
    first, *more = Ruler(BOLD, NAME).wrap(text, wide)
    return [first, fitted(" ".join(more), BOLD, NAME, wide, 1)[0]] if more else [first]


def _unit(
    doc: Document,
    ws: Workspace,
    heat: Heat,
    unit: Count,
    name: tuple[list[str], float],
    x: float,
    wide: float,
) -> None:
    """Both maps of a part of the entity below its ``name``: its lines and the height of the tallest beside it."""
    lines, tall = name
    for n, line in enumerate(reversed(lines)):
        doc.text(x, doc.y - tall + 0.5 + n * LEAD, line, BOLD, NAME, INK)
    y = doc.y - tall - 3.5
    doc.text_right(x + wide, y - 9, words.counted(unit.count, "riesgo", "riesgos"), REGULAR, 7, MUTED)
    doc.rule(x, y, x + wide, y, RULE, 0.5)
    for n, which in enumerate(MAPS):
        cells = heat[which].get(unit.code, {})
        heatmap.small(doc, ws.catalogues, cells, which.capitalize(), x + n * (SIDE + GAP), y - SIDE - 13, SIDE)

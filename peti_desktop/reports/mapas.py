"""Heat maps: inherent beside residual, of the entity and of each dependencia."""

from peti_desktop.progress import Progress
from peti_desktop.reports import heatmap, words
from peti_desktop.reports.figures import MAPS, Count, Figures
from peti_desktop.reports.lettering import BOLD, REGULAR, width
from peti_desktop.reports.page import INK, MUTED, RULE, Document
from peti_desktop.reports.table import Block, Column, Row, beside
from peti_desktop.reports.zones import ZONES
from peti_desktop.workspace import Workspace

TITLE = "Mapas de calor de los riesgos"
NAMES = {
    "inherente": "Riesgo inherente (antes de los controles)",
    "residual": "Riesgo residual (después de los controles)",
}
SIDE, GAP = 90.0, 16.0


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the maps of the entity on one page and those of the dependencias on the next ones."""
    progress(0, 0, TITLE)
    _entity(doc, ws, figures)
    units = [unit for unit in figures.dependencias if unit.code in figures.heat_of["inherente"]]
    if len(units) > 1:
        _by_dependencia(doc, ws, figures, units)


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


def _by_dependencia(doc: Document, ws: Workspace, figures: Figures, units: list[Count]) -> None:
    doc.new_page()
    doc.heading("Mapas de calor por dependencia", "inherente a la izquierda, residual a la derecha", level=1)
    heatmap.legend(doc, ws.catalogues, doc.left, doc.y - 10)
    doc.y -= 22
    columns = max(1, int((doc.wide + GAP) / (2 * SIDE + 2 * GAP)))
    step = (doc.wide + GAP) / columns
    high = SIDE + 40
    for start in range(0, len(units), columns):
        if doc.room < high:
            doc.new_page()
        for n, unit in enumerate(units[start : start + columns]):
            _unit(doc, ws, figures, unit, doc.left + n * step, step - GAP)
        doc.y -= high


def _unit(doc: Document, ws: Workspace, figures: Figures, unit: Count, x: float, wide: float) -> None:
    risks = next((count.count for count in figures.risks_by_dependencia if count.code == unit.code), 0)
    size = min(8.0, 8.0 * wide / width(unit.label, BOLD, 8))
    doc.text(x, doc.y - 9, unit.label, BOLD, size, INK)
    doc.text_right(x + wide, doc.y - 22, words.counted(risks, "riesgo", "riesgos"), REGULAR, 7, MUTED)
    doc.rule(x, doc.y - 13, x + wide, doc.y - 13, RULE, 0.5)
    for n, which in enumerate(MAPS):
        cells = figures.heat_of[which].get(unit.code, {})
        heatmap.small(doc, ws.catalogues, cells, which.capitalize(), x + n * (SIDE + GAP), doc.y - SIDE - 26, SIDE)

"""What changed since the last cut, on paper: totals, zones that rose and fell, and each change, field by field."""

from collections.abc import Iterator
from io import BytesIO

from peti_desktop.consolidation import comparing
from peti_desktop.consolidation.comparing import CHANGED, NEW, RETIRED, SAME, Comparison, Difference
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures, figures
from peti_desktop.reports.page import OFICIO, Document, document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Qué cambió desde el último corte"
KIND_WORDS = {NEW: "Nuevo", CHANGED: "Cambiado", RETIRED: "Retirado"}
FIRST = "No hay un corte anterior con el cual comparar: este es el primero, y desde él se contará lo que cambie."
NONE = "Todavía no hay un corte con el cual comparar: cuando se selle el primero, desde él se contará lo que cambie."


def pages(doc: Document, ws: Workspace, own: Figures, progress: Progress) -> None:
    """Draw what changed since the newest cut; within a cut, since the one before."""
    progress(0, 0, "Comparando con el último corte")
    found = comparing.since_last(ws, progress)
    if found is None:
        doc.heading("Sin un corte anterior")
        doc.paragraph(FIRST if own.cut else NONE, size=10)
        return
    draw(doc, ws, found, progress)


def drawn(ws: Workspace, found: Comparison, progress: Progress = silent) -> bytes:
    """A comparison of any two states as a PDF."""
    target = BytesIO()
    head = words.head(ws, figures(ws), "Qué cambió")
    with document(target, OFICIO.turned, head) as doc:
        draw(doc, ws, found, progress)
    return target.getvalue()


def draw(doc: Document, ws: Workspace, found: Comparison, progress: Progress) -> None:
    """Draw a comparison."""
    doc.heading("Resumen", f"{found.before} → {found.after}")
    beside(doc, [[_by_type(found)], [_by_unit(ws, found)]])
    if found.risen or found.fallen:
        doc.heading("Zonas residuales que cambiaron")
        columns = (Column("Cambio", 14), Column("Dependencia", 34), Column("Riesgo", 90), Column("Antes", 20))
        table = Table(doc, (*columns, Column("Ahora", 20)), 8)
        table.draw([_zone(ws, d) for d in (*found.risen, *found.fallen)])
    doc.heading("Cambios, registro por registro")
    if not found.differences:
        doc.paragraph("No cambió ningún registro.", size=10)
        return
    table = Table(
        doc,
        (Column("Qué pasó", 16), Column("Registro", 60), Column("Campo", 30), Column("Antes", 60), Column("Ahora", 60)),
        7.5,
    )
    table.draw(_rows(ws, found, progress))


def _by_type(found: Comparison) -> Block:
    def row(title: str, name: str, *, total: bool = False) -> Row:
        numbers = (words.number(found.count(kind, type_name=name)) for kind in (NEW, CHANGED, RETIRED, SAME))
        return Row((title, *numbers), total=total)

    rows = [row(kind.title, name) for name, kind in TYPES.items()]
    return Block("Por clase de registro", _columns("Registros"), [*rows, row("Total", "", total=True)])


def _by_unit(ws: Workspace, found: Comparison) -> Block:
    units = {unit: ws.catalogues.label("dependencia", unit) for unit, _, _ in found.counts}
    rows = [
        Row((name, *(words.number(found.count(kind, dependencia=unit)) for kind in (NEW, CHANGED, RETIRED, SAME))))
        for unit, name in sorted(units.items(), key=lambda pair: plain(pair[1]))
    ]
    return Block("Por dependencia", _columns("Dependencia"), rows)


def _columns(first: str) -> tuple[Column, ...]:
    numbers = ("Nuevos", "Cambiados", "Retirados", "Iguales")
    return (Column(first, 60), *(Column(title, 20, right=True) for title in numbers))


def _zone(ws: Workspace, difference: Difference) -> Row:
    zone = next(change for change in difference.changes if change.field == "zona_residual")
    sign = "▲ Subió" if difference.zone > 0 else "▼ Bajó"
    unit = ws.catalogues.label("dependencia", difference.dependencia)
    return Row((Cell(sign, bold=True), unit, difference.headline, *(_coloured(t) for t in (zone.before, zone.after))))


def _coloured(label: str) -> Cell:
    return Cell(label, zone=plain(label)) if plain(label) in comparing.ORDER else Cell(label)


def _rows(ws: Workspace, found: Comparison, progress: Progress) -> Iterator[Row | Band]:
    def order(difference: Difference) -> tuple[str, int, int]:
        unit = plain(ws.catalogues.label("dependencia", difference.dependencia))
        return unit, list(TYPES).index(difference.type), comparing.KINDS.index(difference.kind)

    last = ("", "")
    for done, difference in enumerate(sorted(found.differences, key=order)):
        if done % comparing.STEP == 0:
            progress(done, len(found.differences), "Dibujando los cambios")
        group = (difference.dependencia, difference.type)
        if group != last:
            unit = ws.catalogues.label("dependencia", difference.dependencia)
            yield Band(unit, TYPES[difference.type].title, bookmark=group[0] != last[0])
            last = group
        first = Cell(KIND_WORDS[difference.kind], bold=True)
        if not difference.changes:
            yield Row((first, difference.headline, "", "", difference.note))
        for number, change in enumerate(difference.changes):
            record = (first, difference.headline) if number == 0 else ("", "")
            yield Row((*record, change.label, change.before or "Sin diligenciar", change.after or "Sin diligenciar"))

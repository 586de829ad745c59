"""Needs grouped by theme, with their quantities and money, and who needs them."""

from collections.abc import Iterator

from peti_desktop.progress import Progress
from peti_desktop.records import NECESIDAD
from peti_desktop.records.convert import plain
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.blocks import beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Necesidades de tecnología"
COLUMNS = (
    Column("Dependencia", 92),
    Column.of(NECESIDAD["subproceso"], 80),
    Column.of(NECESIDAD["descripcion"], 174),
    Column.of(NECESIDAD["justificacion"], 146),
    Column.of(NECESIDAD["urgencia"], 44),
    Column.of(NECESIDAD["cantidad"], 44),
    Column.of(NECESIDAD["valor_unitario"], 80),
    Column.of(NECESIDAD["valor_total"], 84),
    Column.of(NECESIDAD["fuente_financiacion"], 74),
    Column("UNSPSC", 48),
)


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the totals and, theme by theme, every need."""
    total = figures.totals["necesidad"]
    doc.heading(TITLE, f"{words.counted(total, 'registro', 'registros')} · {words.pesos(figures.money)}", keep=200)
    if not total:
        doc.paragraph("No hay necesidades registradas.", colour=MUTED)
        return
    summary(doc, figures)
    doc.heading("Necesidades por tema", level=1)
    table = Table(doc, COLUMNS)
    table.draw(_rows(ws, figures, progress))


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw the totals alone: what a need says of itself, and why, is often an open weakness."""
    progress(0, 0, TITLE)
    total = figures.totals["necesidad"]
    doc.heading(TITLE, f"{words.counted(total, 'registro', 'registros')} · {words.pesos(figures.money)}", keep=200)
    if total:
        summary(doc, figures)
    else:
        doc.paragraph("No hay necesidades registradas.", colour=MUTED)


def summary(doc: Document, figures: Figures) -> None:
    """Totals by theme, by dependencia and by what they are."""
    blocks = [words.needs_block("Por tema", "Tema", figures.needs_by_tema)]
    if len(figures.needs_by_dependencia) > 1:
        blocks.append(words.needs_block("Por dependencia", "Dependencia", figures.needs_by_dependencia))
    blocks.append(words.needs_block("Por clase de registro", "Qué es", figures.needs_by_forma))
    beside(doc, [[block] for block in blocks])


def _rows(ws: Workspace, figures: Figures, progress: Progress) -> Iterator[Row | Band]:
    done, total = 0, figures.totals["necesidad"]
    names = {count.code: count.label for count in figures.dependencias}
    for theme in figures.needs_by_tema:
        lines = words.counted(theme.count, "registro", "registros")
        units = words.counted(theme.quantity, "unidad", "unidades")
        yield Band(theme.label, f"{lines} · {units} · {words.pesos(theme.money)}", bookmark=True)
        found = ws.records("necesidad", dependencia=figures.dependencia or None, equal={"tema": theme.code or None})
        for record in sorted(found, key=lambda r: (plain(names[r.dependencia]), r.uid)):
            if done % 50 == 0:
                progress(done, total, f"Necesidades: {theme.label}")
            yield _row(ws, record, names[record.dependencia])
            done += 1
    yield Row(_total(figures), total=True)
    progress(done, total, "Necesidades")


def _total(figures: Figures) -> tuple[str, ...]:
    quantity, money = words.number(figures.quantity), words.pesos(figures.money)
    return ("Total", "", "", "", "", quantity, "", money, "", "")


def _row(ws: Workspace, record: Record, dependencia: str) -> Row:
    def shown(name: str) -> str:
        return words.shown(ws, NECESIDAD, record, name)

    form = "" if record.values["forma"] == "necesidad" else shown("forma")
    return Row(
        (
            Cell(dependencia, note=words.EXAMPLE if record.example else ""),
            shown("subproceso"),
            Cell(shown("descripcion"), note=form),
            *(shown(name) for name in ("justificacion", "urgencia", "cantidad", "valor_unitario", "valor_total")),
            shown("fuente_financiacion"),
            shown("unspsc"),
        )
    )

"""«Programas e indicadores»: what the plan promised, and how far each indicator has come in the vigencia."""

from collections.abc import Iterator
from decimal import Decimal

from peti_desktop.peti.indicators import LIGHTS, Standing, standings
from peti_desktop.progress import Progress
from peti_desktop.records import AVANCE
from peti_desktop.records.convert import decimal_text
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Programas e indicadores del PETI"
COLUMNS = (
    Column("Código", 34),
    Column("Indicador", 190),
    Column("Unidad", 46),
    Column("Línea base", 46, right=True),
    Column("Meta", 46, right=True),
    Column("Alcanzado", 50, right=True),
    Column("Cumple %", 46, right=True),
    Column("Semáforo", 62),
    Column("Periodo", 70),
    Column("Evidencia", 130),
    Column("Observaciones", 130),
)
PUBLIC_COLUMNS = len(COLUMNS) - 2


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw the programmes, the count of each light, and every indicator by objective and programme."""
    _draw(doc, ws, progress, len(COLUMNS))


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """The same without evidence and remarks, which are free texts."""
    _draw(doc, ws, progress, PUBLIC_COLUMNS)


def _draw(doc: Document, ws: Workspace, progress: Progress, most: int) -> None:
    """Draw the report with the first ``most`` columns of its table."""
    found = standings(ws)
    measured = sum(1 for standing in found if standing.value is not None)
    doc.heading(TITLE, f"{words.counted(len(found), 'indicador', 'indicadores')} · {measured} con avance", keep=200)
    doc.paragraph(
        f"Vigencia {ws.info.vigencia}. El cumplimiento es la parte del camino de la línea base a la meta que se "
        "recorrió; sin línea base se cuenta desde cero. C cumple: desde 95 %. M medio: más de 70 %. N no cumple: hasta "
        "70 %.",
        colour=MUTED,
    )
    if not measured:
        doc.paragraph("Nadie ha registrado avances en esta vigencia: se muestran las metas del plan.", colour=MUTED)
    beside(doc, [[_programmes(ws)], [_lights(found)]])
    doc.heading("Indicadores por objetivo y programa", level=1)
    progress(0, len(found), "Indicadores")
    rows = _rows(ws, found)
    Table(doc, COLUMNS[:most], 6.8).draw(Row(row.cells[:most]) if isinstance(row, Row) else row for row in rows)
    progress(len(found), len(found), "Indicadores")


def _programmes(ws: Workspace) -> Block:
    known = ws.catalogues
    rows = [
        Row(
            (
                Cell(entry.label, bold=True),
                str(entry.extra.get("objetivo", "")),
                str(entry.extra.get("responsable", "")),
                ", ".join(entry.extra.get("corresponsables", ())),
            )
        )
        for entry in known.entries("programa")
    ]
    columns = (Column("Programa", 60), Column("Objetivo", 20), Column("Responsable", 30), Column("Con", 60))
    return Block("Programas", columns, rows)


def _lights(found: list[Standing]) -> Block:
    counts = {code: sum(1 for standing in found if standing.light == code) for code in LIGHTS}
    rows = [Row((f"{letter} · {word}", words.number(counts[code]))) for code, (letter, word) in LIGHTS.items()]
    rows.append(Row(("Total", words.number(len(found))), total=True))
    return Block("Semáforo", (Column("Semáforo", 60), Column("Indicadores", 24, right=True)), rows)


def _rows(ws: Workspace, found: list[Standing]) -> Iterator[Row | Band]:
    last = ("", "")
    for standing in sorted(found, key=lambda s: (s.goal_code, s.programme)):
        here = (standing.goal_code, standing.programme)
        if here != last:
            last = here
            programme = ws.catalogues.label("programa", standing.programme) if standing.programme else "Sin programa"
            yield Band(f"{standing.goal_code} · {programme}", bookmark=True)
        yield _row(ws, standing)


def _row(ws: Workspace, standing: Standing) -> Row:
    letter, word = LIGHTS[standing.light]
    progress = standing.progress

    def shown(name: str) -> str:
        return words.shown(ws, AVANCE, progress, name) if progress is not None else ""

    return Row(
        (
            Cell(standing.code, note=words.EXAMPLE if progress is not None and progress.example else "", bold=True),
            Cell(standing.name, note=f"De {standing.kind}" if standing.kind else ""),
            standing.unit,
            _amount(standing.base),
            _amount(standing.goal),
            _amount(standing.value),
            _amount(standing.percent),
            Cell(f"{letter} · {word}", bold=True),
            Cell(shown("periodo"), note=shown("fecha")),
            shown("evidencia"),
            shown("observaciones"),
        )
    )


def _amount(value: Decimal | None) -> str:
    return decimal_text(value) if value is not None else ""

"""Who is missing: what each dependencia owes, how late it is, what came empty, and which rows wait for a decision."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from peti_desktop import expected
from peti_desktop.expected import LETTERS, Owed, State, Waiting
from peti_desktop.progress import Progress
from peti_desktop.records import EVERY
from peti_desktop.records.convert import plain, spoken_date
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Quién falta por entregar"
COLUMNS: Final = (
    Column("Sección", 60),
    Column("Estado", 84),
    Column("Vence", 56),
    Column("Días", 58),
    Column("Entrega", 40),
    Column("Nota", 220),
)
DECIDED: Final = {
    "devolver": "Se devuelve",
    "rechazar": "Se rechaza",
    "esperar": "Espera",
    "acompañar": "Espera con su registro",
}
"""What was decided about rows that are not accepted, as people read it."""


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw the summary, those who owe, all others, and what waits."""
    progress(0, 0, TITLE)
    board = expected.board(ws)
    owing = [owed for owed in board if owed.owing]
    late = {owed.dependencia for owed in owing if owed.late(ws.today) > 0}
    doc.heading(TITLE, f"{words.counted(len(late), 'dependencia', 'dependencias')} en mora", keep=200)
    if not board:
        doc.paragraph("Todavía no se ha dicho qué se espera de las dependencias.", colour=MUTED)
        return
    beside(doc, [[_states(board)], [_sections(board, ws.today)]])
    doc.heading("Lo que se espera", words.counted(len(owing), "sección", "secciones"), level=1)
    if owing:
        Table(doc, COLUMNS).draw(_rows(owing, ws.today, progress))
    else:
        doc.paragraph("Ninguna dependencia debe nada.", colour=MUTED)
    settled = [owed for owed in board if not owed.owing]
    if settled:
        doc.heading("Lo que ya llegó", words.counted(len(settled), "sección", "secciones"), level=1)
        Table(doc, COLUMNS).draw(_rows(settled, ws.today, progress))
    waiting(doc, expected.waiting(ws))


def waiting(doc: Document, found: Sequence[Waiting]) -> None:
    """The rows of deliveries that were not accepted, counted by reason; nothing when none waits."""
    if not found:
        return
    total = sum(each.rows for each in found)
    doc.heading("Filas que esperan una decisión", words.counted(total, "fila", "filas"), level=1)
    columns = (
        Column("Dependencia", 150),
        Column("Entrega", 40),
        Column("Sección", 70),
        Column("Filas", 30, right=True),
        Column("Decisión", 90),
        Column("Motivo", 250),
    )
    Table(doc, columns).draw(
        Row(
            (
                each.name,
                f"n.º {each.number}",
                EVERY[each.section].title if each.section in EVERY else each.section,
                words.number(each.rows),
                DECIDED.get(each.what, each.what),
                each.reason,
            )
        )
        for each in found
    )


def _states(board: Sequence[Owed]) -> Block:
    counted = Counter(owed.state for owed in board)
    rows = [
        Row((f"{LETTERS[state]} · {state.value.capitalize()}", words.number(counted[state])))
        for state in State
        if counted[state]
    ]
    rows.append(Row(("Total", words.number(len(board))), total=True))
    return Block("Por estado", (Column("Estado", 70), Column("Secciones", 30, right=True)), rows)


def _sections(board: Sequence[Owed], today: date) -> Block:
    titles = {owed.section: owed.title for owed in board}
    rows = [
        _counted(title, [owed for owed in board if owed.section == section], today) for section, title in titles.items()
    ]
    rows.append(_counted("Total", board, today, total=True))
    columns = (
        Column("Sección", 40),
        *(Column(name, 20, right=True) for name in ("Esperadas", "Faltan", "En mora", "Vacías")),
    )
    return Block("Por sección", columns, rows)


def _counted(title: str, own: Sequence[Owed], today: date, *, total: bool = False) -> Row:
    owing = [owed for owed in own if owed.owing]
    late = [owed for owed in owing if owed.late(today) > 0]
    empty = [owed for owed in own if owed.empty]
    return Row((title, *(words.number(len(some)) for some in (own, owing, late, empty))), total=total)


def _rows(owed: Sequence[Owed], today: date, progress: Progress) -> Iterator[Row | Band]:
    """Dependencia by dependencia, those who are latest first."""
    worst = {each.dependencia: 0 for each in owed}
    for each in owed:
        if each.owing:
            worst[each.dependencia] = max(worst[each.dependencia], each.late(today))
    order = sorted(owed, key=lambda each: (-worst[each.dependencia], plain(each.name), each.dependencia))
    unit = ""
    for done, each in enumerate(order):
        if done % 50 == 0:
            progress(done, len(order), TITLE)
        if each.dependencia != unit:
            unit = each.dependencia
            late = worst[unit]
            note = f"{words.counted(late, 'día', 'días')} de mora" if late > 0 else ""
            yield Band(each.name, note)
        yield _row(each, today)
    progress(len(order), len(order), TITLE)


def _row(owed: Owed, today: date) -> Row:
    late = owed.late(today)
    days = "" if not owed.owing else f"{late} de mora" if late > 0 else "hoy" if not late else f"faltan {-late}"
    return Row(
        (
            owed.title,
            Cell(f"{LETTERS[owed.state]} · {owed.words}", bold=owed.state is State.OVERDUE),
            spoken_date(owed.due),
            Cell(days, bold=owed.owing and late > 0),
            f"n.º {owed.number}" if owed.number else "",
            "; ".join(owed.notes),
        )
    )

"""Information systems and web services: what each is for, who answers, and until when somebody supports it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from peti_desktop.progress import Progress
from peti_desktop.records import SISTEMA
from peti_desktop.records.convert import plain
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import NAMELESS, Count, Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Sistemas de información y servicios web"
COLUMNS: Final = (
    Column("Sistema", 92),
    Column.of(SISTEMA["tipo"], 62),
    Column.of(SISTEMA["para_que"], 160),
    Column.of(SISTEMA["estado"], 56),
    Column("A cargo de (cargo)", 84),
    Column.of(SISTEMA["proveedor"], 74),
    Column("Soporte", 96),
    Column.of(SISTEMA["usuarios"], 40),
    Column("Intercambia con", 100),
)
PUBLIC_COLUMNS: Final = (
    Column("Sistema", 120),
    Column.of(SISTEMA["tipo"], 80),
    Column.of(SISTEMA["para_que"], 220),
    Column.of(SISTEMA["estado"], 70),
    Column.of(SISTEMA["direccion_web"], 140),
)
"""Neither who answers for a system nor until when somebody supports it."""
ENDED, ENDS, UNKNOWN = "Soporte vencido", "Con soporte", "Sin fecha de soporte"


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the counts and, dependencia by dependencia, every system."""
    _draw(doc, ws, figures, progress, public=False)


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """The same with what may be published of a system."""
    _draw(doc, ws, figures, progress, public=True)


def _draw(doc: Document, ws: Workspace, figures: Figures, progress: Progress, *, public: bool) -> None:
    progress(0, 0, TITLE)
    found = ws.records("sistema", dependencia=figures.dependencia or None)
    doc.heading(TITLE, words.counted(len(found), "sistema", "sistemas"), keep=200)
    if not found:
        doc.paragraph("No hay sistemas registrados.", colour=MUTED)
        return
    blocks = [
        _counted(ws, "Por estado", "Estado", found, "estado"),
        _counted(ws, "Por tipo", "Tipo", found, "tipo"),
        *([] if public else [_support(ws, found)]),
    ]
    beside(doc, [[block] for block in blocks])
    doc.heading("Sistemas por dependencia", level=1)
    Table(doc, PUBLIC_COLUMNS if public else COLUMNS, 6.8).draw(_rows(ws, found, progress, public=public))


def _counted(ws: Workspace, title: str, what: str, found: Sequence[Record], name: str) -> Block:
    counted = Counter(words.shown(ws, SISTEMA, record, name) or NAMELESS for record in found)
    return words.counts_block(title, what, [Count(text, text, number) for text, number in counted.most_common()])


def _support(ws: Workspace, found: Sequence[Record]) -> Block:
    counted: Counter[str] = Counter()
    for record in found:
        until = record.values["soporte_hasta"]
        counted[UNKNOWN if not isinstance(until, date) else ENDED if until < ws.today else ENDS] += 1
    counts = [Count(text, text, counted[text]) for text in (ENDED, ENDS, UNKNOWN) if counted[text]]
    return words.counts_block("Por soporte", "Soporte", counts)


def _rows(ws: Workspace, found: Sequence[Record], progress: Progress, *, public: bool) -> Iterator[Row | Band]:
    def key(record: Record) -> tuple[str, str]:
        return plain(ws.catalogues.label("dependencia", record.dependencia)), plain(str(record.values["nombre"] or ""))

    counted = Counter(record.dependencia for record in found)
    unit = ""
    for done, record in enumerate(sorted(found, key=key)):
        if done % 50 == 0:
            progress(done, len(found), TITLE)
        if record.dependencia != unit:
            unit = record.dependencia
            name = ws.catalogues.label("dependencia", unit)
            yield Band(name, words.counted(counted[unit], "sistema", "sistemas"), bookmark=True)
        yield _public_row(ws, record) if public else _row(ws, record)
    progress(len(found), len(found), TITLE)


def _public_row(ws: Workspace, record: Record) -> Row:
    names = ("tipo", "para_que", "estado", "direccion_web")
    first = Cell(words.shown(ws, SISTEMA, record, "nombre"), note=words.EXAMPLE if record.example else "", bold=True)
    return Row((first, *(words.shown(ws, SISTEMA, record, name) for name in names)))


def _row(ws: Workspace, record: Record) -> Row:
    def shown(name: str) -> str:
        return words.shown(ws, SISTEMA, record, name)

    until = record.values["soporte_hasta"]
    ended = isinstance(until, date) and until < ws.today and record.values["estado"] != "fuera_de_uso"
    return Row(
        (
            Cell(shown("nombre"), note=words.EXAMPLE if record.example else shown("direccion_web"), bold=True),
            shown("tipo"),
            shown("para_que"),
            shown("estado"),
            shown("dueno"),
            shown("proveedor"),
            Cell(shown("soporte") or UNKNOWN, bold=ended),
            shown("usuarios"),
            shown("intercambia"),
        )
    )

"""The plan of treatment and its follow-up: what is done about each risk, by whom, until when, and what is overdue."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from peti_desktop.progress import Progress
from peti_desktop.records import RIESGO
from peti_desktop.records.convert import plain
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.matriz import in_order
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Plan de tratamiento y seguimiento"
OVERDUE, NO_PLAN, NO_DATE, RUNNING, DONE = "Vencido", "Sin plan", "Sin fecha", "En curso", "Finalizado"
STATES: Final = (OVERDUE, NO_PLAN, NO_DATE, RUNNING, DONE)
"""How a plan stands, what asks for attention first."""
COLUMNS: Final = (
    Column("Ref.", 36),
    Column.of(RIESGO["descripcion"], 150),
    Column("Zona residual", 56),
    Column("Tratamiento", 54),
    Column.of(RIESGO["plan_accion"], 150),
    Column("Responsable (cargo)", 84),
    Column("Implementación", 62),
    Column("Seguimiento", 130),
    Column("Estado", 66),
)


def treated(record: Record) -> bool:
    """Whether something is to be done about a risk: it is not just accepted, or a plan was written all the same."""
    return record.values["tratamiento"] not in {None, "aceptar"} or bool(record.values["plan_accion"])


def standing(record: Record, today: date) -> str:
    """How the plan of a risk stands on a day, one of ``STATES``."""
    values = record.values
    until = values["fecha_implementacion"]
    if values["estado_plan"] == "finalizado":
        return DONE
    if not values["plan_accion"]:
        return NO_PLAN
    if not isinstance(until, date):
        return NO_DATE
    return OVERDUE if until < today else RUNNING


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw how the plans stand, by state and dependencia, and then every plan."""
    every = ws.records("riesgo", dependencia=figures.dependencia or None)
    found = [record for record in every if treated(record)]
    overdue = sum(standing(record, ws.today) == OVERDUE for record in found)
    note = f"{words.counted(len(found), 'riesgo', 'riesgos')} por tratar · {words.number(overdue)} con plan vencido"
    doc.heading(TITLE, note, keep=200)
    if not found:
        doc.paragraph("No hay riesgos por tratar.", colour=MUTED)
        return
    units: dict[str, list[Record]] = {}
    for record in sorted(found, key=lambda r: plain(ws.catalogues.label("dependencia", r.dependencia))):
        units.setdefault(record.dependencia, []).append(record)
    beside(doc, [[_states(ws, every, found)], [_units(ws, units)]])
    doc.heading("Qué se hace con cada riesgo", level=1)
    Table(doc, COLUMNS, 6.8).draw(_rows(ws, units, len(found), progress))


def _states(ws: Workspace, every: Sequence[Record], found: Sequence[Record]) -> Block:
    counted = Counter(standing(record, ws.today) for record in found)
    rows = [Row((state, words.number(counted[state]))) for state in STATES if counted[state]]
    rows.append(Row(("Por tratar", words.number(len(found))), total=True))
    rows.append(Row(("Se aceptan o no se han decidido", words.number(len(every) - len(found)))))
    return Block("Por estado del plan", (Column("Estado", 70), Column("Riesgos", 30, right=True)), rows)


def _units(ws: Workspace, units: dict[str, list[Record]]) -> Block:
    rows, whole = [], Counter[str]()
    for unit, records in units.items():
        counted = Counter(standing(record, ws.today) for record in records)
        whole += counted
        rows.append(_unit(ws.catalogues.label("dependencia", unit), counted))
    rows.append(_unit("Total", whole, total=True))
    columns = (Column("Dependencia", 50), *(Column(name, 14, right=True) for name in ("Por tratar", *STATES)))
    return Block("Por dependencia", columns, rows)


def _unit(name: str, counted: Counter[str], *, total: bool = False) -> Row:
    """So many by state: they add up to what is to be treated."""
    numbers = (counted.total(), *(counted[state] for state in STATES))
    return Row((name, *(words.number(number) for number in numbers)), total=total)


def _rows(ws: Workspace, units: dict[str, list[Record]], total: int, progress: Progress) -> Iterator[Row | Band]:
    done = 0
    for unit, records in units.items():
        name = ws.catalogues.label("dependencia", unit)
        yield Band(name, words.counted(len(records), "riesgo", "riesgos"), bookmark=True)
        for record in in_order(ws, records):
            if done % 50 == 0:
                progress(done, total, f"{TITLE}: {name}")
            yield _row(ws, record)
            done += 1
    progress(done, total, TITLE)


def _row(ws: Workspace, record: Record) -> Row:
    def shown(name: str) -> str:
        return words.shown(ws, RIESGO, record, name)

    zone = record.values["zona_residual"]
    state = standing(record, ws.today)
    return Row(
        (
            words.marked(shown("referencia"), record),
            shown("descripcion"),
            Cell(ws.catalogues.label("zona", zone), zone=zone) if isinstance(zone, str) else Cell(note="Sin valorar"),
            shown("tratamiento"),
            shown("plan_accion"),
            shown("responsable"),
            shown("fecha_implementacion"),
            Cell(shown("fecha_seguimiento"), note=shown("seguimiento") or _unwritten(record, ws.today)),
            Cell(state, note=_late(record, ws.today) if state == OVERDUE else "", bold=state == OVERDUE),
        )
    )


def _unwritten(record: Record, today: date) -> str:
    due = record.values["fecha_seguimiento"]
    return "Pasó la fecha y no se ha escrito" if isinstance(due, date) and due < today else ""


def _late(record: Record, today: date) -> str:
    until = record.values["fecha_implementacion"]
    return f"hace {words.counted((today - until).days, 'día', 'días')}" if isinstance(until, date) else ""

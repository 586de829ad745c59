"""Devices by dependencia, and what of them is obsolete and why."""

from collections.abc import Iterator

from peti_desktop.progress import Progress
from peti_desktop.records import EQUIPO
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.blocks import beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Equipos y obsolescencia"
PUBLIC_TITLE = "Equipos de la entidad"
NAMES = (
    "placa",
    "tipo",
    "marca",
    "modelo",
    "serial",
    "anio",
    "sistema_operativo",
    "ofimatica",
    "antivirus",
    "licencia",
    "obsolescencia",
    "estado",
    "ubicacion",
    "custodio",
)

ANY_REASON = "Por una razón o más"
"""A device may be obsolete for two reasons: what they add up to is not how many devices there are."""


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the summary and, dependencia by dependencia, every device."""
    total = figures.totals["equipo"]
    share = words.percent(figures.obsolete_total, total)
    note = f"{_sizes(total, figures.obsolete_total)} ({share})"
    doc.heading(TITLE, note, keep=200)
    if not total:
        doc.paragraph("No hay equipos registrados.", colour=MUTED)
        return
    system = words.counts_block("Por sistema operativo", "Sistema operativo", figures.equipment["sistema_operativo"])
    obsolete = words.counts_block(
        "Obsoletos, según la razón", "Razón", figures.obsolete, whole=figures.obsolete_total, last=ANY_REASON
    )
    beside(
        doc,
        [
            [words.counts_block("Por tipo", "Tipo", figures.equipment["tipo"])],
            [words.counts_block("Por estado", "Estado", figures.equipment["estado"]), obsolete],
            [system],
        ],
    )
    doc.heading("Equipos por dependencia", level=1)
    Table(doc, [Column.of(EQUIPO[name]) for name in NAMES], 6.8).draw(_rows(ws, figures, progress))


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw how many devices there are: which of them are out of support, and who has them, is not for the web."""
    progress(0, 0, TITLE)
    total = figures.totals["equipo"]
    doc.heading(PUBLIC_TITLE, words.counted(total, "equipo", "equipos"), keep=200)
    if not total:
        doc.paragraph("No hay equipos registrados.", colour=MUTED)
        return
    by = {"tipo": "Tipo", "estado": "Estado", "dependencia": "Dependencia"}
    counted = ((f"Por {what.lower()}", what, figures.equipment[name]) for name, what in by.items())
    beside(doc, [[words.counts_block(*block)] for block in counted])


def _sizes(total: int, obsolete: int) -> str:
    return f"{words.counted(total, 'equipo', 'equipos')} · {words.counted(obsolete, 'obsoleto', 'obsoletos')}"


def _rows(ws: Workspace, figures: Figures, progress: Progress) -> Iterator[Row | Band]:
    done, total = 0, figures.totals["equipo"]
    counts = {count.code: count.count for count in figures.equipment["dependencia"]}
    for unit in figures.dependencias:
        if unit.code not in counts:
            continue
        found = ws.records("equipo", dependencia=unit.code)
        obsolete = sum(1 for record in found if record.values["obsolescencia"])
        note = _sizes(len(found), obsolete)
        yield Band(unit.label, note, bookmark=True)
        for record in found:
            if done % 50 == 0:
                progress(done, total, f"Equipos: {unit.label}")
            yield _row(ws, record)
            done += 1
    progress(done, total, "Equipos")


def _row(ws: Workspace, record: Record) -> Row:
    first, *rest = (words.shown(ws, EQUIPO, record, name) for name in NAMES)
    return Row((Cell(first, note=words.EXAMPLE if record.example else ""), *rest))

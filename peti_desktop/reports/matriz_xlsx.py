"""The consolidated workbook, matriz.xlsx: summary, every record with its origin, and the heat maps.

Rows are streamed, so that memory does not grow with them; no cell holds a formula.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell

from db.queries import deliveries
from peti_desktop import sheets
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Field, Kind, RecordType
from peti_desktop.records.record import Record, headline
from peti_desktop.reports import mapas_xlsx, words
from peti_desktop.reports.equipos import ANY_REASON
from peti_desktop.reports.figures import MAPS, ZONES, Count, Figures, figures
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

ROW_LIMIT = 1_048_576
"""Rows of a sheet in Excel 2007 and later."""

LETTERS = {"bajo": "B", "moderado": "M", "alto": "A", "extremo": "E"}
UNIT = Field("dependencia", "Dependencia", Kind.CHOICE, catalogue="dependencia", width=28)
ORIGIN = (
    Field("ejemplo", "Ejemplo", width=11),
    Field("archivo", "Archivo de origen", width=30),
    Field("hoja", "Hoja", width=13),
    Field("fila", "Fila", Kind.INTEGER, width=8),
)
COUNT, MONEY = Field("cantidad", "Cantidad", Kind.INTEGER), Field("valor", "Valor", Kind.MONEY)

Line = tuple[str | int | Decimal, ...]


def write_matriz(ws: Workspace, path: Path, progress: Progress = silent) -> None:
    """Write the workbook to ``path``, whole or not at all. Raises UserError when it cannot be written."""
    replace_file(path, drawn(ws, progress))


def drawn(ws: Workspace, progress: Progress = silent) -> bytes:
    """The workbook as bytes. Raises UserError when a sheet would need more rows than Excel has."""
    with ws.snapshot() as seen:  # an intake may go on meanwhile: what is counted is what is listed
        return _drawn(seen, progress)


def _drawn(ws: Workspace, progress: Progress) -> bytes:
    found = figures(ws)
    if max(found.totals.values()) >= ROW_LIMIT:
        raise UserError(
            "Hay más registros de los que caben en una hoja de Excel (1.048.575).",
            "Exporte por dependencia.",
        )
    with ws.read() as connection:
        files = {row["sha256"]: row["nombre"] for row in deliveries.received(connection)}

    def fill(workbook: Workbook) -> None:
        _summary(workbook, ws, found)
        done = 0
        for record_type in TYPES.values():
            _records(workbook, ws, record_type, found, files, progress, done)
            done += found.totals[record_type.name]
        mapas_xlsx.add(lambda title, widths: _sheet(workbook, title, widths, found), ws, found)

    return sheets.written(fill)


def _sheet(workbook: Workbook, title: str, widths: Sequence[float], found: Figures, frozen: str = "") -> Sheet:
    """A new sheet that says of which data it is on every page."""
    right = f"Vigencia {found.vigencia} · {found.code}"
    sheet = sheets.printed_sheet(workbook, title, widths, frozen=frozen, head=f"{found.entity} · {title}", right=right)
    sheet.oddFooter.left.text = sheets.printed(words.EXAMPLE_NOTE if found.example else words.cut(found))
    return sheet


# Summary


def _summary(workbook: Workbook, ws: Workspace, found: Figures) -> None:
    sheet = _sheet(workbook, "Resumen", (54, 16, 16, 22, 16), found)
    sheet.append([sheets.title_cell(sheet, f"{found.entity} · Vigencia {found.vigencia}")])
    notes = [words.cut(found), words.code(found)]
    for note in [*notes, words.EXAMPLE_NOTE] if found.example else notes:
        sheet.append([sheets.text_cell(sheet, note)])
    for titles, lines in _tables(ws, found):
        sheet.append([])
        sheet.append([sheets.heading_cell(sheet, text) for text in titles])
        for line in lines:
            sheet.append([_cell(sheet, ws, value) for value in line])


def _cell(sheet: Sheet, ws: Workspace, value: str | int | Decimal) -> Cell:
    if isinstance(value, str):
        return sheets.text_cell(sheet, value)
    return sheets.value_cell(sheet, COUNT if isinstance(value, int) else MONEY, value, ws.catalogues)


def _tables(ws: Workspace, found: Figures) -> Iterator[tuple[tuple[str, ...], list[Line]]]:
    """Every table of the summary: its headings and its lines."""
    yield ("Registros", "Cantidad"), [(kind.title, found.totals[name]) for name, kind in TYPES.items()]
    if found.deliveries:
        lines: list[Line] = [(d.name, d.state, d.number or "", d.code) for d in found.deliveries]
        yield ("Entregas", "Estado", "Número", "Código"), lines
    zones = tuple(f"{LETTERS[zone]} · {ws.catalogues.label('zona', zone)}" for zone in ZONES)
    yield ("Riesgos por zona", *zones), [(which.capitalize(), *found.zones[which].values()) for which in MAPS]
    yield ("Riesgos por proceso", "Cantidad"), [(c.label, c.count) for c in found.risks_by_proceso]
    yield ("Riesgos por dependencia", "Cantidad"), [(c.label, c.count) for c in found.risks_by_dependencia]
    for title, needs in (
        ("Necesidades por tema", found.needs_by_tema),
        ("Necesidades por dependencia", found.needs_by_dependencia),
        ("Necesidades por clase", found.needs_by_forma),
    ):
        yield (title, "Registros", "Unidades", "Valor"), [(n.label, n.count, n.quantity, n.money) for n in needs]
    for title, counts in (
        ("Equipos por tipo", found.equipment["tipo"]),
        ("Equipos por estado", found.equipment["estado"]),
        ("Equipos por sistema operativo", found.equipment["sistema_operativo"]),
        ("Equipos obsoletos, según la razón", (*found.obsolete, Count("", ANY_REASON, found.obsolete_total))),
    ):
        yield (title, "Cantidad"), [(c.label, c.count) for c in counts]


# Records


def _records(
    workbook: Workbook,
    ws: Workspace,
    record_type: RecordType,
    found: Figures,
    files: Mapping[str, str],
    progress: Progress,
    before: int,
) -> None:
    """A sheet with all records of a type; ``before`` of all records are written already."""
    total, done = sum(found.totals.values()), before
    fields = (UNIT, *record_type.fields, *ORIGIN)
    sheet = _sheet(workbook, record_type.title, [max(8, field.width) for field in fields], found, "C2")
    sheets.headings(sheet, [field.label for field in fields])
    for unit in found.dependencias:
        links = _links(ws, record_type, unit.code)
        for record in _in_order(ws.records(record_type.name, dependencia=unit.code), links):
            if done % 100 == 0:
                progress(done, total, f"Libro de Excel: {record_type.title}")
            sheet.append(_row(sheet, ws, record_type, record, files, links))
            done += 1
    sheets.filters(sheet, len(fields), done - before + 1)


def _links(ws: Workspace, record_type: RecordType, dependencia: str) -> dict[str, str]:
    """The words for every record of the dependencia that a record of this type may point to."""
    words_of: dict[str, str] = {}
    for name in {field.links for field in record_type.fields if field.links}:
        for record in ws.records(name, retired=None, dependencia=dependencia):
            reference = record.values.get("referencia") if record_type.parent else None
            words_of[record.uid] = str(reference or headline(TYPES[name], record.values, ws.catalogues))
    return words_of


def _in_order(records: Sequence[Record], links: Mapping[str, str]) -> list[Record]:
    """Controls follow their risks; everything else stays in order of birth."""
    if not records or "orden" not in records[0].values:
        return list(records)
    return sorted(records, key=lambda r: (links.get(str(r.values["riesgo"]), ""), r.values["orden"] or 0, r.uid))


def _row(
    sheet: Sheet,
    ws: Workspace,
    record_type: RecordType,
    record: Record,
    files: Mapping[str, str],
    links: Mapping[str, str],
) -> list[Cell]:
    cells = [sheets.value_cell(sheet, UNIT, record.dependencia, ws.catalogues)]
    for field in record_type.fields:
        value = record.values[field.name]
        cell = sheets.value_cell(sheet, field, value, ws.catalogues, links)
        if field.catalogue == "zona" and value in LETTERS:
            cell.value = f"{LETTERS[str(value)]} · {cell.value}"
        cells.append(cell)
    origin = record.origin
    said = (
        words.EXAMPLE if record.example else None,
        files.get(origin.delivery, origin.delivery) if origin else None,
        origin.sheet if origin else None,
        origin.row if origin else None,
    )
    pairs = zip(ORIGIN, said, strict=True)
    return cells + [sheets.value_cell(sheet, field, value, ws.catalogues) for field, value in pairs]

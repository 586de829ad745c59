"""Writing the delivery workbook: a cover and a sheet per record type, readable in Excel 2007 and LibreOffice.

Row 1 of each sheet is hidden and carries field names: columns are found by name, never by position or label.
"""

import io
import math
from collections.abc import Iterator, Mapping, Sequence

from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from peti_desktop import sheets
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import answers
from peti_desktop.delivery.answers import Answer
from peti_desktop.delivery.envelope import Envelope
from peti_desktop.delivery.heights import LINE_POINTS, height
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Kind, RecordType
from peti_desktop.records.record import Record, headline
from peti_desktop.sheets import Sheet

COVER = "Portada"
MARK = "_peti"
"""A hidden sheet that survives «Guardar» in Excel: it tells a delivery that was saved again from a stranger's book.

It carries the seal (``delivery.seal``).
"""

PAGE_CHARACTERS = 170
"""So many beside each other can still be read on paper."""

HEADING_ROW = 3
"""Row 1 holds the names, row 2 the title, this one the labels; records follow."""

UNSEEN = ("ejemplar", "linaje")
"""Lines of the cover that say nothing to a person."""

BEFORE = ("uid", "revision")
AFTER = ("retirado", "ejemplo")
LINK_WORDS = ".texto"
"""A LINK takes two columns: the hidden uid under the field's name, and the words for people under this suffix."""


def cover_rows(envelope: Envelope, catalogues: Catalogues) -> list[tuple[str, str, str]]:
    """Name, label and text of each line of the cover."""
    lines = [
        ("entidad", "Entidad", envelope.entidad),
        ("dependencia", "Código de la dependencia", envelope.dependencia),
        ("dependencia_nombre", "Dependencia", catalogues.label("dependencia", envelope.dependencia)),
        ("vigencia", "Vigencia", str(envelope.vigencia)),
        ("numero", "Número de la entrega", str(envelope.number)),
        ("nombre", "Firma", envelope.nombre),
        ("cargo", "Cargo", envelope.cargo),
        ("fecha", "Fecha", spoken_moment(envelope.made_at)),
        ("codigo", "Código de la entrega", envelope.code),
        ("previo", "Código de la entrega anterior", envelope.previo),
    ]
    lines += [(f"n_{name}", TYPES[name].title, str(count)) for name, count in envelope.counts.items()]
    return [
        *lines,
        ("metodo", "Versión del método", envelope.metodo),
        ("catalogos", "Catálogos", envelope.catalogues),
        ("programa", "Hecho con", f"Peti Desktop {envelope.program}"),
        ("hecha_en", "Instante (UTC)", envelope.made_at.isoformat(timespec="milliseconds")),
        ("ejemplar", "Ejemplar", envelope.ejemplar),
        ("linaje", "Linaje del ejemplar", " ".join(envelope.linaje)),
        ("formato", "Formato del archivo", str(envelope.format)),
    ]


def write(
    envelope: Envelope,
    everything: Mapping[str, Sequence[Record]],
    catalogues: Catalogues,
    progress: Progress = silent,
    seal: Sequence[tuple[str, str]] = (),
    said: Sequence[Answer] = (),
) -> bytes:
    """The workbook of a delivery, not signed yet. ``everything`` holds retired records too.

    ``seal`` is what ``seal.rows_of`` gives, for the hidden sheet; ``said`` are the answers to the office.
    """
    workbook = sheets.new_workbook()
    _cover(workbook.create_sheet(COVER), envelope, catalogues)
    links = {
        record.uid: headline(TYPES[name], record.values, catalogues)
        for name, found in everything.items()
        for record in found
    }
    total = sum(len(found) for found in everything.values())
    done = 0
    for name, found in everything.items():
        record_type = TYPES[name]
        sheet = workbook.create_sheet(record_type.title)
        _prepare(sheet, record_type, envelope, catalogues)
        widths = [0 if hidden else width for _, _, width, hidden in column_names(record_type)]
        for at, record in enumerate(found, start=HEADING_ROW + 1):
            progress(done, total, f"Escribiendo {record_type.title.lower()}")
            row = _row(sheet, record_type, record, catalogues, links)
            sheet.row_dimensions[at].height = height(_texts(row, widths))
            sheet.append(row)
            done += 1
    _answers(workbook.create_sheet(answers.SHEET), envelope, catalogues, said)
    mark = workbook.create_sheet(MARK)
    mark.sheet_state = "veryHidden"
    for name, text in (("formato", str(envelope.format)), *seal):
        mark.append([sheets.text_cell(mark, name), sheets.text_cell(mark, text)])
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _cover(sheet: Sheet, envelope: Envelope, catalogues: Catalogues) -> None:
    _page(sheet, landscape=False)  # before the first row: it is written with what stands above the rows
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width = 30
    sheet.column_dimensions["C"].width = 70
    sheet.sheet_view.showGridLines = False
    title = sheets.text_cell(sheet, f"Entrega n.º {envelope.number} al PETI · Vigencia {envelope.vigencia}")
    title.font = sheets.TITLE
    sheet.append([sheets.text_cell(sheet, "peti.portada"), title])
    sheet.append([])
    for row, (name, label, text) in enumerate(cover_rows(envelope, catalogues), start=3):
        sheet.row_dimensions[row].hidden = name in UNSEEN
        said, value = sheets.text_cell(sheet, label), sheets.text_cell(sheet, text)
        said.font = Font(name="Calibri", bold=True, color="5B6670")
        value.alignment = sheets.WRAPPED
        sheet.append([sheets.text_cell(sheet, name), said, value])
    sheet.append([])
    note = "Los cambios hechos aquí con Excel anulan la firma. Para corregir, vuelva al programa y entregue de nuevo."
    sheet.append([None, sheets.text_cell(sheet, note)])


def _answers(sheet: Sheet, envelope: Envelope, catalogues: Catalogues, said: Sequence[Answer]) -> None:
    _page(sheet, landscape=True)
    unit = catalogues.label("dependencia", envelope.dependencia)
    answers.write(sheet, said, f"Respuestas a la Oficina TIC · {unit} · Entrega n.º {envelope.number}")


def column_names(record_type: RecordType) -> list[tuple[str, str, int, bool]]:
    """Name, label, width and whether it is hidden, of every column of a record sheet, in order."""
    columns = [(name, name, 8, True) for name in BEFORE]
    for field in record_type.fields:
        if field.kind is Kind.LINK:
            columns.append((field.name, field.label, 8, True))
            columns.append((field.name + LINK_WORDS, field.label, field.width, False))
        else:
            columns.append((field.name, field.label, field.width, False))
    return [*columns, ("retirado", "Retirado (motivo)", 20, False), ("ejemplo", "Ejemplo", 10, False)]


def _prepare(sheet: Sheet, record_type: RecordType, envelope: Envelope, catalogues: Catalogues) -> None:
    columns = column_names(record_type)
    for position, (_, _, width, hidden) in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(position)]
        dimension.width, dimension.hidden = width + 2, hidden
    sheet.row_dimensions[1].hidden = True
    sheet.row_dimensions[2].height, sheet.row_dimensions[HEADING_ROW].height = 24, 2 * LINE_POINTS + 2
    sheet.freeze_panes = f"{get_column_letter(len(BEFORE) + 2)}{HEADING_ROW + 1}"
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    sheet.auto_filter.ref = f"A{HEADING_ROW}:{get_column_letter(len(columns))}{HEADING_ROW}"
    sheet.print_title_cols = f"A:{get_column_letter(len(BEFORE) + 1)}"
    shown = sum(width for _, _, width, hidden in columns if not hidden)
    _page(sheet, landscape=True, wide=math.ceil(shown / PAGE_CHARACTERS))
    sheet.append([sheets.text_cell(sheet, name) for name, *_ in columns])
    unit = catalogues.label("dependencia", envelope.dependencia)
    title = sheets.text_cell(
        sheet, f"{record_type.title} · {unit} · Vigencia {envelope.vigencia} · Entrega n.º {envelope.number}"
    )
    title.font = sheets.TITLE
    sheet.append([None] * len(BEFORE) + [title])
    sheet.append([sheets.heading_cell(sheet, label) for _, label, _, _ in columns])


def _row(
    sheet: Sheet,
    record_type: RecordType,
    record: Record,
    catalogues: Catalogues,
    links: Mapping[str, str],
) -> list[object]:
    def cells(field: Field) -> list[object]:
        value = record.values[field.name]
        shown = sheets.value_cell(sheet, field, value, catalogues, links)
        if field.kind is not Kind.LINK:
            return [shown]
        # A blank left on purpose stands in the hidden column too: that is the one that is read.
        uid = value if isinstance(value, str) else show(field, value, catalogues)
        return [sheets.text_cell(sheet, uid), shown]

    row: list[object] = [sheets.text_cell(sheet, record.uid), record.revision]
    for field in record_type.fields:
        row += cells(field)
    row += [
        sheets.text_cell(sheet, record.retired or ""),
        sheets.text_cell(sheet, "ejemplo" if record.example else ""),
    ]
    return row


def _texts(row: Sequence[object], widths: Sequence[int]) -> Iterator[tuple[str, int]]:
    """The texts of a row that people see, each with the width of its column."""
    for cell, width in zip(row, widths, strict=True):
        if width and isinstance(cell, Cell) and isinstance(cell.value, str):
            yield cell.value, width


def _page(sheet: Sheet, *, landscape: bool, wide: int = 1) -> None:
    """Print on pages of one size, ``wide`` of them beside each other."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = "5" if landscape else "1"  # 5: legal, the nearest to oficio that Excel knows
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = wide, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "Página &P de &N"

"""How a value becomes a cell: one helper for every sheet the program writes.

Text stays text whatever it begins with; dates, numbers and pesos are real dates and numbers with a format.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Kind, Value
from peti_desktop.records.record import stored_text

Sheet = Any
"""A sheet of a streaming workbook; openpyxl's type stubs know nothing of it but ``append``."""

FOLIO: Final = 14
"""Excel's number for 8.5 x 13 inches, 216 x 330 mm: what Colombia calls oficio."""

# A cell would take _x0041_ for the letter A; the underscore is escaped so that the text stays what was typed.
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(horizontal="center", vertical="top")
HEADING = Font(name="Calibri", bold=True, color="FFFFFF")
HEADING_FILL = PatternFill("solid", fgColor="1F4E6B")
COMPUTED_FILL = PatternFill("solid", fgColor="F1F3F5")
TITLE = Font(name="Calibri", bold=True, size=14, color="1F4E6B")
LINE = Border(bottom=Side(style="thin", color="D0D5DA"))
ZONE_FILLS = {
    "bajo": PatternFill("solid", fgColor="CDE8CF"),
    "moderado": PatternFill("solid", fgColor="FFF0B3"),
    "alto": PatternFill("solid", fgColor="FFCC99"),
    "extremo": PatternFill("solid", fgColor="F4A6A0"),
}
FORMATS = {
    Kind.DATE: "dd/mm/yyyy",
    Kind.MONEY: '"$" #,##0.00',
    Kind.AMOUNT: "#,##0.######",
    Kind.INTEGER: "0",
}


def written(fill: Callable[[Workbook], None]) -> bytes:
    """The workbook that ``fill`` streams rows into, as bytes; whatever ``fill`` raises goes on, and nothing is left."""
    workbook = new_workbook()
    workbook.properties.creator = "Peti Desktop"
    try:
        fill(workbook)
    except BaseException:  # «Cancelar» too
        discard(workbook)
        raise
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def printed_sheet(
    workbook: Workbook, title: str, widths: Sequence[float], *, frozen: str = "", head: str = "", right: str = ""
) -> Sheet:
    """A new sheet that prints on oficio, turned, as wide as the paper, its pages numbered.

    ``widths`` in letters; ``frozen`` is the first cell that moves; ``head`` and ``right`` stand above every page.
    """
    sheet: Sheet = workbook.create_sheet(title)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = FOLIO
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = frozen or None
    sheet.oddHeader.left.text = printed(head)
    sheet.oddHeader.right.text = printed(right)
    sheet.oddFooter.right.text = "Página &P de &N"
    return sheet


def printed(text: str) -> str | None:
    """Text for the head or foot of a page, where & would begin an order to Excel."""
    return text.replace("&", "&&") or None


def headings(sheet: Sheet, labels: Iterable[str], *, row: int = 1) -> None:
    """Append the headings, which are printed on every page; ``row`` is where they come to stand."""
    sheet.append([heading_cell(sheet, text) for text in labels])
    sheet.print_title_rows = f"{row}:{row}"


def filters(sheet: Sheet, columns: int, last: int, *, row: int = 1) -> None:
    """Offer Excel's own filters from the headings in ``row`` down to the row ``last``."""
    sheet.auto_filter.ref = f"A{row}:{get_column_letter(columns)}{last}"


def title_cell(sheet: Sheet, text: str) -> Cell:
    """The title above a table."""
    cell = text_cell(sheet, text)
    cell.font = TITLE
    return cell


def line_writer(sheet: Sheet) -> Callable[[Iterable[str | int]], None]:
    """What appends a row of texts, which stay texts and wrap, and numbers."""

    def look(text: str) -> Any:
        model: Any = text_cell(sheet, text)
        model.alignment, model.border = WRAPPED, LINE
        return model._style

    # openpyxl looks a cell's style up anew each time it is set: that would be half the time of a long workbook.
    plain, quoted = look("a"), look("=a")

    def cell_of(value: str | int) -> Any:
        if isinstance(value, int):
            cell: Any = WriteOnlyCell(sheet, value)
            cell._style = plain
        else:
            cell = text_cell(sheet, value)
            cell._style = quoted if cell.quotePrefix else plain
        return cell

    def append(values: Iterable[str | int]) -> None:
        sheet.append([cell_of(value) for value in values])

    return append


def text_cell(sheet: Sheet, text: str) -> Cell:
    """A cell that holds ``text`` and nothing else, also when it begins with = + - or @."""
    cell = WriteOnlyCell(sheet)
    cell.value = _ESCAPE_LOOKALIKE.sub("_x005F_", text) or None
    if text:
        cell.data_type = "s"
        cell.quotePrefix = text[0] in "=+-@"
    return cell


def heading_cell(sheet: Sheet, text: str) -> Cell:
    """A column heading."""
    cell = text_cell(sheet, text)
    cell.font, cell.fill = HEADING, HEADING_FILL
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def value_cell(
    sheet: Sheet,
    field: Field,
    value: Value,
    catalogues: Catalogues,
    links: Mapping[str, str] | None = None,
) -> Cell:
    """A cell that holds the value of a field, as a number or a date where it is one."""
    if isinstance(value, date | Decimal) or (isinstance(value, int) and field.kind is not Kind.CHOICE):
        cell = WriteOnlyCell(sheet)
        cell.value = value
        if isinstance(value, Decimal):
            exact: Any = cell
            exact._value = stored_text(value)  # openpyxl would write 16 digits of it, and 1e-05
        cell.number_format = FORMATS.get(field.kind, "General")
    else:
        cell = text_cell(sheet, show(field, value, catalogues, links))
    cell.border = LINE
    cell.alignment = WRAPPED
    if field.computed:
        cell.fill = COMPUTED_FILL
    if field.catalogue == "zona" and isinstance(value, str) and value in ZONE_FILLS:
        cell.fill, cell.alignment = ZONE_FILLS[value], CENTRED
    return cell


def new_workbook() -> Workbook:
    """An empty workbook for streaming rows into."""
    workbook = Workbook(write_only=True)
    # Excel would otherwise recalculate at opening and offer to save, and saving drops the signature.
    workbook.calculation.fullCalcOnLoad = False
    return workbook


def discard(workbook: Workbook) -> None:
    """Let go of a streaming workbook that will not be saved: each of its sheets holds a temporary file open."""
    for sheet in workbook.worksheets:
        begun: Sheet = sheet
        begun.close()
        begun._writer.cleanup()

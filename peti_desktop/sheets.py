"""How a value becomes a cell: one helper for every sheet the program writes.

Text stays text whatever it begins with; dates, numbers and pesos are real dates and numbers with a format.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Kind, Value
from peti_desktop.records.record import stored_text

Sheet = Any
"""A sheet of a streaming workbook; openpyxl's type stubs know nothing of it but ``append``."""

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

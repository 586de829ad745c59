"""Reading .xls of Excel 5 to 2003 with xlrd, keeping number formats, errors and merged cells."""

import io
import struct
from pathlib import Path

import xlrd
from xlrd.biffh import XLRDError, error_text_from_code
from xlrd.compdoc import CompDocError
from xlrd.sheet import Cell, Sheet

from peti_desktop.importing.formats import Shape, number, shape
from peti_desktop.importing.grid import Fault, Filler, Grid, Limits, Raw, Refusal
from peti_desktop.importing.zipped import Fed


def read(path: Path, limits: Limits, fed: Fed) -> list[Grid]:
    """Every worksheet. A sheet past the limits comes refused; raises Refusal for the file as a whole."""
    book = _book(path)
    if book.nsheets > limits.sheets:
        raise Refusal("sheets")
    grids: list[Grid] = []
    for place in range(book.nsheets):
        try:
            sheet = book.sheet_by_index(place)
            grids.append(_grid(book, sheet, limits))
        except _DAMAGE as error:
            raise Refusal("damaged", str(error)) from error
        book.unload_sheet(place)
        fed(path.stat().st_size // book.nsheets)
    return grids


# A damaged file makes xlrd fail in any of these ways; it checks little before it reads.
_DAMAGE = (
    XLRDError, CompDocError, struct.error, LookupError, ValueError, AssertionError,
    TypeError, AttributeError, UnicodeError, OverflowError, RecursionError, ArithmeticError, NotImplementedError,
)  # fmt: skip


def _book(path: Path) -> xlrd.Book:
    try:
        return _open(path, formats=True)
    except _DAMAGE as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise Refusal("password") from error
    try:
        # Some programs write formats that do not hold together; the values may still.
        return _open(path, formats=False)
    except _DAMAGE as error:
        raise Refusal("damaged", str(error)) from error


def _open(path: Path, *, formats: bool) -> xlrd.Book:
    # Without a log file of its own xlrd prints, and a program without a console has nowhere to print to.
    return xlrd.open_workbook(
        str(path), logfile=io.StringIO(), formatting_info=formats, on_demand=True, ragged_rows=True
    )


def _grid(book: xlrd.Book, sheet: Sheet, limits: Limits) -> Grid:
    hidden = bool(sheet.visibility)
    filler = Filler(limits)
    try:
        for row in range(sheet.nrows):
            for column, cell in enumerate(sheet.row(row)):
                if cell.ctype not in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
                    filler.put(row, column, _raw(book, cell))
    except Refusal as refusal:
        return Grid(sheet.name, {}, hidden, refusal.code)
    for top, after, left, _right in sheet.merged_cells:
        filler.spread(top, left, after - 1)
    return Grid(sheet.name, filler.rows, hidden)


def _raw(book: xlrd.Book, cell: Cell) -> Raw:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return Fault(error_text_from_code.get(int(cell.value), "#?"))
        case _:
            found = _shape(book, cell)
            if cell.ctype == xlrd.XL_CELL_DATE and not found.kind:
                found = Shape("date")
            return number(float(cell.value), found, from_1904=bool(book.datemode))


def _shape(book: xlrd.Book, cell: Cell) -> Shape:
    if not book.formatting_info or cell.xf_index is None:
        return Shape()
    return shape(book.format_map[book.xf_list[cell.xf_index].format_key].format_str)

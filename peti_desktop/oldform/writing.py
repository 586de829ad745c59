"""Writing the form: a sheet per record type with lists, hints, protection and what the store already knows."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uuid6
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection

from peti_desktop import __version__, method, sheets
from peti_desktop.files import replace_file
from peti_desktop.oldform import lists
from peti_desktop.oldform.cover import fill_cover
from peti_desktop.oldform.hints import validation
from peti_desktop.oldform.layout import (
    BASE,
    COVER,
    DRAFT,
    EXAMPLE_ROW,
    FIRST_ROW,
    FORMAT,
    LABEL_ROW,
    MARK,
    NEW,
    NUMBER,
    SAID,
    ZONE,
    Column,
    asked,
    blanks,
    columns,
    link_key,
    packed,
)
from peti_desktop.oldform.looks import HEADING, SAMPLE, SHUT, TITLE, add_styles, high, style_name
from peti_desktop.progress import Progress, silent
from peti_desktop.records import RIESGO, TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Kind, RecordType, Value, Values
from peti_desktop.records.record import Record, stored_text
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

BOLDER = 0.8
"""How many bold letters stand in the room of one ordinary letter."""

PAGE_WIDE = 210
"""Characters across a page of oficio that can still be read; wider lists go over several."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a form holds: its path and how many records of each type were written into it."""

    path: Path
    counts: dict[str, int]


def file_name(vigencia: int, dependencia: str) -> str:
    """The name proposed for a form: 2026_SALUD_formulario.xlsx."""
    return f"{vigencia}_{dependencia}_formulario.xlsx"


def write(ws: Workspace, path: Path, progress: Progress = silent, *, dependencia: str = "") -> Written:
    """Write the form of ``dependencia`` (the store's own by default) with the records in force.

    Raises UserError when ``path`` cannot be written, and Cancelled.
    """
    unit = dependencia or ws.info.dependencia
    everything = {name: ws.records(name, dependencia=unit) for name in TYPES}
    replace_file(path, _workbook(ws, unit, everything, progress))
    return Written(path, {name: len(found) for name, found in everything.items()})


def _workbook(ws: Workspace, unit: str, everything: Mapping[str, Sequence[Record]], progress: Progress) -> bytes:
    book = sheets.new_workbook()
    # Unlike a delivery, a form has formulas without results: Excel must work them out when it opens it.
    book.calculation.fullCalcOnLoad = True
    book.security = WorkbookProtection(lockStructure=True)
    add_styles(book)
    fill_cover(book.create_sheet(COVER), ws, unit)
    keys = _keys(ws, unit)
    for step, (name, found) in enumerate(everything.items()):
        progress(step, len(everything), f"Escribiendo {TYPES[name].title.lower()}")
        _FormSheet(book, TYPES[name], ws, keys).write(found, unit)
    lists.add(book, ws.catalogues)
    _references(book, len(everything["riesgo"]))
    _base(book, everything)
    _said(book, ws, unit)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _keys(ws: Workspace, unit: str) -> dict[str, str]:
    """What stands for each record that others point to, retired or not, by uid."""
    targets = {field.links for t in TYPES.values() for field in t.typed if field.links}
    return {
        record.uid: link_key(name, record.values)
        for name in targets
        for record in ws.records(name, retired=None, dependencia=unit)
    }


class _FormSheet:
    """One record type's sheet while it is being written."""

    def __init__(self, book: Workbook, record_type: RecordType, ws: Workspace, keys: Mapping[str, str]) -> None:
        self.type, self.ws, self.keys = record_type, ws, keys
        self.sheet: Sheet = book.create_sheet(record_type.title)
        self.columns = columns(record_type)
        self.letters = {column.name: get_column_letter(n) for n, column in enumerate(self.columns, start=2)}
        self._rules = method.load(ws.catalogues.metodo, ws.catalogues.vigencia)

    def write(self, found: Sequence[Record], unit: str) -> None:
        """Write heading, example, records and empty rows."""
        last = FIRST_ROW + len(found) + blanks(self.type) - 1
        self._prepare(last)
        self._heights(found)
        self._head(unit)
        self.sheet.append([None, *(self._example(column) for column in self.columns)])
        for position, record in enumerate(found):
            self._row(FIRST_ROW + position, position + 1, record.uid, record.values, record.drafts)
        for position in range(blanks(self.type)):
            number = position + 1 + (0 if self.type.numbered else len(found))
            self._row(FIRST_ROW + len(found) + position, number, "", {}, {})

    def _prepare(self, last: int) -> None:
        sheet = self.sheet
        sheet.column_dimensions["A"].hidden = True
        for column in self.columns:
            sheet.column_dimensions[self.letters[column.name]].width = column.width + 2
        sheet.row_dimensions[1].hidden = True
        sheet.row_dimensions[2].height = 24
        sheet.freeze_panes = f"C{FIRST_ROW}"
        sheet.print_title_rows = f"{LABEL_ROW}:{LABEL_ROW}"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = "5"  # legal, the nearest to oficio that Excel knows
        sheet.print_title_cols = "B:B"
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        wide = sum(column.width for column in self.columns)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = -(-wide // PAGE_WIDE), 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.center.text = "&A · Página &P de &N"
        sheet.protection.sheet = True
        # People widen a column or heighten a row to read; that harms nothing.
        sheet.protection.formatColumns = sheet.protection.formatRows = False
        for column in self.columns:
            if column.typed and column.field is not None:
                cells = f"{self.letters[column.name]}{FIRST_ROW}:{self.letters[column.name]}{last}"
                rule = validation(column.field)
                rule.add(cells)
                sheet.data_validations.append(rule)
        if ZONE in self.letters:
            cells = f"{self.letters[ZONE]}{FIRST_ROW}:{self.letters[ZONE]}{last}"
            for code, fill in sheets.ZONE_FILLS.items():
                words = self.ws.catalogues.label("zona", code)
                colour = PatternFill(bgColor=fill.fgColor)
                sheet.conditional_formatting.add(cells, _equal(words, colour))

    def _heights(self, found: Sequence[Record]) -> None:
        def highest(shown: Callable[[Column], str]) -> int:
            return max(high(shown(column), column.width) for column in self.columns)

        labels = (high(column.label + self._star(column), column.width * BOLDER) for column in self.columns)
        self.sheet.row_dimensions[LABEL_ROW].height = max(labels) + 6
        self.sheet.row_dimensions[EXAMPLE_ROW].height = highest(self._sample)
        for row, record in enumerate(found, start=FIRST_ROW):
            self.sheet.row_dimensions[row].height = highest(partial(self._shown, record))

    def _shown(self, record: Record, column: Column) -> str:
        if column.field is None:
            return ""
        return show(column.field, record.values[column.name], self.ws.catalogues, self.keys)

    def _head(self, unit: str) -> None:
        sheet, ws = self.sheet, self.ws
        names = [f"{MARK}{self.type.name}", *(column.name for column in self.columns)]
        sheet.append([sheets.text_cell(sheet, name) for name in names])
        words = f"{self.type.title} · {ws.catalogues.label('dependencia', unit)} · Vigencia {ws.info.vigencia}"
        title = sheets.text_cell(sheet, words)
        title.style = TITLE
        sheet.append([None, title])
        headings = [sheets.text_cell(sheet, column.label + self._star(column)) for column in self.columns]
        for cell in headings:
            cell.style = HEADING
        sheet.append([None, *headings])

    @staticmethod
    def _star(column: Column) -> str:
        return " *" if column.field is not None and column.typed and column.field.required else ""

    def _example(self, column: Column) -> object:
        cell = sheets.text_cell(self.sheet, self._sample(column))
        cell.style = SAMPLE
        return cell

    def _sample(self, column: Column) -> str:
        field = column.field
        if field is None or not column.typed:
            return "Ejemplo" if column is self.columns[0] else ""
        if field.kind is Kind.LINK:
            return f"{NEW}1" if field.links == "riesgo" else ""
        if field.kind is Kind.CHOICE:
            return self.ws.catalogues.entries(field.catalogue)[0].label if field.required else ""
        return field.example

    def _row(self, row: int, number: int, uid: str, values: Values, drafts: Mapping[str, str]) -> None:
        cells: list[object] = [sheets.text_cell(self.sheet, uid) if uid else None]
        cells += (self._cell(column, row, number, values, drafts) for column in self.columns)
        self.sheet.append(cells)

    def _cell(self, column: Column, row: int, number: int, values: Values, drafts: Mapping[str, str]) -> Cell:
        field = column.field
        if field is None or not column.typed:
            return self._shut(column, row, number, values)
        value = values.get(field.name)
        if field.name in drafts:
            cell = sheets.text_cell(self.sheet, drafts[field.name])
        elif field.kind is Kind.LINK:
            cell = sheets.text_cell(self.sheet, self.keys.get(str(value), ""))
        elif value is None:
            cell = WriteOnlyCell(self.sheet)
        else:
            cell = sheets.value_cell(self.sheet, field, value, self.ws.catalogues)
        quoted = cell.quotePrefix
        cell.style = style_name(field)
        if quoted:
            cell.quotePrefix = True
        return cell

    def _shut(self, column: Column, row: int, number: int, values: Values) -> Cell:
        if column.name == ZONE:
            cell = WriteOnlyCell(self.sheet, self._formula(row) if self._rules.computes else None)
        elif column.name == NUMBER:
            cell = WriteOnlyCell(self.sheet, number)
        else:
            cell = sheets.text_cell(self.sheet, str(values.get(column.name) or f"{NEW}{number}"))
        cell.style = SHUT
        return cell

    def _formula(self, row: int) -> str:
        names = ("frecuencia_anual", "impacto_smlmv", "impacto_reputacional")
        times, wages, seen = (self.letters[name] for name in names)
        but = "FALSE"
        if self._rules.corruption:
            # Nineteen questions decide the impact of these; the program asks them.
            but = f'{self.letters["tipo"]}{row}="{self.ws.catalogues.label("tipo_riesgo", "corrupcion")}"'
        down = self._rules.equal_goes_down
        return lists.zone_formula(row, times, wages, seen, equal_goes_down=down, but=but)


def _equal(words: str, colour: PatternFill) -> Rule:
    look = DifferentialStyle(fill=colour)
    return Rule(type="cellIs", operator="equal", formula=[f'"{words}"'], dxf=look)


def _references(book: Workbook, records: int) -> None:
    """The list of risks that controls and needs point to: the references in the sheet of risks."""
    last = FIRST_ROW + records + blanks(RIESGO) - 1
    place = f"{quote_sheetname(RIESGO.title)}!$B${FIRST_ROW}:$B${last}"
    book.defined_names["lst_referencias"] = DefinedName("lst_referencias", attr_text=place)


def _base(book: Workbook, everything: Mapping[str, Sequence[Record]]) -> None:
    """What every field held when the form was written: tells what the form changed from what the store did since."""
    sheet = book.create_sheet(BASE)
    sheet.sheet_state = "veryHidden"
    for name, found in everything.items():
        for record in found:
            for field in asked(TYPES[name]):
                text = base_text(field, record.values[field.name], record.drafts)
                if text:
                    sheet.append([sheets.text_cell(sheet, part) for part in (record.uid, field.name, packed(text))])


def base_text(field: Field, value: Value, drafts: Mapping[str, str]) -> str:
    """A field's content in one exact text: the draft that stands in the way of its value, or the value."""
    if field.name in drafts:
        return DRAFT + drafts[field.name]
    return stored_text(value) or ""


def _said(book: Workbook, ws: Workspace, unit: str) -> None:
    sheet = book.create_sheet(SAID)
    sheet.sheet_state = "veryHidden"
    for line in (
        ("formato", str(FORMAT)),
        ("formulario", str(uuid6.uuid7())),
        ("dependencia", unit),
        ("vigencia", str(ws.info.vigencia)),
        ("metodo", ws.catalogues.metodo),
        ("catalogos", ws.catalogues.version),
        ("escrito_en", ws.clock().isoformat(timespec="milliseconds")),
        ("programa", f"Peti Desktop {__version__}"),
    ):
        sheet.append([sheets.text_cell(sheet, text) for text in line])

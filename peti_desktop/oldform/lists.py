"""The hidden sheet of lists and its defined names, the only way Excel 2007 takes a list from another sheet."""

from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from peti_desktop import method, sheets
from peti_desktop.catalogues import Catalogues
from peti_desktop.oldform.layout import LISTS, asked
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Blank, Kind

TIMES, WAGES, MAP = "lst_veces", "lst_salarios", "lst_mapa"
"""Names of what the zone's formula looks up: limits of the levels, and the map of five by five."""

Column = list[str | int | float]


def add(book: Workbook, catalogues: Catalogues) -> None:
    """Add the sheet with every list, the rating's tables, and a defined name for each."""
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "veryHidden"
    found: list[Column] = []
    for name, values, more in _lists(catalogues):
        found.append([*values, *more])
        _define(book, f"lst_{name}", len(found), 1, len(values))
        _define(book, f"lst_{name}_na", len(found), 1, len(values) + len(more))
    rules = method.load(catalogues.metodo, catalogues.vigencia)
    if rules.computes:
        for name, limits in ((TIMES, rules.times), (WAGES, rules.wages)):
            found.append([float(limit) for limit in limits])
            _define(book, name, len(found), 1, len(limits))
        first = len(found) + 1
        for impact in range(1, 6):
            found.append([catalogues.label("zona", rules.zone(p, impact)) for p in range(1, 6)])
        _define(book, MAP, first, 5, 5)
    for row in range(max(map(len, found))):
        sheet.append([_cell(sheet, column[row]) if row < len(column) else None for column in found])


def _lists(catalogues: Catalogues) -> Iterator[tuple[str, Column, Column]]:
    """Name, labels and what an optional field may also say."""
    used = {field.catalogue for t in TYPES.values() for field in asked(t) if field.kind is Kind.CHOICE}
    for name in sorted(used):
        yield name, [entry.label for entry in catalogues.entries(name)], [blank.value for blank in Blank]


def _define(book: Workbook, name: str, column: int, wide: int, high: int) -> None:
    first, last = get_column_letter(column), get_column_letter(column + wide - 1)
    book.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheetname(LISTS)}!${first}$1:${last}${high}")


def _cell(sheet: sheets.Sheet, value: str | float) -> object:
    return sheets.text_cell(sheet, value) if isinstance(value, str) else value


def zone_formula(row: int, times: str, wages: str, seen: str, *, equal_goes_down: bool, but: str) -> str:
    """The zone of a row from the letters of its three answers, in Excel 2007's functions.

    As ``peti_desktop.method`` does: levels by counting the limits passed, the higher impact, then the map. Empty while
    one axis has no answer, and where the condition ``but`` holds.
    """
    passed = "<" if equal_goes_down else "<="
    p = f"1+SUMPRODUCT(--({TIMES}<{times}{row}))"
    economic = f"IF(ISNUMBER({wages}{row}),1+SUMPRODUCT(--({WAGES}{passed}{wages}{row})),0)"
    chosen = f"IF(ISNUMBER(MATCH({seen}{row},lst_nivel_impacto,0)),MATCH({seen}{row},lst_nivel_impacto,0),0)"
    i = f"MAX({economic},{chosen})"
    return f'=IF(AND(ISNUMBER({times}{row}),{i}>0,NOT({but})),INDEX({MAP},{p},{i}),"")'

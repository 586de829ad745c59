"""The heat maps as sheets of the consolidated workbook: the same numbers as on screen and on paper."""

from collections.abc import Callable, Sequence

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font

from peti_desktop import method, sheets
from peti_desktop.records.fields import Field, Kind
from peti_desktop.reports import words
from peti_desktop.reports.figures import MAPS, Cells, Figures
from peti_desktop.reports.mapas import by_part
from peti_desktop.reports.zones import ZONES
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

COUNT = Field("cantidad", "Cantidad", Kind.INTEGER)
LEVELS = range(1, 6)
NAMES, CELL, GAP = 22, 12, 3
"""Widths of the columns: names of levels, a cell, what is between two maps; in letters."""

Make = Callable[[str, Sequence[float]], Sheet]
"""Makes a sheet with a title and the widths of its columns."""


def add(make: Make, ws: Workspace, found: Figures) -> None:
    """Add a sheet with both maps of the entity, and one for its dependencias and one for its processes."""
    _entity(make("Mapas de calor", (NAMES, *[16] * 5)), ws, found)
    for title, parts, heat in by_part(found):
        # A sheet's title has at most 31 letters.
        sheet = make(title.replace(" de calor", ""), (NAMES, *[CELL] * 5, GAP, *[CELL] * 5))
        sheet.append([sheets.title_cell(sheet, title)])
        if not parts:
            sheet.append([sheets.text_cell(sheet, "No hay riesgos valorados.")])
        for part in parts:
            sheet.append([])
            risks = words.counted(part.count, "riesgo", "riesgos")
            sheet.append([sheets.title_cell(sheet, f"{part.label} · {risks}")])
            _beside(sheet, ws, [heat[which].get(part.code, {}) for which in MAPS])


def _entity(sheet: Sheet, ws: Workspace, found: Figures) -> None:
    for which in MAPS:
        sheet.append([sheets.title_cell(sheet, f"Riesgo {which}")])
        sheet.append([sheets.heading_cell(sheet, text) for text in ("Probabilidad \\ Impacto", *_impacts(ws))])
        for p in reversed(LEVELS):
            sheet.append([_probability(sheet, ws, p), *_line(sheet, ws, p, found.heat[which])])
        sheet.append([])


def _beside(sheet: Sheet, ws: Workspace, maps: Sequence[Cells]) -> None:
    """The inherent map, and the residual one to its right."""
    names = [f"Riesgo {which}" for which in MAPS]
    sheet.append(["", names[0], *[""] * 5, names[1]])
    left, right = ([sheets.heading_cell(sheet, text) for text in _impacts(ws)] for _ in MAPS)
    sheet.append([sheets.heading_cell(sheet, "Probabilidad \\ Impacto"), *left, None, *right])
    for p in reversed(LEVELS):
        inherent, residual = (_line(sheet, ws, p, cells) for cells in maps)
        sheet.append([_probability(sheet, ws, p), *inherent, None, *residual])


def _impacts(ws: Workspace) -> list[str]:
    return [ws.catalogues.label("nivel_impacto", str(level)) for level in LEVELS]


def _probability(sheet: Sheet, ws: Workspace, level: int) -> Cell:
    return sheets.text_cell(sheet, ws.catalogues.label("nivel_probabilidad", str(level)))


def _line(sheet: Sheet, ws: Workspace, p: int, cells: Cells) -> list[Cell]:
    zone = method.load(ws.catalogues.metodo, ws.catalogues.vigencia).zone
    return [_heat_cell(sheet, ws, zone(p, i), cells.get((p, i), 0)) for i in LEVELS]


def _heat_cell(sheet: Sheet, ws: Workspace, zone: str, count: int) -> Cell:
    """A number, so that it can be added up; its format shows the zone's letter before it."""
    cell = sheets.value_cell(sheet, COUNT, count, ws.catalogues)
    letter = ZONES[zone].letter
    cell.number_format = f'"{letter}"   0;;"{letter}"'
    cell.fill, cell.font = sheets.ZONE_FILLS[zone], Font(name="Calibri", bold=True)
    cell.alignment = Alignment(horizontal="center", vertical="center")
    return cell

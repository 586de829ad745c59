"""What changed between two states of the consolidation, as a workbook: totals, zones, and a row for each change."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from peti_desktop import sheets
from peti_desktop.consolidation.comparing import CHANGED, NEW, RETIRED, SAME, Comparison, Difference
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.reports.cambios import KIND_WORDS
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

STEP = 500


def drawn(ws: Workspace, found: Comparison, progress: Progress = silent) -> bytes:
    """The workbook as bytes."""
    workbook = sheets.new_workbook()
    workbook.properties.creator = "Peti Desktop"
    try:
        _summary(workbook, ws, found)
        _changes(workbook, ws, found, progress)
    except BaseException:  # «Cancelar» too
        sheets.discard(workbook)
        raise
    target = BytesIO()
    workbook.save(target)
    return target.getvalue()


def sheet_of(workbook: Workbook, title: str, widths: Sequence[float], headings: Sequence[str]) -> Sheet:
    """A new sheet with a heading that stays in view and is printed on every page."""
    sheet: Sheet = workbook.create_sheet(title)
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.append([sheets.heading_cell(sheet, text) for text in headings])
    return sheet


def line(sheet: Sheet, cells: Iterable[str | int]) -> None:
    """Append a row; texts stay texts and wrap."""
    row = []
    for value in cells:
        cell = sheets.text_cell(sheet, value if isinstance(value, str) else "")
        if isinstance(value, int):
            cell.value = value
        cell.alignment, cell.border = sheets.WRAPPED, sheets.LINE
        row.append(cell)
    sheet.append(row)


def _summary(workbook: Workbook, ws: Workspace, found: Comparison) -> None:
    headings = (f"{found.before} → {found.after}", "Clase", "Nuevos", "Cambiados", "Retirados", "Iguales")
    sheet = sheet_of(workbook, "Resumen", (48, 24, 12, 12, 12, 12), headings)
    for unit, name in sorted({(unit, name) for unit, name, _ in found.counts}):
        numbers = (found.count(kind, dependencia=unit, type_name=name) for kind in (NEW, CHANGED, RETIRED, SAME))
        line(sheet, (ws.catalogues.label("dependencia", unit), TYPES[name].title, *numbers))
    line(sheet, ("Total", "", *(found.count(kind) for kind in (NEW, CHANGED, RETIRED, SAME))))


def _changes(workbook: Workbook, ws: Workspace, found: Comparison, progress: Progress) -> None:
    headings = ("Dependencia", "Clase", "Registro", "Qué pasó", "Campo", "Antes", "Ahora", "Zona residual")
    sheet = sheet_of(workbook, "Cambios", (34, 16, 48, 12, 26, 40, 40, 14), headings)
    for done, difference in enumerate(found.differences):
        if done % STEP == 0:
            progress(done, len(found.differences), "Escribiendo los cambios")
        unit = ws.catalogues.label("dependencia", difference.dependencia)
        kind = KIND_WORDS[difference.kind]
        first = (unit, TYPES[difference.type].title, difference.headline, kind)
        if not difference.changes:
            line(sheet, (*first, "", "", difference.note, ""))
        for change in difference.changes:
            zone = _zone(difference) if change.field == "zona_residual" else ""
            line(sheet, (*first, change.label, change.before, change.after, zone))


def _zone(difference: Difference) -> str:
    return {1: "Subió", -1: "Bajó", 0: ""}[difference.zone]

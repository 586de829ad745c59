"""What changed between two states of the consolidation, as a workbook: totals, zones, and a row for each change."""

from openpyxl import Workbook

from peti_desktop import sheets
from peti_desktop.consolidation.comparing import CHANGED, NEW, RETIRED, SAME, Comparison, Difference
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.reports.cambios import KIND_WORDS
from peti_desktop.workspace import Workspace

STEP = 500


def drawn(ws: Workspace, found: Comparison, progress: Progress = silent) -> bytes:
    """The workbook as bytes."""

    def fill(workbook: Workbook) -> None:
        _summary(workbook, ws, found)
        _changes(workbook, ws, found, progress)

    return sheets.written(fill)


def _summary(workbook: Workbook, ws: Workspace, found: Comparison) -> None:
    headings = (f"{found.before} → {found.after}", "Clase", "Nuevos", "Cambiados", "Retirados", "Iguales")
    sheet = sheets.printed_sheet(workbook, "Resumen", (48, 24, 12, 12, 12, 12), frozen="A2")
    sheets.headings(sheet, headings)
    append = sheets.line_writer(sheet)
    for unit, name in sorted({(unit, name) for unit, name, _ in found.counts}):
        numbers = (found.count(kind, dependencia=unit, type_name=name) for kind in (NEW, CHANGED, RETIRED, SAME))
        append((ws.catalogues.label("dependencia", unit), TYPES[name].title, *numbers))
    append(("Total", "", *(found.count(kind) for kind in (NEW, CHANGED, RETIRED, SAME))))


def _changes(workbook: Workbook, ws: Workspace, found: Comparison, progress: Progress) -> None:
    headings = ("Dependencia", "Clase", "Registro", "Qué pasó", "Campo", "Antes", "Ahora", "Zona residual")
    sheet = sheets.printed_sheet(workbook, "Cambios", (34, 16, 48, 12, 26, 40, 40, 14), frozen="A2")
    sheets.headings(sheet, headings)
    append = sheets.line_writer(sheet)
    for done, difference in enumerate(found.differences):
        if done % STEP == 0:
            progress(done, len(found.differences), "Escribiendo los cambios")
        unit = ws.catalogues.label("dependencia", difference.dependencia)
        kind = KIND_WORDS[difference.kind]
        first = (unit, TYPES[difference.type].title, difference.headline, kind)
        if not difference.changes:
            append((*first, "", "", difference.note, ""))
        for change in difference.changes:
            zone = _zone(difference) if change.field == "zona_residual" else ""
            append((*first, change.label, change.before, change.after, zone))


def _zone(difference: Difference) -> str:
    return {1: "Subió", -1: "Bajó", 0: ""}[difference.zone]

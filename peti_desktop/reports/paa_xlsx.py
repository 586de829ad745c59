"""The workbook for the Plan Anual de Adquisiciones: what is planned, what is left out and why, and what to put right.

The first seventeen columns are those of the form of Colombia Compra Eficiente, in its order, so that the block can be
copied into it; what the program does not know stays empty there. Rows are streamed; no cell holds a formula.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from peti_desktop import sheets
from peti_desktop.consolidation.paa import Plan, PlanLine, plan
from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.records.fields import Field, Kind
from peti_desktop.reports import words
from peti_desktop.workspace import Workspace

Said = str | int | Decimal | None
_TEXT, _COUNT = Field("texto", ""), Field("cantidad", "", Kind.INTEGER)
_MONEY: Final = Field("valor", "", Kind.MONEY)

FORM: Final[tuple[tuple[str, int, Callable[[PlanLine], Said]], ...]] = (
    ("Código UNSPSC (cada código separado por ;)", 16, lambda line: ";".join(line.codes)),
    ("Descripción", 52, lambda line: line.description),
    ("Fecha estimada de inicio de proceso de selección (mes)", 14, lambda _line: None),
    ("Fecha estimada de presentación de ofertas (mes)", 14, lambda _line: None),
    ("Duración del contrato (número)", 11, lambda _line: None),
    ("Duración del contrato (intervalo: días, meses, años)", 13, lambda _line: None),
    ("Modalidad de selección", 14, lambda _line: None),
    ("Fuente de los recursos", 24, lambda line: "; ".join(line.sources)),
    ("Valor total estimado", 20, lambda line: line.total),
    ("Valor estimado en la vigencia actual", 20, lambda line: line.this_year),
    ("¿Se requieren vigencias futuras?", 12, lambda _line: None),
    ("Estado de solicitud de vigencias futuras", 14, lambda _line: None),
    ("Unidad de contratación (referencia)", 28, lambda line: line.unit),
    ("Ubicación", 12, lambda _line: None),
    ("Nombre del responsable", 18, lambda _line: None),
    ("Teléfono del responsable", 14, lambda _line: None),
    ("Correo electrónico del responsable", 18, lambda _line: None),
)
"""Heading, width and what is known of it."""
OWN: Final[tuple[tuple[str, int, Callable[[PlanLine], Said]], ...]] = (
    ("Puesto", 8, lambda line: line.place + 1),
    ("Prioridad", 9, lambda line: line.score),
    ("Cantidad", 10, lambda line: line.quantity or None),
    ("Valor unitario", 18, lambda line: line.unit_value),
    ("Dependencias que la piden", 40, lambda line: "; ".join(line.units)),
    ("Vigencia", 10, lambda line: "; ".join(map(str, line.years))),
    ("Por corregir", 34, lambda line: "; ".join(line.problems)),
    ("Ejemplo", 10, lambda line: words.EXAMPLE if line.example else None),
)
"""What the office works with, right of the form's own columns."""
WHY: Final = ("Por qué no va", 28, lambda line: line.left_out)


def write_paa(ws: Workspace, path: Path, progress: Progress = silent) -> None:
    """Write the workbook to ``path``, whole or not at all. Raises UserError when it cannot be written."""
    replace_file(path, drawn(ws, progress))


def drawn(ws: Workspace, progress: Progress = silent) -> bytes:
    """The workbook as bytes."""
    found = plan(ws, progress)

    def fill(workbook: Workbook) -> None:
        _notes(workbook, ws, found)
        _lines(workbook, ws, "Adquisiciones planeadas", (*FORM, *OWN), found.planned, progress)
        _lines(workbook, ws, "No van", (*FORM, *OWN, WHY), found.left_out, progress)
        wrong = [line for line in found.lines if line.problems]
        _lines(workbook, ws, "Por corregir", (*OWN, *FORM[:2]), wrong, progress)

    return sheets.written(fill)


def _notes(workbook: Workbook, ws: Workspace, found: Plan) -> None:
    sheet = sheets.printed_sheet(workbook, "Léame", (100,), head=f"{ws.info.entidad} · Léame")
    title = f"{ws.info.entidad} · Plan Anual de Adquisiciones · Vigencia {ws.info.vigencia}"
    sheet.append([sheets.title_cell(sheet, title)])
    money = sum((line.this_year for line in found.planned), Decimal(0))
    wrong = sum(1 for line in found.planned if line.problems)
    budget = (
        "Sin presupuesto fijado: van todas." if found.amount is None else f"Presupuesto: {words.pesos(found.amount)}."
    )
    count = words.counted(len(found.planned), "línea planeada", "líneas planeadas")
    for note in (
        f"{count}, {words.pesos(money)} en la vigencia. {budget}",
        f"{words.counted(len(found.left_out), 'línea no va', 'líneas no van')}; la hoja «No van» dice por qué."
        if found.left_out
        else "Ninguna línea queda por fuera.",
        f"{words.counted(wrong, 'línea planeada tiene', 'líneas planeadas tienen')} algo por corregir.",
        "Las primeras 17 columnas siguen el orden del formato de Colombia Compra Eficiente. Están vacías las que el "
        "diagnóstico no pregunta: fechas, duración, modalidad, vigencias futuras y datos del responsable.",
        "Confirme las columnas con el formato vigente antes de publicar. Lo agrupado se compra junto: la cantidad y el "
        "valor son la suma de lo que pidió cada dependencia.",
        *([words.EXAMPLE_NOTE] if any(line.example for line in found.lines) else []),
    ):
        cell = sheets.text_cell(sheet, note)
        cell.alignment = sheets.WRAPPED
        sheet.append([cell])


def _lines(
    workbook: Workbook,
    ws: Workspace,
    title: str,
    columns: Sequence[tuple[str, int, Callable[[PlanLine], Said]]],
    lines: Iterable[PlanLine],
    progress: Progress,
) -> None:
    widths = [width for _, width, _ in columns]
    sheet = sheets.printed_sheet(workbook, title, widths, frozen="C2", head=f"{ws.info.entidad} · {title}")
    sheets.headings(sheet, [heading for heading, _, _ in columns])
    last = 1
    for last, line in enumerate(lines, 2):
        if last % 200 == 0:
            progress(last, 0, f"Libro de Excel: {title}")
        sheet.append([sheets.value_cell(sheet, _field(said := of(line)), said, ws.catalogues) for _, _, of in columns])
    sheets.filters(sheet, len(columns), last)


def _field(said: Said) -> Field:
    return _MONEY if isinstance(said, Decimal) else _COUNT if isinstance(said, int) else _TEXT

"""The first sheet of the form: whose it is, how it is filled in, and what happens with it."""

from peti_desktop import sheets
from peti_desktop.moments import day_of
from peti_desktop.oldform.looks import LABEL, TITLE, WORDS, high
from peti_desktop.records.convert import spoken_date
from peti_desktop.sheets import Sheet
from peti_desktop.workspace import Workspace

LABELS, WIDE = 24, 78

STEPS = (
    ("Para qué es", "Este formulario es para equipos que no pueden abrir Peti Desktop. Sirve desde Excel 2007."),
    (
        "Cómo se llena",
        "Cada hoja es una lista: riesgos, controles, equipos, necesidades… Escriba un registro por fila, en las "
        "celdas blancas. Las grises las pone el programa y no se pueden cambiar. Las columnas con * son obligatorias.",
    ),
    (
        "Las listas",
        "Donde aparece una flecha al lado de la celda, escoja una respuesta de la lista. Si algo no tiene respuesta, "
        "escriba «No aplica». Lo que todavía no sabe, déjelo vacío: se puede completar después. Si su dependencia ya "
        "entregó un valor y hoy no hay ninguno, escriba «Borrar lo anterior».",
    ),
    (
        "Los controles",
        "Un control dice a qué riesgo pertenece con la referencia que ese riesgo tiene en la hoja «Riesgos»: R-001 "
        "si ya estaba registrado, N-1, N-2… si es nuevo.",
    ),
    (
        "La zona",
        "Excel muestra la zona inherente cuando hay frecuencia e impacto. El programa la calcula de nuevo al recibir "
        "el formulario, y calcula también la residual.",
    ),
    (
        "Corregir",
        "Lo que su dependencia ya había registrado viene escrito. Puede corregirlo ahí mismo. Borrar una fila no "
        "retira el registro: eso se hace en el programa, con su motivo.",
    ),
    (
        "Una persona, un formulario",
        "No llene dos copias del mismo formulario: si lo llenan dos personas, pida uno para cada una.",
    ),
    (
        "Al terminar",
        "Guarde con el mismo tipo de archivo (Libro de Excel, .xlsx), cópielo a una memoria y llévelo a quien maneja "
        "Peti Desktop en su dependencia, o a la Oficina TIC. Antes de guardar nada, el programa muestra qué entendió.",
    ),
    (
        "Sin firma",
        "Este archivo no lleva firma electrónica. Lo que llegue por él queda marcado «recibido sin firma» hasta que "
        "su dependencia lo revise y lo entregue firmado.",
    ),
)


def fill_cover(sheet: Sheet, ws: Workspace, unit: str) -> None:
    """Write the instructions, on letter paper, locked."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = LABELS, WIDE
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = "1"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    said = [
        ("Entidad", ws.info.entidad),
        ("Dependencia", ws.catalogues.label("dependencia", unit)),
        ("Escrito el", spoken_date(day_of(ws.clock()))),
    ]
    if ws.info.vence is not None:
        said.append(("Se entrega hasta el", spoken_date(ws.info.vence)))
    lines = [("", ""), *said, ("", ""), *STEPS]
    title = sheets.text_cell(sheet, f"Formulario para el PETI · Vigencia {ws.info.vigencia}")
    title.style = TITLE
    for row, (label, text) in enumerate(lines, start=2):
        sheet.row_dimensions[row].height = max(high(label, LABELS - 2), high(text, WIDE - 4)) + (5 if text else 0)
    sheet.append([title])
    for label, text in lines:
        name, words = sheets.text_cell(sheet, label), sheets.text_cell(sheet, text)
        name.style, words.style = LABEL, WORDS
        sheet.append([name, words])

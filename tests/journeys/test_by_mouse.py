"""Tasks of a secretaría with the mouse, and the keyboard only where words are asked for; judged by the screen."""

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook
from PySide6.QtCore import Qt

from peti_desktop import copies, handover
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from tests.journeys.conftest import Opens
from tests.journeys.person import Person

SHEET = (
    ("INVENTARIO DE EQUIPOS",),
    ("No. de inventario", "Serie", "Clase", "Fabricante"),
    ("SAL-0", None, None, "Acer"),
    ("A-1", "X-1", "Portátil", "HP"),
    ("A-2", "1.23E+11", "Impresora", "HP"),
)


@pytest.fixture
def filled(store: Path) -> Path:
    """A store with two devices."""
    with Workspace.open(store) as workspace:
        for number, brand in enumerate(("Lenovo", "Ñandú")):
            values: dict[str, Value] = {"tipo": "escritorio", "estado": "en_uso", "placa": f"SAL-{number}"}
            workspace.new("equipo", values | {"marca": brand})
    return store


def test_an_old_sheet_is_brought_in(starts: Opens, person: Person, filled: Path, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in SHEET:
        sheet.append(row)
    book.save(tmp_path / "inventario.xlsx")
    starts(filled, tmp_path / "inventario.xlsx")
    person.clicks("Equipos")
    person.sees("2 equipos")

    person.clicks("Traer de Excel…")
    person.sees("A · No. de inventario", "SAL-0   ·   A-1   ·   A-2")
    person.clicks("Siguiente")
    person.sees("Filas (3)", "Problemas (1)")
    person.clicks("Problemas (1)")
    person.sees("B5", "notación científica (1.23E+11)")
    person.clicks("Traer 2 registros")

    person.sees("Se trajeron 1 fila nueva y 1 fila con cambios.", "1 con problemas no se trajeron", "3 equipos", "A-1")
    person.sees("Acer", "Deshacer: traer 2 de equipos")
    person.clicks("Deshacer: traer 2")
    person.sees("2 equipos", "Lenovo")
    person.sees_no("A-1", "Acer")


def test_what_was_retired_is_recovered(starts: Opens, person: Person, filled: Path) -> None:
    starts(filled)
    person.clicks("Equipos")
    person.clicks_cell("SAL-1")
    person.sees("Computador de escritorio · Ñandú · SAL-1")
    person.clicks("Retirar…")
    person.clicks("Está repetido")
    person.sees("Se retiró: Computador de escritorio · Ñandú · SAL-1.", "1 equipo")
    person.sees_no("2 equipos")

    person.clicks("Papelera")
    person.sees("Está repetido", "Ana Peñaranda")
    person.clicks_cell("SAL-1")
    person.clicks("Recuperar")
    person.sees_no("Está repetido")
    person.clicks("Cerrar")

    person.sees("2 equipos", "SAL-1", "Deshacer: recuperar equipo")


def test_a_problem_line_leads_to_its_field(starts: Opens, person: Person, filled: Path) -> None:
    with Workspace.open(filled) as workspace:
        workspace.put("equipo", workspace.records("equipo")[1].uid, {"placa": ""})
    starts(filled)
    person.clicks("Entregar")
    person.sees("1 problema impide entregar")

    person.clicks_cell("Falta la placa o el serial")
    person.is_at("Placa de inventario")
    person.types("SAL-9")
    person.clicks("Entregar")

    person.sees("Nada impide entregar")


def test_a_copy_is_restored(starts: Opens, person: Person, filled: Path) -> None:
    with Workspace.open(filled) as workspace:
        copies.keep(workspace, copies.ASKED_FOR)
        workspace.new("equipo", {"placa": "DE-MAS"})
    starts(filled, True)
    person.clicks("Copias")
    person.sees("La pidió usted", "2 equipos", "Equipos")

    person.clicks_cell("La pidió usted")
    person.clicks("Restaurar esta copia…")

    person.sees("Todo quedó como estaba", "Antes de restaurar otra copia")
    person.clicks("Equipos")
    person.sees("2 equipos", "SAL-0", "SAL-1")
    person.sees_no("DE-MAS")


def test_another_vigencia_begins(starts: Opens, person: Person, filled: Path) -> None:
    starts(filled, True)
    person.sees("Vigencia 2026")
    person.clicks("Copias")
    person.clicks("Empezar la vigencia 2027…")

    person.sees("Empezó la vigencia 2027", "Peti Desktop — Secretaría de Salud · Vigencia 2027")
    person.clicks("Equipos")
    person.sees("2 equipos", "SAL-0", "SAL-1")


def test_a_post_is_taken_over(starts: Opens, person: Person, filled: Path, tmp_path: Path) -> None:
    usb = tmp_path / "usb"
    usb.mkdir()
    with Workspace.open(filled) as workspace:
        offered = handover.hand_over(workspace, usb)
    starts(None, offered.path, tmp_path / "nuevo.sqlite")
    person.clicks("Recibir el cargo…")
    person.sees("Secretaría de Salud · vigencia 2026", "2 equipos", offered.code)
    person.clicks("Cambiar…")
    person.clicks_field("Su nombre")
    person.types("Berta Niño")
    person.clicks_field("Su cargo")
    person.types("Técnica")
    person.clicks("Recibir el cargo")

    person.sees("Peti Desktop — Secretaría de Salud · Vigencia 2026")
    person.clicks("Equipos")
    person.sees("2 equipos", "SAL-0", "SAL-1")
    person.clicks("Nuevo equipo")
    person.sees("3 equipos")
    person.clicks("Historia")
    person.sees("Berta Niño", "Se creó")


CUT_OFF = """
import os, sys
from peti_desktop.workspace import Workspace
ws = Workspace.open(sys.argv[1])
ws.new("equipo", {"placa": "LO-ULTIMO"})
os._exit(9)
"""


def test_the_power_went_off_and_all_is_there(starts: Opens, person: Person, filled: Path) -> None:
    subprocess.run([sys.executable, "-c", CUT_OFF, str(filled)], check=False, timeout=60)
    starts(filled)

    person.sees("La última vez el programa se cerró de golpe. Se recuperó lo escrito hasta")
    person.clicks("Equipos")
    person.sees("3 equipos", "LO-ULTIMO")


def test_devices_begin_from_a_copy_and_from_a_template(starts: Opens, person: Person, filled: Path) -> None:
    starts(filled)
    person.clicks("Equipos")
    person.clicks_cell("SAL-1")
    person.clicks("▾")
    person.clicks("Copia de este equipo")
    person.sees("Esta es la copia: cambie lo que sea distinto.", "3 equipos")
    person.clicks_cell("SAL-1")
    person.clicks("▾")
    person.clicks_field("Nombre de la plantilla")
    person.types("PC de ventanilla")
    person.press(Qt.Key.Key_Return)
    person.sees("Se guardó la plantilla «PC de ventanilla» con 3 campos.")

    person.clicks("▾")
    person.clicks("Desde «PC de ventanilla»")

    person.sees("Nuevo desde «PC de ventanilla»: complete lo que falta.", "4 equipos", "Ñandú")
    person.sees("Deshacer: crear equipo")

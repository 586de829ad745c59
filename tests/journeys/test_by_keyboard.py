"""Five tasks of a secretaría with the keyboard alone, judged by what the screen says."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from tests.journeys.conftest import Opens
from tests.journeys.person import ALT, CTRL, SHIFT, Person
from tests.ui.dependencia.conftest import RISK


def test_first_start_and_first_risk_complete(starts: Opens, person: Person, tmp_path: Path) -> None:
    starts()
    person.sees("1 · ¿Quién es usted?", "2 · ¿De qué dependencia?", "3 · ¿Dónde se guarda el archivo de datos?")
    person.goes_on_to("Dependencia", QComboBox)
    person.answers("secretaria de salud", "Ana Peñaranda", "Profesional universitaria", str(tmp_path / "salud.sqlite"))
    person.press(Qt.Key.Key_E, ALT)

    person.sees("Secretaría de Salud", "Vigencia")
    person.press(Qt.Key.Key_2, CTRL)
    person.sees("Todavía no hay riesgos")
    person.press(Qt.Key.Key_N, CTRL)
    person.is_at("Subproceso")
    person.answers("Gestión de Salud Pública", "Envío de los informes de ejecución", "", "procesos")
    person.answers("Ejecución y administración de procesos", "económica")
    person.answers("multas de los entes de control", "demoras de EPS e IPS en los informes")
    person.sees("Posibilidad de pérdida económica por multas de los entes de control debido a demoras")
    person.press(Qt.Key.Key_PageDown, CTRL)
    person.is_at("Veces al año")
    person.answers("12", "120")
    person.sees("Alto")
    person.press(Qt.Key.Key_PageDown, CTRL)
    person.press(Qt.Key.Key_PageDown, CTRL)
    person.is_at("Tratamiento")
    person.answers("Evitar")
    person.sees("✓ Completo", "R-001")
    person.press(Qt.Key.Key_1, CTRL)
    person.sees("1 de 1 registros completos")


def test_forty_rows_pasted_from_excel_and_taken_back_at_once(starts: Opens, person: Person, store: Path) -> None:
    with Workspace.open(store) as workspace:
        workspace.new("equipo", {"tipo": "escritorio", "estado": "en_uso", "placa": "SAL-0", "marca": "Lenovo"})
    starts(store)
    person.sees("Secretaría de Salud", "Equipos")
    person.press(Qt.Key.Key_3, CTRL)
    person.sees("SAL-0", "1 equipo")
    rows = [f"N-{n:02}\tComputador portátil\t\tEn uso\tHP" for n in range(40)]

    person.has_copied("\r\n".join(rows) + "\r\n")
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_V, CTRL)

    person.sees("Se pegaron 40 filas, 39 nuevas.", "40 equipos", "N-00", "Deshacer: pegar 40 filas")
    person.sees_no("SAL-0")
    person.press(Qt.Key.Key_Z, CTRL)
    person.sees("Se deshizo: pegar 40 filas.", "1 equipo", "SAL-0", "Rehacer: pegar 40 filas")
    person.sees_no("N-00")


def test_a_problem_line_leads_to_its_field_and_is_mended(starts: Opens, person: Person, store: Path) -> None:
    with Workspace.open(store) as workspace:
        workspace.new("riesgo", RISK)
        workspace.new("riesgo", RISK | {"actividad": "Vacunación", "tratamiento": None})
    starts(store)
    person.sees("1 de 2 registros completos")
    person.press(Qt.Key.Key_9, CTRL)
    person.sees("1 problema impide entregar", "Falta: tratamiento. Riesgo R-002")
    person.is_at("Problemas y avisos")

    person.press(Qt.Key.Key_Return)
    person.is_at("Tratamiento")
    person.sees("R-002", "▲ Falta 1 dato")
    person.answers("Evitar")

    person.sees("✓ Completo")
    person.press(Qt.Key.Key_9, CTRL)
    person.sees("Nada impide entregar")


def test_devices_are_found_filtered_and_filled_down(starts: Opens, person: Person, store: Path) -> None:
    with Workspace.open(store) as workspace:
        for number, brand in enumerate(("HP", "Ñandú", "HP", "Lenovo", "HP")):
            values: dict[str, Value] = {"tipo": "escritorio", "estado": "en_uso", "placa": f"P-{number}"}
            workspace.new("equipo", values | {"marca": brand})
    starts(store)
    person.sees("Secretaría de Salud")
    person.press(Qt.Key.Key_3, CTRL)
    person.sees("5 equipos", "P-0")
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Right, times=4)

    person.press(Qt.Key.Key_Down, ALT)
    person.types("hp")
    person.press(Qt.Key.Key_Return)
    person.sees("3 de 5 equipos", "Quitar el filtro", "P-0", "P-2", "P-4")
    person.sees_no("P-1", "Ñandú")
    person.wakes()
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Right, times=5)
    person.types("ProBook")
    person.press(Qt.Key.Key_Return)
    person.sees("ProBook", "Deshacer: cambiar Modelo")
    person.wakes()
    person.press(Qt.Key.Key_Up)
    person.press(Qt.Key.Key_Down, SHIFT, times=2)
    person.press(Qt.Key.Key_J, CTRL)

    person.sees("Deshacer: rellenar 2 celdas hacia abajo")
    person.until(lambda: person.screen().count("ProBook") >= 3)
    person.press(Qt.Key.Key_F, CTRL)
    person.types("p-4")
    person.sees("1 de 5 equipos")


def test_delivery_with_a_new_key_up_to_the_acta(starts: Opens, person: Person, store: Path, tmp_path: Path) -> None:
    with Workspace.open(store) as workspace:
        workspace.new("riesgo", RISK)
    usb = tmp_path / "usb"
    usb.mkdir()
    starts(store, usb)
    person.sees("1 de 1 registros completos")
    person.press(Qt.Key.Key_9, CTRL)
    person.sees("Nada impide entregar")
    person.press(Qt.Key.Key_S, ALT)
    person.sees("Entrega n.º 1")
    person.press(Qt.Key.Key_S, ALT)
    person.sees("Cree su clave de firma")
    person.goes_on_to("Contraseña", QLineEdit)
    person.answers("una clave larga ñ")
    person.types("una clave larga ñ")
    person.sees_no("una clave larga ñ")
    person.press(Qt.Key.Key_Return)
    person.sees("Su clave quedó lista", "Esta es su huella")
    person.press(Qt.Key.Key_S, ALT)
    person.sees("¿Dónde se guarda el archivo?")
    person.goes_on_to_button("Otra carpeta…")
    person.press(Qt.Key.Key_Space)
    person.sees(str(usb))
    person.goes_on_to_button("Entregar")
    person.press(Qt.Key.Key_Space)

    person.sees("Entrega lista", "Escrita, leída de nuevo y verificada", str(usb / "2026_SALUD_entrega-01.xlsx"))
    person.press(Qt.Key.Key_A, ALT)
    person.sees("Abrir el acta")
    waits = usb / "2026_SALUD_entrega-01_acta.pdf"
    person.until(waits.exists)
    assert waits.read_bytes().startswith(b"%PDF")

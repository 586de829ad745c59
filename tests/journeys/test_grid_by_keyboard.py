"""What a grid and its records offer beyond typing, with the keyboard alone, judged by what the screen says."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QTableView

from peti_desktop import vigencia
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from tests.journeys.conftest import Opens
from tests.journeys.person import ALT, CTRL, SHIFT, Person

DEVICE: dict[str, Value] = {"tipo": "escritorio", "estado": "en_uso"}


def fill(store: Path, *brands: str) -> None:
    with Workspace.open(store) as workspace:
        for number, brand in enumerate(brands):
            workspace.new("equipo", DEVICE | {"placa": f"P-{number}", "marca": brand})


def goes_to_devices(person: Person) -> None:
    person.sees("Secretaría de Salud", "Equipos")
    person.press(Qt.Key.Key_3, CTRL)
    person.sees("P-0")
    person.press(Qt.Key.Key_Home, CTRL)


def brands(person: Person) -> list[str]:
    """The brands on the screen, from above."""
    grid = next(found for found in person.window.findChildren(QTableView) if found.accessibleName() == "Equipos")
    model = grid.model()
    place = next(n for n in range(model.columnCount()) if model.headerData(n, Qt.Orientation.Horizontal) == "Marca")
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def test_a_device_is_duplicated_and_the_table_sorted(starts: Opens, person: Person, store: Path) -> None:
    fill(store, "Lenovo", "Ñandú", "HP")
    starts(store)
    goes_to_devices(person)

    person.press(Qt.Key.Key_D, CTRL)
    person.sees("Esta es la copia: cambie lo que sea distinto.", "4 equipos")
    person.wakes()
    person.goes_on_to("Marca", QLineEdit)
    person.answers("Acer")
    person.sees("Acer", "Deshacer: cambiar Marca")

    person.goes_on_to("Equipos", QTableView)
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Right, times=4)
    person.press(Qt.Key.Key_O, CTRL | SHIFT)
    assert brands(person) == ["Acer", "HP", "Lenovo", "Ñandú"]
    person.press(Qt.Key.Key_O, CTRL | SHIFT)
    assert brands(person) == ["Ñandú", "Lenovo", "HP", "Acer"]
    person.press(Qt.Key.Key_O, CTRL | SHIFT)
    assert brands(person) == ["Lenovo", "Ñandú", "HP", "Acer"]


def test_only_what_has_problems_is_shown_and_mended(starts: Opens, person: Person, store: Path) -> None:
    fill(store, "HP", "HP")
    with Workspace.open(store) as workspace:
        workspace.new("equipo", {"placa": "MAL-1", "estado": "en_uso"})
    starts(store)
    goes_to_devices(person)
    person.sees("3 equipos", "Con problemas (")

    person.press(Qt.Key.Key_F, CTRL)
    person.goes_on_to("", QCheckBox)
    person.press(Qt.Key.Key_Space)

    person.sees("1 de 3 equipos", "MAL-1")
    person.sees_no("P-1")
    person.goes_on_to("Equipos", QTableView)
    person.press(Qt.Key.Key_Home, CTRL)
    person.goes_on_to("Tipo")
    person.answers("Computador de escritorio")
    person.sees("Computador de escritorio", "Con problemas (0)")


def test_what_was_delivered_is_taken_back_in_a_field_and_in_cells(starts: Opens, person: Person, store: Path) -> None:
    fill(store, "HP", "Lenovo")
    starts(store)
    goes_to_devices(person)

    person.goes_on_to("Marca", QLineEdit)
    person.press(Qt.Key.Key_Delete, ALT)
    person.press(Qt.Key.Key_Tab)
    person.sees("Borrar lo anterior", "Deshacer: cambiar Marca")

    person.goes_on_to("Equipos", QTableView)
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Down)
    person.press(Qt.Key.Key_Right, times=5)
    person.press(Qt.Key.Key_Delete, ALT)
    person.sees("Se marcó 1 celda como «Borrar lo anterior».")
    person.until(lambda: _stored(store) == ["Borrar lo anterior", None, None, "Borrar lo anterior"])


def _stored(store: Path) -> list[str | None]:
    with Workspace.open(store, writing=False) as workspace:
        found = [record.values[name] for record in workspace.records("equipo") for name in ("marca", "modelo")]
    return [getattr(value, "value", None) for value in found]


def test_the_marks_of_the_year_follow_what_is_typed_and_filter(starts: Opens, person: Person, store: Path) -> None:
    fill(store, "HP", "Lenovo")
    with Workspace.open(store) as workspace:
        vigencia.begin(workspace, 2027)
    starts(store)
    goes_to_devices(person)
    person.sees("Igual")
    person.sees_no("Modificado")

    person.goes_on_to("Marca", QLineEdit)
    person.answers("Dell")
    person.sees("Dell", "Modificado")
    person.press(Qt.Key.Key_N, CTRL)
    person.sees("Nuevo", "3 equipos")
    person.wakes()
    person.goes_on_to("Equipos", QTableView)
    person.press(Qt.Key.Key_Home, CTRL)
    person.press(Qt.Key.Key_Right)
    person.press(Qt.Key.Key_Down, ALT)
    person.types("modif")
    person.press(Qt.Key.Key_Return)

    person.sees("1 de 3 equipos", "Quitar el filtro", "P-0")
    person.sees_no("P-1")


def test_a_record_begins_from_a_template(starts: Opens, person: Person, store: Path) -> None:
    fill(store, "HP")
    starts(store)
    goes_to_devices(person)

    person.goes_on_to("Otras maneras de empezar")
    person.press(Qt.Key.Key_Space)
    person.until(lambda: _menu_says("Todavía no hay plantillas"))
    person.press(Qt.Key.Key_Down, times=2)
    person.types("Escritorio HP")
    person.press(Qt.Key.Key_Return)
    person.sees("Se guardó la plantilla «Escritorio HP» con 3 campos.")

    person.wakes()
    person.goes_on_to("Otras maneras de empezar")
    person.press(Qt.Key.Key_Space)
    person.until(lambda: _menu_says("Desde «Escritorio HP»"))
    person.press(Qt.Key.Key_Down, times=2)
    person.press(Qt.Key.Key_Return)

    person.sees("Nuevo desde «Escritorio HP»: complete lo que falta.", "2 equipos")


def _menu_says(words: str) -> bool:
    menu = QApplication.activePopupWidget()
    return menu is not None and any(words in action.text() for action in menu.actions())

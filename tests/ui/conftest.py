"""What tests of windows share: the dressed application, a small workspace, and eyes for what nobody should miss."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop.catalogues import Catalogues, load
from peti_desktop.records import Value
from peti_desktop.workspace import Workspace
from ui.app import application
from ui.desk import Desk
from ui.messages import Notice, Recorded
from ui.tasks import Tasks


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it cannot do: raise windows, grab the keyboard for a list."""
    for item in items:
        item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> QApplication:
    """The application as people see it: Fusion, Spanish, our theme."""
    return application() if qapp.applicationName() != "Peti Desktop" else qapp


@pytest.fixture(autouse=True)
def let_go(dressed: QApplication) -> Iterator[None]:
    """After a test that pressed Ctrl or Shift: Qt would hold them down in the next one, where no row is chosen then."""
    yield
    if dressed.keyboardModifiers():
        nobody = QWidget()
        QTest.keyClick(nobody, Qt.Key.Key_Home)
        nobody.deleteLater()


@pytest.fixture
def catalogues() -> Catalogues:
    return load()


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """A dependencia with three devices and a deadline."""
    made = Workspace.create(
        tmp_path / "salud.sqlite",
        perfil="dependencia",
        dependencia="SALUD",
        nombre="Ana Peñaranda",
        cargo="Profesional",
        vigencia=2026,
    )
    made.set_settings({"vence": "2026-12-31"})
    kinds = made.catalogues.entries("tipo_equipo")
    for number, brand in enumerate(("Lenovo", "HP", "Ñandú")):
        values: dict[str, Value] = {
            "tipo": kinds[number].code,
            "placa": f"SAL-{number}",
            "marca": brand,
            "anio": 2020 - number,
        }
        made.new("equipo", values)
    yield made
    made.close()


@pytest.fixture
def desk(workspace: Workspace, qapp: QApplication) -> Iterator[Desk]:
    """A desk over ``workspace`` whose messages are recorded."""
    tasks = Tasks()
    made = Desk(workspace, tasks, Recorded(), Notice(), today=lambda: date(2026, 11, 22))
    yield made
    tasks.close()
    made.notice.deleteLater()


@pytest.fixture
def front(qtbot: QtBot) -> Callable[[QWidget], None]:
    """Shows a window and waits until it has the keyboard."""

    def show(window: QWidget) -> None:
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()

    return show


INPUTS = {
    QAccessible.Role.EditableText,
    QAccessible.Role.PushButton,
    QAccessible.Role.CheckBox,
    QAccessible.Role.RadioButton,
    QAccessible.Role.ComboBox,
    QAccessible.Role.SpinBox,
    QAccessible.Role.List,
    QAccessible.Role.Table,
    QAccessible.Role.Tree,
    QAccessible.Role.Slider,
}


@pytest.fixture
def nameless() -> Callable[[QWidget], list[str]]:
    """Every visible input below a widget that a screen reader could not name."""

    def look(iface: QAccessibleInterface, found: list[str]) -> list[str]:
        for number in range(iface.childCount()):
            child = iface.child(number)
            if child is None or child.state().invisible:  # type: ignore[attr-defined]
                continue
            if child.role() in INPUTS and not child.text(QAccessible.Text.Name):
                found.append(f"{child.role().name} {type(child.object()).__name__}")
            if child.role() not in {QAccessible.Role.Table, QAccessible.Role.ComboBox}:
                look(child, found)
        return found

    return lambda widget: look(QAccessible.queryAccessibleInterface(widget), [])

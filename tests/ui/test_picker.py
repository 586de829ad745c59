"""A list one can type into takes what was meant."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.picker import Picker

ENTRIES = [("SALUD", "Secretaría de Salud"), ("HACIENDA", "Secretaría de Hacienda"), ("TIC", "Oficina TIC")]


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """A window with a picker and a line after it."""
    made = QWidget()
    column = QVBoxLayout(made)
    column.addWidget(Picker())
    column.addWidget(QLineEdit())
    qtbot.addWidget(made)
    return made


@pytest.fixture
def picker(qtbot: QtBot, holder: QWidget) -> Picker:
    (made,) = holder.findChildren(Picker)
    made.offer(ENTRIES)
    with qtbot.waitActive(holder):
        holder.show()
        holder.activateWindow()
    made.line.setFocus()
    return made


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
@pytest.mark.parametrize(
    ("typed", "code"), [("salud", "SALUD"), ("secr hac", "HACIENDA"), ("secretar", None), ("nada", None), ("", None)]
)
def test_a_single_match_is_taken(qtbot: QtBot, picker: Picker, key: Qt.Key, typed: str, code: str | None) -> None:
    heard: list[str] = []
    picker.picked.connect(heard.append)

    qtbot.keyClicks(picker.line, typed)
    qtbot.keyClick(picker._suggests.popup() if picker._suggests.popup().isVisible() else picker.line, key)
    picker.line.clearFocus()

    assert picker.code == code
    assert picker.text == dict(ENTRIES).get(code or "", typed)
    assert heard == ([code] if code else [])


def test_what_the_program_shows_is_not_picked(qtbot: QtBot, picker: Picker) -> None:
    heard: list[str] = []
    picker.picked.connect(heard.append)

    picker.set_text("salud")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)

    assert heard == []
    assert picker.text == "salud"

"""Keys are named as on the keyboard, in our menus and in Qt's own."""

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("keys", "said"),
    [("Ctrl+C", "Ctrl+C"), ("Ctrl+Shift+V", "Ctrl+Mayús+V"), ("Alt+Del", "Alt+Supr"), ("Alt+Down", "Alt+Abajo")],
)
def test_keys_have_the_names_of_the_keyboard(keys: str, said: str) -> None:
    assert QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) == said


def test_qts_own_menu_names_them_so_and_speaks_spanish(qtbot: QtBot) -> None:
    line = QLineEdit("x")
    qtbot.addWidget(line)

    said = [action.text() for action in line.createStandardContextMenu().actions()]

    assert "&Copiar\tCtrl+C" in said

"""The command: what it loads, in which language it speaks, what a bug looks like."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.errors import UserError
from ui import crash
from ui.chips import Figure, StateChip, ZoneChip
from ui.messages import Dialogs, Notice


def python(root: Path, code: str) -> subprocess.CompletedProcess[str]:
    where = os.environ | {"PYTHONPATH": str(root), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(
        [sys.executable, "-c", code], env=where, capture_output=True, text=True, timeout=60, check=False
    )


def test_nothing_heavy_is_loaded_before_the_first_paint(root: Path) -> None:
    done = python(root, "import sys; from ui.app import main; sys.exit(main(['--startup']))")

    assert done.returncode == 0, done.stderr
    assert "heavy=none" in done.stdout
    assert int(done.stdout.split("modules=")[1].split()[0]) < 260


def test_subcommands_do_not_load_qt(root: Path) -> None:
    code = (
        "import sys; from ui.app import main\n"
        "try: main(['verify', '--help'])\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )

    assert python(root, code).returncode == 0


def test_window_can_be_photographed(root: Path, tmp_path: Path) -> None:
    photo = tmp_path / "ventana.png"

    done = python(root, f"import sys; from ui.app import main; sys.exit(main(['--screenshot', {str(photo)!r}]))")

    assert done.returncode == 0, done.stderr
    assert photo.stat().st_size > 5000


def test_qts_own_buttons_speak_spanish(qtbot: QtBot) -> None:
    standard = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(standard.Save | standard.Cancel | standard.Discard | standard.Yes)
    qtbot.addWidget(box)

    texts = [box.button(kind).text().replace("&", "") for kind in (standard.Save, standard.Cancel, standard.Yes)]

    assert texts == ["Guardar", "Cancelar", "Sí"]
    assert QLocale().name() == "es_CO"


def test_bug_is_reported_without_what_was_typed(qtbot: QtBot) -> None:
    try:
        int("cédula 37.123.456")
    except ValueError as error:
        text = crash.report(type(error), error.__traceback__)

    box = crash.dialog(text, crash.log_file())
    qtbot.addWidget(box)
    copy = next(button for button in box.findChildren(QPushButton) if "Copiar" in button.text())
    copy.click()

    shown = box.findChildren(QPlainTextEdit)[0].toPlainText()
    assert "ValueError" in shown
    assert "test_bug_is_reported" in shown
    assert shown.count("37.123.456") == shown.count('int("cédula 37.123.456")')
    assert QGuiApplication.clipboard().text() == shown


def test_bug_is_written_down(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shown: list[str] = []

    class Silent:
        def exec(self) -> None:
            shown.append("shown")

    monkeypatch.setattr(crash, "dialog", lambda text, path: Silent())
    error = KeyError("x")

    crash.tell(KeyError, error, None)

    assert "KeyError" in crash.log_file().read_text(encoding="utf-8")
    assert shown == ["shown"]
    assert "KeyError" in capsys.readouterr().err


def test_dialogs_say_what_and_what_to_do(qtbot: QtBot) -> None:
    error = UserError("El disco está lleno.", "Libere espacio.")
    from PySide6.QtWidgets import QMessageBox

    box = Dialogs()._box(QMessageBox.Icon.Warning, error.what, error.todo)
    qtbot.addWidget(box)

    assert (box.text(), box.informativeText()) == (error.what, error.todo)


def test_notice_offers_the_way_out(qtbot: QtBot) -> None:
    notice, done = Notice(), []
    qtbot.addWidget(notice)

    notice.tell("Se retiró un equipo.", tone="fine", action="Deshacer", act=lambda: done.append(1))
    assert notice.text == "Se retiró un equipo."
    notice._action.click()

    assert done == [1]
    assert notice.text == ""


def test_chips_say_themselves(qtbot: QtBot) -> None:
    zone, state, figure = ZoneChip("alto"), StateChip("devuelta", "warns"), Figure("Entregas", leads=True)
    for widget in (zone, state, figure):
        qtbot.addWidget(widget)
    figure.tell("19", "de 26", "fine")

    assert zone.accessibleName() == "Zona Alto"
    assert state.text().startswith("▲")
    assert figure.text == "Entregas: 19. de 26"
    with qtbot.waitSignal(figure.picked):
        qtbot.keyClick(figure, " ")

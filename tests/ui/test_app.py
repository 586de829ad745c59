"""The command: what it loads, in which language it speaks, what a bug looks like."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QMainWindow, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace
from ui import crash, selftest
from ui.app import place
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


class _Window(QMainWindow):
    def __init__(self, wanted: QSize) -> None:
        super().__init__()
        self.wanted = wanted

    def sizeHint(self) -> QSize:
        return self.wanted


def test_first_window_is_in_the_middle_of_the_screen_or_fills_a_small_one(qtbot: QtBot) -> None:
    free = QGuiApplication.primaryScreen().availableGeometry()
    small, large = _Window(QSize(free.width() // 2, free.height() // 2)), _Window(free.size())
    qtbot.addWidget(small)
    qtbot.addWidget(large)

    place(small)
    place(large)

    assert small.size() == small.wanted
    assert free.contains(small.geometry())
    assert abs(small.geometry().center().x() - free.center().x()) <= 8
    assert not small.isMaximized()
    assert large.isMaximized()


def test_self_test_sees_a_page_that_cannot_be_loaded(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen program may lack a module that only a page asks for."""
    path = tmp_path / "salud.sqlite"
    Workspace.create(
        path, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="Auxiliar", vigencia=2026, ejemplo=True
    ).close()
    said = selftest.every_page(path)

    def lacking() -> None:
        raise ModuleNotFoundError("No module named 'reportlab.graphics.barcode.code128'")

    monkeypatch.setattr("ui.dependencia.pages", lacking)

    assert re.fullmatch(r"salud\.sqlite: \d\d páginas", said)
    with pytest.raises(AssertionError, match="code128"):
        selftest.every_page(path)


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

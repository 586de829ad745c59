"""The main window: opening, pages, saving, keys, small screens."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop import demo
from peti_desktop.progress import Progress
from peti_desktop.workspace import Workspace
from ui.desk import Desk, Page, PageSpec
from ui.messages import Recorded
from ui.nav import NavButton
from ui.shell import Shell
from ui.start import Start, StartPage


class First(Page):
    title = "Primera"
    made = 0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        type(self).made += 1


class Second(Page):
    title = "Equipos"
    shows = frozenset({"equipo"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.reloads = 0
        self.targets: list[object] = []
        self.waits = False
        self.line = QLineEdit()
        self.line.setAccessibleName("Línea")
        self.body.addWidget(self.line)

    def reload(self) -> None:
        self.reloads += 1

    def target(self, wanted: object) -> None:
        self.targets.append(wanted)

    def flush(self) -> None:
        if self.waits:
            self.waits = False
            workspace = self.desk.workspace
            uid = workspace.records("equipo")[0].uid
            self.desk.save(lambda _progress: workspace.put("equipo", uid, {"modelo": "Z1"}), ["equipo"], origin=self)


PAGES = (PageSpec("primera", "&Primera", "inicio", First), PageSpec("equipos", "&Equipos", "equipos", Second, "equipo"))


@pytest.fixture
def shell(qtbot: QtBot, workspace: Workspace) -> Shell:
    made = Shell(Recorded(), pages=lambda _workspace: PAGES)
    qtbot.addWidget(made)
    made.show()
    made.enter(workspace)
    return made


def entry(shell: Shell, number: int) -> NavButton:
    return shell.nav.entries[number][1]


def test_window_says_whose_work_it_is(shell: Shell) -> None:
    assert shell.windowTitle() == "Peti Desktop — Secretaría de Salud · Vigencia 2026"


def test_pages_are_made_when_first_asked_for(shell: Shell, qtbot: QtBot) -> None:
    assert shell.findChild(Second) is None

    qtbot.keyClick(shell, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)

    assert isinstance(shell.page, Second)
    assert shell.page.reloads == 1
    assert entry(shell, 1).isChecked()


def test_count_stands_beside_its_entry(shell: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: entry(shell, 1).accessibleName() == "Equipos, 3")


def test_going_to_a_record_reaches_its_page(shell: Shell) -> None:
    assert shell.desk is not None

    shell.desk.go("equipos", ("uid", "marca"))

    assert isinstance(shell.page, Second)
    assert shell.page.targets == [("uid", "marca")]


def test_saved_record_reloads_other_pages_and_is_told(shell: Shell, qtbot: QtBot) -> None:
    shell.go("equipos")
    page = shell.page
    assert isinstance(page, Second)
    assert shell.desk is not None
    workspace = shell.desk.workspace

    with qtbot.waitSignal(shell.desk.stored):
        shell.desk.save(lambda _progress: workspace.new("equipo", {"placa": "SAL-9"}), ["equipo"])

    assert page.reloads == 2
    qtbot.waitUntil(lambda: shell._saved.text().startswith("✓ Todo guardado · "))
    qtbot.waitUntil(lambda: entry(shell, 1).accessibleName() == "Equipos, 4")


def test_own_save_does_not_reload_the_page_that_did_it(shell: Shell, qtbot: QtBot) -> None:
    shell.go("equipos")
    page = shell.page
    assert isinstance(page, Second)
    assert shell.desk is not None

    with qtbot.waitSignal(shell.desk.stored):
        page.waits = True
        page.flush()

    assert page.reloads == 1


def test_closing_writes_what_waits_and_lets_the_store_go(qtbot: QtBot, workspace: Workspace) -> None:
    path = Path(workspace.store.path)
    workspace.close()
    shell = Shell(Recorded(), pages=lambda _workspace: PAGES, store=path, page="equipos")
    qtbot.addWidget(shell)
    with qtbot.waitSignal(shell.entered):
        shell.show()
    page = shell.page
    assert isinstance(page, Second)
    page.waits = True

    shell.close()

    with Workspace.open(path) as again:
        assert again.records("equipo")[0].values["modelo"] == "Z1"


def test_opening_leaves_the_keyboard_at_the_navigation(qtbot: QtBot, workspace: Workspace) -> None:
    path = Path(workspace.store.path)
    workspace.close()
    shell = Shell(Recorded(), pages=lambda _workspace: PAGES, store=path)
    qtbot.addWidget(shell)
    with qtbot.waitSignal(shell.entered):
        shell.show()
        (cancel,) = shell.strip.findChildren(QPushButton)
        cancel.setFocus()

    qtbot.waitUntil(lambda: isinstance(shell.focusWidget(), NavButton))


def test_window_fits_the_smallest_screens(shell: Shell) -> None:
    for page in ("primera", "equipos"):
        shell.go(page)
        # 1366x768 at 150 % leaves 911x512.
        assert shell.minimumSizeHint().boundedTo(QSize(880, 500)) == shell.minimumSizeHint()


def test_letters_of_the_navigation_are_unique(shell: Shell) -> None:
    texts = [button.text() for button in shell.findChildren(QAbstractButton) if button.isVisible()]
    letters = [text[text.index("&") + 1].lower() for text in texts if "&" in text]

    assert len(letters) == len(set(letters))


def test_every_input_has_a_name(shell: Shell, nameless: Callable[[QWidget], list[str]]) -> None:
    shell.go("equipos")

    assert nameless(shell) == []


def test_first_start_inputs_have_names(qtbot: QtBot, nameless: Callable[[QWidget], list[str]]) -> None:
    shell = Shell(Recorded())
    qtbot.addWidget(shell)
    shell.show()

    assert nameless(shell) == []
    shell.close()


def test_damaged_store_is_told_in_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "roto.sqlite"
    path.write_bytes(b"no es una base de datos" * 100)
    shell = Shell(Recorded(), store=path)
    qtbot.addWidget(shell)
    shell.show()

    qtbot.waitUntil(lambda: bool(shell.notice.text))

    assert "no es un archivo de datos de Peti Desktop" in shell.notice.text
    assert shell.findChild(StartPage) is not None
    shell.close()


def test_locked_store_is_told_in_the_window(qtbot: QtBot, workspace: Workspace) -> None:
    shell = Shell(Recorded(), store=Path(str(workspace.store.path)))
    qtbot.addWidget(shell)
    shell.show()

    qtbot.waitUntil(lambda: bool(shell.notice.text))

    assert "está abierto en otra parte" in shell.notice.text
    shell.close()


def test_first_start_makes_a_store_and_enters(qtbot: QtBot, tmp_path: Path) -> None:
    shell = Shell(Recorded(tmp_path / "nuevo"), pages=lambda _workspace: PAGES)
    qtbot.addWidget(shell)
    shell.show()
    page = shell.findChild(StartPage)
    assert page is not None
    qtbot.waitUntil(lambda: page._dependencia.count() > 20)

    qtbot.keyClicks(page._dependencia.line, "secretaria de salud")
    qtbot.keyClicks(page._nombre, "Ana Perez")
    qtbot.keyClicks(page._cargo, "Profesional")
    page._choose()
    with qtbot.waitSignal(shell.entered):
        page._begin.click()

    assert shell.windowTitle().startswith("Peti Desktop — Secretaría de Salud")
    assert (tmp_path / "nuevo.sqlite").exists()
    shell.close()


def test_example_is_made_once_and_opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def run(folder: Path, progress: Progress) -> None:
        made.append(folder)
        progress(1, 1, "Entrega")
        path = folder / "oficina.sqlite"
        Workspace.create(
            path, perfil="oficina", dependencia="TIC", nombre="A", cargo="B", vigencia=2026, ejemplo=True
        ).close()

    monkeypatch.setattr(demo, "run", run)
    for _time in range(2):
        shell = Shell(Recorded(), pages=lambda _workspace: PAGES)
        qtbot.addWidget(shell)
        shell.show()
        with qtbot.waitSignal(shell.entered):
            shell.entrance.begin(Start(path=tmp_path / "ejemplo", perfil="oficina", example=True))
        assert shell.heading._example.isVisible()
        assert shell.close()

    assert len(made) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ejemplo"]


def test_cancelled_example_leaves_nothing(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def run(folder: Path, progress: Progress) -> None:
        folder.mkdir()
        for number in range(10_000):
            begun.set()
            progress(number, 10_000, "Entrega")
            time.sleep(0.001)

    monkeypatch.setattr(demo, "run", run)
    shell = Shell(Recorded())
    qtbot.addWidget(shell)
    shell.show()

    shell.entrance.begin(Start(path=tmp_path / "ejemplo", example=True))
    begun.wait(5)
    shell.strip._cancel.click()
    qtbot.waitUntil(lambda: shell.tasks.running == 0)

    assert list(tmp_path.iterdir()) == []
    assert shell.findChild(StartPage) is not None
    shell.close()


def test_first_start_asks_for_what_is_missing(qtbot: QtBot, tmp_path: Path) -> None:
    page = StartPage(Recorded(), tmp_path)
    qtbot.addWidget(page)
    page.show()
    chosen: list[Start] = []
    page.chosen.connect(chosen.append)

    page._begin.click()
    assert page._wrong.text() == "✕ Elija su dependencia de la lista."
    page._profiles.button(1).click()
    assert page._wrong.text() == ""
    page._begin.click()
    assert "Escriba su nombre" in page._wrong.text()
    qtbot.keyClicks(page._nombre, "Luz")
    qtbot.keyClicks(page._cargo, "Jefe")
    page._begin.click()

    assert [(start.perfil, start.dependencia, start.path.name) for start in chosen] == [
        ("oficina", "TIC", f"peti-{chosen[0].vigencia}-oficina.sqlite")
    ]

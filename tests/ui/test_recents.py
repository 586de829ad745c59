"""The program opens where somebody left off, and lets them go elsewhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from peti_desktop.workspace import Workspace
from ui import app, recents
from ui.messages import Recorded
from ui.shell import Shell
from ui.start import StartPage


@pytest.fixture
def shell(qtbot: QtBot, workspace: Workspace) -> Iterator[Shell]:
    """A window on a store that was opened as people do."""
    path = workspace.store.path
    workspace.close()
    made = Shell(Recorded(), store=path)
    qtbot.addWidget(made)
    with qtbot.waitSignal(made.entered, timeout=20_000):
        made.show()
    qtbot.waitUntil(lambda: made.tasks.running == 0, timeout=20_000)
    yield made
    made.close()


def test_last_file_is_remembered_first_and_only_while_it_is_there(tmp_path: Path) -> None:
    files = [tmp_path / f"{n}.sqlite" for n in range(6)]
    for path in files:
        path.write_bytes(b"")
        recents.remember(path)
    recents.remember(files[4])

    assert recents.existing() == [files[4], files[5], files[3], files[2]]
    files[5].unlink()
    assert recents.existing() == [files[4], files[3], files[2]]


@pytest.mark.parametrize("content", ["", "{", "7", '[7, "x"]', "[null]"])
def test_a_broken_memory_is_no_memory(content: str) -> None:
    recents.remember(Path("x"))
    recents._file().write_text(content, encoding="utf-8")

    assert recents.existing() == []


def test_one_file_opens_by_itself(shell: Shell, tmp_path: Path) -> None:
    assert app._last_store() == tmp_path / "salud.sqlite"

    (tmp_path / "otro.sqlite").write_bytes(b"")
    recents.remember(tmp_path / "otro.sqlite")
    assert app._last_store() is None


def test_another_file_is_a_click_away_and_so_is_the_way_back(shell: Shell, qtbot: QtBot) -> None:
    shell.other.click()
    qtbot.waitUntil(lambda: bool(shell.findChildren(StartPage)), timeout=20_000)
    (page,) = shell.findChildren(StartPage)
    assert shell.desk is None
    assert not shell.other.isVisible()

    def again() -> list[QPushButton]:
        return [found for found in page.findChildren(QPushButton) if "Seguir con salud" in found.text()]

    qtbot.waitUntil(lambda: bool(again()))
    with qtbot.waitSignal(shell.entered, timeout=20_000):
        again()[0].click()

    assert shell.page is not None
    assert shell.other.isVisible()


def test_clock_is_colombias(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("peti_desktop.moments.now", lambda: datetime(2026, 1, 14, 3, 5, tzinfo=UTC))

    shell._saving(0)

    assert shell._saved.text() == "✓ Todo guardado · 22:05"

"""Copies while the program stays open: each hour, never over somebody who types, quiet unless one fails."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from peti_desktop import copies
from peti_desktop.workspace import Workspace
from ui.desk import Desk
from ui.keeping import AGAIN, HOUR, QUIET, Keeping


class Seconds:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def keeping(desk: Desk, seconds: Seconds, qtbot: QtBot) -> Iterator[Keeping]:
    window = QWidget()
    qtbot.addWidget(window)
    yield Keeping(desk, window, seconds)
    window.close()


def settled(qtbot: QtBot, desk: Desk) -> None:
    qtbot.waitUntil(lambda: not desk.tasks.running)


def test_the_hour_brings_the_copy_of_the_day_and_says_nothing(
    qtbot: QtBot, desk: Desk, workspace: Workspace, keeping: Keeping
) -> None:
    assert keeping.timer.isActive()
    assert keeping.timer.interval() == HOUR

    keeping.timer.timeout.emit()
    settled(qtbot, desk)
    keeping.timer.timeout.emit()
    settled(qtbot, desk)

    assert [copy.reason for copy in copies.listing(workspace)] == [copies.OF_THE_DAY]
    assert desk.notice.text == ""


def test_nobody_who_types_has_to_wait_for_a_copy(
    qtbot: QtBot, desk: Desk, workspace: Workspace, keeping: Keeping, seconds: Seconds
) -> None:
    desk.save(lambda _progress: workspace.new("equipo"), {"equipo"})
    settled(qtbot, desk)
    seconds.now += QUIET - 1

    keeping.look()
    settled(qtbot, desk)

    assert copies.listing(workspace) == []
    assert keeping.timer.interval() == AGAIN

    seconds.now += AGAIN / 1000
    keeping.look()
    settled(qtbot, desk)

    assert len(copies.listing(workspace)) == 1
    assert keeping.timer.interval() == HOUR


def test_a_copy_that_fails_is_told(qtbot: QtBot, desk: Desk, workspace: Workspace, keeping: Keeping) -> None:
    copies.room_of(workspace).write_bytes(b"no folder")

    keeping.look()
    settled(qtbot, desk)

    assert "No se pudo hacer la copia del día" in desk.notice.text

"""Files shown by other programs: where there is none, people learn where the file is."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from ui.messages import Notice
from ui.outside import show_outside


@pytest.mark.parametrize("opens", [True, False])
def test_it_is_said_when_nothing_here_opens_the_file(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, opens: bool
) -> None:
    asked: list[str] = []

    def open_url(url: QUrl) -> bool:
        asked.append(url.toLocalFile())
        return opens

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    notice = Notice()
    qtbot.addWidget(notice)

    show_outside(tmp_path / "acta ñ.pdf", notice)

    assert asked == [str(tmp_path / "acta ñ.pdf")]
    assert ("no tiene con qué abrir «acta ñ.pdf»" in notice.text) is not opens

"""The one door through which the program speaks to, and asks, the person in front of it.

Every window gets a ``Messages``; tests hand in ``Recorded`` and read what was said. ``Notice`` is the quiet way: a bar
in the page that says what happened, what to do, and offers the action.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QWidget

from peti_desktop.errors import UserError
from ui import theme

SYMBOLS = {"info": "ℹ", "fine": "✓", "warns": "▲", "stops": "✕"}
"""A sign per tone, so that no meaning hangs on colour."""


class Messages(Protocol):
    """What windows may say and ask."""

    def inform(self, text: str, detail: str = "") -> None:
        """Tell something that needs no decision."""

    def error(self, error: UserError) -> None:
        """Tell what could not be done and what to do about it."""

    def ask(self, question: str, yes: str, detail: str = "") -> bool:
        """Ask before something that cannot be taken back; ``yes`` is the verb on the button."""

    def open_file(self, title: str, kinds: str = "") -> Path | None:
        """Let somebody choose an existing file; ``kinds`` as in «Excel (*.xlsx)»."""

    def open_files(self, title: str, kinds: str = "") -> list[Path]:
        """Let somebody choose several existing files."""

    def save_file(self, title: str, proposed: Path, kinds: str = "") -> Path | None:
        """Let somebody choose where to write; Qt asks before overwriting."""

    def folder(self, title: str) -> Path | None:
        """Let somebody choose a folder."""


class Dialogs:
    """``Messages`` by real dialogs over ``over``."""

    def __init__(self, over: QWidget | None = None) -> None:
        self._over = over

    def inform(self, text: str, detail: str = "") -> None:
        self._box(QMessageBox.Icon.Information, text, detail).exec()

    def error(self, error: UserError) -> None:
        self._box(QMessageBox.Icon.Warning, error.what, error.todo).exec()

    def ask(self, question: str, yes: str, detail: str = "") -> bool:
        box = self._box(QMessageBox.Icon.Question, question, detail)
        agreed = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        refused = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(refused)
        box.exec()
        return box.clickedButton() is agreed

    def open_file(self, title: str, kinds: str = "") -> Path | None:
        chosen, _ = QFileDialog.getOpenFileName(self._over, title, "", kinds)
        return Path(chosen) if chosen else None

    def open_files(self, title: str, kinds: str = "") -> list[Path]:
        chosen, _ = QFileDialog.getOpenFileNames(self._over, title, "", kinds)
        return [Path(name) for name in chosen]

    def save_file(self, title: str, proposed: Path, kinds: str = "") -> Path | None:
        chosen, _ = QFileDialog.getSaveFileName(self._over, title, str(proposed), kinds)
        return Path(chosen) if chosen else None

    def folder(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._over, title)
        return Path(chosen) if chosen else None

    def _box(self, icon: QMessageBox.Icon, text: str, detail: str) -> QMessageBox:
        box = QMessageBox(self._over)
        box.setIcon(icon)
        box.setWindowTitle("Peti Desktop")
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(detail)
        return box


class Recorded:
    """``Messages`` for tests: keeps what was said; ``answers`` are taken in turn for every question and picker."""

    def __init__(self, *answers: object) -> None:
        self.said: list[str] = []
        self.errors: list[UserError] = []
        self.answers = list(answers)

    def inform(self, text: str, detail: str = "") -> None:
        self.said.append(f"{text} {detail}".strip())

    def error(self, error: UserError) -> None:
        self.errors.append(error)
        self.said.append(str(error))

    def ask(self, question: str, yes: str, detail: str = "") -> bool:
        self.said.append(f"{question} {detail}".strip())
        return bool(self._answer(yes))

    def open_file(self, title: str, kinds: str = "") -> Path | None:
        return self._path(title, kinds)

    def open_files(self, title: str, kinds: str = "") -> list[Path]:
        answer = self._answer(f"{title} {kinds}")
        assert isinstance(answer, list)
        return answer

    def save_file(self, title: str, proposed: Path, kinds: str = "") -> Path | None:
        return self._path(title, f"{proposed} {kinds}")

    def folder(self, title: str) -> Path | None:
        return self._path(title, "")

    def _answer(self, about: str) -> object:
        assert self.answers, f"nobody expected a question: {about}"
        return self.answers.pop(0)

    def _path(self, title: str, about: str) -> Path | None:
        answer = self._answer(f"{title} {about}")
        assert answer is None or isinstance(answer, Path)
        return answer


class Notice(QFrame):
    """A bar in the page: what happened, what to do, perhaps a button. Never steals the focus; hidden until told.

    ``tone`` is info, fine, warns or stops.
    """

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setProperty("role", "notice")
        self._act: Callable[[], None] | None = None
        self._sign = QLabel()
        self._sign.setProperty("role", "heading")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = QPushButton()
        self._action.clicked.connect(self._do)
        self._close = QPushButton("✕")
        self._close.setProperty("role", "quiet")
        self._close.setAccessibleName("Cerrar el aviso")
        self._close.setToolTip("Cerrar el aviso")
        self._close.setFixedWidth(36)
        self._close.setStyleSheet("padding: 0;")
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MEDIUM, theme.SMALL, theme.SMALL, theme.SMALL)
        row.setSpacing(theme.MEDIUM)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        self.hide()

    def tell(
        self,
        what: str,
        todo: str = "",
        *,
        tone: str = "info",
        action: str = "",
        act: Callable[[], None] | None = None,
    ) -> None:
        """Show the bar; ``act`` is called when the button ``action`` is pressed."""
        self.setProperty("tone", tone)
        self._sign.setText(SYMBOLS[tone])
        self._text.setText(f"{what}\n{todo}" if todo else what)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._act = act
        self.setAccessibleName(f"{what} {todo}".strip())
        theme.restyle(self)
        self.show()

    def error(self, error: UserError) -> None:
        """Show what could not be done and what to do about it."""
        self.tell(error.what, error.todo, tone="stops")

    @property
    def text(self) -> str:
        """What the bar says; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def clear(self) -> None:
        """Take the bar away."""
        self._act = None
        self.hide()

    def _do(self) -> None:
        act = self._act
        self.clear()
        if act is not None:
            act()

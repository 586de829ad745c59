"""Undo and redo for the whole window: two buttons that say what they would do, and the keys for them."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QPushButton, QSizePolicy, QWidget
from shiboken6 import isValid

from ui import theme
from ui.chips import button

REDO_KEYS: Final = ("Ctrl+Y", "Ctrl+Shift+Z")
UNDO_KEYS: Final = ("Ctrl+Z",)
WIDEST: Final = 260
TIGHTEST: Final = 190
"""How much of the words is shown, in pixels, in a wide and in a narrow window."""
NARROW: Final = 700
"""Below this width of the window's foot there is room for one of the two."""


class UndoBar(QWidget):
    """«Deshacer: pegar 40 filas» and «Rehacer: …» in the foot of a window, with the window's keys.

    ``undone`` and ``redone`` when somebody asks for them. While the keyboard is in a text, Ctrl+Z takes back what was
    typed there first; once nothing typed is left, it undoes the last act of the window.
    """

    undone = Signal()
    redone = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._words = ("", "")
        self.undo = button("", self.undone.emit, role="quiet")
        self.redo = button("", self.redone.emit, role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SMALL)
        for made in (self.undo, self.redo):
            made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            made.setStyleSheet("padding: 0 8px; min-height: 22px;")
            row.addWidget(made)
        for keys, asked in ((UNDO_KEYS, self.undone), (REDO_KEYS, self.redone)):
            for key in keys:
                QShortcut(QKeySequence(key), window).activated.connect(asked)
        self._typing = Typing(window)
        self.tell("", "")

    def tell(self, undo: str, redo: str) -> None:
        """Say what would be undone and redone; nothing where there is nothing."""
        self._words = (undo, redo)
        self.undo.setVisible(bool(undo))
        self.redo.setVisible(bool(redo))
        self._fit()

    @property
    def words(self) -> tuple[str, str]:
        """What would be undone and redone."""
        return self._words

    def _fit(self) -> None:
        window = self.window()
        narrow = window is not self and window.width() < NARROW + 208
        room = TIGHTEST if narrow else WIDEST
        _dress(self.undo, "↶", f"Deshacer: {self._words[0]}", "Ctrl+Z", room)
        _dress(self.redo, "↷", f"Rehacer: {self._words[1]}", "Ctrl+Y", room)
        self.redo.setVisible(bool(self._words[1]) and not (narrow and self._words[0]))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _dress(made: QPushButton, sign: str, text: str, keys: str, room: int) -> None:
    shown = made.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
    made.setText(f"{sign} {shown}".replace("&", "&&"))
    made.setAccessibleName(text)
    made.setToolTip(f"{text}  ({keys})")


class Typing(QObject):
    """Lets Ctrl+Z and Ctrl+Y pass on to the window where a text has nothing of its own to take back."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._watched: QWidget | None = None
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, now: QWidget | None) -> None:
        # Only the text that has the keyboard is watched: a filter on everything would see every paint.
        # A page that goes away while its text has the keyboard takes it along before anybody is told.
        if self._watched is not None and isValid(self._watched):
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._gone)
        self._watched = None
        if isinstance(now, QLineEdit | QPlainTextEdit):
            self._watched = now
            now.installEventFilter(self)
            now.destroyed.connect(self._gone)

    def _gone(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo = event.matches(QKeySequence.StandardKey.Undo)
            redo = (
                event.matches(QKeySequence.StandardKey.Redo)
                or QKeySequence(event.keyCombination()).toString() in REDO_KEYS
            )
            if (undo or redo) and not _has_own(watched, undo=undo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def _has_own(text: QObject, *, undo: bool) -> bool:
    if isinstance(text, QLineEdit):
        return text.isUndoAvailable() if undo else text.isRedoAvailable()
    if isinstance(text, QPlainTextEdit):
        document = text.document()
        return document.isUndoAvailable() if undo else document.isRedoAvailable()
    return False

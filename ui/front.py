"""A page from before any store is open: what it is for beside the buttons, a sentence on what is missing, its cards."""

from abc import abstractmethod

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ui import theme
from ui.chips import button, label


class FrontPage(QWidget):
    """``chosen(Start)`` when everything needed is there, ``back`` when somebody thinks better of it.

    A page adds its cards to ``column`` and says in ``begin`` what ``go`` does.
    """

    chosen = Signal(object)
    back = Signal()

    def __init__(self, title: str, verb: str, about: str, widest: int) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.WIDE, theme.SMALL, theme.WIDE, theme.SMALL)
        outer.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(widest)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.MEDIUM)
        outer.addLayout(centred(inner))
        outer.addStretch(2)
        head = QHBoxLayout()
        head.addWidget(label(title, "hero"), 1)
        self.leave = button("&Volver", self.back.emit)
        head.addWidget(self.leave)
        self.go = button(verb, self.begin, role="primary")
        head.addWidget(self.go)
        self.column.addLayout(head)
        self.column.addWidget(label(about, "muted", wraps=True))
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        self.column.addWidget(self.wrong)

    @abstractmethod
    def begin(self) -> None:
        """Send ``chosen``, or say by ``lacks`` what is missing."""

    def lacks(self, words: str, editor: QWidget) -> None:
        """Say what is missing and put the keyboard where it is written."""
        self.wrong.setText(f"✕ {words}")
        self.wrong.show()
        editor.setFocus()


def centred(widget: QWidget) -> QHBoxLayout:
    """``widget`` in the middle, as wide as it may be."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, 8)
    row.addStretch(1)
    return row


def pairs(*editors: tuple[str, QLineEdit]) -> QGridLayout:
    """Two fields side by side, each under its label."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.MEDIUM)
    grid.setVerticalSpacing(theme.TIGHT)
    for place, (text, editor) in enumerate(editors):
        words = label(text)
        words.setBuddy(editor)
        editor.setAccessibleName(text.replace("&", ""))
        grid.addWidget(words, place // 2 * 2, place % 2)
        grid.addWidget(editor, place // 2 * 2 + 1, place % 2)
    return grid

"""A list one can type into: any part of any word finds its entry, accents and case do not matter."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from peti_desktop.records.convert import plain

AnyIndex = QModelIndex | QPersistentModelIndex
PLAIN: Final = Qt.ItemDataRole.UserRole + 1
CODE: Final = Qt.ItemDataRole.UserRole


class Choices(QAbstractListModel):
    """Codes and labels; never asks anybody."""

    def __init__(self, entries: Sequence[tuple[str, str]] = (), keeper: QObject | None = None) -> None:
        super().__init__(keeper)
        self._entries = [(code, text, plain(text)) for code, text in entries]

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        code, text, found = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole:
                return text
            case _ if role == CODE:
                return code
            case _ if role == PLAIN:
                return found
            case _:
                return None


class Words(QSortFilterProxyModel):
    """Keeps the entries that contain every typed word."""

    def __init__(self, keeper: QObject | None = None) -> None:
        super().__init__(keeper)
        self._words: list[str] = []

    def ask(self, text: str) -> None:
        """Keep what contains every word of ``text``."""
        self.beginResetModel()
        self._words = plain(text).split()
        self.endResetModel()

    def filterAcceptsRow(self, row: int, parent: AnyIndex) -> bool:
        found = self.sourceModel().index(row, 0, parent).data(PLAIN)
        return all(word in found for word in self._words)


class Picker(QComboBox):
    """A choice with type-ahead. ``picked(code)`` and ``edited(text)`` come from the user only, never from ``set_code``.

    ``code`` is the entry the text stands for, or ``None`` while the text matches none.
    """

    picked = Signal(str)
    edited = Signal(str)

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._choices = Choices()
        self._typing = False
        self.line = QLineEdit()
        self.setLineEdit(self.line)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMaxVisibleItems(14)
        self._filter = Words(self)
        self._suggests = QCompleter(self)
        self._suggests.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._suggests.setModel(self._filter)
        self.setCompleter(self._suggests)
        self._suggests.popup().setAccessibleName("Sugerencias")
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self._take_only)
        self.activated.connect(self._activated)
        self._suggests.activated[QModelIndex].connect(self._completed)  # type: ignore[index]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def offer(self, entries: Sequence[tuple[str, str]]) -> None:
        """Put (code, label) pairs on the list; what is written stays."""
        text = self.line.text()
        # No Qt parent: a combo box deletes a model of its own when it gets another.
        self._choices = Choices(entries)
        self._filter.setSourceModel(self._choices)
        self.setModel(self._choices)
        self._suggests.setModel(self._filter)  # setModel has just given the whole list to the completer
        self.setCurrentIndex(-1)
        self.set_text(text)

    @property
    def code(self) -> str | None:
        """The code whose label is written, accents and case aside."""
        wanted = plain(self.line.text())
        for row in range(self._choices.rowCount()):
            index = self._choices.index(row)
            if wanted and index.data(PLAIN) == wanted:
                return str(index.data(CODE))
        return None

    def has_code(self, code: str) -> bool:
        """Whether ``code`` is on the list."""
        return any(self._choices.index(row).data(CODE) == code for row in range(self._choices.rowCount()))

    def set_code(self, code: str | None) -> None:
        """Show the entry ``code``; a code that left its list shows as itself."""
        for row in range(self._choices.rowCount()):
            if self._choices.index(row).data(CODE) == code:
                self.setCurrentIndex(row)
                self.line.setCursorPosition(0)
                self.setToolTip(self.line.text())  # a long entry does not fit its box
                return
        self.set_text(code or "")

    def set_text(self, text: str) -> None:
        """Show ``text`` as if typed, but silently."""
        self.setCurrentIndex(-1)
        self.setEditText(text)
        self.setToolTip("")
        code = self.code
        if code is not None:
            self.set_code(code)

    @property
    def text(self) -> str:
        """What is written."""
        return self.line.text()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that scrolls the form must not change an answer on its way.
        event.ignore()

    def _typed(self, text: str) -> None:
        self._typing = True
        self._filter.ask(text)
        self.edited.emit(text)

    def _take_only(self) -> None:
        """Enter, or leaving, takes the one entry that what was typed still fits."""
        typed, self._typing = self._typing, False
        if not typed or not self.line.text().strip():
            return
        self._filter.ask(self.line.text())
        if self.code is None and self._filter.rowCount() == 1:
            self._completed(self._filter.index(0, 0))

    def _activated(self, row: int) -> None:
        self.picked.emit(str(self._choices.index(row).data(CODE)))

    def _completed(self, index: QModelIndex) -> None:
        code = index.data(CODE)
        if code is not None:
            self.set_code(code)
            self.picked.emit(str(code))

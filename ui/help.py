"""F1: what the field with the cursor means, an example, and where it comes from.

The card stays while somebody goes from field to field, and tells of the one with the cursor. It never takes the cursor.
"""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from peti_desktop.field_help import FieldHelp, help_of
from peti_desktop.records.fields import Field
from ui import theme
from ui.chips import button, label
from ui.editors import Editor
from ui.grid import GridView, RecordModel

WIDTH: Final = 360
MARGIN: Final = 8


def show_help(window: QWidget, focused: QWidget | None) -> bool:
    """Tell of the field with the cursor; False when the cursor is in no field of a record."""
    if _field_at(focused) is None:
        return False
    found = window.findChild(HelpCard)
    made = found if isinstance(found, HelpCard) else HelpCard(window)
    made.follow(None, focused)
    return True


class HelpCard(QFrame):
    """The card of one window; Esc or its button closes it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setProperty("role", "notice")
        self.setFixedWidth(min(WIDTH, window.width() - 2 * MARGIN))
        self.title = label("", "heading", wraps=True)
        self.meaning = label("", wraps=True)
        self.example = label("", wraps=True)
        self.blanks = label("", wraps=True)
        self.source = label("", "small", wraps=True)
        self.shut = button("Cerrar (Esc)", self.hide, role="quiet")
        self.shut.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the cursor stays in its field
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.shut, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.SMALL, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addLayout(head)
        for part in (self.meaning, self.example, self.blanks, self.source):
            column.addWidget(part)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        self._escape.setEnabled(False)
        self._escape.activated.connect(self.hide)
        self._grid: GridView | None = None
        self._focused: QWidget | None = None

    def follow(self, _old: QWidget | None, focused: QWidget | None) -> None:
        """The cursor is somewhere else: tell of that field, or go when it is in none."""
        if focused is None:
            return  # another program has the keyboard
        if focused.window() is not self.window():
            return  # a list that opened over the window
        found = _field_at(focused)
        told = help_of(found[0]) if found else None
        if found is None or told is None:
            self.hide()
            return
        self._watch(_grid_of(focused))
        self._tell(told)
        self._focused = focused
        self._put()
        self.show()
        self.raise_()
        QTimer.singleShot(0, self, self._put)  # the form scrolls to a field after the cursor is there
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _put(self) -> None:
        """Put the card beside its field, wherever that is now."""
        if self._focused is not None and isValid(self._focused) and (found := _field_at(self._focused)):
            self._place(found[1])

    def _watch(self, grid: GridView | None) -> None:
        """In a table the cursor goes from cell to cell without leaving it."""
        if grid is self._grid:
            return
        if self._grid is not None and isValid(self._grid):
            self._grid.selectionModel().currentChanged.disconnect(self._moved)
        self._grid = grid
        if grid is not None:
            grid.selectionModel().currentChanged.connect(self._moved)

    def _moved(self, *_indexes: object) -> None:
        self.follow(None, self._grid)

    def _tell(self, told: FieldHelp) -> None:
        self.title.setText(told.label)
        self.meaning.setText(told.meaning)
        self.example.setText(f"Ejemplo: {told.example}")
        self.blanks.setText(told.blanks)
        self.blanks.setVisible(bool(told.blanks))
        self.source.setText(f"Fuente: {told.source}")
        self.setAccessibleName(f"Ayuda de {told.label}")
        self.setAccessibleDescription(f"{told.meaning} Ejemplo: {told.example}. {told.blanks} Fuente: {told.source}")

    def _place(self, anchor: QRect) -> None:
        """Beside the field where there is room, else below or above it; never over it."""
        room = self.window().rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        layout = self.layout()
        assert layout is not None
        high = layout.totalHeightForWidth(self.width())
        self.resize(self.width(), high)
        right = QPoint(anchor.right() + MARGIN, anchor.top())
        left = QPoint(anchor.left() - MARGIN - self.width(), anchor.top())
        across = max(room.left(), min(anchor.left(), room.right() - self.width()))
        below = QPoint(across, anchor.bottom() + MARGIN)
        above = QPoint(across, anchor.top() - MARGIN - high)
        for corner in (right, left, below, above):
            if room.contains(QRect(corner, self.size())):
                self.move(corner)
                return
        beside = next((spot for spot in (right, left) if room.left() <= spot.x() <= room.right() - self.width()), below)
        self.move(beside.x(), max(room.top(), min(beside.y(), room.bottom() - high)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._escape.setEnabled(True)
        _application().focusChanged.connect(self.follow, Qt.ConnectionType.UniqueConnection)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._escape.setEnabled(False)
        self._watch(None)
        _application().focusChanged.disconnect(self.follow)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


def _field_at(widget: QWidget | None) -> tuple[Field, QRect] | None:
    """The field of a record that has the cursor, and where it is in its window."""
    while widget is not None:
        if isinstance(widget, Editor):
            return widget.field, QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())
        if isinstance(widget, GridView):
            return _cell(widget)
        widget = widget.parentWidget()
    return None


def _grid_of(widget: QWidget | None) -> GridView | None:
    while widget is not None and not isinstance(widget, GridView):
        widget = widget.parentWidget()
    return widget


def _cell(grid: GridView) -> tuple[Field, QRect] | None:
    index = grid.currentIndex()
    if not index.isValid():
        return None
    cell = grid.visualRect(index)
    corner = grid.viewport().mapTo(grid.window(), cell.topLeft())
    model = grid.model()
    assert isinstance(model, RecordModel)
    return model.columns[index.column()], QRect(corner, cell.size())

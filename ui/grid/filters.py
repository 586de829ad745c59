"""The filter of a column: what it says, to be ticked; empty cells; cells with a problem."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Field
from ui import theme
from ui.chips import button, label
from ui.grid.model import BLANK, ColumnFilter, RecordModel

MOST_SHOWN: Final = 400
TEXT: Final = Qt.ItemDataRole.UserRole


class Popup(QFrame):
    """A small window that goes away by Esc or a click elsewhere, and gives the keyboard back."""

    def __init__(self, over: QWidget, name: str) -> None:
        super().__init__(over, Qt.WindowType.Popup)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setAccessibleName(name)
        self.resize(300, 380)

    def open_at(self, where: QPoint, first: QWidget) -> None:
        """Show it at ``where`` on the screen, wholly in sight, with the keyboard in ``first``."""
        screen = QGuiApplication.screenAt(where) or self._over.screen()
        free = screen.availableGeometry()
        self.resize(min(self.width(), free.width()), min(self.height(), free.height()))
        x = max(free.left(), min(where.x(), free.right() - self.width()))
        y = max(free.top(), min(where.y(), free.bottom() - self.height()))
        self.move(x, y)
        self.show()
        first.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._over.setFocus()


class FilterPopup(Popup):
    """Choose what ``field`` may say in ``model``."""

    def __init__(self, model: RecordModel, field: Field, over: QWidget) -> None:
        super().__init__(over, f"Filtrar {field.label}")
        self._model = model
        self._field = field
        self._said = model.said_in(field.name)
        now = model.filters.get(field.name, ColumnFilter())
        self._ticked = {text for text, _count in self._said} if now.texts is None else set(now.texts)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar un valor…")
        self.search.setAccessibleName("Buscar un valor")
        self.search.setClearButtonEnabled(True)
        for clear in self.search.children():
            if isinstance(clear, QWidget):
                clear.setAccessibleName("Borrar la búsqueda")
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self.apply)
        self.every = QCheckBox("Todo")
        self.every.clicked.connect(self._tick_all)
        self.listed = QListWidget()
        self.listed.setAccessibleName(f"Valores de {field.label}")
        self.listed.setUniformItemSizes(True)
        self.listed.itemChanged.connect(self._tick)
        self._more = label("", "small")
        self.problems = QCheckBox("Solo con problemas")
        self.problems.setChecked(now.problems)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label(field.label, "heading"))
        column.addWidget(self.search)
        column.addWidget(self.every)
        column.addWidget(self.listed, 1)
        column.addWidget(self._more)
        column.addWidget(self.problems)
        row = QHBoxLayout()
        row.addWidget(button("Quitar filtro", self.clear, role="quiet"))
        row.addStretch()
        row.addWidget(button("Filtrar", self.apply, role="primary"))
        column.addLayout(row)
        self._fill()

    def _fill(self) -> None:
        wanted = plain(self.search.text())
        self._found = [(text, count) for text, count in self._said if wanted in plain(text or "(vacías)")]
        # Empty cells first: they are what people look for.
        self._found.sort(key=lambda said: said[0] != BLANK)
        self.listed.blockSignals(True)
        self.listed.clear()
        for text, count in self._found[:MOST_SHOWN]:
            words = " ".join(text.split()) or "(Vacías)"
            item = QListWidgetItem(f"{words}  ·  {count:,}".replace(",", "."))
            item.setData(TEXT, text)
            item.setCheckState(Qt.CheckState.Checked if text in self._ticked else Qt.CheckState.Unchecked)
            self.listed.addItem(item)
        self.listed.blockSignals(False)
        hidden = len(self._found) - MOST_SHOWN
        self._more.setText(f"y {hidden:,} más: escriba para buscarlos".replace(",", ".") if hidden > 0 else "")
        self._more.setVisible(hidden > 0)
        self._show_all()

    def _show_all(self) -> None:
        ticked = sum(text in self._ticked for text, _count in self._found)
        every = Qt.CheckState.Checked if ticked == len(self._found) else Qt.CheckState.PartiallyChecked
        self.every.setCheckState(every if ticked else Qt.CheckState.Unchecked)

    def _tick(self, item: QListWidgetItem) -> None:
        ticked = item.checkState() is Qt.CheckState.Checked
        (self._ticked.add if ticked else self._ticked.discard)(item.data(TEXT))
        self._show_all()

    def _tick_all(self) -> None:
        found = {text for text, _count in self._found}
        self._ticked = self._ticked - found if found <= self._ticked else self._ticked | found
        self._fill()

    def apply(self) -> None:
        """Filter by what is ticked; while something is searched for, only by what was found."""
        every = {text for text, _count in self._said}
        found = {text for text, _count in self._found} if self.search.text().strip() else every
        chosen = frozenset(self._ticked & found)
        wanted = ColumnFilter(None if chosen == every else chosen, self.problems.isChecked())
        self._model.set_filter(self._field.name, wanted)
        self.close()

    def clear(self) -> None:
        """Let all records pass this column."""
        self._model.set_filter(self._field.name, None)
        self.close()


def open_filter(model: RecordModel, field: Field, over: QWidget, header: QWidget, mark: QRect) -> FilterPopup:
    """Open the filter of ``field`` under the ``mark`` of its heading; ``over`` gets the keyboard back."""
    popup = FilterPopup(model, field, over)
    popup.open_at(header.mapToGlobal(QPoint(mark.right() - popup.width() + 1, mark.bottom() + 1)), popup.search)
    return popup

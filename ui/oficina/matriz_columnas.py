"""Which columns the matrix shows, and in which order: ticked and moved by the keyboard as well."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout

from ui import theme
from ui.chips import button, label
from ui.grid.filters import Popup
from ui.oficina.matriz_modelo import MatrixModel
from ui.oficina.matriz_tabla import MatrixView

NAME: Final = Qt.ItemDataRole.UserRole


class ColumnsPopup(Popup):
    """Whatever is ticked or moved shows at once."""

    def __init__(self, grid: MatrixView) -> None:
        super().__init__(grid, "Columnas")
        self._grid = grid
        self.listed = _Listed()
        self.listed.setAccessibleName("Columnas que se muestran")
        self.listed.moves.connect(self._move)
        self._fill()
        self.listed.itemChanged.connect(self._changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Columnas que se muestran", "heading"))
        column.addWidget(label("Alt+Arriba y Alt+Abajo cambian el orden.", "small"))
        column.addWidget(self.listed, 1)
        row = QHBoxLayout()
        row.addWidget(button("Subir", lambda: self._move(-1)))
        row.addWidget(button("Bajar", lambda: self._move(1)))
        row.addStretch()
        row.addWidget(button("Restablecer", self._reset, role="quiet"))
        column.addLayout(row)
        self.resize(340, 460)

    def _fill(self) -> None:
        model = self._grid.model()
        assert isinstance(model, MatrixModel)
        self._widths = dict(self._grid.columns())
        labels = {field.name: field.label for field in model.columns}
        self.listed.blockSignals(True)
        self.listed.clear()
        for name in [*self._widths, *(name for name in labels if name not in self._widths)]:
            item = QListWidgetItem(labels[name])
            item.setData(NAME, name)
            item.setCheckState(Qt.CheckState.Checked if name in self._widths else Qt.CheckState.Unchecked)
            self.listed.addItem(item)
        self.listed.setCurrentRow(0)
        self.listed.blockSignals(False)

    def _changed(self) -> None:
        items = [self.listed.item(place) for place in range(self.listed.count())]
        names = [item.data(NAME) for item in items if item.checkState() is Qt.CheckState.Checked]
        if names:
            self._grid.arrange(tuple((name, self._widths.get(name, 0)) for name in names))
            self._grid.arranged.emit()

    def _move(self, step: int) -> None:
        place = self.listed.currentRow()
        if 0 <= place + step < self.listed.count():
            self.listed.blockSignals(True)
            self.listed.insertItem(place + step, self.listed.takeItem(place))
            self.listed.setCurrentRow(place + step)
            self.listed.blockSignals(False)
            self._changed()

    def _reset(self) -> None:
        self._grid.reset_columns()
        self._grid.arranged.emit()
        self._fill()


class _Listed(QListWidget):
    """A list that hands Alt+Up and Alt+Down on."""

    moves = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.moves.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

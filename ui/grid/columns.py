"""Which columns a grid shows, in which order and width, how many stand still; and that it is found so next time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QMenu, QVBoxLayout

from ui import geometry, theme
from ui.chips import button, label
from ui.grid.filters import Popup
from ui.grid.model import ColumnFilter, RecordModel

if TYPE_CHECKING:
    from ui.grid.frozen import FrozenColumns
    from ui.grid.view import GridView

NEW_WIDTH = 160


class Arranged(QObject):
    """The columns of ``grid``; ``name`` makes them be remembered, ``shown`` names those shown at first."""

    def __init__(self, grid: "GridView", frozen: "FrozenColumns", name: str, shown: Sequence[str]) -> None:
        super().__init__(grid)
        self._grid = grid
        self._frozen = frozen
        self._name = name
        self._first = tuple(shown)
        self._arranging = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(400)
        self._pause.timeout.connect(self._keep)
        header = grid.horizontalHeader()
        known = [field.name for field in self._model.columns]
        left = geometry.columns(name, known) if name else None
        self._arrange(self._with_beside(left) if left else geometry.Columns(self._first, (), 0))
        header.sectionResized.connect(self._resized)
        header.sectionMoved.connect(self._moved)

    @property
    def _model(self) -> RecordModel:
        model = self._grid.model()
        assert isinstance(model, RecordModel)
        return model

    def _with_beside(self, left: geometry.Columns) -> geometry.Columns:
        """As it was left; a column that came since then, which is none of the record's, stands where it would at first.

        Nobody who hid nothing should have to look for it; who hid it finds it hidden.
        """
        new = [name for name in self._beside if name not in {*left.names, *left.hidden}]
        names, widths = list(left.names), list(left.widths)
        for name in new:
            place = min(self._first.index(name), len(names))
            names.insert(place, name)
            if place < len(widths):
                widths.insert(place, NEW_WIDTH)
        return geometry.Columns(tuple(names), tuple(widths), left.frozen)

    @property
    def _beside(self) -> list[str]:
        """The columns shown at first that are none of the record's."""
        return [name for name in self._first if name not in self._model.record_type.by_name]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields shown, from left to right."""
        return tuple(self._model.columns[column].name for column in self._grid.shown_columns())

    @property
    def frozen(self) -> int:
        """How many columns stand still."""
        return self._frozen.count

    def freeze(self, count: int) -> None:
        """Let the first ``count`` columns stand still."""
        self._frozen.freeze(count)
        self._changed()

    def show(self, name: str, *, on: bool) -> None:
        """Show or hide a column; the last one stays."""
        column = self._model.column_of(name)
        if column is not None and (on or len(self._grid.shown_columns()) > 1):
            self._grid.setColumnHidden(column, not on)
            self._frozen.freeze(self._frozen.count)
            self._changed()

    def reset(self) -> None:
        """As it was made."""
        if self._name:
            geometry.forget_columns(self._name)
        self._grid.fit_columns()
        self._arrange(geometry.Columns(self._first, (), 0))

    def _arrange(self, wanted: geometry.Columns) -> None:
        self._arranging = True
        grid, header = self._grid, self._grid.horizontalHeader()
        places = [place for name in wanted.names if (place := self._model.column_of(name)) is not None]
        for column in range(header.count()):
            grid.setColumnHidden(column, column not in places)
        for place, column in enumerate(places):
            header.moveSection(header.visualIndex(column), place)
        for column, width in zip(places, wanted.widths, strict=False):
            grid.setColumnWidth(column, width)
        self._frozen.freeze(wanted.frozen)
        self._arranging = False

    def _resized(self, column: int, _old: int, width: int) -> None:
        if width and not self._frozen.isColumnHidden(column):
            with QSignalBlocker(self._frozen.horizontalHeader()):
                self._frozen.setColumnWidth(column, width)
            self._frozen.place()
        self._changed()

    def _moved(self) -> None:
        if not self._arranging:
            self._frozen.freeze(self._frozen.count)
            self._changed()

    def _changed(self) -> None:
        if self._name and not self._arranging:
            self._pause.start()

    def _keep(self) -> None:
        shown = self._grid.shown_columns()
        # The last column is stretched to the edge: its width says nothing about it.
        widths = [self._grid.columnWidth(column) for column in shown[:-1]] + [NEW_WIDTH]
        hidden = tuple(name for name in self._beside if name not in self.names)
        geometry.keep_columns(self._name, geometry.Columns(self.names, tuple(widths), self.frozen, hidden))

    # -- menus

    def open_menu(self, column: int, where: QPoint) -> None:
        """The menu of a heading."""
        grid, model = self._grid, self._model
        field = model.columns[column]
        place = grid.shown_columns().index(column) + 1
        menu = QMenu(grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        up, down = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        menu.addAction("Ordenar de menor a mayor (A-Z)", lambda: grid.sortByColumn(column, up))
        menu.addAction("Ordenar de mayor a menor (Z-A)", lambda: grid.sortByColumn(column, down))
        menu.addAction("Quitar el orden", lambda: grid.sortByColumn(-1, up))
        menu.addSeparator()
        menu.addAction("Filtrar…\tAlt+Abajo", lambda: grid.filter_column(column))
        problems = ColumnFilter(problems=True)
        menu.addAction("Solo con problemas", lambda: model.set_filter(field.name, problems))
        clear = menu.addAction("Quitar el filtro", lambda: model.set_filter(field.name, None))
        clear.setEnabled(field.name in model.filters)
        menu.addSeparator()
        if place != self.frozen:
            menu.addAction("Inmovilizar hasta aquí", lambda: self.freeze(place))
        if self.frozen:
            menu.addAction("Soltar las columnas inmóviles", lambda: self.freeze(0))
        menu.addAction("Ocultar esta columna", lambda: self.show(field.name, on=False))
        menu.addAction("Columnas…", self.choose)
        menu.popup(where)

    def choose(self) -> Popup:
        """Let somebody choose which columns are shown."""
        popup = Popup(self._grid, "Columnas")
        listed = QListWidget()
        listed.setAccessibleName("Columnas que se muestran")
        shown = self.names
        every = [*shown, *(field.name for field in self._model.columns if field.name not in shown)]
        for name in every:
            item = QListWidgetItem(self._model.fields[name].label)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setCheckState(Qt.CheckState.Checked if name in shown else Qt.CheckState.Unchecked)
            listed.addItem(item)

        def changed(item: QListWidgetItem) -> None:
            self.show(item.data(Qt.ItemDataRole.UserRole), on=item.checkState() is Qt.CheckState.Checked)

        def as_made() -> None:
            self.reset()
            popup.close()

        listed.itemChanged.connect(changed)
        column = QVBoxLayout(popup)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.addWidget(label("Columnas que se muestran", "heading"))
        column.addWidget(label("Arrastre un encabezado para cambiar el orden.", "small"))
        column.addWidget(listed, 1)
        row = QHBoxLayout()
        row.addWidget(button("Restablecer", as_made, role="quiet"))
        row.addStretch()
        row.addWidget(button("Cerrar", popup.close))
        column.addLayout(row)
        popup.open_at(self._grid.mapToGlobal(QPoint(self._grid.width() - popup.width(), 0)), listed)
        return popup

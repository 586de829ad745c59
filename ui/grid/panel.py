"""A grid with its search box, its count, and what it says while it is empty."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.chips import Empty, button, label
from ui.grid.model import RecordModel
from ui.grid.view import GridView
from ui.inputs import Links

LEAST_SEARCH: Final = 150
"""Width of a search box in which somebody still reads what they search for."""


class GridPanel(QWidget):
    """``grid`` with a search box above; ``bar`` takes more widgets (filters, buttons) beside it.

    ``empty`` is shown instead of the grid while there are no records at all; what is pasted then makes the first ones.
    ``name`` and ``shown`` as in ``GridView``.
    """

    def __init__(
        self,
        model: RecordModel,
        *,
        links: Mapping[str, Links] | None = None,
        whole_rows: bool = False,
        empty: Empty | None = None,
        name: str = "",
        shown: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.model = model
        self.grid = GridView(model, links=links, whole_rows=whole_rows, name=name, shown=shown)
        self.search = self._search_box(model)
        self._count = label("", "muted")
        self.bar = QHBoxLayout()
        self.bar.setSpacing(theme.SMALL)
        self._below = QHBoxLayout()
        self._below.setSpacing(theme.SMALL)
        self.bar.addWidget(self.search, 2)
        self.bar.addWidget(self._count)
        self.wrong = QCheckBox("Con problemas")
        self.wrong.setToolTip("Muestra solo las filas con algún problema, en la columna que sea.")
        self.wrong.toggled.connect(model.set_only_wrong)
        self.unfilter = button("", model.clear_filters, role="quiet")
        self.unfilter.hide()
        self._moving = (self.wrong, self.unfilter)
        for piece in self._moving:
            self.bar.addWidget(piece)
        self.bar.addStretch(1)
        self._below.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._empty = empty or Empty(f"Todavía no hay {model.record_type.title.lower()}")
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(self.bar)
        column.addLayout(self._below)
        column.addWidget(self._stack, 1)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(130)
        self._pause.timeout.connect(self._ask)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._enter)
        keys = QShortcut(QKeySequence.StandardKey.Find, self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self._find)
        self._paste = QShortcut(QKeySequence.StandardKey.Paste, self)
        self._paste.activated.connect(self.grid.paste_new)
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._counted)
        model.dataChanged.connect(self._tell_wrong)
        self._counted()

    def _search_box(self, model: RecordModel) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText("Buscar…  (Ctrl+F)")
        box.setAccessibleName(f"Buscar en {model.record_type.title}")
        box.setClearButtonEnabled(True)
        box.setMaximumWidth(340)
        for clear in box.findChildren(QToolButton):
            clear.setAccessibleName("Borrar la búsqueda")
        glass = QAction(icons.icon("buscar", theme.tones(self.palette()).muted), "Buscar", box)
        box.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        box.setMinimumWidth(LEAST_SEARCH)
        return box

    def _ask(self) -> None:
        kept = self.grid.current_record()
        self.model.search(self.search.text())
        if kept is not None:
            self.grid.select(getattr(kept, "uid", ""))

    def _enter(self) -> None:
        self._pause.stop()
        self._ask()
        if self.model.rowCount():
            self.grid.setFocus()
            if not self.grid.currentIndex().isValid():
                self.grid.setCurrentIndex(self.model.index(0, 0))

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _counted(self) -> None:
        total, found = self.model.total, self.model.rowCount()
        one, many = self.model.record_type.singular.lower(), self.model.record_type.title.lower()
        text = f"1 {one}" if total == 1 else f"{total:,} {many}".replace(",", ".")
        self._count.setText(text if found == total else f"{found:,} de {text}".replace(",", "."))
        self._stack.setCurrentWidget(self.grid if total else self._empty)
        self._paste.setEnabled(not total and self.model.editable)
        self._tell_wrong()
        filters = len(self.model.filters)
        self.unfilter.setText("Quitar el filtro" if filters == 1 else f"Quitar {filters} filtros")
        self.unfilter.setVisible(filters > 0)
        self._share()

    def _tell_wrong(self) -> None:
        """How many rows have a problem; the box is there while there are any, or while it filters."""
        only, count = self.model.only_wrong, self.model.wrong
        self.wrong.setText(f"Con problemas ({count:,})".replace(",", "."))
        self.wrong.setVisible(only or count > 0)
        if self.wrong.isChecked() != only:
            with QSignalBlocker(self.wrong):
                self.wrong.setChecked(only)
        self._share()

    def _share(self) -> None:
        """Where the bar has no room for all of it, what filters stands in a line of its own."""
        others = [item.widget() for item in (self.bar.itemAt(n) for n in range(self.bar.count())) if item is not None]
        there = [w for w in others if w is not None and w not in (*self._moving, self.search) and not w.isHidden()]
        wanted = [*there, *(piece for piece in self._moving if not piece.isHidden())]
        needed = LEAST_SEARCH + sum(piece.sizeHint().width() + self.bar.spacing() for piece in wanted)
        place = self._below if needed > self.width() else self.bar
        if place.indexOf(self.wrong) < 0:
            before = place.count() - 1 if place is self._below else self.bar.indexOf(self._count) + 1
            for number, piece in enumerate(self._moving):
                place.insertWidget(before + number, piece)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

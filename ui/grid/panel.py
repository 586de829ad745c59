"""A grid with its search box, its count, and what it says while it is empty."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.chips import Empty, button, label
from ui.grid.model import RecordModel
from ui.grid.view import GridView
from ui.inputs import Links


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
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar…  (Ctrl+F)")
        self.search.setAccessibleName(f"Buscar en {model.record_type.title}")
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(340)
        look = theme.tones(self.palette())
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName("Borrar la búsqueda")
        glass = QAction(icons.icon("buscar", look.muted), "Buscar", self.search)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._count = label("", "muted")
        self.bar = QHBoxLayout()
        self.bar.setSpacing(theme.SMALL)
        self.bar.addWidget(self.search, 2)
        self.bar.addWidget(self._count)
        self.wrong = QCheckBox("Con problemas")
        self.wrong.setToolTip("Muestra solo las filas con algún problema, en la columna que sea.")
        self.wrong.toggled.connect(model.set_only_wrong)
        self.bar.addWidget(self.wrong)
        self.unfilter = button("", model.clear_filters, role="quiet")
        self.unfilter.hide()
        self.bar.addWidget(self.unfilter)
        self.bar.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._empty = empty or Empty(f"Todavía no hay {model.record_type.title.lower()}")
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(self.bar)
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

    def _tell_wrong(self) -> None:
        """How many rows have a problem; the box is there while there are any, or while it filters."""
        only, count = self.model.only_wrong, self.model.wrong
        self.wrong.setText(f"Con problemas ({count:,})".replace(",", "."))
        self.wrong.setVisible(only or count > 0)
        if self.wrong.isChecked() != only:
            with QSignalBlocker(self.wrong):
                self.wrong.setChecked(only)

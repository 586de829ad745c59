"""The left of the page of the risks: search, filter and the list itself."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLineEdit, QListView, QToolButton, QVBoxLayout, QWidget

from ui import icons, theme
from ui.dependencia.listing import ENTRY, FILTERS, MARKED, RETIRED, Entries, Entry, EntryPainter


class Finder(QWidget):
    """Finds a risk. ``chosen(uid)`` when one is chosen, ``entered()`` for Enter on it.

    With ``marked`` the filter also tells what became of the risks since the vigencia began.
    """

    chosen = Signal(str)
    entered = Signal()

    def __init__(self, *, marked: bool) -> None:
        super().__init__()
        self._current = ""
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar…  (Ctrl+F)")
        self.search.setAccessibleName("Buscar riesgos")
        self.search.setClearButtonEnabled(True)
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName("Borrar la búsqueda")
        glass = QAction(icons.icon("buscar", theme.tones(self.palette()).muted), "Buscar", self.search)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.filter = QComboBox()
        self.filter.setAccessibleName("Mostrar")
        for code, text in (*FILTERS, *(MARKED if marked else ())):
            self.filter.addItem(text, code)
        self.entries = Entries()
        self.list = QListView()
        self.list.setAccessibleName("Riesgos")
        self.list.setModel(self.entries)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(lambda _index: self.entered.emit())
        self.search.textChanged.connect(self._ask)
        self.search.returnPressed.connect(self.list.setFocus)
        self.filter.activated.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.search)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)

    def fill(self, entries: Sequence[Entry]) -> None:
        """Take other entries; search and filter stay."""
        self.entries.fill(entries)

    def seek(self) -> None:
        """Give the keyboard to the search."""
        self.search.setFocus()
        self.search.selectAll()

    def select(self, uid: str) -> None:
        """Choose ``uid``, or the first risk when it is not in the list; chosen once more when it was already."""
        row = self.entries.row_of(uid)
        if row < 0 and self.entries.rowCount():
            row = 0
        if row >= 0:
            index = self.entries.index(row)
            if self.list.currentIndex() != index:
                self.list.setCurrentIndex(index)
            else:
                self._chosen(index)

    def let_see(self, uid: str, *, retired: bool) -> None:
        """Take search and filter away when they hide ``uid``."""
        if self.entries.row_of(uid) < 0:
            self.show_all(retired=retired)

    def show_all(self, *, retired: bool = False) -> None:
        """Show every risk in force, or every retired one."""
        self.search.clear()
        self.filter.setCurrentIndex(self.filter.findData(RETIRED if retired else ""))
        self._ask()

    def leave(self) -> None:
        """Nothing is chosen any more."""
        self.list.setCurrentIndex(QModelIndex())

    def go_on(self) -> None:
        """Choose the neighbour of the risk that goes."""
        row = self.list.currentIndex().row()
        following = self.entries.index(row + 1 if row + 1 < self.entries.rowCount() else row - 1)
        if following.isValid():
            self.list.setCurrentIndex(following)

    def _ask(self, _what: object = None) -> None:
        self.entries.ask(self.search.text(), str(self.filter.currentData()))
        row = self.entries.row_of(self._current)
        if row >= 0:
            self.list.setCurrentIndex(self.entries.index(row))

    def _chosen(self, current: QModelIndex, _previous: QModelIndex | None = None) -> None:
        if current.isValid():
            self._current = current.data(ENTRY).uid
            self.chosen.emit(self._current)

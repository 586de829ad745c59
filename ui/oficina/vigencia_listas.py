"""The general lists: their entries, and what can be done with one."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import spoken_date
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.rows import SMLMV
from peti_desktop.vigencias.rules import PROCESS, UNIT, editable
from ui import theme
from ui.chips import button, label
from ui.oficina.vigencia_arbol import in_force
from ui.oficina.words import pesos

CODE: Final = Qt.ItemDataRole.UserRole
DEEDS: Final = {
    changing.ADDED: "Agregar…",
    changing.RENAMED: "Nomb&re…",
    changing.SUPPORT: "&Fin de soporte…",
    changing.CLOSED: "C&errar…",
}
SUPPORTED: Final = frozenset({"sistema_operativo", "ofimatica"})
HEADINGS: Final = ("Nombre", "También se encuentra por", "Vigente", "Fin de soporte")
WAGE_HEADINGS: Final = ("Año", "Pesos de un mes", "", "")
WAGES: Final = "Salario mínimo (SMLMV) de cada año"


class Lists(QWidget):
    """``asked(deed, list, code)``: change this entry, or add one beside it."""

    asked = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: Catalogues | None = None
        self.which = QComboBox()
        self.which.setAccessibleName("Lista")
        for name, title in sorted(editable().items(), key=lambda pair: pair[1]):
            if name not in {UNIT, PROCESS}:
                self.which.addItem(title, name)
        self.which.addItem(WAGES, SMLMV)
        self.which.currentIndexChanged.connect(self._show)
        words = label("&Qué lista")
        words.setBuddy(self.which)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName("Renglones de la lista")
        self.table.setHorizontalHeaderLabels(HEADINGS)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW)
        for place in (0, 1):
            self.table.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        for place, width in ((2, 230), (3, 130)):
            self.table.setColumnWidth(place, width)
        self.table.currentCellChanged.connect(self._allow)
        self.may = True
        self.buttons = {deed: button(text, self._asker(deed)) for deed, text in DEEDS.items()}
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(words)
        row.addWidget(self.which, 1)
        for made in self.buttons.values():
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.MEDIUM, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def fill(self, catalogues: Catalogues) -> None:
        """Show the lists as they are."""
        self._catalogues = catalogues
        self._show()

    @property
    def lista(self) -> str:
        """The list in front."""
        return str(self.which.currentData())

    @property
    def code(self) -> str:
        """The entry in front; empty when there is none."""
        item = self.table.item(self.table.currentRow(), 0)
        return str(item.data(CODE)) if item else ""

    def _show(self, _index: int = 0) -> None:
        if self._catalogues is None:
            return
        before = self.code
        rows = self._wages() if self.lista == SMLMV else self._entries()
        self.table.setRowCount(len(rows))
        for row, (code, *texts) in enumerate(rows):
            for place, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setData(CODE, code)
                cell.setToolTip(text)
                if place == 1 and self.lista == SMLMV:
                    cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, place, cell)
        codes = [row[0] for row in rows]
        if rows:
            self.table.setCurrentCell(codes.index(before) if before in codes else 0, 0)
        wages = self.lista == SMLMV
        self.table.setHorizontalHeaderLabels(WAGE_HEADINGS if wages else HEADINGS)
        self.table.setColumnHidden(2, wages)
        self.table.setColumnHidden(3, self.lista not in SUPPORTED)
        self._allow()

    def _entries(self) -> list[tuple[str, str, str, str, str]]:
        assert self._catalogues is not None
        catalogues, lista = self._catalogues, self.lista
        found = []
        for code in catalogues.codes(lista):
            entry = catalogues.entry(lista, code)
            assert entry is not None
            end = catalogues.support_end(lista, code)
            until = spoken_date(end) if end else ""
            found.append((code, entry.label, ", ".join(entry.aliases), in_force(catalogues, lista, entry), until))
        return found

    def _wages(self) -> list[tuple[str, str, str, str, str]]:
        assert self._catalogues is not None
        years = range(self._catalogues.vigencia + 2, 2019, -1)
        known = [(year, wage) for year in years if (wage := self._catalogues.smlmv(year)) is not None]
        return [(str(year), str(year), pesos(wage), "", "") for year, wage in known]

    def _asker(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(changing.WAGE if self.lista == SMLMV else deed, self.lista, self.code)

    def _allow(self, *_cells: object) -> None:
        wages = self.lista == SMLMV
        for deed, made in self.buttons.items():
            fits = deed == changing.ADDED or (bool(self.code) and not wages)
            made.setEnabled(self.may and fits)
            made.setVisible(not wages or deed == changing.ADDED)
        self.buttons[changing.SUPPORT].setVisible(self.lista in SUPPORTED)

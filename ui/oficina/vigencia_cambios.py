"""The versions of the office's lists: what each one changed, and whom it affects."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.vigencias.differing import Affected, Difference, Version
from ui import theme
from ui.chips import Empty, label
from ui.oficina.words import plural

NUMBER: Final = Qt.ItemDataRole.UserRole

Found = Sequence[tuple[Difference, Sequence[Affected]]]


class History(QWidget):
    """``picked(version)``: show what this version changed."""

    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.versions = QListWidget()
        self.versions.setAccessibleName("Versiones de las listas")
        self.versions.setWordWrap(True)
        self.versions.setSpacing(4)
        self.versions.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.versions.currentItemChanged.connect(self._picked)
        self.changes = QTreeWidget()
        self.changes.setAccessibleName("Qué cambió y a quién afecta")
        self.changes.setHeaderLabels(["Qué cambió y a quién afecta", "Registros vigentes", "Debe"])
        self.changes.setTabKeyNavigation(False)
        self.changes.setStyleSheet("QTreeView::item { padding: 4px 2px; }")
        self.changes.currentItemChanged.connect(self._tell)
        head = self.changes.header()
        head.setStretchLastSection(False)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place, width in ((1, 170), (2, 100)):
            self.changes.setColumnWidth(place, width)
        self.split = QSplitter()
        self.split.addWidget(self.versions)
        self.whole = label("", wraps=True)
        self.whole.setAccessibleName("El cambio escogido")
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.addWidget(self.changes, 1)
        beside.addWidget(self.whole)
        self.split.addWidget(right)
        self.split.setSizes([300, 700])
        self.empty = Empty(
            "Las listas son las del programa",
            "Cada cambio que haga en «Dependencias y procesos» o en «Listas» queda aquí con su versión, su motivo y a "
            "quién afecta.",
        )
        self.about = label("", "muted", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.MEDIUM, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.about)
        column.addWidget(self.empty, 1)
        column.addWidget(self.split, 1)
        self.setFocusProxy(self.versions)

    def fill(self, versions: Sequence[Version], shipped: str) -> None:
        """Show the versions, the newest in front."""
        self.about.setText(f"Rige: {shipped}. Viaja a las dependencias con el archivo de inicio.")
        self.empty.setVisible(not versions)
        self.split.setVisible(bool(versions))
        self.versions.blockSignals(True)
        self.versions.clear()
        for version in versions:
            text = f"Versión {version.number} · {spoken_moment(version.when)}\n{version.who}: {version.reason}"
            item = QListWidgetItem(text)
            item.setData(NUMBER, version.number)
            item.setToolTip(version.reason)
            self.versions.addItem(item)
        self.versions.blockSignals(False)
        self.changes.clear()
        if versions:
            self.versions.setCurrentRow(0)

    def show_changes(self, found: Found) -> None:
        """What the version in front changed."""
        self.changes.clear()
        for difference, affected in found:
            total = sum(unit.total for unit in affected)
            top = QTreeWidgetItem(self.changes, [difference.text, plural(total, "registro", "registros"), ""])
            top.setToolTip(0, difference.text)
            for unit in affected:
                told = ", ".join(f"{count} de {TYPES[name].title.lower()}" for name, count in unit.records.items())
                owes = plural(unit.owes, "sección", "secciones") if unit.owes else "nada"
                QTreeWidgetItem(top, [unit.name, told or "ninguno", owes])
        self.changes.expandAll()
        if (first := self.changes.topLevelItem(0)) is not None:
            self.changes.setCurrentItem(first)

    def _tell(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None = None) -> None:
        top = item.parent() or item if item is not None else None
        self.whole.setText(top.text(0) if top is not None else "")

    def _picked(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        if item is not None:
            self.picked.emit(int(item.data(NUMBER)))

"""The map of processes with who answers, and the dependencias with what they became."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues, Entry
from peti_desktop.records.convert import spoken_date
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.mapping import Move
from peti_desktop.vigencias.rules import PROCESS, UNIT
from ui import theme
from ui.chips import button, card, label

KEY: Final = Qt.ItemDataRole.UserRole
DEEDS: Final = {
    changing.RENAMED: ("Nomb&re…", {UNIT, PROCESS}),
    changing.OWNER: ("&Quién responde…", {PROCESS}),
    changing.SPLIT: ("&Dividir…", {UNIT}),
    changing.MERGED: ("&Unir…", {UNIT}),
    changing.CLOSED: ("C&errar…", {UNIT, PROCESS}),
    changing.ADDED: ("Agregar…", {UNIT, PROCESS}),
}


class Map(QWidget):
    """``asked(deed, list, code)``: change this entry. ``carried(move)``: move the records of an ended one."""

    asked = Signal(str, str, str)
    carried = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Dependencias y procesos")
        self.tree.setHeaderLabels(["Dependencia o proceso", "Responde", "Vigente"])
        self.tree.setUniformRowHeights(True)
        self.tree.setStyleSheet("QTreeView::item { padding: 4px 2px; }")
        self.tree.setTabKeyNavigation(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setStretchLastSection(False)
        self.tree.currentItemChanged.connect(self._allow)
        self.may = True
        self.buttons = {deed: button(text, self._asker(deed)) for deed, (text, _of) in DEEDS.items()}
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        for made in self.buttons.values():
            row.addWidget(made)
        row.addStretch()
        self.waiting, self._moves = card("Registros que esperan pasar a otra")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.MEDIUM, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.waiting)
        column.addLayout(row)
        column.addWidget(self.tree, 1)
        self.setFocusProxy(self.tree)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Half of the width is for the names."""
        for place in (1, 2):
            self.tree.setColumnWidth(place, self.width() // 4)
        super().resizeEvent(event)

    @property
    def chosen(self) -> tuple[str, str]:
        """List and code in front; empty texts on a heading."""
        item = self.tree.currentItem()
        found = item.data(0, KEY) if item else None
        return (str(found[0]), str(found[1])) if found else ("", "")

    def fill(self, catalogues: Catalogues, moves: Sequence[Move]) -> None:
        """Show the lists as they are."""
        before = self.chosen
        self.tree.clear()
        self._processes(catalogues)
        self._units(catalogues)
        self.tree.expandAll()
        self.choose(*before)
        self._tell(catalogues, moves)
        self._allow()

    def choose(self, lista: str, code: str) -> None:
        """Bring an entry to the front; the first one when it is not there."""
        first: QTreeWidgetItem | None = None
        found = self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        for item in found:
            key = item.data(0, KEY)
            if key and first is None:
                first = item
            if key and tuple(key) == (lista, code):
                first = item
                break
        if first is not None:
            self.tree.setCurrentItem(first)

    def _processes(self, catalogues: Catalogues) -> None:
        root = QTreeWidgetItem(self.tree, ["Mapa de procesos"])
        for macro in catalogues.entries("macroproceso"):
            over = QTreeWidgetItem(root, [macro.label])
            for process in catalogues.entries("proceso"):
                if process.extra.get("macroproceso") != macro.code:
                    continue
                holder = QTreeWidgetItem(over, [process.label])
                for code in catalogues.codes(PROCESS):
                    entry = catalogues.entry(PROCESS, code)
                    if entry is not None and entry.extra.get("proceso") == process.code:
                        who = catalogues.dependencia_of(code) if catalogues.answered(code) else ""
                        self._leaf(holder, catalogues, PROCESS, entry, catalogues.label(UNIT, who) if who else "")

    def _units(self, catalogues: Catalogues) -> None:
        root = QTreeWidgetItem(self.tree, ["Dependencias"])
        found = [entry for code in catalogues.codes(UNIT) if (entry := catalogues.entry(UNIT, code))]
        for entry in sorted(found, key=lambda each: (bool(each.until), each.label)):
            many = len(catalogues.subprocesos_of(entry.code))
            words = "" if not many else "1 subproceso" if many == 1 else f"{many} subprocesos"
            self._leaf(root, catalogues, UNIT, entry, words)

    def _leaf(self, holder: QTreeWidgetItem, catalogues: Catalogues, lista: str, entry: Entry, answers: str) -> None:
        item = QTreeWidgetItem(holder, [entry.label, answers, in_force(catalogues, lista, entry)])
        item.setData(0, KEY, (lista, entry.code))
        for place in range(3):
            item.setToolTip(place, item.text(place))
        if not entry.in_force(date(catalogues.vigencia, 12, 31)):
            for place in range(3):
                item.setForeground(place, self.palette().placeholderText())

    def _tell(self, catalogues: Catalogues, moves: Sequence[Move]) -> None:
        while self._moves.count() > 1:
            found = self._moves.takeAt(1).widget()
            if found is not None:
                found.setParent(None)
                found.deleteLater()
        self.waiting.setVisible(bool(moves))
        for move in moves:
            holder = QWidget()
            row = QHBoxLayout(holder)
            row.setContentsMargins(0, 0, 0, 0)
            now = " o ".join(f"«{catalogues.label(move.lista, code)}»" for code in move.to)
            many = "1 registro" if move.total == 1 else f"{move.total} registros"
            row.addWidget(label(f"{many} de «{move.name}», que ahora es {now}.", wraps=True), 1)
            row.addWidget(button("Pasarlos…", self._carrier(move)))
            self._moves.addWidget(holder)

    def _carrier(self, move: Move) -> Callable[[], None]:
        return lambda: self.carried.emit(move)

    def _asker(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(deed, *self.chosen)

    def _allow(self, *_items: object) -> None:
        lista, code = self.chosen
        for deed, made in self.buttons.items():
            made.setEnabled(self.may and bool(code) and lista in DEEDS[deed][1])


def in_force(catalogues: Catalogues, lista: str, entry: Entry) -> str:
    """From when to when, and what it became, in words."""
    parts = []
    if entry.since:
        parts.append(f"desde {spoken_date(entry.since)}")
    if entry.until:
        parts.append(f"hasta {spoken_date(entry.until)}")
    if entry.became:
        parts.append("→ " + ", ".join(catalogues.label(lista, code) for code in entry.became))
    return " ".join(parts)

"""The rows of the matrix as Qt sees them: a number of rows, and the few pages of them that are looked at.

It never asks the store and never waits: a row that is not there yet shows a placeholder, and ``wanted`` tells which
page it is on.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from peti_desktop.catalogues import Catalogues
from peti_desktop.matrix import PAGE, Line, MatrixFilter, Mended, Sheet, with_unit
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field
from peti_desktop.records.record import Record
from ui.grid.model import FILTERED, NUMBERS, RECORD, ZONE

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
KEPT: Final = 64
"""So many pages are kept; the one looked at longest ago goes first."""
AT_ONCE: Final = 3
"""Whoever scrolls far passes many pages: only those looked at last are asked for."""
WAITING: Final = "…"
MENDED: Final = Qt.ItemDataRole.UserRole + 10
"""The correction in a cell, or None."""


class MatrixModel(QAbstractTableModel):
    """Records of one type as rows, its fields as columns, the dependencia first. ``wanted(page)`` asks for a page."""

    wanted = Signal(int)

    def __init__(self, type_name: str, catalogues: Catalogues) -> None:
        super().__init__()
        self.record_type = TYPES[type_name]
        self.catalogues = catalogues
        self.columns: tuple[Field, ...] = with_unit(self.record_type).fields
        self.filter = MatrixFilter(type_name)
        self.total = 0
        self._pages: OrderedDict[int, Sheet] = OrderedDict()
        self._asked: set[int] = set()
        self._missed: OrderedDict[int, None] = OrderedDict()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)

    # -- what it shows

    def begin(self, wanted: MatrixFilter, total: int, sheets: Sequence[Sheet]) -> None:
        """Show what ``wanted`` gave: so many rows, of which some are here."""
        self.beginResetModel()
        self.filter, self.total = wanted, total
        self._pages.clear()
        self._asked.clear()
        self._missed.clear()
        for sheet in sheets:
            self._keep(sheet)
        self.endResetModel()

    def grow(self, total: int) -> None:
        """There are more rows than were known at first."""
        if total > self.total:
            self.beginInsertRows(ROOT, self.total, total - 1)
            self.total = total
            self.endInsertRows()

    def put(self, sheet: Sheet) -> None:
        """A page that was asked for."""
        self._keep(sheet)
        self._asked.discard(sheet.start // PAGE)
        last = min(self.total, sheet.start + PAGE) - 1
        if last >= sheet.start:
            self.dataChanged.emit(self.index(sheet.start, 0), self.index(last, len(self.columns) - 1))

    def give_up(self, page: int) -> None:
        """A page that could not be read may be asked for again."""
        self._asked.discard(page)

    def _keep(self, sheet: Sheet) -> None:
        self._pages[sheet.start // PAGE] = sheet
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def line(self, row: int) -> Line | None:
        """The line in ``row``; None while it is not here."""
        sheet = self._pages.get(row // PAGE)
        if sheet is None or row % PAGE >= len(sheet.lines):
            return None
        self._pages.move_to_end(row // PAGE)
        return sheet.lines[row % PAGE]

    def record(self, row: int) -> Record | None:
        """The record in ``row``; None while it is not here."""
        line = self.line(row)
        return line.record if line else None

    def revisions(self) -> dict[str, int]:
        """The revision of each record that is here, by uid: what a person may have seen."""
        lines = (line for sheet in self._pages.values() for line in sheet.lines)
        return {line.record.uid: line.record.revision for line in lines}

    def places(self) -> dict[int, str]:
        """The uid of each record that is here, by row."""
        return {
            page * PAGE + place: line.record.uid
            for page, sheet in self._pages.items()
            for place, line in enumerate(sheet.lines)
        }

    def links(self, row: int) -> dict[str, str]:
        """The words for the records that the one in ``row`` is linked to."""
        sheet = self._pages.get(row // PAGE)
        return dict(sheet.links) if sheet else {}

    def row_of(self, uid: str) -> int | None:
        """Where a record stands among the rows that are here."""
        for page, sheet in self._pages.items():
            for place, line in enumerate(sheet.lines):
                if line.record.uid == uid:
                    return page * PAGE + place
        return None

    def column_of(self, name: str) -> int | None:
        """Where a field stands; None for one that it does not have."""
        return next((place for place, field in enumerate(self.columns) if field.name == name), None)

    def _miss(self, row: int) -> None:
        page = row // PAGE
        if page not in self._asked:
            self._missed[page] = None
            self._missed.move_to_end(page)
            self._soon.start()

    def _ask(self) -> None:
        latest = list(self._missed)[-AT_ONCE:]
        self._missed.clear()
        for page in reversed(latest):
            self._asked.add(page)
            self.wanted.emit(page)

    # -- Qt

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else self.total

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        field = self.columns[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if field.kind in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        line = self.line(index.row())
        if line is None:
            if role == Qt.ItemDataRole.DisplayRole and index.row() // PAGE not in self._pages:
                self._miss(index.row())
                return WAITING
            if index.row() // PAGE in self._pages:
                return None  # gone since it was counted; whoever took it away makes the page ask again
            return "Leyendo" if role == Qt.ItemDataRole.AccessibleTextRole else None
        return self._said(line, field, index.row(), role)

    def _said(self, line: Line, field: Field, row: int, role: int) -> Any:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                # A cell has one line; the whole text is in the tooltip.
                return " ".join(self.text(line, field, row).split())
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._tip(line, field, row)
            case Qt.ItemDataRole.AccessibleTextRole:
                mended = ", corregido por TIC" if field.name in line.mended else ""
                return f"{field.label}: {self.text(line, field, row) or 'sin diligenciar'}{mended}"
            case _ if role == RECORD:
                return line.record
            case _ if role == ZONE and field.catalogue == "zona":
                return line.record.values.get(field.name)
            case _ if role == MENDED:
                return line.mended.get(field.name)
            case _:
                return None

    def text(self, line: Line, field: Field, row: int) -> str:
        """What a cell says: what was typed and not understood, else its value."""
        if field.name in line.record.drafts:
            return line.record.drafts[field.name]
        return show(field, line.record.values.get(field.name), self.catalogues, self._pages[row // PAGE].links)

    def _tip(self, line: Line, field: Field, row: int) -> str | None:
        text = self.text(line, field, row)
        lines = [text] if len(text) > field.width else []
        if mended := line.mended.get(field.name):
            lines += told_of(mended, field, self.catalogues)
        return "\n".join(lines) or None

    def headerData(self, section: int, direction: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if direction is not Qt.Orientation.Horizontal:
            return None
        field = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return field.label
            case Qt.ItemDataRole.ToolTipRole:
                filtered = "\nFiltrada." if self.filter.of(field.name) else ""
                return (field.hint or field.label) + filtered
            case _ if role == FILTERED:
                return self.filter.of(field.name) is not None
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            case _:
                return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        read = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return read if index.isValid() else Qt.ItemFlag.NoItemFlags


def told_of(mended: Mended, field: Field, catalogues: Catalogues) -> list[str]:
    """What is said about a correction, a sentence a line."""
    declared = show(field, mended.declared, catalogues) or "sin diligenciar"
    lines = [f"Corregido por TIC. Declarado: {declared}", f"Motivo: {mended.reason} ({mended.who})"]
    if mended.to_confirm:
        lines.append("La dependencia declaró otro valor después: falta confirmar la corrección.")
    return lines

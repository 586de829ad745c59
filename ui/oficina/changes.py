"""What a delivery would do, record by record and field by field, before anything is taken."""

from collections.abc import Collection, Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from peti_desktop.intake.stage import CHANGED, Item
from peti_desktop.records import TYPES
from ui import theme
from ui.oficina.words import KINDS

AnyIndex = QModelIndex | QPersistentModelIndex
ITEM: Final = Qt.ItemDataRole.UserRole
OPEN_AT_ONCE: Final = 60
"""Up to so many changed records are shown unfolded."""
NOTHING: Final = "—"


class Wrapped(QStyledItemDelegate):
    """Cells as high as their text needs: a tree gives its delegate no width of its own accord."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        text = str(index.data() or "")
        indent = self._tree.indentation() * (2 if index.parent().isValid() else 1) if index.column() == 0 else 0
        spanned = index.column() == 0 and self._tree.itemFromIndex(index).isFirstColumnSpanned()
        width = self._tree.viewport().width() if spanned else self._tree.columnWidth(index.column())
        room = max(40, width - indent - 12)
        metrics = option.fontMetrics  # type: ignore[attr-defined]
        lines = metrics.boundingRect(0, 0, room, 10_000, Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere, text)
        return QSize(room, max(metrics.height(), lines.height()) + 10)


class ChangesTree(QTreeWidget):
    """Records with their fields below them: field, declared before, new. Fields are filled in when unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Qué cambiaría")
        self.setHeaderLabels(["Campo", "Declarado antes", "Nuevo"])
        self.setItemDelegate(Wrapped(self))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setIndentation(18)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(140)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.header().setSectionsMovable(False)
        self.header().sectionResized.connect(self._resized)
        self.itemExpanded.connect(self._unfold)

    def fill(self, items: Sequence[Item]) -> None:
        """Show these records; changed and doubtful ones unfolded while they are few."""
        self.clear()
        rows = [self._row(item) for item in items]
        self.addTopLevelItems(rows)
        for row in rows:
            row.setFirstColumnSpanned(True)  # only works once the row stands in the tree
        few = sum(item.kind == CHANGED or bool(item.reasons) for item in items) <= OPEN_AT_ONCE
        for row, item in zip(rows, items, strict=True):
            row.setExpanded(few and (item.kind == CHANGED or bool(item.reasons)))

    def show_kinds(self, kinds: Collection[str]) -> None:
        """Show only records of these kinds."""
        for place in range(self.topLevelItemCount()):
            row = self.topLevelItem(place)
            if row is not None:
                row.setHidden(row.data(0, ITEM).kind not in kinds)

    def _row(self, item: Item) -> QTreeWidgetItem:
        sign, _many, one = KINDS[item.kind]
        type_name = TYPES[item.type].singular
        where = f"{item.sheet}, fila {item.row}" if item.row else "no viene en el archivo"
        row = QTreeWidgetItem([f"{sign}  {type_name} {item.headline}  ({one}; {where})"])
        row.setData(0, ITEM, item)
        bold = QFont(self.font())
        bold.setBold(True)
        row.setFont(0, bold)
        if item.changes or item.reasons:
            row.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return row

    def _unfold(self, row: QTreeWidgetItem) -> None:
        item = row.data(0, ITEM)
        if item is None or row.childCount():
            return
        look = theme.tones(self.palette())
        for reason in item.reasons:
            said = QTreeWidgetItem([f"▲ {reason}"])
            said.setForeground(0, QColor(look.warns))
            row.addChild(said)
            said.setFirstColumnSpanned(True)
        for change in item.changes:
            line = QTreeWidgetItem([change.label, change.before or NOTHING, change.after or NOTHING])
            line.setForeground(0, QColor(look.muted))
            line.setForeground(1, QColor(look.muted))
            row.addChild(line)

    def _resized(self) -> None:
        self.scheduleDelayedItemsLayout()

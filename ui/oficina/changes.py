"""What a delivery would do, by section, record and field, with what was marked about each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
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

from peti_desktop.consolidation.decisions import GIVE_BACK, REJECT, Decision
from peti_desktop.intake.stage import CHANGED, Item, Key
from peti_desktop.records import TYPES
from peti_desktop.returning.observations import ANSWERED, DRAFT, Observation
from ui import theme
from ui.oficina.review_marks import LETTERS, SPOKEN
from ui.oficina.words import KINDS, thousands

AnyIndex = QModelIndex | QPersistentModelIndex
NODE: Final = Qt.ItemDataRole.UserRole
OPEN_AT_ONCE: Final = 60
"""Up to so many changed records are shown unfolded."""
NOTHING: Final = "—"
QUIET: Final = frozenset({"aceptar", "en firme"})
"""What needs no words beside the letter."""


@dataclass(frozen=True, slots=True)
class Node:
    """What a line of the tree is about: a section (no item), a record, a field of it, or an observation."""

    type: str = ""
    item: Item | None = None
    field: str = ""
    observation: Observation | None = None


class Wrapped(QStyledItemDelegate):
    """Cells as high as their text needs: a tree gives its delegate no width of its own accord."""

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        text = str(index.data() or "")
        indent = self._tree.indentation() * (_depth(index) + 1) if index.column() == 0 else 0
        spanned = index.column() == 0 and self._tree.itemFromIndex(index).isFirstColumnSpanned()
        width = self._tree.viewport().width() if spanned else self._tree.columnWidth(index.column())
        room = max(40, width - indent - 12)
        metrics = option.fontMetrics  # type: ignore[attr-defined]
        lines = metrics.boundingRect(0, 0, room, 10_000, Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere, text)
        return QSize(room, max(metrics.height(), lines.height()) + 10)


class ChangesTree(QTreeWidget):
    """Sections, their records, and below each its fields: field, before, new. Fields are filled in when unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Qué cambiaría")
        self.setHeaderLabels(["Campo", "Antes", "Nuevo"])
        self.setItemDelegate(Wrapped(self))
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.setIndentation(16)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMinimumHeight(150)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.header().setSectionsMovable(False)
        self.header().sectionResized.connect(self._resized)
        self.itemExpanded.connect(self._unfold)
        self._asked: dict[Key, list[Observation]] = {}
        self._rows: list[QTreeWidgetItem] = []

    # -- filling

    def clear(self) -> None:
        """Show nothing."""
        self._rows = []
        super().clear()

    def fill(self, items: Sequence[Item], standings: Mapping[Key, Decision], asked: Sequence[Observation]) -> None:
        """Show these records with what is marked about them; changed and doubtful ones unfolded while they are few.

        Whoever goes through them row by row stays where they were.
        """
        here = [node.item.key for row in self.selectedItems() if (node := _node(row)).item is not None]
        unfolded = {node.item.key for row in self._rows if row.isExpanded() and (node := _node(row)).item is not None}
        place = self.verticalScrollBar().value()
        self.clear()
        self._asked = {}
        for each in asked:
            self._asked.setdefault((each.tipo, each.registro), []).append(each)
        known = {item.key for item in items}
        self._apart([each for each in asked if (each.tipo, each.registro) not in known])
        for name, record_type in TYPES.items():
            own = [item for item in items if item.type == name]
            if own:
                self._section(name, record_type.title, own)
        self.restate(standings)
        few = sum(item.kind == CHANGED or bool(item.reasons) for item in items) <= OPEN_AT_ONCE
        for row in self._rows:
            item = _node(row).item
            assert item is not None
            told = item.kind == CHANGED or bool(item.reasons) or item.key in self._asked
            row.setExpanded((few and told) or item.key in unfolded)
            if item.key in here:
                if item.key == here[0]:
                    self.setCurrentItem(row)
                row.setSelected(True)
        self.verticalScrollBar().setValue(place)

    def _apart(self, asked: Sequence[Observation]) -> None:
        """Observations on sections, on the whole, and on records that this delivery does not bring."""
        if not asked:
            return
        top = QTreeWidgetItem([f"Observaciones sobre la entrega y sus secciones ({len(asked)})"])
        self._add(self.invisibleRootItem(), top, Node(), bold=True)
        for each in asked:
            self._observation(top, each)
        top.setExpanded(True)

    def _section(self, name: str, title: str, items: Sequence[Item]) -> None:
        top = QTreeWidgetItem([f"{title} ({thousands(len(items))})"])
        self._add(self.invisibleRootItem(), top, Node(name), bold=True)
        rows = [QTreeWidgetItem([""]) for _ in items]
        top.addChildren(rows)
        for row, item in zip(rows, items, strict=True):
            row.setData(0, NODE, Node(name, item))
            row.setFirstColumnSpanned(True)  # only works once the row stands in the tree
            if item.changes or item.reasons or item.key in self._asked:
                row.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        self._rows.extend(rows)
        top.setExpanded(True)

    def restate(self, standings: Mapping[Key, Decision]) -> None:
        """Say anew what is marked about each record."""
        look = theme.tones(self.palette())
        for row in self._rows:
            item = _node(row).item
            assert item is not None
            decision = standings.get(item.key, Decision(""))
            sign, _many, one = KINDS[item.kind]
            where = f"{item.sheet}, fila {item.row}" if item.row else "no viene en el archivo"
            name = item.headline or "(sin nombre)"
            said = "" if decision.what in QUIET else f" · {SPOKEN[decision.what]}"
            because = f": {decision.reason}" if decision.reason and decision.what not in QUIET else ""
            row.setText(0, f"{LETTERS[decision.what]}   {sign} {name}  ({one}; {where}){said}{because}")
            row.setData(0, Qt.ItemDataRole.AccessibleTextRole, f"{SPOKEN[decision.what]}, {one}: {name}, {where}")
            ink = {GIVE_BACK: look.warns, REJECT: look.stops}.get(decision.what, look.text)
            row.setForeground(0, QColor(look.muted if said and ink == look.text else ink))
        self.scheduleDelayedItemsLayout()

    def _unfold(self, row: QTreeWidgetItem) -> None:
        node = _node(row)
        if node.item is None or node.field or row.childCount():
            return
        item, look = node.item, theme.tones(self.palette())
        for question in item.questions:
            said = self._line(row, f"▲ {question.text}", Node(item.type, item, question.field))
            said.setForeground(0, QColor(look.warns))
        for change in item.changes:
            line = QTreeWidgetItem([change.label, change.before or NOTHING, change.after or NOTHING])
            line.setForeground(0, QColor(look.muted))
            line.setForeground(1, QColor(look.muted))
            line.setData(
                0, NODE, Node(item.type, item, change.field if change.field in TYPES[item.type].by_name else "")
            )
            row.addChild(line)
        for each in self._asked.get(item.key, ()):
            self._observation(row, each)

    def _observation(self, row: QTreeWidgetItem, each: Observation) -> None:
        look = theme.tones(self.palette())
        where = " · ".join(part for part in (each.titular if not each.registro else "", each.where) if part)
        node = Node(each.tipo, _node(row).item, each.campo, each)
        said = self._line(row, f"{_told(each)}{f' {where}:' if where else ''} {each.texto}{_answer(each)}", node)
        said.setForeground(0, QColor(look.accent))

    def _line(self, row: QTreeWidgetItem, text: str, node: Node) -> QTreeWidgetItem:
        made = QTreeWidgetItem([text])
        self._add(row, made, node)
        return made

    def _add(self, over: QTreeWidgetItem, made: QTreeWidgetItem, node: Node, *, bold: bool = False) -> None:
        made.setData(0, NODE, node)
        if bold:
            font = QFont(self.font())
            font.setBold(True)
            made.setFont(0, font)
        over.addChild(made)
        made.setFirstColumnSpanned(True)

    # -- what is shown and chosen

    def show_only(self, wanted: Callable[[Item], bool]) -> int:
        """Show only records that are ``wanted``; gives how many."""
        shown = 0
        for row in self._rows:
            item = _node(row).item
            assert item is not None
            row.setHidden(not wanted(item))
            shown += not row.isHidden()
        for place in range(self.topLevelItemCount()):
            top = self.topLevelItem(place)
            if top is not None and _node(top).type:
                top.setHidden(all(top.child(number).isHidden() for number in range(top.childCount())))
        return shown

    def nodes(self) -> list[Node]:
        """What is selected and to be seen, from the top."""
        rows = [row for row in self._all() if row.isSelected() and not row.isHidden()]
        return [_node(row) for row in rows]

    def shown_of(self, section: str) -> list[Item]:
        """The records of a section that are to be seen."""
        found = [_node(row).item for row in self._rows if not row.isHidden()]
        return [item for item in found if item is not None and item.type == section]

    def _all(self) -> Iterable[QTreeWidgetItem]:
        waiting = [self.topLevelItem(place) for place in reversed(range(self.topLevelItemCount()))]
        while waiting:
            row = waiting.pop()
            if row is None or row.isHidden():
                continue
            yield row
            waiting.extend(row.child(place) for place in reversed(range(row.childCount())))

    def _resized(self) -> None:
        self.scheduleDelayedItemsLayout()


def _node(row: QTreeWidgetItem) -> Node:
    found = row.data(0, NODE)
    return found if isinstance(found, Node) else Node()


def _depth(index: AnyIndex) -> int:
    depth, above = 0, index.parent()
    while above.isValid():
        depth, above = depth + 1, above.parent()
    return depth


def _told(each: Observation) -> str:
    if each.estado == DRAFT:
        return "✉ Se pide:" if not each.ronda else "✉ Se vuelve a pedir:"
    return f"✉ {each.ronda}.ª devolución:"


def _answer(each: Observation) -> str:
    if each.estado == DRAFT:
        return ""
    if each.estado != ANSWERED:
        return "  → sin respuesta"
    return f"  → {(each.respuesta or '').capitalize()}{f': {each.razon}' if each.razon else ''}"

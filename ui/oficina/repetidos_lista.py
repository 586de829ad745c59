"""The list of the Repetidos page: why records look alike or what was decided, whose they are, how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peti_desktop.consolidation.duplicates import Proposal
from peti_desktop.consolidation.grouping import Group
from ui import theme

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
ENTRY: Final = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: a proposal or a decision, what stands in bold, and a quieter line below it."""

    of: Proposal | Group
    title: str
    note: str


class Entries(QAbstractListModel):
    """The lines of one tab."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: list[Entry] = []

    def fill(self, entries: Sequence[Entry]) -> None:
        """Take other lines."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.title}. {entry.note}"
            case Qt.ItemDataRole.ToolTipRole:
                return entry.title
            case _ if role == ENTRY:
                return entry
            case _:
                return None


class EntryPainter(QStyledItemDelegate):
    """Two lines of text: what and why in bold, whose below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        return QSize(200, 2 * option.fontMetrics.height() + 22)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry: Entry = index.data(ENTRY)
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        ahead = bool(option.state & QStyle.StateFlag.State_HasFocus)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(look.accent) if ahead else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.accent_soft) if chosen else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(3, 2, -3, -2), 6, 6)
        if not chosen:
            painter.setPen(QColor(look.line))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        base: QFont = option.font  # type: ignore[attr-defined]
        bold = QFont(base)
        bold.setBold(True)
        where = box.adjusted(12, 8, -12, -8)
        line = QRectF(where.left(), where.top(), where.width(), option.fontMetrics.height() + 2)  # type: ignore[attr-defined]
        _write(painter, line, entry.title, bold, look.on_accent_soft if chosen else look.text)
        below = line.translated(0, line.height() + 2)
        _write(painter, below, entry.note, base, look.on_accent_soft if chosen else look.muted)
        painter.restore()


def _write(painter: QPainter, where: QRectF, text: str, font: QFont, ink: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(ink))
    short = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, short)

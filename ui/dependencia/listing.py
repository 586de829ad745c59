"""The risks at the left: letter of the zone, reference, short text, what is missing. Search without accents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peti_desktop import vigencia
from peti_desktop.records.convert import plain
from ui import theme
from ui.chips import paint_zone

AnyIndex = QModelIndex | QPersistentModelIndex
ENTRY: Final = Qt.ItemDataRole.UserRole
HEIGHT: Final = 68
RETIRED: Final = "retirados"
YEAR: Final = "este_anio:"
FILTERS: Final = (
    ("", "Todos"),
    ("incompletos", "Incompletos"),
    ("extremo", "Zona Extremo"),
    ("alto", "Zona Alto"),
    ("moderado", "Zona Moderado"),
    ("bajo", "Zona Bajo"),
    (RETIRED, "Retirados"),
)
MARKED: Final = (
    (f"{YEAR}{vigencia.NEW}", "Este año: nuevos"),
    (f"{YEAR}{vigencia.MODIFIED}", "Este año: modificados"),
    (f"{YEAR}{vigencia.SAME}", "Este año: iguales"),
    (f"{YEAR}{vigencia.RETIRED}", "Este año: retirados"),
)
"""Filters by what became of a risk since the vigencia was begun from the one before."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One risk in the list; ``words`` is what a search looks through.

    ``zone`` is the residual one, else the inherent; ``missing`` counts what stops it; ``mark`` is what became of it
    since the vigencia began, empty in a store's first.
    """

    uid: str
    reference: str
    text: str
    words: str
    zone: str | None
    missing: int
    retired: str | None = None
    mark: str = ""

    @property
    def spoken(self) -> str:
        """The entry in words."""
        zone = f"zona {theme.LIGHT.zones[self.zone].label}" if self.zone else "sin valorar"
        state = f"faltan {self.missing}" if self.missing else "completo"
        year = f", {self.mark} este año" if self.told else ""
        return f"{self.reference}{year}, {zone}, {state}: {self.text}"

    @property
    def told(self) -> bool:
        """Whether its mark is worth a word: what stayed as it was is not."""
        return self.mark in {vigencia.NEW, vigencia.MODIFIED}


class Entries(QAbstractListModel):
    """The entries that pass search and filter; never asks the store."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Entry] = []
        self._shown: list[Entry] = []
        self._words: list[str] = []
        self._filter = ""

    def fill(self, entries: Sequence[Entry]) -> None:
        """Take other entries."""
        self._all = list(entries)
        self._refresh()

    def ask(self, text: str, kind: str) -> None:
        """Show what contains every word of ``text`` and passes ``kind``, one of ``FILTERS`` or ``MARKED``."""
        self._words = plain(text).split()
        self._filter = kind
        self._refresh()

    def update_entry(self, entry: Entry) -> None:
        """Another state of one entry; it stays where it is, even when the filter would drop it now."""
        for entries in (self._all, self._shown):
            for row, old in enumerate(entries):
                if old.uid == entry.uid and old != entry:
                    entries[row] = entry
                    if entries is self._shown:
                        self.dataChanged.emit(self.index(row), self.index(row))

    def mark(self, uid: str, mark: str) -> None:
        """What became of one risk by now."""
        for entry in self._all:
            if entry.uid == uid and entry.mark != mark:
                self.update_entry(replace(entry, mark=mark))
                return

    def row_of(self, uid: str) -> int:
        """Where ``uid`` stands; -1 while it is not shown."""
        return next((row for row, entry in enumerate(self._shown) if entry.uid == uid), -1)

    @property
    def total(self) -> int:
        """How many risks in force there are, shown or not."""
        return sum(entry.retired is None for entry in self._all)

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = [entry for entry in self._all if self._passes(entry)]
        self.endResetModel()

    def _passes(self, entry: Entry) -> bool:
        wants_retired = self._filter in {RETIRED, f"{YEAR}{vigencia.RETIRED}"}
        if wants_retired != (entry.retired is not None):
            return False
        if self._filter.startswith(YEAR) and entry.mark != self._filter.removeprefix(YEAR):
            return False
        if self._filter == "incompletos" and not entry.missing:
            return False
        if self._filter in theme.LIGHT.zones and entry.zone != self._filter:
            return False
        found = plain(f"{entry.reference} {entry.words}")
        return all(word in found for word in self._words)

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Entry | str | None:
        if not index.isValid():
            return None
        entry = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return entry.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return entry.text
            case _ if role == ENTRY:
                return entry
            case _:
                return None


class EntryPainter(QStyledItemDelegate):
    """Two lines of text beside the zone's letter."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        return QSize(120, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry = index.data(ENTRY)
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        look = theme.tones(palette)
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.accent_soft))
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -1), 6, 6)
        ink = QColor(look.on_accent_soft if chosen else look.text)
        quiet = QColor(look.on_accent_soft if chosen else look.muted)
        self._letter(painter, QRectF(box.left() + 10, box.top() + 9, 22, 22), entry, look)
        text = box.adjusted(40, 7, -10, -6)
        self._first_line(painter, text, entry, ink, QColor(look.warns), option.font)  # type: ignore[attr-defined]
        small = QFont(option.font)  # type: ignore[attr-defined]
        small.setPointSizeF(small.pointSizeF() * theme.SIZES["small"])
        painter.setPen(quiet)
        top = text.topLeft() + QPointF(0, painter.fontMetrics().height() + 2)
        two_lines(painter, top, text.width(), small, entry.text or "Sin descripción todavía")
        painter.restore()

    def _letter(self, painter: QPainter, where: QRectF, entry: Entry, look: theme.Tones) -> None:
        zone = look.zones.get(entry.zone or "")
        if zone is None:
            painter.setPen(QColor(look.muted))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(where.adjusted(1, 1, -1, -1), 5, 5)
            painter.drawText(where, Qt.AlignmentFlag.AlignCenter, "–")
            return
        paint_zone(painter, where, zone)
        painter.fillRect(where.adjusted(5, 3, -5, -3), QColor(zone.fill))
        painter.setPen(QColor(zone.ink))
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, zone.letter)

    def _first_line(
        self, painter: QPainter, where: QRectF, entry: Entry, ink: QColor, warns: QColor, base: QFont
    ) -> None:
        bold = QFont(base)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(ink)
        top = int(Qt.AlignmentFlag.AlignTop)
        painter.drawText(where, top, entry.reference)
        after = painter.fontMetrics().horizontalAdvance(entry.reference) + theme.SMALL
        small = QFont(base)
        small.setPointSizeF(base.pointSizeF() * theme.SIZES["small"])
        painter.setFont(small)
        words = ""
        if entry.missing and entry.retired is None:
            words = "▲ falta 1" if entry.missing == 1 else f"▲ faltan {entry.missing}"
            painter.setPen(warns)
            painter.drawText(where, top | int(Qt.AlignmentFlag.AlignRight), words)
        mark = f"· {entry.mark}" if entry.told else ""
        needed = after + sum(painter.fontMetrics().horizontalAdvance(text) for text in (mark, words)) + theme.TIGHT
        if mark and needed <= where.width():  # a narrow list says it by its filter only
            painter.setPen(ink)
            painter.drawText(where.adjusted(after, 0, 0, 0), top, mark)


def two_lines(painter: QPainter, where: QPointF, width: float, font: QFont, text: str) -> None:
    """Write ``text`` on two lines at most, with an ellipsis where it goes on."""
    layout = QTextLayout(" ".join(text.split()), font)
    layout.beginLayout()
    first = layout.createLine()
    first.setLineWidth(width)
    layout.endLayout()
    metrics = QFontMetrics(font)
    rest = layout.text()[first.textLength() :]
    painter.setFont(font)
    painter.drawText(QPointF(where.x(), where.y() + metrics.ascent()), layout.text()[: first.textLength()].rstrip())
    if rest:
        shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(QPointF(where.x(), where.y() + metrics.lineSpacing() + metrics.ascent()), shown)

"""The observations of the Oficina TIC as a list, section by section: a sign and a word for the state of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peti_desktop.records.convert import decimal_text
from ui import theme
from ui.chips import STATES
from ui.oficina.lines import colours

if TYPE_CHECKING:
    from peti_desktop.returning.answering import Standing
    from peti_desktop.returning.observations import Observation

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
ENTRY: Final = Qt.ItemDataRole.UserRole
WAITING, ANSWERED, CLOSED = "devuelta", "respondida", "cerrada"
FILTERS: Final = ((WAITING, "Por responder"), (ANSWERED, "Respondidas"), (CLOSED, "Cerradas"), ("", "Todas"))


@dataclass(frozen=True, slots=True)
class Entry:
    """An observation, how its record stands now, and the number of the delivery that took its answer (0: none)."""

    asked: "Observation"
    standing: "Standing"
    carried: int
    today: date

    @property
    def state(self) -> tuple[str, str]:
        """The state in words, and its tone."""
        match self.asked.estado:
            case "devuelta":
                return "Por responder", "stops" if self.left is not None and self.left < 0 else "warns"
            case "respondida" if self.carried:
                return f"Respondida en la entrega n.º {self.carried}", "fine"
            case "respondida":
                return "Respondida: va en la próxima entrega", "info"
            case _:
                return "Cerrada por la Oficina TIC", "fine"

    @property
    def left(self) -> int | None:
        """Days until the deadline; negative when it is over."""
        return (self.asked.vence - self.today).days if self.asked.vence else None

    @property
    def due(self) -> str:
        """The days left in words, for an observation that waits."""
        if self.left is None or self.asked.estado != WAITING:
            return ""
        match self.left:
            case 0:
                return "vence hoy"
            case 1:
                return "vence mañana"
            case -1:
                return "venció ayer"
            case days if days < 0:
                return f"venció hace {-days} días"
            case days:
                return f"faltan {days} días"

    @property
    def title(self) -> str:
        """The record, or what else it is about."""
        return self.asked.titular or self.asked.section

    @property
    def head(self) -> str:
        """The field and its record: the field first, for names of records are long and begin alike."""
        return " · ".join(part for part in (self.asked.where, self.title) if part)

    @property
    def spoken(self) -> str:
        """The entry in words."""
        parts = (self.head, self.state[0], self.due, self.asked.texto)
        return ". ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Heading:
    """The beginning of a section."""

    text: str
    count: int = field(default=0)


class Observed(QAbstractListModel):
    """The observations that pass the filter, under the headings of their sections."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Entry] = []
        self._rows: list[Entry | Heading] = []
        self._filter = ""

    def fill(self, entries: Sequence[Entry]) -> None:
        """Take other entries."""
        self._all = list(entries)
        self._refresh()

    def ask(self, state: str) -> None:
        """Show only those in ``state``; all for an empty one."""
        self._filter = state
        self._refresh()

    def put(self, entry: Entry) -> None:
        """Another state of one entry; it stays where it is, even when the filter would drop it now."""
        for rows in (self._all, self._rows):
            for row, old in enumerate(rows):
                if isinstance(old, Entry) and old.asked.uid == entry.asked.uid:
                    rows[row] = entry
                    if rows is self._rows:
                        self.dataChanged.emit(self.index(row), self.index(row))

    def _refresh(self) -> None:
        self.beginResetModel()
        shown = [entry for entry in self._all if self._filter in {"", entry.asked.estado}]
        self._rows = []
        for section, entries in _grouped(shown).items():
            self._rows += [Heading(section, len(entries)), *entries]
        self.endResetModel()

    def count(self, state: str) -> int:
        """How many a filter would show."""
        return sum(state in {"", entry.asked.estado} for entry in self._all)

    @property
    def entries(self) -> list[Entry]:
        """All of them, shown or not."""
        return list(self._all)

    def row_of(self, uid: str) -> int:
        """Where an observation stands; the first of all when it is not shown, -1 when none is."""
        rows = [row for row, entry in enumerate(self._rows) if isinstance(entry, Entry)]
        return next((row for row in rows if self._rows[row].asked.uid == uid), rows[0] if rows else -1)  # type: ignore[union-attr]

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self._rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Entry | Heading | str | None:
        if not index.isValid():
            return None
        entry = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return entry.spoken if isinstance(entry, Entry) else entry.text
            case Qt.ItemDataRole.ToolTipRole if isinstance(entry, Entry):
                return f"{entry.asked.texto}\nEntrar o doble clic: ir al campo."
            case _ if role == ENTRY:
                return entry
            case _:
                return None


def _grouped(entries: Iterable[Entry]) -> Mapping[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.asked.section, []).append(entry)
    return found


class ObservedPainter(QStyledItemDelegate):
    """Three lines beside the sign of the state; a heading has one."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        line = option.fontMetrics.height()  # type: ignore[attr-defined]
        return QSize(160, line + 14 if isinstance(index.data(ENTRY), Heading) else 3 * line + 22)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        entry = index.data(ENTRY)
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        font = QFont(option.font)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(entry, Heading):
            _heading(painter, box, entry, font, look)
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
            _entry(painter, box, entry, font, look, chosen)
        painter.restore()


def _heading(painter: QPainter, box: QRectF, heading: Heading, font: QFont, look: theme.Tones) -> None:
    font.setBold(True)
    words = f"{heading.text}  {decimal_text(heading.count)}"
    _draw(painter, box.adjusted(10, 4, -8, 0), words, font, QColor(look.muted))
    painter.setPen(QColor(look.line))
    painter.drawLine(box.bottomLeft(), box.bottomRight())


def _entry(painter: QPainter, box: QRectF, entry: Entry, font: QFont, look: theme.Tones, chosen: bool) -> None:
    word, tone = entry.state
    if chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.accent_soft))
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 6, 6)
    else:
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
    ink, _ground = colours(look, tone)
    sign = QRectF(box.left() + 8, box.top() + 9, 20, QFontMetricsF(font).height())
    _draw(painter, sign, STATES[tone], font, QColor(ink))
    text, quiet = (
        QColor(look.on_accent_soft if chosen else look.text),
        QColor(look.on_accent_soft if chosen else look.muted),
    )
    small, bold = QFont(font), QFont(font)
    small.setPointSizeF(font.pointSizeF() * theme.SIZES["small"])
    bold.setBold(True)
    height = QFontMetricsF(font).height() + 2
    first = QRectF(box.left() + 32, box.top() + 8, box.width() - 42, height)
    head = entry.head
    _draw(painter, first, head, bold, text)
    _draw(painter, first.translated(0, height), entry.asked.texto, font, text)
    said = " · ".join(part for part in (word, entry.due) if part)
    _draw(painter, first.translated(0, 2 * height), said, small, quiet)


def _draw(painter: QPainter, where: QRectF, text: str, font: QFont, ink: QColor) -> None:
    """Write ``text`` on one line, cut where there is no more room."""
    painter.setFont(font)
    painter.setPen(ink)
    shown = QFontMetricsF(font).elidedText(" ".join(text.split()), Qt.TextElideMode.ElideRight, where.width())
    painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

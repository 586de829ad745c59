"""The inbox as a list: a sign and a verdict per file, what it is, who signed, what it would do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peti_desktop.intake.receipt import OPEN, RETURNED
from peti_desktop.records.convert import plain
from ui import theme
from ui.messages import SYMBOLS
from ui.oficina.words import Line, counted, verdict

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
LINE: Final = Qt.ItemDataRole.UserRole
WAITING, RETURNED_TO, REFUSED, DECIDED = "por revisar", "devueltas", "no recibidas", "decididas"
FILTERS: Final = (
    ("", "Todas"),
    (WAITING, "Por revisar"),
    (RETURNED_TO, "Devueltas"),
    (REFUSED, "No recibidas"),
    (DECIDED, "Decididas"),
)
"""Which lines can be asked for."""
FIRST_WAITING, BY_UNIT, BY_ARRIVAL, BY_VERDICT = "espera", "dependencia", "llegada", "veredicto"
ORDERS: Final = (
    (FIRST_WAITING, "Pendientes"),
    (BY_UNIT, "Dependencia"),
    (BY_ARRIVAL, "Llegada"),
    (BY_VERDICT, "Veredicto"),
)


def group_of(line: Line) -> str:
    """The filter a line belongs to."""
    if not line.stored:
        return REFUSED
    if line.receipt.state == RETURNED:
        return RETURNED_TO
    return WAITING if line.receipt.state in OPEN else DECIDED


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines are wanted; empty is all. ``words`` must all be found, accents and case aside."""

    group: str = ""
    verdict: str = ""
    unit: str = ""
    words: str = ""
    order: str = FIRST_WAITING

    def wants(self, line: Line) -> bool:
        """Whether a line passes."""
        if self.group not in {"", group_of(line)} or self.unit not in {"", line.receipt.dependencia}:
            return False
        if self.verdict not in {"", verdict(line.receipt)[0]}:
            return False
        said = plain(f"{line.spoken} {line.receipt.signer} {line.receipt.code}")
        return all(word in said for word in plain(self.words).split())


class Lines(QAbstractListModel):
    """The lines that are asked for, the newest first within what the order says."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Line] = []
        self._shown: list[Line] = []
        self._question = Question()

    def fill(self, lines: Sequence[Line]) -> None:
        """Take other lines, the newest last."""
        self._all = list(reversed(lines))
        self._refresh()

    def ask(self, question: Question) -> None:
        """Show only the lines that are asked for."""
        self._question = question
        self._refresh()

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = sorted(filter(self._question.wants, self._all), key=_ORDER[self._question.order])
        self.endResetModel()

    def count(self, group: str) -> int:
        """How many lines a filter would show."""
        return sum(group in {"", group_of(line)} for line in self._all)

    def verdicts(self) -> list[str]:
        """The verdicts there are, as words."""
        return sorted({verdict(line.receipt)[0] for line in self._all})

    def units(self) -> list[tuple[str, str]]:
        """The dependencias there are: code and name."""
        return sorted(
            {(r.dependencia, r.dependencia_nombre) for r in (line.receipt for line in self._all) if r.dependencia},
            key=lambda unit: plain(unit[1]),
        )

    @property
    def shown(self) -> list[Line]:
        """The lines that are asked for."""
        return list(self._shown)

    @property
    def lines(self) -> list[Line]:
        """All lines, shown or not."""
        return list(self._all)

    def row_of(self, key: str) -> int:
        """Where the line ``key`` stands; -1 while it is not shown."""
        return next((row for row, line in enumerate(self._shown) if line.key == key), -1)

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Line | str | None:
        if not index.isValid():
            return None
        line = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return line.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join([line.receipt.file, *(reason.sentence for reason in line.receipt.reasons)])
            case _ if role == LINE:
                return line
            case _:
                return None


def _by_group(line: Line) -> int:
    return (WAITING, RETURNED_TO, REFUSED, DECIDED).index(group_of(line))


def _by_unit(line: Line) -> tuple[bool, str, int]:
    return not line.receipt.dependencia, plain(line.receipt.dependencia_nombre), -line.receipt.number


def _by_verdict(line: Line) -> tuple[int, str]:
    word, tone = verdict(line.receipt)
    return ("stops", "warns", "info", "fine").index(tone), word


def _as_it_came(_line: Line) -> int:
    return 0


_ORDER: Final[dict[str, Callable[[Line], Any]]] = {
    FIRST_WAITING: _by_group,
    BY_UNIT: _by_unit,
    BY_ARRIVAL: _as_it_came,
    BY_VERDICT: _by_verdict,
}


class LinePainter(QStyledItemDelegate):
    """Three lines of text beside the verdict's sign."""

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        return QSize(200, 3 * option.fontMetrics.height() + 24)  # type: ignore[attr-defined]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        line = index.data(LINE)
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.accent_soft))
            painter.drawRoundedRect(box.adjusted(3, 2, -3, -2), 6, 6)
        else:
            painter.setPen(QColor(look.line))
            painter.drawLine(box.bottomLeft(), box.bottomRight())
        self._sign(painter, QRectF(box.left() + 12, box.top() + 11, 24, 24), line, look)
        ink = QColor(look.on_accent_soft if chosen else look.text)
        quiet = QColor(look.on_accent_soft if chosen else look.muted)
        self._words(painter, box.adjusted(48, 9, -12, -9), line, (ink, quiet), option.font)  # type: ignore[attr-defined]
        painter.restore()

    def _sign(self, painter: QPainter, where: QRectF, line: Line, look: theme.Tones) -> None:
        ink, ground = colours(look, verdict(line.receipt)[1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        painter.drawEllipse(where)
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, SYMBOLS[verdict(line.receipt)[1]])

    def _words(self, painter: QPainter, where: QRectF, line: Line, inks: tuple[QColor, QColor], base: QFont) -> None:
        ink, quiet = inks
        small, bold = QFont(base), QFont(base)
        small.setPointSizeF(base.pointSizeF() * theme.SIZES["small"])
        bold.setBold(True)
        height = QFontMetricsF(base).height() + 3
        first = QRectF(where.left(), where.top(), where.width(), height)
        last = first.translated(0, 2 * height)
        room = _draw(painter, first, number(line), small, quiet, right=True)
        _draw(painter, first.adjusted(0, 0, -room, 0), line.receipt.dependencia_nombre or line.name, bold, ink)
        said = verdict(line.receipt)[0]
        signer = line.receipt.signer
        _draw(painter, first.translated(0, height), f"{said} · {signer}" if signer else said, base, ink)
        room = _draw(painter, last, line.state[0], small, quiet, right=True)
        _draw(painter, last.adjusted(0, 0, -room, 0), third(line), small, quiet)


def number(line: Line) -> str:
    """«n.º 3», empty for a file that says none."""
    return f"n.º {line.receipt.number}" if line.receipt.number else ""


def third(line: Line) -> str:
    """The last words about a line: what it would do, which file it is, or why it was refused."""
    if line.stored:
        return counted(line.receipt.counts) or "sin registros"
    if line.receipt.dependencia_nombre or not line.receipt.reasons:
        return line.receipt.file
    return line.receipt.reasons[0].sentence


def colours(look: theme.Tones, tone: str) -> tuple[str, str]:
    """Ink and ground of a tone (fine, warns, stops, info)."""
    return {
        "fine": (look.fine, look.fine_soft),
        "warns": (look.warns, look.warns_soft),
        "stops": (look.stops, look.stops_soft),
        "info": (look.muted, look.sunken),
    }[tone]


def _draw(painter: QPainter, where: QRectF, text: str, font: QFont, ink: QColor, *, right: bool = False) -> float:
    """Write ``text`` on one line; gives the room it took, with some air."""
    painter.setFont(font)
    painter.setPen(ink)
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, where.width())
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(where, side | Qt.AlignmentFlag.AlignVCenter, shown)
    return QFontMetricsF(font).horizontalAdvance(shown) + theme.MEDIUM if shown else 0.0

"""The inbox as a list: a sign and a verdict per file, what it is, who signed, what it would do."""

from collections import Counter
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
ANYBODY, NOBODY = "*", ""
"""Who has a line, as a filter: all of them, or those that nobody has."""
FIRST_WAITING, BY_UNIT, BY_ARRIVAL, BY_VERDICT = "espera", "dependencia", "llegada", "veredicto"
ORDERS: Final = (
    (FIRST_WAITING, "Pendientes"),
    (BY_UNIT, "Dependencia"),
    (BY_ARRIVAL, "Llegada"),
    (BY_VERDICT, "Veredicto"),
)


def group_of(line: Line) -> str:
    """The filter a line belongs to."""
    if line.form:
        return DECIDED
    if not line.stored:
        return REFUSED
    if line.receipt.state == RETURNED:
        return RETURNED_TO
    return WAITING if line.receipt.state in OPEN else DECIDED


@dataclass(frozen=True, slots=True)
class Told:
    """A line with what is asked about it, worked out once: ten thousand are sorted and sifted while somebody types."""

    line: Line
    key: str
    group: str
    verdict: str
    tone: str
    unit: str
    has: str
    words: str

    @classmethod
    def of(cls, line: Line) -> "Told":
        """What there is to say about a line."""
        receipt = line.receipt
        word, tone = verdict(receipt)
        words = plain(f"{line.spoken} {receipt.signer} {receipt.code}")
        unit = plain(receipt.dependencia_nombre)
        return cls(line, line.key, group_of(line), word, tone, unit, receipt.assigned_to, words)


@dataclass(frozen=True, slots=True)
class Counted:
    """Deliveries that another page counted: what it calls them and their SHA-256, so that all of them can be shown."""

    words: str
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """Which lines are wanted; empty is all, save ``who`` (see ``ANYBODY``). ``words`` must all be found, accents and
    case aside; ``among`` are the keys of the only lines that may be shown."""

    group: str = ""
    verdict: str = ""
    unit: str = ""
    who: str = ANYBODY
    words: str = ""
    order: str = FIRST_WAITING
    among: frozenset[str] | None = None

    def sieve(self) -> Callable[[Told], bool]:
        """Whether a line passes."""
        wanted = plain(self.words).split()

        def passes(told: Told) -> bool:
            return (
                (self.among is None or told.key in self.among)
                and self.group in {"", told.group}
                and self.verdict in {"", told.verdict}
                and self.unit in {"", told.line.receipt.dependencia}
                and self.who in {ANYBODY, told.has}
                and all(word in told.words for word in wanted)
            )

        return passes


class Lines(QAbstractListModel):
    """The lines that are asked for, the newest first within what the order says."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Told] = []
        self._shown: list[Told] = []
        self._rows: dict[str, int] = {}
        self._question = Question()

    def fill(self, lines: Sequence[Line]) -> None:
        """Take other lines, the newest last; those that are known already are not worked out again."""
        known = {id(told.line): told for told in self._all}
        self._all = [known.get(id(line)) or Told.of(line) for line in reversed(lines)]
        self._refresh()

    def ask(self, question: Question) -> None:
        """Show only the lines that are asked for."""
        self._question = question
        self._refresh()

    def _refresh(self) -> None:
        self.beginResetModel()
        self._shown = sorted(filter(self._question.sieve(), self._all), key=_ORDER[self._question.order])
        self._rows = {told.key: row for row, told in enumerate(self._shown)}
        self.endResetModel()

    def counts(self) -> Counter[str]:
        """How many lines each filter would show; empty is all."""
        return Counter({"": len(self._all)}) + Counter(told.group for told in self._all)

    def verdicts(self) -> list[str]:
        """The verdicts there are, as words."""
        return sorted({told.verdict for told in self._all})

    def units(self) -> list[tuple[str, str]]:
        """The dependencias there are: code and name."""
        found = {
            (told.unit, r.dependencia, r.dependencia_nombre)
            for told in self._all
            if (r := told.line.receipt).dependencia
        }
        return [(code, name) for _plain, code, name in sorted(found)]

    def people(self) -> list[str]:
        """Who has any of them."""
        return sorted({told.has for told in self._all} - {""})

    @property
    def shown(self) -> list[Line]:
        """The lines that are asked for."""
        return [told.line for told in self._shown]

    @property
    def lines(self) -> list[Line]:
        """All lines, shown or not."""
        return [told.line for told in self._all]

    @property
    def total(self) -> int:
        """How many lines there are, shown or not."""
        return len(self._all)

    def known(self, key: str) -> bool:
        """Whether there is a line ``key``, shown or not."""
        return any(told.key == key for told in self._all)

    def row_of(self, key: str) -> int:
        """Where the line ``key`` stands; -1 while it is not shown."""
        return self._rows.get(key, -1)

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Line | str | None:
        if not index.isValid():
            return None
        line = self._shown[index.row()].line
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return line.spoken
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join([line.receipt.file, *(reason.sentence for reason in line.receipt.reasons)])
            case _ if role == LINE:
                return line
            case _:
                return None


_GROUPS: Final = {group: place for place, group in enumerate((WAITING, RETURNED_TO, REFUSED, DECIDED))}
_TONES: Final = {tone: place for place, tone in enumerate(("stops", "warns", "info", "fine"))}


def _by_group(told: Told) -> int:
    return _GROUPS[told.group]


def _by_unit(told: Told) -> tuple[bool, str, int]:
    return not told.line.receipt.dependencia, told.unit, -told.line.receipt.number


def _by_verdict(told: Told) -> tuple[int, str]:
    return _TONES[told.tone], told.verdict


def _as_it_came(_told: Told) -> int:
    return 0


_ORDER: Final[dict[str, Callable[[Told], Any]]] = {
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
        second = first.translated(0, height)
        verdict_room = _draw(painter, second, said, base, ink)
        has = f"→ {line.receipt.assigned_to}" if line.receipt.assigned_to else ""
        taken = _draw(painter, second.adjusted(verdict_room, 0, 0, 0), has, small, quiet, right=True)
        beside = second.adjusted(verdict_room - theme.MEDIUM, 0, -taken, 0)
        _draw(painter, beside, f" · {signer}" if signer else "", base, ink)
        room = _draw(painter, last, line.state[0], small, quiet, right=True)
        _draw(painter, last.adjusted(0, 0, -room, 0), third(line), small, quiet)


def number(line: Line) -> str:
    """«n.º 3», empty for a file that says none."""
    return f"n.º {line.receipt.number}" if line.receipt.number else ""


def third(line: Line) -> str:
    """The last words about a line: what it would do, which file it is, or why it was refused."""
    if line.stored or line.form:
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

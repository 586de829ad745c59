"""What stands between the dependencia and its delivery: one line per problem, each leads to its field."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from peti_desktop.records import TYPES, Severity, rule
from ui import theme

if TYPE_CHECKING:
    from peti_desktop.workspace import RecordProblem

AnyIndex = QModelIndex | QPersistentModelIndex
FOUND: Final = Qt.ItemDataRole.UserRole
SIGNS: Final = {Severity.STOPS: "✕", Severity.WARNS: "▲"}
WORDS: Final = {Severity.STOPS: "Impide entregar", Severity.WARNS: "Aviso"}
PAGES: Final = {
    "riesgo": "riesgos",
    "control": "riesgos",
    "equipo": "equipos",
    "necesidad": "necesidades",
    "sistema": "sistemas",
    "sede": "sedes",
    "formacion": "formacion",
}
"""The page that shows a record type."""
HEIGHT: Final = 46


def tally(problems: "Sequence[RecordProblem]") -> tuple[int, int]:
    """How many stop the delivery and how many only warn."""
    stops = sum(found.problem.severity is Severity.STOPS for found in problems)
    return stops, len(problems) - stops


def in_words(stops: int, warns: int) -> str:
    """«3 problemas impiden entregar · 5 avisos»."""
    parts = []
    if stops:
        parts.append("1 problema impide entregar" if stops == 1 else f"{stops} problemas impiden entregar")
    if warns:
        parts.append("1 aviso" if warns == 1 else f"{warns} avisos")
    return "  ·  ".join(parts) or "Nada impide entregar"


class Problems(QAbstractListModel):
    """The problems, in the order they came."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[RecordProblem] = []

    def fill(self, problems: "Sequence[RecordProblem]") -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = list(problems)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> "RecordProblem | str | None":
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{WORDS[found.problem.severity]}: {found.problem.text} {where(found)}"
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(_told(found))
            case _ if role == FOUND:
                return found
            case _:
                return None


def where(found: "RecordProblem") -> str:
    """The record in words."""
    kind = TYPES[found.type].singular
    return f"{kind} {found.headline}" if found.headline else f"{kind} sin datos"


def _told(found: "RecordProblem") -> list[str]:
    """All there is to say: where, what, what to do, and who asks it."""
    told = rule(found.type, found.problem.code)
    more = [told.todo, f"Fuente: {told.source}."] if told else []
    return [where(found), found.problem.text, *more, "Entrar o doble clic: ir al campo."]


class ProblemList(QListView):
    """``wanted(problem)`` by click, or by Enter."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.problems = Problems()
        self.setModel(self.problems)
        self.setItemDelegate(_Painter(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Problemas y avisos")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.activated.connect(self._go)
        self.clicked.connect(self._go)

    def fill(self, problems: "Sequence[RecordProblem]") -> None:
        """Show these."""
        self.problems.fill(problems)

    def _go(self, index: QModelIndex) -> None:
        self.wanted.emit(index.data(FOUND))


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        found = index.data(FOUND)
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        stops = found.problem.severity is Severity.STOPS
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.fillRect(box, QColor(look.accent_soft))
        painter.setPen(QColor(look.stops if stops else look.warns))
        painter.setFont(font)
        painter.drawText(
            QRectF(box.left() + 8, box.top(), 20, box.height()),
            Qt.AlignmentFlag.AlignCenter,
            SIGNS[found.problem.severity],
        )
        text = box.adjusted(36, 5, -10, -4)
        painter.setPen(QColor(look.on_accent_soft if chosen else look.text))
        metrics = painter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        top = int(Qt.AlignmentFlag.AlignTop)
        painter.drawText(text, top, metrics.elidedText(found.problem.text, elide, int(text.width())))
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * theme.SIZES["small"])
        painter.setFont(small)
        painter.setPen(QColor(look.on_accent_soft if chosen else look.muted))
        below = text.adjusted(0, metrics.height() + 1, 0, 0)
        words = painter.fontMetrics().elidedText(where(found), elide, int(text.width()))
        painter.drawText(below, top, words)
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()

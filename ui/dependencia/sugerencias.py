"""«Sugerencias del PETI»: what the PETI says for this dependencia and nobody has registered yet."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import TYPES
from peti_desktop.suggestions import Suggestion
from ui import theme
from ui.chips import button, label

AnyIndex = QModelIndex | QPersistentModelIndex
FOUND: Final = Qt.ItemDataRole.UserRole
HEIGHT: Final = 46


class _Rows(QAbstractListModel):
    """The suggestions, in the order of the PETI."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues
        self._rows: list[Suggestion] = []

    def fill(self, rows: Sequence[Suggestion]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Suggestion | str | None:
        if not index.isValid():
            return None
        found = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return found.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{found.text}. {self.where(found)}"
            case Qt.ItemDataRole.ToolTipRole:
                return f"{found.text}\n{self.where(found)}"
            case _ if role == FOUND:
                return found
            case _:
                return None

    def where(self, found: Suggestion) -> str:
        """What it becomes, of which subproceso, and where the PETI says it."""
        kind = TYPES[found.type].singular
        return f"{kind} · {self._catalogues.label('subproceso', found.subproceso)} · {found.id}"


class Suggestions(QWidget):
    """``wanted(suggestion)``: register this one."""

    wanted = Signal(object)

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._rows = _Rows(catalogues)
        self.title = label("Sugerencias del PETI", "heading")
        hint = label(
            "El PETI 2020-2023 ya dice esto de su dependencia. Registre lo que siga siendo cierto y complete lo demás.",
            "muted",
            wraps=True,
        )
        self.list = QListView()
        self.list.setAccessibleName("Sugerencias del PETI")
        self.list.setModel(self._rows)
        self.list.setItemDelegate(_Painter(self._rows, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.activated.connect(self._go)
        self.list.selectionModel().currentChanged.connect(self._moved)
        self.take = button("&Registrar", self._take, icon="mas")
        self.take.setToolTip("Entrar o doble clic sobre la sugerencia")
        line = QHBoxLayout()
        line.addWidget(self.take)
        line.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.title)
        column.addWidget(hint)
        column.addWidget(self.list, 1)
        column.addLayout(line)

    def fill(self, rows: Sequence[Suggestion]) -> None:
        """Show these; the row stays where it was."""
        row = max(0, self.list.currentIndex().row())
        self._rows.fill(rows)
        self.title.setText(f"Sugerencias del PETI ({len(rows)})")
        self.list.setCurrentIndex(self._rows.index(min(row, len(rows) - 1))) if rows else self._moved()

    @property
    def any(self) -> bool:
        """Whether there is anything to suggest."""
        return self._rows.rowCount() > 0

    def _moved(self, *_indexes: object) -> None:
        found = self.list.currentIndex().data(FOUND)
        self.take.setEnabled(found is not None)
        need = found is not None and found.type == "necesidad"
        self.take.setText("Re&gistrar como necesidad" if need else "Re&gistrar como riesgo")

    def _take(self) -> None:
        self._go(self.list.currentIndex())

    def _go(self, index: QModelIndex) -> None:
        if (found := index.data(FOUND)) is not None:
            self.wanted.emit(found)


class _Painter(QStyledItemDelegate):
    def __init__(self, rows: _Rows, over: QWidget) -> None:
        super().__init__(over)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:  # noqa: ARG002
        return QSize(200, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        found: Suggestion = index.data(FOUND)
        look = theme.tones(option.palette)  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        font: QFont = option.font  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        painter.save()
        if chosen:
            painter.fillRect(box, QColor(look.accent_soft))
        text = box.adjusted(10, 5, -10, -4)
        painter.setFont(font)
        painter.setPen(QColor(look.on_accent_soft if chosen else look.text))
        elide, top = Qt.TextElideMode.ElideRight, int(Qt.AlignmentFlag.AlignTop)
        metrics = painter.fontMetrics()
        painter.drawText(text, top, metrics.elidedText(found.text, elide, int(text.width())))
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * theme.SIZES["small"])
        painter.setFont(small)
        painter.setPen(QColor(look.on_accent_soft if chosen else look.muted))
        below = text.adjusted(0, metrics.height() + 1, 0, 0)
        painter.drawText(
            below, top, painter.fontMetrics().elidedText(self._rows.where(found), elide, int(text.width()))
        )
        painter.setPen(QColor(look.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()

"""The navigation at the left of the window: its entries, which scroll where there is no room for all of them."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui import icons, theme
from ui.chips import label
from ui.desk import PageSpec
from ui.messages import SYMBOLS

NAV_WIDTH: Final = 208
TALL: Final = 40
LOW: Final = 31
"""Heights of an entry: what it likes, and the least where many share a low screen. Below that they scroll."""
NUMBERED: Final = 10
"""So many pages have a key of their own: Ctrl+1 to Ctrl+9, and Ctrl+0 for the tenth."""


class NavButton(QAbstractButton):
    """An entry of the navigation: icon, label, how many records there are and how many are not complete."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self._icon = spec.icon
        self._count = ""
        self._pending = ""
        self._keys = ""
        self.setText(spec.text)
        self.setCheckable(True)
        self.setFixedHeight(TALL)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(None)

    def set_keys(self, keys: str) -> None:
        """Say which keys lead here."""
        self._keys = keys
        self._tell()

    def set_count(self, count: int | None) -> None:
        """Show how many records stand behind the entry."""
        self._count = "" if count is None else f"{count:,}".replace(",", ".")
        self._tell()

    def set_pending(self, count: int) -> None:
        """Show how many of them cannot be delivered as they are."""
        self._pending = f"{count:,}".replace(",", ".") if count else ""
        self._tell()

    def _tell(self) -> None:
        name = self.text().replace("&", "")
        wrong = f"{self._pending} con problemas" if self._pending else ""
        self.setAccessibleName(", ".join(part for part in (name, self._count, wrong) if part))
        self.setToolTip("  ·  ".join(part for part in (self._keys, wrong) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(NAV_WIDTH - 2 * theme.SMALL, self.height())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        seen: QWidget | None = self.parentWidget()
        while seen is not None and not isinstance(seen, QScrollArea):
            seen = seen.parentWidget()
        if seen is not None:
            seen.ensureWidgetVisible(self, 0, theme.TIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.tones(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QColor(look.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(QColor(look.accent_soft))
        elif self.underMouse():
            painter.setBrush(QColor(look.line))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        ink = look.on_accent_soft if self.isChecked() else look.text
        mark = icons.pixmap(self._icon, 20, ink if self.isChecked() else look.muted, self.devicePixelRatioF())
        painter.drawPixmap(12, (self.height() - 20) // 2, mark)
        font = self.font()
        font.setBold(self.isChecked())
        painter.setFont(font)
        painter.setPen(QColor(ink))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(self.rect().adjusted(42, 0, -8, 0), int(flags), self.text())
        if self._count:
            self._paint_count(painter, look)
        painter.end()

    def _paint_count(self, painter: QPainter, look: theme.Tones) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * theme.SIZES["small"])
        painter.setFont(font)
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(look.on_accent_soft if self.isChecked() else look.muted))
        painter.drawText(self.rect().adjusted(0, 0, -12, 0), side, self._count)
        if self._pending:
            painter.setPen(QColor(look.stops))
            room = painter.fontMetrics().horizontalAdvance(self._count) + 12 + theme.SMALL
            painter.drawText(self.rect().adjusted(0, 0, -room, 0), side, f"{SYMBOLS['stops']} {self._pending}")


class Nav(QFrame):
    """The navigation. ``chosen(number)`` when an entry is pressed."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "nav")
        self.setFixedWidth(NAV_WIDTH)
        self._specs: tuple[PageSpec, ...] = ()
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self.chosen)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        self._entries = QVBoxLayout(inside)
        self._entries.setContentsMargins(0, 0, 0, 0)
        self._entries.setSpacing(2)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setWidget(inside)
        brand = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(icons.pixmap("app", 24, "", self.devicePixelRatioF()))
        brand.addWidget(picture)
        brand.addSpacing(theme.SMALL)
        brand.addWidget(label("Peti Desktop", "heading"))
        brand.addStretch()
        brand.setContentsMargins(theme.SMALL, 0, 0, theme.MEDIUM)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SMALL, theme.LARGE, theme.SMALL, theme.SMALL)
        column.setSpacing(0)
        column.addLayout(brand)
        column.addWidget(self._area, 1)

    def fill(self, specs: Sequence[PageSpec]) -> None:
        """Show an entry for each page, in the place of those before."""
        self.empty()
        self._specs = tuple(specs)
        for number, spec in enumerate(self._specs):
            entry = NavButton(spec)
            if number < NUMBERED:
                entry.set_keys(f"Ctrl+{(number + 1) % 10}")
            self._group.addButton(entry, number)
            self._entries.addWidget(entry)
        self._entries.addStretch()
        self._fit()

    def empty(self) -> None:
        """Take all entries away."""
        self._specs = ()
        for entry in self._group.buttons():
            self._group.removeButton(entry)
        while (item := self._entries.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()

    @property
    def entries(self) -> list[tuple[PageSpec, NavButton]]:
        """Every page and its entry, from above."""
        pairs = ((spec, self._group.button(number)) for number, spec in enumerate(self._specs))
        return [(spec, entry) for spec, entry in pairs if isinstance(entry, NavButton)]

    def check(self, name: str) -> NavButton:
        """Mark the entry of the page ``name`` as the one in front; gives it."""
        entry = next(entry for spec, entry in self.entries if spec.name == name)
        entry.setChecked(True)
        self._area.ensureWidgetVisible(entry, 0, theme.TIGHT)
        return entry

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the entries share what there is."""
        if self._specs:
            each = self._area.height() // len(self._specs) - self._entries.spacing()
            for _spec, entry in self.entries:
                entry.setFixedHeight(max(LOW, min(TALL, each)))

"""The entries of the navigation."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from ui import icons, theme
from ui.desk import PageSpec

NAV_WIDTH: Final = 208


class NavButton(QAbstractButton):
    """An entry of the navigation: icon, label, count."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self._icon = spec.icon
        self._count = ""
        self.setText(spec.text)
        self.setCheckable(True)
        self.setFixedHeight(40)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """Show how many records stand behind the entry."""
        self._count = "" if count is None else f"{count:,}".replace(",", ".")
        name = self.text().replace("&", "")
        self.setAccessibleName(f"{name}, {self._count}" if self._count else name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(NAV_WIDTH - 2 * theme.SMALL, 40)

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
        painter.drawText(self.rect().adjusted(42, 0, -44, 0), int(flags), self.text())
        if self._count:
            self._paint_count(painter, look)
        painter.end()

    def _paint_count(self, painter: QPainter, look: theme.Tones) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * theme.SIZES["small"])
        painter.setFont(font)
        painter.setPen(QColor(look.on_accent_soft if self.isChecked() else look.muted))
        painter.drawText(
            self.rect().adjusted(0, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._count
        )

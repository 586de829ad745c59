"""The entries of the navigation."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton

from ui import icons, theme
from ui.desk import PageSpec
from ui.messages import SYMBOLS

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

NAV_WIDTH: Final = 208


def pending(workspace: "Workspace") -> dict[str, int]:
    """How many records of each type cannot be delivered as they are; a control counts for its risk."""
    from peti_desktop.records.fields import Severity

    owners = {control.uid: str(control.values["riesgo"]) for control in workspace.records("control")}
    found: dict[str, set[str]] = {}
    for line in workspace.problems():
        if line.problem.severity is Severity.STOPS:
            name = "riesgo" if line.type == "control" else line.type
            found.setdefault(name, set()).add(owners.get(line.uid, line.uid))
    return {name: len(uids) for name, uids in found.items()}


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
        self.setFixedHeight(40)
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

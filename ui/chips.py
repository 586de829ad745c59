"""Small things that say one thing: cards, labels by role, zone and state chips, figures, empty pages.

``card()`` and ``label()`` are functions, for they are only dressed Qt widgets.
"""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui import icons, theme
from ui.messages import SYMBOLS

STATES: Final = {"fine": "●", "warns": "▲", "stops": "■", "info": "○"}
"""A shape per tone of a state chip: the meaning survives a photocopy."""


def label(text: str, role: str = "body", *, wraps: bool = False) -> QLabel:
    """A label in one of the roles hero, title, heading, body, muted, small, stops, warns, fine. Plain text only."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wraps)
    return made


def button(text: str, pressed: Callable[[], object] | None = None, *, role: str = "", icon: str = "") -> QPushButton:
    """A button; ``role`` is "" (ordinary), primary (one per page) or quiet. ``text`` may carry a mnemonic «&»."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAutoDefault(False)
    if icon:
        look = theme.tones(made.palette())
        ink = {"primary": look.on_accent, "quiet": look.accent}.get(role, look.text)
        made.setIcon(icons.airy(icon, ink))
        made.setIconSize(icons.AIRY)
    if pressed is not None:
        # clicked carries a bool that no caller wants.
        made.clicked.connect(lambda _checked=False: pressed())
    return made


def card(title: str = "", *, subtitle: str = "") -> tuple[QFrame, QVBoxLayout]:
    """A card and the layout to fill it."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.LARGE)
    column.setSpacing(theme.SMALL)
    if title:
        column.addWidget(label(title, "heading"))
    if subtitle:
        column.addWidget(label(subtitle, "muted", wraps=True))
    return frame, column


def rule() -> QFrame:
    """A thin line between parts."""
    made = QFrame()
    made.setProperty("role", "rule")
    return made


def paint_zone(painter: QPainter, where: QRectF, look: theme.ZoneLook, *, radius: float = 5) -> None:
    """Fill ``where`` with a zone's colour and pattern. The caller writes the letter."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(look.fill))
    painter.drawRoundedRect(where, radius, radius)
    if look.pattern is not Qt.BrushStyle.SolidPattern:
        ink = QColor(look.ink)
        ink.setAlphaF(0.16)
        painter.setBrush(QBrush(ink, look.pattern))
        painter.drawRoundedRect(where, radius, radius)
    painter.restore()


def paint_zone_chip(painter: QPainter, where: QRectF, look: theme.ZoneLook, font: QFont) -> None:
    """A zone chip: the letter on colour and pattern, and the word. Also used by the grid's cells."""
    painter.save()
    square = QRectF(where.left(), where.center().y() - 11, 22, 22)
    paint_zone(painter, square, look)
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(look.ink))
    # The pattern stays at the rim: the letter stands on plain colour.
    painter.fillRect(square.adjusted(5, 3, -5, -3), QColor(look.fill))
    painter.drawText(square, Qt.AlignmentFlag.AlignCenter, look.letter)
    painter.restore()
    painter.drawText(
        where.adjusted(28, 0, 0, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        look.label,
    )


class ZoneChip(QWidget):
    """A risk zone: letter, colour, pattern and word; «sin valorar» when there is none."""

    def __init__(self, zone: str | None = None, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._zone = zone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_zone(zone)

    def set_zone(self, zone: str | None) -> None:
        """Show ``zone`` (bajo, moderado, alto, extremo) or none."""
        self._zone = zone
        known = theme.LIGHT.zones.get(zone or "")
        self.setAccessibleName(f"Zona {known.label}" if known else "Sin valorar")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        word = max(self.fontMetrics().horizontalAdvance(w) for w in ("Sin valorar", "Moderado"))
        return QSize(32 + word, 26)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        look = theme.tones(self.palette())
        zone = look.zones.get(self._zone or "")
        where = QRectF(self.rect())
        if zone:
            painter.setPen(QColor(look.text))
            paint_zone_chip(painter, where, zone, self.font())
        else:
            painter.setPen(QColor(look.muted))
            painter.drawText(where, Qt.AlignmentFlag.AlignVCenter, "Sin valorar")
        painter.end()


class StateChip(QLabel):
    """A state in words with a shape before it; ``tone`` is fine, warns, stops or info."""

    def __init__(self, text: str = "", tone: str = "info", over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tone = tone
        self.tell(text, tone)

    def tell(self, text: str, tone: str = "info") -> None:
        """Show ``text`` in ``tone``."""
        self._tone = tone
        self.setText(f"{STATES[tone]}  {text}")
        self.setAccessibleName(text)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        look = theme.tones(self.palette())
        ink, ground = {
            "fine": (look.fine, look.fine_soft),
            "warns": (look.warns, look.warns_soft),
            "stops": (look.stops, look.stops_soft),
            "info": (look.muted, look.sunken),
        }[self._tone]
        sheet = f"QLabel {{ color: {ink}; background: {ground}; border-radius: 10px; padding: 3px 10px; }}"
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


class Figure(QFrame):
    """A number that matters, on a card: value, what it counts, and what stands behind it.

    ``picked`` comes on click or Enter when ``leads`` is true.
    """

    picked = Signal()

    def __init__(self, caption: str, *, leads: bool = False, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setProperty("role", "card")
        self._caption = caption
        self._value = label("–", "hero")
        self._note = label("", "small", wraps=True)
        # Beside a taller neighbour the note takes the room that is left, and its words stay under the figure.
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        name = label(caption, "muted")
        for line in (name, self._value):
            line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(2)
        column.addWidget(name)
        column.addWidget(self._value)
        column.addWidget(self._note)
        self._leads = leads
        if leads:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    def tell(self, value: str, note: str = "", tone: str = "") -> None:
        """Show ``value`` and a line under it; ``tone`` "stops", "warns" or "fine" puts a sign before the line."""
        self._value.setText(value)
        self._note.setText(f"{SYMBOLS[tone]} {note}" if tone and note else note)
        self._note.setProperty("role", tone or "small")
        theme.restyle(self._note)
        self.setAccessibleName(f"{self._caption}: {value}. {note}".strip())

    @property
    def text(self) -> str:
        """What the card says."""
        return self.accessibleName()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._leads and self.rect().contains(event.position().toPoint()):
            self.picked.emit()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._leads and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.picked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QColor(theme.tones(self.palette()).accent))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.RADIUS, theme.RADIUS)
            painter.end()


class Empty(QWidget):
    """What a list says before it has anything: one line, one hint, perhaps the way out."""

    def __init__(
        self,
        title: str,
        hint: str = "",
        *,
        icon: str = "vacio",
        action: QPushButton | None = None,
        over: QWidget | None = None,
    ) -> None:
        super().__init__(over)
        self._icon = icon
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SMALL)
        column.addStretch()
        column.addWidget(self._picture)
        for text, role in ((title, "heading"), (hint, "muted")):
            if text:
                line = label(text, role, wraps=True)
                line.setAlignment(Qt.AlignmentFlag.AlignCenter)
                column.addWidget(line)
        if action is not None:
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(action)
            row.addStretch()
            column.addLayout(row)
        column.addStretch()
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        colour = theme.tones(self.palette()).muted
        self._picture.setPixmap(icons.pixmap(self._icon, 44, colour, self.devicePixelRatioF()))


class Bar(QWidget):
    """How much of something is done, as a thin bar; ``set_share`` takes 0.0 to 1.0."""

    def __init__(self, what: str, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._what = what
        self._share = 0.0
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_share(0.0)

    def set_share(self, share: float) -> None:
        """Fill the bar up to ``share``."""
        self._share = min(1.0, max(0.0, share))
        self.setAccessibleName(f"{self._what}: {self._share:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        look = theme.tones(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        painter.setBrush(QColor(look.line))
        painter.drawRoundedRect(whole, 4, 4)
        if self._share > 0:
            painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
            done = QRectF(QPointF(0, 0), QPointF(max(8.0, whole.width() * self._share), whole.height()))
            painter.drawRoundedRect(done, 4, 4)
        painter.end()

"""What the steps of a delivery have in common."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.desk import Desk


class DeliveryStep(QWidget):
    """``changed()`` when ``ready``, ``busy`` or ``forward`` may have changed; ``begin()`` when it comes to the front.

    ``forward`` is the text of the button that goes on; empty while there is nothing to go on to.
    """

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.ready = False
        self.busy = False
        self.forward = "&Siguiente"
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.MEDIUM)

    def begin(self) -> None:
        """Read what the step shows."""

    def set_ready(self, ready: bool, *, busy: bool = False) -> None:
        """Say whether one may go on, and whether something is under way."""
        self.ready, self.busy = ready, busy
        self.changed.emit()


def at_top(widget: QWidget) -> QWidget:
    """``widget`` at the top of the room it has, no higher than it needs."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch()
    return holder

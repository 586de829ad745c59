"""Files, folders and memories that are dropped on a page."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen

from ui import theme
from ui.desk import Desk, Page


class DropPage(Page):
    """A page that takes what is dropped on it, while ``setAcceptDrops`` says so."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._hovering = False
        self.setAcceptDrops(True)

    def receive(self, paths: Sequence[Path]) -> None:
        """Take these files and folders."""
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._hover(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._hover(over=False)
        event.acceptProposedAction()
        self.receive([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _hover(self, *, over: bool) -> None:
        self._hovering = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._hovering:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = theme.tones(self.palette())
            painter.setBrush(QColor(look.accent_soft))
            painter.setPen(QPen(QColor(look.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(6, 6, -6, -6), theme.RADIUS, theme.RADIUS)
            painter.end()

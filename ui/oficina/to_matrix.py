"""Pages about records of the matrix: F8 goes to the one in front."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from ui.desk import Page


class RecordsPage(Page):
    """A page whose ``subject`` is a record of the matrix."""

    def _open(self) -> None:
        found = self.subject()
        if found is not None:
            self.desk.go("matriz", (found.type, found.uid))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F8 and not event.modifiers():
            self._open()
        else:
            super().keyPressEvent(event)

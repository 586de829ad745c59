"""Copies while the program stays open: a look every hour, on the worker, and never while somebody types."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.progress import Progress

HOUR: Final = 3_600_000
QUIET: Final = 120.0
"""Seconds without a write before a copy may be made: what is typed is written within a second."""
AGAIN: Final = 60_000
"""Milliseconds until the next try when somebody is typing."""


class Keeping(QObject):
    """Looks every hour whether ``desk``'s store wants a copy of the day or the week; quiet unless one fails."""

    def __init__(self, desk: Desk, over: QObject, clock: Callable[[], float] = monotonic) -> None:
        super().__init__(over)  # not under the desk: a timer must end on the window's thread
        self._desk = desk
        self._clock = clock
        self._written = -QUIET
        self.timer = QTimer(self)
        self.timer.setInterval(HOUR)
        self.timer.timeout.connect(self.look)
        self.timer.start()
        desk.saving.connect(self._writes)

    @Slot()
    def look(self) -> None:
        """Make the copy that is due, or come back in a minute when somebody is at work."""
        if self._clock() - self._written < QUIET:
            self.timer.start(AGAIN)
            return
        self.timer.start(HOUR)
        workspace = self._desk.workspace
        if workspace.store.reading:
            return

        def work(_progress: "Progress") -> str:
            from peti_desktop import copies

            return copies.while_open(workspace)

        self._desk.run(work, self._told)

    @Slot(int)
    def _writes(self, _count: int) -> None:
        self._written = self._clock()

    def _told(self, told: str) -> None:
        if told:
            self._desk.notice.tell(told, tone="warns")

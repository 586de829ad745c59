"""A window over the page that does one long thing at a time; closing it stops that and keeps nothing of it."""

from abc import abstractmethod
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from peti_desktop.errors import UserError
from ui.desk import Desk
from ui.messages import Notice
from ui.tasks import ProgressStrip, Task


class WorkDialog(QDialog):
    """``begin`` shows a task on the ``strip``; when ``idle`` again the window calls its own ``tell``.

    What a task brings after the window was closed is for nobody: who receives it asks ``shut`` first. The window goes
    when the task under way has ended, not before: its thread would call into nothing.
    """

    def __init__(self, desk: Desk, title: str, size: QSize, over: QWidget | None) -> None:
        super().__init__(over)
        self.setWindowTitle(title)
        room = self.screen().availableGeometry().size()
        self.resize(size.boundedTo(room - QSize(40, 60)))
        self._desk = desk
        self._task: Task[Any] | None = None
        self.shut = False
        self.notice = Notice()
        self.strip = ProgressStrip()

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self._task is None

    @abstractmethod
    def tell(self) -> None:
        """Show what can be done now."""

    def begin(self, task: Task[Any], text: str) -> None:
        """Show ``task`` as what is under way."""
        self.notice.clear()
        self._task = task
        self.strip.attach(task, text)
        task.finished.connect(self._ended)
        self.tell()

    def ended(self) -> None:
        """What was under way has brought what it was for, and the next thing may begin."""
        self._task = None

    def _ended(self) -> None:
        if self.sender() is not self._task:
            return
        self._task = None
        if self.shut:
            self.deleteLater()
        else:
            self.tell()

    def fails(self, error: UserError) -> None:
        """Say why what was under way could not be done."""
        if not self.shut:
            self.notice.error(error)

    def done(self, result: int) -> None:
        """Close; what is under way is stopped, and nothing of it is kept."""
        self.shut = True
        super().done(result)
        if self._task is not None:
            self._task.cancel()
        else:
            self.deleteLater()

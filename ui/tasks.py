"""Long work beside a living window.

``tasks.run(lambda progress: workspace.records("riesgo"))`` gives a ``Task`` whose signals are always emitted on the
window's thread. One thread serves the store, so writes queue up by themselves; ``store=False`` is for work that does
not touch it.
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from peti_desktop.errors import Cancelled, UserError
from peti_desktop.progress import Progress
from ui import theme

T = TypeVar("T")

STEP: Final = 0.05
"""Least seconds between two progress reports: 20 a second are enough for eyes."""


class Task(QObject, Generic[T]):
    """One piece of work under way. Lives on the window's thread; the worker only holds two of its signals.

    Exactly one of ``succeeded(result)``, ``failed(exception)`` and ``cancelled`` comes, then ``finished``. An exception
    that is no ``UserError`` is a bug and also reaches ``sys.excepthook``.
    """

    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()
    progressed = Signal(int, int, str)
    _stepped = Signal(int, int, str)
    _ended = Signal(object, object)

    def __init__(self, keeper: QObject | None = None) -> None:
        super().__init__(keeper)
        self._stop = Event()
        self._over = False
        # Queued even if somebody ran the work on this thread: results never arrive inside ``run``.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._stepped.connect(self._tell_step, Qt.ConnectionType.QueuedConnection)

    @property
    def over(self) -> bool:
        """Whether the outcome was delivered."""
        return self._over

    def cancel(self) -> None:
        """Ask the work to stop at its next progress report."""
        self._stop.set()

    def bind(self, work: Callable[[Progress], T]) -> Callable[[], None]:
        """What the worker thread calls."""
        return _Run(work, self._stop, self._ended, self._stepped)

    @Slot(int, int, str)
    def _tell_step(self, done: int, total: int, text: str) -> None:
        self.progressed.emit(done, total, text)

    @Slot(object, object)
    def _deliver(self, result: Any, error: BaseException | None) -> None:
        self._over = True
        if error is None:
            self.succeeded.emit(result)
        elif isinstance(error, Cancelled):
            self.cancelled.emit()
        else:
            if not isinstance(error, UserError):
                sys.excepthook(type(error), error, error.__traceback__)
            self.failed.emit(error)
        self.finished.emit()


class _Run:
    """The half of a task that lives on the worker thread."""

    def __init__(
        self, work: Callable[[Progress], Any], stop: Event, ended: SignalInstance, stepped: SignalInstance
    ) -> None:
        self._work = work
        self._stop = stop
        self._ended = ended
        self._stepped = stepped
        self._last = 0.0

    def __call__(self) -> None:
        try:
            result = self._work(self._progress)
        except BaseException as error:  # handed to the window's thread, which tells bugs apart
            self._ended.emit(None, error)
        else:
            self._ended.emit(result, None)

    def _progress(self, done: int, total: int, text: str) -> None:
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._last >= STEP or (total and done >= total):
            self._last = now
            self._stepped.emit(done, total, text)


class Tasks(QObject):
    """Runs work for one window. ``close()`` cancels what reports progress, lets writes end, and waits."""

    busy = Signal(bool)

    def __init__(self, keeper: QObject | None = None) -> None:
        super().__init__(keeper)
        self._store = ThreadPoolExecutor(1, "store")
        self._free = ThreadPoolExecutor(2, "free")
        self._running: set[Task[Any]] = set()

    def run(self, work: Callable[[Progress], T], *, store: bool = True) -> Task[T]:
        """Start ``work(progress)``; connect to the signals afterwards, nothing is delivered before you return."""
        task: Task[T] = Task(self)
        self._running.add(task)
        task.finished.connect(self._forget)
        (self._store if store else self._free).submit(task.bind(work))
        self.busy.emit(True)
        return task

    @property
    def running(self) -> int:
        """How many tasks have not delivered yet."""
        return len(self._running)

    def close(self, last: Callable[[], None] | None = None) -> None:
        """Cancel and wait. Short writes in the queue are still written: they never ask whether to stop.

        ``last`` is done at the very end, on the store's thread. Nothing is delivered after this, for those who would
        hear it are closing too.
        """
        for task in self._running:
            task.cancel()
            task.blockSignals(True)
        ended = self._store.submit(last) if last is not None else None
        self._store.shutdown(wait=True)
        self._free.shutdown(wait=True)
        if ended is not None:
            ended.result()

    @Slot()
    def _forget(self) -> None:
        task = self.sender()
        if isinstance(task, Task):
            self._running.discard(task)
            task.deleteLater()
        if not self._running:
            self.busy.emit(False)


class ProgressStrip(QWidget):
    """Text, bar and «Cancelar» for one task; hidden while it has none."""

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._task: Task[Any] | None = None
        self._text = QLabel()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Avance")
        self._cancel = QPushButton("Cancelar")
        self._cancel.setProperty("role", "quiet")
        self._cancel.clicked.connect(self._stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.MEDIUM)
        row.addWidget(self._text, 2)
        row.addWidget(self._bar, 3)
        row.addWidget(self._cancel)
        self.hide()

    def attach(self, task: Task[Any], text: str = "Un momento…") -> None:
        """Show ``task`` until it is over."""
        self._task = task
        self._text.setText(text)
        self._bar.setRange(0, 0)
        self._cancel.setEnabled(True)
        task.progressed.connect(self._step)
        task.finished.connect(self._done)
        self.show()

    @Slot(int, int, str)
    def _step(self, done: int, total: int, text: str) -> None:
        if self.sender() is self._task:
            self._bar.setRange(0, total)
            self._bar.setValue(done)
            self._text.setText(text)

    @Slot()
    def _done(self) -> None:
        if self.sender() is self._task:
            self._task = None
            self.hide()

    @Slot()
    def _stop(self) -> None:
        if self._task is not None:
            self._cancel.setEnabled(False)
            self._text.setText("Cancelando…")
            self._task.cancel()

"""Work off the window's thread."""

import threading
import time

from PySide6.QtCore import QObject, QThread, Slot
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui.tasks import ProgressStrip, Tasks


class Listener(QObject):
    """Remembers what it heard, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: list[QThread] = []

    @Slot(object)
    def hear(self, what: object) -> None:
        self.heard.append(what)
        self.threads.append(QThread.currentThread())


def test_results_arrive_on_the_windows_thread(qtbot: QtBot, dressed: QApplication) -> None:
    tasks, listener = Tasks(), Listener()

    task = tasks.run(lambda _progress: threading.get_ident())
    task.succeeded.connect(listener.hear)
    with qtbot.waitSignal(task.finished):
        pass

    assert listener.heard != [threading.get_ident()]
    assert listener.threads == [dressed.thread()]
    tasks.close()


def test_plain_functions_are_called_on_the_windows_thread_too(qtbot: QtBot, dressed: QApplication) -> None:
    tasks, seen = Tasks(), []

    def work(progress: Progress) -> None:
        progress(1, 2, "uno")

    task = tasks.run(work, store=False)
    task.progressed.connect(lambda *_: seen.append(QThread.currentThread()))
    task.succeeded.connect(lambda _: seen.append(QThread.currentThread()))
    with qtbot.waitSignal(task.finished):
        pass

    assert seen == [dressed.thread()] * 2
    tasks.close()


def test_writes_queue_up_on_one_thread(qtbot: QtBot) -> None:
    tasks, order, threads = Tasks(), [], set()

    def write(number: int, pause: float) -> None:
        time.sleep(pause)
        order.append(number)
        threads.add(threading.get_ident())

    tasks.run(lambda _progress: write(1, 0.05))
    last = tasks.run(lambda _progress: write(2, 0))
    with qtbot.waitSignal(last.finished):
        pass

    assert order == [1, 2]
    assert len(threads) == 1
    tasks.close()


def test_user_error_is_told_and_is_no_bug(qtbot: QtBot) -> None:
    tasks, listener = Tasks(), Listener()

    def work(_progress: Progress) -> None:
        raise UserError("El disco está lleno.", "Libere espacio.")

    task = tasks.run(work)
    task.failed.connect(listener.hear)
    with qtbot.waitSignal(task.finished):
        pass

    assert [str(error) for error in listener.heard] == ["El disco está lleno. Libere espacio."]
    tasks.close()


def test_bug_reaches_the_excepthook(qtbot: QtBot) -> None:
    tasks = Tasks()

    with qtbot.captureExceptions() as bugs:
        task = tasks.run(lambda _progress: 1 / 0)
        with qtbot.waitSignal(task.failed):
            pass

    assert [kind for kind, *_rest in bugs] == [ZeroDivisionError]
    tasks.close()


def test_cancelled_work_stops_at_its_next_step(qtbot: QtBot) -> None:
    tasks, steps, begun = Tasks(), [], threading.Event()

    def work(progress: Progress) -> None:
        for number in range(10_000):
            progress(number, 10_000, "")
            steps.append(number)
            begun.set()
            time.sleep(0.001)

    task = tasks.run(work)
    failed: list[object] = []
    task.failed.connect(failed.append)
    begun.wait(5)
    with qtbot.waitSignal(task.cancelled):
        task.cancel()

    assert len(steps) < 10_000
    assert failed == []
    tasks.close()


def test_progress_is_told_at_most_twenty_times_a_second(qtbot: QtBot) -> None:
    tasks, told = Tasks(), []

    def work(progress: Progress) -> None:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:
            progress(1, 0, "")

    task = tasks.run(work)
    task.progressed.connect(lambda *step: told.append(step))
    with qtbot.waitSignal(task.finished):
        pass

    assert 2 <= len(told) <= 12
    tasks.close()


def test_closing_writes_what_waits_and_cancels_what_is_long(qtbot: QtBot) -> None:
    tasks, done = Tasks(), []

    def long(progress: Progress) -> None:
        for number in range(1000):
            progress(number, 1000, "")
            time.sleep(0.01)
        done.append("long")

    tasks.run(long)
    tasks.run(lambda _progress: done.append("write"))
    start = time.monotonic()
    tasks.close()

    assert done == ["write"]
    assert time.monotonic() - start < 5


def test_many_signals_do_not_abort(qtbot: QtBot) -> None:
    tasks, listener = Tasks(), Listener()

    for number in range(1500):
        task = tasks.run(lambda _progress, number=number: number % 2 == 0)  # type: ignore[misc]
        task.succeeded.connect(listener.hear)
    with qtbot.waitSignal(task.finished, timeout=20_000):
        pass

    assert len(listener.heard) == 1500
    assert tasks.running == 0
    tasks.close()


def test_strip_shows_progress_and_cancels(qtbot: QtBot) -> None:
    tasks, strip = Tasks(), ProgressStrip()
    qtbot.addWidget(strip)
    begun, ends = threading.Event(), []

    def work(progress: Progress) -> None:
        for number in range(10_000):
            progress(number, 10_000, f"Fila {number}")
            begun.set()
            time.sleep(0.001)

    task = tasks.run(work)
    strip.attach(task, "Leyendo…")
    assert strip.isVisible()
    task.cancelled.connect(lambda: ends.append("cancelled"))
    begun.wait(5)
    with qtbot.waitSignal(task.finished):
        strip._cancel.click()

    assert ends == ["cancelled"]
    assert strip.isHidden()
    tasks.close()

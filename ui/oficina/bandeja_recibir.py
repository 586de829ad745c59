"""How files come into the inbox: one by one or by the hundred, shown as they come, and stopped at any moment."""

import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from peti_desktop.intake import inbox
from peti_desktop.progress import Progress
from ui.desk import Desk
from ui.oficina.words import DELIVERIES, Line, plural, verdict

AT_ONCE: Final = 8
"""Files that are looked at between two questions whether to stop: about a second's work."""
SHOWING_MS: Final = 250
"""What came is shown so often at most."""
SHARE: Final = 6
"""Showing may take this part of the time: among ten thousand lines it is slow, and the window must answer."""
MOST_WORDS: Final = 5
"""Kinds of verdict that the notice names; the list tells the rest."""


class Receiving(QObject):
    """``came(lines)`` while it goes on, a few at a time; ``done(paths)`` with what was looked at, also when stopped."""

    came = Signal(object)
    done = Signal(object)

    def __init__(self, desk: Desk, keeper: QObject) -> None:
        super().__init__(keeper)
        self._desk = desk
        self._arrived: deque[Line] = deque()
        self._running = 0
        self._showing = QTimer(self)
        self._showing.setSingleShot(True)
        self._showing.setInterval(SHOWING_MS)
        self._showing.timeout.connect(self._take)

    @property
    def busy(self) -> bool:
        """Whether files are being looked at."""
        return self._running > 0

    def receive(self, paths: Sequence[Path]) -> None:
        """Look at every file under ``paths``; each is received whole or not at all, also when it is stopped."""
        workspace, arrived = self._desk.workspace, self._arrived
        seen: list[Line] = []

        def work(progress: Progress) -> list[Line]:
            progress(0, 0, "Buscando archivos…")
            gone = [path for path in paths if inbox.gone(path)]
            there = [path for path in paths if path not in gone]
            # What went away meanwhile has its line too, and stops nothing; all of it gone is told at once.
            files = list(dict.fromkeys([*inbox.files_in(there or paths), *(gone if there else [])]))
            for start in range(0, len(files), AT_ONCE):
                some = files[start : start + AT_ONCE]
                progress(start, len(files), f"Archivo {start + 1} de {len(files)}: {some[0].name}")
                receipts = inbox.receive_all(workspace, some)
                lines = [Line(receipt, path) for receipt, path in zip(receipts, some, strict=True)]
                seen.extend(lines)
                arrived.extend(lines)
            progress(len(files), len(files), "")
            return seen

        self._running += 1
        task = self._desk.run(work, self._tell, text="Buscando archivos…")
        # Lines are shown as they come; a bound method, for a plain function would run on the worker's thread.
        task.progressed.connect(self._came)
        task.cancelled.connect(lambda: self._stopped(len(seen)))
        task.finished.connect(lambda: self._ended([line.path for line in seen if line.path is not None]))

    @Slot()
    def _came(self) -> None:
        if not self._showing.isActive():
            self._showing.start()

    @Slot()
    def _take(self) -> None:
        new = [self._arrived.popleft() for _ in range(len(self._arrived))]
        if new:
            began = time.monotonic()
            self.came.emit(new)
            took = int((time.monotonic() - began) * 1000)
            self._showing.setInterval(max(SHOWING_MS, SHARE * took))

    def _tell(self, lines: list[Line]) -> None:
        if not lines:
            self._desk.notice.tell("Ahí no hay archivos.", "Escoja la carpeta o la memoria donde están las entregas.")
            return
        said: dict[str, int] = {}
        for line in lines:
            word = verdict(line.receipt)[0]
            said[word] = said.get(word, 0) + 1
        most = sorted(said.items(), key=lambda each: -each[1])
        words = " · ".join(f"{word} ({number})" for word, number in most[:MOST_WORDS])
        rest = sum(number for _word, number in most[MOST_WORDS:])
        words += f" · otros ({rest})" if rest else ""
        what = "Se revisó 1 archivo:" if len(lines) == 1 else f"Se revisaron {len(lines)} archivos:"
        same = all(line.receipt.repeated for line in lines)
        fine = same or all(line.receipt.state for line in lines)
        todo = "Ya se habían recibido: nada cambió." if same else ""
        self._desk.notice.tell(f"{what} {words}.", todo, tone="fine" if fine else "warns")

    def _stopped(self, done: int) -> None:
        self._desk.notice.tell(
            f"Se detuvo después de {plural(done, 'archivo', 'archivos')}.",
            "Lo que ya estaba recibido está completo; los demás no se tocaron.",
            tone="warns",
        )

    def _ended(self, paths: list[Path]) -> None:
        self._running -= 1
        self._showing.stop()
        self._take()
        self._desk.stored.emit(frozenset({DELIVERIES}), None)
        self.done.emit(paths)

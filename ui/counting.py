"""The numbers beside the entries of the navigation, and what could be undone: counted anew after every write."""

from time import monotonic
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from peti_desktop.progress import Progress
from ui.desk import Desk
from ui.nav import Nav
from ui.opening import OFICINA
from ui.tasks import Tasks
from ui.undoing import UndoBar

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

PATIENCE: Final = 700
"""Milliseconds of quiet before the problems are counted."""


class Counting(QObject):
    """Keeps the numbers of ``nav`` and the words of ``undo_bar`` true for the desk it was given."""

    def __init__(self, tasks: Tasks, nav: Nav, undo_bar: UndoBar) -> None:
        super().__init__(nav)
        self._tasks = tasks
        self._nav = nav
        self._undo_bar = undo_bar
        self._desk: Desk | None = None
        self._patience = PATIENCE
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._look)

    def of(self, desk: Desk | None) -> None:
        """Count this desk's records from now on, or none."""
        self._desk = desk
        if desk is None:
            self.stop()
            self._undo_bar.tell("", "")

    def stop(self) -> None:
        """Look no more."""
        self._pause.stop()

    @Slot()
    def count(self) -> None:
        """Count now; the problems follow once nobody writes."""
        if self._desk is None:
            return
        workspace = self._desk.workspace
        counts = self._tasks.run(lambda _progress: (self._badges(workspace), workspace.undoable()))
        counts.succeeded.connect(self._counted)
        if workspace.info.perfil != OFICINA:
            self._pause.start(self._patience)

    def _badges(self, workspace: "Workspace") -> dict[str, int | None]:
        """The badge of each page that has one, by the page's name."""
        counts = workspace.counts()
        asked = [(spec.name, spec.count) for spec, _entry in self._nav.entries if spec.count]
        return {name: counts.get(count) if isinstance(count, str) else count(workspace) for name, count in asked}

    @Slot(object)
    def _counted(self, said: tuple[dict[str, int | None], tuple[str, str]]) -> None:
        badges, acts = said
        self._undo_bar.tell(*acts)
        for spec, entry in self._nav.entries:
            if spec.count:
                entry.set_count(badges.get(spec.name))

    @Slot()
    def _look(self) -> None:
        """Count what is not complete. Whoever types comes first: the longer it takes, the rarer it is done."""
        if self._desk is None:
            return
        workspace = self._desk.workspace

        def work(_progress: Progress) -> tuple[dict[str, int], float]:
            began = monotonic()
            return pending(workspace), monotonic() - began

        self._tasks.run(work).succeeded.connect(self._looked)

    @Slot(object)
    def _looked(self, said: tuple[dict[str, int], float]) -> None:
        found, seconds = said
        self._patience = max(PATIENCE, int(seconds * 10_000))
        for spec, entry in self._nav.entries:
            if spec.count:
                entry.set_pending(found.get(spec.count, 0) if isinstance(spec.count, str) else 0)


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

"""How somebody comes in: the pages from before a store is open, and which of them stands when one does not open."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui import opening
from ui.chips import label
from ui.front import FrontPage
from ui.messages import Messages
from ui.start import Start, StartPage
from ui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from peti_desktop.progress import Progress
    from peti_desktop.workspace import Workspace

    Opens = Callable[[Progress], Workspace]


class Entrance(QObject):
    """``shown(page)`` is the page that stands alone now; ``begun(work, text)`` the work that opens a store, told so."""

    shown = Signal(object)
    begun = Signal(object, str)

    def __init__(self, messages: Messages, tasks: Tasks, parent: QObject) -> None:
        super().__init__(parent)
        self._messages, self._tasks = messages, tasks
        self._asked: Path | str | None = None
        self._waiting = False

    def show_start(self) -> None:
        """The first start: three questions, or a store that exists."""
        page = StartPage(self._messages)
        page.chosen.connect(self.begin)
        page.arrived.connect(self._show_arrival)
        page.server.connect(self._show_server)
        self._show(page)

    @Slot(str, object)
    def _show_arrival(self, kind: str, path: Path) -> None:
        """Somebody brings a copy or a post: what is in it, and where it goes."""
        from ui.arrival import ArrivalPage

        self._show_front(ArrivalPage(kind, path, self._messages, self._tasks))

    @Slot(str)
    def _show_server(self, address: str) -> None:
        """The data are on a server: which, and who works there."""
        from ui.server import ServerPage

        self._show_front(ServerPage(self._messages, address))

    def _show_front(self, page: FrontPage) -> None:
        page.chosen.connect(self.begin)
        page.back.connect(self.show_start)
        self._show(page)

    def wait(self, text: str) -> None:
        """A quiet page while something is prepared."""
        words = label(text, "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._show(words)
        self._waiting = True

    def open_store(self, store: Path | str) -> None:
        """Open an existing store; one that cannot be opened is told on the first page, of a server on its own."""
        self._asked = store
        self.begun.emit(partial(_open, store), f"Abriendo {opening.called(store)}…")

    @Slot(object)
    def begin(self, start: Start) -> None:
        """Open what somebody decided on a page of before."""
        self.begun.emit(partial(opening.begin, start), "Preparando el archivo…")

    def refused(self) -> None:
        """What was begun could not be done: a page with questions stays, and one comes where there is none."""
        if not self._waiting:
            return
        if isinstance(self._asked, str):
            self._show_server(self._asked)
        else:
            self.show_start()

    def _show(self, page: QWidget) -> None:
        self._waiting = False
        self.shown.emit(page)


def _open(store: Path | str, _progress: "Progress") -> "Workspace":
    return opening.open_store(store)

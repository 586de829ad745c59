"""What every page gets: the open workspace, the tasks, the door to the user, and how pages hear of each other.

A page is built as ``make(desk)`` and listed in ``ui.dependencia.pages()`` or ``ui.oficina.pages()``::

    def pages() -> tuple[PageSpec, ...]:
        return (PageSpec("riesgos", "&Riesgos", "riesgos", RiesgosPage, count="riesgo"), ...)

    class RiesgosPage(Page):
        title = "Riesgos"
        shows = frozenset({"riesgo", "control"})

        def __init__(self, desk: Desk) -> None:
            super().__init__(desk)
            self.body.addWidget(...)

        def reload(self) -> None:
            self.desk.run(lambda progress: self.desk.workspace.records("riesgo"), self._fill)

Work that touches the workspace goes through ``desk.run`` (reads) or ``desk.save`` (writes); never call it directly
from the window's thread.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import label
from ui.messages import Messages, Notice
from ui.tasks import Task, Tasks

if TYPE_CHECKING:  # the workspace brings SQLAlchemy along, which the first paint must not wait for
    from peti_desktop.workspace import Workspace

T = TypeVar("T")


class Desk(QObject):
    """One open workspace and everything a page needs around it.

    ``stored(types, origin)``: records of these types changed, ``origin`` is the page that did it or ``None``.
    ``wanted(page, target)``: somebody wants to see ``page`` (its name), at ``target`` (what that page understands).
    ``saving(count)``: so many writes are under way; ``shown(task, text)``: show this task in the status line.
    ``undoing``: somebody wants the newest act undone; ``tracing``: the history of the record in front.
    ``reopens(work, text, told)``: let ``work(progress)`` put a workspace in the place of this one.
    ``relisted(origin)``: the lists changed: pages built with the words of before are made anew, but for ``origin``.
    ``left``: the window closes, or takes another workspace: nothing may be asked for at this desk any more.
    """

    stored = Signal(object, object)
    wanted = Signal(str, object)
    saving = Signal(int)
    shown = Signal(object, str)
    undoing = Signal()
    tracing = Signal()
    reopens = Signal(object, str, object)
    relisted = Signal(object)
    left = Signal()

    def __init__(
        self,
        workspace: "Workspace",
        tasks: Tasks,
        messages: Messages,
        notice: Notice,
        today: Callable[[], date] = lambda: datetime.now().astimezone().date(),
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.tasks = tasks
        self.messages = messages
        self.notice = notice
        self.today = today
        self._writes = 0
        self._last_failed = False
        self._owing: set[object] = set()

    @property
    def settled(self) -> bool:
        """Whether all that was typed is on disk: the last write went well, and nobody keeps a text to try again."""
        return not (self._last_failed or self._owing)

    def owe(self, keeper: object, owes: bool) -> None:
        """``keeper`` keeps text that could not be written, or does so no longer."""
        (self._owing.add if owes else self._owing.discard)(keeper)

    def run(
        self,
        work: Callable[[Progress], T],
        then: Callable[[T], object] | None = None,
        *,
        fails: Callable[[UserError], object] | None = None,
        text: str = "",
        store: bool = True,
    ) -> Task[T]:
        """Run ``work(progress)`` off the window's thread; ``then(result)`` follows on it.

        A ``UserError`` goes to ``fails`` or the notice bar. With ``text`` the status line shows progress and
        «Cancelar». ``store=False`` is for work that does not touch the workspace. Connect to the task's ``cancelled``
        or ``finished`` for the rest.
        """
        task = self.tasks.run(work, store=store)
        if then is not None:
            task.succeeded.connect(then)
        told = fails or self.notice.error

        def failed(error: object) -> None:
            if isinstance(error, UserError):
                told(error)

        task.failed.connect(failed)
        if text:
            self.shown.emit(task, text)
        return task

    def save(
        self,
        work: Callable[[Progress], T],
        types: Iterable[str],
        then: Callable[[T], object] | None = None,
        *,
        origin: QWidget | None = None,
        fails: Callable[[UserError], object] | None = None,
        text: str = "",
    ) -> Task[T]:
        """``run`` for work that changes records of ``types``: afterwards the other pages that show them reload."""
        changed = frozenset(types)
        self._writes += 1
        self.saving.emit(self._writes)
        task = self.run(work, then, fails=fails, text=text)
        task.succeeded.connect(partial(self._ended, failed=False))
        task.failed.connect(partial(self._ended, failed=True))
        task.succeeded.connect(lambda _result: self.stored.emit(changed, origin))
        task.finished.connect(self._written)
        return task

    def go(self, page: str, target: object = None) -> None:
        """Show another page, at ``target`` when it understands one."""
        self.wanted.emit(page, target)

    def reopen(self, work: "Callable[[Progress], Workspace]", text: str, told: "str | Callable[[], str]") -> None:
        """Let ``work`` change or replace the store as a whole: every page is made anew over what it gives.

        ``text`` is shown meanwhile, ``told`` (or what it gives then) afterwards. When ``work`` raises UserError, the
        store of before goes on.
        """
        self.reopens.emit(work, text, told)

    def undo(self) -> None:
        """Undo the newest act; the window does it, and says so."""
        self.undoing.emit()

    def trace(self) -> None:
        """Show the history of the record in front."""
        self.tracing.emit()

    def _ended(self, _outcome: object, *, failed: bool) -> None:
        self._last_failed = failed

    def _written(self) -> None:
        self._writes -= 1
        self.saving.emit(self._writes)


@dataclass(frozen=True, slots=True)
class Subject:
    """A record that somebody means: its type and uid."""

    type: str
    uid: str


class Page(QWidget):
    """A page of the main window: title, actions at its right, and ``body`` to fill.

    ``shows`` names the record types whose change makes the page reload. ``scrolls`` puts the page into a scroll area;
    pages that are one big table turn it off. The window calls ``reload()`` when the page is first shown and whenever
    what it shows was changed elsewhere, ``shown()`` every time it comes to the front, ``flush()`` before it leaves or
    the program closes, ``target(x)`` when somebody asked to see ``x``.
    """

    title: ClassVar[str] = ""
    subtitle: ClassVar[str] = ""
    shows: ClassVar[frozenset[str]] = frozenset()
    scrolls: ClassVar[bool] = True

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.setProperty("role", "scrolled")
        self.setAccessibleName(self.title)
        self._subtitle = label(self.subtitle, "muted", wraps=True)
        if not self.subtitle:  # setHidden(False) would flash a window: the label has no parent yet
            self._subtitle.hide()
        self.actions_row = QHBoxLayout()
        self.actions_row.setSpacing(theme.SMALL)
        above = QHBoxLayout()
        above.addWidget(label(self.title, "title"), 1)
        above.addLayout(self.actions_row)
        # Under both: beside many buttons its words would have a narrow column of their own.
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addLayout(above)
        head.addWidget(self._subtitle)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.LARGE)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.LARGE, theme.WIDE, theme.LARGE)
        column.setSpacing(theme.LARGE)
        column.addLayout(head)
        column.addLayout(self.body, 1)

    def set_subtitle(self, text: str) -> None:
        """One line under the title: what is asked, or how far it is."""
        self._subtitle.setText(text)
        self._subtitle.setVisible(bool(text))

    def reload(self) -> None:
        """Read again what the page shows."""

    def shown(self) -> None:
        """The page came to the front."""

    def flush(self) -> None:
        """Write now what waits for its autosave timer."""

    def subject(self) -> Subject | None:
        """The record in front, whose history F4 shows."""
        return None

    def target(self, wanted: Any) -> None:
        """Go to ``wanted``, for example (uid, field name)."""


@dataclass(frozen=True, slots=True)
class PageSpec:
    """A page in the navigation: name (for ``--page`` and ``desk.go``), label with mnemonic, icon, and how it is made.

    ``count`` is the key of ``workspace.counts()`` for the badge, or a function of the workspace; its None shows none.
    ``begins`` is called once at each desk, for what works whichever page is shown.
    """

    name: str
    text: str
    icon: str
    make: Callable[[Desk], Page]
    count: "str | Callable[[Workspace], int | None]" = ""
    begins: Callable[[Desk], object] | None = None

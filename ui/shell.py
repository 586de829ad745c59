"""The main window: navigation on the left, a line that says whose work this is, the page, and the state of saving."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui import icons, opening, theme
from ui.acting import Acting
from ui.chips import button, label
from ui.counting import Counting
from ui.desk import Desk, Page, PageSpec
from ui.entrance import Entrance
from ui.heading import ROLE, Heading
from ui.keeping import Keeping
from ui.messages import Dialogs, Messages, Notice
from ui.nav import NUMBERED, Nav, NavButton
from ui.opening import OFICINA
from ui.tasks import ProgressStrip, Task, Tasks
from ui.undoing import UndoBar

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

SMALLEST: Final = QSize(880, 500)
"""Fits 1366x768 at 150 % (911x512 logical) with its frame."""
FOOT: Final = 5
HELP: Final = (
    "Ctrl+1 a Ctrl+9 y Ctrl+0: ir a una página.  Alt y la letra subrayada: pulsar un botón.  "
    "Tab: pasar al campo siguiente.\n"
    "F2 o Entrar: modificar una celda.  Ctrl+-: «No aplica».  Alt+Supr: «Borrar lo anterior».  "
    "Ctrl+J: rellenar hacia abajo.\n"
    "Ctrl+F: buscar.  Ctrl+Z y Ctrl+Y: deshacer y rehacer.  F4: historia del registro.  "
    "F1 en un campo: qué significa.  Todo se guarda solo."
)


class Shell(QMainWindow):
    """The window of one store; before one is open it shows the three questions of the first start.

    ``pages`` decides the pages of a workspace (tests hand in their own). ``entered`` comes when a workspace is open and
    its first page stands, ``refused`` when it could not be opened; ``painted`` once, after the first paint.
    """

    painted = Signal()
    entered = Signal()
    refused = Signal()

    def __init__(
        self,
        messages: Messages | None = None,
        *,
        pages: "Callable[[Workspace], tuple[PageSpec, ...]] | None" = None,
        store: Path | str | None = None,
        page: str = "",
    ) -> None:
        super().__init__()
        self.setWindowTitle("Peti Desktop")
        self.setWindowIcon(icons.icon("app"))
        self.setMinimumSize(SMALLEST)
        self.messages: Messages = messages or Dialogs(self)
        self.tasks = Tasks(self)
        self.desk: Desk | None = None
        self._keeping: Keeping | None = None
        self._pages_of = pages or pages_of
        self._first_page = page
        self._specs: tuple[PageSpec, ...] = ()
        self._made: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._seen = False
        self._build()
        self.entrance = Entrance(self.messages, self.tasks, self)
        self.entrance.shown.connect(self._alone)
        self.entrance.begun.connect(self._task)
        if store is not None:
            self.entrance.wait(f"Abriendo {opening.called(store)}…")
            QTimer.singleShot(0, partial(self.entrance.open_store, store))
        else:
            self.entrance.show_start()

    def _build(self) -> None:
        self.nav = Nav()
        self.nav.chosen.connect(self._clicked)

        self.heading = Heading()
        self.notice = Notice()
        holder = QVBoxLayout()
        holder.setContentsMargins(theme.WIDE, theme.SMALL, theme.WIDE, 0)
        holder.addWidget(self.notice)
        self._stack = QStackedWidget()

        footer = self._build_footer()

        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.heading)
        right.addLayout(holder)
        right.addWidget(self._stack, 1)
        right.addWidget(footer)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.nav)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)
        for number in range(1, NUMBERED + 1):
            key = QShortcut(QKeySequence(f"Ctrl+{number % 10}"), self)
            key.activated.connect(partial(self._numbered, number))
        QShortcut(QKeySequence(Qt.Key.Key_F1), self).activated.connect(self._help)
        self._history_key = QShortcut(QKeySequence(Qt.Key.Key_F4), self)
        self._history_key.activated.connect(self.acting.open_history)

    def _build_footer(self) -> QFrame:
        footer = QFrame()
        footer.setProperty("role", "footer")
        self._saved = label("", "small")
        self.strip = ProgressStrip()
        bottom = QHBoxLayout(footer)
        bottom.setContentsMargins(theme.WIDE, FOOT, theme.WIDE, FOOT)
        bottom.setSpacing(theme.SMALL)
        bottom.addWidget(self._saved)
        bottom.addSpacing(theme.SMALL)
        self.undo_bar = UndoBar(self)
        self.acting = Acting(self, self.flush, lambda: self.page)
        self.undo_bar.undone.connect(self.acting.undo)
        self.undo_bar.redone.connect(self.acting.redo)
        self.counting = Counting(self.tasks, self.nav, self.undo_bar)
        bottom.addWidget(self.undo_bar)
        bottom.addStretch(1)
        bottom.addWidget(self.strip, 2)
        self.papelera = button("Papelera", self.acting.open_papelera, role="quiet")
        self.papelera.setStyleSheet("padding: 0 8px; min-height: 22px;")
        self.papelera.setToolTip("Lo que se retiró, y cómo recuperarlo")
        self.papelera.hide()
        bottom.addWidget(self.papelera)
        self.other = button("Abrir otro…", self.open_other, role="quiet")
        self.other.setStyleSheet("padding: 0 8px; min-height: 22px;")
        self.other.setToolTip("Cerrar este archivo y volver a la primera página")
        self.other.hide()
        bottom.addWidget(self.other)
        return footer

    # -- before a store is open

    def open_other(self) -> None:
        """Let this store go, with the copy of closing it, and show the first page."""
        if self.desk is None:
            return
        self.flush()
        workspace = self.desk.workspace
        task = self.tasks.run(lambda _progress: opening.leave(workspace))
        task.succeeded.connect(self._left)
        self.strip.attach(task, f"Cerrando {opening.called(workspace.store.address or workspace.store.path)}…")

    @Slot()
    def _left(self) -> None:
        self._take(None)
        self.notice.clear()
        self.setWindowTitle("Peti Desktop")
        for shown in (self.papelera, self.other):
            shown.hide()
        self._saved.clear()
        self._forget_pages()
        self.entrance.show_start()

    @Slot(object)
    def _alone(self, page: QWidget) -> None:
        """``page`` and nothing beside it."""
        self.nav.hide()
        self.heading.hide()
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        area = scrolled(page)
        self._stack.addWidget(area)
        self._stack.setCurrentWidget(area)

    @Slot(object, str)
    def _task(self, work: "Callable[[Progress], Workspace]", text: str) -> None:
        self.notice.clear()
        task = self.tasks.run(work)
        task.succeeded.connect(self.enter)
        task.failed.connect(self._refused)
        self.strip.attach(task, text)

    @Slot(object)
    def _refused(self, error: object) -> None:
        self.entrance.refused()
        if isinstance(error, UserError):
            self.notice.error(error)
        self.refused.emit()

    # -- a store is open

    @Slot(object)
    def enter(self, workspace: "Workspace") -> None:
        """Show the pages of ``workspace``."""
        desk = Desk(workspace, self.tasks, self.messages, self.notice)
        self._take(desk)
        desk.wanted.connect(self.go)
        desk.stored.connect(self._stored)
        desk.saving.connect(self._saving)
        desk.shown.connect(self._show_task)
        desk.reopens.connect(self._reopen)
        desk.undoing.connect(self.acting.undo)
        desk.tracing.connect(self.acting.open_history)
        desk.relisted.connect(self._relisted)
        own = workspace.info.perfil != OFICINA
        self.papelera.setVisible(own)
        self.other.show()
        self._history_key.setEnabled(own)  # at the office F4 shows where a value came from
        self._specs = self._pages_of(workspace)
        self.heading.tell(desk)
        self.setWindowTitle(f"Peti Desktop — {self.heading.whose} · Vigencia {workspace.info.vigencia}")
        self.nav.fill(self._specs)
        self.nav.show()
        self.heading.show()
        self.counting.count()
        self._saving(0)
        first = self._first_page or (self._specs[0].name if self._specs else "")
        if first:
            self.go(first)
        for spec in self._specs:
            if spec.begins is not None:
                spec.begins(desk)
        settled = self.tasks.run(partial(opening.settle, workspace))
        settled.succeeded.connect(self._settled)
        self.entered.emit()

    def _take(self, desk: Desk | None) -> None:
        """Work at this desk from now on, or at none; what worked at the one before goes."""
        if self._keeping is not None:
            self._keeping.timer.stop()
            self._keeping.deleteLater()
        if self.desk is not None:
            self.desk.left.emit()
        self.desk = desk
        self.acting.desk = desk
        self.counting.of(desk)
        self._keeping = Keeping(desk, self) if desk is not None else None

    @Slot(object)
    def _settled(self, told: str) -> None:
        if told:
            self.notice.tell(told, tone="warns")

    @Slot(object, str, object)
    def _reopen(self, work: "Callable[[Progress], Workspace]", text: str, told: "str | Callable[[], str]") -> None:
        """Let ``work`` change the store as a whole, and show it anew; when it cannot, the store of before goes on."""
        assert self.desk is not None
        before = self.desk.workspace
        self.flush()
        self.notice.clear()
        self._forget_pages()
        self.entrance.wait(text)
        task = self.tasks.run(work)

        def done(workspace: "Workspace") -> None:
            self.enter(workspace)
            self.notice.tell(told if isinstance(told, str) else told(), tone="fine")

        def failed(error: object) -> None:
            self.enter(before)
            if isinstance(error, UserError):
                self.notice.error(error)

        task.succeeded.connect(done)
        task.failed.connect(failed)
        task.cancelled.connect(partial(self.enter, before))
        self.strip.attach(task, text)

    @Slot(object)
    def _relisted(self, origin: object) -> None:
        """The lists changed: every page but ``origin`` and the one in front is made anew when it is asked for."""
        self.flush()
        for name, page in list(self._made.items()):
            if page is not origin and page is not self.page:
                area = _area_of(page)
                self._stack.removeWidget(area)
                area.deleteLater()
                del self._made[name]
                self._stale.discard(name)
        if self.desk is not None:
            self.heading.tell(self.desk)

    def _forget_pages(self) -> None:
        self._made.clear()
        self._stale.clear()
        self.nav.empty()

    def go(self, name: str, wanted: object = None) -> None:
        """Show the page ``name``, made now if nobody asked for it before."""
        self.flush()
        page = self._page(name)
        self._stack.setCurrentWidget(_area_of(page))
        entry = self.nav.check(name)
        focused = self.focusWidget()
        # «Cancelar» of the strip goes away by itself: the keyboard must not fall from there to the foot of the window.
        if isinstance(focused, NavButton | None) or self.strip.isAncestorOf(focused):
            entry.setFocus()
        if name in self._stale:
            self._stale.discard(name)
            page.reload()
        page.shown()
        if wanted is not None:
            page.target(wanted)

    @property
    def page(self) -> Page | None:
        """The page in front."""
        current = self._stack.currentWidget()
        return next((page for page in self._made.values() if current in (page, _area_of(page))), None)

    def flush(self) -> None:
        """Let every page write what waits for its timer."""
        for page in self._made.values():
            page.flush()

    def _page(self, name: str) -> Page:
        if name not in self._made:
            assert self.desk is not None
            spec = next(spec for spec in self._specs if spec.name == name)
            page = spec.make(self.desk)
            self._stack.addWidget(scrolled(page) if page.scrolls else page)
            self._made[name] = page
            self._stale.add(name)
        return self._made[name]

    @Slot(object, object)
    def _stored(self, types: frozenset[str], origin: object) -> None:
        for name, page in self._made.items():
            if page is origin or not (page.shows & types or ROLE in types):
                continue
            if page is self.page:
                page.reload()
            else:
                self._stale.add(name)
        if ROLE in types:
            self.heading.tell_role()
        if self.desk is not None:
            self.heading.tell_due(self.desk)  # a return brings another deadline
        self.counting.count()

    @Slot(int)
    def _saving(self, writes: int) -> None:
        from peti_desktop import moments

        settled = self.desk is None or self.desk.settled
        rest = f"✓ Todo guardado · {moments.time_of(moments.now())}" if settled else "▲ Lo último no se guardó"
        self._saved.setText("Guardando…" if writes else rest)

    @Slot(object, str)
    def _show_task(self, task: Task[Any], text: str) -> None:
        self.strip.attach(task, text)

    @Slot(int)
    def _clicked(self, number: int) -> None:
        self.go(self._specs[number].name)

    def _numbered(self, number: int) -> None:
        if number <= len(self._specs):
            self.go(self._specs[number - 1].name)

    def _help(self) -> None:
        """F1: of the field with the cursor, else of the keyboard."""
        from ui.help import show_help
        from ui.manual import OPEN, open_manual

        if not show_help(self, QApplication.focusWidget()):
            self.notice.tell("Con el teclado", HELP, action=OPEN, act=partial(open_manual, self.messages))

    # -- Qt

    def sizeHint(self) -> QSize:
        free = QGuiApplication.primaryScreen().availableGeometry().size()
        return QSize(1240, 720).boundedTo(free)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Taking the focus away ends the editing of a cell or field, which hands over what was typed.
        focused = QApplication.focusWidget()
        if focused is not None:
            focused.clearFocus()
        self.flush()
        self.counting.stop()
        if self._keeping is not None:
            self._keeping.timer.stop()
        if self.desk is not None:
            self.desk.left.emit()
        # The store was opened on its own thread, and its lock can only be let go there.
        self.tasks.close(partial(opening.leave, self.desk.workspace) if self.desk is not None else None)
        super().closeEvent(event)


def scrolled(page: QWidget) -> QScrollArea:
    """``page`` in a scroll area, for screens smaller than it."""
    page.setProperty("role", "scrolled")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.viewport().setAutoFillBackground(False)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _area_of(page: QWidget) -> QWidget:
    viewport = page.parentWidget()
    area = viewport.parentWidget() if viewport is not None else None
    return area if isinstance(area, QScrollArea) else page


def pages_of(workspace: "Workspace") -> tuple[PageSpec, ...]:
    """The pages for who works here."""
    if workspace.info.perfil == OFICINA:
        from ui import oficina

        return oficina.pages()
    from ui import dependencia

    return dependencia.pages()

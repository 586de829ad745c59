"""The main window: navigation on the left, a line that says whose work this is, the page, and the state of saving."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayoutItem,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui import icons, opening, theme
from ui.chips import StateChip, button, label
from ui.desk import Desk, Page, PageSpec
from ui.messages import Dialogs, Messages, Notice
from ui.nav import NAV_WIDTH, NavButton, pending
from ui.opening import OFICINA
from ui.start import Start, StartPage
from ui.tasks import ProgressStrip, Task, Tasks
from ui.undoing import UndoBar

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

SMALLEST: Final = QSize(880, 500)
"""Fits 1366x768 at 150 % (911x512 logical) with its frame."""
ROOMY: Final = 1000
FOOT: Final = 5
NUMBERED: Final = 10
"""So many pages have a key of their own: Ctrl+1 to Ctrl+9, and Ctrl+0 for the tenth."""
PATIENCE: Final = 700
"""Milliseconds of quiet before the problems are counted."""

HELP: Final = (
    "Ctrl+1 a Ctrl+9 y Ctrl+0: ir a una página.  Alt y la letra subrayada: pulsar un botón.  "
    "Tab: pasar al campo siguiente.\n"
    "F2 o Entrar: modificar una celda.  Ctrl+F: buscar.  Ctrl+-: «No aplica».  Todo se guarda solo.\n"
    "Ctrl+Z y Ctrl+Y: deshacer y rehacer.  F4: historia del registro.  Ctrl+J: rellenar hacia abajo.\n"
    "F1 en un campo: qué significa."
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
        self._pages_of = pages or pages_of
        self._first_page = page
        self._specs: tuple[PageSpec, ...] = ()
        self._made: dict[str, Page] = {}
        self._stale: set[str] = set()
        self._seen = False
        self._asked: Path | str | None = None
        self._patience = PATIENCE
        self._build()
        if store is not None:
            self.show_opening(store)
            QTimer.singleShot(0, partial(self.open_store, store))
        else:
            self.show_start()

    def _build(self) -> None:
        self._nav = QFrame()
        self._nav.setProperty("role", "nav")
        self._nav.setFixedWidth(NAV_WIDTH)
        self._entries = QVBoxLayout(self._nav)
        self._entries.setContentsMargins(theme.SMALL, theme.LARGE, theme.SMALL, theme.SMALL)
        self._entries.setSpacing(2)
        self._group = QButtonGroup(self)
        self._group.idClicked.connect(self._clicked)

        self._build_header()
        self.notice = Notice()
        holder = QVBoxLayout()
        holder.setContentsMargins(theme.WIDE, theme.SMALL, theme.WIDE, 0)
        holder.addWidget(self.notice)
        self._stack = QStackedWidget()

        footer = self._build_footer()

        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._header)
        right.addLayout(holder)
        right.addWidget(self._stack, 1)
        right.addWidget(footer)
        middle = QWidget()
        row = QHBoxLayout(middle)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._nav)
        row.addLayout(right, 1)
        self.setCentralWidget(middle)
        for number in range(1, NUMBERED + 1):
            key = QShortcut(QKeySequence(f"Ctrl+{number % 10}"), self)
            key.activated.connect(partial(self._numbered, number))
        QShortcut(QKeySequence(Qt.Key.Key_F1), self).activated.connect(self._help)
        self._history_key = QShortcut(QKeySequence(Qt.Key.Key_F4), self)
        self._history_key.activated.connect(self.open_history)

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
        self.undo_bar.undone.connect(self.undo)
        self.undo_bar.redone.connect(self.redo)
        bottom.addWidget(self.undo_bar)
        bottom.addStretch(1)
        bottom.addWidget(self.strip, 2)
        self.papelera = button("Papelera", self.open_papelera, role="quiet")
        self.papelera.setStyleSheet("padding: 0 8px; min-height: 22px;")
        self.papelera.setToolTip("Lo que se retiró, y cómo recuperarlo")
        self.papelera.hide()
        bottom.addWidget(self.papelera)
        self.other = button("Abrir otro…", self.open_other, role="quiet")
        self.other.setStyleSheet("padding: 0 8px; min-height: 22px;")
        self.other.setToolTip("Cerrar este archivo y volver a la primera página")
        self.other.hide()
        bottom.addWidget(self.other)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.timeout.connect(self._look)
        self._focused: QWidget | None = None
        return footer

    def _build_header(self) -> None:
        self._header = QFrame()
        self._header.setProperty("role", "header")
        self._whose = label("Peti Desktop", "heading")
        self._whose.setMinimumWidth(80)  # a long name gives way before the deadline does
        self._when = label("", "muted")
        self._due = StateChip()
        top = QHBoxLayout(self._header)
        top.setContentsMargins(theme.WIDE, theme.SMALL, theme.WIDE, theme.SMALL)
        top.setSpacing(theme.MEDIUM)
        top.addWidget(self._whose)
        top.addWidget(self._when)
        self._example = StateChip("Datos de ejemplo", "warns")
        self._example.setToolTip("Lo marcado como ejemplo lo hizo el programa con una regla, para mostrarse.")
        top.addWidget(self._example)
        top.addStretch()
        top.addWidget(self._due)

    # -- before a store is open

    def show_start(self) -> None:
        """The first start: three questions, or a store that exists."""
        self._nav.hide()
        self._header.hide()
        page = StartPage(self.messages)
        page.chosen.connect(self._start)
        page.arrived.connect(self._show_arrival)
        page.server.connect(self._show_server)
        self._only(page)

    @Slot(str, object)
    def _show_arrival(self, kind: str, path: Path) -> None:
        """Somebody brings a copy or a post: what is in it, and where it goes."""
        from ui.arrival import ArrivalPage

        page = ArrivalPage(kind, path, self.messages, self.tasks)
        page.chosen.connect(self._start)
        page.back.connect(self.show_start)
        self._only(page)

    def _show_server(self, address: str = "") -> None:
        """The data are on a server: which, and who works there."""
        from ui.server import ServerPage

        page = ServerPage(self.messages, address)
        page.chosen.connect(self._start)
        page.back.connect(self.show_start)
        self._only(page)

    def show_opening(self, store: Path | str) -> None:
        """A quiet page while the store opens."""
        self._show_waiting(f"Abriendo {opening.called(store)}…")

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
        self.desk = None
        self._pause.stop()
        self.notice.clear()
        self.setWindowTitle("Peti Desktop")
        for shown in (self.papelera, self.other):
            shown.hide()
        self.undo_bar.tell("", "")
        self._saved.clear()
        self._forget_pages()
        self.show_start()

    def _show_waiting(self, text: str) -> None:
        self._nav.hide()
        self._header.hide()
        waiting = label(text, "muted")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._only(waiting)

    def _only(self, page: QWidget) -> None:
        while (old := self._stack.widget(0)) is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        area = scrolled(page)
        self._stack.addWidget(area)
        self._stack.setCurrentWidget(area)

    def open_store(self, store: Path | str) -> None:
        """Open an existing store; one that cannot be opened is told on the first page, of a server on its own."""
        self._asked = store
        self._task(lambda _progress: opening.open_store(store), f"Abriendo {opening.called(store)}…")

    @Slot(object)
    def _start(self, start: Start) -> None:
        self._task(partial(opening.begin, start), "Preparando el archivo…")

    def _task(self, work: "Callable[[Progress], Workspace]", text: str) -> None:
        self.notice.clear()
        task = self.tasks.run(work)
        task.succeeded.connect(self.enter)
        task.failed.connect(self._refused)
        self.strip.attach(task, text)

    @Slot(object)
    def _refused(self, error: object) -> None:
        if not self._stack.findChildren(StartPage) and not self._stack.findChildren(QWidget, "arrival"):
            if isinstance(self._asked, str):
                self._show_server(self._asked)
            else:
                self.show_start()
        if isinstance(error, UserError):
            self.notice.error(error)
        self.refused.emit()

    # -- a store is open

    @Slot(object)
    def enter(self, workspace: "Workspace") -> None:
        """Show the pages of ``workspace``."""
        desk = Desk(workspace, self.tasks, self.messages, self.notice)
        self.desk = desk
        desk.wanted.connect(self.go)
        desk.stored.connect(self._stored)
        desk.saving.connect(self._saving)
        desk.shown.connect(self._show_task)
        desk.reopens.connect(self._reopen)
        desk.undoing.connect(self.undo)
        desk.tracing.connect(self.open_history)
        own = workspace.info.perfil != OFICINA
        self.papelera.setVisible(own)
        self.other.show()
        self._history_key.setEnabled(own)  # at the office F4 shows where a value came from
        self._specs = self._pages_of(workspace)
        info = workspace.info
        whose = "Oficina TIC" if info.perfil == OFICINA else info.dependencia_nombre
        self.setWindowTitle(f"Peti Desktop — {whose} · Vigencia {info.vigencia}")
        self._whose.setText(str(whose))
        self._whose.setToolTip(str(whose))
        self._when.setText(f"Vigencia {info.vigencia}")
        self._example.setVisible(info.ejemplo)
        self._tell_due(desk)
        self._fill_nav()
        self._saving(0)
        first = self._first_page or (self._specs[0].name if self._specs else "")
        if first:
            self.go(first)
        settled = self.tasks.run(partial(opening.settle, workspace))
        settled.succeeded.connect(self._settled)
        self.entered.emit()

    @Slot(object)
    def _settled(self, told: str) -> None:
        if told:
            self.notice.tell(told, tone="warns")

    @Slot(object, str, str)
    def _reopen(self, work: "Callable[[Progress], Workspace]", text: str, told: str) -> None:
        """Let ``work`` change the store as a whole, and show it anew; when it cannot, the store of before goes on."""
        assert self.desk is not None
        before = self.desk.workspace
        self.flush()
        self.notice.clear()
        self._forget_pages()
        self._show_waiting(text)
        task = self.tasks.run(work)

        def done(workspace: "Workspace") -> None:
            self.enter(workspace)
            self.notice.tell(told, tone="fine")

        def failed(error: object) -> None:
            self.enter(before)
            if isinstance(error, UserError):
                self.notice.error(error)

        task.succeeded.connect(done)
        task.failed.connect(failed)
        task.cancelled.connect(partial(self.enter, before))
        self.strip.attach(task, text)

    def _forget_pages(self) -> None:
        self._made.clear()
        self._stale.clear()
        for entry in self._group.buttons():
            self._group.removeButton(entry)
        while (item := self._entries.takeAt(0)) is not None:
            _discard(item)

    def _tell_due(self, desk: Desk) -> None:
        due = desk.workspace.info.vence
        self._due.setVisible(due is not None)
        if due is not None:
            left = (due - desk.today()).days
            day = f"{due.day}/{due.month:02}/{due.year}"
            match left:
                case 0:
                    self._due.tell(f"Vence hoy, {day}", "warns")
                case 1:
                    self._due.tell(f"Vence mañana, {day}", "warns")
                case _ if left < 0:
                    self._due.tell(f"Venció hace {-left} {'día' if left == -1 else 'días'}, el {day}", "stops")
                case _:
                    self._due.tell(f"Faltan {left} días · vence {day}", "warns" if left <= 7 else "info")

    def _fill_nav(self) -> None:
        brand = QHBoxLayout()
        picture = QLabel()
        picture.setPixmap(icons.pixmap("app", 24, "", self.devicePixelRatioF()))
        brand.addWidget(picture)
        brand.addSpacing(theme.SMALL)
        brand.addWidget(label("Peti Desktop", "heading"))
        brand.addStretch()
        brand.setContentsMargins(theme.SMALL, 0, 0, theme.LARGE)
        self._entries.addLayout(brand)
        for number, spec in enumerate(self._specs):
            entry = NavButton(spec)
            if number < NUMBERED:
                entry.set_keys(f"Ctrl+{(number + 1) % 10}")
            self._group.addButton(entry, number)
            self._entries.addWidget(entry)
        self._entries.addStretch()
        self._nav.show()
        self._header.show()
        self._count()

    def go(self, name: str, wanted: object = None) -> None:
        """Show the page ``name``, made now if nobody asked for it before."""
        self.flush()
        page = self._page(name)
        self._stack.setCurrentWidget(_area_of(page))
        number = [spec.name for spec in self._specs].index(name)
        entry = self._group.button(number)
        entry.setChecked(True)
        if isinstance(self.focusWidget(), NavButton | None):
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
            if page is origin or not page.shows & types:
                continue
            if page is self.page:
                page.reload()
            else:
                self._stale.add(name)
        if self.desk is not None:
            self._tell_due(self.desk)  # a return brings another deadline
        self._count()

    def _count(self) -> None:
        if self.desk is None:
            return
        workspace = self.desk.workspace
        counts = self.tasks.run(lambda _progress: (self._badges(workspace), workspace.undoable()))
        counts.succeeded.connect(self._counted)
        if workspace.info.perfil != OFICINA:
            self._pause.start(self._patience)

    def _badges(self, workspace: "Workspace") -> dict[str, int | None]:
        """The badge of each page that has one, by the page's name."""
        counts = workspace.counts()
        asked = [(spec.name, spec.count) for spec in self._specs if spec.count]
        return {name: counts.get(count) if isinstance(count, str) else count(workspace) for name, count in asked}

    @Slot(object)
    def _counted(self, said: tuple[dict[str, int | None], tuple[str, str]]) -> None:
        badges, acts = said
        self.undo_bar.tell(*acts)
        for spec, entry in self._counting():
            entry.set_count(badges.get(spec.name))

    def _counting(self) -> list[tuple[PageSpec, NavButton]]:
        """The entries of pages whose records are counted."""
        entries = [(spec, self._group.button(number)) for number, spec in enumerate(self._specs)]
        return [(spec, entry) for spec, entry in entries if spec.count and isinstance(entry, NavButton)]

    def _look(self) -> None:
        """Count what is not complete. Whoever types comes first: the longer it takes, the rarer it is done."""
        if self.desk is None:
            return
        workspace = self.desk.workspace

        def work(_progress: Progress) -> tuple[dict[str, int], float]:
            began = monotonic()
            return pending(workspace), monotonic() - began

        self.tasks.run(work).succeeded.connect(self._looked)

    @Slot(object)
    def _looked(self, said: tuple[dict[str, int], float]) -> None:
        found, seconds = said
        self._patience = max(PATIENCE, int(seconds * 10_000))
        for spec, entry in self._counting():
            entry.set_pending(found.get(spec.count, 0) if isinstance(spec.count, str) else 0)

    # -- undo, history, wastebasket

    @Slot()
    def undo(self) -> None:
        """Take back the newest act."""
        self._turn(again=False)

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn(again=True)

    def _turn(self, *, again: bool) -> None:
        if self.desk is None:
            return
        from peti_desktop.records import TYPES

        # A field that has the keyboard would keep what it says.
        self._focused = QApplication.focusWidget()
        if self._focused is not None:
            self._focused.clearFocus()
        self.flush()
        workspace = self.desk.workspace
        turn = workspace.redo if again else workspace.undo
        task = self.desk.save(turn, TYPES, partial(self._turned, again), text="Un momento…")
        task.finished.connect(self._refocus)

    def _turned(self, again: bool, words: str) -> None:
        if not words:
            self.notice.tell("No hay nada que rehacer." if again else "No hay nada que deshacer.")
        elif again:
            self.notice.tell(f"Se rehízo: {words}.", action="Deshacer", act=self.undo)
        else:
            self.notice.tell(f"Se deshizo: {words}.", action="Rehacer", act=self.redo)

    @Slot()
    def _refocus(self) -> None:
        """Give the keyboard back once the page has read again; its reading was asked for before this."""
        self.tasks.run(lambda _progress: None).finished.connect(self._give_back)

    @Slot()
    def _give_back(self) -> None:
        if self._focused is not None and isValid(self._focused) and QApplication.focusWidget() is None:
            self._focused.setFocus()
        self._focused = None

    def open_papelera(self) -> None:
        """Show what was retired."""
        if self.desk is not None:
            from ui.papelera import Papelera

            self.flush()
            Papelera(self.desk, self).open()

    @Slot()
    def open_history(self) -> None:
        """Show who changed the record in front, when, and what."""
        if self.desk is not None and self.page is not None:
            from ui.historia import open_history

            self.flush()
            subject = self.page.subject()
            open_history(self.desk, [subject] if subject else [], self)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._when.setVisible(event.size().width() >= ROOMY)  # the title bar says it too

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
        self._pause.stop()
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


def _discard(item: QLayoutItem) -> None:
    """Let go of what a layout held."""
    widget, inner = item.widget(), item.layout()
    if widget is not None:
        widget.deleteLater()
    while inner is not None and (piece := inner.takeAt(0)) is not None:
        _discard(piece)


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

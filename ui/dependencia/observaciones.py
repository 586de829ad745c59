"""What the Oficina TIC asks about the deliveries: each observation leads to its field and is answered here."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QListView, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop.records.convert import spoken_date
from ui import theme
from ui.chips import Empty, button
from ui.dependencia import abrir
from ui.dependencia.abrir import OBSERVATIONS
from ui.dependencia.observadas import ANSWERED, ENTRY, FILTERS, WAITING, Entry, Observed, ObservedPainter
from ui.dependencia.problems import PAGES
from ui.dependencia.respuesta import Respuesta
from ui.dependencia.scrolling import scrolled
from ui.desk import Desk, Page, Subject

if TYPE_CHECKING:
    from peti_desktop.progress import Progress
    from peti_desktop.returning.observations import Observation
    from peti_desktop.workspace import Workspace

LIST_WIDTH, ANSWER_WIDTH = 380, 420
HINT: Final = "Cuando devuelva una entrega, abra aquí su archivo o arrástrelo hasta esta página."


def load(workspace: "Workspace", today: date) -> list[Entry]:
    """The observations of the vigencia, as people read them."""
    from peti_desktop.delivery.made import made
    from peti_desktop.returning import answering
    from peti_desktop.returning.observations import listing

    found = listing(workspace, vigencia=workspace.info.vigencia)
    standing = answering.standing(workspace, found)
    numbers = {one.code: one.number for one in made(workspace)}
    entries = [Entry(one, standing[one.uid], numbers.get(one.respondida_con or "", 0), today) for one in found]
    return sorted(entries, key=_place)


def _place(entry: Entry) -> tuple[int, str, int]:
    order = list(PAGES)
    tipo = entry.asked.tipo
    return (order.index(tipo) + 1 if tipo in order else 0, entry.title, entry.asked.numero)


def waiting(workspace: "Workspace") -> int | None:
    """How many observations have no answer yet; None for none, which needs no badge."""
    from peti_desktop.returning import answering

    return len(answering.unanswered(workspace)) or None


class ObservacionesPage(Page):
    """List at the left, the chosen one with its answer at the right. Its target is the uid of an observation."""

    title = "Observaciones"
    shows = abrir.CHANGES
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self._wanted = ""
        self.open = button("Abrir archivo de la &Oficina TIC…", lambda: abrir.choose(desk, self), icon="carpeta")
        self.open.setToolTip("La devolución o el acuse que le entregaron. También puede arrastrarlo hasta aquí.")
        self.actions_row.addWidget(self.open)
        self.observed = Observed()
        self.answer = Respuesta()
        self.answer.answered.connect(self._answer)
        self.answer.withdrawn.connect(self._withdraw)
        self.answer.wanted.connect(self._go)
        self.stack = QStackedWidget()
        self.stack.addWidget(self._both())
        way = button("Abrir archivo de la Oficina TIC…", lambda: abrir.choose(desk, self), icon="carpeta")
        self.stack.addWidget(
            Empty("La Oficina TIC no ha pedido nada", HINT, icon="observaciones", action=way),
        )
        self.body.addWidget(self.stack, 1)
        self.stack.setCurrentIndex(1)

    def _both(self) -> QWidget:
        self.filter = QComboBox()
        self.filter.setAccessibleName("Mostrar")
        for state, words in FILTERS:
            self.filter.addItem(words, state)
        self.filter.activated.connect(self._ask)
        self.list = QListView()
        self.list.setAccessibleName("Observaciones")
        self.list.setModel(self.observed)
        self.list.setItemDelegate(ObservedPainter(self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(lambda index: self._go(index.data(ENTRY)))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        self._nothing = Empty("No hay ninguna así", "Escoja arriba cuáles quiere ver.")
        self.right = QStackedWidget()
        self.right.addWidget(scrolled(self.answer))
        self.right.addWidget(self._nothing)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.LARGE)
        split.addWidget(left)
        split.addWidget(self.right)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([LIST_WIDTH, ANSWER_WIDTH])
        return split

    # -- reading

    def reload(self) -> None:
        workspace, today = self.desk.workspace, self.desk.today()
        self.desk.run(lambda _progress: load(workspace, today), self._fill)

    def shown(self) -> None:
        self.reload()  # the values may have changed on their own pages
        self.list.setFocus()

    def _fill(self, entries: list[Entry]) -> None:
        kept = self._wanted or (self.answer.entry.asked.uid if self.answer.entry else "")
        self.observed.fill(entries)
        self._tell()
        self.stack.setCurrentIndex(0 if entries else 1)
        wanted = next((entry for entry in entries if entry.asked.uid == self._wanted), None)
        shown = self.filter.currentData()
        hidden = wanted is not None and wanted.asked.estado != shown
        if entries and (hidden or (shown == WAITING and not self.observed.count(WAITING))):
            self.filter.setCurrentIndex(len(FILTERS) - 1)  # when nothing waits, all are worth seeing
        self._wanted = ""
        self._ask(kept=kept)

    def _tell(self) -> None:
        """Say how many wait, until when, and how many of each state there are."""
        for place, (state, words) in enumerate(FILTERS):
            self.filter.setItemText(place, f"{words} ({self.observed.count(state)})")
        entries = self.observed.entries
        open_ = [entry for entry in entries if entry.asked.estado == WAITING]
        if not entries:
            self.set_subtitle("")
        elif not open_:
            ready = sum(entry.asked.estado == ANSWERED and not entry.carried for entry in entries)
            self.set_subtitle("✓ Todas respondidas." + (" Las respuestas van en la próxima entrega." if ready else ""))
        else:
            first = min(open_, key=lambda entry: entry.asked.vence or date.max)
            many = "1 por responder" if len(open_) == 1 else f"{len(open_)} por responder"
            due = f" antes del {spoken_date(first.asked.vence)}: {first.due}" if first.asked.vence else ""
            self.set_subtitle(f"▲ {many}{due}.")

    def _ask(self, _what: object = None, *, kept: str = "") -> None:
        kept = kept or (self.answer.entry.asked.uid if self.answer.entry else "")
        self.answer.flush()
        self.observed.ask(str(self.filter.currentData()))
        row = self.observed.row_of(kept)
        self.right.setCurrentIndex(0 if row >= 0 else 1)
        if row >= 0:
            self.list.setCurrentIndex(self.observed.index(row))

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        entry = current.data(ENTRY)
        if isinstance(entry, Entry):
            self.answer.show_entry(entry)

    # -- going to the field

    def _go(self, entry: object) -> None:
        if not isinstance(entry, Entry):
            return
        asked = entry.asked
        if not asked.tipo:
            self.desk.go("inicio")
        elif not asked.registro:
            self.desk.go(PAGES[asked.tipo])
        elif entry.standing.here:
            self.desk.go(PAGES[asked.tipo], (asked.registro, asked.campo))
        else:
            self.desk.notice.tell("Ese registro no está en este equipo.", "Puede responder sin ir a él.", tone="warns")

    # -- answering

    def _answer(self, uid: str, respuesta: str, razon: str) -> None:
        workspace = self.desk.workspace

        def work(_progress: "Progress") -> "Observation":
            from peti_desktop.returning import answering

            return answering.answer(workspace, uid, respuesta, razon)

        self._save(uid, work)

    def _withdraw(self, uid: str) -> None:
        workspace = self.desk.workspace

        def work(_progress: "Progress") -> "Observation":
            from peti_desktop.returning import answering

            return answering.unanswer(workspace, uid)

        self._save(uid, work)

    def _save(self, uid: str, work: "Callable[[Progress], Observation]") -> None:
        entry = next(entry for entry in self.observed.entries if entry.asked.uid == uid)

        def saved(now: "Observation") -> None:
            put = Entry(now, entry.standing, 0 if now.estado == WAITING else _carried(entry, now), entry.today)
            self.observed.put(put)
            if self.answer.entry is not None and self.answer.entry.asked.uid == uid:
                self.answer.show_entry(put)
            self._tell()

        self.desk.save(work, {OBSERVATIONS, *([entry.asked.tipo] if entry.asked.tipo else [])}, saved, origin=self)

    # -- the page

    def flush(self) -> None:
        self.answer.flush()

    def subject(self) -> Subject | None:
        entry = self.answer.entry
        if entry is None or not entry.asked.registro or not entry.standing.here:
            return None
        return Subject(entry.asked.tipo, entry.asked.registro)

    def target(self, wanted: Any) -> None:
        self._wanted = str(wanted)
        self.reload()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        abrir.open_files(self.desk, paths, self)


def _carried(entry: Entry, now: "Observation") -> int:
    return entry.carried if now.respondida_con else 0

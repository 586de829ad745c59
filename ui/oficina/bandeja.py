"""The inbox: drop files, a folder or a memory; one line per file; look at what each would do; decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QSplitter, QVBoxLayout, QWidget

from peti_desktop.consolidation import roles
from peti_desktop.intake import assigning, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.oldform import adopted
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.drives import places
from ui.desk import Desk
from ui.oficina.bandeja_asignar import Assigning
from ui.oficina.bandeja_barra import Bar
from ui.oficina.bandeja_decidir import Deciding
from ui.oficina.bandeja_recibir import Receiving
from ui.oficina.bandeja_soltar import DropPage
from ui.oficina.bandeja_vigilada import Watcher, Watching
from ui.oficina.lines import LINE, Counted, LinePainter, Lines, Question
from ui.oficina.review import Review
from ui.oficina.review_marks import Opened, opened
from ui.oficina.words import DELIVERIES, Line

LOW: Final = 520
"""Below this height the words under the title make room for the list."""
MANY: Final = 2_000
PAUSE_MS: Final = 120
"""Running through the list with the arrows must not compare every delivery on the way."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows, as the store has it; ``refused`` why nothing may be decided here."""

    receipts: list[Receipt]
    forms: list[Receipt]
    people: list[str]
    refused: str


class BandejaPage(DropPage):
    """See the module. Files that were not stored stay listed until the program closes."""

    title = "Bandeja"
    subtitle = "Arrastre aquí los archivos, la carpeta o la memoria USB."
    shows = frozenset({DELIVERIES, "observacion"})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._stored: dict[str, Line] = {}
        self._forms: dict[str, Line] = {}
        self._loaded = False
        self._wanted: object = None
        self._loose: dict[Path, Line] = {}
        self._paths: dict[str, Path] = {}
        self.refused = ""
        self.model = Lines()
        self.bar = Bar()
        self.review = Review(desk)
        self.review.compare.connect(self.look_again)
        self.review.form.connect(self._open_form)
        self.deciding = Deciding(self)
        self.receiving = Receiving(desk, self)
        self.receiving.came.connect(self._take)
        self.watcher = Watcher.of(desk)
        self.watcher.page = self
        self.watcher.told.connect(self._tell_watched)
        self.watching = Watching(self.watcher)
        self.watching.wanted.connect(self.receive)
        self.receiving.done.connect(self._settled)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.look_again)
        self._build()
        self.assigning = Assigning(self)
        self._menu_more.addActions(list(self.assigning.actions.values()))
        self._menu_more.addMenu(self.bar.ordering(self._menu_more))

    # -- building

    def _build(self) -> None:
        self._actions()
        self.list = QListView()
        self.list.setAccessibleName("Entregas recibidas")
        self.list.setModel(self.model)
        self.list.setItemDelegate(LinePainter(self.list))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setProperty("role", "card")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.selectionModel().selectionChanged.connect(lambda _on, _off: self.assigning.look())
        self.list.selectionModel().currentChanged.connect(self._picked)
        self.list.activated.connect(lambda _index: self.review.tree.setFocus())
        self.bar.asked.connect(self._ask)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.list, 1)
        self._none = label("Ninguna línea es así. Cambie los filtros de arriba.", "muted", wraps=True)
        column.addWidget(self._none)
        self._empty = Empty(
            "Suelte aquí lo que llegó",
            "Se revisa la firma de cada archivo antes de leerlo. Nada entra a la matriz hasta que usted lo acepte.",
            icon="bandeja",
        )
        column.addWidget(self._empty, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(left)
        split.addWidget(self.review)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 4)
        left.setMinimumWidth(220)
        self.review.setMinimumWidth(330)
        split.setSizes([340, 680])
        self._no = label("", "warns", wraps=True)
        self._no.hide()
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self._no)
        self.body.addWidget(self.watching)
        self.body.addWidget(self.bar)
        self.body.addWidget(split, 1)
        self._counted()

    def _actions(self) -> None:
        self._clean = button("Aceptar limpias", self._accept_clean)
        self._clean.setToolTip(
            "Las de firma buena, sin dudosos y sin avisos sobre el archivo. Antes se guarda una copia. Teclas Ctrl+L."
        )
        QShortcut(QKeySequence("Ctrl+L"), self, self._clean.click)
        self._clean.setEnabled(False)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._offer)
        self._receive = button("&Recibir", icon="bandeja")
        self._receive.setMenu(self._menu)
        self._menu_more = more = QMenu(self)
        more.setToolTipsVisible(True)
        undo = more.addAction("Deshac&er la última recepción…", self.deciding.undo)
        undo.setToolTip("Deja los registros como estaban antes de la última aceptación, entera.")
        self._more = button("Más")
        self._more.setAccessibleName("Más con la bandeja")
        self._more.setMenu(more)
        for made in (self._more, self._clean, self._receive):
            self.actions_row.addWidget(made)

    def _offer(self) -> None:
        """What can be received from here, with the memories that are plugged in now."""
        menu = self._menu
        menu.clear()
        menu.addAction("Ar&chivos…", self._pick_files)
        menu.addAction("Car&peta…", self._pick_folder)
        for place in places():
            if place.removable:
                menu.addAction(place.words, partial(self.receive, [place.path]))
        menu.addSeparator()
        menu.addAction("&Formulario de Excel 2007, sin firma…", self._pick_form)
        menu.addSeparator()
        state, waits = self.watcher.state, len(self.watcher.arrived)
        if waits:
            menu.addAction(f"&Lo que llegó a la carpeta vigilada ({waits})", self.watching.receive)
        menu.addAction("&Vigilar una carpeta…", self._pick_watched)
        if (folder := state.folder) is not None:
            act = menu.addAction(f"Vi&gilar «{folder}»")
            act.setCheckable(True)
            act.setChecked(state.on)
            act.toggled.connect(lambda on: self.watcher.choose(folder, on=on))

    # -- the list

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(_progress: Progress) -> Found:
            refused = roles.refusal(workspace, roles.CHANGE)
            people = assigning.people(workspace)
            return Found(inbox.listing(workspace), adopted.listing(workspace), people, str(refused) if refused else "")

        self.desk.run(look, self._listed)

    def target(self, wanted: object) -> None:
        """Open the line of a delivery, by its SHA-256, or those that were counted, as soon as the list is there."""
        if not self._loaded:
            self._wanted = wanted
            return
        if isinstance(wanted, Counted):
            self.bar.show_counted(wanted)
            return
        if not self._select(str(wanted)):
            self.bar.group.setCurrentIndex(0)
            self._select(str(wanted))

    def _listed(self, found: Found) -> None:
        stored = [Line(receipt, self._paths.get(receipt.sha256)) for receipt in found.receipts]
        self._stored = {line.key: _same(line, self._stored) for line in stored}
        self._forms = {line.key: _same(line, self._forms) for line in map(Line, found.forms)}
        self.assigning.people, self.refused = found.people, found.refused
        self.review.refused = bool(self.refused)
        self.assigning.look()
        self._loaded = True
        self._no.setText(f"▲ {self.refused}")
        self._no.setVisible(bool(self.refused))
        self.setAcceptDrops(not self.refused)
        self._tell_watched()
        for made in (self._more, self._receive):
            made.setVisible(not self.refused)
        self._show()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.target(wanted)
        self.look_again()

    def _show(self) -> None:
        kept = self.review.line
        whole = sorted([*self._stored.values(), *self._forms.values()], key=_came)
        self.model.fill([*whole, *self._loose.values()])
        self.bar.tell(self.model)
        self._keep(kept)
        self._counted()

    def _keep(self, line: Line | None) -> None:
        """What somebody is reading stays in front, also when the list does not show it any more."""
        if line is None:
            return
        if not self._select(line.key) and not self.model.known(line.key):
            self.review.show_line(None)

    def _select(self, key: str) -> bool:
        row = self.model.row_of(key)
        if row < 0:
            return False
        self.list.setCurrentIndex(self.model.index(row))
        return True

    def _ask(self, question: Question) -> None:
        kept = self.review.line
        self.model.ask(question)
        self._keep(kept)
        self._counted()

    def _counted(self) -> None:
        some, shown = bool(self.model.total), bool(self.model.rowCount())
        self.list.setVisible(shown)
        self._none.setVisible(some and not shown)
        self._empty.setVisible(not some)
        clean = len(self._clean_ones())
        self._clean.setVisible(not self.refused)
        self._clean.setEnabled(clean > 0 and not self.review.busy)
        self._clean.setText(f"Aceptar limpias ({clean})" if clean else "Aceptar limpias")

    @Slot(QModelIndex, QModelIndex)
    def _picked(self, current: QModelIndex, _previous: QModelIndex) -> None:
        line = current.data(LINE)
        chosen = self.list.selectionModel()
        if line is not None and not chosen.hasSelection():
            # Who comes here by Tab sees the first line, without which the keys of the list would be about nothing.
            chosen.select(current, QItemSelectionModel.SelectionFlag.Select)
        # Lines that arrive move the rows; what somebody is reading stays as it is.
        if line is None or line == self.review.line:
            return
        self.review.show_line(line)
        if self.review.looks_into:
            self._pause.start()

    def look_again(self) -> None:
        """Compare the delivery in front anew."""
        line = self.review.line
        if line is None or not self.review.looks_into:
            return
        workspace, receipt, against = self.desk.workspace, line.receipt, str(self.review.filters.against.currentData())
        self.desk.run(lambda _progress: opened(workspace, receipt, against), partial(self._previewed, line.key))

    def _previewed(self, key: str, found: Opened) -> None:
        if self.review.line is not None and self.review.line.key == key:
            self.review.show_opened(found)

    def set_busy(self, busy: bool) -> None:
        """No second decision while one is being written."""
        self.review.set_busy(busy)
        self._counted()

    # -- receiving

    def receive(self, paths: Sequence[Path]) -> None:
        """Look at every file under ``paths``."""
        self.receiving.receive(list(paths))

    def receive_again(self, fingerprint: str) -> None:
        """Look again at the files that wait for this signer."""
        same = [
            line.path
            for line in self._loose.values()
            if line.receipt.fingerprint == fingerprint and line.path is not None
        ]
        self.receive(same)

    def _take(self, new: list[Line]) -> None:
        for line in new:
            if line.path is not None:
                self._paths[line.receipt.sha256] = line.path
        for line in new:
            # What was said about this file before does not hold any more; the newest stands last.
            if line.path is not None:
                self._loose.pop(line.path, None)
                if not line.stored:
                    self._loose[line.path] = line
        self._stored |= {line.key: line for line in new if line.stored}
        # Laying thousands of lines out anew several times a second would leave no time for anything else.
        many = self.receiving.busy and self.model.total > MANY
        self.list.setLayoutMode(QListView.LayoutMode.Batched if many else QListView.LayoutMode.SinglePass)
        self._show()

    def _settled(self, paths: Sequence[Path]) -> None:
        """All was looked at, or somebody stopped it."""
        if not self.receiving.busy:
            self.list.setLayoutMode(QListView.LayoutMode.SinglePass)
            self.list.doItemsLayout()
        self.watcher.received(paths)

    def _pick_files(self) -> None:
        files = self.desk.messages.open_files("Recibir archivos", "Entregas (*.xlsx);;Todos los archivos (*)")
        if files:
            self.receive(files)

    def _pick_folder(self) -> None:
        folder = self.desk.messages.folder("Recibir una carpeta o memoria USB")
        if folder is not None:
            self.receive([folder])

    def _pick_form(self) -> None:
        path = self.desk.messages.open_file("Formulario de Excel 2007", "Formularios (*.xlsx)")
        if path is not None:
            self._read_form(path)

    def _open_form(self) -> None:
        if self.review.line is not None and self.review.line.path is not None:
            self._read_form(self.review.line.path)

    def _read_form(self, path: Path) -> None:
        from ui.dependencia.formulario import RecibirFormulario  # it brings the spreadsheet readers along

        window = RecibirFormulario(self.desk, self)
        window.open()
        window.read(path)

    def _pick_watched(self) -> None:
        folder = self.desk.messages.folder("Carpeta en la que aparecen las entregas")
        if folder is not None:
            self.watcher.choose(folder, on=True)

    def _tell_watched(self) -> None:
        state = self.watcher.state
        more = f" Se vigila «{state.folder}»." if state.on else ""
        room = self.height() >= LOW and not self.refused  # who may not receive is not told to drop anything
        self.set_subtitle(f"{self.subtitle}{more}" if room else "")

    def _accept_clean(self) -> None:
        self.deciding.accept_clean(self._clean_ones(), len(self._clean_ones(others=True)))

    def _clean_ones(self, *, others: bool = False) -> list[Receipt]:
        """What can be accepted without a look: what nobody else looks at, or what ``others`` do."""
        clean = [line for line in self._stored.values() if line.receipt.clean]
        return [line.receipt for line in clean if bool(self.assigning.others(line)) == others]

    @property
    def selected(self) -> list[Line]:
        """The lines that are selected, from the top."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [self.model.index(row).data(LINE) for row in rows]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_watched()

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()  # a window that closes asks nothing any more
        super().hideEvent(event)


def _same(line: Line, known: Mapping[str, Line]) -> Line:
    """The line that is shown already, when nothing about it changed: the list knows it again."""
    old = known.get(line.key)
    return old if old is not None and old == line else line


def _came(line: Line) -> datetime:
    return line.receipt.received_at or datetime.max.replace(tzinfo=UTC)

"""The inbox: drop files, a folder or a memory; one line per file; look at what each would do; decide."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QHideEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QSplitter, QVBoxLayout, QWidget

from peti_desktop.consolidation import roles
from peti_desktop.intake import inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.drives import places
from ui.desk import Desk, Page
from ui.oficina.bandeja_barra import Bar
from ui.oficina.bandeja_decidir import Deciding
from ui.oficina.bandeja_recibir import Receiving
from ui.oficina.bandeja_vigilada import Watching
from ui.oficina.lines import LINE, LinePainter, Lines, Question
from ui.oficina.review import Review
from ui.oficina.review_marks import Opened, opened
from ui.oficina.words import DELIVERIES, Line

LOW: Final = 520
"""Below this height the words under the title make room for the list."""
PAUSE_MS: Final = 120
"""Running through the list with the arrows must not compare every delivery on the way."""


class BandejaPage(Page):
    """See the module. Files that were not stored stay listed until the program closes."""

    title = "Bandeja"
    subtitle = "Arrastre aquí los archivos, la carpeta o la memoria USB."
    shows = frozenset({DELIVERIES, "observacion"})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._stored: list[Receipt] = []
        self._loaded = False
        self._wanted: object = None
        self._loose: list[Line] = []
        self._paths: dict[str, Path] = {}
        self._hovering = False
        self._refused = ""
        self.model = Lines()
        self.bar = Bar()
        self.review = Review(desk)
        self.review.compare.connect(self.look_again)
        self.review.form.connect(self._open_form)
        self.deciding = Deciding(self)
        self.receiving = Receiving(desk, self)
        self.receiving.came.connect(self._take)
        self.watching = Watching(desk)
        self.watching.wanted.connect(self.receive)
        self.watching.told.connect(self._tell_watched)
        self.receiving.done.connect(self.watching.received)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._preview)
        self.setAcceptDrops(True)
        self._build()
        self.watching.begin()

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
        more = QMenu(self)
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
        state = self.watching.state
        menu.addAction("&Vigilar una carpeta…", self._pick_watched)
        if state.folder is not None:
            act = menu.addAction(f"Vi&gilar «{state.folder}»")
            act.setCheckable(True)
            act.setChecked(state.on)
            act.toggled.connect(partial(self._switch, state.folder))

    # -- the list

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(_progress: Progress) -> tuple[list[Receipt], str]:
            refused = roles.refusal(workspace, roles.CHANGE)
            return inbox.listing(workspace), str(refused) if refused else ""

        self.desk.run(look, self._listed)

    def target(self, wanted: object) -> None:
        """Open the line of a delivery, by its SHA-256, as soon as the list is there."""
        if not self._loaded:
            self._wanted = wanted
            return
        if not self._select(str(wanted)):
            self.bar.group.setCurrentIndex(0)
            self._select(str(wanted))

    def _listed(self, found: tuple[list[Receipt], str]) -> None:
        self._stored, self._refused = found
        self._loaded = True
        self._no.setText(f"▲ {self._refused}")
        self._no.setVisible(bool(self._refused))
        self.setAcceptDrops(not self._refused)
        for made in (self._more, self._receive):
            made.setVisible(not self._refused)
        self._show()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.target(wanted)
        self._preview()

    def _show(self) -> None:
        kept = self.review.line
        stored = [Line(receipt, self._paths.get(receipt.sha256)) for receipt in self._stored]
        self.model.fill([*stored, *self._loose])
        self.bar.tell(self.model)
        self._keep(kept)
        self._counted()

    def _keep(self, line: Line | None) -> None:
        """What somebody is reading stays in front, also when the list does not show it any more."""
        if line is None:
            return
        if not self._select(line.key) and not any(other.key == line.key for other in self.model.lines):
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
        lines = self.model.lines
        self.list.setVisible(bool(self.model.shown))
        self._none.setVisible(bool(lines) and not self.model.shown)
        self._empty.setVisible(not lines)
        clean = sum(line.stored and line.receipt.clean for line in lines)
        self._clean.setVisible(not self._refused)
        self._clean.setEnabled(clean > 0 and not self.review.busy)
        self._clean.setText(f"Aceptar limpias ({clean})" if clean else "Aceptar limpias")

    @Slot(QModelIndex, QModelIndex)
    def _picked(self, current: QModelIndex, _previous: QModelIndex) -> None:
        line = current.data(LINE)
        # Lines that arrive move the rows; what somebody is reading stays as it is.
        if line is None or line == self.review.line:
            return
        self.review.show_line(line)
        if self.review.looks_into:
            self._pause.start()

    def look_again(self) -> None:
        """Compare the delivery in front anew."""
        self._preview()

    def _preview(self) -> None:
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
        same = [line.path for line in self._loose if line.receipt.fingerprint == fingerprint and line.path is not None]
        self.receive(same)

    def _take(self, new: list[Line]) -> None:
        for line in new:
            if line.path is not None:
                self._paths[line.receipt.sha256] = line.path
        fresh = {line.path for line in new}
        hashes = {line.receipt.sha256 for line in new if line.stored}
        # What was said about these files before does not hold any more.
        self._loose = [old for old in self._loose if old.path not in fresh]
        self._loose += [line for line in new if not line.stored]
        self._stored = [r for r in self._stored if r.sha256 not in hashes] + [
            line.receipt for line in new if line.stored
        ]
        self._show()

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
            self.watching.choose(folder, on=True)

    def _switch(self, folder: Path, on: bool) -> None:
        self.watching.choose(folder, on=on)

    def _tell_watched(self) -> None:
        state = self.watching.state
        more = f" Se vigila «{state.folder}»." if state.on else ""
        self.set_subtitle(f"{self.subtitle}{more}" if self.height() >= LOW else "")

    def _accept_clean(self) -> None:
        self.deciding.accept_clean([line.receipt for line in self.model.lines if line.stored])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_watched()

    # -- dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._hover(over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(over=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._hover(over=False)
        event.acceptProposedAction()
        self.receive([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()  # a window that closes asks nothing any more
        super().hideEvent(event)

    def _hover(self, *, over: bool) -> None:
        self._hovering = over
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._hovering:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = theme.tones(self.palette())
            painter.setBrush(QColor(look.accent_soft))
            painter.setPen(QPen(QColor(look.accent), 2, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(self.rect().adjusted(6, 6, -6, -6), theme.RADIUS, theme.RADIUS)
            painter.end()

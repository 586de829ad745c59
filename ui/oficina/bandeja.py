"""The inbox: drop files, a folder or a memory; one line per file; look at what each would do; decide."""

from collections import deque
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import RECEIVED, Receipt
from peti_desktop.intake.stage import Staging
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from ui import theme
from ui.chips import Empty, button
from ui.desk import Desk, Page
from ui.oficina.lines import FILTERS, LINE, LinePainter, Lines
from ui.oficina.review import Review
from ui.oficina.words import DELIVERIES, Line, counted, plural, verdict

CHANGES: Final = frozenset({*TYPES, DELIVERIES})
PAUSE_MS: Final = 120
"""Running through the list with the arrows must not compare every delivery on the way."""


class BandejaPage(Page):
    """See the module. Files that were not stored stay listed until the program closes."""

    title = "Bandeja"
    subtitle = "Arrastre aquí los archivos, la carpeta o la memoria USB."
    shows = frozenset({DELIVERIES})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._stored: list[Receipt] = []
        self._loose: list[Line] = []
        self._arrived: deque[Line] = deque()
        self._paths: dict[str, Path] = {}
        self._hovering = False
        self.model = Lines()
        self.review = Review()
        self.review.accept.connect(self._accept)
        self.review.reject.connect(self._reject)
        self.review.confirm.connect(self._confirm)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._preview)
        self.setAcceptDrops(True)
        self._build()

    def _build(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(theme.SMALL)
        bar.addWidget(self._filters())
        bar.addStretch()
        self._clean = button("Aceptar &limpias", self._accept_clean)
        self._clean.setToolTip(
            "Las de firma buena, sin dudosos y sin avisos sobre el archivo. Antes se guarda una copia."
        )
        self._clean.setEnabled(False)
        self._clean.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        bar.addWidget(self._clean)
        bar.addWidget(button("Agregar ar&chivos…", self._pick_files))
        bar.addWidget(button("Agregar car&peta…", self._pick_folder))
        self.list = QListView()
        self.list.setAccessibleName("Entregas recibidas")
        self.list.setModel(self.model)
        self.list.setItemDelegate(LinePainter(self.list))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setProperty("role", "card")
        self.list.selectionModel().currentChanged.connect(self._picked)
        self.model.modelReset.connect(self._counted)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.list, 1)
        self._empty = Empty(
            "Suelte aquí lo que llegó",
            "Se revisa la firma de cada archivo antes de leerlo. Nada entra a la matriz hasta que usted lo acepte.",
            icon="bandeja",
        )
        column.addWidget(self._empty, 1)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(theme.MEDIUM)
        self._split.addWidget(left)
        self._split.addWidget(self.review)
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        left.setMinimumWidth(230)
        self.review.setMinimumWidth(330)
        self._split.setSizes([400, 600])
        self.body.setSpacing(theme.MEDIUM)
        self.body.addLayout(bar)
        self.body.addWidget(self._split, 1)
        self._counted()

    def _filters(self) -> QComboBox:
        self.filter = QComboBox()
        self.filter.setAccessibleName("Qué líneas se ven")
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.filter.setMinimumContentsLength(8)
        for group, text in FILTERS:
            self.filter.addItem(text, group)
        self.filter.activated.connect(self._ask)
        return self.filter

    # -- the list

    def reload(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: inbox.listing(workspace), self._listed)

    def target(self, wanted: object) -> None:
        """Open the line of a delivery, by its SHA-256."""
        self._select(str(wanted))

    def _listed(self, receipts: list[Receipt]) -> None:
        self._stored = receipts
        self._show()
        self._pause.start()

    def _show(self) -> None:
        kept = self.review.line
        stored = [Line(receipt, self._paths.get(receipt.sha256)) for receipt in self._stored]
        self.model.fill([*stored, *self._loose])
        if kept is not None and not self._select(kept.key):
            self.review.show_line(None)

    def _select(self, key: str) -> bool:
        row = self.model.row_of(key)
        if row < 0:
            return False
        self.list.setCurrentIndex(self.model.index(row))
        return True

    def _ask(self) -> None:
        kept = self.review.line
        self.model.ask(str(self.filter.currentData()))
        if kept is not None:
            self._select(kept.key)

    def _counted(self) -> None:
        lines = self.model.lines
        self.list.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        for group, text in FILTERS:
            self.filter.setItemText(self.filter.findData(group), f"{text} ({self.model.count(group)})")
        clean = sum(line.stored and line.receipt.clean for line in lines)
        self._clean.setEnabled(clean > 0)
        self._clean.setText(f"Aceptar &limpias ({clean})" if clean else "Aceptar &limpias")

    @Slot(QModelIndex, QModelIndex)
    def _picked(self, current: QModelIndex, _previous: QModelIndex) -> None:
        line = current.data(LINE)
        # Lines that arrive move the rows; what somebody is reading stays as it is.
        if line is None or line == self.review.line:
            return
        self.review.show_line(line)
        if line.stored and line.receipt.state == RECEIVED:
            self._pause.start()

    def _preview(self) -> None:
        line = self.review.line
        if line is None or not line.stored or line.receipt.state != RECEIVED:
            return
        workspace, sha256 = self.desk.workspace, line.receipt.sha256
        self.desk.run(lambda _progress: apply.preview(workspace, sha256), partial(self._previewed, line.key))

    def _previewed(self, key: str, staging: Staging) -> None:
        if self.review.line is not None and self.review.line.key == key:
            self.review.show_staging(staging)

    # -- receiving

    def receive(self, paths: Sequence[Path]) -> None:
        """Look at every file under ``paths``; each is received whole or not at all, also when it is cancelled."""
        workspace, arrived = self.desk.workspace, self._arrived
        seen: list[Line] = []

        def work(progress: Progress) -> list[Line]:
            progress(0, 0, "Buscando archivos…")
            files = inbox.files_in(paths)
            for done, path in enumerate(files):
                progress(done, len(files), f"Archivo {done + 1} de {len(files)}: {path.name}")
                line = Line(inbox.receive(workspace, path), path)
                seen.append(line)
                arrived.append(line)
            progress(len(files), len(files), "")
            return seen

        task = self.desk.run(work, self._received, text="Buscando archivos…")
        # Lines are shown as they come; a bound method, for a plain function would run on the worker's thread.
        task.progressed.connect(self._take)
        task.cancelled.connect(lambda: self._stopped(len(seen)))
        task.finished.connect(self._ended)

    @Slot()
    def _take(self) -> None:
        new = [self._arrived.popleft() for _ in range(len(self._arrived))]
        if not new:
            return
        for line in new:
            if line.path is not None:
                self._paths[line.receipt.sha256] = line.path
            # What was said about this file before does not hold any more.
            self._loose = [old for old in self._loose if old.path != line.path]
            if line.stored:
                self._stored = [r for r in self._stored if r.sha256 != line.receipt.sha256] + [line.receipt]
            else:
                self._loose.append(line)
        self._show()

    def _received(self, lines: list[Line]) -> None:
        if not lines:
            self.desk.notice.tell("Ahí no hay archivos.", "Escoja la carpeta o la memoria donde están las entregas.")
            return
        said: dict[str, int] = {}
        for line in lines:
            word = verdict(line.receipt)[0]
            said[word] = said.get(word, 0) + 1
        words = " · ".join(f"{word} ({number})" for word, number in said.items())
        fine = all(line.receipt.state for line in lines)
        what = "Se revisó 1 archivo:" if len(lines) == 1 else f"Se revisaron {len(lines)} archivos:"
        self.desk.notice.tell(f"{what} {words}.", tone="fine" if fine else "warns")

    def _stopped(self, done: int) -> None:
        self.desk.notice.tell(
            f"Se detuvo después de {plural(done, 'archivo', 'archivos')}.",
            "Lo que ya estaba recibido está completo; los demás no se tocaron.",
            tone="warns",
        )

    def _ended(self) -> None:
        self._take()
        self.desk.stored.emit(frozenset({DELIVERIES}), None)

    def _pick_files(self) -> None:
        files = self.desk.messages.open_files("Agregar archivos", "Entregas (*.xlsx);;Todos los archivos (*)")
        if files:
            self.receive(files)

    def _pick_folder(self) -> None:
        folder = self.desk.messages.folder("Agregar una carpeta o memoria USB")
        if folder is not None:
            self.receive([folder])

    # -- deciding

    def _accept(self) -> None:
        line = self.review.line
        if line is None:
            return
        workspace, sha256 = self.desk.workspace, line.receipt.sha256
        self._decide(
            lambda _progress: apply.accept(workspace, sha256),
            lambda done: self.desk.notice.tell(
                f"Se aceptó la entrega de {line.name}.", counted(done.counts), tone="fine"
            ),
            "Aceptando la entrega…",
        )

    def _reject(self, reason: str) -> None:
        line = self.review.line
        if line is None:
            return
        workspace, sha256 = self.desk.workspace, line.receipt.sha256
        self._decide(
            lambda _progress: apply.reject(workspace, sha256, reason),
            lambda _done: self.desk.notice.tell(
                f"Se rechazó la entrega de {line.name}.", f"Motivo: {reason}", tone="info"
            ),
            "Guardando la decisión…",
        )

    def _accept_clean(self) -> None:
        workspace = self.desk.workspace
        receipts = [line.receipt for line in self.model.lines if line.stored]
        self._decide(
            lambda progress: apply.accept_clean(workspace, receipts, progress),
            self._accepted_clean,
            "Aceptando las limpias…",
        )

    def _accepted_clean(self, accepted: list[Receipt]) -> None:
        one = len(accepted) == 1
        self.desk.notice.tell(
            f"Se {'aceptó' if one else 'aceptaron'} {plural(len(accepted), 'entrega', 'entregas')}.",
            "Antes se guardó una copia del archivo de datos, al lado de él.",
            tone="fine",
        )

    def _decide(self, work: object, then: object, text: str) -> None:
        self.review.set_busy(True)
        self._clean.setEnabled(False)
        task = self.desk.save(work, CHANGES, then, text=text)  # type: ignore[arg-type, var-annotated]
        task.failed.connect(lambda _error: self.reload())
        task.finished.connect(lambda: self.review.set_busy(False))

    def _confirm(self) -> None:
        line = self.review.line
        if line is None or line.path is None:
            return
        shown = line.receipt.fingerprint
        same = [other.path for other in self._loose if other.receipt.fingerprint == shown and other.path is not None]
        workspace, path = self.desk.workspace, line.path

        self.desk.run(
            lambda _progress: apply.confirm_signer(workspace, path, shown),
            lambda _done: self.receive(same),
            text="Confirmando al firmante…",
        )

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

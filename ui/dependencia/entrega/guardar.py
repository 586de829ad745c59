"""Step 4: write the signed file, read it back, and hand over the paper."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QWidget

from peti_desktop.delivery import deliver as deliveries
from peti_desktop.delivery.deliver import Delivered, summary
from peti_desktop.delivery.envelope import file_name
from peti_desktop.delivery.made import made
from peti_desktop.errors import UserError
from peti_desktop.reports.page import Paper
from ui.chips import StateChip, button, card, label
from ui.dependencia.drives import places
from ui.dependencia.entrega.step import DeliveryStep, at_top
from ui.desk import Desk
from ui.outside import show_outside
from ui.papers import PaperBox
from ui.tasks import ProgressStrip, Task

if TYPE_CHECKING:
    from peti_desktop.progress import Progress
    from peti_desktop.trust.keys import Signer
    from peti_desktop.workspace import Workspace

SETTING = "carpeta_entregas"
"""The folder the last delivery was written into."""


class Guardar(DeliveryStep):
    """``delivered(Delivered)`` when the file is written, read back and found good. ``done`` keeps it."""

    delivered = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.done: Delivered | None = None
        self._signer: Signer | None = None
        self._task: Task[Any] | None = None
        self.forward = "Entre&gar"
        self.stack = QStackedWidget()
        self.stack.addWidget(self._asking())
        self.stack.addWidget(self._result())
        self.column.addWidget(self.stack, 1)

    def _asking(self) -> QWidget:
        frame, rows = card("¿Dónde se guarda el archivo?")
        self.where = QComboBox()
        self.where.setAccessibleName("Dónde se guarda")
        self.where.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.where.setMinimumContentsLength(30)
        self.where.activated.connect(self._tell)
        line = QHBoxLayout()
        line.addWidget(self.where, 1)
        line.addWidget(button("&Otra carpeta…", self._choose, icon="carpeta"))
        rows.addLayout(line)
        self.name = label("", "muted", wraps=True)
        rows.addWidget(self.name)
        self.wrong = label("", "stops", wraps=True)
        rows.addWidget(self.wrong)
        self.strip = ProgressStrip()
        rows.addWidget(self.strip)
        return at_top(frame)

    def _result(self) -> QWidget:
        frame, rows = card("Entrega lista")
        self.checked = StateChip("Escrita, leída de nuevo y verificada", "fine")
        rows.addWidget(self.checked)
        self.code = label("", "hero")
        self.code.setAccessibleName("Código de la entrega")
        self.path = label("", wraps=True)
        for words in (self.code, self.path):
            words.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.facts = label("", "muted", wraps=True)
        rows.addWidget(label("Código de la entrega, el mismo del acta:", "muted"))
        rows.addWidget(self.code)
        rows.addWidget(self.path)
        rows.addWidget(self.facts)
        self.acta = button("Abrir el &acta", self._open_acta, role="primary", icon="imprimir")
        self.folder = button("Abrir la car&peta", self._open_folder, icon="carpeta")
        line = QHBoxLayout()
        self.paper = PaperBox()
        line.addWidget(self.acta)
        line.addWidget(self.paper)
        line.addWidget(self.folder)
        line.addStretch()
        rows.addLayout(line)
        return at_top(frame)

    # -- before

    def take(self, signer: "Signer") -> None:
        """Sign with this key."""
        self._signer = signer

    def forget(self) -> None:
        """Begin anew: no key, no result."""
        self._signer = None
        self.done = None
        self.forward = "Entre&gar"
        self.stack.setCurrentIndex(0)

    def begin(self) -> None:
        if self.done is not None:
            return
        self.wrong.clear()
        self.set_ready(False)
        self.stack.setEnabled(False)  # a folder chosen before the places are known would be forgotten
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: (summary(workspace).number, workspace.setting(SETTING)), self._found)

    def _found(self, found: tuple[int, str]) -> None:
        self.stack.setEnabled(True)
        number, last = found
        info = self.desk.workspace.info
        self._file = file_name(info.vigencia, info.dependencia, number)
        self.where.clear()
        for place in places(last):
            self.where.addItem(place.words, str(place.path))
        self._tell()
        if self.isVisible():
            self.where.setFocus()

    def _choose(self) -> None:
        chosen = self.desk.messages.folder("¿Dónde se guarda la entrega?")
        if chosen is None:
            return
        self.where.insertItem(0, str(chosen), str(chosen))
        self.where.setCurrentIndex(0)
        self._tell()

    def _tell(self, _what: object = None) -> None:
        folder = self.where.currentData()
        self.name.setText(f"Se llamará {self._file}" if folder else "Elija una carpeta.")
        self.set_ready(bool(folder) and self._signer is not None)

    # -- writing

    def go(self) -> None:
        """Write, sign, read back."""
        if not self.ready or self._signer is None:
            return
        workspace, signer, folder = self.desk.workspace, self._signer, Path(str(self.where.currentData()))

        def work(progress: "Progress") -> Delivered:
            delivered = deliveries.deliver(workspace, signer, folder, progress)
            workspace.set_settings({SETTING: str(folder)})
            return delivered

        self.wrong.clear()
        self.set_ready(False, busy=True)
        self.where.setEnabled(False)
        task = self.desk.save(work, (), self._written, fails=self._failed)
        task.cancelled.connect(self._cancelled)
        task.finished.connect(self._over)
        self.strip.attach(task, "Preparando la entrega…")

    def _over(self) -> None:
        self.where.setEnabled(True)
        if self.done is not None:
            return
        if not self.wrong.text():  # what was no UserError; the window has told it
            self.wrong.setText("✕ La entrega no se hizo y no quedó nada escrito. Puede repetirla.")
        self._tell()

    def _written(self, made: Delivered) -> None:
        self.done = made
        self._signer = None
        self.code.setText(made.code)
        self.path.setText(str(made.path))
        self.facts.setText(
            f"Entrega n.º {made.number}, firmada por {made.nombre}, {made.cargo}. Huella {made.fingerprint}."
        )
        self.stack.setCurrentIndex(1)
        self.desk.notice.clear()  # what could be undone before is delivered now
        self.forward = ""
        self.set_ready(False)
        self.acta.setFocus()
        self.delivered.emit(made)

    def _failed(self, error: UserError) -> None:
        self.wrong.setText(f"✕ {error}")

    def _cancelled(self) -> None:
        self.wrong.setText("Se canceló: no quedó nada escrito.")

    # -- after

    def _open_acta(self) -> None:
        assert self.done is not None
        workspace, delivered, paper = self.desk.workspace, self.done, self.paper.paper
        self.acta.setEnabled(False)
        task = self.desk.run(
            lambda _progress: _acta(workspace, delivered, paper),
            lambda path: show_outside(path, self.desk.notice),
            text="Haciendo el acta…",
        )
        task.finished.connect(lambda: self.acta.setEnabled(True))

    def _open_folder(self) -> None:
        assert self.done is not None
        show_outside(self.done.path.parent, self.desk.notice)


def _acta(ws: "Workspace", delivered: Delivered, paper: Paper) -> Path:
    """The acta as a PDF beside the workbook."""
    from peti_desktop.reports.acta import ActaFacts, acta

    info = ws.info
    facts = ActaFacts(
        entity=info.entidad,
        dependencia=info.dependencia_nombre,
        vigencia=info.vigencia,
        number=delivered.number,
        code=delivered.code,
        counts=delivered.counts,
        file_name=delivered.path.name,
        sha256=delivered.sha256,
        fingerprint=delivered.fingerprint,
        nombre=delivered.nombre,
        cargo=delivered.cargo,
        signed_at=next(one.made_at for one in made(ws) if one.number == delivered.number),
        example=info.ejemplo,
    )
    path = delivered.path.with_name(f"{delivered.path.stem}_acta.pdf")
    acta(facts, path, paper)
    return path

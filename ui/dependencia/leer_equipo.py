"""«Leer este equipo»: what this PC says about itself, and into which device it goes."""

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from peti_desktop.progress import Progress
from peti_desktop.records import EQUIPO, Values
from peti_desktop.records.record import Record, headline
from peti_desktop.thispc.reading import ThisPc, news, read_this_pc, same_device
from ui import theme
from ui.chips import button, label
from ui.desk import Desk
from ui.workdialog import WorkDialog

TITLE: Final = "Leer este equipo"
WORDS: Final = "leer este equipo"


class LeerEquipo(WorkDialog):
    """Shows the facts; nothing is stored before «Registrar» or «Actualizar»."""

    def __init__(self, desk: Desk, over: QWidget | None = None) -> None:
        super().__init__(desk, TITLE, QSize(620, 560), over)
        self.pc: ThisPc | None = None
        self.known: Record | None = None
        self._new = False
        self.heading = label(TITLE, "title")
        self.subtitle = label("Solo se lee: no se cambia nada en el equipo ni sale nada de él.", "muted", wraps=True)
        self._facts = QWidget()
        self._rows = QVBoxLayout(self._facts)
        self._rows.setContentsMargins(0, 0, 0, 0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName("Lo que dice este equipo")
        area.setWidget(self._facts)
        self.take = button("&Registrar este equipo", self._take, role="primary")
        self.take.setEnabled(False)
        self.take.setDefault(True)
        self.again = button("&Leer de nuevo", self.start)
        foot = QHBoxLayout()
        foot.addWidget(self.again)
        foot.addStretch()
        foot.addWidget(button("Cerrar", self.reject, role="quiet"))
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        for widget in (self.heading, self.subtitle, self.notice):
            column.addWidget(widget)
        column.addWidget(area, 1)
        column.addWidget(self.strip)
        column.addLayout(foot)

    # -- reading

    def start(self) -> None:
        """Read; an old computer takes some seconds."""
        catalogues = self._desk.workspace.catalogues
        task = self._desk.run(
            lambda progress: read_this_pc(catalogues, progress), self._read, fails=self.fails, store=False
        )
        self.begin(task, "Leyendo este equipo…")

    def tell(self) -> None:
        """Only what is known may be stored, and only once."""
        self.again.setEnabled(self.idle)
        self.take.setEnabled(self.idle and self._new)

    def _read(self, pc: ThisPc) -> None:
        if self.shut:
            return
        self.pc = pc
        self._show(pc)
        workspace = self._desk.workspace
        self.ended()
        task = self._desk.run(lambda _p: workspace.records("equipo"), partial(self._compared, pc), fails=self.fails)
        self.begin(task, "Buscándolo entre lo registrado…")

    def _compared(self, pc: ThisPc, records: list[Record]) -> None:
        if self.shut:
            return
        self.known = same_device(pc, records)
        changes = news(pc, self.known) if self.known is not None else pc.values
        self._new = bool(changes)
        if self.known is None:
            self.take.setText("&Registrar este equipo")
        else:
            words = headline(EQUIPO, self.known.values, self._desk.workspace.catalogues)
            self.take.setText("&Actualizar el registro")
            if changes:
                names = ", ".join(EQUIPO[name].label for name in changes)
                self.notice.tell(f"Ya está registrado por su serial: {words}.", f"Cambiaría: {names}.")
            else:
                self.notice.tell(f"Ya está registrado tal como es: {words}.", tone="fine")
        self.ended()
        self.tell()
        self.take.setFocus()

    def _show(self, pc: ThisPc) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.LARGE)
        grid.setVerticalSpacing(theme.SMALL)
        grid.setColumnStretch(1, 1)
        lines = [(fact.label, fact.text) for fact in pc.facts]
        if said := pc.values.get("observaciones"):
            lines.append((EQUIPO["observaciones"].label, str(said)))
        for row, (name, text) in enumerate(lines):
            grid.addWidget(label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, wraps=True), row, 1)
        self._rows.addWidget(inside)
        if pc.missing:
            self._rows.addSpacing(theme.MEDIUM)
            self._rows.addWidget(label("Lo que no se pudo leer", "heading"))
            for text in pc.missing:
                self._rows.addWidget(label(f"▲ {text}", "warns", wraps=True))
        self._rows.addStretch()

    # -- storing

    def _take(self) -> None:
        pc, known, workspace = self.pc, self.known, self._desk.workspace
        if pc is None:
            return
        values: Values = pc.values if known is None else news(pc, known)

        def work(_progress: Progress) -> str:
            with workspace.act(WORDS) as act:
                if known is None:
                    return act.new("equipo", values)
                act.set("equipo", known.uid, values)
                return known.uid

        self.begin(self._desk.save(work, {"equipo"}, self._stored, fails=self.fails), "Guardando…")

    def _stored(self, uid: str) -> None:
        new = self.known is None
        what = "Se registró este equipo." if new else "Se actualizó este equipo."
        self._desk.notice.tell(what, "Complete la placa, el estado y la ubicación." if new else "", tone="fine")
        self._desk.go("equipos", uid)
        if not self.shut:
            self.accept()

"""Receiving a filled Excel form: what it brings, what is wrong and where, and one decision."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from peti_desktop.oldform.adopting import Adopted, adopt
from peti_desktop.oldform.filled import CHANGED, NEW, Filled
from peti_desktop.oldform.reading import read
from peti_desktop.records import TYPES
from ui import theme
from ui.chips import StateChip, button, label
from ui.dependencia.importacion.vista import Texts, table
from ui.desk import Desk
from ui.workdialog import WorkDialog

TITLE: Final = "Recibir formulario de Excel"
UNSIGNED: Final = (
    "Este archivo no lleva firma: revise que conoce a quien lo llenó. Lo que traiga queda marcado «recibido sin firma»."
)


class RecibirFormulario(WorkDialog):
    """Nothing is stored before «Recibir»; then all of it or nothing."""

    def __init__(self, desk: Desk, over: QWidget | None = None) -> None:
        super().__init__(desk, TITLE, QSize(900, 560), over)
        self.filled: Filled | None = None
        self.heading = label(TITLE, "title", wraps=True)
        self.chips = [StateChip() for _ in range(4)]
        self.wrong = Texts(("Dónde", "Se recibe", "Qué pasa"))
        self.changes = Texts(("Dónde", "Registro", "Dato", "Antes", "Después"))
        self.births = Texts(("Dónde", "Qué es", "Registro"))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Lo que trae el formulario")
        self.tabs.addTab(table(self.wrong, "Por revisar", (140, 130)), "")
        self.tabs.addTab(table(self.births, "Nuevos", (160, 110)), "")
        self.tabs.addTab(table(self.changes, "Cambios", (120, 240, 140, 150)), "")
        self.take = button("&Recibir", self._take, role="primary")
        self.take.setDefault(True)
        self._lay_out()
        self.tell()

    def _lay_out(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(theme.LARGE)
        for chip in self.chips:
            chips.addWidget(chip)
        chips.addStretch()
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(button("Cerrar", self.reject, role="quiet"))
        foot.addWidget(self.take)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addWidget(self.heading)
        column.addWidget(self.notice)
        column.addLayout(chips)
        column.addWidget(self.tabs, 1)
        column.addStretch()  # until the form is read there are no tabs to fill the window
        column.addWidget(self.strip)
        column.addLayout(foot)

    def read(self, path: Path) -> None:
        """Read the form at ``path`` and show what it brings."""
        workspace = self._desk.workspace
        task = self._desk.run(lambda progress: read(workspace, path, progress), self._read, fails=self.fails)
        self.begin(task, f"Leyendo «{path.name}»…")

    def _read(self, filled: Filled) -> None:
        if self.shut:
            return
        self.filled = filled
        self.heading.setText(filled.file)
        self.notice.tell(UNSIGNED, " ".join(filled.notes), tone="warns")
        self.wrong.fill([(w.address, "Sí, por corregir" if w.taken else "No", w.text) for w in filled.wrong])
        self.births.fill(
            [
                (f"{ln.sheet}, fila {ln.row}", TYPES[ln.type].singular, _named(ln.headline))
                for ln in filled.lines
                if ln.kind == NEW
            ]
        )
        self.changes.fill(
            [
                (change.address, _named(line.headline), change.label, change.before, change.after)
                for line in filled.lines
                for change in line.changes
                if line.kind == CHANGED
            ]
        )
        self._show_tabs((len(filled.wrong), filled.new, self.changes.rowCount()))
        self.tell()

    def _show_tabs(self, counts: Sequence[int]) -> None:
        for place, (words, count) in enumerate(zip(("Por revisar", "Nuevos", "Cambios"), counts, strict=True)):
            self.tabs.setTabText(place, f"{words} ({count})")
            self.tabs.setTabVisible(place, count > 0)
        self.tabs.setVisible(any(counts))
        self.tabs.setCurrentIndex(next((place for place, count in enumerate(counts) if count), 0))

    def tell(self) -> None:
        """Show what the form brings, and whether it can be received now."""
        filled, idle = self.filled, self.idle
        for chip in self.chips:
            chip.setVisible(filled is not None)
        self.tabs.setVisible(filled is not None and bool(filled.wrong or filled.new or filled.changed))
        count = 0
        if filled is not None:
            count = filled.new + filled.changed
            left = sum(not wrong.taken for wrong in filled.wrong)
            self.chips[0].tell(_counted(filled.new, "nuevo", "nuevos"), "fine")
            self.chips[1].tell(_counted(filled.changed, "cambia", "cambian"), "info")
            self.chips[2].tell(_counted(filled.equal, "igual", "iguales"), "info")
            self.chips[3].tell(f"{len(filled.wrong)} por revisar", "stops" if left else "warns")
            self.chips[3].setVisible(bool(filled.wrong))
        self.take.setText(f"&Recibir {_counted(count, 'registro', 'registros')}")
        self.take.setVisible(filled is not None)
        self.take.setEnabled(idle and count > 0)
        if idle and count:
            self.take.setFocus()

    def _take(self) -> None:
        workspace, filled = self._desk.workspace, self.filled
        if filled is not None:
            task = self._desk.save(
                lambda progress: adopt(workspace, filled, progress), TYPES, self._came, fails=self.fails
            )
            self.begin(task, "Recibiendo el formulario…")

    def _came(self, done: Adopted) -> None:
        parts = [_counted(done.new, "registro nuevo", "registros nuevos")] * bool(done.new)
        parts += [_counted(done.changed, "corregido", "corregidos")] * bool(done.changed)
        pending = _counted(done.pending, "quedó con datos por corregir.", "quedaron con datos por corregir.")
        self._desk.notice.tell(
            f"Se recibió el formulario sin firma: {' y '.join(parts)}.",
            pending if done.pending else "",
            tone="fine",
            action="Deshacer",
            act=self._desk.undo,
        )
        if not self.shut:
            self.accept()


def _named(headline: str) -> str:
    return headline or "(sin nombre todavía)"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"

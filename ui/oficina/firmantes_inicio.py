"""Starter files: for which dependencias, where to, and the passphrase that signs them."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem

from peti_desktop.moments import day_of
from peti_desktop.office import starting
from peti_desktop.office.authority import Office
from peti_desktop.office.starting import Unit, Written
from peti_desktop.progress import Progress
from peti_desktop.records.convert import spoken_date
from resources import resource
from ui import theme
from ui.chips import button, label
from ui.desk import Desk
from ui.oficina.firmantes_paneles import Panel, secret
from ui.outside import show_outside

CODE = Qt.ItemDataRole.UserRole


class Starting(Panel):
    """``said(codes, passphrase)``: write these dependencias' files; the page asks for the folder."""

    said = Signal(object, str)

    def __init__(self) -> None:
        super().__init__(
            "Escribir archivos de inicio",
            "&Escoger la carpeta y escribirlos…",
            "Cada archivo lleva lo que se espera de la dependencia y hasta cuándo, los certificados de quienes firman "
            "por ella y las claves anuladas. Se entrega en memoria USB o por correo, y se abre en su página «Inicio».",
        )
        self.units = QListWidget()
        self.units.setAccessibleName("Dependencias")
        self.units.setMinimumHeight(190)
        self.units.setUniformItemSizes(True)
        self.units.setSpacing(3)
        self.units.itemChanged.connect(self._counted)
        self.count = label("", "muted")
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(button("Todas", lambda: self.choose(None)))
        row.addWidget(button("Ninguna", lambda: self.choose(())))
        row.addWidget(self.count, 1)
        self.more.addWidget(self.units)
        self.more.addLayout(row)
        self.passphrase = secret()
        self.add("Contraseña de las &llaves", self.passphrase)
        self.setFocusProxy(self.units)

    def fill(self, units: Sequence[Unit], chosen: Collection[str] | None) -> None:
        """Show the dependencias; ``chosen`` are ticked, all for None."""
        look = theme.tones(self.palette())
        tick = str(resource(f"icons/marca-{'oscuro' if look.dark else 'claro'}.svg")).replace("\\", "/")
        self.units.setStyleSheet(
            "QListWidget::indicator { width: 14px; height: 14px; }"
            f"QListWidget::indicator {{ border: 1px solid {look.muted}; border-radius: 3px; }}"
            f'QListWidget::indicator:checked {{ background: {look.accent}; image: url("{tick}"); }}'
        )
        self.units.blockSignals(True)
        self.units.clear()
        for unit in units:
            item = QListWidgetItem(_words(unit))
            item.setData(CODE, unit.code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.units.addItem(item)
        self.units.blockSignals(False)
        if self.units.count():
            self.units.setCurrentRow(0)
        self.choose(chosen)

    def choose(self, codes: Collection[str] | None) -> None:
        """Tick these, all for None."""
        self.units.blockSignals(True)
        for row in range(self.units.count()):
            item = self.units.item(row)
            ticked = codes is None or item.data(CODE) in codes
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.units.blockSignals(False)
        self._counted()

    @property
    def chosen(self) -> list[str]:
        """The codes that are ticked."""
        items = (self.units.item(row) for row in range(self.units.count()))
        return [str(item.data(CODE)) for item in items if item.checkState() is Qt.CheckState.Checked]

    def ready(self) -> bool:
        return bool(self.chosen and self.passphrase.text())

    def act(self) -> None:
        self.said.emit(self.chosen, self.passphrase.text())

    def wipe(self) -> None:
        self.passphrase.clear()

    def _counted(self, _item: object = None) -> None:
        self.count.setText(f"{len(self.chosen)} de {self.units.count()} escogidas")
        self.check()


def _words(unit: Unit) -> str:
    owed = "no debe nada" if not unit.sections else f"{unit.sections} secciones" if unit.sections > 1 else "1 sección"
    who = "nadie firma aún" if not unit.signers else "1 firmante" if unit.signers == 1 else f"{unit.signers} firmantes"
    last = f"último archivo {spoken_date(day_of(unit.last))}" if unit.last else "sin archivo todavía"
    return f"{unit.name}  ·  {owed}  ·  {who}  ·  {last}"


def writing(
    desk: Desk, office: Office, codes: list[str], passphrase: str
) -> tuple[Path, Callable[[Progress], list[Written]]] | None:
    """Where the files of these dependencias go, as the person says, and the work of writing them.

    None when nobody chose a folder.
    """
    folder = desk.messages.folder("Carpeta donde se escriben los archivos de inicio")
    if folder is None:
        return None
    workspace = desk.workspace

    def work(progress: Progress) -> list[Written]:
        return starting.write_all(workspace, office.unlock(passphrase), codes, folder, progress)

    return folder, work


def tell_written(desk: Desk, folder: Path, written: list[Written], detail: str) -> None:
    """Say how many files were written, and offer to open their folder."""
    said = "escribió 1 archivo" if len(written) == 1 else f"escribieron {len(written)} archivos"
    desk.notice.tell(
        f"Se {said} de inicio.",
        detail,
        tone="fine",
        action="Abrir la carpeta",
        act=partial(show_outside, folder, desk.notice),
    )

"""Delivering, in four steps: rehearse, look over, sign, write."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget

from peti_desktop.records import TYPES
from ui import theme
from ui.chips import button, label
from ui.dependencia.entrega.ensayar import Ensayar
from ui.dependencia.entrega.firmar import Firmar
from ui.dependencia.entrega.guardar import Guardar
from ui.dependencia.entrega.revisar import Revisar
from ui.dependencia.scrolling import scrolled
from ui.desk import Desk, Page

if TYPE_CHECKING:
    from peti_desktop.delivery.deliver import Delivered
    from peti_desktop.trust.keys import Signer

STEPS: Final = ("Ensayar", "Revisar", "Firmar", "Guardar")


class EntregarPage(Page):
    """The wizard; it begins anew whenever it comes to the front, for the records may be others.

    The signer's key stays in memory only until the file is written or the page is left.
    """

    title = "Entregar"
    subtitle = "Se escribe un archivo firmado que usted lleva a la Oficina TIC, con un acta para imprimir."
    shows = frozenset(TYPES)
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ensayar = Ensayar(desk)
        self.revisar = Revisar(desk)
        self.firmar = Firmar(desk)
        self.guardar = Guardar(desk)
        self.steps = (self.ensayar, self.revisar, self.firmar, self.guardar)
        self.history = button("Entregas &hechas…", self._show_history, icon="informes")
        self.actions_row.addWidget(self.history)
        self._marks: list[QLabel] = []
        row = QHBoxLayout()
        row.setSpacing(theme.LARGE)
        for _name in STEPS:
            self._marks.append(label(""))
            row.addWidget(self._marks[-1])
        row.addStretch()
        self.body.addLayout(row)
        self.stack = QStackedWidget()
        for step in self.steps:
            self.stack.addWidget(step if step is self.ensayar else scrolled(step))
        self.body.addWidget(self.stack, 1)
        self.body.addLayout(self._foot())
        for step in self.steps:
            step.changed.connect(self._tell)
        self.firmar.signed.connect(self._signed)
        self.guardar.delivered.connect(self._delivered)
        self.go_step(0)

    def _foot(self) -> QHBoxLayout:
        self.back: QPushButton = button("&Atrás", lambda: self.go_step(self.stack.currentIndex() - 1))
        self.forward: QPushButton = button("&Siguiente", self._forward, role="primary")
        row = QHBoxLayout()
        row.addWidget(self.back)
        row.addStretch()
        row.addWidget(self.forward)
        return row

    # -- moving

    def go_step(self, number: int) -> None:
        """Show a step, 0 to 3, and read what it shows."""
        if not 0 <= number < len(self.steps):
            return
        self.stack.setCurrentIndex(number)
        self._tell()
        self.steps[number].begin()

    def _forward(self) -> None:
        step = self.stack.currentIndex()
        match step:
            case 2:
                self.firmar.go()
            case 3:
                self.guardar.go()
            case _:
                self.go_step(step + 1)

    def _signed(self, signer: "Signer") -> None:
        self.guardar.take(signer)
        self.go_step(3)

    def _delivered(self, _delivered: "Delivered") -> None:
        self._tell()

    def _tell(self) -> None:
        number = self.stack.currentIndex()
        for place, mark in enumerate(self._marks):
            done = place < number or (place == 3 and self.guardar.done is not None)
            mark.setText(f"{'✓' if done else place + 1}  {STEPS[place]}")
            mark.setProperty("role", "heading" if place == number else "muted")
            mark.setAccessibleName(f"Paso {place + 1} de 4: {STEPS[place]}{', hecho' if done else ''}")
            theme.restyle(mark)
        step = self.steps[number]
        self.forward.setText(step.forward)
        self.forward.setEnabled(step.ready)
        self.forward.setVisible(bool(step.forward))
        self.back.setEnabled(number > 0 and not step.busy and self.guardar.done is None)

    # -- the page

    def reload(self) -> None:
        if self.guardar.done is None and not self.guardar.busy:
            self.steps[self.stack.currentIndex()].begin()

    def shown(self) -> None:
        if not self.guardar.busy:
            self.guardar.forget()
            self.go_step(0)

    def flush(self) -> None:
        self.firmar.wipe()
        if not self.guardar.busy and self.guardar.done is None:
            self.guardar.forget()

    def target(self, wanted: Any) -> None:
        if wanted == "ensayar":
            self.go_step(0)

    def _show_history(self) -> None:
        from ui.dependencia.entregas import open_deliveries

        open_deliveries(self.desk, self)

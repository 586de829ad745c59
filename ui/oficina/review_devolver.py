"""Giving a delivery back and acknowledging it: until when, on which paper, where to, under which passphrase."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDate, Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QHBoxLayout, QPlainTextEdit, QWidget

from peti_desktop.reports.page import CARTA, OFICIO, Paper
from peti_desktop.returning.observations import Observation
from ui import theme
from ui.chips import button
from ui.dependencia.drives import places
from ui.messages import Messages
from ui.oficina.firmantes_paneles import Panel, secret
from ui.oficina.words import plural

DAYS: Final = 5
"""Working days that a dependencia has unless somebody says otherwise."""
PAPERS: Final = (("Carta", CARTA), ("Oficio", OFICIO))
GIVING, ACKNOWLEDGING = "devolver", "acusar"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said; ``due`` and ``reason`` are for giving back, ``passphrase`` is empty when the keys are open."""

    what: str
    folder: Path
    paper: Paper
    due: date
    reason: str
    passphrase: str


class Issue(Panel):
    """``said(Wanted)``. Asks for the passphrase only while the office's keys are locked."""

    said = Signal(object)

    def __init__(self, messages: Messages) -> None:
        super().__init__("", "&Devolver")
        self._messages = messages
        self._what = GIVING
        self._drafts = 0
        self._locked = True
        self.due = QDateEdit()
        self.due.setCalendarPopup(True)
        self.due.setDisplayFormat("dd/MM/yyyy")
        self.reason = QPlainTextEdit()
        self.reason.setPlaceholderText("Una observación sobre toda la entrega, si hace falta")
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(56)
        self.paper = QComboBox()
        for text, paper in PAPERS:
            self.paper.addItem(text, paper)
        self.where = QComboBox()
        self.where.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.where.setMinimumContentsLength(12)
        self.other = button("Otra carpet&a…", self._choose)
        self.passphrase = secret()
        self.add("Responder &hasta", self.due)
        self.add("Motivo g&eneral", self.reason)
        self.add("G&uardar en", self._place())
        self.where.setAccessibleName("Guardar en")
        self.add("&Papel", self.paper)
        self.add("Contraseña de las lla&ves", self.passphrase)
        self.reason.textChanged.connect(self.check)
        self.where.currentIndexChanged.connect(self.check)

    def _place(self) -> QWidget:
        held = QWidget()
        row = QHBoxLayout(held)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.where, 1)
        row.addWidget(self.other)
        held.setFocusProxy(self.where)
        return held

    def ask(
        self,
        what: str,
        name: str,
        drafts: Sequence[Observation],
        today: date,
        *,
        ronda: int,
        locked: bool,
        asks: int = 0,
    ) -> None:
        """Begin; ``asks`` are rows that are marked to be given back beside those that have observations."""
        self._what, self._drafts, self._locked = what, len(drafts) + asks, locked
        giving = what == GIVING
        self.begin()
        self._tell(name, ronda)
        self.go.setText("&Devolver" if giving else "Acusar r&ecibo")
        for editor in (self.due, self.reason):
            self.form.setRowVisible(editor, giving)
        self.form.setRowVisible(self.passphrase, locked)
        first = QDate(today.year, today.month, today.day)
        self.due.setMinimumDate(first)
        due = working_day(today, DAYS)
        self.due.setDate(QDate(due.year, due.month, due.day))
        chosen = self.where.currentData()
        self.where.clear()
        for place in places(str(chosen or "")):
            self.where.addItem(place.words, str(place.path))
        self.setFocusProxy(self.due if giving else self.where)
        self.check()

    def _tell(self, name: str, ronda: int) -> None:
        if self._what == GIVING:
            self.heading.setText(f"Devolver a {name}: {ronda}.ª devolución")
            what = plural(self._drafts, "observación", "observaciones") if self._drafts else "el motivo que escriba"
            self.about.setText(
                f"Un archivo firmado lleva {what}; la dependencia lo abre en «Observaciones» y responde en su próxima "
                "entrega. Lo acompaña una página para imprimir con lo mismo. Sus datos no se tocan."
            )
        else:
            self.heading.setText(f"Acusar recibo a {name}")
            self.about.setText(
                "Un archivo firmado dice que la entrega llegó completa, cuándo y con qué veredicto. Lo acompaña una "
                "página para imprimir, con el mismo código del acta. No dice que se aceptó."
            )
        self.about.show()

    def ready(self) -> bool:
        asks = self._what == ACKNOWLEDGING or bool(self._drafts) or bool(self.reason.toPlainText().strip())
        return asks and bool(self.where.currentData()) and (not self._locked or bool(self.passphrase.text()))

    def act(self) -> None:
        due = self.due.date().toPython()
        assert isinstance(due, date)
        paper = self.paper.currentData()
        folder = Path(str(self.where.currentData()))
        self.said.emit(
            Wanted(self._what, folder, paper, due, self.reason.toPlainText().strip(), self.passphrase.text())
        )

    def wipe(self) -> None:
        self.reason.clear()
        self.passphrase.clear()

    def _choose(self) -> None:
        chosen = self._messages.folder("¿Dónde se guarda?")
        if chosen is not None:
            self.where.insertItem(0, str(chosen), str(chosen))
            self.where.setCurrentIndex(0)


def working_day(today: date, days: int) -> date:
    """The day that many working days later; holidays are not reckoned."""
    found = today
    while days:
        found += timedelta(days=1)
        days -= found.weekday() < 5
    return found

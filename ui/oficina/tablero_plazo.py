"""What is decided about deadlines from the board: more time, nothing to declare, a reminder; each says for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDateEdit,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.expected import Owed
from ui import theme
from ui.chips import button, label
from ui.oficina.words import plural

LONGEST_REASON: Final = 300
NAMED: Final = 3
PAPERS: Final = (("Carta", "carta"), ("Oficio", "oficio"))


def for_whom(owed: Sequence[Owed]) -> str:
    """«Secretaría de Salud: Riesgos, Equipos»; of many dependencias the first ones and how many more."""
    by_unit: dict[str, list[str]] = {}
    for each in owed:
        by_unit.setdefault(each.name, []).append(each.title)
    said = [f"{name}: {', '.join(titles)}" for name, titles in list(by_unit.items())[:NAMED]]
    more = len(by_unit) - NAMED
    return "\n".join([*said, f"y {plural(more, 'dependencia más', 'dependencias más')}"] if more > 0 else said)


def picked(edit: QDateEdit) -> date:
    """The day somebody chose."""
    chosen = edit.date().toPython()
    assert isinstance(chosen, date)
    return chosen


class _Asking(QDialog):
    """A heading, for whom, inputs, and two buttons."""

    def __init__(self, title: str, about: str, owed: Sequence[Owed], go: str, over: QWidget) -> None:
        super().__init__(over)
        self.setWindowTitle(title)
        self.setModal(True)
        self.setMinimumWidth(440)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        self.column.setSpacing(theme.SMALL)
        self.column.addWidget(label(title, "heading"))
        self.column.addWidget(label(for_whom(owed), "body", wraps=True))
        self.column.addWidget(label(about, "muted", wraps=True))
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        self.go = button(go, self.agree, role="primary")

    def put(self, name: str, widget: QWidget) -> None:
        """An input under its label."""
        said = label(name, "small")
        said.setBuddy(widget)
        widget.setAccessibleName(name.replace("&", ""))
        self.column.addWidget(said)
        self.column.addWidget(widget)

    def finish(self) -> None:
        """The buttons, below the inputs."""
        self.column.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button("Cancelar", self.reject))
        row.addWidget(self.go)
        self.column.addLayout(row)

    def agree(self) -> None:
        """Somebody pressed the button."""


def _reason_input() -> QLineEdit:
    made = QLineEdit()
    made.setMaxLength(LONGEST_REASON)
    return made


def _day_input(first: date, last: date, shown: date) -> QDateEdit:
    """A day from ``first`` to ``last``; a ``last`` that lies before is ``first``."""
    made = QDateEdit()
    made.setCalendarPopup(True)
    made.setDisplayFormat("dd/MM/yyyy")
    made.setDateRange(_qt(first), _qt(max(first, last)))
    made.setDate(_qt(shown))
    return made


def _qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


class MoreTime(_Asking):
    """``agreed(date, reason)``. The day is after the first deadline of ``owed``, from today to ``last``."""

    agreed = Signal(object, str)

    def __init__(self, owed: Sequence[Owed], today: date, last: date, over: QWidget) -> None:
        about = "Va en el próximo archivo de inicio de la dependencia, queda en la bitácora y se puede deshacer."
        super().__init__("Dar más plazo", about, owed, "Dar más plazo", over)
        self.deadlines = [each.due for each in owed]
        first, latest = min(self.deadlines), max([today, *self.deadlines])
        self.day = _day_input(max(today, first + timedelta(days=1)), last, latest + timedelta(days=7))
        self.reason = _reason_input()
        self.reason.setPlaceholderText("Por ejemplo: oficio 123, sin energía en la sede")
        self.kept = label("", "muted", wraps=True)
        self.put("Nuevo &plazo, hasta el", self.day)
        self.column.addWidget(self.kept)
        self.put("&Motivo (obligatorio)", self.reason)
        self.finish()
        self.day.dateChanged.connect(lambda _day: self._tell())
        self._tell()

    def _tell(self) -> None:
        """How many keep the later deadline they have: nobody's time is made shorter."""
        later = sum(due >= picked(self.day) for due in self.deadlines)
        self.kept.setText(
            f"{plural(later, 'sección ya vence', 'secciones ya vencen')} ese día o después; su plazo no cambia."
        )
        self.kept.setVisible(bool(later))

    def agree(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            _ask_reason(self.wrong, self.reason)
            return
        self.agreed.emit(picked(self.day), reason)
        self.accept()


class NothingToDeclare(_Asking):
    """``agreed(reason)``."""

    agreed = Signal(str)

    def __init__(self, owed: Sequence[Owed], over: QWidget) -> None:
        about = (
            "La dependencia informó que no tiene qué declarar en estas secciones. Dejan de esperarse y de contarse; lo "
            "que ya está en firme no cambia. Si después entrega, cuenta la entrega."
        )
        super().__init__("Anotar sin novedad", about, owed, "Anotar", over)
        self.reason = _reason_input()
        self.reason.setPlaceholderText("Por ejemplo: oficio 123 del 14 de enero")
        self.put("&Cómo lo informó (obligatorio)", self.reason)
        self.finish()

    def agree(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            _ask_reason(self.wrong, self.reason)
            return
        self.agreed.emit(reason)
        self.accept()


def _ask_reason(wrong: QLabel, reason: QLineEdit) -> None:
    wrong.setText("Escriba el motivo: queda en la bitácora.")
    wrong.show()
    reason.setFocus(Qt.FocusReason.OtherFocusReason)


@dataclass(frozen=True, slots=True)
class Print:
    """How reminders are printed: on which paper (its name), ``apart`` a file each."""

    until: date
    paper: str
    apart: bool


class Remind(_Asking):
    """``agreed(Print)``."""

    agreed = Signal(object)

    def __init__(self, owed: Sequence[Owed], proposed: date, allowed: tuple[date, date], over: QWidget) -> None:
        """``allowed`` are the first and the last day that may be asked for."""
        units = len({each.dependencia for each in owed})
        memos = plural(units, "memorando", "memorandos")
        about = f"{memos} con lo que cada dependencia debe, desde cuándo y cómo se entrega."
        super().__init__("Imprimir recordatorio", about, owed, "Guardar y abrir", over)
        self.day = _day_input(*allowed, proposed)
        self.paper = QComboBox()
        for words, paper in PAPERS:
            self.paper.addItem(words, paper)
        self.together = QRadioButton("Todos en un archivo, para imprimir de una vez")
        self.apart = QRadioButton("Un archivo por dependencia")
        group = QButtonGroup(self)
        for made in (self.together, self.apart):
            group.addButton(made)
            made.setVisible(units > 1)
        self.together.setChecked(True)
        self.put("Se pide entregar a más &tardar el", self.day)
        self.put("&Papel", self.paper)
        self.column.addWidget(self.together)
        self.column.addWidget(self.apart)
        self.finish()

    def agree(self) -> None:
        self.agreed.emit(Print(picked(self.day), str(self.paper.currentData()), self.apart.isChecked()))
        self.accept()

"""What is decided about deadlines from the board: more time, nothing to declare, a reminder; each says for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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


class MoreTime(_Asking):
    """``agreed(date, reason)``."""

    agreed = Signal(object, str)

    def __init__(self, owed: Sequence[Owed], today: date, over: QWidget) -> None:
        about = "Va en el próximo archivo de inicio de la dependencia, queda en la bitácora y se puede deshacer."
        super().__init__("Dar más plazo", about, owed, "Dar más plazo", over)
        last = max([today, *(each.due for each in owed)])
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setMinimumDate(QDate(last.year, last.month, last.day).addDays(1))
        self.day.setDate(QDate(last.year, last.month, last.day).addDays(7))
        self.reason = _reason_input()
        self.reason.setPlaceholderText("Por ejemplo: oficio 123, sin energía en la sede")
        self.put("Nuevo &plazo, hasta el", self.day)
        self.put("&Motivo (obligatorio)", self.reason)
        self.finish()

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

    def __init__(self, owed: Sequence[Owed], proposed: date, over: QWidget) -> None:
        units = len({each.dependencia for each in owed})
        memos = plural(units, "memorando", "memorandos")
        about = f"{memos} con lo que cada dependencia debe, desde cuándo y cómo se entrega."
        super().__init__("Imprimir recordatorio", about, owed, "Guardar y abrir", over)
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.day.setDate(QDate(proposed.year, proposed.month, proposed.day))
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

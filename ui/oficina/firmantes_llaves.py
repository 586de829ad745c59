"""The card that says how the office's keys are, and offers what can be done with them."""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout

from peti_desktop.errors import UserError
from peti_desktop.moments import day_of, spoken_moment
from peti_desktop.office.authority import Reminder, Standing
from peti_desktop.records.convert import spoken_date
from ui import theme
from ui.chips import StateChip, button, label

DEEDS: Final = {
    "crear": "&Crear la autoridad…",
    "respaldar": "&Hacer una copia…",
    "contrasena": "Cambiar la con&traseña…",
    "renovar_oficina": "Renovar la clave con que &firma la oficina…",
    "renovar": "&Renovar la autoridad…",
    "restaurar": "R&estaurar las llaves de una copia…",
}
"""What can be done, by the names of the reminders."""
MAKING: Final = frozenset({"crear", "renovar", "renovar_oficina"})
"""What only the jefe does."""
SIGNS: Final = {"stops": "✕", "warns": "▲"}
STATES: Final = {"stops": "Las llaves necesitan atención", "warns": "Las llaves piden un cuidado"}


class KeysCard(QFrame):
    """State, reminders and facts; ``asked(name)`` when the person wants one of ``DEEDS``."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._worst: Reminder | None = None
        self.state = StateChip()
        self.facts = label("", "muted", wraps=True)
        self.reminders = label("", "warns", wraps=True)
        self.next_deed = button("", self._next, role="primary")
        self.menu_button = button("Llaves de la oficin&a")
        self.deeds: dict[str, QAction] = {}
        self.menu_button.setMenu(self._menu())
        row = QHBoxLayout()
        row.setSpacing(theme.MEDIUM)
        row.addWidget(self.state)
        row.addStretch()
        row.addWidget(self.next_deed)
        row.addWidget(self.menu_button)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.LARGE, theme.SMALL, theme.LARGE, theme.SMALL)
        rows.setSpacing(theme.TIGHT)
        rows.addLayout(row)
        rows.addWidget(self.reminders)
        rows.addWidget(self.facts)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        for name, text in DEEDS.items():
            action = menu.addAction(text)
            action.triggered.connect(partial(self._ask, name))
            self.deeds[name] = action
        return menu

    def _ask(self, name: str, _checked: bool = False) -> None:
        self.asked.emit(name)

    def _next(self) -> None:
        if self._worst is not None:
            self.asked.emit(self._worst.code)

    def show_standing(self, standing: Standing, refused: UserError | None, only_jefe: UserError | None) -> None:
        """Say how the keys are, and allow what can be done now by who works here.

        ``refused`` is why they may look after no keys, ``only_jefe`` why they may neither make nor renew them.
        """
        found = standing.reminders
        self._worst = next((r for r in found if r.tone == "stops"), None) or next(iter(found), None)
        tone = self._worst.tone if self._worst else "fine"
        self.state.tell(STATES.get(tone, "Las llaves de la oficina están en orden"), tone)
        self.facts.setText("  ·  ".join(_facts(standing)))
        self.facts.setVisible(bool(self.facts.text()))
        self.reminders.setText("\n".join(f"{SIGNS[r.tone]} {r.sentence}" for r in found))
        self.reminders.setProperty("role", tone)
        theme.restyle(self.reminders)
        self.reminders.setVisible(bool(found))
        self.next_deed.setVisible(self._worst is not None)
        why = {name: only_jefe if name in MAKING else refused for name in DEEDS}
        if not standing.exists:
            why["restaurar"] = only_jefe
        if self._worst is not None:
            self.next_deed.setText(DEEDS[self._worst.code].replace("&", ""))
            allow(self.next_deed, why[self._worst.code])
        for name, action in self.deeds.items():
            can = {"crear": not standing.exists, "restaurar": True}.get(name, standing.exists and standing.there)
            action.setEnabled(can and why[name] is None)


def allow(made: QPushButton, refused: UserError | None, *, can: bool = True) -> None:
    """Enable a button when it ``can`` be pressed and nothing is refused; its hint says what is."""
    made.setEnabled(can and refused is None)
    made.setToolTip(str(refused) if refused is not None else "")
    made.setAccessibleDescription(made.toolTip())


def _facts(standing: Standing) -> list[str]:
    lines = []
    if standing.authority_until is not None:
        until = spoken_date(day_of(standing.authority_until))
        lines.append(f"Autoridad {standing.authority_fingerprint}, hasta {until}")
    if standing.office_until is not None:
        until = spoken_date(day_of(standing.office_until))
        lines.append(f"Firma por la oficina {standing.office_name}, hasta {until}")
    if standing.backup_at is not None:
        lines.append(f"Última copia {spoken_moment(standing.backup_at)}, en {standing.backup_place}")
    return lines

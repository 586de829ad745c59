"""The line above every page: whose work this is, of which vigencia, and how long there is until it is due."""

from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from peti_desktop.progress import Progress
from ui import theme
from ui.chips import StateChip, button, label
from ui.desk import Desk
from ui.opening import OFICINA

ROOMY: Final = 790
"""Below this width the vigencia is left to the title of the window."""
CHIP: Final = 150
"""What «Solo lectura» takes."""
ROLE: Final = "rol"
"""Beside the record types in ``desk.stored``: somebody works in another role, and every page may offer other things."""
READS_ONLY: Final = (
    "Estos datos están abiertos solo para leer: puede mirar, comprobar y exportar todo; nada de lo que haga los cambia."
)


class Heading(QFrame):
    """Says it of the desk it is told."""

    def __init__(self) -> None:
        super().__init__()
        self._desk: Desk | None = None
        self._told_role = False
        self.setProperty("role", "header")
        self._whose = label("Peti Desktop", "heading")
        self._whose.setMinimumWidth(80)  # a long name gives way before the deadline does
        self._when = label("", "muted")
        self._due = StateChip()
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.WIDE, theme.SMALL, theme.WIDE, theme.SMALL)
        row.setSpacing(theme.MEDIUM)
        row.addWidget(self._whose)
        row.addWidget(self._when)
        self._example = StateChip("Datos de ejemplo", "warns")
        self._example.setToolTip("Lo marcado como ejemplo lo hizo el programa con una regla, para mostrarse.")
        row.addWidget(self._example)
        self.reading = StateChip("Solo lectura", "warns")
        self.reading.setToolTip(READS_ONLY)
        self.reading.setAccessibleDescription(READS_ONLY)
        row.addWidget(self.reading)
        self.role = button("", self._open_roles, role="quiet")
        self.role.setStyleSheet("padding: 0 8px; min-height: 22px;")
        self.role.hide()
        row.addWidget(self.role)
        row.addStretch()
        row.addWidget(self._due)

    @property
    def whose(self) -> str:
        """Whose work it is."""
        return self._whose.text()

    def tell(self, desk: Desk) -> None:
        """Show whose work the store of ``desk`` is."""
        info = desk.workspace.info
        whose = "Oficina TIC" if info.perfil == OFICINA else info.dependencia_nombre
        self._whose.setText(whose)
        self._whose.setToolTip(whose)
        self._when.setText(f"Vigencia {info.vigencia}")
        self._example.setVisible(info.ejemplo)
        self.reading.setVisible(desk.workspace.store.reading)
        self.role.hide()
        self._told_role = False
        self._desk = desk
        self._fit(self.width())
        self.tell_due(desk)
        if info.perfil == OFICINA:
            self.tell_role()

    def tell_role(self) -> None:
        """Show what who is here works as; asked anew whenever a role changed."""
        if self._desk is not None:
            self._desk.run(partial(_role, self._desk), self._show_role)

    def _show_role(self, told: tuple[str, str]) -> None:
        name, about = told
        # Who only reads has the chip beside it, and needs the room.
        self.role.setText("Roles…" if self._reads else f"Rol: {name}")
        self.role.setToolTip(f"Usted trabaja como {name}. {about}\nPulse para ver o cambiar los roles.")
        self.role.setAccessibleName(f"Rol: {name}")
        self.role.setAccessibleDescription(about)
        self._told_role = True
        self._fit(self.width())

    def _open_roles(self) -> None:
        from ui.oficina.rol import RolesDialog

        if self._desk is not None:
            RolesDialog(self._desk, self).open()

    def tell_due(self, desk: Desk) -> None:
        """Show how long there is."""
        due = desk.workspace.info.vence
        self._due.setVisible(due is not None)
        if due is None:
            return
        left = (due - desk.today()).days
        day = f"{due.day}/{due.month:02}/{due.year}"
        match left:
            case 0:
                self._due.tell(f"Vence hoy, {day}", "warns")
            case 1:
                self._due.tell(f"Vence mañana, {day}", "warns")
            case _ if left < 0:
                self._due.tell(f"Venció hace {-left} {'día' if left == -1 else 'días'}, el {day}", "stops")
            case _:
                self._due.tell(f"Faltan {left} días · vence {day}", "warns" if left <= 7 else "info")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(event.size().width())

    @property
    def _reads(self) -> bool:
        return self._desk is not None and self._desk.workspace.store.reading

    def _fit(self, width: int) -> None:
        """Leave away what matters least: the chip of who only reads takes room of the others."""
        room = width - CHIP if self._reads else width
        self._when.setVisible(room >= ROOMY)
        self._example.tell("Datos de ejemplo" if room >= ROOMY or not self._reads else "Ejemplo", "warns")
        self.role.setVisible(self._told_role and (not self._reads or width >= ROOMY))


def _role(desk: Desk, _progress: Progress) -> tuple[str, str]:
    """The name of the role and what it may do."""
    from peti_desktop.consolidation import roles

    mine = roles.role(desk.workspace)
    return roles.SHORT[mine], roles.ABOUT[mine]

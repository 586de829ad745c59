"""Who works as what: the window behind the role in the heading. Only a jefe changes other people's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from peti_desktop import log_words
from peti_desktop.consolidation import roles
from peti_desktop.consolidation.roles import ABOUT, ANALISTA, CONTROL, JEFE, LABELS, Member
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import button, label
from ui.desk import Desk
from ui.heading import ROLE

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

WIDE: Final = 560
WALKING: Final = (
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip
GRANTS: Final = {
    (CONTROL,): "El servidor solo lo deja leer",
    (CONTROL, ANALISTA): "El servidor lo deja leer y escribir, no sellar cortes",
    (CONTROL, ANALISTA, JEFE): "El servidor lo deja leer, escribir y sellar cortes",
}
ON_A_FILE: Final = (
    "En un archivo cada persona dice su propio rol, y cada cambio queda en la bitácora. Para revisar sin cambiar nada, "
    "Control Interno entra por «Abrir solo para leer…», en la primera página."
)
ON_A_SERVER: Final = (
    "El jefe da los roles, y cada cambio queda en la bitácora. A quien sea Control Interno los datos se le abren solo "
    "para leer. Los permisos de más los da quien administra el servidor."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the window shows; ``refusal`` says why who looks at it may not change other people's roles."""

    members: list[Member]
    refusal: UserError | None
    changes: list[str]


def look(workspace: "Workspace", _progress: Progress) -> Standing:
    """Who there is, what each works as and what changed last."""
    server = workspace.store.server
    refusal, members = roles.refusal(workspace, roles.CHANGE), roles.members(workspace)
    if server and refusal is None and roles.refusal(workspace, roles.SEAL) is not None:
        whom = ", ".join(member.name for member in members if member.role == JEFE)
        todo = f"Pídaselo a {whom}." if whom else "Pídaselo."
        refusal = UserError("Los roles los da el jefe de la Oficina TIC.", todo)
    return Standing(members, refusal, [_told(row, workspace) for row in roles.changes(workspace)])


def _told(row: Mapping[str, Any], workspace: "Workspace") -> str:
    entry = log_words.entry(row, workspace.catalogues)
    return f"{entry.moment} · {entry.who} · {entry.detail}"


class RolesDialog(QDialog):
    """See the module. A role that is chosen counts at once."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        self.desk = desk
        self.boxes: dict[str, QComboBox] = {}
        self.setWindowTitle("Roles")
        self.setModal(True)
        free = over.screen().availableGeometry().size()
        self.resize(min(WIDE, free.width() - 30), min(430, free.height() - 60))
        self.about = label(ON_A_SERVER if desk.workspace.store.server else ON_A_FILE, "muted", wraps=True)
        self.why = label("", "warns", wraps=True)
        self.wrong = label("", "stops", wraps=True)
        self._people = QGridLayout()
        self._people.setColumnStretch(2, 1)
        self._people.setHorizontalSpacing(theme.MEDIUM)
        self.changes = label("", "small", wraps=True)
        self.close_button = button("Cerrar", self.accept)
        self._build()
        self._reload()

    def _build(self) -> None:
        inner = QWidget()
        inner.setProperty("role", "scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.SMALL, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Quién trabaja como qué", "heading"))
        column.addLayout(self._people)
        for told in (self.why, self.wrong):
            told.hide()
            column.addWidget(told)
        column.addWidget(self.about)
        column.addSpacing(theme.SMALL)
        column.addWidget(label("Qué puede cada uno", "heading"))
        for code in (ANALISTA, JEFE, CONTROL):
            column.addWidget(label(f"{LABELS[code]}. {ABOUT[code]}", wraps=True))
        column.addSpacing(theme.SMALL)
        column.addWidget(label("Últimos cambios", "heading"))
        column.addWidget(self.changes)
        column.addStretch()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.viewport().setAutoFillBackground(False)
        area.setWidget(inner)
        below = QHBoxLayout()
        below.addStretch()
        below.addWidget(self.close_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        outer.setSpacing(theme.MEDIUM)
        outer.addWidget(area, 1)
        outer.addLayout(below)

    def _reload(self) -> None:
        self.desk.run(partial(look, self.desk.workspace), self._fill)

    def _fill(self, found: Standing) -> None:
        if not shiboken6.isValid(self):
            return  # closed before the answer came
        while (entry := self._people.takeAt(0)) is not None:
            if (widget := entry.widget()) is not None:
                widget.deleteLater()
        self.boxes = {}
        for row, member in enumerate(found.members):
            self._add(row, member, found.refusal)
        self.why.setText("" if found.refusal is None else f"{found.refusal}")
        self.why.setVisible(found.refusal is not None)
        self.changes.setText("\n".join(found.changes) or "Nadie ha cambiado de rol todavía.")

    def _add(self, row: int, member: Member, refusal: UserError | None) -> None:
        name = f"{member.name} (usted)" if member.mine and member.name else member.name or "Usted trabaja como"
        box = _Roles()
        for code in member.offered:
            box.addItem(LABELS[code], code)
        box.setCurrentIndex(box.findData(member.role))
        box.setEnabled(refusal is None and len(member.offered) > 1)
        box.setAccessibleName(f"Rol de {member.name}" if member.name else name)
        box.setAccessibleDescription("" if refusal is None else str(refusal))
        box.activated.connect(partial(self._choose, member.name, box))
        said = label(name)
        said.setBuddy(box)
        self._people.addWidget(said, row, 0)
        self._people.addWidget(box, row, 1)
        self._people.addWidget(label(GRANTS[member.offered] if member.name else "", "small", wraps=True), row, 2)
        self.boxes[member.name] = box
        if member.mine:
            box.setFocus()

    def _choose(self, user: str, box: QComboBox, _place: int) -> None:
        workspace, chosen = self.desk.workspace, box.currentData()
        self.wrong.hide()
        act: Callable[[Progress], None] = lambda _progress: (  # noqa: E731
            roles.assign(workspace, user, chosen) if user else roles.choose(workspace, chosen)
        )
        task = self.desk.save(act, {ROLE}, fails=self._refused)
        task.finished.connect(self._reload)

    def _refused(self, error: UserError) -> None:
        self.wrong.setText(f"✕ {error}")
        self.wrong.show()


class _Roles(QComboBox):
    """The roles of one person. A role counts at once, so one is chosen in the open list only.

    Whoever rolls down the window gives nobody another one, and no arrow gives those on the way.
    """

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in WALKING or event.text().isalpha():
            self.showPopup()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

"""Taking a record out of force: a reason first, an undo afterwards."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidget, QWidgetAction

from peti_desktop.editing import RESTORE, RETIRE
from ui.desk import Desk, Page

REASONS: Final = ("Ya no aplica", "Está repetido", "Se registró por error")


class RetireButton(QPushButton):
    """«Retirar» with its usual reasons; ``chosen(reason)``. Nothing is ever deleted."""

    chosen = Signal(str)

    def __init__(self, text: str = "Retirar…", over: QWidget | None = None) -> None:
        super().__init__(text, over)
        self.setProperty("role", "quiet")
        self.setAutoDefault(False)
        self.setToolTip("Se retira con un motivo y se puede restaurar.")
        self.reasons = menu = QMenu(self)
        for reason in REASONS:
            menu.addAction(reason, lambda reason=reason: self.chosen.emit(reason))
        menu.addSeparator()
        self._other = QLineEdit()
        self._other.setPlaceholderText("Otro motivo, y Entrar")
        self._other.setAccessibleName("Otro motivo")
        self._other.returnPressed.connect(self._own)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(self._other)
        menu.addAction(holder)
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        self.reasons.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _own(self) -> None:
        reason = self._other.text().strip()
        if reason:
            self._other.clear()
            self.reasons.close()
            self.chosen.emit(reason)


def with_controls(risk: str, controls: Iterable[str]) -> list[tuple[str, str]]:
    """A risk goes out of force, and comes back, together with its controls: (type, uid) of each."""
    return [("riesgo", risk), *(("control", uid) for uid in controls)]


def retire(desk: Desk, page: Page, records: Sequence[tuple[str, str]], what: str, reason: str) -> None:
    """Retire records, (type, uid) each, in one act; reload ``page``; offer to undo it. ``what`` is it in words."""
    workspace = desk.workspace
    types = _types(records)

    def work(_progress: object) -> None:
        with workspace.act(f"retirar {what}") as act:
            for type_name in types_of(records):
                act.set_retired(type_name, {uid: reason for name, uid in records if name == type_name}, RETIRE)

    def done(_nothing: object) -> None:
        page.reload()
        desk.notice.tell(f"Se retiró: {what}.", action="Deshacer", act=lambda: restore(desk, records, what))

    page.flush()
    desk.save(work, types, done, origin=page)


def restore(desk: Desk, records: Sequence[tuple[str, str]], what: str) -> None:
    """Put records back in force in one act."""
    workspace = desk.workspace

    def work(_progress: object) -> None:
        with workspace.act(f"recuperar {what}") as act:
            for type_name in types_of(records):
                act.set_retired(type_name, {uid: None for name, uid in records if name == type_name}, RESTORE)

    desk.save(work, _types(records))


def types_of(records: Sequence[tuple[str, str]]) -> list[str]:
    """The types of (type, uid) pairs, in order of appearance."""
    return list(dict.fromkeys(name for name, _uid in records))


def _types(records: Sequence[tuple[str, str]]) -> set[str]:
    names = {name for name, _uid in records}
    return names | {"riesgo"} if "control" in names else names

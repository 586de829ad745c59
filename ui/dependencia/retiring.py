"""Taking a record out of force: a reason first, an undo afterwards."""

from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidget, QWidgetAction

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


def retire(desk: Desk, page: Page, type_name: str, uid: str, what: str, reason: str) -> None:
    """Retire the record, reload ``page``, and offer to undo it; ``what`` names the record in words."""
    workspace = desk.workspace
    types = {type_name, "riesgo"} if type_name == "control" else {type_name}

    def undo() -> None:
        desk.save(lambda _progress: workspace.restore(type_name, uid), types)

    def done(_record: object) -> None:
        page.reload()
        desk.notice.tell(f"Se retiró: {what}.", action="Deshacer", act=undo)

    page.flush()
    desk.save(lambda _progress: workspace.retire(type_name, uid, reason), types, done, origin=page)

"""What is asked before a cut is sealed, and what who seals it should know: what it would leave out."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from peti_desktop.consolidation import cuts
from peti_desktop.consolidation.cuts import Waiting
from peti_desktop.errors import UserError
from ui import theme
from ui.chips import button, label
from ui.oficina.words import plural, thousands


class SealForm(QFrame):
    """``agreed(name, note)``: seal it; ``left``: somebody thought better of it."""

    agreed = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.name, self.note = QLineEdit(), QLineEdit()
        self.name.setMaxLength(cuts.LONGEST_NAME)
        self.name.setPlaceholderText("Por ejemplo: Primer semestre, para el comité")
        self.note.setPlaceholderText("Para qué se sella (si quiere)")
        fields = QFormLayout()
        for text, editor in (("Nombre", self.name), ("Nota", self.note)):
            fields.addRow(text, editor)
            editor.setAccessibleName(text)
            editor.returnPressed.connect(self._agree)
        self.pending = label("", "warns", wraps=True)
        self.wrong = label("", "stops", wraps=True)
        self.confirm = button("S&ellar", self._agree, role="primary")
        line = QHBoxLayout()
        line.addWidget(self.wrong, 8)
        line.addStretch(1)
        line.addWidget(button("Cancelar", self.left.emit))
        line.addWidget(self.confirm)
        about = (
            "Se guardan todos los registros y todos los informes, como están en este momento. La consolidación "
            "sigue abierta: lo que se cambie después no toca el corte."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Sellar un corte", "heading"))
        column.addLayout(fields)
        column.addWidget(label(about, "muted", wraps=True))
        column.addWidget(self.pending)
        column.addLayout(line)
        self.hide()

    def begin(self, waiting: Waiting) -> None:
        """Ask, and tell what the cut would leave out."""
        self.pending.setText("\n".join(f"▲ {words}" for words in pending_words(waiting)))
        self.pending.setVisible(bool(self.pending.text()))
        self.wrong.hide()
        self.show()
        self.name.setFocus()

    def refused(self, error: UserError) -> None:
        """Say why it was not sealed."""
        self.wrong.setText(f"✕ {error}")
        self.wrong.show()
        self.name.setFocus()

    def done(self) -> None:
        """It was sealed: forget what was typed."""
        self.hide()
        self.name.clear()
        self.note.clear()

    def _agree(self) -> None:
        if self.confirm.isEnabled():
            self.wrong.hide()
            self.agreed.emit(self.name.text(), self.note.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def pending_words(waiting: Waiting) -> list[str]:
    """What the cut would hold undecided or leave out, in sentences."""
    found = []
    if not waiting.records:
        found.append("Todavía no hay registros: el corte quedará vacío.")
    if waiting.deliveries:
        verb = "espera" if waiting.deliveries == 1 else "esperan"
        count = plural(waiting.deliveries, "entrega", "entregas")
        found.append(f"En la Bandeja {verb} {count} por decidir: lo que no se haya aceptado no queda en el corte.")
    if waiting.doubts:
        verb = "queda" if waiting.doubts == 1 else "quedan"
        found.append(f"En Dudas {verb} {thousands(waiting.doubts)} por resolver: se sellan como están.")
    return found

"""The budget: an amount of pesos, the line it draws as a slider, and in words what it covers and leaves."""

from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QSlider, QVBoxLayout

from peti_desktop.consolidation.budget import Line, read_amount
from peti_desktop.errors import UserError
from peti_desktop.records.convert import decimal_text
from ui import theme
from ui.chips import StateChip, label
from ui.oficina.words import pesos, plural, short_pesos

_WIDE: Final = 170
NOT_SET: Final = (
    "Todavía no hay presupuesto: escríbalo o mueva la línea. Para todo hacen falta {}. Sin él, el PAA lleva todo."
)
TRIAL: Final = "Puede mover la línea para mirar: el presupuesto guardado no cambia."


class BudgetBar(QFrame):
    """``typed(amount)``: somebody wrote how much there is; ``moved(above)``: the line goes below so many items."""

    typed = Signal(object)
    moved = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.amount = QLineEdit()
        self.amount.setAccessibleName("Presupuesto en pesos")
        self.amount.setPlaceholderText("800.000.000")
        self.amount.setFixedWidth(_WIDE)
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.amount.editingFinished.connect(self._read)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Hasta qué necesidad alcanza")
        self.slider.setToolTip("Mueve la línea. También Ctrl+Arriba y Ctrl+Abajo en la tabla.")
        self.slider.valueChanged.connect(self._slid)
        self.said = label("", "body", wraps=True)
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        self.trial = label(TRIAL, "small", wraps=True)
        self.trial.hide()
        self.open = StateChip("", "info")
        self._shown = ""
        name = label("Presu&puesto  $")
        name.setBuddy(self.amount)
        top = QHBoxLayout()
        top.setSpacing(theme.SMALL)
        top.addWidget(name)
        top.addWidget(self.amount)
        top.addWidget(self.slider, 1)
        below = QHBoxLayout()
        below.setSpacing(theme.MEDIUM)
        below.addWidget(self.said, 1)
        below.addWidget(self.open)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MEDIUM, theme.SMALL, theme.MEDIUM, theme.SMALL)
        column.setSpacing(theme.TIGHT)
        column.addLayout(top)
        column.addLayout(below)
        column.addWidget(self.trial)
        column.addWidget(self.wrong)

    def show_line(self, line: Line, uncovered: int, *, unset: bool = False, kept: bool = True) -> None:
        """Say what the line covers, what it leaves, and how many extreme risks stay open.

        ``unset``: nobody said yet how much there is; ``kept``: what is said here is remembered.
        """
        count = len(line.cumulative)
        self.slider.blockSignals(True)
        self.slider.setRange(0, count)
        self.slider.setPageStep(max(1, count // 10))
        self.slider.setValue(line.above)
        self.slider.blockSignals(False)
        self._shown = "" if unset else decimal_text(line.amount)
        self.amount.setText(self._shown)
        self.wrong.hide()
        self.said.setText(NOT_SET.format(short_pesos(line.missing)) if unset else _covered(line))
        self.trial.setVisible(not kept)
        if uncovered:
            words = "riesgo extremo queda sin cubrir" if uncovered == 1 else "riesgos extremos quedan sin cubrir"
            self.open.tell(f"{uncovered} {words}", "stops")
        else:
            self.open.tell("Ningún riesgo extremo queda sin cubrir", "fine")

    def _read(self) -> None:
        if self.amount.text() == self._shown:
            return
        try:
            amount = read_amount(self.amount.text() or "0")
        except UserError as error:
            self.wrong.setText(f"{error.what} {error.todo}")
            self.wrong.show()
            return
        self.typed.emit(amount)

    def _slid(self, above: int) -> None:
        self.moved.emit(above)


def _covered(line: Line) -> str:
    """What the line covers and leaves, in a sentence."""
    count = len(line.cumulative)
    parts = [f"Cubre {line.above} de {plural(count, 'renglón', 'renglones')}: {pesos(line.spent)}"]
    parts.append(f"sobran {pesos(line.left)}")
    if count > line.above:
        parts.append(f"para todo faltan {short_pesos(max(Decimal(0), line.missing - line.left))}")
    if line.unvalued:
        parts.append(f"{plural(line.unvalued, 'cubierto no tiene', 'cubiertos no tienen')} valor completo")
    if line.would_fit:
        parts.append(f"con lo que sobra cabrían {len(line.would_fit)} más abajo")
    return " · ".join(parts) + "."

"""One value for many rows: which field, which value, why; said before it is done how many rows it meets."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.matrix_changes import MOST, changeable
from peti_desktop.records.convert import read
from ui import theme
from ui.chips import button, label
from ui.inputs import Input, make_input
from ui.oficina.words import thousands

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants corrected: ``all_rows`` that meet the filter, or those chosen."""

    field: str
    raw: str
    reason: str
    all_rows: bool


class CorrectDialog(QDialog):
    """``agreed(Wanted)``, once field, value and reason are there. ``asked`` is the filter in words."""

    agreed = Signal(object)

    def __init__(
        self, type_name: str, catalogues: Catalogues, chosen: int, total: int, asked: str, first: str, over: QWidget
    ) -> None:
        super().__init__(over)
        self.setWindowTitle("Corregir registros")
        self.setModal(True)
        self.setMinimumWidth(460)
        self._catalogues = catalogues
        self._fields = {field.name: field for field in changeable(type_name)}
        self._input: Input | None = None
        self.chosen = QRadioButton("La fila escogida" if chosen == 1 else f"Las {thousands(chosen)} filas escogidas")
        every = (
            f"Todas las {thousands(total)} que cumplen el filtro" if asked else f"Todas las {thousands(total)} filas"
        )
        self.every = QRadioButton(every)
        self.every.setToolTip(asked)
        group = QButtonGroup(self)
        for made in (self.chosen, self.every):
            group.addButton(made)
        self.chosen.setEnabled(chosen > 0)
        self.every.setEnabled(total <= MOST)
        (self.chosen if chosen else self.every).setChecked(True)
        self.field = QComboBox()
        self.field.setAccessibleName("Campo que se corrige")
        for name, field in self._fields.items():
            self.field.addItem(field.label, name)
        self.field.setCurrentIndex(max(0, self.field.findData(first)))
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Motivo")
        self.reason.setPlaceholderText("Por ejemplo: error de digitación, según oficio 123")
        self.reason.setMaxLength(LONGEST_REASON)
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        self._build(total)
        self.field.currentIndexChanged.connect(self._offer)
        self._offer()

    def _build(self, total: int) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Corregir registros", "heading"))
        about = "Lo declarado se conserva al lado. Queda en la bitácora y se deshace en un paso."
        column.addWidget(label(about, "muted", wraps=True))
        column.addWidget(self.chosen)
        column.addWidget(self.every)
        if total > MOST:
            column.addWidget(label(f"De una vez se corrigen hasta {thousands(MOST)}: filtre primero.", "small"))
        column.addWidget(label("Campo", "small"))
        column.addWidget(self.field)
        column.addWidget(label("Valor correcto (vacío lo deja sin diligenciar)", "small", wraps=True))
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        column.addWidget(label("Motivo (obligatorio)", "small"))
        column.addWidget(self.reason)
        column.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(button("Cancelar", self.reject))
        self.go = button("Corregir", self._agree, role="primary")
        row.addWidget(self.go)
        column.addLayout(row)

    @property
    def value(self) -> Input:
        """The input of the value."""
        assert self._input is not None
        return self._input

    def _offer(self) -> None:
        if self._input is not None:
            self._place.removeWidget(self._input)
            self._input.deleteLater()
        self._input = make_input(self._fields[self.field.currentData()], self._catalogues)
        self._input.setAccessibleName("Valor correcto")
        self._place.addWidget(self._input)
        self.setTabOrder(self.field, self._input)
        self.setTabOrder(self._input, self.reason)

    def _agree(self) -> None:
        name = self.field.currentData()
        raw = self.value.raw()
        _value, wrong = read(self._fields[name], raw, self._catalogues)
        reason = self.reason.text().strip()
        if wrong or not reason:
            self.wrong.setText(wrong or "Escriba el motivo: queda en la bitácora y en el anexo de los informes.")
            self.wrong.show()
            (self.value if wrong else self.reason).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.agreed.emit(Wanted(name, raw, reason, self.every.isChecked()))
        self.accept()

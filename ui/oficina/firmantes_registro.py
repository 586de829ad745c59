"""The register of signers with its filters, and what can be done with the one in front."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from peti_desktop.errors import UserError
from peti_desktop.office.enrolment import Enrolled
from ui import theme
from ui.chips import button, label
from ui.oficina.firmantes_confirmar import RENEW, REPLACE
from ui.oficina.firmantes_lista import COLUMNS, IN_FORCE, OUT_OF_FORCE, PERSON, People
from ui.oficina.firmantes_llaves import allow
from ui.oficina.tabla import PlainTable

ANNUL = "anular"
SPARE = tuple(place for place, (name, _, _) in enumerate(COLUMNS) if name in {"Cargo", "Desde"})
"""What a narrow window leaves to the line below the table."""
FIRM = frozenset(place for place, (name, _, _) in enumerate(COLUMNS) if name in {"Desde", "Hasta"})
"""The days: cut short they would say nothing."""


class Register(QWidget):
    """``asked(deed)``: the person wants to RENEW, REPLACE or ANNUL the key in front."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = People()
        self._refused: UserError | None = None
        self.table = PlainTable(self.model, "Firmantes", [width for _, width, _ in COLUMNS[:-1]], FIRM, SPARE)
        self.table.setMinimumHeight(150)
        self.setFocusProxy(self.table)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MEDIUM)
        column.addLayout(self._filters())
        column.addWidget(self.table, 1)
        column.addLayout(self._deeds())

    def fill(self, people: Sequence[Enrolled], refused: UserError | None) -> None:
        """Take other signers; the one in front stays so. ``refused`` is why who works here changes none of them."""
        chosen, self._refused = self.person, refused
        self.model.fill(people)
        self._fill_units(people)
        self._choose(chosen.key_id if chosen else "")

    @property
    def person(self) -> Enrolled | None:
        """The signer in front."""
        found = self.table.currentIndex().data(PERSON)
        return found if isinstance(found, Enrolled) else None

    def _filters(self) -> QHBoxLayout:
        self.unit, self.group, self.search = QComboBox(), QComboBox(), QLineEdit()
        self.unit.setAccessibleName("Dependencia")
        self.unit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.unit.setMinimumContentsLength(24)
        self.group.setAccessibleName("Estado")
        for text, data in (("Todas las claves", ""), ("Firman hoy", IN_FORCE), ("Ya no firman", OUT_OF_FORCE)):
            self.group.addItem(text, data)
        self.search.setAccessibleName("Buscar un firmante o una huella")
        self.search.setPlaceholderText("Buscar nombre, cargo o huella")
        self.search.setClearButtonEnabled(True)
        self.unit.addItem("Todas las dependencias", "")
        for choice in (self.unit, self.group):
            choice.currentIndexChanged.connect(self._filter)
        self.search.textChanged.connect(self._filter)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.unit, 2)
        row.addWidget(self.group)
        row.addWidget(self.search, 2)
        return row

    def _deeds(self) -> QHBoxLayout:
        self.note = label("", "muted", wraps=True)
        self.renew_button = button("R&enovar su clave…", partial(self.asked.emit, RENEW))
        self.replace_button = button("&Reemplazar por otra…", partial(self.asked.emit, REPLACE))
        self.annul_button = button("An&ular…", partial(self.asked.emit, ANNUL))
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.note, 1)
        for made in (self.renew_button, self.replace_button, self.annul_button):
            row.addWidget(made)
        return row

    def _fill_units(self, people: Sequence[Enrolled]) -> None:
        chosen = self.unit.currentData()
        self.unit.blockSignals(True)
        while self.unit.count() > 1:
            self.unit.removeItem(1)
        for code, name in dict.fromkeys((one.dependencia, one.dependencia_nombre) for one in people):
            self.unit.addItem(name, code)
        self.unit.setCurrentIndex(max(0, self.unit.findData(chosen)))
        self.unit.blockSignals(False)
        self._filter()

    def _filter(self, _said: object = None) -> None:
        chosen = self.person
        self.model.ask(str(self.unit.currentData()), str(self.group.currentData()), self.search.text())
        self._choose(chosen.key_id if chosen else "")

    def _choose(self, key_id: str) -> None:
        row = max(0, self.model.row_of(key_id)) if self.model.rowCount() else -1
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.table.selectionModel().setCurrentIndex(self.model.index(row, 0), flags)
        self._selected()

    def _selected(self, *_said: object) -> None:
        found = self.person
        can = found is not None and found.in_force
        for made in (self.renew_button, self.replace_button, self.annul_button):
            allow(made, self._refused, can=can)
        self.note.setText(self._about(found) if found else "")

    def _about(self, found: Enrolled) -> str:
        said = [f"{found.nombre}, {found.cargo}." if found.cargo else f"{found.nombre}."]
        said.append(f"Huella {found.fingerprint}.")
        if found.confirmed_by:
            said.append(f"Confirmó {found.confirmed_by}.")
        before = next((one for one in self.model.people if one.key_id == found.succeeds), None)
        if before is not None:
            said.append(f"Sigue a la clave {before.fingerprint[:9]}… de {before.nombre}.")
        if found.annulled_at is not None:
            said.append(f"La anuló {found.annulled_by}: {found.reason}.")
        return " ".join(said)

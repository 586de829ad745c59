"""Confirming a key: who asks, what to know before, the fingerprint large enough to read over the telephone."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from peti_desktop.office.enrolment import Candidate
from ui.chips import label
from ui.oficina.firmantes_paneles import ANNUL_REASONS, Panel, big_fingerprint

BREAK = "\u200b"
KEEP, RENEW, REPLACE = "", "renovar", "reemplazar"


class Confirm(Panel):
    """``said(candidate, nombre, cargo, in_place_of, annulled_because)`` once the person ticked that it is the same."""

    said = Signal(object, str, str, str, str)

    def __init__(self) -> None:
        super().__init__("", "Con&firmar la clave")
        self._found: Candidate | None = None
        self.warnings = label("", "warns", wraps=True)
        self.fingerprint = big_fingerprint()
        self.fingerprint.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.fingerprint.setMinimumWidth(1)  # it breaks between its groups
        # A box's text does not wrap: what it means in full stands above the fingerprint.
        self.same = QCheckBox("Coinci&de, letra por letra")
        self.same.toggled.connect(self.check)
        for widget in (
            self.warnings,
            label(
                "Huella de la clave. Compárela con la del papel firmado, o pida que se la lean por teléfono:",
                wraps=True,
            ),
            self.fingerprint,
            self.same,
        ):
            self.more.addWidget(widget)
        self.nombre, self.cargo = QLineEdit(), QLineEdit()
        self.relation = QComboBox()
        self.relation.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.relation.setMinimumContentsLength(12)
        self.why = QComboBox()
        self.why.addItems(list(ANNUL_REASONS))
        self.why.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.why.setMinimumContentsLength(12)
        self.add("Nombr&e", self.nombre)
        self.add("Car&go", self.cargo)
        self.add("Esta cla&ve", self.relation)
        self.add("Por &qué se anula", self.why)
        self.relation.currentIndexChanged.connect(self._related)
        self.setFocusProxy(self.same)

    def show_candidate(self, found: Candidate, old: str = "", how: str = KEEP) -> None:
        """Show a key; ``old`` is the key id it is said to take the place of, ``how`` whether that one goes on."""
        self._found = found
        source = "una solicitud" if found.is_request else "un archivo firmado"
        self.heading.setText(f"¿Es la clave de {found.nombre}, de {found.dependencia_nombre}?")
        self.about.setText(f"Lo dice {source}: «{found.path.name}». El nombre lo escribió quien hizo el archivo.")
        self.about.show()
        self.warnings.setText("\n".join(f"▲ {sentence}" for sentence in found.warnings))
        self.warnings.setVisible(bool(found.warnings))
        self.fingerprint.setText(found.fingerprint.replace("-", f" {BREAK}"))
        self.fingerprint.setAccessibleName(f"Huella {found.fingerprint}")
        self.nombre.setText(found.nombre)
        self.cargo.setText(found.cargo)
        self.relation.clear()
        self.relation.addItem("Se suma a las que ya firman", (KEEP, ""))
        for other in found.others:
            if other.in_force:
                self.relation.addItem(f"Renueva la de {other.nombre}: esa vale hasta su fecha", (RENEW, other.key_id))
                self.relation.addItem(f"Reemplaza la de {other.nombre}: esa queda anulada", (REPLACE, other.key_id))
        for place in range(self.relation.count()):
            if self.relation.itemData(place) == (how, old):
                self.relation.setCurrentIndex(place)
        self._related()

    def ready(self) -> bool:
        named = bool(self.nombre.text().strip() and self.cargo.text().strip())
        return self.same.isChecked() and named and self._found is not None

    def act(self) -> None:
        how, old = self._relation()
        because = self.why.currentText() if how == REPLACE else ""
        self.said.emit(self._found, self.nombre.text().strip(), self.cargo.text().strip(), old, because)

    def wipe(self) -> None:
        self.same.setChecked(False)
        self.why.setCurrentIndex(0)

    def _relation(self) -> tuple[str, str]:
        said = self.relation.currentData()
        return (str(said[0]), str(said[1])) if said else (KEEP, "")

    def _related(self, _index: int = 0) -> None:
        self.form.setRowVisible(self.why, self._relation()[0] == REPLACE)
        self.check()

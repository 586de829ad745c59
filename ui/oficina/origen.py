"""Where a number came from: file, sheet, row, signer, date, corrections, and every change of the record."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation.corrections import Correction
from peti_desktop.field_help import help_of
from peti_desktop.matrix import UNIT
from peti_desktop.origin import UNSIGNED_FORM, Origen
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field
from peti_desktop.records.record import Record, from_stored_text
from peti_desktop.workspace import Change
from ui import theme
from ui.chips import Empty, label, rule
from ui.oficina.words import moment, verdict

ACTIONS = {
    "crear": "Se creó",
    "nuevo": "Llegó por primera vez",
    "cambiar": "Cambió",
    "cambiado": "Cambió",
    "retirar": "Se retiró",
    "retirado": "Se retiró",
    "restaurar": "Volvió a estar en firme",
    "corregir": "Corregido por TIC",
    "levantar": "Se levantó la corrección",
    "confirmar": "Se confirmó la corrección",
    "deshacer": "Se deshizo",
    "rehacer": "Se volvió a hacer",
}
MENDING = {"corregir", "levantar", "confirmar"}
NEWEST = 60
"""So many changes are shown; more fit no screen."""


class OrigenPanel(QFrame):
    """Shows one ``Origen``; ``clear()`` before the first and while nothing is chosen."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setMinimumWidth(250)
        self._catalogues = catalogues
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName("Origen del registro")
        self._shown: tuple[Origen, Mapping[str, str]] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._area)
        self.clear()

    def clear(self) -> None:
        """Say what the panel is for."""
        self._shown = None
        self._area.setWidget(Empty("Origen", "Escoja una fila para ver de dónde viene.", icon="buscar"))

    @property
    def text(self) -> str:
        """Everything the panel says."""
        from PySide6.QtWidgets import QLabel

        return "\n".join(said.text() for said in self._area.widget().findChildren(QLabel))

    def tell_cell(self, field: Field | None) -> None:
        """Tell of another field of the same record; of none."""
        if self._shown is not None:
            self.show_origin(*self._shown, field)

    def show_origin(self, found: Origen, links: Mapping[str, str], cell: Field | None = None) -> None:
        """Show where a record came from, and first where the value of the field ``cell`` did."""
        self._shown = (found, links)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        if cell is not None and cell is not UNIT:
            for text, role in _of_cell(found, cell, self._catalogues, links):
                column.addWidget(label(text, role, wraps=True))
            column.addWidget(rule())
        column.addWidget(label("Origen del registro", "heading"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(2)
        for name, text in _facts(found, self._catalogues):
            said = label(text, wraps=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label(name, "small"), said)
        if found.unsigned:
            column.addWidget(label(f"▲ {UNSIGNED_FORM}", "warns", wraps=True))
        column.addLayout(form)
        if found.corrections:
            column.addWidget(rule())
            column.addWidget(label("Correcciones de la Oficina TIC", "heading", wraps=True))
            for correction in found.corrections:
                for text, role in _mended(correction):
                    column.addWidget(label(text, role, wraps=True))
        column.addWidget(rule())
        column.addWidget(label("Historia", "heading"))
        for change in found.changes[:NEWEST]:
            column.addWidget(label(_told(found.record, change, self._catalogues, links), wraps=True))
            column.addWidget(label(" · ".join(_by(change, found.files)), "small", wraps=True))
        if (older := len(found.changes) - NEWEST) > 0:
            words = "Y 1 cambio más antiguo." if older == 1 else f"Y {older} cambios más antiguos."
            column.addWidget(label(words, "muted"))
        column.addStretch()
        self._area.setWidget(inside)


def _of_cell(found: Origen, cell: Field, catalogues: Catalogues, links: Mapping[str, str]) -> list[tuple[str, str]]:
    """What one value is and where it comes from, as texts with their role: corrected, computed, or declared."""
    value = show(cell, found.record.values.get(cell.name), catalogues, links) or "sin diligenciar"
    texts = [(cell.label, "heading"), (value, "body")]
    mended = next((each for each in found.corrections if each.field == cell.name and each.lifted_at is None), None)
    if mended is not None:
        texts.append((f"Lo corrigió la Oficina TIC. Declarado: {mended.declared or 'sin diligenciar'}", "small"))
        return [*texts, (" · ".join((mended.reason, moment(mended.when), mended.who)), "small")]
    if cell.computed:
        told = help_of(cell)
        rule_of = f"{told.meaning} {told.source}." if told else ""
        return [*texts, (f"Calculado con los demás datos del registro. {rule_of}".strip(), "small")]
    set_by = next((each for each in found.changes if each.field == cell.name), None)
    if set_by is not None:
        texts.append((f"{_told(found.record, set_by, catalogues, links)}", "small"))
    by = set_by or (found.changes[-1] if found.changes else None)
    return [*texts, (" · ".join(_by(by, found.files)), "small")] if by is not None else texts


def _facts(found: Origen, catalogues: Catalogues) -> list[tuple[str, str]]:
    record, receipt = found.record, found.receipt
    facts = [("Dependencia", catalogues.label("dependencia", record.dependencia))]
    if record.example:
        facts.append(("Ejemplo", "Sí: no es información oficial"))
    if record.origin is None:
        facts.append(("Lo registró", record.created_by))
        facts.append(("Cuándo", moment(record.created_at)))
        return facts
    facts.append(("Hoja y fila", f"{record.origin.sheet}, fila {record.origin.row}"))
    if receipt is not None:
        facts += [
            ("Archivo", receipt.file),
            ("Veredicto", verdict(receipt)[0]),
            ("Entrega", f"n.º {receipt.number} · código {receipt.code}"),
            ("Firmó", f"{receipt.signer} – {receipt.cargo}"),
            ("Fecha de firma", moment(receipt.signed_at)),
            ("Se recibió", moment(receipt.received_at)),
            ("Huella", receipt.fingerprint),
            ("Listas con que se diligenció", found.catalogues or "no se pudo leer"),
        ]
    return facts


def _told(record: Record, change: Change, catalogues: Catalogues, links: Mapping[str, str]) -> str:
    action = ACTIONS.get(change.action, change.action.capitalize())
    known = TYPES[record.type].by_name.get(change.field)
    if known is None:
        return f"{action}: {change.after}" if change.after else action
    said = f"{action} · " if change.action in MENDING else ""
    before, after = (
        show(known, from_stored_text(known, text), catalogues, links) for text in (change.before, change.after)
    )
    return f"{said}{known.label}: {before or '—'} → {after or '—'}"


def _by(change: Change, files: Mapping[str, str]) -> list[str]:
    """When, who, and with which delivery."""
    delivery = files.get(change.delivery or "")
    return [moment(change.when), change.who, *([delivery] if delivery else [])]


def _mended(correction: Correction) -> list[tuple[str, str]]:
    """A correction as texts with their role."""
    texts = [
        (f"{correction.label}: {correction.declared or '—'} → {correction.corrected or '—'}", "body"),
        (f"Motivo: {correction.reason}", "small"),
        (f"{moment(correction.when)} · {correction.who}", "small"),
    ]
    if correction.pending:
        texts.append(("▲ La dependencia declaró otro valor después: falta confirmarla.", "warns"))
    if correction.lifted_at:
        by = f" ({correction.lifted_why})" if correction.lifted_why else ""
        texts.append((f"Se levantó: {moment(correction.lifted_at)} · {correction.lifted_by}{by}", "small"))
    return texts

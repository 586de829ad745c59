"""Where a number came from: file, sheet, row, signer, date, and every change of the record."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.intake import inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.records import TYPES
from peti_desktop.records.convert import show
from peti_desktop.records.record import Record, from_stored_text
from peti_desktop.workspace import Change, Workspace
from ui import theme
from ui.chips import Empty, label, rule
from ui.oficina.words import moment

ACTIONS = {
    "crear": "Se creó",
    "nuevo": "Llegó por primera vez",
    "cambiar": "Cambió",
    "cambiado": "Cambió",
    "retirar": "Se retiró",
    "retirado": "Se retiró",
    "restaurar": "Volvió a estar en firme",
}
NEWEST = 60
"""So many changes are shown; more fit no screen."""


@dataclass(frozen=True, slots=True)
class Origen:
    """A record, the delivery that last set it (if one did), and its changes, newest first."""

    record: Record
    receipt: Receipt | None
    changes: tuple[Change, ...]


def origin_of(ws: Workspace, record: Record) -> Origen:
    """Look up where ``record`` came from."""
    receipt = None
    if record.origin is not None:
        found = (kept for kept in inbox.listing(ws) if kept.sha256 == record.origin.delivery)
        receipt = next(found, None)
    return Origen(record, receipt, tuple(reversed(ws.history(record.uid))))


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
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self._area)
        self.clear()

    def clear(self) -> None:
        """Say what the panel is for."""
        self._area.setWidget(Empty("Origen", "Escoja una fila para ver de dónde viene.", icon="buscar"))

    @property
    def text(self) -> str:
        """Everything the panel says."""
        from PySide6.QtWidgets import QLabel

        return "\n".join(said.text() for said in self._area.widget().findChildren(QLabel))

    def show_origin(self, found: Origen, links: Mapping[str, str]) -> None:
        """Show where a record came from."""
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Origen", "heading"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(2)
        for name, text in _facts(found, self._catalogues):
            said = label(text, wraps=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(label(name, "small"), said)
        column.addLayout(form)
        column.addWidget(rule())
        column.addWidget(label("Historia", "heading"))
        for change in found.changes[:NEWEST]:
            column.addWidget(label(_told(found.record, change, self._catalogues, links), wraps=True))
            column.addWidget(label(f"{moment(change.when)} · {change.who}", "small", wraps=True))
        if len(found.changes) > NEWEST:
            column.addWidget(label(f"Y {len(found.changes) - NEWEST} cambios más antiguos.", "muted"))
        column.addStretch()
        self._area.setWidget(inside)


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
            ("Entrega", f"n.º {receipt.number} · código {receipt.code}"),
            ("Firmó", f"{receipt.signer} – {receipt.cargo}"),
            ("Fecha de firma", moment(receipt.signed_at)),
            ("Se recibió", moment(receipt.received_at)),
            ("Huella", receipt.fingerprint),
        ]
    return facts


def _told(record: Record, change: Change, catalogues: Catalogues, links: Mapping[str, str]) -> str:
    action = ACTIONS.get(change.action, change.action.capitalize())
    known = TYPES[record.type].by_name.get(change.field)
    if known is None:
        return f"{action}: {change.after}" if change.after else action
    before, after = (
        show(known, from_stored_text(known, text), catalogues, links) for text in (change.before, change.after)
    )
    return f"{known.label}: {before or '—'} → {after or '—'}"

"""Where a record of the matrix came from: its file, who signed it, its changes over the vigencias, its corrections."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from db.queries import deliveries
from peti_desktop.consolidation import corrections
from peti_desktop.consolidation.corrections import Correction
from peti_desktop.delivery import unproven
from peti_desktop.delivery.cells import Unreadable
from peti_desktop.delivery.reading import cover
from peti_desktop.delivery.workbook import COVER
from peti_desktop.errors import UserError
from peti_desktop.intake import stored
from peti_desktop.intake.receipt import Receipt
from peti_desktop.oldform.filled import SOURCE, UNSIGNED
from peti_desktop.records.record import Record
from peti_desktop.workspace import Change, Workspace

UNSIGNED_FORM: Final = "Formulario sin firma: lo recibió quien figura en la historia, no lo firmó quien lo llenó."
"""What is said of a record that an Excel form brought, whose lower trust stays visible."""


@dataclass(frozen=True, slots=True)
class Origen:
    """A record, the delivery that last set it (if one did), its changes newest first, and its corrections.

    ``catalogues`` is the version of the lists the delivery was filled in with; ``files`` says of each delivery in the
    changes which one it was, by its hash. ``unsigned``: it came by an Excel form that nobody signed.
    """

    record: Record
    receipt: Receipt | None
    changes: tuple[Change, ...]
    corrections: tuple[Correction, ...]
    catalogues: str
    files: Mapping[str, str]
    unsigned: bool


def origin_of(ws: Workspace, record: Record) -> Origen:
    """Look up where ``record`` came from."""
    changes = ws.history(record.uid)
    files: dict[str, str] = {}
    for sha256 in {change.delivery for change in changes if change.delivery}:
        found = _received(ws, sha256)
        if found is not None:
            files[sha256] = f"entrega n.º {found.number} de {found.vigencia}"
    receipt = _received(ws, record.origin.delivery) if record.origin else None
    return Origen(
        record,
        receipt,
        tuple(reversed(changes)),
        tuple(reversed(corrections.of_record(ws, record.uid))),
        _catalogues(ws, receipt.sha256) if receipt else "",
        files,
        _unsigned(record, changes),
    )


def _received(ws: Workspace, sha256: str) -> Receipt | None:
    with ws.read() as connection:
        rows = deliveries.received(connection, sha256=sha256)
    return stored.from_row(ws, rows[0]) if rows else None


def _catalogues(ws: Workspace, sha256: str) -> str:
    """The version that the cover of a kept file names; empty when the file cannot be read."""
    with ws.read() as connection:
        data = deliveries.content(connection, sha256)
    if data is None:
        return ""
    try:
        found, _names = unproven.sheets(data, {COVER})
    except (Unreadable, UserError):
        return ""
    return cover(found[COVER]).get("catalogos", "") if COVER in found else ""


def _unsigned(record: Record, changes: list[Change]) -> bool:
    source = record.values.get("fuente")
    mark = f"({UNSIGNED})"
    if isinstance(source, str) and source.startswith(SOURCE):
        return True
    return record.changed_by.endswith(mark) or any(change.who.endswith(mark) for change in changes)

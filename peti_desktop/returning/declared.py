"""What a received delivery says, as people read it: the name of a record and the value of a field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from db.queries import deliveries
from db.queries import records as rows
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.reading import Delivery, Incoming
from peti_desktop.errors import UserError
from peti_desktop.intake.stored import looked_at, proven
from peti_desktop.records import TYPES, show
from peti_desktop.records.record import from_row, headline
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Declared:
    """A delivery that was read again from its proven bytes; ``links`` are the words of its records, by uid."""

    delivery: Delivery
    row: Mapping[str, Any]
    records: Mapping[tuple[str, str], Incoming]
    links: Mapping[str, str]

    def title(self, type_name: str, uid: str) -> str:
        """The words that identify a record of the delivery; empty when it has no such record."""
        return self.links[uid] if (type_name, uid) in self.records else ""

    def value(self, type_name: str, uid: str, field: str, catalogues: Catalogues) -> str:
        """The declared value of a field as people read it; empty for an empty one, or a record that is not there."""
        record = self.records.get((type_name, uid))
        if record is None or not field:
            return ""
        return show(TYPES[type_name][field], record.values[field], catalogues, self.links)


def received(ws: Workspace, connection: Connection, sha256: str) -> Declared:
    """A received delivery. Raises UserError when there is none of that hash, or its bytes are no longer proven."""
    found = deliveries.received(connection, sha256=sha256)
    data = deliveries.content(connection, sha256)
    if not found or data is None:
        raise UserError("Esa entrega no está en este archivo de datos.", "Actualice la bandeja y escójala de nuevo.")
    row = found[0]
    delivery, _ = proven(looked_at(ws, connection, {**row, "contenido": data}))
    records = {(name, record.uid): record for name, found in delivery.records.items() for record in found}
    links = {uid: headline(TYPES[name], record.values, ws.catalogues) for (name, uid), record in records.items()}
    return Declared(delivery, row, records, links)


def stored_title(ws: Workspace, connection: Connection, type_name: str, uid: str, unit: str) -> str:
    """The words of a record in force that the delivery does not bring; empty when ``unit`` has no such record."""
    row = rows.one(connection, type_name, uid)
    if row is None or row["dependencia"] != unit:
        return ""
    record_type = TYPES[type_name]
    return headline(record_type, from_row(record_type, row).values, ws.catalogues) or record_type.singular

"""What a delivery is compared with: the records in force for its dependencia, their corrections, what was answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from db.queries import corrections, decisions, doubts
from db.queries import records as rows
from peti_desktop.delivery.reading import Delivery
from peti_desktop.intake.settle import CORRECTED, EMPTIED, Fix
from peti_desktop.records import TYPES
from peti_desktop.records.fields import RecordType, Values
from peti_desktop.records.record import as_of, from_row, from_stored_text
from peti_desktop.workspace import Workspace

KEPT = "mantener"
"""The resolution of a doubt that leaves what is in force as it is: the same question is not asked again."""


@dataclass(frozen=True, slots=True)
class Known:
    """A record to compare with: in force, or as an earlier delivery declared it."""

    values: Values
    retired: str | None
    dependencia: str
    by_office: bool = False
    stored: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """What a delivery is compared with: records by type and uid, corrections by record and field, answers."""

    records: Mapping[str, Mapping[str, Known]]
    fixes: Mapping[str, Mapping[str, Fix]] = field(default_factory=dict)
    answered: Collection[tuple[str, str, str, str]] = frozenset()


def in_force(ws: Workspace, connection: Connection, delivery: Delivery) -> Base:
    """What stands for the dependencia of a delivery, as of today."""
    unit = delivery.envelope.dependencia
    # Only what a delivery carries: the office has records of its own.
    held = rows.held(connection, delivery.records, unit)
    found: dict[str, dict[str, Known]] = {
        name: _stored(ws, connection, TYPES[name], unit if name in held else "", [record.uid for record in incoming])
        for name, incoming in delivery.records.items()
    }
    if len(ws.catalogues.relatives("dependencia", unit)) > 1:
        _with_children(ws, connection, delivery, found)
    _mark_retired_by_office(connection, delivery, found)
    fixes = _fixes(connection, [uid for of in found.values() for uid in of]) if rows.CORRECTED in held else {}
    # What the unit answered under an earlier name, or the one that took its place, is answered.
    kin = ws.catalogues.relatives("dependencia", unit) - ({unit} if rows.ASKED not in held else set())
    told = [row for each in kin for row in doubts.find(connection, still=False, dependencia=each, resolutions=[KEPT])]
    # A correction that was confirmed asks once more whenever something else is declared, be it what was said before.
    kept = [row for row in told if row["clase"] != CORRECTED]
    answered = {(row["registro"], row["campo"], row["clase"], row["texto"]) for row in kept}
    # What a link points to may have got another name since: then the question has other words and is the same.
    links = [row for row in kept if row["clase"] == EMPTIED and TYPES[row["tipo"]][row["campo"]].links]
    answered |= {(row["registro"], row["campo"], EMPTIED, "") for row in doubts.unchanged(connection, links)}
    return Base(found, fixes, answered)


def _fixes(connection: Connection, uids: Sequence[str]) -> dict[str, dict[str, Fix]]:
    """The newest correction of each field that is in force, or that the dependencia itself made needless."""
    found: dict[str, dict[str, Fix]] = {}
    newest = {(row["registro"], row["campo"]): row for row in corrections.find(connection, among=uids, lifted=None)}
    for (uid, name), row in newest.items():
        if row["levantada"] and row["levantada_acto"] is not None:
            continue  # a person took it back
        field_of = TYPES[row["tipo"]][name]
        declared, corrected = (from_stored_text(field_of, row[layer]) for layer in ("declarado", "corregido"))
        found.setdefault(uid, {})[name] = Fix(row["uid"], declared, corrected, agreed=bool(row["levantada"]))
    return found


def _stored(
    ws: Workspace, connection: Connection, record_type: RecordType, unit: str, uids: Sequence[str]
) -> dict[str, Known]:
    own = rows.fetch(connection, record_type.name, retired=None, dependencia=unit) if unit else []
    known = {row["uid"] for row in own}
    others = rows.named(connection, record_type.name, "uid", [uid for uid in uids if uid not in known])
    return _known(ws, record_type, [*own, *others])


def _known(ws: Workspace, record_type: RecordType, stored: Sequence[rows.Row]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for row in stored:
        # Both sides as of today: a device that only grew older is not a change of its dependencia.
        record = as_of(record_type, from_row(record_type, row), ws.catalogues, ws.today)
        found[record.uid] = Known(record.values, record.retired, record.dependencia, stored=row)
    return found


def _with_children(
    ws: Workspace, connection: Connection, delivery: Delivery, found: Mapping[str, dict[str, Known]]
) -> None:
    """Add what belongs to the records that come and is still under the name the dependencia had before."""
    for name in [name for name in found if TYPES[name].parent]:
        column = TYPES[name].parent
        owners = [record.uid for record in delivery.records[TYPES[name][column].links]]
        rest = [row for row in rows.named(connection, name, column, owners) if row["uid"] not in found[name]]
        found[name] |= _known(ws, TYPES[name], rest)


def _mark_retired_by_office(connection: Connection, delivery: Delivery, found: Mapping[str, dict[str, Known]]) -> None:
    """Tell the records that come again although it was the office that took them out of force."""
    for name, incoming in delivery.records.items():
        again = [r.uid for r in incoming if r.retired is None and r.uid in found[name] and found[name][r.uid].retired]
        for uid in decisions.retired_here(connection, again):
            found[name][uid] = replace(found[name][uid], by_office=True)

"""What a delivery would do to the records in force, before anything is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from db.queries import records as rows
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery.reading import Delivery, Incoming
from peti_desktop.records import TYPES
from peti_desktop.records.checks import check, repeated
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Context, RecordType, Severity, Values
from peti_desktop.records.record import Record, as_of, from_row, headline
from peti_desktop.workspace import Workspace

NEW, CHANGED, RETIRED, EQUAL, DOUBTFUL = "nuevo", "cambiado", "retirado", "igual", "dudoso"
COUNTED = {NEW: "added", CHANGED: "changed", RETIRED: "retired", EQUAL: "unchanged", DOUBTFUL: "doubtful"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record: what is in force and what the delivery declares, as people read them."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a delivery and what accepting it would do.

    ``kind`` is what a person sees; a doubtful item still has its ``effect`` (nuevo, cambiado, retirado, igual, or empty
    when accepting the delivery leaves the record alone). ``row`` is 0 for a record that is missing from the file.
    """

    type: str
    uid: str
    headline: str
    kind: str
    effect: str
    changes: tuple[FieldChange, ...]
    reasons: tuple[str, ...]
    sheet: str
    row: int
    incoming: Incoming | None


@dataclass(frozen=True, slots=True)
class Staging:
    """Everything a delivery would do; ``counts`` add up to its records and to those missing from it."""

    items: tuple[Item, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many items there are of each kind, under the names of ``--json``."""
        found = dict.fromkeys(COUNTED.values(), 0)
        for item in self.items:
            found[COUNTED[item.kind]] += 1
        return found


def stage(ws: Workspace, connection: Connection, delivery: Delivery) -> Staging:
    """Compare a delivery with what is in force for its dependencia."""
    unit = delivery.envelope.dependencia
    items: list[Item] = []
    children = _children(delivery)
    links = _links(delivery, ws.catalogues)
    owners = {record.uid: record for found in delivery.records.values() for record in found}
    present = {
        name: {record.uid for record in found if record.retired is None} for name, found in delivery.records.items()
    }
    for name, record_type in TYPES.items():
        incoming = delivery.records[name]
        found = _stored(connection, record_type, unit, [record.uid for record in incoming])
        # Both sides as of today: a device that only grew older is not a change of its dependencia.
        stored = {uid: as_of(record_type, record, ws.catalogues, ws.today) for uid, record in found.items()}
        alike = repeated(record_type, (record.values for record in incoming if record.retired is None))
        context = Context(ws.catalogues, ws.today, repeated=alike, present=present)
        for record in incoming:
            owner = owners.get(str(record.values[record_type.parent])) if record_type.parent else None
            own = replace(context, children=children.get(record.uid, ()), parent=owner.values if owner else {})
            if owner is not None and owner.retired is not None:
                own = replace(own, present={})  # it went out of force with the record it belongs to
            items.append(_item(record_type, record, stored.get(record.uid), own, unit, links))
        seen = {record.uid for record in incoming}
        items.extend(_missing(record_type, stored, seen, ws.catalogues))
    return Staging(tuple(items))


def _children(delivery: Delivery) -> dict[str, list[Values]]:
    found: dict[str, list[Values]] = {}
    for name, incoming in delivery.records.items():
        if parent := TYPES[name].parent:
            for record in incoming:
                if record.retired is None:
                    found.setdefault(str(record.values[parent]), []).append(record.values)
    return found


def _links(delivery: Delivery, catalogues: Catalogues) -> dict[str, str]:
    return {
        record.uid: headline(TYPES[name], record.values, catalogues)
        for name, incoming in delivery.records.items()
        for record in incoming
    }


def _stored(connection: Connection, record_type: RecordType, unit: str, uids: Sequence[str]) -> dict[str, Record]:
    own = rows.fetch(connection, record_type.name, retired=None, dependencia=unit)
    known = {row["uid"] for row in own}
    elsewhere = [uid for uid in uids if uid not in known]
    others = rows.named(connection, record_type.name, "uid", elsewhere)
    return {row["uid"]: from_row(record_type, row) for row in [*own, *others]}


def _item(
    record_type: RecordType,
    record: Incoming,
    stored: Record | None,
    context: Context,
    unit: str,
    links: Mapping[str, str],
) -> Item:
    values = record.values | record_type.compute(record.values, context)
    changes = tuple(_changes(record_type, stored.values if stored else {}, values, context.catalogues, links))
    effect = _effect(record, stored, changes)
    reasons = list(_doubts(record_type, record, values, context))
    if stored is not None and stored.dependencia != unit:
        owner = context.catalogues.label("dependencia", stored.dependencia)
        reasons.append(f"Este registro es de {owner}: no se cambia con esta entrega.")
        effect = ""
    return Item(
        type=record_type.name,
        uid=record.uid,
        headline=headline(record_type, record.values, context.catalogues, links),
        kind=DOUBTFUL if reasons else effect,
        effect=effect,
        changes=changes if effect in {NEW, CHANGED} or (stored and effect == RETIRED) else (),
        reasons=tuple(reasons),
        sheet=record.sheet,
        row=record.row,
        incoming=replace(record, values=values),
    )


def _effect(record: Incoming, stored: Record | None, changes: Sequence[FieldChange]) -> str:
    if record.retired is not None and (stored is None or stored.retired is None):
        return RETIRED
    if stored is None:
        return NEW
    if changes or record.retired != stored.retired:
        return CHANGED
    return EQUAL


def _changes(
    record_type: RecordType,
    before: Values,
    after: Values,
    catalogues: Catalogues,
    links: Mapping[str, str],
) -> Iterator[FieldChange]:
    for field in record_type.fields:
        old, new = before.get(field.name), after[field.name]
        if old != new:
            yield FieldChange(
                field.name,
                field.label,
                show(field, old, catalogues, links),
                show(field, new, catalogues, links),
            )


def _doubts(record_type: RecordType, record: Incoming, values: Values, context: Context) -> Iterator[str]:
    if record.retired is not None:
        return
    yield from (problem.text for problem in record.problems)
    for problem in check(record_type, values, context):
        if problem.severity is Severity.STOPS:
            yield problem.text
    for field in record_type.fields:
        # The method decides zones and totals; what the sheet says is only for reading.
        if field.computed and field.catalogue == "zona" and record.values[field.name] != values[field.name]:
            said = show(field, record.values[field.name], context.catalogues) or "vacía"
            right = show(field, values[field.name], context.catalogues) or "vacía"
            yield f"{field.label}: la hoja dice {said} y el método da {right}."


def _missing(
    record_type: RecordType, stored: Mapping[str, Record], seen: set[str], catalogues: Catalogues
) -> Iterator[Item]:
    for record in stored.values():
        if record.uid not in seen and record.retired is None:
            yield Item(
                type=record_type.name,
                uid=record.uid,
                headline=headline(record_type, record.values, catalogues),
                kind=DOUBTFUL,
                effect="",
                changes=(),
                reasons=("No viene en esta entrega: ¿se retiró, se olvidó o pasó a otra dependencia?",),
                sheet=record_type.title,
                row=0,
                incoming=None,
            )

"""What a delivery would do to the records in force, before anything is stored."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from peti_desktop.delivery.reading import Delivery, Incoming
from peti_desktop.intake.base import Base, Known, in_force
from peti_desktop.intake.settle import (
    BACK,
    CELL,
    EMPTIED,
    FOREIGN,
    METHOD,
    MISSING,
    RULE,
    Declared,
    Moved,
    Question,
    Settled,
    settle,
)
from peti_desktop.records import TYPES
from peti_desktop.records.checks import check, repeated
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Context, Field, RecordType, Severity, Value, Values
from peti_desktop.records.record import headline
from peti_desktop.workspace import Workspace

NEW, CHANGED, RETIRED, EQUAL, DOUBTFUL = "nuevo", "cambiado", "retirado", "igual", "dudoso"
OWNER = "dependencia"
"""The field of a change that says whose a record is; no record has a field of that name."""
COUNTED = {NEW: "added", CHANGED: "changed", RETIRED: "retired", EQUAL: "unchanged", DOUBTFUL: "doubtful"}

Key = tuple[str, str]
"""A record: its type and its uid."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record: what is in force and what would be, as people read them. ``zone``: it is a risk zone."""

    field: str
    label: str
    before: str
    after: str
    zone: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One record of a delivery and what accepting it would do.

    ``kind`` is what a person sees; a doubtful item still has its ``effect`` (nuevo, cambiado, retirado, igual, or empty
    when accepting the delivery leaves the record alone). ``row`` is 0 for a record that is missing from the file. The
    values of ``incoming`` are those that would be in force; ``declared`` are the file's. ``parent`` is the uid of the
    record it belongs to. ``stored`` is its row as it stands.
    """

    type: str
    uid: str
    headline: str
    kind: str
    effect: str
    changes: tuple[FieldChange, ...]
    questions: tuple[Question, ...]
    sheet: str
    row: int
    incoming: Incoming | None
    declared: Values = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    parent: str = ""
    stored: Mapping[str, Any] | None = None

    @property
    def key(self) -> Key:
        """Which record it is."""
        return self.type, self.uid

    @property
    def reasons(self) -> tuple[str, ...]:
        """The questions in words."""
        return tuple(question.text for question in self.questions)

    @property
    def zone_changed(self) -> bool:
        """Whether a risk would be in another zone."""
        return any(change.zone for change in self.changes)


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


def stage(ws: Workspace, connection: Connection, delivery: Delivery, leave: Collection[Key] = ()) -> Staging:
    """Compare a delivery with what is in force for its dependencia; ``leave`` are records that are not taken."""
    return staged(ws, delivery, in_force(ws, connection, delivery), leave)


def against(ws: Workspace, delivery: Delivery, earlier: Delivery | None) -> Staging:
    """Compare a delivery with an earlier one of the same dependencia, as each declared it."""
    unit = delivery.envelope.dependencia
    found = earlier.records if earlier is not None else {}
    known = {
        name: {r.uid: Known(r.values | _computed(ws, earlier, r), r.retired, unit) for r in found.get(name, ())}
        for name in delivery.records
    }
    return staged(ws, delivery, Base(known))


def _computed(ws: Workspace, delivery: Delivery | None, record: Incoming) -> dict[str, Value]:
    assert delivery is not None
    record_type = TYPES[record.type]
    context = Context(ws.catalogues, ws.today)
    if record_type.parent:
        owners = {r.uid: r.values for found in delivery.records.values() for r in found}
        return record_type.compute(record.values, replace(context, parent=owners.get(_parent(record), {})))
    return record_type.compute(record.values, replace(context, children=_children(delivery).get(record.uid, ())))


def staged(ws: Workspace, delivery: Delivery, base: Base, leave: Collection[Key] = ()) -> Staging:
    """Compare a delivery with ``base``."""
    return Staging(tuple(_Comparison(ws, delivery, base, leave).items()))


def _parent(record: Incoming) -> str:
    parent = TYPES[record.type].parent
    return str(record.values[parent]) if parent else ""


def _children(delivery: Delivery) -> dict[str, list[Values]]:
    found: dict[str, list[Values]] = {}
    for name, incoming in delivery.records.items():
        if TYPES[name].parent:
            for record in incoming:
                if record.retired is None:
                    found.setdefault(_parent(record), []).append(record.values)
    return found


class _Comparison:
    """A delivery beside what it is compared with; each record is settled before any is computed."""

    def __init__(self, ws: Workspace, delivery: Delivery, base: Base, leave: Collection[Key]) -> None:
        self.unit = delivery.envelope.dependencia
        self.kin = ws.catalogues.relatives("dependencia", self.unit)
        """The dependencia under this name and those of before and after: a record that moved on is still its own."""
        self.delivery = delivery
        self.base = base
        self.left = frozenset(leave)
        self.catalogues = ws.catalogues
        self.context = Context(ws.catalogues, ws.today)
        self.links = {
            record.uid: headline(TYPES[name], record.values, ws.catalogues)
            for name, incoming in delivery.records.items()
            for record in incoming
        }
        self.owners = {record.uid: record for found in delivery.records.values() for record in found}
        self.declared_children = _children(delivery)
        self.settled = {
            record.uid: self._settle(record)
            for name, incoming in delivery.records.items()
            for record in incoming
            if (name, record.uid) not in self.left
        }
        self.children = self._children_in_force()

    def items(self) -> Iterator[Item]:
        """One for each record of the delivery that is taken, then one for each that is missing, type by type."""
        present = {
            name: {record.uid for record in found if record.retired is None}
            for name, found in self.delivery.records.items()
        }
        for name, incoming in self.delivery.records.items():
            record_type = TYPES[name]
            alike = repeated(record_type, (record.values for record in incoming if record.retired is None))
            context = replace(self.context, repeated=alike, present=present)
            for record in incoming:
                if (name, record.uid) not in self.left:
                    yield self._item(record_type, record, context)
            yield from self._missing(record_type, {record.uid for record in incoming})

    def _settle(self, record: Incoming) -> Settled:
        def shown(each: Field, value: Value) -> str:
            return show(each, value, self.catalogues, self.links)

        unread = {problem.field for problem in record.problems}
        said = Declared(record.values, unread, record.retired is not None, self.delivery.envelope.format)
        stored = self._known(record)
        fixes = self.base.fixes.get(record.uid, {})
        return settle(TYPES[record.type], said, stored.values if stored else None, fixes, shown)

    def _known(self, record: Incoming) -> Known | None:
        return self.base.records[record.type].get(record.uid)

    def _children_in_force(self) -> dict[str, list[Values]]:
        """What would belong to each record: children that are taken, and those in force that nothing is said about."""
        found: dict[str, list[tuple[str, Values]]] = {}
        for name, incoming in self.delivery.records.items():
            record_type = TYPES[name]
            if not record_type.parent:
                continue
            taken = {r.uid: r for r in incoming if r.uid in self.settled and self._ours(r)}
            for uid, record in taken.items():
                values = self.settled[uid].values
                if record.retired is None and not self._held_back(record):
                    found.setdefault(str(values[record_type.parent]), []).append((uid, values))
            for uid, known in self.base.records[name].items():
                if uid not in taken and known.retired is None:
                    found.setdefault(str(known.values[record_type.parent]), []).append((uid, known.values))
        return {owner: [values for _uid, values in sorted(own, key=_uid_of)] for owner, own in found.items()}

    def _ours(self, record: Incoming) -> bool:
        known = self._known(record)
        return known is None or known.dependencia in self.kin

    def _held_back(self, record: Incoming) -> bool:
        """Whether the office took the record out of force by itself, and the delivery brings it again."""
        known = self._known(record)
        return known is not None and known.by_office and record.retired is None

    def _item(self, record_type: RecordType, record: Incoming, context: Context) -> Item:
        known, settled = self._known(record), self.settled[record.uid]
        declared = record.values | self._declared(record_type, record)
        values = {f.name: settled.values.get(f.name) for f in record_type.fields}
        values |= self._effective(record_type, record, values)
        changes = (*self._handed_on(known), *self._changes(record_type, known.values if known else {}, values))
        retired = known.retired if known and self._held_back(record) else record.retired
        effect = _effect(retired, known, changes)
        questions = [*settled.questions, *self._problems(record_type, record, declared, context, settled)]
        if known is not None and self._held_back(record):
            text = f"La Oficina TIC lo retiró («{known.retired}») y vuelve a venir: ¿se recupera?"
            questions.append(Question(BACK, "", text))
        if not self._ours(record):
            assert known is not None
            owner = self.catalogues.label("dependencia", known.dependencia)
            text = f"Este registro es de {owner}: no se cambia con esta entrega."
            # Nothing else is asked: an answer would change the owner's record at the word of another.
            questions, effect = [Question(FOREIGN, "", text)], ""
        asked = tuple(question for question in questions if not self._answered(record.uid, question))
        return Item(
            type=record_type.name,
            uid=record.uid,
            headline=self.links[record.uid],
            kind=DOUBTFUL if asked else effect or EQUAL,
            effect=effect,
            changes=changes if effect in {NEW, CHANGED} or (known and effect == RETIRED) else (),
            questions=asked,
            sheet=record.sheet,
            row=record.row,
            incoming=replace(record, values=values, retired=retired),
            declared=declared,
            moved=tuple(settled.moved) if effect else (),
            parent=_parent(record),
            stored=known.stored if known else None,
        )

    def _declared(self, record_type: RecordType, record: Incoming) -> dict[str, Value]:
        """What the method gives for what the file says."""
        owner = self.owners.get(_parent(record))
        own = self.declared_children.get(record.uid, ())
        return record_type.compute(record.values, _beside(self.context, own, owner.values if owner else {}))

    def _effective(self, record_type: RecordType, record: Incoming, values: Values) -> dict[str, Value]:
        """What the method gives for what would be in force."""
        parent: Values = {}
        if record_type.parent:
            uid = str(values[record_type.parent])
            owner = self.base.records[record_type[record_type.parent].links].get(uid)
            parent = self.settled[uid].values if uid in self.settled else owner.values if owner else {}
        own = self.children.get(record.uid, ())
        return record_type.compute(values, _beside(self.context, own, parent))

    def _handed_on(self, known: Known | None) -> Iterator[FieldChange]:
        """A record of a unit that became the one which delivers now goes to it, changed or not."""
        unit, former = self.unit, known.dependencia if known else self.unit
        if former != unit and former in self.kin and former not in self.catalogues.became("dependencia", unit):
            then, now = (self.catalogues.label("dependencia", code) for code in (former, unit))
            yield FieldChange(OWNER, "Dependencia", then, now, zone=False)

    def _changes(self, record_type: RecordType, before: Values, after: Values) -> Iterator[FieldChange]:
        for each in record_type.fields:
            old, new = before.get(each.name), after[each.name]
            if old != new:
                then, now = (show(each, value, self.catalogues, self.links) for value in (old, new))
                yield FieldChange(each.name, each.label, then, now, each.computed and each.catalogue == "zona")

    def _problems(
        self, record_type: RecordType, record: Incoming, declared: Values, context: Context, settled: Settled
    ) -> Iterator[Question]:
        if record.retired is not None:
            return
        owner = self.owners.get(_parent(record))
        context = _beside(context, self.declared_children.get(record.uid, ()), owner.values if owner else {})
        if owner is not None and owner.retired is not None:
            context = replace(context, present={})  # it went out of force with the record it belongs to
        yield from (Question(CELL, problem.field, problem.text) for problem in record.problems)
        emptied = {question.field for question in settled.questions if question.kind == EMPTIED}
        for problem in check(record_type, declared, context):
            if problem.severity is Severity.STOPS and not (problem.missing and problem.field in emptied):
                yield Question(RULE, problem.field, problem.text)
        for each in record_type.fields:
            # The method decides zones and totals; what the sheet says is only for reading.
            if each.computed and each.catalogue == "zona" and record.values[each.name] != declared[each.name]:
                said = show(each, record.values[each.name], self.catalogues) or "vacía"
                right = show(each, declared[each.name], self.catalogues) or "vacía"
                yield Question(METHOD, each.name, f"{each.label}: la hoja dice {said} y el método da {right}.")

    def _missing(self, record_type: RecordType, seen: Collection[str]) -> Iterator[Item]:
        for uid, record in self.base.records[record_type.name].items():
            if uid in seen or record.retired is not None or record.dependencia not in self.kin:
                continue
            text = "No viene en esta entrega: ¿se retiró, se olvidó o pasó a otra dependencia?"
            question = Question(MISSING, "", text)
            answered = self._answered(uid, question)
            yield Item(
                type=record_type.name,
                uid=uid,
                headline=headline(record_type, record.values, self.catalogues),
                kind=EQUAL if answered else DOUBTFUL,
                effect="",
                changes=(),
                questions=() if answered else (question,),
                sheet=record_type.title,
                row=0,
                incoming=None,
                parent=str(record.values[record_type.parent]) if record_type.parent else "",
            )

    def _answered(self, uid: str, question: Question) -> bool:
        asked = (uid, question.field, question.kind)
        return (*asked, question.text) in self.base.answered or (*asked, "") in self.base.answered


def _beside(context: Context, children: Sequence[Values], parent: Values) -> Context:
    """``context``, which knows of neither, for a record with these; most records have none."""
    return replace(context, children=children, parent=parent) if children or parent else context


def _uid_of(child: tuple[str, Values]) -> str:
    return child[0]


def _effect(retired: str | None, known: Known | None, changes: Sequence[FieldChange]) -> str:
    if retired is not None and (known is None or known.retired is None):
        return RETIRED
    if known is None:
        return NEW
    if changes or retired != known.retired:
        return CHANGED
    return EQUAL

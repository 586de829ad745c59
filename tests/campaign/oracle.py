"""What the consolidation must come to, as plainly as it can be told: dictionaries, one rule after the other.

Nothing of the intake or the consolidation is used here, and no store: what a delivery says goes into dictionaries by
uid and field, as the design tells it (three layers, explicit blanks, a missing row is a question). Only what the method
computes from a record is asked of ``peti_desktop.records``, which has its own tests.
"""

import copy
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from peti_desktop.records import BORRAR, TYPES
from peti_desktop.records.fields import Context, Value

Row = dict[str, Any]
"""A record in a file: ``type``, ``uid``, ``values`` by field, and ``retired``, the reason or None."""


@dataclass
class Sent:
    """A delivery as its dependencia made it."""

    name: str
    unit: str
    number: int
    rows: dict[str, Row]
    format: int = 2
    answers: list[tuple[str, str]] = field(default_factory=list)
    """The observations it answers, as ``World.observations`` names them."""
    vigencia: int = 2026


@dataclass
class World:
    """All that the office should hold. Doubts are (unit, record, field, kind); observations by (file, record)."""

    records: dict[str, Row] = field(default_factory=dict)
    fixes: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    doubts: set[tuple[str, str, str, str]] = field(default_factory=set)
    settled: set[tuple[str, str, str, Value]] = field(default_factory=set)
    states: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)
    observations: dict[tuple[str, str], str] = field(default_factory=dict)
    agreed: dict[tuple[str, str], tuple[Value, Value]] = field(default_factory=dict)
    """What was declared and what the office made of it, where the dependencia declared the latter in the end."""
    became: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands in the place of a unit that is no more."""


class Oracle:
    """The world, the files that came, and one step back."""

    def __init__(self) -> None:
        self.world = World()
        self.sent: dict[str, Sent] = {}
        self.before: World | None = None

    # What the office does

    def receive(self, sent: Sent) -> None:
        if sent.name in self.sent:
            return
        self.sent[sent.name] = sent
        self.world.states[sent.name] = "recibida"
        for observed in sent.answers:
            if self.world.observations[observed] == "devuelta":
                self.world.observations[observed] = "respondida"

    def accept(self, name: str, decided: Mapping[str, tuple[str, str]] | None = None, *, again: bool = False) -> None:
        """Take what is not decided apart; ``decided`` are what and where to, by uid. ``again``: what waited."""
        self.remember()
        sent, world, decided = self.sent[name], self.world, dict(decided or {})
        apart = world.waiting.get(name, {})
        left = {uid: what for uid, (what, _) in decided.items() if uid in sent.rows and what != "aceptar"}
        skipped: set[str] = set()
        if again:
            skipped = {uid for uid in sent.rows if apart.get(uid, "aceptar") == "aceptar"}
            left |= {uid: what for uid, what in apart.items() if what == "rechazar"}
        owners = {uid for uid, what in left.items() if what != "acompañar"}
        for uid, row in sent.rows.items():
            if row["values"].get("riesgo") in owners and row["type"] == "control" and uid not in left:
                left[uid] = "acompañar"
        taken = [uid for uid in sent.rows if uid not in left and uid not in skipped]
        asked = {uid: set(self._take(sent, uid)) for uid in taken}
        asked |= self._miss(sent, decided)
        self._ask(sent.unit, asked, {*left, *skipped})
        world.waiting[name] = {**dict.fromkeys(set(apart) & set(taken), "aceptar"), **left}
        for other, state in world.states.items():
            same = (self.sent[other].unit, self.sent[other].vigencia) == (sent.unit, sent.vigencia)
            if other != name and same and state in {"aceptada", "aceptada en parte"}:
                world.states[other] = "reemplazada"
        world.states[name] = "aceptada en parte" if left else "aceptada"

    def doubtful(self, name: str) -> bool:
        """Whether accepting all of a file would ask anything."""
        trial = Oracle()
        trial.sent, trial.world = self.sent, copy.deepcopy(self.world)
        sent = self.sent[name]
        asked = [set(trial._take(sent, uid)) for uid in sent.rows] + list(trial._miss(sent, {}).values())
        return any(asked)

    def kinds(self, name: str, context: Context, of: Callable[..., Context]) -> dict[str, int]:
        """How many rows of a file, and records missing from it, are of each kind before it is accepted."""
        trial = Oracle()
        trial.sent, trial.world = self.sent, copy.deepcopy(self.world)
        sent = self.sent[name]
        asked = {uid: set(trial._take(sent, uid)) for uid in sent.rows}
        missing = trial._miss(sent, {})
        before, after = self.matrix(context, of, sent.rows), trial.matrix(context, of, sent.rows)
        found = dict.fromkeys(("added", "changed", "retired", "unchanged", "doubtful"), 0)
        for uid, row in sent.rows.items():
            old = before[row["type"]].get(uid)
            new = after[row["type"]].get(uid)
            if asked[uid]:
                found["doubtful"] += 1
            elif row["retired"] is not None and (old is None or not old["retired"]):
                found["retired"] += 1
            elif old is None:
                found["added"] += 1
            else:
                found["unchanged" if old == new else "changed"] += 1
        for questions in missing.values():
            found["doubtful" if questions else "unchanged"] += 1
        return found

    def hand_over(self, owners: Mapping[str, str]) -> None:
        """Records go to other units, with what belongs to them, in force or not."""
        for uid, unit in owners.items():
            for record in self.world.records.values():
                if record["uid"] == uid or (record["type"] == "control" and record["values"]["riesgo"] == uid):
                    record["unit"] = unit

    def correct(self, uid: str, name: str, value: Value) -> None:
        record = self.world.records[uid]
        self._forget(uid, name)
        self.world.agreed.pop((uid, name), None)
        self.world.fixes.pop((uid, name), None)
        if value != record["values"][name]:
            self.world.fixes[uid, name] = {"value": value, "pending": False}

    def lift(self, uid: str, name: str) -> None:
        self._forget(uid, name)
        self.world.fixes.pop((uid, name))

    def confirm(self, uid: str, name: str) -> None:
        self._forget(uid, name)
        self.world.fixes[uid, name]["pending"] = False

    def resolve(self, doubt: tuple[str, str, str, str], how: str) -> None:
        _unit, uid, name, kind = doubt
        record = self.world.records[uid]
        if how == "preguntar":
            return
        self.world.doubts.discard(doubt)
        if how == "borrar":
            record["values"][name] = None
        elif how == "retirar":
            gone = {uid, *self._children(uid)}
            self._retire(uid)
            self.world.doubts = {d for d in self.world.doubts if d[1] not in gone or d[3] != "ausente"}
        elif how == "recuperar":
            self._recover(uid)
        elif how == "levantar":
            self.lift(uid, name)
        elif how == "mantener" and kind == "correccion":
            self.confirm(uid, name)
        elif how == "mantener":
            self.world.settled.add((uid, name, kind, record["values"][name] if kind == "vacio" else None))

    def give_back(self, name: str, observed: Collection[str]) -> None:
        """``observed`` are the records that are asked about, and "" for the whole delivery."""
        for uid in observed:
            self.world.observations[name, uid] = "devuelta"
        if self.world.states[name] == "recibida":
            self.world.states[name] = "devuelta"

    def remember(self) -> None:
        self.before = copy.deepcopy(self.world)

    def undo_last(self) -> None:
        assert self.before is not None
        self.world, self.before = self.before, None

    # What follows from it

    def _take(self, sent: Sent, uid: str) -> Iterator[tuple[str, str]]:
        """Put a row in force; gives what has to be asked, as field and kind, and was not answered before."""
        for name, kind, about in self._questions(sent, uid):
            if (uid, name, kind, about) not in self.world.settled:
                yield name, kind

    def _questions(self, sent: Sent, uid: str) -> Iterator[tuple[str, str, Value]]:
        row, known = sent.rows[uid], self.world.records.get(uid)
        if known is not None and known["unit"] != sent.unit:
            if known["unit"] not in self._kin(sent.unit):
                yield "", "ajeno", None
                return
            if sent.unit in self._after(known["unit"]):
                known["unit"] = sent.unit
        if row["type"] == "equipo" and row["retired"] is None and _nameless(row["values"]):
            yield "placa", "regla", None
        if known is None:
            values = {f.name: _stated(row["values"].get(f.name)) for f in TYPES[row["type"]].typed}
            own = {"unit": sent.unit, "values": values, "by_office": False}
            self.world.records[uid] = {"type": row["type"], "uid": uid, "retired": row["retired"], **own}
            return
        if known["retired"] is not None and known["by_office"] and row["retired"] is None:
            yield "", "retirado", None
        else:
            if row["retired"] is not None and known["retired"] is None:
                known["by_office"] = False
            known["retired"] = row["retired"]
        yield from self._declare(sent, row, known)

    def _declare(self, sent: Sent, row: Row, known: Row) -> Iterator[tuple[str, str, Value]]:
        """Put what a row says under what the office corrected."""
        for f in TYPES[row["type"]].typed:
            said, before = row["values"].get(f.name), known["values"][f.name]
            if f.since > sent.format or said == before:
                continue
            if said is None:
                if row["retired"] is None:
                    yield f.name, "vacio", before
                continue
            known["values"][f.name] = said = _stated(said)
            fix = self.world.fixes.get((row["uid"], f.name))
            if said == before:
                continue
            if fix is None:
                was, put = self.world.agreed.get((row["uid"], f.name), (said, said))
                if said == was and before == put:  # back to what the office had corrected
                    self.world.fixes[row["uid"], f.name] = {"value": put, "pending": True}
                    del self.world.agreed[row["uid"], f.name]
                    yield f.name, "correccion", said
            elif said == fix["value"]:
                del self.world.fixes[row["uid"], f.name]
                self.world.agreed[row["uid"], f.name] = (before, said)
                self._forget(row["uid"], f.name)
            else:
                fix["pending"] = True
                yield f.name, "correccion", said

    def _miss(self, sent: Sent, decided: Mapping[str, tuple[str, str]]) -> dict[str, set[tuple[str, str]]]:
        asked: dict[str, set[tuple[str, str]]] = {}
        missing = [
            uid
            for uid, record in self.world.records.items()
            if record["unit"] == sent.unit and record["retired"] is None and uid not in sent.rows
        ]
        for uid in missing:
            asked[uid] = set()
            if (uid, "", "ausente", None) not in self.world.settled:
                asked[uid] = {("", "ausente")}
            what, to = decided.get(uid, ("", ""))
            family = [uid, *self._children(uid)]
            if what == "retirar":
                for each in family:
                    self._retire(each)
            elif what == "mover":
                for each in family:
                    self.world.records[each]["unit"] = to
            elif what == "mantener":
                self.world.settled.add((uid, "", "ausente", None))
        for uid in missing:
            record = self.world.records[uid]
            gone = record["retired"] is not None or record["unit"] != sent.unit
            if gone or (uid, "", "ausente", None) in self.world.settled:
                asked[uid] = set()
        return asked

    def _ask(self, unit: str, asked: Mapping[str, set[tuple[str, str]]], waits: Collection[str]) -> None:
        """The queue says of the records that were looked at what is open now; a correction's doubt stays.

        Another's record that does not come any more is no question. ``waits`` are the rows that are not taken.
        """
        brought = {*asked, *waits}
        self.world.doubts -= {d for d in self.world.doubts if d[0] == unit and d[3] == "ajeno" and d[1] not in brought}
        kin = self._kin(unit)
        for uid, of in asked.items():
            standing = {d for d in self.world.doubts if d[0] in kin and d[1] == uid}
            self.world.doubts -= {d for d in standing if d[2:] not in of and d[3] != "correccion"}
            self.world.doubts -= {d for d in standing if d[2:] in of}  # who delivers the record now is asked
            self.world.doubts |= {(unit, uid, name, kind) for name, kind in of}

    def _after(self, unit: str) -> set[str]:
        """Every unit that came after this one."""
        found: set[str] = set()
        for new in self.world.became.get(unit, ()):
            found |= {new, *self._after(new)}
        return found

    def _kin(self, unit: str) -> set[str]:
        """The unit, those it was before and those it became."""
        return {unit, *self._after(unit), *(old for old in self.world.became if unit in self._after(old))}

    def _children(self, uid: str) -> list[str]:
        return [
            child
            for child, record in self.world.records.items()
            if record["type"] == "control" and record["values"]["riesgo"] == uid and record["retired"] is None
        ]

    def _retire(self, uid: str) -> None:
        record = self.world.records[uid]
        for child in self._children(uid):
            self._retire(child)
        if record["retired"] is None:
            record["retired"], record["by_office"] = "lo decidió TIC", True

    def _recover(self, uid: str) -> None:
        for record in self.world.records.values():
            mine = record["uid"] == uid or (record["values"].get("riesgo") == uid and record["type"] == "control")
            if mine and record["by_office"] and record["retired"] is not None:
                record["retired"] = None

    def _forget(self, uid: str, name: str) -> None:
        self.world.doubts = {d for d in self.world.doubts if d[1:] != (uid, name, "correccion")}

    # What there must be

    def matrix(
        self, context: Context, of: Callable[..., Context], among: Collection[str] | None = None
    ) -> dict[str, dict[str, dict[str, Any]]]:
        """Every record by type and uid: unit, whether it is in force, and each field's value in force.

        What is computed of a retired record is history and not told. ``among``: these records alone.
        """
        typed = {uid: self._in_force(uid) for uid in self.world.records}
        found: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in TYPES}
        for uid, record in self.world.records.items():
            if among is not None and uid not in among:
                continue
            own = typed[uid]
            children = [typed[child] for child in sorted(self._children(uid))]
            parent = typed.get(str(own.get("riesgo")), {}) if record["type"] == "control" else {}
            computed = TYPES[record["type"]].compute(own, of(context, children=children, parent=parent))
            found[record["type"]][uid] = {
                "unit": record["unit"],
                "retired": record["retired"] is not None,
                "values": own if record["retired"] is not None else own | computed,
            }
        return found

    def _in_force(self, uid: str) -> dict[str, Value]:
        own = dict(self.world.records[uid]["values"])
        for (record, name), fix in self.world.fixes.items():
            if record == uid:
                own[name] = fix["value"]
        return own


def _stated(value: Value) -> Value:
    return None if value is BORRAR else value


def _nameless(values: Mapping[str, Value]) -> bool:
    return values.get("placa") is None and values.get("serial") is None

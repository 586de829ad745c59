"""A store opened by somebody: what it is, its records, and every way of changing them.

The one way in for windows, command line and intake. Each change is a transaction of its own: when a method returns, its
change is on disk. A workspace may be used from several threads; writers wait for each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import uuid6
from sqlalchemy import Connection

from db import store as stores
from db.queries import records as rows
from db.queries import space
from peti_desktop import catalogues as catalogue_room
from peti_desktop.catalogues import Catalogues
from peti_desktop.moments import day_of, now
from peti_desktop.records import TYPES
from peti_desktop.records.checks import check, repeated
from peti_desktop.records.convert import read
from peti_desktop.records.fields import Context, Problem, RecordType, Severity, Value, Values
from peti_desktop.records.record import Record, columns, from_row, headline, stored_text
from peti_desktop.spoken import spoken

COALESCE_SECONDS = 60
"""Edits of one field by one person within this time are one entry of its history: typing is not forty changes."""

_BORN_WITH = {"perfil", "entidad", "dependencia", "nombre", "cargo", "vigencia", "metodo"}

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Info:
    """What a store says about itself. ``perfil`` is «dependencia» or «oficina»; ``vence`` the deadline, if known."""

    perfil: str
    entidad: str
    dependencia: str
    dependencia_nombre: str
    nombre: str
    cargo: str
    vigencia: int
    metodo: str
    vence: date | None
    ejemplo: bool

    @property
    def who(self) -> str:
        """The person and post that changes are signed with."""
        return f"{self.nombre} – {self.cargo}" if self.cargo else self.nombre


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A problem and the record it stands in."""

    type: str
    uid: str
    headline: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a record's history; ``before`` and ``after`` as ``stored_text`` gives them."""

    when: datetime
    who: str
    action: str
    field: str
    before: str | None
    after: str | None
    delivery: str | None


class Workspace:
    """An open store and the person who works in it."""

    def __init__(self, store: stores.Store, clock: Clock = now) -> None:
        self.store = store
        self.clock = clock
        with self.read() as connection:
            said = space.settings(connection)
        if not said.keys() >= _BORN_WITH:
            raise stores.StoreProblem("incomplete", str(store.path))
        self.catalogues: Catalogues = catalogue_room.load(said["metodo"], int(said["vigencia"]))
        self.info = self._info(said)

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        perfil: str,
        dependencia: str,
        nombre: str,
        cargo: str,
        vigencia: int,
        entidad: str = "Alcaldía de San José de Cúcuta",
        ejemplo: bool = False,
        clock: Clock = now,
    ) -> "Workspace":
        """A new store. Raises UserError when the file exists or the folder cannot be written."""
        with spoken():
            store = stores.create(path)
        catalogues = catalogue_room.load()
        said = {
            "perfil": perfil,
            "entidad": entidad,
            "dependencia": dependencia,
            "nombre": nombre,
            "cargo": cargo,
            "vigencia": str(vigencia),
            "metodo": catalogues.metodo,
            "ejemplo": "sí" if ejemplo else "",
        }
        with spoken(), store.write() as connection:
            space.set_settings(connection, said)
        return cls(store, clock)

    @classmethod
    def nobody(cls, clock: Clock = now) -> "Workspace":
        """An office that knows nobody and keeps nothing: for looking at files without a store."""
        store = stores.in_memory()
        said = {"perfil": "oficina", "entidad": "", "dependencia": "TIC", "nombre": "", "cargo": ""}
        with store.write() as connection:
            space.set_settings(
                connection, said | {"vigencia": str(clock().year), "metodo": catalogue_room.load().metodo}
            )
        return cls(store, clock)

    @classmethod
    def open(cls, path: str | Path, *, writing: bool = True, clock: Clock = now) -> "Workspace":
        """An existing store. Raises UserError when it is missing, locked, damaged, newer or not ours."""
        with spoken():
            store = stores.open_store(path, writing=writing)
            try:
                return cls(store, clock)
            except BaseException:
                store.close()
                raise

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the store at ``target``. Raises UserError when it cannot be written."""
        with spoken():
            self.store.copy_to(target)

    def close(self) -> None:
        """Let the store go."""
        self.store.close()

    def __enter__(self) -> "Workspace":
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One state of the store, for the queries of ``db.queries``."""
        with spoken(), self.store.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, for the queries of ``db.queries``."""
        with spoken(), self.store.write() as connection:
            yield connection

    def _info(self, said: Mapping[str, str]) -> Info:
        due = said.get("vence")
        return Info(
            perfil=said["perfil"],
            entidad=said["entidad"],
            dependencia=said["dependencia"],
            dependencia_nombre=self.catalogues.label("dependencia", said["dependencia"]),
            nombre=said["nombre"],
            cargo=said["cargo"],
            vigencia=int(said["vigencia"]),
            metodo=said["metodo"],
            vence=date.fromisoformat(due) if due else None,
            ejemplo=bool(said.get("ejemplo")),
        )

    def setting(self, key: str) -> str:
        """One of the store's settings; empty when it was never set."""
        with self.read() as connection:
            return space.settings(connection).get(key, "")

    def set_settings(self, values: Mapping[str, str]) -> None:
        """Change settings of the store (name, post, deadline…)."""
        with self.write() as connection:
            space.set_settings(connection, values)
            said = space.settings(connection)
        self.info = self._info(said)

    # Reading records

    def records(
        self,
        type_name: str,
        *,
        retired: bool | None = False,
        dependencia: str | None = None,
        equal: Mapping[str, object] | None = None,
    ) -> list[Record]:
        """Records in order of birth; ``retired`` None gives both; ``equal`` filters by field."""
        with self.read() as connection:
            found = rows.fetch(connection, type_name, retired=retired, dependencia=dependencia, equal=equal)
            drafts = rows.drafts(connection)
        return [from_row(TYPES[type_name], row, drafts.get(row["uid"])) for row in found]

    def record(self, type_name: str, uid: str) -> Record:
        """One record, retired or not. Raises LookupError for a uid the store does not know."""
        with self.read() as connection:
            return self._record(connection, type_name, uid)

    def _record(self, connection: Connection, type_name: str, uid: str) -> Record:
        row = rows.one(connection, type_name, uid)
        if row is None:
            raise LookupError(f"{type_name} {uid}")
        return from_row(TYPES[type_name], row, rows.drafts(connection).get(uid))

    def counts(self, *, dependencia: str | None = None) -> dict[str, int]:
        """How many records in force there are, by type."""
        with self.read() as connection:
            return rows.counts(connection, dependencia=dependencia)

    def links(self, type_name: str, *, dependencia: str | None = None) -> dict[str, str]:
        """The words for every record of a type, by uid: what LINK fields show."""
        record_type = TYPES[type_name]
        return {
            record.uid: headline(record_type, record.values, self.catalogues)
            for record in self.records(type_name, retired=None, dependencia=dependencia)
        }

    def history(self, uid: str) -> list[Change]:
        """Every change of a record, oldest first."""
        with self.read() as connection:
            found = rows.history(connection, uid)
        return [
            Change(r["cuando"], r["quien"], r["accion"], r["campo"], r["antes"], r["despues"], r["entrega"])
            for r in found
        ]

    def problems(self) -> list[RecordProblem]:
        """What «Ensayar entrega» finds, in the order of the records."""
        everything = {name: self.records(name) for name in TYPES}
        return problems_of(everything, self.catalogues, self.today)

    @property
    def today(self) -> date:
        """The day it is in Colombia."""
        return day_of(self.clock())

    # Changing records

    def new(
        self, type_name: str, values: Values | None = None, *, example: bool = False, dependencia: str = ""
    ) -> Record:
        """A new record with ``values``; the program adds the reference, the method and the order."""
        with self.write() as connection:
            uid = self.insert(connection, type_name, values or {}, example=example, dependencia=dependencia)
            return self._record(connection, type_name, uid)

    def insert(
        self,
        connection: Connection,
        type_name: str,
        values: Values,
        *,
        example: bool = False,
        dependencia: str = "",
    ) -> str:
        """The same inside a transaction of the caller; gives the uid of the new record."""
        record_type = TYPES[type_name]
        unit = dependencia or self.info.dependencia
        full = self._born(connection, record_type, dict(values))
        full |= record_type.compute(full, self._context(connection, record_type, ""))
        uid, when = str(uuid6.uuid7()), self.clock()
        row = columns(record_type, full) | {
            "uid": uid,
            "dependencia": unit,
            "revision": 1,
            "ejemplo": example,
            "retirado": None,
            "creado_en": when,
            "creado_por": self.info.who,
            "cambiado_en": when,
            "cambiado_por": self.info.who,
            "entrega": None,
            "hoja": None,
            "fila": None,
        }
        rows.add(connection, type_name, [row])
        self._remember(connection, record_type, uid, "crear", {}, full)
        self._touch_parent(connection, record_type, full)
        return uid

    def _born(self, connection: Connection, record_type: RecordType, values: dict[str, Value]) -> dict[str, Value]:
        given = {f.name: values.get(f.name) for f in record_type.fields}
        if record_type.numbered and given[record_type.numbered] is None:
            last = rows.highest(connection, record_type.name, record_type.numbered, "R-")
            given[record_type.numbered] = f"R-{last + 1:03}"
        if "metodo" in given and given["metodo"] is None:
            given["metodo"] = self.info.metodo
        if record_type.name == "necesidad":
            given["forma"] = given["forma"] or "necesidad"
            given["vigencia"] = given["vigencia"] or self.info.vigencia
        if record_type.parent and "orden" in given and given["orden"] is None:
            siblings = rows.fetch(connection, record_type.name, equal={record_type.parent: given[record_type.parent]})
            given["orden"] = len(siblings) + 1
        return given

    def put(self, type_name: str, uid: str, raws: Mapping[str, object]) -> Record:
        """Set fields from what was typed. Text that is not a value yet is kept as a draft beside the old value.

        Raises LookupError for a uid the store does not know.
        """
        record_type = TYPES[type_name]
        values: dict[str, Value] = {}
        drafts: dict[str, str | None] = {}
        for name, raw in raws.items():
            value, wrong = read(record_type[name], raw, self.catalogues)
            drafts[name] = str(raw) if wrong else None
            if not wrong:
                values[name] = value
        with self.write() as connection:
            rows.set_drafts(connection, uid, drafts)
            self._change(connection, record_type, uid, values)
            return self._record(connection, type_name, uid)

    def _change(self, connection: Connection, record_type: RecordType, uid: str, values: dict[str, Value]) -> None:
        before = self._record(connection, record_type.name, uid)
        after = before.values | values
        after |= record_type.compute(after, self._context(connection, record_type, uid))
        if after == before.values:
            return
        stamp = {"cambiado_en": self.clock(), "cambiado_por": self.info.who}
        rows.change(connection, record_type.name, uid, before.revision, columns(record_type, after) | stamp)
        self._remember(connection, record_type, uid, "cambiar", before.values, after)
        self._touch_parent(connection, record_type, after)

    def _touch_parent(self, connection: Connection, record_type: RecordType, values: Values) -> None:
        """A control changes the residual rating of its risk."""
        parent = values.get(record_type.parent) if record_type.parent else None
        if isinstance(parent, str):
            self._change(connection, TYPES[record_type[record_type.parent].links], parent, {})

    def retire(self, type_name: str, uid: str, reason: str) -> Record:
        """Take a record out of force, with a reason; nothing is ever deleted."""
        return self._set_retired(type_name, uid, reason, "retirar")

    def restore(self, type_name: str, uid: str) -> Record:
        """Put a retired record back in force."""
        return self._set_retired(type_name, uid, None, "restaurar")

    def _set_retired(self, type_name: str, uid: str, reason: str | None, action: str) -> Record:
        record_type = TYPES[type_name]
        with self.write() as connection:
            before = self._record(connection, type_name, uid)
            stamp = {"cambiado_en": self.clock(), "cambiado_por": self.info.who}
            rows.change(connection, type_name, uid, before.revision, stamp | {"retirado": reason})
            entry = self._entry(record_type, uid, action, "", before.retired, reason)
            rows.remember(connection, [entry])
            self._touch_parent(connection, record_type, before.values)
            return self._record(connection, type_name, uid)

    def _remember(
        self,
        connection: Connection,
        record_type: RecordType,
        uid: str,
        action: str,
        before: Values,
        after: Values,
    ) -> None:
        when = self.clock()
        entries = [
            self._entry(record_type, uid, action, f.name, stored_text(before.get(f.name)), stored_text(after[f.name]))
            for f in record_type.typed
            if before.get(f.name) != after[f.name]
        ]
        rows.remember(connection, rows.coalesced(connection, entries, when, COALESCE_SECONDS))

    def _entry(
        self,
        record_type: RecordType,
        uid: str,
        action: str,
        field: str,
        before: str | None,
        after: str | None,
    ) -> dict[str, Any]:
        return {
            "cuando": self.clock(),
            "quien": self.info.who,
            "tipo": record_type.name,
            "uid": uid,
            "accion": action,
            "campo": field,
            "antes": before,
            "despues": after,
            "entrega": None,
        }

    def _context(self, connection: Connection, record_type: RecordType, uid: str) -> Context:
        children: Sequence[Values] = ()
        for child in TYPES.values():
            if child.parent and child[child.parent].links == record_type.name and uid:
                found = rows.fetch(connection, child.name, equal={child.parent: uid})
                children = [from_row(child, row).values for row in found]
        return Context(self.catalogues, self.today, children)


def problems_of(everything: Mapping[str, Sequence[Record]], catalogues: Catalogues, today: date) -> list[RecordProblem]:
    """What is wrong with a set of records: the same for «Ensayar entrega» and for the office's acceptance."""
    children: dict[str, list[Values]] = {}
    for name, found in everything.items():
        if parent := TYPES[name].parent:
            for record in found:
                children.setdefault(str(record.values[parent]), []).append(record.values)
    problems: list[RecordProblem] = []
    for name, found in everything.items():
        record_type = TYPES[name]
        base = Context(catalogues, today, repeated=repeated(record_type, (record.values for record in found)))
        for record in found:
            context = replace(base, children=children.get(record.uid, ()))
            named = headline(record_type, record.values, catalogues)
            wrong = [*_draft_problems(record_type, record), *check(record_type, record.values, context)]
            problems.extend(RecordProblem(name, record.uid, named, problem) for problem in wrong)
    return problems


def _draft_problems(record_type: RecordType, record: Record) -> Iterator[Problem]:
    for name, text in record.drafts.items():
        short = text if len(text) <= 30 else text[:29] + "…"
        yield Problem(
            "borrador",
            name,
            f"{record_type[name].label}: «{short}» no se entiende. Corríjalo o bórrelo.",
            Severity.STOPS,
        )

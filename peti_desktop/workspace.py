"""A store opened by somebody: what it is, its records, and every way of changing them.

The one way in for windows, command line and intake. Each change is a transaction of its own: when a method returns, its
change is on disk. A workspace may be used from several threads; writers wait for each other.
"""

import copy
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from db import store as stores
from db.queries import catalogue, marks, space
from db.queries import records as rows
from peti_desktop import binnacle, colleagues, exemplar
from peti_desktop import catalogues as catalogue_room
from peti_desktop.catalogues import Catalogues
from peti_desktop.editing import Act, Editor, Misread, stored
from peti_desktop.info import Info
from peti_desktop.moments import day_of, now
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EVERY, TYPES
from peti_desktop.records.checks import UNREAD, check, repeated
from peti_desktop.records.convert import read
from peti_desktop.records.fields import Context, Problem, RecordType, Values
from peti_desktop.records.record import Record, as_of, from_row, headline
from peti_desktop.spoken import spoken
from peti_desktop.turning import turn
from peti_desktop.vigencias import rows as changed

_BORN_WITH = {"perfil", "entidad", "dependencia", "nombre", "cargo", "vigencia", "metodo"}

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A problem and the record it stands in."""

    type: str
    uid: str
    headline: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a record's history; ``before`` and ``after`` as ``stored_text`` gives them.

    ``act`` is what the person did, as «traer 37 de equipos desde «inventario.xlsx»»; empty when no person did it.
    """

    when: datetime
    who: str
    action: str
    field: str
    before: str | None
    after: str | None
    delivery: str | None
    act: str = ""


@dataclass(frozen=True, slots=True)
class Altered:
    """What a block of cells did: records changed and born, by uid, and the texts that wait to be understood."""

    changed: tuple[str, ...]
    born: tuple[str, ...]
    misread: tuple[Misread, ...]


class Workspace:
    """An open store and the person who works in it."""

    def __init__(self, store: stores.Store, clock: Clock = now) -> None:
        self.store = store
        self.clock = clock
        self._moment: Connection | None = None
        with self.read() as connection:
            said = space.settings(connection)
            if not said.keys() >= _BORN_WITH:
                raise stores.StoreProblem("incomplete", store.server or str(store.path))
            self.catalogues: Catalogues = _catalogues(connection, said)
        self.info = self._info(said)
        self.from_elsewhere = False
        """Whether the file was last worked on in another PC, where a twin of it may have stayed."""
        self.recovered_until: datetime | None = None
        """The last change there is, when the program ended without closing the file before this; None otherwise."""

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
            **exemplar.born(store.server or store.path),
        }
        own = colleagues.own_keys(store)
        said |= {own[key]: said[key] for key in own.keys() & said}
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
                opened = cls(store, clock)
                if writing:
                    opened._recognise()
            except BaseException:
                store.close()
                raise
        return opened

    def _recognise(self) -> None:
        with self.read() as connection:
            if self.store.cut_off:
                self.recovered_until = marks.newest_moment(connection)
            where = self.store.server or self.store.path
            changed, self.from_elsewhere = exemplar.recognised(where, space.settings(connection))
        if changed:
            self.set_settings(changed)

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
        if self._moment is not None:
            yield self._moment
            return
        with spoken(), self.store.read() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator["Workspace"]:
        """This workspace as it is now: all that is read through it is of one state, whatever is written meanwhile.

        For what counts records and lists them too. It is of the thread that asked for it, and ends with the block.
        """
        with self.read() as connection:
            seen = copy.copy(self)
            seen._moment = connection
            yield seen

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, for the queries of ``db.queries``."""
        with spoken(), self.store.write() as connection:
            yield connection

    def _info(self, stored: Mapping[str, str]) -> Info:
        said = colleagues.own_settings(self.store, stored)
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
            anterior=int(said["vigencia_anterior"]) if said.get("vigencia_anterior") else None,
        )

    def setting(self, key: str) -> str:
        """One of the store's settings; empty when it was never set."""
        with self.read() as connection:
            return colleagues.own_settings(self.store, space.settings(connection)).get(key, "")

    def set_settings(self, values: Mapping[str, str]) -> None:
        """Change settings of the store (name, post, deadline…)."""
        own = colleagues.own_keys(self.store)
        with self.write() as connection:
            space.set_settings(connection, {own.get(key, key): value for key, value in values.items()})
            said = space.settings(connection)
        self.info = self._info(said)

    def reread_catalogues(self) -> None:
        """Follow the lists, the year and the method as the store says them now. What was read before is as it was."""
        with self.read() as connection:
            said = space.settings(connection)
            self.catalogues = _catalogues(connection, said)
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
        record_type, today = EVERY[type_name], self.today
        every = (from_row(record_type, row, drafts.get(row["uid"])) for row in found)
        return [as_of(record_type, record, self.catalogues, today) for record in every]

    def record(self, type_name: str, uid: str) -> Record:
        """One record, retired or not. Raises LookupError for a uid the store does not know."""
        with self.read() as connection:
            return stored(connection, type_name, uid, self.catalogues, self.today)

    def counts(self, *, dependencia: str | None = None) -> dict[str, int]:
        """How many records in force there are, by type."""
        with self.read() as connection:
            return rows.counts(connection, dependencia=dependencia)

    def links(self, type_name: str, *, dependencia: str | None = None) -> dict[str, str]:
        """The words for every record of a type, by uid: what LINK fields show."""
        record_type = EVERY[type_name]
        return {
            record.uid: headline(record_type, record.values, self.catalogues)
            for record in self.records(type_name, retired=None, dependencia=dependencia)
        }

    def history(self, uid: str) -> list[Change]:
        """Every change of a record, oldest first."""
        with self.read() as connection:
            found = rows.history(connection, uid)
        return [
            Change(
                r["cuando"],
                r["quien"],
                r["accion"],
                r["campo"],
                r["antes"],
                r["despues"],
                r["entrega"],
                r["palabras"] or "",
            )
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

    # Changing records; see ``peti_desktop.editing`` for what a change does.

    @contextmanager
    def act(self, words: str) -> Iterator[Act]:
        """Several changes a person makes in one go, in one transaction and undone in one step.

        ``words`` complete «Deshacer: …».
        """
        with self.write() as connection:
            yield Act(connection, self._editor(), words)

    def _editor(self) -> Editor:
        return Editor(self.catalogues, self.clock(), self.info.who, self.info, self._me)

    def new(self, type_name: str, values: Values | None = None, *, example: bool = False) -> Record:
        """A new record with ``values``; the program adds the reference, the method and the order."""
        with self.act(f"crear {EVERY[type_name].singular.lower()}") as act:
            uid = act.new(type_name, values or {}, example=example)
            return act.record(type_name, uid)

    def put(self, type_name: str, uid: str, raws: Mapping[str, object], seen: int | None = None) -> Record:
        """Set fields from what was typed. Text that is not a value yet is kept as a draft beside the old value.

        Going on with the same field shortly after is one act. ``seen`` is the revision the person had in view: when
        somebody else changed the record since, a UserError says so. Raises LookupError for an unknown uid.
        """
        labels = ", ".join(EVERY[type_name][name].label for name in raws)
        with self.write() as connection:
            if seen is not None:
                colleagues.refuse_lost_update(connection, type_name, {uid: seen}, self.info.who)
            act = Act(connection, self._editor(), f"cambiar {labels}", typing=True)
            act.put(type_name, uid, raws)
            return act.record(type_name, uid)

    def alter(
        self,
        type_name: str,
        words: str,
        changes: Mapping[str, Mapping[str, str]],
        births: Sequence[Mapping[str, str]] = (),
        progress: Progress = silent,
        seen: Mapping[str, int] | None = None,
    ) -> Altered:
        """Set fields of many records from what was typed, by uid, and make new ones: one act, all of it or nothing.

        Text that is not a value yet is kept as a draft. ``seen`` is as in ``put``, by uid. Raises LookupError for an
        unknown uid, Cancelled from ``progress``; the store is then as it was.
        """
        with self.act(words) as act:
            colleagues.refuse_lost_update(act.connection, type_name, seen or {}, self.info.who)
            wrong = act.put_many(type_name, changes, progress)
            born, also = act.type_many(type_name, births, progress)
            progress(1, 1, "Guardando")
        return Altered(tuple(changes), tuple(born), (*wrong, *also))

    def retire(self, type_name: str, uid: str, reason: str) -> Record:
        """Take a record out of force, with a reason; nothing is ever deleted."""
        with self.act(f"retirar {EVERY[type_name].singular.lower()}") as act:
            act.retire(type_name, uid, reason)
            return act.record(type_name, uid)

    def restore(self, type_name: str, uid: str) -> Record:
        """Put a retired record back in force."""
        with self.act(f"recuperar {EVERY[type_name].singular.lower()}") as act:
            act.restore(type_name, uid)
            return act.record(type_name, uid)

    @property
    def _me(self) -> str | None:
        """Whose acts can be undone here: on a server one's own, in a file all there are."""
        return self.info.who if self.store.server else None

    def undoable(self) -> tuple[str, str]:
        """The words of what would be undone and of what would be done again; empty where there is nothing."""
        with self.read() as connection:
            standing, undone = (rows.last_act(connection, undone=which, who=self._me) for which in (False, True))
        return (standing["palabras"] if standing else "", undone["palabras"] if undone else "")

    def undo(self, progress: Progress = silent) -> str:
        """Take back the newest act; gives its words, empty when there was none."""
        return self._turn(progress, undone=False)

    def redo(self, progress: Progress = silent) -> str:
        """Do again what was undone last; gives its words, empty when there was none."""
        return self._turn(progress, undone=True)

    def _turn(self, progress: Progress, *, undone: bool) -> str:
        with self.write() as connection:
            found = rows.last_act(connection, undone=undone, who=self._me)
            if found is None:
                return ""
            entries = rows.entries_of(connection, found["uid"])
            if self._me is not None:
                colleagues.refuse_undo_over_others(connection, entries, self._me, self.catalogues, back=not undone)
            turn(connection, self._editor(), entries, back=not undone, progress=progress)
            rows.mark_act(connection, found["uid"], undone=not undone)
            if self.info.perfil == "oficina":
                action = "rehacer" if undone else "deshacer"
                binnacle.write(connection, self.clock(), self.info.who, action, {"que": found["palabras"]})
        return str(found["palabras"])


def _catalogues(connection: Connection, said: Mapping[str, str]) -> Catalogues:
    """The lists of the store's year and method, with what the office changed in them."""
    found = catalogue.changes(connection)
    changes = [changed.Change(row["version"], row["lista"], row["codigo"], row["datos"]) for row in found]
    return catalogue_room.load(said["metodo"], int(said["vigencia"]), changes)


def problems_of(
    everything: Mapping[str, Sequence[Record]],
    catalogues: Catalogues,
    today: date,
    present: Mapping[str, Collection[str]] | None = None,
) -> list[RecordProblem]:
    """What is wrong with a set of records in force: the same for «Ensayar entrega» and for the office's acceptance.

    ``present`` are the uids that links may lead to, by record type; without it, those of ``everything``.
    """
    in_force: dict[str, Collection[str]] = {
        name: {record.uid for record in found} for name, found in everything.items()
    }
    in_force |= present or {}
    children: dict[str, list[Values]] = {}
    for name, found in everything.items():
        if parent := EVERY[name].parent:
            for record in found:
                children.setdefault(str(record.values[parent]), []).append(record.values)
    numbered = {name: EVERY[name].numbered for name in everything if EVERY[name].numbered}
    names = {r.uid: str(r.values[field]) for name, field in numbered.items() for r in everything[name]}
    problems: list[RecordProblem] = []
    for name, found in everything.items():
        record_type = EVERY[name]
        alike = repeated(record_type, (record.values for record in found))
        base = Context(catalogues, today, repeated=alike, present=in_force)
        for record in found:
            if _orphan(record_type, record, in_force):
                continue
            context = replace(base, children=children.get(record.uid, ()))
            named = headline(record_type, record.values, catalogues)
            if owner := names.get(str(record.values.get(record_type.parent))):
                named = f"{owner} · {record_type.singular} {named}"
            wrong = [*_draft_problems(record_type, record, catalogues), *check(record_type, record.values, context)]
            problems.extend(RecordProblem(name, record.uid, named, problem) for problem in wrong)
    return problems


def _orphan(record_type: RecordType, record: Record, in_force: Mapping[str, Collection[str]]) -> bool:
    """Whether it went out of force with the record it belongs to."""
    if not record_type.parent:
        return False
    owners = in_force.get(record_type[record_type.parent].links)
    return owners is not None and record.values[record_type.parent] not in owners


def _draft_problems(record_type: RecordType, record: Record, catalogues: Catalogues) -> Iterator[Problem]:
    for name, text in record.drafts.items():
        short = text if len(text) <= 30 else text[:29] + "…"
        _value, wrong = read(record_type[name], text, catalogues)
        why = wrong or f"«{short}» no se entiende. Corríjalo o bórrelo."
        yield UNREAD.at(name, f"{record_type[name].label}: {why}")

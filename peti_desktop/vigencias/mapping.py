"""Records under a unit or a process that is no more: where each of them goes.

To the only one that took its place; after a split to the part that answers for the record's process, and where that
does not tell, to the one a person chooses. A unit's records are handed over; a process is corrected, so that the next
delivery under the old one does not bring it back.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from db.queries import catalogue
from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation import acting, corrections
from peti_desktop.consolidation.acting import OfficeAct
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Kind, RecordType
from peti_desktop.records.record import Record, from_row, headline
from peti_desktop.vigencias.rules import PROCESS, UNIT
from peti_desktop.workspace import Workspace

Key = tuple[str, str]
"""A record: its type and its uid."""


@dataclass(frozen=True, slots=True)
class Move:
    """An entry that ended, what is there in its place now, and how many records in force still hold it, by type."""

    lista: str
    old: str
    name: str
    to: tuple[str, ...]
    records: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of these records."""
        return sum(self.records.values())


@dataclass(frozen=True, slots=True)
class Proposed:
    """Where one record would go and why; ``target`` is empty when only a person can tell."""

    type: str
    uid: str
    headline: str
    dependencia: str
    target: str
    why: str

    @property
    def key(self) -> Key:
        """Which record it is."""
        return self.type, self.uid


def waiting(ws: Workspace) -> list[Move]:
    """Every ended entry of units and processes that records in force still hold, by name."""
    found: list[Move] = []
    with ws.read() as connection:
        for lista in (UNIT, PROCESS):
            ended = _ended(ws.catalogues, lista)
            held: dict[str, dict[str, int]] = {}
            for record_type, column in _columns(lista):
                for _unit, code, count in catalogue.holding(connection, record_type.name, column, ended):
                    own = held.setdefault(code, {})
                    own[record_type.name] = own.get(record_type.name, 0) + count
            found += [Move(lista, code, ws.catalogues.label(lista, code), ended[code], held[code]) for code in held]
    return sorted(found, key=lambda move: (move.lista, move.name))


def proposals(ws: Workspace, move: Move) -> list[Proposed]:
    """Where each record of an ended entry would go; what belongs to a record (its controls) goes with it."""
    found: list[Proposed] = []
    with ws.read() as connection:
        for record_type, column in _columns(move.lista):
            if record_type.parent:
                continue
            for row in rows.fetch(connection, record_type.name, equal={column: move.old}):
                found.append(_proposed(ws.catalogues, move, from_row(record_type, row)))
    return found


def carry(ws: Workspace, move: Move, choices: Mapping[Key, str], reason: str) -> int:
    """Move records to where ``choices`` say, in one act; gives how many. Raises UserError.

    A choice must be one of the entries that took the place of the old one.
    """
    reason = acting.said(reason)
    chosen = {key: target for key, target in choices.items() if target}
    if not chosen:
        raise UserError("Ningún registro tiene a dónde pasar.", "Escoja el destino de uno por lo menos.")
    if wrong := next((target for target in chosen.values() if target not in move.to), None):
        raise UserError(
            f"«{ws.catalogues.label(move.lista, wrong)}» no reemplaza a «{move.name}».", "Escoja uno de la lista."
        )
    words = f"pasar {len(chosen)} de «{move.name}» ({reason})"
    with acting.acting(ws, words) as act:
        for record_type in TYPES.values():
            own = {uid: target for (name, uid), target in chosen.items() if name == record_type.name}
            if own and move.lista == UNIT:
                _hand_over(act, record_type, own)
            elif own:
                _correct(ws, act, record_type, own, reason)
        told = Counter(chosen.values())
        detail = {"de": move.old, "a": dict(told), "motivo": reason}
        binnacle.write(act.connection, ws.clock(), ws.info.who, "pasar registros", detail)
    return len(chosen)


def _hand_over(act: OfficeAct, record_type: RecordType, owners: Mapping[str, str]) -> None:
    act.hand_over(record_type.name, owners)
    for child in TYPES.values():
        if child.parent and child[child.parent].links == record_type.name:
            found = rows.named(act.connection, child.name, child.parent, owners)
            act.hand_over(child.name, {row["uid"]: owners[row[child.parent]] for row in found})


def _correct(ws: Workspace, act: OfficeAct, record_type: RecordType, targets: Mapping[str, str], reason: str) -> None:
    fields = [each.name for each in record_type.fields if each.catalogue == PROCESS]
    wanted = {uid: dict.fromkeys(fields, target) for uid, target in targets.items()}
    corrections.correct_within(ws, act, record_type.name, wanted, reason)


def _ended(catalogues: Catalogues, lista: str) -> dict[str, tuple[str, ...]]:
    """Entries out of force, with those in force that took their place."""
    day = date(catalogues.vigencia, 12, 31)
    found: dict[str, tuple[str, ...]] = {}
    for code in catalogues.codes(lista):
        entry = catalogues.entry(lista, code)
        if entry is None or entry.in_force(day) or (entry.since and entry.since > day):
            continue
        after = [catalogues.entry(lista, new) for new in catalogues.became(lista, code)]
        if now := tuple(new.code for new in after if new and new.in_force(day)):
            found[code] = now
    return found


def _columns(lista: str) -> Iterator[tuple[RecordType, str]]:
    for record_type in TYPES.values():
        if lista == UNIT:
            yield record_type, "dependencia"
            continue
        for each in record_type.fields:
            if each.kind is Kind.CHOICE and each.catalogue == lista:
                yield record_type, each.name


def _proposed(catalogues: Catalogues, move: Move, record: Record) -> Proposed:
    target, why = _target(catalogues, move.lista, move.to, record)
    name = headline(TYPES[record.type], record.values, catalogues)
    return Proposed(record.type, record.uid, name, record.dependencia, target, why)


def _target(catalogues: Catalogues, lista: str, to: Sequence[str], record: Record) -> tuple[str, str]:
    if len(to) == 1:
        return to[0], "es la única que la reemplaza"
    process = record.values.get("subproceso")
    if lista == UNIT and isinstance(process, str) and catalogues.answered(process):
        owner = catalogues.dependencia_of(process)
        if owner in to:
            return owner, f"responde por «{catalogues.label(PROCESS, process)}»"
    return "", "escoja usted: el registro no dice a cuál corresponde"

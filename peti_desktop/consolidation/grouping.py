"""What people decided about records that look alike: the same thing, or not; remembered, with its reason, reversible.

Nothing is ever merged: a decision only says what the office thinks of some records, which stay as they are. Groups that
share a record are one group.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import uuid6
from sqlalchemy import Connection

from db.queries import groups as rows
from db.queries import records as record_rows
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.consolidation.likeness import alike, canonical, threshold
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.records.record import from_row, headline
from peti_desktop.records.wording import junk
from peti_desktop.workspace import Workspace

DISTINCT: Final = "distintos"
SAME: Final = {"necesidad": "misma_necesidad", "equipo": "mismo_equipo", "riesgo": "riesgo_parecido"}
"""What it means for records of a type to belong together."""
WORDS: Final = {
    DISTINCT: "Son distintos",
    "misma_necesidad": "Misma necesidad",
    "mismo_equipo": "Mismo equipo",
    "riesgo_parecido": "Riesgo parecido",
}
_SHORTEST: Final = 3
"""A serial or placa of fewer letters identifies nothing."""


class Alike(Protocol):
    """Records of one type, by uid, and in words why they look alike."""

    @property
    def type(self) -> str:
        """The record type."""

    @property
    def uids(self) -> tuple[str, ...]:
        """The records, in order of birth."""

    @property
    def reason(self) -> str:
        """Why they look alike."""


@dataclass(frozen=True, slots=True)
class Group:
    """A decision that stands."""

    uid: str
    type: str
    clase: str
    name: str
    reason: str
    who: str
    when: datetime
    uids: tuple[str, ...]


# What is compared


def compared_text(type_name: str, row: Mapping[str, Any]) -> str:
    """What of a record is compared with others: a device's serial and placa, else the words of its description."""
    if type_name == "equipo":
        return f"{_identity(row['serial'])}|{_identity(row['placa'])}"
    return canonical(row["descripcion"] or "")


def _identity(value: str | None) -> str:
    """A serial or placa without the blanks, dashes and zeros in front that people add; empty when it says nothing."""
    if value is None or junk(value):
        return ""
    bare = "".join(c for c in plain(value) if c.isalnum()).lstrip("0").upper()
    return "" if len(bare) < _SHORTEST or junk(bare) else bare


Covers = Mapping[str, tuple[frozenset[str], frozenset[str]]]
"""By record: the decisions it stands in, and those of them that told it apart from the others."""


def covers(connection: Connection, type_name: str, texts: Mapping[str, str]) -> Covers:
    """The decisions about records whose text is still near-equal to the one they were decided on."""
    apart = {row["uid"] for row in rows.standing(connection, type_name) if row["clase"] == DISTINCT}
    found: defaultdict[str, set[str]] = defaultdict(set)
    together: list[tuple[str, str]] = []
    for group, record, then in rows.members(connection, type_name):
        now = texts.get(record)
        if now is not None and not _changed(type_name, then, now):
            found[record].add(group)
            if group not in apart:
                together.append((group, record))
    roots = components(together)
    for uid, root in roots.items():
        found[uid].add(f"={root}")
    return {uid: (frozenset(of), frozenset(of & apart)) for uid, of in found.items()}


def _changed(type_name: str, then: str, now: str) -> bool:
    if type_name == "equipo":
        return then != now
    return alike(then, now) < threshold(type_name)


def components(members: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The group each record ends up in, when groups that share a record are one: by record, the first group's name."""
    parent: dict[str, str] = {}

    def root(of: str) -> str:
        while parent[of] != of:
            parent[of] = parent[parent[of]]
            of = parent[of]
        return of

    owner: dict[str, str] = {}
    order: dict[str, int] = {}
    for group, record in members:
        order.setdefault(group, len(order))
        parent.setdefault(group, group)
        mine, theirs = root(group), root(owner.setdefault(record, group))
        first, second = sorted((mine, theirs), key=order.__getitem__)
        parent[second] = first
    return {record: root(group) for record, group in owner.items()}


# Decisions


def decide(ws: Workspace, proposed: Iterable[Alike], clase: str, note: str = "") -> list[str]:
    """Remember what these proposals are, in one go; gives the uids of the decisions, to undo them by.

    Raises UserError when a record is no longer in force, when that was decided already or would contradict a decision
    that stands, and to who only reads.
    """
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        wanted = list(proposed)
        before = {name: _said_before(connection, name) for name in {proposal.type for proposal in wanted}}
        done = [(each.type, _decide(ws, connection, each, before[each.type], clase, note)) for each in wanted]
        for type_name in {type_name for type_name, _ in done}:
            _refuse_contradiction(connection, type_name)
    return [uid for _, uid in done]


def _decide(
    ws: Workspace,
    connection: Connection,
    proposal: Alike,
    before: Collection[tuple[str, dict[str, str]]],
    clase: str,
    note: str,
) -> str:
    if clase not in {DISTINCT, SAME[proposal.type]}:
        raise ValueError(f"{clase} is nothing that {proposal.type} can be")
    record_type = TYPES[proposal.type]
    found = {row["uid"]: row for row in record_rows.named(connection, proposal.type, "uid", proposal.uids)}
    if any(uid not in found or found[uid]["retirado"] is not None for uid in proposal.uids):
        raise UserError(
            "Uno de esos registros ya no está en la consolidación.", "Vuelva a buscar repetidos y decida otra vez."
        )
    texts = {uid: compared_text(proposal.type, row) for uid, row in found.items()}
    if (clase, texts) in before:
        raise UserError("Eso mismo ya se decidió.", "Vuelva a buscar repetidos: la lista cambió mientras la miraba.")
    uid = str(uuid6.uuid7())
    name = headline(record_type, from_row(record_type, found[proposal.uids[0]]).values, ws.catalogues)
    reason = f"{proposal.reason}. {note}".strip() if note else proposal.reason
    when, who = ws.clock(), ws.info.who
    group: rows.Row = {"uid": uid, "tipo": proposal.type, "clase": clase, "nombre": name, "motivo": reason}
    group |= {"quien": who, "cuando": when, "deshecho_en": None, "deshecho_por": None}
    rows.add(connection, group, ({"grupo": uid, "registro": of, "texto": texts[of]} for of in proposal.uids))
    detail = {"grupo": uid, "clase": clase, "tipo": proposal.type, "registros": list(proposal.uids), "motivo": reason}
    binnacle.write(connection, when, who, "decidir repetidos", detail)
    return uid


def _said_before(connection: Connection, type_name: str) -> list[tuple[str, dict[str, str]]]:
    """The decisions about a type that stand: what each says, and of which records with what was compared then."""
    of: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for group, uid, then in rows.members(connection, type_name):
        of[group][uid] = then
    return [(row["clase"], of[row["uid"]]) for row in rows.standing(connection, type_name)]


def _refuse_contradiction(connection: Connection, type_name: str) -> None:
    """Raise UserError when two records are told apart by one decision and joined by others."""
    apart = {row["uid"] for row in rows.standing(connection, type_name) if row["clase"] == DISTINCT}
    roots = joined(connection, type_name)
    told: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for group, uid, then in rows.members(connection, type_name):
        if group in apart and uid in roots:
            told[group, roots[uid]][uid] = then
    for clash in told.values():
        now = {row["uid"]: row for row in record_rows.named(connection, type_name, "uid", clash)}
        same = [uid for uid, row in now.items() if not _changed(type_name, clash[uid], compared_text(type_name, row))]
        if len(same) > 1:
            raise UserError(
                "Eso contradice una decisión anterior: de dos de esos registros se dijo lo contrario.",
                "Deshaga antes esa decisión, en «Decididos».",
            )


def joined(connection: Connection, type_name: str) -> dict[str, str]:
    """The group of every record that was decided to be the same as others: by uid, the uid of a decision."""
    standing = {row["uid"] for row in rows.standing(connection, type_name) if row["clase"] != DISTINCT}
    return components((group, uid) for group, uid, _ in rows.members(connection, type_name) if group in standing)


def undo(ws: Workspace, uids: Iterable[str]) -> int:
    """Take decisions back, in one go; gives how many stood until now. Raises LookupError for an unknown one."""
    roles.require(ws, roles.CHANGE)
    done = 0
    with ws.write() as connection:
        for uid in uids:
            group = rows.one(connection, uid)
            if group is None:
                raise LookupError(uid)
            if rows.undo(connection, uid, ws.clock(), ws.info.who):
                detail = {"grupo": uid, "clase": group["clase"], "tipo": group["tipo"], "motivo": group["motivo"]}
                binnacle.write(connection, ws.clock(), ws.info.who, "deshacer decisión de repetidos", detail)
                done += 1
    return done


def decided(ws: Workspace, type_name: str) -> list[Group]:
    """The decisions that stand, newest first."""
    with ws.read() as connection:
        standing = rows.standing(connection, type_name)
        members = rows.members(connection, type_name)
    of: defaultdict[str, list[str]] = defaultdict(list)
    for group, uid, _ in members:
        of[group].append(uid)
    return [
        Group(
            row["uid"], type_name, row["clase"], row["nombre"], row["motivo"], row["quien"], row["cuando"],
            tuple(of[row["uid"]]),
        )
        for row in reversed(standing)
    ]  # fmt: skip

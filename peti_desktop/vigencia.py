"""A year begins from the one before: the records go on, and each says what became of it since.

The store is the same one: uids, histories and made deliveries stay together, and the office sees the same records
again. Where the year began is a point in the history of changes; everything else follows from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from db.queries import marks as entries
from db.queries import space
from peti_desktop import binnacle
from peti_desktop.copies import BEFORE_NEW_YEAR, keep
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record, from_stored_text
from peti_desktop.workspace import Workspace

BEGAN_AT: Final = "vigencia_desde"
PREVIOUS: Final = "vigencia_anterior"
"""The setting that ``Info.anterior`` is read from."""
NEW, MODIFIED, RETIRED, SAME = "nuevo", "modificado", "retirado", "igual"
FARTHEST: Final = 3
"""So many years ahead may be begun; more is a slip of the keyboard."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A year that was begun: how many records came along, and the copy of the year before."""

    vigencia: int
    carried: dict[str, int]
    copy: str
    notice: str


@dataclass(slots=True)
class Before:
    """A record at the end of the year before: its fields, and why it was retired, where they ``changed`` since."""

    born: bool = False
    values: dict[str, str | None] = field(default_factory=dict)
    changed: bool = False
    retired: str | None = None


def begin(ws: Workspace, year: int, progress: Progress = silent) -> Begun:
    """Begin the vigencia ``year`` with the records of the one before, after a copy of it. Raises UserError.

    Needs still in force are asked for again: they take the new year. The deadline is for the office to tell.
    """
    info = ws.info
    if info.perfil != "dependencia":
        raise UserError("La vigencia de la Oficina TIC se abre en sus propias páginas.", "Use allá «Abrir vigencia».")
    if not info.vigencia < year <= info.vigencia + FARTHEST:
        raise UserError(
            f"La vigencia {year} no puede empezar después de la {info.vigencia}.",
            f"Escriba un año entre {info.vigencia + 1} y {info.vigencia + FARTHEST}.",
        )
    kept = keep(ws, BEFORE_NEW_YEAR, progress)
    with ws.act("") as act:
        for need in ws.records("necesidad"):
            asked = need.values["vigencia"]
            if isinstance(asked, int) and asked <= info.vigencia:
                act.set("necesidad", need.uid, {"vigencia": year})
        entries.close_acts(act.connection)  # nobody undoes last year, nor goes on typing in one of its entries
        settings = {"vigencia": str(year), "vence": "", PREVIOUS: str(info.vigencia)}
        settings[BEGAN_AT] = str(entries.newest(act.connection))
        space.set_settings(act.connection, settings)
        detail = {"vigencia": year, "anterior": info.vigencia, "copia": kept.path.name}
        binnacle.write(act.connection, ws.clock(), info.who, "empezar vigencia", detail)
    ws.reread_catalogues()  # and what the workspace says of itself
    return Begun(year, ws.counts(), kept.path.name, kept.notice)


def marks(ws: Workspace, types: Sequence[str] = tuple(TYPES)) -> dict[str, str]:
    """What became of each record of ``types`` since the vigencia began, by uid; empty in a store's first vigencia.

    Against the state at the end of the year before: a value that was changed and put back is the same, and a record
    that came and went within the year has no mark. What the program works out by itself does not count as a change;
    a risk whose controls changed counts as modified.
    """
    with ws.snapshot() as seen:
        if seen.info.anterior is None:
            return {}
        children = [name for name, of in TYPES.items() if of.parent and of[of.parent].links in types]
        every = tuple(dict.fromkeys((*types, *children)))
        records = [record for name in every for record in seen.records(name, retired=None)]
        found = _marked(records, _before(seen, every))
    wanted = {record.uid for record in records if record.type in types}
    return {uid: mark for uid, mark in found.items() if mark and uid in wanted}


def mark_of(ws: Workspace, type_name: str, uid: str) -> str:
    """What became of one record, as ``marks`` says it but for its controls; empty when it has no mark."""
    with ws.snapshot() as seen:
        if seen.info.anterior is None:
            return ""
        before = _before(seen, (type_name,), uid)
        return _mark(seen.record(type_name, uid), before.get(uid, Before()))


def _marked(records: Sequence[Record], before: Mapping[str, Before]) -> dict[str, str]:
    found = {record.uid: _mark(record, before.get(record.uid, Before())) for record in records}
    for record in records:
        parent = TYPES[record.type].parent
        owner = str(record.values[parent]) if parent else ""
        if found.get(owner) == SAME and found[record.uid] in (NEW, MODIFIED, RETIRED):
            found[owner] = MODIFIED
    return found


def _before(ws: Workspace, types: Sequence[str], uid: str = "") -> dict[str, Before]:
    """The end of the year before, as far as it was changed since: the first «before» of each field tells it."""
    with ws.read() as connection:
        began = int(space.settings(connection)[BEGAN_AT])
        changes = entries.first_since(connection, began, types, uid)
    found: dict[str, Before] = {}
    for entry in changes:
        before = found.setdefault(entry["uid"], Before())
        if entry["campo"]:
            before.values[entry["campo"]] = entry["antes"]
        elif entry["accion"] == "crear":
            before.born = True
        else:
            before.changed, before.retired = True, entry["antes"]
    return found


def _mark(record: Record, before: Before) -> str:
    was_in_force = not before.born and (before.retired if before.changed else record.retired) is None
    if not was_in_force:
        return NEW if record.retired is None else ""
    if record.retired is not None:
        return RETIRED
    return MODIFIED if _differs(record, before.values) else SAME


def _differs(record: Record, before: Mapping[str, str | None]) -> bool:
    fields = TYPES[record.type].by_name
    return any(
        name in fields and from_stored_text(fields[name], text) != record.values[name] for name, text in before.items()
    )

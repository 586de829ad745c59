"""The log of decisions (bitácora): append-only, each entry sealed with the hash of the one before.

How many entries there are and the newest seal are noted a second time in the store's settings, and a third time in
every sealed cut: entries that were cut off the end leave the rest whole, and only such a note can tell.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from db.queries import log
from peti_desktop.moments import COLOMBIA
from peti_desktop.progress import Progress, silent

ALTERED, UNLINKED, SHORTENED, REWRITTEN = "alterada", "desencadenada", "recortada", "reescrita"
"""What can be wrong: an entry says something else; one is missing or too many before it; the newest are missing; the
log is whole in itself and not the one that a cut was sealed with."""

Asked = log.Asked
"""What to look for in the log; ``asked`` makes it."""

STEP = 500
"""How many entries between two looks at whether somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit. ``place`` counts from 1; ``id`` is the entry's number, 0 where none is left.

    ``missing`` is how many entries were cut off the end, as far as it is known; ``cut`` names the cut that tells.
    """

    kind: str
    place: int
    id: int = 0
    when: datetime | None = None
    who: str = ""
    action: str = ""
    missing: int = 0
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """What a walk through the whole log found; ``broken`` None for a whole one.

    ``noted`` says whether the second note of count and newest seal was there; ``cuts`` how many sealed cuts agreed.
    """

    entries: int
    newest: str
    broken: Broken | None
    noted: bool
    cuts: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """What a sealed cut says about the log at its moment: so many entries, and the seal of the newest of them."""

    cut: str
    entries: int
    seal: str


@dataclass(slots=True)
class _Walk:
    """How far a walk is; ``marks`` are those still ahead."""

    marks: list[Mark]
    place: int = 0
    newest: str = ""
    agreed: int = 0
    wrong: Broken | None = field(default=None)


def write(connection: Connection, when: datetime, who: str, action: str, detail: Mapping[str, Any]) -> None:
    """Append an entry inside the caller's transaction: a decision and its trace are one."""
    write_all(connection, [Entry(when, who, action, detail)])


@dataclass(frozen=True, slots=True)
class Entry:
    """Something to be written in the log."""

    when: datetime
    who: str
    action: str
    detail: Mapping[str, Any]


def write_all(connection: Connection, entries: Sequence[Entry]) -> None:
    """``write`` for all entries of a transaction, in order."""
    if not entries:
        return
    # They follow the entry that was noted as the newest, also when somebody has cut that one off since: the gap stays.
    count, newest = log.anchor(connection) or (log.total(connection), log.tail(connection))
    rows: list[dict[str, Any]] = []
    for entry in entries:
        text = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
        previous, newest = newest, seal(newest, entry.when, entry.who, entry.action, text)
        said = {"cuando": entry.when, "quien": entry.who, "accion": entry.action, "detalle": text}
        rows.append(said | {"previo": previous, "sello": newest})
    log.add(connection, rows)
    log.set_anchor(connection, count + len(rows), newest)


def seal(previous: str, when: datetime, who: str, action: str, detail: str) -> str:
    """The hash of an entry, over the hash of the one before and all it says."""
    said = [previous, when.astimezone(UTC).isoformat(timespec="milliseconds"), who, action, detail]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()


def broken(connection: Connection) -> int | None:
    """The number of the first entry that does not fit the one before or its own seal; None for a whole log.

    0 when entries are missing at the end. Sealed cuts are not asked: ``checking.check_log`` does.
    """
    found = check(connection).broken
    return None if found is None else found.id


def check(connection: Connection, progress: Progress = silent, marks: tuple[Mark, ...] = ()) -> Check:
    """Walk through the whole log, oldest first, up to the first entry that does not fit. Raises Cancelled."""
    noted = log.anchor(connection)
    total = noted[0] if noted else 0
    walk = _Walk(sorted((mark for mark in marks if mark.entries), key=lambda mark: mark.entries))
    for entry in log.walk(connection):
        if walk.place % STEP == 0:
            progress(walk.place, max(total, walk.place), "Comprobando la bitácora")
        _step(walk, entry)
        if walk.wrong is not None:
            break
    if walk.wrong is None:
        walk.wrong = _ending(walk, noted)
    progress(walk.place, walk.place, "Comprobando la bitácora")
    return Check(walk.place, walk.newest, walk.wrong, noted is not None, walk.agreed)


def _step(walk: _Walk, entry: log.Row) -> None:
    walk.place += 1
    own = seal(entry["previo"], entry["cuando"], entry["quien"], entry["accion"], entry["detalle"])
    said = {"id": int(entry["id"]), "when": entry["cuando"], "who": entry["quien"], "action": entry["accion"]}
    if entry["sello"] != own:
        walk.wrong = Broken(ALTERED, walk.place, **said)
    elif entry["previo"] != walk.newest:
        walk.wrong = Broken(UNLINKED, walk.place, **said)
    walk.newest = entry["sello"]
    while walk.wrong is None and walk.marks and walk.marks[0].entries == walk.place:
        mark = walk.marks.pop(0)
        if mark.seal != walk.newest:
            walk.wrong = Broken(REWRITTEN, walk.place, cut=mark.cut, **said)
        walk.agreed += 1


def _ending(walk: _Walk, noted: tuple[int, str] | None) -> Broken | None:
    """Whether entries are missing after the last one there is."""
    if noted is not None and (walk.place, walk.newest) != noted:
        return Broken(SHORTENED, walk.place + 1, missing=max(0, noted[0] - walk.place))
    ahead = [mark for mark in walk.marks if mark.entries > walk.place]
    if ahead:
        return Broken(SHORTENED, walk.place + 1, missing=ahead[-1].entries - walk.place, cut=ahead[-1].cut)
    return None


def asked(
    who: str = "", action: str = "", since: date | None = None, until: date | None = None, text: str = ""
) -> Asked:
    """What to look for, with days as they are in Colombia; ``until`` is the last day that counts."""
    return Asked(who, action, _midnight(since), _midnight(until and until + timedelta(days=1)), text.strip())


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), COLOMBIA)

"""Undoing what the history tells, and doing it again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from db.queries import assigning, expected, plan
from db.queries import records as rows
from peti_desktop.editing import DEADLINES, UNDONE, Act, Editor
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EVERY
from peti_desktop.records.fields import Value
from peti_desktop.records.record import from_stored_text


@dataclass(slots=True)
class _Turned:
    """What records of one type go back (or on) to, by uid."""

    retired: dict[str, str | None] = field(default_factory=dict)
    values: dict[str, dict[str, Value]] = field(default_factory=dict)
    drafts: dict[str, dict[str, str | None]] = field(default_factory=dict)
    links: dict[plan.Pair, str | None] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    assigned: dict[str, str | None] = field(default_factory=dict)
    deadlines: dict[str, dict[str, date | str | None]] = field(default_factory=dict)


def turn(
    connection: Connection,
    editor: Editor,
    entries: Sequence[Mapping[str, Any]],
    *,
    back: bool,
    progress: Progress = silent,
) -> None:
    """Undo the changes that ``entries`` of the history tell (``back``), or do them again.

    The history keeps both: what was done, and that it was taken back.
    """
    act = Act(connection, editor, "")
    action = "deshacer" if back else "rehacer"
    for type_name, turned in _turned(entries, back=back).items():
        if type_name in assigning.TABLES:
            act.assign(type_name, turned.assigned, action)
            continue
        if type_name == DEADLINES:
            act.set_deadlines(turned.deadlines, action)
            continue
        rows.set_many_drafts(connection, turned.drafts)
        act.set_many(type_name, turned.values, action, progress)
        act.set_retired(type_name, turned.retired, action)
        act.hand_over(type_name, turned.owners, action)
        if turned.links:
            act.set_links(turned.links, action)


def _turned(entries: Sequence[Mapping[str, Any]], *, back: bool) -> dict[str, _Turned]:
    """Where everything stands after the entries were walked through, the newest first when going ``back``."""
    found: dict[str, _Turned] = {}
    for entry in reversed(entries) if back else entries:
        to = found.setdefault(entry["tipo"], _Turned())
        uid, name = entry["uid"], entry["campo"]
        then = entry["antes"] if back else entry["despues"]
        match entry["accion"]:
            case "crear" if not name:
                to.retired[uid] = UNDONE if back else None
            case "retirar" | "restaurar":
                to.retired[uid] = then
            case "borrador":
                to.drafts.setdefault(uid, {})[name] = then
            case "mover":
                to.owners[uid] = str(then)
            case "asignar":
                to.assigned[uid] = then
            case "aplazar":
                to.deadlines.setdefault(uid, {})[name] = expected.read_column(name, then)
            case "enlazar":
                to.links[uid, name] = then
            case "cambiar":
                to.values.setdefault(uid, {})[name] = from_stored_text(EVERY[entry["tipo"]][name], then)
    return found

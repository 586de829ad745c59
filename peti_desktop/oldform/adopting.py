"""Taking a filled form into the store: one act, all of it or nothing, undone in one step, marked as unsigned."""

from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.editing import Act, Editor
from peti_desktop.errors import UserError
from peti_desktop.oldform.filled import CHANGED, EQUAL, NEW, UNSIGNED, Filled, Line
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Value
from peti_desktop.workspace import Workspace

LONGEST_WHO = 200
"""Characters of the person and post a change is signed with (``db.schema``)."""

ENTRY = "formulario"
"""The action under which the log tells of a form."""

MOVED_ON = UserError(
    "Los registros cambiaron después de leer el formulario, y no se guardó nada.",
    "Léalo de nuevo: la comparación tendrá en cuenta lo que hay ahora.",
)


@dataclass(frozen=True, slots=True)
class Adopted:
    """How many records the form made and changed, and how many wait with something to be put right."""

    new: int
    changed: int
    pending: int


def adopt(ws: Workspace, filled: Filled, progress: Progress = silent) -> Adopted:
    """Store what a form brings. The history and the origin of each record say that it came without a signature.

    Raises UserError when the store moved on since the form was read, and Cancelled; the store is then as it was.
    """
    wanted = [line for line in filled.lines if line.kind != EQUAL]
    if wanted:
        with ws.write() as connection:
            _same_as_read(connection, filled, wanted)
            _take(Act(connection, _editor(ws), act_words(filled.file)), filled, wanted, progress)
            binnacle.write(connection, ws.clock(), ws.info.who, ENTRY, _detail(filled))
    return Adopted(filled.new, filled.changed, sum(bool(line.drafts) for line in wanted))


def act_words(file: str) -> str:
    """What undoing a form says."""
    return f"recibir el formulario «{file}»"


def _detail(filled: Filled) -> dict[str, str | int]:
    return {
        "archivo": filled.file,
        "sha256": filled.sha256,
        "dependencia": filled.dependencia,
        "nuevos": filled.new,
        "cambiados": filled.changed,
        "firma": UNSIGNED,
    }


def _editor(ws: Workspace) -> Editor:
    mark = f" ({UNSIGNED})"
    mine = ws.info.who if ws.store.server else None
    return Editor(ws.catalogues, ws.clock(), ws.info.who[: LONGEST_WHO - len(mark)] + mark, ws.info, mine)


def _same_as_read(connection: Connection, filled: Filled, wanted: list[Line]) -> None:
    for name in TYPES:
        changed = {line.uid: line.revision for line in wanted if line.type == name and line.kind == CHANGED}
        found = {row["uid"]: row["revision"] for row in rows.named(connection, name, "uid", changed)}
        brought = {row["uid"] for row in rows.fetch(connection, name, retired=None, equal={"entrega": filled.form})}
        if found != changed or not brought <= filled.known:
            raise MOVED_ON


def _take(act: Act, filled: Filled, wanted: list[Line], progress: Progress) -> None:
    """The records in the order in which they point to each other, so that a control finds its new risk."""
    born: dict[tuple[str, int], str] = {}
    for done, line in enumerate(sorted(wanted, key=lambda line: (list(TYPES).index(line.type), line.kind != NEW))):
        if done % 20 == 0:
            progress(done, len(wanted), "Recibiendo el formulario")
        linked: dict[str, Value] = {name: born[place] for name, place in line.links.items()}
        values = {**line.values, **linked}
        uid = line.uid
        if uid:
            act.set(line.type, uid, values)
        else:
            uid = act.new(line.type, values, dependencia=filled.dependencia)
            born[line.type, line.row] = uid
        answered: dict[str, str | None] = dict.fromkeys(values, None)
        act.set_drafts(line.type, {uid: {**answered, **line.drafts}})
        row = rows.one(act.connection, line.type, uid)
        assert row is not None, "it was just written"
        origin = {"entrega": filled.form, "hoja": line.sheet[:40], "fila": line.row}
        rows.change(act.connection, line.type, uid, row["revision"], origin)
    progress(len(wanted), len(wanted), "Guardando")

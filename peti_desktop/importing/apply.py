"""Taking a previewed sheet into the store: one act, all of it or nothing, undone in one step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from db.queries import records as rows
from peti_desktop.copies import BEFORE_IMPORTING, keep
from peti_desktop.editing import Act
from peti_desktop.errors import UserError
from peti_desktop.importing.preview import ASIDE, CHANGED, EQUAL, NEW, WRONG, Line, Preview
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Kind, Value
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Taken:
    """What was brought in and what not, in rows of the sheet; the five add up to its filled rows.

    ``pending`` of the new and changed ones have texts that wait beside their fields to be mended.
    """

    new: int
    changed: int
    equal: int
    left: int
    aside: int
    pending: int
    uids: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The counts in words."""
        done = [f"{_rows(self.new)} nuevas" if self.new != 1 else "1 fila nueva"] if self.new else []
        done += [f"{_rows(self.changed)} con cambios" if self.changed != 1 else "1 fila con cambios"] * bool(
            self.changed
        )
        text = f"Se trajeron {' y '.join(done)}." if done else "No había nada nuevo que traer."
        rest = [f"{self.equal} ya estaban iguales"] * bool(self.equal)
        rest += [f"{self.left} con problemas no se trajeron"] * bool(self.left)
        rest += [f"{self.aside} no eran registros"] * bool(self.aside)
        rest += [f"{self.pending} quedaron con datos por corregir"] * bool(self.pending)
        return f"{text} {'; '.join(rest).capitalize()}." if rest else text


def _rows(count: int) -> str:
    return "1 fila" if count == 1 else f"{count:,} filas".replace(",", ".")


def apply(ws: Workspace, seen: Preview, *, with_problems: bool = False, progress: Progress = silent) -> Taken:
    """Store the new and changed rows; ``with_problems`` also those with mistakes, kept as texts to be mended.

    A copy of the store is kept before (a server's are its administrator's). Empty cells erase nothing. Raises UserError
    when records changed since the preview, and Cancelled; the store is then as it was.
    """
    wanted = [line for line in seen.lines if _is_wanted(line, with_problems=with_problems)]
    counts = seen.counts
    left = counts[WRONG] - sum(line.kind == WRONG for line in wanted)
    uids: list[str] = []
    if wanted:
        one, title = TYPES[seen.type].singular.lower(), TYPES[seen.type].title.lower()
        many = f"1 {one}" if len(wanted) == 1 else f"{len(wanted)} de {title}"
        if not ws.store.server:
            keep(ws, BEFORE_IMPORTING)
        with ws.act(f"traer {many} desde «{seen.file}»") as act:
            _same_as_seen(act.connection, ws, seen)
            uids = _take(act, seen.type, wanted, progress)
            progress(len(wanted), len(wanted), "Guardando")
    return Taken(
        new=sum(not line.uid for line in wanted),
        changed=sum(bool(line.uid) for line in wanted),
        equal=counts[EQUAL],
        left=left,
        aside=counts[ASIDE],
        pending=sum(bool(_drafts(seen.type, line)) for line in wanted),
        uids=tuple(uids),
    )


def _is_wanted(line: Line, *, with_problems: bool) -> bool:
    return line.kind in {NEW, CHANGED} or (with_problems and line.kind == WRONG and not line.hopeless)


def _same_as_seen(connection: Connection, ws: Workspace, seen: Preview) -> None:
    found = rows.fetch(connection, seen.type, retired=None, dependencia=ws.info.dependencia)
    if {row["uid"]: row["revision"] for row in found} != seen.seen:
        raise UserError(
            "Mientras miraba la vista previa cambiaron los registros, y no se trajo nada.",
            "Vuelva a la vista previa, que ya los tiene en cuenta, y repita.",
        )


def _take(act: Act, type_name: str, wanted: Sequence[Line], progress: Progress) -> list[str]:
    born = iter(act.new_many(type_name, [line.values for line in wanted if not line.uid], progress=progress))
    uids = [line.uid or next(born) for line in wanted]
    changes: dict[str, dict[str, Value]] = {}
    texts: dict[str, dict[str, str | None]] = {}
    for uid, line in zip(uids, wanted, strict=True):
        of = texts.setdefault(uid, {})
        if line.uid:
            changes.setdefault(uid, {}).update(line.values)
            of |= dict.fromkeys(line.values)  # what was typed before and not understood is answered by the sheet
        of |= _drafts(type_name, line)
    act.set_many(type_name, changes, progress=progress)
    act.set_drafts(type_name, texts)
    return uids


def _drafts(type_name: str, line: Line) -> Mapping[str, str]:
    """The texts of a row that are no values, by field. A link cannot wait as text: it stays empty and is told."""
    record_type = TYPES[type_name]
    return {p.field: p.text for p in line.problems if p.text and record_type[p.field].kind is not Kind.LINK}

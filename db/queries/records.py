"""Rows of record tables, as dictionaries of column values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from db.schema import RECORDS, acto, borrador, correccion, duda, historial

Row = dict[str, Any]

MOST_NAMED = 5_000
"""How many values one statement names: SQLite takes 32,766 at most."""


def fetch(
    connection: Connection,
    name: str,
    *,
    retired: bool | None = False,
    dependencia: str | None = None,
    uids: Iterable[str] | None = None,
    equal: Mapping[str, object] | None = None,
) -> list[Row]:
    """Rows of the record table ``name`` in order of birth; ``retired`` None means both."""
    wanted: dict[str, object] = {**(equal or {})}
    if dependencia is not None:
        wanted["dependencia"] = dependencia
    query = _those(name, tuple(wanted), retired)
    if uids is not None:
        query = query.where(RECORDS[name].c.uid.in_(list(uids)))
    return [dict(row) for row in connection.execute(query, wanted).mappings()]


@lru_cache(maxsize=256)
def _those(name: str, columns: tuple[str, ...], retired: bool | None) -> Select[Any]:
    """Rows by these columns: the statement is built once, which for so many columns takes longer than asking it."""
    table = RECORDS[name]
    query = select(table).where(*(table.c[column] == bindparam(column) for column in columns)).order_by(table.c.uid)
    if retired is None:
        return query
    return query.where(table.c.retirado.is_not(None) if retired else table.c.retirado.is_(None))


CORRECTED, ASKED = correccion.name, duda.name
"""What ``held`` tells besides record types: there are corrections, and resolved doubts about ``dependencia``."""


def held(connection: Connection, names: Iterable[str], dependencia: str) -> set[str]:
    """Those of these record tables that hold anything of ``dependencia``, in force or not: asked for at once.

    ``CORRECTED`` and ``ASKED`` are told too.
    """
    query = _held(tuple(names))
    return set(connection.execute(query, {"unit": dependencia}).scalars())


@lru_cache(maxsize=16)
def _held(names: tuple[str, ...]) -> CompoundSelect[Any]:
    unit = bindparam("unit", type_=Text())
    there = {name: select(RECORDS[name].c.uid).where(RECORDS[name].c.dependencia == unit) for name in names}
    there[CORRECTED] = select(correccion.c.uid)
    there[ASKED] = select(duda.c.uid).where(duda.c.dependencia == unit, duda.c.resolucion.is_not(None))
    return union_all(*(select(literal(name)).where(some.exists()) for name, some in there.items()))


def named(connection: Connection, name: str, column: str, among: Iterable[str], *, retired: bool = True) -> list[Row]:
    """Rows whose ``column`` is one of ``among``; without ``retired`` only those in force."""
    wanted = list(among)
    found: list[Row] = []
    for start in range(0, len(wanted), MOST_NAMED):
        query = _among(name, column, retired)
        some = {"among": wanted[start : start + MOST_NAMED]}
        found.extend(dict(row) for row in connection.execute(query, some).mappings())
    return found


@lru_cache(maxsize=256)
def _among(name: str, column: str, retired: bool) -> Select[Any]:
    table = RECORDS[name]
    query = select(table).where(table.c[column].in_(bindparam("among", expanding=True))).order_by(table.c.uid)
    return query if retired else query.where(table.c.retirado.is_(None))


def one(connection: Connection, name: str, uid: str) -> Row | None:
    """The row ``uid``, retired or not."""
    table = RECORDS[name]
    row = connection.execute(select(table).where(table.c.uid == uid)).mappings().first()
    return dict(row) if row else None


def add(connection: Connection, name: str, rows: Sequence[Row]) -> None:
    """Insert new rows; all of them carry the same columns."""
    if rows:
        connection.execute(insert(RECORDS[name]), list(rows))


def change(connection: Connection, name: str, uid: str, revision: int, values: Mapping[str, Any]) -> bool:
    """Set ``values`` on the row if it still stands at ``revision``; False when it moved on meanwhile."""
    table = RECORDS[name]
    done = connection.execute(
        update(table).where(table.c.uid == uid, table.c.revision == revision).values(**values, revision=revision + 1)
    )
    return done.rowcount == 1


def change_many(connection: Connection, name: str, changes: Sequence[tuple[str, int, Mapping[str, Any]]]) -> None:
    """``change`` for many rows, (uid, revision, values) each with the same columns, read in this transaction."""
    if changes:
        table = RECORDS[name]
        connection.execute(
            update(table).where(table.c.uid == bindparam("at_uid"), table.c.revision == bindparam("at_revision")),
            [
                {**values, "revision": revision + 1, "at_uid": uid, "at_revision": revision}
                for uid, revision, values in changes
            ],
        )


def counts(connection: Connection, *, dependencia: str | None = None) -> dict[str, int]:
    """How many records in force there are of each type."""
    found: dict[str, int] = {}
    for name, table in RECORDS.items():
        query = select(func.count()).select_from(table).where(table.c.retirado.is_(None))
        if dependencia is not None:
            query = query.where(table.c.dependencia == dependencia)
        found[name] = connection.execute(query).scalar_one()
    return found


def highest(connection: Connection, name: str, column: str, prefix: str) -> int:
    """The highest number after ``prefix`` in a column of references such as R-012; 0 when there is none."""
    table = RECORDS[name]
    query = select(table.c[column]).where(table.c[column].startswith(prefix, autoescape=True))
    tails = (str(text)[len(prefix) :] for text in connection.execute(query).scalars())
    return max((int(tail) for tail in tails if tail.isdigit()), default=0)


def drafts(connection: Connection, uid: str | None = None) -> dict[str, dict[str, str]]:
    """Typed text that is not a value yet, by record and field; of one record when ``uid`` is given."""
    query = select(borrador) if uid is None else select(borrador).where(borrador.c.uid == uid)
    found: dict[str, dict[str, str]] = {}
    for owner, field, text in connection.execute(query):
        found.setdefault(owner, {})[field] = text
    return found


def set_drafts(connection: Connection, uid: str, texts: Mapping[str, str | None]) -> None:
    """Keep the draft text of each field, or forget it where the text is None."""
    set_many_drafts(connection, {uid: texts})


def set_many_drafts(connection: Connection, texts: Mapping[str, Mapping[str, str | None]]) -> None:
    """``set_drafts`` for many records, by uid."""
    cells = [{"uid": uid, "campo": name, "texto": text} for uid, of in texts.items() for name, text in of.items()]
    if cells:
        at = [{"at_uid": cell["uid"], "at_campo": cell["campo"]} for cell in cells]
        gone = delete(borrador).where(borrador.c.uid == bindparam("at_uid"), borrador.c.campo == bindparam("at_campo"))
        connection.execute(gone, at)
    if kept := [cell for cell in cells if cell["texto"] is not None]:
        connection.execute(insert(borrador), kept)


def drafts_of(connection: Connection, uids: Iterable[str]) -> dict[str, dict[str, str]]:
    """``drafts`` of these records."""
    wanted = list(uids)
    found: dict[str, dict[str, str]] = {}
    for start in range(0, len(wanted), MOST_NAMED):
        query = select(borrador).where(borrador.c.uid.in_(wanted[start : start + MOST_NAMED]))
        for owner, field, text in connection.execute(query):
            found.setdefault(owner, {})[field] = text
    return found


def remember(connection: Connection, rows: Sequence[Row]) -> None:
    """Append rows to the history of changes."""
    if rows:
        connection.execute(insert(historial), list(rows))


def history(connection: Connection, uid: str) -> list[Row]:
    """Every change of a record, oldest first, with the words of the act it was part of."""
    joined = historial.outerjoin(acto, acto.c.uid == historial.c.acto)
    query = select(historial, acto.c.palabras).select_from(joined).where(historial.c.uid == uid)
    query = query.order_by(historial.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def coalesced(connection: Connection, entries: Sequence[Row], when: datetime, seconds: int, words: str) -> list[Row]:
    """The entries that must be appended, after joining those that go on with a recent edit of the same field.

    Only what a person typed is joined (within the newest act, of the same ``words``: never into a paste), so that a
    sentence is one entry of the history and one step of undo, not forty. An entry whose ``acto`` is set is appended to
    that act.
    """
    newest = last_act(connection, undone=False, who=entries[0]["quien"]) if entries else None
    if newest is None or newest["palabras"] != words:
        return list(entries)
    since = when - timedelta(seconds=seconds)
    return [left for entry in entries if (left := _joined(connection, entry, newest["uid"], since)) is not None]


_TYPED = ("cambiar", "borrador")
"""What typing does: to the value, and to the text that is no value yet."""


def _joined(connection: Connection, entry: Row, newest: str, since: datetime) -> Row | None:
    """``entry`` as it must be appended; None when it is in the history already."""
    field = (historial.c.uid == entry["uid"], historial.c.campo == entry["campo"])
    query = select(historial).where(*field).order_by(historial.c.id.desc()).limit(1)
    last = connection.execute(query).mappings().first()
    goes_on = (
        last is not None
        and entry["accion"] in _TYPED
        and last["accion"] in _TYPED
        and last["acto"] == newest
        and last["quien"] == entry["quien"]
        and last["cuando"] > since
    )
    if not goes_on:
        return entry
    alike = (*field, historial.c.acto == newest, historial.c.accion == entry["accion"])
    change_to = {"despues": entry["despues"], "cuando": entry["cuando"]}
    done = connection.execute(update(historial).where(*alike).values(**change_to))
    return None if done.rowcount else entry | {"acto": newest}


def add_act(connection: Connection, row: Row) -> None:
    """Note that a person did something in one go."""
    number = (connection.execute(select(func.max(acto.c.numero))).scalar() or 0) + 1
    connection.execute(insert(acto).values(**row, numero=number, deshecho=False, cerrado=False))


def close_undone(connection: Connection, who: str | None) -> None:
    """What was undone, by ``who`` alone if given, can no longer be done again: the person went on from there."""
    own = [] if who is None else [acto.c.quien == who]
    undone = (acto.c.deshecho.is_(True), acto.c.cerrado.is_(False), *own)
    connection.execute(update(acto).where(*undone).values(cerrado=True))


def last_act(connection: Connection, *, undone: bool, who: str | None = None) -> Row | None:
    """The newest act that stands, or the one that was undone last and may be done again; of ``who`` alone if given."""
    own = [] if who is None else [acto.c.quien == who]
    query = select(acto).where(acto.c.deshecho.is_(undone), acto.c.cerrado.is_(False), *own)
    # Acts are undone from the newest on: the one undone last is the oldest of those that may be done again.
    query = query.order_by(acto.c.numero if undone else acto.c.numero.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def mark_act(connection: Connection, uid: str, *, undone: bool) -> None:
    """Set whether an act stands or was undone."""
    connection.execute(update(acto).where(acto.c.uid == uid).values(deshecho=undone))


def entries_of(connection: Connection, act: str) -> list[Row]:
    """The changes of an act, in order."""
    query = select(historial).where(historial.c.acto == act).order_by(historial.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def changed_since(connection: Connection, entries: Sequence[Mapping[str, Any]], who: str) -> list[Row]:
    """The changes others than ``who`` made to the same fields of the same records after ``entries``, and that stand.

    One for each field, the last; what they took back themselves is none of them.
    """
    left: dict[tuple[str, str], str | None] = {(each["uid"], each["campo"]): each["despues"] for each in entries}
    done = set(left)
    uids = sorted({uid for uid, _ in done})
    newest = max((entry["id"] for entry in entries), default=0)
    others: dict[tuple[str, str], Row] = {}
    for start in range(0, len(uids), MOST_NAMED):
        query = select(historial).where(historial.c.id > newest, historial.c.uid.in_(uids[start : start + MOST_NAMED]))
        for row in connection.execute(query.order_by(historial.c.id)).mappings():
            key = (row["uid"], row["campo"])
            # An entry without a field takes the record out of force or back.
            if key not in done and row["campo"] and (row["uid"], "") not in done:
                continue
            if row["quien"] == who:
                left[key] = row["despues"]
                others.pop(key, None)
            else:
                left.setdefault(key, row["antes"])
                others[key] = dict(row)
    return [row for key, row in others.items() if not row["campo"] or row["despues"] != left[key]]

"""The queue of doubts, with what an undone act resolved open again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, func, insert, or_, select, update

from db.queries.records import MOST_NAMED
from db.schema import acto, duda, historial

Row = dict[str, Any]

_RESOLVED = and_(duda.c.resolucion.is_not(None), func.coalesce(acto.c.deshecho, False).is_(False))


def find(
    connection: Connection,
    *,
    still: bool | None = None,
    uids: Iterable[str] | None = None,
    among: Iterable[str] | None = None,
    resolutions: Iterable[str] | None = None,
    **equal: object,
) -> list[Row]:
    """Doubts in the order they were opened; ``still`` (open) None gives both, ``abierta`` of a row says which it is.

    ``uids`` are the doubts' own, ``among`` those of records; ``equal`` filters by column.
    """
    query = _those(tuple(equal), still, resolutions is not None)
    said = equal if resolutions is None else {**equal, "answers": list(resolutions)}
    column, named = (duda.c.uid, uids) if uids is not None else (duda.c.registro, among)
    if named is None:
        return [dict(row) for row in connection.execute(query, said).mappings()]
    wanted = list(named)
    found: list[Row] = []
    for start in range(0, len(wanted), MOST_NAMED):
        some = query.where(column.in_(wanted[start : start + MOST_NAMED]))
        found.extend(dict(row) for row in connection.execute(some, said).mappings())
    return found


@lru_cache(maxsize=64)
def _those(columns: tuple[str, ...], still: bool | None, answered: bool) -> Select[Any]:
    """Doubts by these columns; a statement that is asked for every delivery is built once."""
    query = select(duda, (~_RESOLVED).label("abierta")).select_from(duda.outerjoin(acto, acto.c.uid == duda.c.acto))
    query = query.where(*(duda.c[name] == bindparam(name) for name in columns))
    if still is not None:
        query = query.where(~_RESOLVED if still else _RESOLVED)
    if answered:
        query = query.where(duda.c.resolucion.in_(bindparam("answers", expanding=True)))
    return query.order_by(duda.c.cuando, duda.c.uid)


def unchanged(connection: Connection, resolved: Iterable[Row]) -> list[Row]:
    """Those of the resolved doubts whose field nobody changed since, as the history of their records tells."""
    wanted = list(resolved)
    changed: dict[tuple[str, str], datetime] = {}
    for start in range(0, len(wanted), MOST_NAMED):
        uids = {row["registro"] for row in wanted[start : start + MOST_NAMED]}
        query = select(historial.c.uid, historial.c.campo, func.max(historial.c.cuando))
        query = query.where(historial.c.uid.in_(uids)).group_by(historial.c.uid, historial.c.campo)
        changed.update(((uid, field), when) for uid, field, when in connection.execute(query))
    return [
        row
        for row in wanted
        if (when := changed.get((row["registro"], row["campo"]))) is None or when <= row["resuelta_en"]
    ]


def counts(connection: Connection) -> dict[tuple[str, str], int]:
    """How many open doubts there are, by dependencia and class."""
    joined = duda.outerjoin(acto, acto.c.uid == duda.c.acto)
    query = select(duda.c.dependencia, duda.c.clase, func.count()).select_from(joined)
    query = query.where(or_(duda.c.resolucion.is_(None), func.coalesce(acto.c.deshecho, False).is_(True)))
    found = connection.execute(query.group_by(duda.c.dependencia, duda.c.clase))
    return {(unit, kind): number for unit, kind, number in found}


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Open doubts; all of them carry the same columns."""
    if rows:
        connection.execute(insert(duda), list(rows))


def change(connection: Connection, uids: Iterable[str], values: Mapping[str, Any]) -> None:
    """Set the same columns of several doubts."""
    wanted = list(uids)
    for start in range(0, len(wanted), MOST_NAMED):
        some = duda.c.uid.in_(wanted[start : start + MOST_NAMED])
        connection.execute(update(duda).where(some).values(**values))

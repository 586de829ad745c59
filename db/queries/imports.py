"""How things stood before the last import, and the way back to it."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, Connection, Date, bindparam, delete, func, insert, select, update

from db.queries.records import MOST_NAMED
from db.schema import acto, grupo_miembro, historial, importacion, iniciativa_registro, metadata, prioridad
from db.types import Instant, Scaled

Row = dict[str, Any]

LARGE = ("contenido",)
"""Columns that never change and are not kept again."""


def keep(connection: Connection, lot: str, rows: Sequence[Row]) -> None:
    """Keep images of the import ``lot``; those of an earlier import go: only the last one can be taken back."""
    connection.execute(delete(importacion).where(importacion.c.lote != lot))
    if rows:
        connection.execute(insert(importacion), [{**row, "lote": lot} for row in rows])


def last(connection: Connection) -> list[Row]:
    """The images of the last import that stands, in the order they were kept."""
    found = connection.execute(select(importacion).order_by(importacion.c.id)).mappings()
    return [dict(row) for row in found]


def forget(connection: Connection) -> None:
    """There is nothing to take back any more."""
    connection.execute(delete(importacion))


def mark(connection: Connection) -> int:
    """The newest entry of the history."""
    return connection.execute(select(func.max(historial.c.id))).scalar() or 0


def image(table: str, rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as text; ``rows_of`` gives them back."""
    names = [column.name for column in metadata.tables[table].columns if column.name not in LARGE]
    return json.dumps([[_plain(row[name]) for name in names] for row in rows], ensure_ascii=False)


def rows_of(table: str, text: str) -> list[Row]:
    """The rows that ``image`` made a text of."""
    columns = [column for column in metadata.tables[table].columns if column.name not in LARGE]
    return [{c.name: _rich(c, value) for c, value in zip(columns, row, strict=True)} for row in json.loads(text)]


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _rich(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, Instant):
        return datetime.fromisoformat(value)
    if isinstance(column.type, Scaled):
        return Decimal(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def put_back(connection: Connection, table: str, rows: Sequence[Row]) -> None:
    """Set rows to what they were. A record's revision goes on, so that nobody takes it for one they have seen."""
    if not rows:
        return
    target = metadata.tables[table]
    keys = [column.name for column in target.primary_key]
    values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in rows[0] if name not in keys}
    if "revision" in values:
        values["revision"] = target.c.revision + 1
    query = update(target).where(*(target.c[key] == bindparam(f"at_{key}") for key in keys)).values(**values)
    said = [{f"at_{k}" if k in keys else f"v_{k}": v for k, v in row.items()} for row in rows]
    connection.execute(query, [{k: v for k, v in row.items() if k != "v_revision"} for row in said])


def remove(connection: Connection, table: str, keys: Sequence[Sequence[Any]]) -> None:
    """Take out rows that an import made; the file they came in and their history stay."""
    if keys:
        target = metadata.tables[table]
        names = [column.name for column in target.primary_key]
        query = delete(target).where(*(target.c[name] == bindparam(f"at_{name}") for name in names))
        connection.execute(query, [{f"at_{n}": v for n, v in zip(names, key, strict=True)} for key in keys])


def changed_by_hand(connection: Connection, uids: Collection[str], since: int) -> Row | None:
    """An entry of the history after ``since`` that a standing act of a person made on one of the records."""
    wanted = sorted(uids)
    for start in range(0, len(wanted), MOST_NAMED):
        query = (
            select(historial)
            .join(acto, acto.c.uid == historial.c.acto)
            .where(historial.c.id > since, acto.c.deshecho.is_(False))
            .where(historial.c.uid.in_(wanted[start : start + MOST_NAMED]))
            .limit(1)
        )
        if (row := connection.execute(query).mappings().first()) is not None:
            return dict(row)
    return None


def tied(connection: Connection, uids: Collection[str]) -> str | None:
    """One of the records that a priority, a group or an initiative names; None when none does."""
    wanted = sorted(uids)
    for start in range(0, len(wanted), MOST_NAMED):
        some = wanted[start : start + MOST_NAMED]
        for table in (prioridad, grupo_miembro, iniciativa_registro):
            query = select(table.c.registro).where(table.c.registro.in_(some)).limit(1)
            if (found := connection.execute(query).scalar()) is not None:
                return str(found)
    return None


def overtake(connection: Connection, uids: Iterable[str]) -> list[Row]:
    """Close the acts that touched these records: undoing them now would undo what came after. Gives them as they were.

    ``uids`` are records that a delivery changed.
    """
    wanted = list(uids)
    found: dict[str, Row] = {}
    for start in range(0, len(wanted), MOST_NAMED):
        query = (
            select(acto)
            .join(historial, historial.c.acto == acto.c.uid)
            .where(acto.c.cerrado.is_(False), historial.c.uid.in_(wanted[start : start + MOST_NAMED]))
            .distinct()
        )
        found |= {row["uid"]: dict(row) for row in connection.execute(query).mappings()}
    if found:
        connection.execute(update(acto).where(acto.c.uid.in_(list(found))).values(cerrado=True))
    return list(found.values())


def acted_since(connection: Connection, when: datetime) -> bool:
    """Whether a person changed records after ``when``, by an act that stands."""
    query = select(acto.c.uid).where(acto.c.cuando > when, acto.c.deshecho.is_(False)).limit(1)
    return connection.execute(query).first() is not None

"""Observations about deliveries, and the files the office signed: the same tables on both sides."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from db.queries.records import MOST_NAMED
from db.schema import archivo, observacion

Row = dict[str, Any]

_LIGHT = [column for column in archivo.c if column.name != "contenido"]


def fetch(connection: Connection, *, states: Collection[str] | None = None, **equal: object) -> list[Row]:
    """Observations in the order they were made; ``states`` None means every state."""
    where = [observacion.c[column] == value for column, value in equal.items()]
    if states is not None:
        where.append(observacion.c.estado.in_(list(states)))
    query = select(observacion).where(*where).order_by(observacion.c.hecha_en, observacion.c.uid)
    return [dict(row) for row in connection.execute(query).mappings()]


def named(connection: Connection, uids: Sequence[str]) -> dict[str, Row]:
    """Observations by their uid; unknown ones are left out."""
    found: dict[str, Row] = {}
    for some in _portions(uids):
        query = select(observacion).where(observacion.c.uid.in_(some))
        found |= {row["uid"]: dict(row) for row in connection.execute(query).mappings()}
    return found


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert observations; all of them carry the same columns."""
    if rows:
        connection.execute(insert(observacion), list(rows))


def change(connection: Connection, uids: Sequence[str], values: Mapping[str, Any]) -> None:
    """Set the same columns of some observations."""
    for some in _portions(uids):
        connection.execute(update(observacion).where(observacion.c.uid.in_(some)).values(**values))


def drop(connection: Connection, uids: Sequence[str]) -> None:
    """Take out observations that nobody was given yet."""
    for some in _portions(uids):
        connection.execute(delete(observacion).where(observacion.c.uid.in_(some)))


def _portions(uids: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(uids), MOST_NAMED):
        yield list(uids[start : start + MOST_NAMED])


def files(connection: Connection, **equal: object) -> list[Row]:
    """Files the office signed, in the order of its counter, with their bytes left out."""
    where = [archivo.c[column] == value for column, value in equal.items()]
    query = select(*_LIGHT).where(*where).order_by(archivo.c.numero, archivo.c.cuando, archivo.c.sha256)
    return [dict(row) for row in connection.execute(query).mappings()]


def file_content(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a file the office signed."""
    return connection.execute(select(archivo.c.contenido).where(archivo.c.sha256 == sha256)).scalar()


def last_issued(connection: Connection) -> tuple[int, str]:
    """Counter and hash of the newest file this office signed; 0 and empty before the first."""
    query = (
        select(archivo.c.numero, archivo.c.sha256)
        .where(archivo.c.sentido == "emitido")
        .order_by(archivo.c.numero.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    return (int(row.numero), str(row.sha256)) if row else (0, "")


def add_file(connection: Connection, row: Row) -> None:
    """Keep a file the office signed, byte for byte."""
    connection.execute(insert(archivo).values(**row))

"""Deliveries made here or received here, and the log of decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Text,
    bindparam,
    func,
    insert,
    literal_column,
    select,
    union_all,
    update,
)

from db.queries.records import MOST_NAMED
from db.schema import bitacora, entrega_hecha, entrega_recibida

Row = dict[str, Any]

_LIGHT = [column for column in entrega_recibida.c if column.name != "contenido"]
_SAME_UNIT = entrega_recibida.c.dependencia == bindparam("unit")
_SAME_YEAR = entrega_recibida.c.vigencia == bindparam("year")
_EARLIER = (
    _SAME_UNIT,
    _SAME_YEAR,
    entrega_recibida.c.numero < bindparam("number"),
    entrega_recibida.c.estado != "rechazada",
)
_NEWEST = entrega_recibida.c.numero.desc(), entrega_recibida.c.recibida_en.desc()


def made(connection: Connection, vigencia: int | None = None) -> list[Row]:
    """Deliveries this store made, oldest first, with their bytes left out."""
    columns = [column for column in entrega_hecha.c if column.name != "contenido"]
    query = select(*columns).order_by(entrega_hecha.c.vigencia, entrega_hecha.c.numero)
    if vigencia is not None:
        query = query.where(entrega_hecha.c.vigencia == vigencia)
    return [dict(row) for row in connection.execute(query).mappings()]


def last_number(connection: Connection, vigencia: int) -> int:
    """The number of the newest delivery of ``vigencia``; 0 before the first."""
    query = select(func.max(entrega_hecha.c.numero)).where(entrega_hecha.c.vigencia == vigencia)
    return connection.execute(query).scalar() or 0


def add_made(connection: Connection, row: Row) -> None:
    """Keep a delivery that was made, byte for byte."""
    connection.execute(insert(entrega_hecha).values(**row))


def received(connection: Connection, **equal: object) -> list[Row]:
    """Received files in order of arrival, with their bytes left out."""
    return [dict(row) for row in connection.execute(_those(tuple(equal)), equal).mappings()]


@lru_cache(maxsize=64)
def _those(columns: tuple[str, ...]) -> Select[Any]:
    """Received files by these columns; a statement that is asked for every file is built once."""
    where = [entrega_recibida.c[column] == bindparam(column) for column in columns]
    return select(*_LIGHT).where(*where).order_by(entrega_recibida.c.recibida_en, entrega_recibida.c.sha256)


def count(connection: Connection, states: Sequence[str]) -> int:
    """How many received files are in one of these states."""
    query = select(func.count()).select_from(entrega_recibida).where(entrega_recibida.c.estado.in_(states))
    return connection.execute(query).scalar() or 0


def one(connection: Connection, sha256: str) -> Row:
    """A received file with its bytes left out. Raises LookupError for one the store does not know."""
    found = received(connection, sha256=sha256)
    if not found:
        raise LookupError(sha256)
    return found[0]


def some(connection: Connection, hashes: Sequence[str]) -> list[Row]:
    """These received files in the order given, with their bytes left out; those the store does not know are missing."""
    found: dict[str, Row] = {}
    for start in range(0, len(hashes), MOST_NAMED):
        query = select(*_LIGHT).where(entrega_recibida.c.sha256.in_(hashes[start : start + MOST_NAMED]))
        found |= {row["sha256"]: dict(row) for row in connection.execute(query).mappings()}
    return [found[sha256] for sha256 in hashes if sha256 in found]


def whole(connection: Connection, sha256: str) -> Row:
    """A received file with its bytes. Raises LookupError for one the store does not know."""
    row = connection.execute(_WHOLE, {"file": sha256}).mappings().first()
    if row is None:
        raise LookupError(sha256)
    return dict(row)


_WHOLE = select(entrega_recibida).where(entrega_recibida.c.sha256 == bindparam("file"))


def previous(connection: Connection, dependencia: str, vigencia: int, number: int) -> Row | None:
    """The delivery of a dependencia before ``number`` that was not rejected; None for the first."""
    place = {"unit": dependencia, "year": vigencia, "number": number}
    row = connection.execute(_previous(), place).mappings().first()
    return dict(row) if row else None


@lru_cache(maxsize=1)
def _previous() -> Select[Any]:
    return select(*_LIGHT).where(*_EARLIER).order_by(*_NEWEST).limit(1)


@dataclass(frozen=True, slots=True)
class Around:
    """What a file meets among those received, bytes left out: itself, and others of its dependencia and vigencia.

    ``same`` say they have its number; ``newer`` is the newest of a later number that was ever accepted, ``before`` the
    one that went before it and was not rejected.
    """

    own: Row | None = None
    same: tuple[Row, ...] = ()
    newer: Row | None = None
    before: Row | None = None


def around(connection: Connection, sha256: str, dependencia: str, vigencia: int, number: int) -> Around:
    """What the file ``sha256``, which says it is delivery ``number``, meets: asked for at once."""
    said = {"sha256": sha256, "unit": dependencia, "year": vigencia, "number": number}
    found: dict[str, list[Row]] = {}
    for mapping in connection.execute(_around(), said).mappings():
        row = dict(mapping)
        found.setdefault(row.pop("place"), []).append(row)
    own, newer, before = (found.get(place, [None])[0] for place in ("own", "newer", "before"))
    same = sorted(found.get("same", []), key=lambda row: (row["recibida_en"], row["sha256"]))
    return Around(own, tuple(same), newer, before)


@lru_cache(maxsize=1)
def _around() -> CompoundSelect[Any]:
    table = entrega_recibida.c
    number, other = bindparam("number", type_=Integer()), table.sha256 != bindparam("sha256")
    accepted = table.estado.in_(["aceptada", "aceptada en parte", "reemplazada"])
    newer = _at("newer").where(_SAME_UNIT, _SAME_YEAR, table.numero > number, accepted)
    return union_all(
        _at("own").where(table.sha256 == bindparam("sha256")),
        _at("same").where(_SAME_UNIT, _SAME_YEAR, table.numero == number, other),
        _first(newer.order_by(table.numero.desc())),
        _first(_at("before").where(*_EARLIER).order_by(*_NEWEST)),
    )


def _at(place: str) -> Select[Any]:
    return select(literal_column(f"'{place}'", Text()).label("place"), *_LIGHT)


def _first(query: Select[Any]) -> Select[Any]:
    """The first row of an ordered query, in a form that may stand beside others."""
    return select(query.limit(1).subquery())


def accepted_others(connection: Connection, dependencia: str, vigencia: int, sha256: str) -> list[Row]:
    """The deliveries of a dependencia that stand accepted, whole or in part, beside ``sha256``."""
    place = {"unit": dependencia, "year": vigencia, "sha256": sha256}
    return [dict(row) for row in connection.execute(_accepted_others(), place).mappings()]


@lru_cache(maxsize=1)
def _accepted_others() -> Select[Any]:
    table = entrega_recibida.c
    standing = table.estado.in_(["aceptada", "aceptada en parte"])
    return select(*_LIGHT).where(_SAME_UNIT, _SAME_YEAR, table.sha256 != bindparam("sha256"), standing)


def decide_many(connection: Connection, hashes: Sequence[str], values: Mapping[str, Any]) -> None:
    """``decide`` for several files."""
    if hashes:
        connection.execute(_DECIDE, [{**values, "at": sha256} for sha256 in hashes])


def content(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a received file, exactly as they came."""
    query = select(entrega_recibida.c.contenido).where(entrega_recibida.c.sha256 == sha256)
    return connection.execute(query).scalar()


def add_received(connection: Connection, row: Row) -> None:
    """Keep a received file."""
    connection.execute(_ADD_RECEIVED, row)


_ADD_RECEIVED = insert(entrega_recibida)


def decide(connection: Connection, sha256: str, values: Mapping[str, Any]) -> None:
    """Set what was decided about a received file."""
    decide_many(connection, [sha256], values)


_DECIDE = update(entrega_recibida).where(entrega_recibida.c.sha256 == bindparam("at"))


def log(connection: Connection) -> list[Row]:
    """The whole log, oldest first."""
    return [dict(row) for row in connection.execute(select(bitacora).order_by(bitacora.c.id)).mappings()]

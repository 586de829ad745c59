"""The log of decisions: appending, walking through all of it, and pages of what is asked for."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, or_, select, update

from db.queries import space
from db.schema import bitacora, espacio

Row = dict[str, Any]

COUNT, SEAL = "bitacora_entradas", "bitacora_sello"
"""Settings that say, beside the log itself, how many entries it has and the seal of the newest."""

AT_ONCE = 2_000
"""How many entries of a walk are fetched at a time."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries are asked for; what is empty asks for nothing.

    ``since`` and ``until`` bound the moment, the latter outside. ``text`` is found anywhere in the entry, accents and
    capitals ignored; ``also`` are words whose presence, as they are written, answers ``text`` too.
    """

    who: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    also: tuple[str, ...] = ()


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Append entries, in this order."""
    connection.execute(_ADD, list(rows))


_ADD = insert(bitacora)


def tail(connection: Connection) -> str:
    """The seal of the newest entry; empty before the first."""
    query = select(bitacora.c.sello).order_by(bitacora.c.id.desc()).limit(1)
    return connection.execute(query).scalar() or ""


def anchor(connection: Connection) -> tuple[int, str] | None:
    """How many entries there are and the newest seal, as noted beside the log; None when it was never noted."""
    said = {row.clave: row.valor for row in connection.execute(_ANCHOR)}
    if not said.keys() >= {COUNT, SEAL} or not said[COUNT].isdigit():
        return None
    return int(said[COUNT]), said[SEAL]


_ANCHOR = select(espacio.c.clave, espacio.c.valor).where(espacio.c.clave.in_((COUNT, SEAL)))


def set_anchor(connection: Connection, count: int, newest: str) -> None:
    """Note beside the log how many entries it has and the newest seal."""
    said = [{"key": COUNT, "value": str(count)}, {"key": SEAL, "value": newest}]
    if connection.execute(_NOTED, said).rowcount != len(said):
        space.set_settings(connection, {each["key"]: each["value"] for each in said})


_NOTED = update(espacio).where(espacio.c.clave == bindparam("key")).values(valor=bindparam("value"))


def walk(connection: Connection) -> Iterator[Row]:
    """Every entry, oldest first, without holding them all."""
    last: int | None = None
    while True:
        query = select(bitacora).order_by(bitacora.c.id).limit(AT_ONCE)
        if last is not None:
            query = query.where(bitacora.c.id > last)
        rows = connection.execute(query).mappings().all()
        yield from (dict(row) for row in rows)
        if len(rows) < AT_ONCE:
            return
        last = rows[-1]["id"]


def total(connection: Connection, asked: Asked | None = None) -> int:
    """How many entries there are, or how many answer what is asked."""
    query = select(func.count()).select_from(bitacora)
    return int(connection.execute(_where(connection, query, asked or Asked())).scalar_one())


def page(connection: Connection, asked: Asked, first: int, count: int) -> list[Row]:
    """``count`` entries from the ``first`` on (0 is the newest), the newest first."""
    query = _where(connection, select(bitacora), asked)
    rows = connection.execute(query.order_by(bitacora.c.id.desc()).offset(first).limit(count))
    return [dict(row) for row in rows.mappings()]


def found(connection: Connection, asked: Asked) -> Iterator[Row]:
    """Every entry that answers what is asked, the newest first, without holding them all."""
    query = _where(connection, select(bitacora), asked).order_by(bitacora.c.id.desc()).limit(AT_ONCE)
    rows = connection.execute(query).mappings().all()
    while rows:
        yield from (dict(row) for row in rows)
        rows = connection.execute(query.where(bitacora.c.id < rows[-1]["id"])).mappings().all()


def told(connection: Connection, column: str) -> list[str]:
    """The different values of ``quien`` or ``accion``, in the database's order."""
    query = select(bitacora.c[column]).distinct().order_by(bitacora.c[column])
    return list(connection.execute(query).scalars())


def _where(connection: Connection, query: Select[Any], asked: Asked) -> Select[Any]:
    where: list[ColumnElement[bool]] = []
    if asked.who:
        where.append(bitacora.c.quien == asked.who)
    if asked.action:
        where.append(bitacora.c.accion == asked.action)
    if asked.since is not None:
        where.append(bitacora.c.cuando >= asked.since)
    if asked.until is not None:
        where.append(bitacora.c.cuando < asked.until)
    if asked.text:
        glob = connection.dialect.name == "sqlite"
        operator, pattern = ("GLOB", _glob(asked.text)) if glob else ("~", _regex(asked.text))
        columns = (bitacora.c.detalle, bitacora.c.quien, bitacora.c.accion)
        ways: Sequence[ColumnElement[bool]] = [column.bool_op(operator)(pattern) for column in columns]
        if glob and (rough := _rough(asked.text)):
            # SQLite finds the first letter of a LIKE quickly, and that of a class of letters slowly.
            ways = [and_(column.like(rough, escape="\\"), way) for column, way in zip(columns, ways, strict=True)]
        also = [bitacora.c.detalle.contains(word, autoescape=True) for word in asked.also]
        where.append(or_(*ways, *also))
    return query.where(*where)


_ALIKE: Mapping[str, str] = {
    letter: letters for letters in ("aáàAÁÀ", "eéEÉ", "iíIÍ", "oóOÓ", "uúüUÚÜ", "nñNÑ") for letter in letters
}
"""Letters that people take for the same when they search."""


def _letter(letter: str) -> str:
    alike = _ALIKE.get(letter) or letter.lower() + letter.upper()
    return f"[{alike}]"


def _glob(text: str) -> str:
    """The pattern of SQLite's GLOB for ``text`` anywhere."""
    return f"*{''.join(_letter(c) if c.isalpha() else f'[{c}]' if c in '*?[' else c for c in text)}*"


def _rough(text: str) -> str:
    """A pattern of LIKE that lets through all that ``_glob`` would, and begins with a plain letter; or nothing."""
    plain = "".join("_" if c in _ALIKE or not c.isascii() else f"\\{c}" if c in "%_\\" else c for c in text).lstrip("_")
    return f"%{plain}%" if plain else ""


def _regex(text: str) -> str:
    """The pattern of PostgreSQL's ``~`` for ``text`` anywhere."""
    return "".join(_letter(c) if c.isalpha() else re.escape(c) for c in text)

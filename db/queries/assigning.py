"""Who of the office looks at what: received deliveries and doubts."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Column, Connection, bindparam, select, update

from db.queries.records import MOST_NAMED
from db.schema import duda, entrega_recibida

_KEYS: Final[Mapping[str, Column[Any]]] = {"duda": duda.c.uid, "entrega_recibida": entrega_recibida.c.sha256}
"""The tables whose rows somebody may look at, by name, and what tells their rows apart."""

TABLES: Final = frozenset(_KEYS)


def assigned(connection: Connection, table: str, keys: Iterable[str]) -> dict[str, str | None]:
    """Who has each of these rows; a row that does not exist is not named."""
    key, wanted = _KEYS[table], sorted(set(keys))
    found: dict[str, str | None] = {}
    for start in range(0, len(wanted), MOST_NAMED):
        query = select(key, key.table.c.asignada_a).where(key.in_(wanted[start : start + MOST_NAMED]))
        found.update((own, who) for own, who in connection.execute(query))
    return found


def assign(connection: Connection, table: str, wanted: Mapping[str, str | None]) -> None:
    """Let each of these rows be somebody's, or nobody's (None)."""
    key = _KEYS[table]
    if wanted:
        change = update(key.table).where(key == bindparam("own")).values(asignada_a=bindparam("who"))
        connection.execute(change, [{"own": own, "who": who} for own, who in wanted.items()])

"""What was decided about single rows of received files."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from db.queries.records import MOST_NAMED
from db.schema import decision, historial

Row = dict[str, Any]


def of(connection: Connection, sha256: str) -> list[Row]:
    """The decisions about the rows of a file."""
    return [dict(row) for row in connection.execute(_OF, {"file": sha256}).mappings()]


_OF = select(decision).where(decision.c.sha256 == bindparam("file")).order_by(decision.c.tipo, decision.c.registro)


def put(connection: Connection, rows: Sequence[Row]) -> None:
    """Set decisions; those about the same rows of the same file give way."""
    if rows:
        keys = [{"at_sha": r["sha256"], "at_tipo": r["tipo"], "at_registro": r["registro"]} for r in rows]
        connection.execute(
            delete(decision).where(
                decision.c.sha256 == bindparam("at_sha"),
                decision.c.tipo == bindparam("at_tipo"),
                decision.c.registro == bindparam("at_registro"),
            ),
            keys,
        )
        connection.execute(insert(decision), list(rows))


RETIRED_HERE, RETIRED_THERE = "retirar", "retirado"
"""How the history tells who took a record out of force: somebody of this store, or a delivery."""


def retired_here(connection: Connection, among: Iterable[str]) -> set[str]:
    """Those of these records that somebody of this store, not their dependencia, took out of force last."""
    wanted = list(among)
    last: dict[str, str] = {}
    for start in range(0, len(wanted), MOST_NAMED):
        query = (
            select(historial.c.uid, historial.c.accion)
            .where(historial.c.accion.in_([RETIRED_HERE, RETIRED_THERE]))
            .where(historial.c.uid.in_(wanted[start : start + MOST_NAMED]))
            .order_by(historial.c.id)
        )
        for uid, action in connection.execute(query):
            last[uid] = action
    return {uid for uid, action in last.items() if action == RETIRED_HERE}

"""What the office changed in the lists, and how many records in force hold which of their codes."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from db.schema import RECORDS, catalogo

Row = dict[str, Any]


def changes(connection: Connection) -> list[Row]:
    """Every change, oldest first."""
    return [dict(row) for row in connection.execute(select(catalogo).order_by(catalogo.c.id)).mappings()]


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Add changes; none is ever taken out."""
    if rows:
        connection.execute(insert(catalogo), list(rows))


def version(connection: Connection) -> int:
    """The newest version there is; 0 for none."""
    return int(connection.execute(select(func.coalesce(func.max(catalogo.c.version), 0))).scalar_one())


def holding(connection: Connection, type_name: str, column: str, codes: Collection[str]) -> list[tuple[str, str, int]]:
    """Dependencia, code and how many records in force of hers hold it in ``column``."""
    table = RECORDS[type_name]
    held = table.c[column]
    query = (
        select(table.c.dependencia, held, func.count())
        .where(table.c.retirado.is_(None), held.in_(sorted(codes)))
        .group_by(table.c.dependencia, held)
    )
    return [(unit, code, count) for unit, code, count in connection.execute(query)]

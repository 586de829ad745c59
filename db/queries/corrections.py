"""Corrections of the office, with what an undone act did left out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from db.queries.records import MOST_NAMED
from db.schema import acto, correccion

Row = dict[str, Any]

_made, _lifted, _confirmed = acto.alias("hecha"), acto.alias("levantada"), acto.alias("confirmada")


def _stands(act: Any) -> ColumnElement[bool]:
    """Whether what an act did counts; what no person's act did always does."""
    return func.coalesce(act.c.deshecho, False).is_(False)


_LIFTED = and_(correccion.c.levantada_en.is_not(None), _stands(_lifted))
_PENDING = and_(
    correccion.c.por_confirmar.is_(True),
    or_(correccion.c.confirmada_acto.is_(None), func.coalesce(_confirmed.c.deshecho, False).is_(True)),
)


def find(
    connection: Connection, *, among: Iterable[str] | None = None, lifted: bool | None = False, **equal: object
) -> list[Row]:
    """Corrections in the order they were made; ``lifted`` None gives both. ``equal`` filters by column.

    ``among`` are the uids of records. ``levantada`` and ``pendiente`` of a row say how it stands.
    """
    joined = (
        correccion.outerjoin(_made, _made.c.uid == correccion.c.acto)
        .outerjoin(_lifted, _lifted.c.uid == correccion.c.levantada_acto)
        .outerjoin(_confirmed, _confirmed.c.uid == correccion.c.confirmada_acto)
    )
    query = select(correccion, _LIFTED.label("levantada"), _PENDING.label("pendiente")).select_from(joined)
    query = query.where(_stands(_made), *(correccion.c[name] == value for name, value in equal.items()))
    if lifted is not None:
        query = query.where(_LIFTED if lifted else ~_LIFTED)
    query = query.order_by(correccion.c.cuando, correccion.c.uid)
    if among is None:
        return [dict(row) for row in connection.execute(query).mappings()]
    wanted = list(among)
    found: list[Row] = []
    for start in range(0, len(wanted), MOST_NAMED):
        some = query.where(correccion.c.registro.in_(wanted[start : start + MOST_NAMED]))
        found.extend(dict(row) for row in connection.execute(some).mappings())
    return found


def by_uid(connection: Connection, uids: Iterable[str]) -> list[Row]:
    """These corrections as they are stored."""
    query = select(correccion).where(correccion.c.uid.in_(list(uids))).order_by(correccion.c.uid)
    return [dict(row) for row in connection.execute(query).mappings()]


def add(connection: Connection, rows: Sequence[Row]) -> None:
    """Keep new corrections; all of them carry the same columns."""
    if rows:
        connection.execute(insert(correccion), list(rows))


def change(connection: Connection, uid: str, values: Mapping[str, Any]) -> None:
    """Set columns of a correction."""
    connection.execute(update(correccion).where(correccion.c.uid == uid).values(**values))

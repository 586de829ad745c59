"""Named views of the matrix: columns with their widths, filters and order, shared by all who open the store.

A view is kept as JSON: its values as ``stored_text`` writes them, so that they read the same everywhere. What a view
names and this program does not know (a field of a newer one) is passed over when it is read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import uuid6
from sqlalchemy import Connection

from db.queries import space
from db.queries import views as rows
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.matrix import UNIT, Condition, MatrixFilter, Op
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean, plain
from peti_desktop.records.record import from_stored_text, stored_text
from peti_desktop.workspace import Workspace

LONGEST: Final = 60
"""So many letters a name may have."""


@dataclass(frozen=True, slots=True)
class View:
    """A view: ``columns`` are names of fields and widths in pixels, from left to right, 0 for as wide as usual.

    ``initial``: it is what the page opens with.
    """

    uid: str
    name: str
    wanted: MatrixFilter
    columns: tuple[tuple[str, int], ...]
    who: str
    when: datetime
    initial: bool


def listing(ws: Workspace, type_name: str) -> list[View]:
    """The views of one type, by name."""
    with ws.read() as connection:
        initial = space.settings(connection).get(_initial(type_name), "")
        found = [_view(type_name, row, initial) for row in rows.listing(connection, _page(type_name))]
    return sorted(found, key=lambda view: plain(view.name))


def save(ws: Workspace, name: str, wanted: MatrixFilter, columns: tuple[tuple[str, int], ...]) -> View:
    """Keep a view under a name; one of that name takes what is now seen.

    Raises UserError for a name that cannot be, and as the others below for who only reads.
    """
    roles.require(ws, roles.CHANGE)
    name = _name(name)
    row = {"quien": ws.info.who, "cuando": ws.clock(), "definicion": _written(wanted, columns)}
    with ws.write() as connection:
        known = _named(connection, wanted.type, name)
        uid = str(known["uid"]) if known else str(uuid6.uuid7())
        if known:
            rows.change(connection, uid, row)
        else:
            rows.add(connection, {"uid": uid, "pagina": _page(wanted.type), "nombre": name, **row})
    return next(view for view in listing(ws, wanted.type) if view.uid == uid)


def rename(ws: Workspace, view: View, name: str) -> None:
    """Give a view another name. Raises UserError when one has it, or the view is gone."""
    roles.require(ws, roles.CHANGE)
    name = _name(name)
    with ws.write() as connection:
        other = _named(connection, view.wanted.type, name)
        if other and other["uid"] != view.uid:
            raise UserError(f"Ya hay una vista «{other['nombre']}».", "Escriba otro nombre.")
        if not rows.change(connection, view.uid, {"nombre": name}):
            raise UserError(f"La vista «{view.name}» ya no está: otra persona la borró.", "Guárdela de nuevo.")


def remove(ws: Workspace, view: View) -> None:
    """Take a view away; ``save`` with what it held brings it back."""
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        rows.remove(connection, view.uid)
        if view.initial:
            space.set_settings(connection, {_initial(view.wanted.type): ""})


def set_initial(ws: Workspace, type_name: str, view: View | None) -> None:
    """Let the page of a type open with a view, or with none."""
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        space.set_settings(connection, {_initial(type_name): view.uid if view else ""})


def _page(type_name: str) -> str:
    return f"matriz/{type_name}"


def _initial(type_name: str) -> str:
    return f"vista:{_page(type_name)}"


def _name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise UserError("La vista no tiene nombre.", "Escriba un nombre corto, por ejemplo «Riesgos extremos».")
    if len(name) > LONGEST:
        raise UserError(f"El nombre de la vista tiene {len(name)} letras.", f"Escriba uno de {LONGEST} o menos.")
    return name


def _named(connection: Connection, type_name: str, name: str) -> rows.Row | None:
    every = rows.listing(connection, _page(type_name))
    return next((row for row in every if plain(row["nombre"]) == plain(name)), None)


def _written(wanted: MatrixFilter, columns: tuple[tuple[str, int], ...]) -> str:
    conditions = [
        {"campo": c.field, "pide": c.op.value, "valores": [stored_text(value) for value in c.values]}
        for c in wanted.conditions
    ]
    return json.dumps(
        {"columnas": columns, "busca": wanted.search, "filtros": conditions, "orden": wanted.order},
        ensure_ascii=False,
    )


def _view(type_name: str, row: Mapping[str, Any], initial: str) -> View:
    said = json.loads(row["definicion"])
    known = {UNIT.name, *TYPES[type_name].by_name}
    asked = (
        _condition(type_name, found)
        for found in said["filtros"]
        if found["campo"] in {"", *known} and found["pide"] in {op.value for op in Op}
    )
    conditions = tuple(found for found in asked if found is not None)
    order = tuple(said["orden"]) if said["orden"] and said["orden"][0] in known else None
    columns = tuple((name, int(width)) for name, width in said["columnas"] if name in known)
    wanted = MatrixFilter(type_name, said["busca"], conditions, order)
    return View(row["uid"], row["nombre"], wanted, columns, row["quien"], row["cuando"], row["uid"] == initial)


def _condition(type_name: str, said: Mapping[str, Any]) -> Condition | None:
    """A condition of a view; None for values that the field, as it is by now, cannot be asked for."""
    op = Op(said["pide"])
    field = TYPES[type_name].by_name.get(said["campo"])
    if op is Op.BETWEEN and field is None:
        return None
    try:
        if op is not Op.BETWEEN or field is None:
            return Condition(said["campo"], op, tuple(said["valores"]))
        return Condition(said["campo"], op, tuple(from_stored_text(field, text) for text in said["valores"]))
    except ValueError:
        return None

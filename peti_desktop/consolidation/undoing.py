"""One step back: the store as it was before the last import, whatever that import did."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from db.queries import assigning, deliveries, doubts, imports
from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.consolidation.acting import office_only
from peti_desktop.consolidation.doubts import UNDONE
from peti_desktop.editing import ASSIGNED
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.record import from_row, headline
from peti_desktop.workspace import Workspace

_STANDING = frozenset({"aceptada", "aceptada en parte", "reemplazada"})
_ABOUT_RECORDS = ("correccion", "duda")
"""Tables whose rows name a record in ``registro``."""


def last_import(ws: Workspace) -> str:
    """What ``undo_last`` would take back, in words; empty when there is nothing."""
    with ws.read() as connection:
        images = imports.last(connection)
        return _words(ws, connection, images) if images else ""


def undo_last(ws: Workspace) -> str:
    """Take back the last import, a batch as a whole. Gives what it was, in words.

    Records, corrections, decisions and states of deliveries are as they were before it; its deliveries are received
    again and wait. Files, history and log keep everything. Raises UserError when there is nothing to take back, and
    when a person built on it since: that work is never undone with it.
    """
    office_only(ws)
    with ws.write() as connection:
        images = imports.last(connection)
        if not images:
            raise UserError(
                "No hay ninguna aceptación que se pueda deshacer.", "Solo se deshace la última, y una sola vez."
            )
        words = _words(ws, connection, images)
        _refuse_if_built_on(ws, connection, images)
        when = ws.clock()
        for image in reversed(images):
            _back(connection, image, ws.info.who, when)
        for sha256 in dict.fromkeys(image["entrega"] for image in images):
            row = deliveries.one(connection, sha256)
            said = {"sha256": sha256, "dependencia": row["dependencia"], "numero": row["numero"]}
            binnacle.write(connection, when, ws.info.who, "deshacer aceptación", said | {"estado": row["estado"]})
        imports.forget(connection)
    return words


def _words(ws: Workspace, connection: Connection, images: Sequence[Mapping[str, Any]]) -> str:
    hashes = list(dict.fromkeys(image["entrega"] for image in images))
    if len(hashes) > 1:
        return f"la aceptación de {len(hashes)} entregas"
    row = deliveries.one(connection, hashes[0])
    return (
        f"la aceptación de la entrega n.º {row['numero']} de {ws.catalogues.label('dependencia', row['dependencia'])}"
    )


def _refuse_if_built_on(ws: Workspace, connection: Connection, images: Sequence[Mapping[str, Any]]) -> None:
    for sha256 in dict.fromkeys(image["entrega"] for image in images):
        state = deliveries.one(connection, sha256)["estado"]
        if state not in _STANDING:
            raise UserError(f"Una de esas entregas ya está {state}.", "Lo que siguió a la aceptación se perdería.")
    for mark in {image["marca"] for image in images}:  # a large batch lets others write in between
        touched = {uid for image in images if image["marca"] == mark for uid in _uids(image)}
        changed = imports.changed_by_hand(connection, touched | _relatives(connection, touched), mark)
        if changed is None:
            continue
        named = _named(ws, connection, changed["tipo"], changed["uid"])
        raise UserError(
            f"{changed['quien']} cambió después {named}, y deshacer la aceptación borraría su trabajo.",
            "Deshaga primero ese cambio, o corrija a mano lo que haga falta.",
        )
    born = {key[0] for image in images if image["tabla"] in TYPES for key in json.loads(image["nacidos"])}
    if (tied := imports.tied(connection, born)) is not None:
        name = next((image["tabla"] for image in images if image["tabla"] in TYPES and tied in _uids(image)), "")
        raise UserError(
            f"{_named(ws, connection, name, tied)} ya tiene prioridad, grupo o iniciativa.",
            "Quítelo de allí primero, o retire a mano lo que sobre.",
        )


def _uids(image: Mapping[str, Any]) -> set[str]:
    """The records that a kept image is about."""
    changed = imports.rows_of(image["tabla"], image["antes"])
    if image["tabla"] in _ABOUT_RECORDS:
        return {str(row["registro"]) for row in changed}
    if image["tabla"] not in TYPES:
        return set()
    return {str(row["uid"]) for row in changed} | {str(key[0]) for key in json.loads(image["nacidos"])}


def _relatives(connection: Connection, touched: set[str]) -> set[str]:
    """What belongs to the records, and what they belong to: a change there shows in what is computed here."""
    found: set[str] = set()
    for child in TYPES.values():
        if child.parent:
            found |= {row["uid"] for row in rows.named(connection, child.name, child.parent, sorted(touched))}
            found |= {row[child.parent] for row in rows.named(connection, child.name, "uid", sorted(touched))}
    return found - {None}


def _named(ws: Workspace, connection: Connection, name: str, uid: str) -> str:
    row = rows.one(connection, name, uid)
    if row is None:
        return "un registro"
    return f"«{headline(TYPES[name], from_row(TYPES[name], row).values, ws.catalogues)}»"


def _back(connection: Connection, image: Mapping[str, Any], who: str, when: datetime) -> None:
    table, born = image["tabla"], json.loads(image["nacidos"])
    before = imports.rows_of(table, image["antes"])
    if table in assigning.TABLES:
        # Who looks at it is no part of accepting: whom a delivery or a doubt was given to since keeps it.
        before = [{name: value for name, value in row.items() if name != ASSIGNED} for row in before]
    if table == "duda":
        imports.put_back(connection, table, before)
        opened = doubts.find(connection, uids=[key[0] for key in born])
        # What a person answered since stands by itself; what was answered while accepting goes with it.
        over = [row["uid"] for row in opened if row["abierta"] or row["acto"] is None]
        ended = {"resolucion": UNDONE, "resuelta_en": when, "resuelta_por": who, "acto": None}
        doubts.change(connection, over, ended)
        return
    imports.put_back(connection, table, before)
    imports.remove(connection, table, born)
    if table in TYPES:
        told = [*(row["uid"] for row in before), *(key[0] for key in born)]
        base = {"cuando": when, "quien": who, "tipo": table, "accion": "deshacer", "campo": "", "antes": None}
        rows.remember(connection, [base | {"uid": uid, "despues": None, "entrega": image["entrega"]} for uid in told])

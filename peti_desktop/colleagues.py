"""Several analysts in one store, on a server: whose name it is, and nobody's work lost under another's."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from db.queries import records as rows
from db.store import Store
from peti_desktop.catalogues import Catalogues
from peti_desktop.errors import UserError
from peti_desktop.records import EVERY
from peti_desktop.records.record import from_row, headline

_PERSONAL = ("nombre", "cargo", "llave", "copias_lugar", "rol", "carpeta_vigilada")
"""What belongs to a person or their PC: who they are, their role, their key's file, where their second copies go, the
folder that is watched for deliveries."""


def own_keys(store: Store) -> dict[str, str]:
    """Where the settings that are a person's are kept: on a server each analyst has their own, by role."""
    return {key: f"{key}:{store.user}" if store.server else key for key in _PERSONAL}


def own_settings(store: Store, said: Mapping[str, str]) -> dict[str, str]:
    """The settings as they are for the person who works here; who never said a name has that of their role."""
    if not store.server:
        return dict(said)
    own = {key: said.get(name, "") for key, name in own_keys(store).items()}
    return {**said, **own, "nombre": own["nombre"] or store.user}


class LostUpdateError(UserError):
    """Somebody else changed the record since it was looked at, and nothing was written."""


def refuse_lost_update(connection: Connection, type_name: str, seen: Mapping[str, int], who: str) -> None:
    """Raise LostUpdateError when somebody else changed a record after the revision it was ``seen`` at, by uid."""
    for row in rows.named(connection, type_name, "uid", seen):
        if row["revision"] > seen[row["uid"]] and row["cambiado_por"] != who:
            raise LostUpdateError(
                f"{row['cambiado_por']} cambió este registro mientras usted lo tenía a la vista; no se guardó lo suyo.",
                "Mire el valor que tiene ahora y, si hace falta, escriba el suyo de nuevo.",
            )


def refuse_undo_over_others(
    connection: Connection, entries: Sequence[Mapping[str, Any]], who: str, catalogues: Catalogues, *, back: bool
) -> None:
    """Raise UserError when somebody else changed the same fields after these entries of the history, saying which.

    ``back``: the entries are undone; else they are done again.
    """
    found = rows.changed_since(connection, entries, who)
    if not found:
        return
    others = len({row["uid"] for row in found}) - 1
    more = "" if not others else " y de otro registro" if others == 1 else f" y de otros {others} registros"
    turning, turned = ("deshacer", "deshizo") if back else ("rehacer", "rehizo")
    raise UserError(
        f"{found[0]['quien']} cambió después {_named(connection, found[0], catalogues)}{more}, y {turning} borraría su "
        "trabajo.",
        f"No se {turned} nada. Hable con esa persona, o cambie los valores a mano.",
    )


def _named(connection: Connection, changed: Mapping[str, Any], catalogues: Catalogues) -> str:
    """«Marca» de «SAL-012»; of what is no record, or is gone, less."""
    record_type = EVERY.get(changed["tipo"])
    row = rows.one(connection, changed["tipo"], changed["uid"]) if record_type else None
    if record_type is None or row is None:
        return "lo mismo"
    named = f"«{headline(record_type, from_row(record_type, row).values, catalogues)}»"
    field = record_type.by_name.get(changed["campo"])
    return f"«{field.label}» de {named}" if field else named

"""Who of the office looks at which delivery, so that two analysts do not go through the same file."""

from collections.abc import Mapping

from sqlalchemy import Connection

from db.queries import assigning, deliveries, space
from peti_desktop import binnacle
from peti_desktop.consolidation.acting import acting
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace


def assign(ws: Workspace, seen: Mapping[str, str], who: str) -> int:
    """Say who looks at these deliveries, in one act that one undo takes back; empty leaves them to nobody.

    ``seen`` tells, by file, who had it when this was asked for. Gives how many changed hands. Raises UserError when
    somebody took one of them meanwhile: nothing is assigned then.
    """
    who = " ".join(who.split())
    words = "una entrega" if len(seen) == 1 else f"{len(seen)} entregas"
    with acting(ws, f"asignar {words} a {who}" if who else f"dejar sin asignar {words}") as act:
        has = assigning.assigned(act.connection, "entrega_recibida", seen)
        for sha256, now in has.items():
            if (now or "") not in {seen[sha256], who}:
                raise UserError(
                    f"La entrega {_name(ws, act.connection, sha256)} {_has(now)} desde hace un momento.",
                    "No se asignó ninguna. Mire de nuevo la lista y decida otra vez.",
                )
        changed = [sha256 for sha256, now in has.items() if (now or "") != who]
        if changed:
            act.assign("entrega_recibida", dict.fromkeys(changed, who or None))
            detail = {"entregas": [_name(ws, act.connection, sha256) for sha256 in changed], "a": who}
            action = "asignar entregas" if who else "dejar sin asignar entregas"
            binnacle.write(act.connection, ws.clock(), ws.info.who, action, detail)
    return len(changed)


def _name(ws: Workspace, connection: Connection, sha256: str) -> str:
    row = deliveries.one(connection, sha256)
    return f"n.º {row['numero']} de {ws.catalogues.label('dependencia', row['dependencia'])}"


def _has(who: str | None) -> str:
    return f"la atiende {who}" if who else "no la tiene nadie"


def people(ws: Workspace) -> list[str]:
    """Who can look at something: who works here, on a server every colleague, and whoever has something already."""
    with ws.read() as connection:
        said = space.settings(connection)
        known = {row["asignada_a"] for row in deliveries.received(connection)}
    known |= {name for key, name in said.items() if ws.store.server and key.startswith("nombre:")}
    return sorted((known | {ws.info.nombre}) - {None, ""})

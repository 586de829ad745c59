"""Answers coming home: what a received delivery says to the observations of the office.

Stands on no room of the intake, which calls it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from db.queries import observations as rows
from peti_desktop import binnacle
from peti_desktop.delivery.reading import Delivery
from peti_desktop.returning.states import ANSWERED, CLOSED, DRAFT
from peti_desktop.trust.verdict import Reason
from peti_desktop.workspace import Workspace


def land(connection: Connection, ws: Workspace, delivery: Delivery) -> tuple[Reason, ...]:
    """Put the answers of a received delivery on the observations they answer, within the caller's transaction.

    A dependencia also answers what was asked of the one it took the place of. An answer from an older delivery never
    takes the place of a newer one; closed observations stay closed, and drafts that ask again are left alone. Gives the
    reasons to warn of: answers to what this office did not ask.
    """
    cover = delivery.envelope
    known = rows.named(connection, [said.uid for said in delivery.answers])
    ours = ws.catalogues.lineage("dependencia", cover.dependencia)
    strange, landed = 0, []
    for said in delivery.answers:
        row = known.get(said.uid)
        if row is None or row["dependencia"] not in ours or row["ronda"] == 0:
            strange += 1
            continue
        # A successor counts its deliveries by itself: only those of one dependencia tell which came first.
        stale = row["dependencia"] == cover.dependencia and row["numero"] >= cover.number
        if row["estado"] in {CLOSED, DRAFT} or stale or _later(row, cover.made_at):
            continue
        now = {
            "estado": ANSWERED,
            "respuesta": said.respuesta,
            "razon": said.razon or None,
            "respondida_en": cover.made_at,
            "respondida_por": f"{cover.nombre} – {cover.cargo}" if cover.cargo else cover.nombre,
            "respondida_con": cover.code,
        }
        rows.change(connection, [said.uid], now)
        landed.append(said.uid)
    if landed:
        told = {"dependencia": cover.dependencia, "numero": cover.number, "observaciones": landed}
        binnacle.write(connection, ws.clock(), ws.info.who, "recibir respuestas", told)
    if not strange:
        return ()
    are = "1 respuesta es" if strange == 1 else f"{strange} respuestas son"
    return (Reason("respuesta_sin_observacion", f"{are} a observaciones que esta oficina no hizo; no se guardaron."),)


def _later(row: Mapping[str, Any], made_at: datetime) -> bool:
    return row["respondida_en"] is not None and row["respondida_en"] > made_at

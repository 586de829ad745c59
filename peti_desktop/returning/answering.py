"""Answers to observations: given by the dependencia, carried by its next delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.queries import deliveries
from db.queries import observations as rows
from peti_desktop.consolidation import roles
from peti_desktop.delivery.answers import CORRECTED, KEPT, Answer, answers_for
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES, show
from peti_desktop.records.convert import clean
from peti_desktop.records.record import Record
from peti_desktop.returning.observations import MAX_TEXT, Observation, from_row
from peti_desktop.returning.states import ANSWERED, OPEN, RETURNED, UNANSWERED
from peti_desktop.workspace import Workspace

__all__ = [
    "CORRECTED",
    "KEPT",
    "Answer",
    "Standing",
    "answer",
    "answers_for",
    "standing",
    "unanswer",
    "unanswered",
]


def answer(ws: Workspace, uid: str, respuesta: str, razon: str = "") -> Observation:
    """Answer an observation: CORRECTED, or KEPT with the reason why. Answering again takes the place of before.

    Raises UserError for KEPT without a reason, and for an observation that the office has closed; ValueError for any
    other answer.
    """
    if respuesta not in {CORRECTED, KEPT}:
        raise ValueError(f"no answer: {respuesta}")
    reason = clean(razon)
    if respuesta == KEPT and not reason:
        raise UserError("Falta decir por qué se mantiene.", "Escriba la razón: la Oficina TIC la leerá al decidir.")
    if len(reason) > MAX_TEXT:
        raise UserError(f"La razón tiene {len(reason)} caracteres; caben {MAX_TEXT}.", "Resúmala.")
    now = {"respuesta": respuesta, "razon": reason or None, "respondida_en": ws.clock(), "respondida_por": ws.info.who}
    return _set(ws, uid, now | {"estado": ANSWERED, "respondida_con": None})


def unanswer(ws: Workspace, uid: str) -> Observation:
    """Take an answer back; the next delivery will not carry it."""
    return _set(ws, uid, {"estado": RETURNED} | UNANSWERED)


def _set(ws: Workspace, uid: str, values: Mapping[str, Any]) -> Observation:
    if ws.info.perfil == "oficina":
        raise UserError("Las observaciones las responde la dependencia.", "Espere su próxima entrega.")
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        row = rows.named(connection, [uid]).get(uid)
        if row is None:
            raise LookupError(uid)
        if row["estado"] not in OPEN:
            raise UserError("La Oficina TIC ya cerró esa observación.", "No hace falta responderla.")
        rows.change(connection, [uid], values)
        return from_row({**row, **values})


def unanswered(ws: Workspace) -> list[Observation]:
    """What the next delivery would leave without an answer, in this vigencia."""
    with ws.read() as connection:
        found = rows.fetch(connection, states=(RETURNED,), vigencia=ws.info.vigencia)
    return [from_row(row) for row in found]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the record of an observation stands now.

    ``here``: the store has it. ``now`` is the field's value as people read it. ``corrected``: it looks corrected, for
    the field differs from what was declared, or the row changed since the delivery.
    """

    here: bool
    now: str = ""
    corrected: bool = False


def standing(ws: Workspace, observations: Sequence[Observation]) -> dict[str, Standing]:
    """How the records of ``observations`` stand now, by the observation's uid."""
    with ws.snapshot() as seen:
        names = {o.tipo for o in observations if o.registro}
        records = {name: {record.uid: record for record in seen.records(name, retired=None)} for name in names}
        linked = {field.links for name in names for field in TYPES[name].fields if field.links}
        links = {uid: words for name in linked for uid, words in seen.links(name).items()}
        with seen.read() as connection:
            made = {row["sha256"]: row["hecha_en"] for row in deliveries.made(connection)}
        return {
            o.uid: _standing(ws, o, records.get(o.tipo, {}).get(o.registro), links, made.get(o.entrega))
            for o in observations
        }


def _standing(
    ws: Workspace, asked: Observation, record: Record | None, links: Mapping[str, str], made_at: datetime | None
) -> Standing:
    if not asked.registro:
        return Standing(here=True)
    if record is None:
        return Standing(here=False)
    if not asked.campo:
        return Standing(here=True, corrected=made_at is not None and record.changed_at > made_at)
    now = show(TYPES[asked.tipo][asked.campo], record.values[asked.campo], ws.catalogues, links)
    return Standing(here=True, now=now, corrected=now != asked.declarado or record.retired is not None)

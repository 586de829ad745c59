"""A received delivery as it is kept: its bytes are proven again whenever something is done with it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection

from db.queries import deliveries
from peti_desktop.delivery.reading import Delivery
from peti_desktop.errors import UserError
from peti_desktop.intake.examine import Examined, assess
from peti_desktop.intake.receipt import NO_COUNTS, RECEIVED, REJECTED, Receipt
from peti_desktop.intake.stage import Staging
from peti_desktop.trust.verdict import Reason, Status, Trust
from peti_desktop.workspace import Workspace

OF_ANSWERS: Final = "respuesta_sin_observacion"
"""A reason that only receiving a delivery finds."""
DAMAGED: Final = Reason("guardado_danado", "El archivo que se guardó de esta entrega ya no es el que se recibió.")


def looked_at(ws: Workspace, connection: Connection, row: Mapping[str, Any], trust: Trust | None = None) -> Examined:
    """The stored bytes, verified again as of the day they came; ``row`` has them.

    Bytes that are not those which came are none of this delivery, even when they are another one that is proven.
    """
    data, receipt = row["contenido"], from_row(ws, row)
    if not whole(row):
        return Examined(replace(receipt, verdict=Status.NO_VALIDA, reasons=(DAMAGED,)), data)
    return assess(ws, connection, row["nombre"], data, at=row["recibida_en"], trust=trust)


def whole(row: Mapping[str, Any]) -> bool:
    """Whether the bytes of a stored file are those that came."""
    return sha256(row["contenido"]).hexdigest() == str(row["sha256"])


def proven(found: Examined) -> tuple[Delivery, Staging]:
    """What a delivery says and would do. Raises UserError, with what is wrong, for one that is not to be trusted."""
    if found.delivery is not None and found.staging is not None:
        return found.delivery, found.staging
    wrong = " ".join(reason.sentence for reason in found.receipt.reasons)
    raise UserError(wrong, "Reciba otra vez el archivo original, o rechace la entrega.")


def put_back(connection: Connection, again: Examined) -> None:
    """When a file comes again whose stored bytes were damaged, those that came take their place."""
    assert again.known is not None
    row = deliveries.whole(connection, again.receipt.sha256)
    if whole(row):
        return
    mended: dict[str, Any] = {"contenido": again.data}
    if row["estado"] == RECEIVED:
        mended |= verdict_columns(replace(again.receipt, reasons=(*again.receipt.reasons, *landed(row))))
    deliveries.decide(connection, row["sha256"], mended)


def landed(row: Mapping[str, Any]) -> list[Reason]:
    """What only receiving a file finds of it, and stays true: answers to what this office did not ask."""
    return [Reason(*reason) for reason in json.loads(row["motivos"]) if reason[0] == OF_ANSWERS]


def verdict_columns(receipt: Receipt) -> dict[str, Any]:
    """What is stored of what was found out about a file."""
    return {
        "veredicto": receipt.verdict.value,
        "motivos": json.dumps([[r.code, r.sentence, r.detail] for r in receipt.reasons], ensure_ascii=False),
        "conteos": json.dumps(dict(receipt.counts)),
    }


def from_row(ws: Workspace, row: Mapping[str, Any]) -> Receipt:
    """The receipt of a stored delivery, as it was when it was received, with its state of today."""
    nombre, _, cargo = row["firmante"].partition(" – ")
    said = json.loads(row["motivos"])
    why = [sentence.removeprefix("Se rechazó: ") for code, sentence, _ in said if code == REJECTED]
    return Receipt(
        file=row["nombre"],
        verdict=Status(row["veredicto"]),
        reasons=tuple(Reason(*each) for each in said if each[0] != REJECTED),
        sha256=row["sha256"],
        signer=nombre,
        cargo=cargo,
        fingerprint=row["huella"],
        dependencia=row["dependencia"],
        dependencia_nombre=ws.catalogues.label("dependencia", row["dependencia"]),
        vigencia=row["vigencia"],
        number=row["numero"],
        code=row["codigo"],
        signed_at=row["firmada_en"],
        received_at=row["recibida_en"],
        state=row["estado"],
        counts=dict(NO_COUNTS) | json.loads(row["conteos"]),
        decided_at=row.get("decidida_en"),
        decided_by=row.get("decidida_por") or "",
        why=why[-1] if why else "",
        round=row.get("ronda") or 0,
        assigned_to=row.get("asignada_a") or "",
    )

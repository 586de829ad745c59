"""The inbox: receiving files one by one or by the folder, and listing what was received."""

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.queries import deliveries
from peti_desktop import binnacle
from peti_desktop.errors import UserError
from peti_desktop.intake.examine import Examined, examine
from peti_desktop.intake.receipt import NO_COUNTS, RECEIVED, REJECTED, Receipt
from peti_desktop.progress import Progress, silent
from peti_desktop.trust.verdict import Reason, Status
from peti_desktop.workspace import Workspace


def receive(ws: Workspace, path: Path) -> Receipt:
    """Look at a file and keep it, byte for byte, when it is a proven delivery; otherwise nothing is stored.

    A file that cannot be read is a verdict too, so that one bad file never stops the rest. Raises UserError for a store
    that is not an office's.
    """
    must_be_office(ws)
    try:
        found = examine(ws, path)
    except UserError as error:
        return Receipt(path.name, Status.NO_VALIDA, (Reason("ilegible", str(error)),))
    if found.delivery is None:
        return found.receipt
    return _keep(ws, found)


def _keep(ws: Workspace, found: Examined) -> Receipt:
    receipt = found.receipt
    with ws.write() as connection:
        known = deliveries.received(connection, sha256=receipt.sha256)
        if known:
            kept = from_row(ws, known[0])
            state = "espera decisión" if kept.state == RECEIVED else f"está {kept.state}"
            repeated = Reason("repetida", f"Este archivo ya se había recibido: {state}.")
            return _again(receipt, kept, repeated)
        row = _row(ws, found)
        deliveries.add_received(connection, row)
        said = {key: row[key] for key in ("sha256", "nombre", "dependencia", "numero", "codigo", "veredicto")}
        binnacle.write(connection, ws.clock(), ws.info.who, "recibir", said)
    return from_row(ws, row)


def _again(receipt: Receipt, kept: Receipt, repeated: Reason) -> Receipt:
    return replace(
        receipt,
        reasons=(*receipt.reasons, repeated),
        state=kept.state,
        received_at=kept.received_at,
        repeated=True,
    )


def _row(ws: Workspace, found: Examined) -> dict[str, Any]:
    receipt = found.receipt
    return {
        "sha256": receipt.sha256,
        # A name from an old disk may hold bytes that are no text in any store.
        "nombre": os.fsencode(receipt.file).decode("utf-8", "replace"),
        "dependencia": receipt.dependencia,
        "vigencia": receipt.vigencia,
        "numero": receipt.number,
        "codigo": receipt.code,
        "firmante": f"{receipt.signer} – {receipt.cargo}",
        "huella": receipt.fingerprint,
        "firmada_en": receipt.signed_at,
        "recibida_en": ws.clock(),
        "estado": RECEIVED,
        "contenido": found.data,
    } | verdict_columns(receipt)


def verdict_columns(receipt: Receipt) -> dict[str, Any]:
    """What is stored of what was found out about a file."""
    return {
        "veredicto": receipt.verdict.value,
        "motivos": json.dumps([[r.code, r.sentence, r.detail] for r in receipt.reasons], ensure_ascii=False),
        "conteos": json.dumps(dict(receipt.counts)),
    }


def must_be_office(ws: Workspace) -> None:
    """Raises UserError unless the store is an office's: a dependencia's own records never mix with received ones."""
    if ws.info.perfil != "oficina":
        raise UserError(
            f"Este es el archivo de datos de {ws.info.dependencia_nombre}: aquí no se reciben entregas.",
            "Use el archivo de datos de la Oficina TIC.",
        )


def from_row(ws: Workspace, row: dict[str, Any]) -> Receipt:
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


def listing(ws: Workspace) -> list[Receipt]:
    """Every stored delivery, in order of arrival."""
    with ws.read() as connection:
        return [from_row(ws, row) for row in deliveries.received(connection)]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files that ``paths`` name: files as they are, and what lies in folders, by name.

    Temporary files of Excel (~$…) are passed over. Raises UserError for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(_inside(path))
        elif path.exists():
            found.append(path)
        else:
            raise UserError(f"No existe «{path}».", "Revise el nombre del archivo o de la carpeta.")
    return found


def _inside(folder: Path) -> list[Path]:
    """The files of a folder and below; a folder that cannot be looked into stands for itself, and says so when read."""
    found: list[Path] = []
    closed: list[OSError] = []
    for place, _folders, names in os.walk(folder, onerror=closed.append):
        wanted = (name for name in names if not name.startswith((".", "~$")) and not name.endswith(".parcial"))
        found.extend(Path(place, name) for name in wanted)
    found.extend(Path(error.filename) for error in closed)
    return sorted(found)


def receive_all(ws: Workspace, paths: Sequence[Path], progress: Progress = silent) -> list[Receipt]:
    """Receive many files; each is a step of its own, so that a cancelled run leaves whole files only."""
    receipts: list[Receipt] = []
    for done, path in enumerate(paths):
        progress(done, len(paths), path.name)
        receipts.append(receive(ws, path))
    progress(len(paths), len(paths), "")
    return receipts

"""The inbox: receiving files one by one or by the folder, and listing what was received."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.queries import deliveries
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.errors import Cancelled, UserError
from peti_desktop.files import read_limited
from peti_desktop.intake.examine import Examined, assess, trust_of
from peti_desktop.intake.receipt import OPEN, RECEIVED, Receipt
from peti_desktop.intake.stored import from_row, put_back, verdict_columns
from peti_desktop.progress import Progress, silent
from peti_desktop.returning.landing import land
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Reason, Status, Trust
from peti_desktop.workspace import Workspace

AT_ONCE, BYTES_AT_ONCE = 25, 8 * 2**20
"""How many files, and how much of them, are looked at in one transaction."""


def receive(ws: Workspace, path: Path) -> Receipt:
    """Look at a file and keep it, byte for byte, when it is a proven delivery; otherwise nothing is stored.

    A file that cannot be read is a verdict too, so that one bad file never stops the rest. Raises UserError for a store
    that is not an office's.
    """
    return receive_all(ws, [path])[0]


def receive_all(ws: Workspace, paths: Sequence[Path], progress: Progress = silent) -> list[Receipt]:
    """``receive`` for many files, some at a time in one transaction; a cancelled run leaves whole files only."""
    must_be_office(ws)
    receipts: list[Receipt] = []
    while len(receipts) < len(paths):
        some, stopped = _read_some(paths, len(receipts), progress)
        with ws.write() as connection:
            arrival = _Arrival(ws, connection, trust_of(connection))
            receipts.extend(_received(arrival, path, content) for path, content in some)
            binnacle.write_all(connection, arrival.log)
        if stopped is not None:
            raise stopped
    progress(len(paths), len(paths), "")
    return receipts


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Files that are received in one transaction, and what the log has to tell of them when it ends."""

    ws: Workspace
    connection: Connection
    trust: Trust
    log: list[binnacle.Entry] = field(default_factory=list)


def _read_some(
    paths: Sequence[Path], start: int, progress: Progress
) -> tuple[list[tuple[Path, bytes | UserError]], Cancelled | None]:
    """The next files, read before anybody has to wait for a transaction, and whether somebody asked to stop."""
    some: list[tuple[Path, bytes | UserError]] = []
    size = 0
    for done in range(start, min(start + AT_ONCE, len(paths))):
        try:
            progress(done, len(paths), paths[done].name)
        except Cancelled as stopped:
            return some, stopped
        try:
            content: bytes | UserError = read_limited(paths[done], MAX_FILE_BYTES)
        except UserError as error:
            content = error
        some.append((paths[done], content))
        size += len(content) if isinstance(content, bytes) else 0
        if size > BYTES_AT_ONCE:
            break
    return some, None


def _received(arrival: _Arrival, path: Path, content: bytes | UserError) -> Receipt:
    if isinstance(content, UserError):
        return Receipt(path.name, Status.NO_VALIDA, (Reason("ilegible", str(content)),))
    ws, connection = arrival.ws, arrival.connection
    found = assess(ws, connection, path.name, content, at=ws.clock(), trust=arrival.trust)
    if found.delivery is not None:
        return _keep(arrival, found)
    # Its key may have been annulled since: what was received before stays good, and is here already.
    known = deliveries.received(connection, sha256=found.receipt.sha256)
    if not known:
        return found.receipt
    kept = from_row(ws, known[0])
    return _again(replace(kept, file=path.name), kept)


def _keep(arrival: _Arrival, found: Examined) -> Receipt:
    ws, connection, receipt = arrival.ws, arrival.connection, found.receipt
    if found.known is not None:
        put_back(connection, found)
        return _again(receipt, from_row(ws, found.known))
    assert found.delivery is not None
    if found.delivery.answers:
        # What they were answers to is told in the log as well: in the order in which things came.
        binnacle.write_all(connection, arrival.log)
        arrival.log.clear()
    if strange := land(connection, ws, found.delivery):
        receipt = replace(receipt, reasons=(*receipt.reasons, *strange), verdict=Status.CON_AVISOS)
        found = replace(found, receipt=receipt)
    row = _row(ws, found)
    deliveries.add_received(connection, row)
    said = {key: row[key] for key in ("sha256", "nombre", "dependencia", "numero", "codigo", "veredicto")}
    arrival.log.append(binnacle.Entry(ws.clock(), ws.info.who, "recibir", said))
    return from_row(ws, row)


def _again(receipt: Receipt, kept: Receipt) -> Receipt:
    state = "espera decisión" if kept.state == RECEIVED else f"está {kept.state}"
    repeated = Reason("repetida", f"Este archivo ya se había recibido: {state}.")
    return replace(
        receipt,
        reasons=(*receipt.reasons, repeated),
        state=kept.state,
        received_at=kept.received_at,
        repeated=True,
    )


def _row(ws: Workspace, found: Examined) -> dict[str, Any]:
    assert found.delivery is not None
    receipt, cover = found.receipt, found.delivery.envelope
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
        "ejemplar": cover.ejemplar or None,
        "linaje": " ".join(cover.linaje) or None,
        "previo": cover.previo or None,
    } | verdict_columns(receipt)


def must_be_office(ws: Workspace) -> None:
    """Raises UserError unless the store is an office's, where who works may decide.

    A dependencia's own records never mix with received ones.
    """
    if ws.info.perfil != "oficina":
        raise UserError(
            f"Este es el archivo de datos de {ws.info.dependencia_nombre}: aquí no se reciben entregas.",
            "Use el archivo de datos de la Oficina TIC.",
        )
    roles.require(ws, roles.CHANGE)


def listing(ws: Workspace) -> list[Receipt]:
    """Every stored delivery, in order of arrival."""
    with ws.read() as connection:
        return [from_row(ws, row) for row in deliveries.received(connection)]


def waiting(ws: Workspace) -> int:
    """How many deliveries wait for a decision, whole or in part."""
    with ws.read() as connection:
        return deliveries.count(connection, sorted(OPEN))


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files that ``paths`` name: files as they are, and what lies in folders, by name.

    Temporary files of Excel (~$…) are passed over. Raises UserError for a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if gone(path):
            raise UserError(f"No existe «{path}».", "Revise el nombre del archivo o de la carpeta.")
        found.extend(_inside(path) if os.path.isdir(path) else [path])  # noqa: PTH112 - Path.is_dir() raises OSError
    return found


def gone(path: Path) -> bool:
    """Whether there is nothing at ``path``. What a broken memory or a closed folder hides says so when it is read."""
    try:
        return not path.exists()
    except OSError:
        return False


def _inside(folder: Path) -> list[Path]:
    """The files of a folder and below; a folder that cannot be looked into stands for itself, and says so when read."""
    found: list[Path] = []
    closed: list[OSError] = []
    for place, _folders, names in os.walk(folder, onerror=closed.append):
        wanted = (name for name in names if not name.startswith((".", "~$")) and not name.endswith(".parcial"))
        found.extend(Path(place, name) for name in wanted)
    found.extend(Path(error.filename) for error in closed)
    return sorted(found)

"""The acuse de recibo: the office's signed word that a delivery arrived, whole, and when by its own clock."""

from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from db.queries import observations as rows
from peti_desktop import binnacle
from peti_desktop.office import authority
from peti_desktop.reports.page import CARTA, Paper
from peti_desktop.returning import issuing, observations
from peti_desktop.returning.contents import RECEIPT, Contents, Told
from peti_desktop.returning.declared import Declared, received
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An acuse that was written: the file, its page, and the code it shares with the acta of the delivery."""

    path: Path
    pdf: Path
    code: str
    sha256: str


def acknowledge(ws: Workspace, sha256: str, office: Signer, folder: Path, *, paper: Paper = CARTA) -> Acknowledged:
    """Write the acuse of a received delivery, whatever its state.

    One is made of each delivery; asked for again, the same bytes are written once more. Raises UserError for a key that
    is not the office's and when the file cannot be written.
    """
    observations.must_decide(ws)
    authority.refuse_stranger(ws, office)
    issued = _before(ws, sha256)
    if issued is not None:
        path, pdf = issuing.put(issued, folder, paper)
        return Acknowledged(path, pdf, issued.contents.told.codigo, issued.sha256)
    written: list[Path] = []
    try:
        with ws.write() as connection:
            declared = received(ws, connection, sha256)
            contents = Contents(_told(ws, connection, declared))
            issued = issuing.issue(ws, connection, contents, office, contents.told.emitida_en)
            told = issued.contents.told
            said = {"sha256": sha256, "dependencia": told.dependencia, "numero": told.numero, "archivo": issued.sha256}
            binnacle.write(connection, told.emitida_en, ws.info.who, "acusar recibo", said)
            fresh = not (folder / issued.name).exists()
            path, pdf = issuing.put(issued, folder, paper)
            written = [path, pdf] if fresh else []
    except BaseException:
        issuing.remove(written)
        raise
    return Acknowledged(path, pdf, told.codigo, issued.sha256)


def _before(ws: Workspace, sha256: str) -> issuing.Issued | None:
    with ws.read() as connection:
        found = rows.files(connection, clase=RECEIPT, sentido=issuing.ISSUED, entrega=sha256)
    return issuing.again(ws, found[0]["sha256"]) if found else None


def _told(ws: Workspace, connection: Connection, declared: Declared) -> Told:
    row, when = declared.row, ws.clock()
    return replace(
        issuing.cover(ws, connection, RECEIPT, row, when),
        veredicto=row["veredicto"],
        estado=row["estado"],
        firmante=row["firmante"],
        counts=tuple(declared.delivery.envelope.counts.items()),
    )

"""Making a delivery: rehearse, look at what changed, sign, write, read back."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from db.queries import deliveries
from peti_desktop import __version__
from peti_desktop.delivery import reading, seal, workbook
from peti_desktop.delivery.cells import rows, sheet_parts
from peti_desktop.delivery.envelope import Envelope, code_of, file_name
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited, replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Severity
from peti_desktop.records.record import Record
from peti_desktop.trust import signature
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import RecordProblem, Workspace

PURPOSE = "Entrega al PETI"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a delivery made now would hold. ``changed`` counts records touched since the last delivery, by type."""

    counts: dict[str, int]
    number: int
    previous: str
    changed: dict[str, int]


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery that was made, read back and found good."""

    path: Path
    number: int
    code: str
    sha256: str
    counts: dict[str, int]
    fingerprint: str
    nombre: str
    cargo: str


def rehearse(ws: Workspace) -> list[RecordProblem]:
    """Exactly what the office will find: problems that stop the delivery first, then warnings."""
    return sorted(ws.problems(), key=lambda found: found.problem.severity is not Severity.STOPS)


def summary(ws: Workspace) -> Summary:
    """What would be delivered now, and what changed since the last time."""
    with ws.read() as connection:
        made = deliveries.made(connection, ws.info.vigencia)
        number = deliveries.last_number(connection, ws.info.vigencia) + 1
    last = made[-1] if made else None
    changed = {
        name: sum(last is None or record.changed_at > last["hecha_en"] for record in ws.records(name, retired=None))
        for name in TYPES
    }
    return Summary(ws.counts(), number, last["nombre"] if last else "", changed)


def deliver(ws: Workspace, signer: Signer, folder: Path, progress: Progress = silent) -> Delivered:
    """Write the signed workbook of this dependencia into ``folder`` and keep it, byte for byte, in the store.

    Raises UserError when problems stop the delivery or the file cannot be written; nothing is left behind then.
    """
    _refuse_if_stopped(ws)
    progress(0, 4, "Reuniendo los registros")
    everything = {name: ws.records(name, retired=None) for name in TYPES}
    envelope = _envelope(ws, everything)
    progress(1, 4, "Escribiendo el libro de Excel")
    cover = {name: text for name, _, text in workbook.cover_rows(envelope, ws.catalogues)}
    sealing = seal.rows_of(cover, everything, signer, envelope.made_at)
    unsigned = workbook.write(envelope, everything, ws.catalogues, seal=sealing)
    progress(2, 4, "Firmando")
    data = signature.sign(unsigned, signer, f"{PURPOSE} {envelope.vigencia}", envelope.made_at)
    path = folder / file_name(envelope.vigencia, envelope.dependencia, envelope.number)
    # From here on nothing can be cancelled: a file that exists is a delivery that was made.
    progress(3, 4, "Guardando y leyendo de nuevo lo escrito")
    replace_file(path, data)
    _read_back(ws, path, data, envelope)
    sha256 = hashlib.sha256(data).hexdigest()
    _keep(ws, envelope, path.name, data, sha256)
    return Delivered(
        path=path,
        number=envelope.number,
        code=envelope.code,
        sha256=sha256,
        counts=envelope.counts,
        fingerprint=signer.fingerprint,
        nombre=envelope.nombre,
        cargo=envelope.cargo,
    )


def _refuse_if_stopped(ws: Workspace) -> None:
    stopping = [found for found in rehearse(ws) if found.problem.severity is Severity.STOPS]
    if stopping:
        raise UserError(
            f"Hay {len(stopping)} problemas que impiden entregar.",
            "Corríjalos en «Ensayar entrega»: cada línea lleva a su campo.",
        )
    if not any(ws.counts().values()):
        raise UserError("Todavía no hay nada que entregar.", "Registre primero sus riesgos, equipos o necesidades.")


def _envelope(ws: Workspace, everything: dict[str, list[Record]]) -> Envelope:
    info = ws.info
    with ws.read() as connection:
        number = deliveries.last_number(connection, info.vigencia) + 1
    return Envelope(
        entidad=info.entidad,
        dependencia=info.dependencia,
        vigencia=info.vigencia,
        number=number,
        metodo=info.metodo,
        catalogues=ws.catalogues.version,
        made_at=ws.clock(),
        nombre=info.nombre,
        cargo=info.cargo,
        counts=ws.counts(),
        code=code_of(info.vigencia, info.dependencia, number, everything),
        program=__version__,
    )


def _read_back(ws: Workspace, path: Path, data: bytes, envelope: Envelope) -> None:
    """A delivery that cannot be read again was never made."""
    written = read_limited(path, len(data))
    found = signature.verify(written, Trust(), envelope.made_at)
    if written != data or found.parts is None:
        path.unlink(missing_ok=True)
        raise UserError(
            "Lo que quedó escrito en la memoria no es igual a lo que se firmó.",
            "La memoria puede estar dañada: repita la entrega en otra.",
        )
    read = reading.read(found.parts, ws.catalogues)
    code = code_of(envelope.vigencia, envelope.dependencia, envelope.number, read.records)
    if code != envelope.code:
        path.unlink(missing_ok=True)
        raise AssertionError(f"delivery reads back as {code}, written as {envelope.code}")
    hidden = rows(found.parts[sheet_parts(found.parts)[workbook.MARK]])
    sealed = seal.opened(hidden, Trust(), envelope.made_at)
    if sealed is None or sealed.records != seal.of_all(read.records):
        path.unlink(missing_ok=True)
        raise AssertionError("the seal of a delivery differs from its cells")


def _keep(ws: Workspace, envelope: Envelope, name: str, data: bytes, sha256: str) -> None:
    row = {
        "sha256": sha256,
        "numero": envelope.number,
        "vigencia": envelope.vigencia,
        "codigo": envelope.code,
        "hecha_en": envelope.made_at,
        "firmante": ws.info.who,
        "nombre": name,
        "conteos": json.dumps(envelope.counts),
        "contenido": data,
    }
    with ws.write() as connection:
        deliveries.add_made(connection, row)

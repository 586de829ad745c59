"""Making a delivery: rehearse, look at what changed, sign, write, read back."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from db.queries import deliveries, observations, space
from peti_desktop import __version__
from peti_desktop.delivery import answers, delivered, reading, seal, signing_key, workbook
from peti_desktop.delivery.answers import Answer
from peti_desktop.delivery.cells import Unreadable, rows, sheet_parts
from peti_desktop.delivery.envelope import Envelope, code_of, file_name
from peti_desktop.errors import UserError
from peti_desktop.exemplar import EXEMPLAR, LINEAGE
from peti_desktop.files import read_limited, replace_file
from peti_desktop.post import handed_over
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Severity
from peti_desktop.records.record import Record
from peti_desktop.trust import signature
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import RecordProblem, Workspace

PURPOSE = "Entrega al PETI"

_log = logging.getLogger(__name__)


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
    """Exactly what the office will find: problems that stop the delivery first, then warnings.

    Among these what was delivered before and is empty now: the office would have to ask.
    """
    return sorted(
        [*ws.problems(), *delivered.emptied(ws)], key=lambda found: found.problem.severity is not Severity.STOPS
    )


def summary(ws: Workspace) -> Summary:
    """What would be delivered now, and what changed since the last time."""
    with ws.read() as connection:
        made = deliveries.made(connection, ws.info.vigencia)
        number = deliveries.last_number(connection, ws.info.vigencia) + 1
    last = made[-1] if made else None
    changed = {
        name: sum(last is None or record.changed_at > last["hecha_en"] for record in found)
        for name, found in _own(ws).items()
    }
    return Summary(_counts(ws), number, last["nombre"] if last else "", changed)


def deliver(ws: Workspace, signer: Signer, folder: Path, progress: Progress = silent) -> Delivered:
    """Write the signed workbook of this dependencia into ``folder`` and keep it, byte for byte, in the store.

    It carries what was answered to the office's observations, and they remember which delivery took the answer.

    A file is there exactly when the store has the delivery. Raises UserError when the post was handed over with this
    store, when the key may not sign any more, when problems stop the delivery, when there is a file of its name or it
    cannot be written; nothing is left behind then, neither file nor number.
    """
    _refuse_handed_over(ws)
    signing_key.refuse_unfit(ws, signer)
    _refuse_if_stopped(ws)
    progress(0, 4, "Reuniendo los registros")
    everything = _own(ws)
    said = answers.answers_for(ws)
    envelope = _envelope(ws, everything, said)
    path = folder / file_name(envelope.vigencia, envelope.dependencia, envelope.number)
    _refuse_taken(path)
    progress(1, 4, "Escribiendo el libro de Excel")
    cover = {name: text for name, _, text in workbook.cover_rows(envelope, ws.catalogues)}
    sealing = seal.rows_of(cover, everything, signer, envelope.made_at, said)
    unsigned = workbook.write(envelope, everything, ws.catalogues, seal=sealing, said=said)
    progress(2, 4, "Firmando")
    data = signature.sign(unsigned, signer, f"{PURPOSE} {envelope.vigencia}", envelope.made_at)
    # From here on nothing can be cancelled: a file that exists is a delivery that was made.
    progress(3, 4, "Guardando y leyendo de nuevo lo escrito")
    sha256 = hashlib.sha256(data).hexdigest()
    _refuse_taken(path)
    try:
        with ws.write() as connection:
            deliveries.add_made(connection, _row(ws, envelope, path.name, data, sha256))
            observations.change(connection, [answer.uid for answer in said], {"respondida_con": envelope.code})
            replace_file(path, data)
            _read_back(ws, path, data, envelope)
    except BaseException:
        # Not kept, even if only the last step of the store failed: its number will be given to another delivery.
        _remove(path)
        raise
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


def _refuse_handed_over(ws: Workspace) -> None:
    """The successor's store gives the same number next: the office would get two different deliveries of it."""
    if (day := handed_over(ws)) is not None:
        raise UserError(
            f"Este archivo se entregó con el cargo el {day}: desde entonces entrega quien recibió el cargo.",
            "Si nadie lo recibió, ábralo usted con «Recibir el cargo», en la primera página, y entregue desde ahí.",
        )


def _refuse_if_stopped(ws: Workspace) -> None:
    stopping = [found for found in rehearse(ws) if found.problem.severity is Severity.STOPS]
    if stopping:
        many = "1 problema que impide" if len(stopping) == 1 else f"{len(stopping)} problemas que impiden"
        raise UserError(f"Hay {many} entregar.", "Corrija en «Ensayar entrega»: cada línea lleva a su campo.")
    if not any(_counts(ws).values()):
        raise UserError("Todavía no hay nada que entregar.", "Registre primero sus riesgos, equipos o necesidades.")


def _envelope(ws: Workspace, everything: dict[str, list[Record]], said: Sequence[Answer]) -> Envelope:
    info = ws.info
    with ws.read() as connection:
        made = deliveries.made(connection, info.vigencia)
        settings = space.settings(connection)
    number = made[-1]["numero"] + 1 if made else 1
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
        counts=_counts(ws),
        code=code_of(info.vigencia, info.dependencia, number, everything, said),
        program=__version__,
        ejemplar=settings.get(EXEMPLAR, ""),
        linaje=tuple(settings.get(LINEAGE, "").split()),
        previo=made[-1]["codigo"] if made else "",
    )


def _own(ws: Workspace) -> dict[str, list[Record]]:
    """What this dependencia delivers, retired or not; what left it in a reorganisation is another's to deliver."""
    return {name: ws.records(name, retired=None, dependencia=ws.info.dependencia) for name in TYPES}


def _counts(ws: Workspace) -> dict[str, int]:
    """Records in force of the types that are delivered; a store has tables of the office as well."""
    counts = ws.counts()
    return {name: counts[name] for name in TYPES}


def _refuse_taken(path: Path) -> None:
    """Never write over a file: it may be the only copy of a delivery that another computer made."""
    if path.exists():
        raise UserError(
            f"En esa carpeta ya hay otro archivo con ese nombre: «{path.name}».",
            "Escoja otra carpeta, o guarde ese archivo en otro lugar y repita.",
        )


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        _log.exception("a delivery that was not kept could not be removed: %s", path.name)


def _read_back(ws: Workspace, path: Path, data: bytes, envelope: Envelope) -> None:
    """A delivery that cannot be read again was never made."""
    written = read_limited(path, len(data))
    found = signature.verify(written, Trust(), envelope.made_at)
    if written != data or found.parts is None:
        raise UserError(
            "Lo que quedó escrito en la memoria no es igual a lo que se firmó.",
            "La memoria puede estar dañada: repita la entrega en otra.",
        )
    try:
        wrong = _difference(ws, found.parts, envelope)
    except Unreadable as error:
        wrong = f"not of our shape: {error}"
    if wrong:
        _log.error("%s was not delivered: %s", path.name, wrong)
        raise UserError(
            "Lo escrito en Excel no se lee igual a lo registrado: la entrega no se hizo.",
            "Repita la entrega; si vuelve a pasar, envíe el registro de errores a la Oficina TIC.",
        )


def _difference(ws: Workspace, parts: Mapping[str, bytes], envelope: Envelope) -> str:
    """How the cells differ from the records or from their seal, for the log; empty when they do not."""
    read = reading.read(parts, ws.catalogues)
    code = code_of(envelope.vigencia, envelope.dependencia, envelope.number, read.records, read.answers)
    if code != envelope.code:
        return f"reads back as {code}, written as {envelope.code}"
    sealed = seal.opened(rows(parts[sheet_parts(parts)[workbook.MARK]]), Trust(), envelope.made_at)
    if sealed is None or sealed.records != seal.of_all(read.records):
        return "the seal differs"
    return "" if answers.sealed(sealed.answers) == answers.sealed(read.answers) else "the sealed answers differ"


def _row(ws: Workspace, envelope: Envelope, name: str, data: bytes, sha256: str) -> dict[str, object]:
    return {
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

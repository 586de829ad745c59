"""Reading again what was delivered: from the bytes that were kept or from a file, never from the records of today."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from peti_desktop import catalogues as catalogue_room
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import cells, reading
from peti_desktop.delivery.cells import Unreadable
from peti_desktop.delivery.envelope import FORMAT, Envelope
from peti_desktop.delivery.made import Compared, Made, compare, content, made
from peti_desktop.delivery.reading import Delivery, Incoming
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited, replace_file
from peti_desktop.intake import explain
from peti_desktop.intake.examine import NOT_A_DELIVERY, trust_of
from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record, headline
from peti_desktop.reports.acta import ActaFacts
from peti_desktop.trust import signature
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Status, Verification
from peti_desktop.workspace import Workspace

FINE, WARNS, STOPS = "fine", "warns", "stops"
DAMAGED: Final = "Lo guardado se dañó"
INTACT: Final = "Íntegra, tal como se entregó"
_TITLES: Final = {
    Status.VALIDA: ("Firma válida", FINE),
    Status.CON_AVISOS: ("Válida con avisos", WARNS),
    Status.DESCONOCIDA: ("Firma buena, de una clave que aquí no se conoce", WARNS),
    Status.NO_VALIDA: ("No válida", STOPS),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check said: a line, its tone (fine, warns, stops), and the sentences behind it."""

    words: str
    tone: str
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reread:
    """A delivery as its own bytes tell it. ``delivery`` is None when they cannot be believed.

    ``records`` are its rows, by type, as records to look at; ``unread`` what stands in a cell that is no value of its
    field, by uid and field; ``links`` the words for every record. ``fingerprint`` is of the key, empty without one.
    ``number`` in ``own`` is the delivery of this store it equals, byte for byte; 0 for none.
    """

    name: str
    data: bytes
    sha256: str
    verdict: Verdict
    catalogues: Catalogues
    fingerprint: str = ""
    delivery: Delivery | None = None
    records: Mapping[str, Sequence[Record]] | None = None
    links: Mapping[str, str] | None = None
    own: int = 0

    @property
    def envelope(self) -> Envelope | None:
        """The cover."""
        return self.delivery.envelope if self.delivery else None


@dataclass(frozen=True, slots=True)
class Now:
    """The records as they are at this moment."""

    records: Mapping[str, Sequence[Record]]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Then:
    """The records of a delivery."""

    records: Mapping[str, Sequence[Record]]
    format: int


def of_made(ws: Workspace, one: Made) -> Reread:
    """A delivery of this store, checked again: its hash, its signature as of the day it was made, its cells."""
    data = content(ws, one.sha256) or b""
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != one.sha256:
        sentences = (
            "El contenido de esta entrega ya no es el que se entregó: el archivo de datos de este equipo se dañó.",
            "Recupérelo de una copia («Copias»), o abra el archivo que llevó con «Abrir un archivo de entrega…».",
        )
        return Reread(one.name, data, sha256, Verdict(DAMAGED, STOPS, sentences), ws.catalogues)
    found = _verified(ws, data, one.made_at)
    if found.parts is None:
        return Reread(one.name, data, sha256, _verdict(found), ws.catalogues, own=one.number)
    return _own(replace(_read(ws, one.name, data, found, found.parts), own=one.number), found)


def of_file(ws: Workspace, path: Path) -> Reread:
    """A file from elsewhere and the verdict about it. Raises UserError when it cannot be read from the disk.

    A file whose signature no longer holds is never shown; what its seal tells is among the sentences.
    """
    data = read_limited(path, MAX_FILE_BYTES)
    found = _verified(ws, data, ws.clock())
    if found.parts is None:
        return Reread(path.name, data, hashlib.sha256(data).hexdigest(), _explained(ws, data, found), ws.catalogues)
    reread = _read(ws, path.name, data, found, found.parts)
    return _compared_with_own(ws, reread)


def _verified(ws: Workspace, data: bytes, at: datetime) -> Verification:
    with ws.read() as connection:
        return signature.verify(data, trust_of(connection), at)


def _verdict(found: Verification) -> Verdict:
    words, tone = _TITLES[found.status]
    return Verdict(words, tone, tuple(reason.sentence for reason in found.reasons))


def _explained(ws: Workspace, data: bytes, found: Verification) -> Verdict:
    with ws.read() as connection:
        trust = trust_of(connection)
    said = explain.explained(data, found.reasons[0], trust, ws.clock(), ws.catalogues)
    verdict = _verdict(found)
    return replace(verdict, sentences=(*verdict.sentences, *(r.sentence for r in said.reasons))) if said else verdict


def _read(ws: Workspace, name: str, data: bytes, found: Verification, parts: Mapping[str, bytes]) -> Reread:
    sha256 = hashlib.sha256(data).hexdigest()
    fingerprint = found.signer.fingerprint if found.signer else ""
    try:
        delivery = reading.read(parts, ws.catalogues)
        known = _catalogues_of(ws, delivery.envelope)
        if known is not ws.catalogues:
            delivery = reading.read(parts, known)
        records = _records(delivery, parts)
    except Unreadable:
        sentences = (NOT_A_DELIVERY, "Si lo envió la Oficina TIC, ábralo en «Observaciones» o en «Inicio».")
        return Reread(name, data, sha256, Verdict("No es una entrega", STOPS, sentences), ws.catalogues, fingerprint)
    except UserError as newer:
        sentences = (newer.what, newer.todo)
        verdict = Verdict("De una versión más nueva", STOPS, sentences)
        return Reread(name, data, sha256, verdict, ws.catalogues, fingerprint)
    links = {r.uid: headline(TYPES[kind], r.values, known) for kind, rows in records.items() for r in rows}
    return Reread(name, data, sha256, _whole(found, delivery), known, fingerprint, delivery, records, links)


def _whole(found: Verification, delivery: Delivery) -> Verdict:
    """The verdict about a delivery whose cells are what was signed; who signed it may still be in doubt."""
    cover, verdict = delivery.envelope, _verdict(found)
    when = spoken_moment(found.signed_at or cover.made_at)
    who = found.signer.nombre if found.signer else cover.nombre
    intact = f"Las celdas son exactamente las que firmó {who} el {when}."
    return replace(verdict, sentences=(intact, *verdict.sentences))


def _own(reread: Reread, found: Verification) -> Reread:
    """A delivery made here needs nobody's word about its key: this store knows what it signed."""
    if reread.delivery is None or {reason.code for reason in found.reasons} != {"firmante_desconocido"}:
        return reread
    sentences = (reread.verdict.sentences[0], "La Oficina TIC todavía no ha enviado el certificado de esa clave.")
    return replace(reread, verdict=Verdict(INTACT, FINE, sentences))


def _catalogues_of(ws: Workspace, cover: Envelope) -> Catalogues:
    """The lists the delivery was made with; those of today when this program no longer knows them."""
    if (cover.metodo, cover.vigencia, cover.catalogues) == (
        ws.catalogues.metodo,
        ws.info.vigencia,
        ws.catalogues.version,
    ):
        return ws.catalogues
    said = re.search(r"; propio (\d{1,9})$", cover.catalogues)
    newest = int(said[1]) if said else 0
    changes = [change for change in ws.catalogues.changes if change.version <= newest]
    try:
        return catalogue_room.load(cover.metodo, cover.vigencia, changes)
    except UserError:
        return ws.catalogues


def _records(delivery: Delivery, parts: Mapping[str, bytes]) -> dict[str, list[Record]]:
    """The rows as records, with what their cells say where that is no value of the field."""
    found: dict[str, list[Record]] = {}
    for name, rows in delivery.records.items():
        unread = _texts(TYPES[name].title, rows, parts) if any(row.problems for row in rows) else {}
        found[name] = [_record(row, delivery.envelope, unread.get(row.row, {})) for row in rows]
    return found


def _texts(title: str, rows: Sequence[Incoming], parts: Mapping[str, bytes]) -> dict[int, dict[str, str]]:
    """The texts of the cells that could not be understood, by row and field."""
    sheet = cells.rows(parts[cells.sheet_parts(parts)[title]])
    where = {name: column for column, name in sheet[0].cells.items()}
    wrong = {row.row: {problem.field for problem in row.problems} for row in rows if row.problems}
    return {
        row.number: {name: row.cells.get(where[name], "") for name in wrong[row.number]}
        for row in sheet
        if row.number in wrong
    }


def _record(row: Incoming, cover: Envelope, unread: Mapping[str, str]) -> Record:
    return Record(
        type=row.type,
        uid=row.uid,
        dependencia=cover.dependencia,
        revision=row.revision,
        values=row.values,
        example=row.example,
        retired=row.retired,
        created_at=cover.made_at,
        created_by=cover.nombre,
        changed_at=cover.made_at,
        changed_by=cover.nombre,
        origin=None,
        drafts=unread,
    )


def _compared_with_own(ws: Workspace, reread: Reread) -> Reread:
    """Say how a file stands to the delivery of the same number that was kept here."""
    cover = reread.envelope
    if cover is None:
        return reread
    if cover.dependencia != ws.info.dependencia:
        named = ws.catalogues.label("dependencia", cover.dependencia)
        return _said(reread, f"Es de otra dependencia: {named}.")
    twin = next(
        (one for one in made(ws, every=True) if (one.vigencia, one.number) == (cover.vigencia, cover.number)), None
    )
    if twin is None:
        return _said(reread, f"Este equipo no guarda la entrega n.º {cover.number} de {cover.vigencia}.")
    if twin.sha256 == reread.sha256:
        return replace(
            _said(reread, f"Es igual, byte por byte, a la entrega n.º {twin.number} guardada en este equipo."),
            own=twin.number,
        )
    other = _said(reread, f"No es el mismo archivo que la entrega n.º {twin.number} guardada en este equipo.")
    return replace(other, verdict=replace(other.verdict, tone=max(other.verdict.tone, WARNS, key=_SEVERITY.index)))


_SEVERITY: Final = (FINE, WARNS, STOPS)


def _said(reread: Reread, sentence: str) -> Reread:
    verdict = reread.verdict
    return replace(reread, verdict=replace(verdict, sentences=(*verdict.sentences, sentence)))


# What is different


def between(ws: Workspace, reread: Reread, other: Made | None) -> tuple[Compared, ...]:
    """What changed between a delivery and ``other``, the older one before; for None, from it to the records of today.

    Raises UserError when one of them cannot be read.
    """
    own = _then(reread)
    if other is None:
        everything = {name: ws.records(name, retired=None) for name in TYPES}
        return compare(own, Now(everything), ws.catalogues)
    cover = reread.envelope
    assert cover is not None
    theirs = _then(of_made(ws, other))
    if (other.vigencia, other.number) > (cover.vigencia, cover.number):
        return compare(own, theirs, reread.catalogues)
    return compare(theirs, own, reread.catalogues)


def _then(reread: Reread) -> Then:
    if reread.records is None or reread.envelope is None:
        raise UserError(f"«{reread.name}» no se puede comparar: {reread.verdict.words.lower()}.", "")
    return Then(reread.records, reread.envelope.format)


# On paper and as a file


def save_copy(reread: Reread, path: Path) -> None:
    """Write the very bytes of the delivery to ``path``. Raises UserError when a file is there or it cannot be written.

    Never over another file: that may be the only copy of another delivery.
    """
    if path.exists():
        raise UserError(
            f"En esa carpeta ya hay un archivo con ese nombre: «{path.name}».",
            "Escoja otra carpeta u otro nombre, y repita.",
        )
    replace_file(path, reread.data)
    if read_limited(path, len(reread.data)) != reread.data:
        raise UserError(
            "Lo que quedó escrito no es igual a la entrega.", "La memoria puede estar dañada: repita en otra."
        )


def acta_facts(ws: Workspace, reread: Reread, name: str) -> ActaFacts:
    """What the acta of a delivery said, from its own cover; ``name`` is the name of its file."""
    cover = reread.envelope
    if cover is None:
        raise UserError("No se puede imprimir el acta: la entrega no se puede leer.", "")
    rows = reread.records or {}
    return ActaFacts(
        entity=cover.entidad,
        dependencia=reread.catalogues.label("dependencia", cover.dependencia),
        vigencia=cover.vigencia,
        number=cover.number,
        code=cover.code,
        counts=cover.counts,
        file_name=name,
        sha256=reread.sha256,
        fingerprint=reread.fingerprint,
        nombre=cover.nombre,
        cargo=cover.cargo,
        signed_at=cover.made_at,
        example=any(record.example for found in rows.values() for record in found) or ws.info.ejemplo,
    )

"""The paper twin of a delivery: what was handed over, in which file, under which key, and room for two signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peti_desktop.files import replace_file
from peti_desktop.moments import spoken_moment
from peti_desktop.reports import letter, qr
from peti_desktop.reports.letter import grouped
from peti_desktop.reports.page import CARTA, MUTED, Document, Head, Paper


@dataclass(frozen=True, slots=True)
class ActaFacts:
    """What an acta says. ``counts`` are records in force by type; ``sha256`` in hexadecimal.

    ``fingerprint`` is the key's, as it is read aloud.
    """

    entity: str
    dependencia: str
    vigencia: int
    number: int
    code: str
    counts: Mapping[str, int]
    file_name: str
    sha256: str
    fingerprint: str
    nombre: str
    cargo: str
    signed_at: datetime
    example: bool = False


def acta(facts: ActaFacts, path: Path, paper: Paper = CARTA) -> None:
    """Write the acta to ``path``. Raises UserError when it cannot be written."""
    replace_file(path, drawn(facts, paper))


def drawn(facts: ActaFacts, paper: Paper = CARTA) -> bytes:
    """The acta as the bytes of a PDF; equal facts, equal bytes."""
    head = Head(
        entity=f"{facts.entity} · {facts.dependencia}",
        title=f"Acta de entrega n.º {facts.number}",
        vigencia=f"Vigencia {facts.vigencia}",
        cut=f"Firmada el {spoken_moment(facts.signed_at)}",
        code=f"Código {facts.code}",
        note="Contiene valores de ejemplo, no oficiales." if facts.example else "",
    )
    return letter.printed(head, paper, lambda doc: _body(doc, facts))


def _body(doc: Document, facts: ActaFacts) -> None:
    doc.paragraph(
        f"{facts.dependencia} entrega a la Oficina TIC el diagnóstico de tecnologías de la información de la vigencia "
        f"{facts.vigencia}, en un archivo firmado electrónicamente. Esta acta dice lo que contiene y cómo comprobar "
        "que es el mismo archivo.",
        size=9.5,
    )
    letter.code(doc, "Código de la entrega", facts.code, "Entrega", f"n.º {facts.number} de {facts.vigencia}")
    letter.counts(doc, facts.counts)
    letter.title(doc, "El archivo y su firma")
    for label, value in (
        ("Archivo", facts.file_name),
        ("Firmado por", f"{facts.nombre}, {facts.cargo}" if facts.cargo else facts.nombre),
        ("Firmado el", f"{spoken_moment(facts.signed_at)}, según el reloj del equipo que firmó"),
        *letter.hashes(facts.sha256),
        ("Huella de la llave", grouped(facts.fingerprint)),
    ):
        letter.fact(doc, label, value)
    _to_compare(doc, facts)
    letter.signatures(
        doc,
        ("Entrega", (facts.nombre, facts.cargo, facts.dependencia, "Fecha:")),
        ("Recibe", ("Nombre:", "Cargo:", "Oficina TIC", "Fecha y hora:")),
    )


_SIDE = 84.0


def _to_compare(doc: Document, facts: ActaFacts) -> None:
    """How the paper is compared with the file, with both codes for whoever has a telephone at hand."""
    if doc.room < _SIDE + 16:
        doc.new_page()
    doc.y -= 6
    top = doc.y
    doc.paragraph(
        "Al recibir el archivo, el programa de la Oficina TIC muestra el mismo código y la misma huella de la llave. "
        "Si alguno es distinto, no es este archivo o no lo firmó esta persona: no se recibe.",
        size=8.5,
        colour=MUTED,
        wide=doc.wide - 2 * _SIDE - 30,
    )
    file_words = letter.file_words(facts.vigencia, facts.code, facts.sha256)
    qr.draw(doc, doc.right - 2 * _SIDE - 10, top - _SIDE, _SIDE, file_words, "Código y archivo")
    qr.draw(doc, doc.right - _SIDE, top - _SIDE, _SIDE, facts.fingerprint, "Huella de la llave")
    doc.y = min(doc.y, top - _SIDE - 8)

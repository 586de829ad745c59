"""The page of an acuse de recibo: what arrived, when by the office's clock, and how it is proven."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from peti_desktop.moments import spoken_moment
from peti_desktop.reports import letter, qr
from peti_desktop.reports.page import CARTA, MUTED, Document, Head, Paper


@dataclass(frozen=True, slots=True)
class AcuseFacts:
    """What an acuse says. ``code`` is the one on the acta of the delivery; hashes in hexadecimal."""

    entity: str
    dependencia: str
    vigencia: int
    number: int
    code: str
    file_name: str
    sha256: str
    signer: str
    verdict: str
    state: str
    received_at: datetime
    issued_at: datetime
    counts: Mapping[str, int]
    nombre: str
    cargo: str
    counter: int
    previous: str


def drawn(facts: AcuseFacts, paper: Paper = CARTA) -> bytes:
    """The page as the bytes of a PDF; equal facts, equal bytes."""
    head = Head(
        entity=f"{facts.entity} · Oficina TIC",
        title=f"Acuse de recibo de la entrega n.º {facts.number}",
        vigencia=f"Vigencia {facts.vigencia}",
        cut=f"Firmado el {spoken_moment(facts.issued_at)}",
        code=f"Código {facts.code}",
    )
    return letter.printed(head, paper, lambda doc: _body(doc, facts))


def _body(doc: Document, facts: AcuseFacts) -> None:
    doc.paragraph(
        f"La Oficina TIC recibió de {facts.dependencia} la entrega n.º {facts.number} de la vigencia {facts.vigencia} "
        f"el {spoken_moment(facts.received_at)}, hora del reloj de la oficina. Su código es el mismo del acta.",
        size=9.5,
    )
    letter.code(doc, "Código de la entrega", facts.code, "Acuse", f"n.º {facts.counter} de la oficina")
    letter.counts(doc, facts.counts)
    letter.title(doc, "Lo que se recibió")
    for label, value in (
        ("Archivo", facts.file_name),
        ("Firmado por", facts.signer),
        ("Verificación", f"Firma {facts.verdict}"),
        ("Estado", f"La entrega está {facts.state} al firmar este acuse"),
        *letter.hashes(facts.sha256),
    ):
        letter.fact(doc, label, value)
    side = 92.0
    if doc.room < side + 24:
        doc.new_page()
    top = doc.y - 10
    letter.title(doc, "Cómo se prueba")
    before = letter.grouped(facts.previous[:16]) + " …" if facts.previous else "Ninguno: este es el primero."
    letter.fact(doc, "Archivo anterior", before)
    doc.y -= 4
    doc.paragraph(
        "Cada archivo que firma la Oficina TIC lleva un número y la huella del anterior: ninguno se puede cambiar, "
        "quitar ni intercalar sin que se note. Este papel acompaña al archivo firmado; si el código o la huella son "
        "distintos, no corresponden a la misma entrega.",
        size=8.5,
        colour=MUTED,
        wide=doc.wide - side - 12,
    )
    qr.draw(doc, doc.right - side, top - side, side, letter.file_words(facts.vigencia, facts.code, facts.sha256))
    doc.y = min(doc.y, top - side)
    letter.signatures(
        doc,
        ("Recibió", (facts.nombre, facts.cargo, "Oficina TIC", "Fecha:")),
        ("Conoce", ("Nombre:", "Cargo:", facts.dependencia, "Fecha:")),
    )

"""The paper twin of a delivery: what was handed over, in which file, under which key, and room for two signatures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from peti_desktop.files import replace_file
from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.reports import letter, words
from peti_desktop.reports.page import CARTA, MUTED, Document, Head, document
from peti_desktop.reports.table import Column, Row, Table


@dataclass(frozen=True, slots=True)
class ActaFacts:
    """What an acta says. ``counts`` are records in force by type; ``sha256`` and ``fingerprint`` in hexadecimal."""

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


def acta(facts: ActaFacts, path: Path) -> None:
    """Write the acta to ``path``, on carta. Raises UserError when it cannot be written."""
    replace_file(path, drawn(facts))


def drawn(facts: ActaFacts) -> bytes:
    """The acta as the bytes of a PDF; equal facts, equal bytes."""
    head = Head(
        entity=f"{facts.entity} · {facts.dependencia}",
        title=f"Acta de entrega n.º {facts.number}",
        vigencia=f"Vigencia {facts.vigencia}",
        cut=f"Firmada el {spoken_moment(facts.signed_at)}",
        code=f"Código {facts.code}",
        note="Contiene valores de ejemplo, no oficiales." if facts.example else "",
    )
    target = BytesIO()
    with document(target, CARTA, head) as doc:
        _body(doc, facts)
    return target.getvalue()


def grouped(text: str, size: int = 4) -> str:
    """``text`` in groups, for reading aloud and comparing."""
    return " ".join(text[n : n + size] for n in range(0, len(text), size))


def _body(doc: Document, facts: ActaFacts) -> None:
    doc.bookmark(doc.head.title)
    doc.y -= 8
    doc.paragraph(
        f"{facts.dependencia} entrega a la Oficina TIC el diagnóstico de tecnologías de la información de la vigencia "
        f"{facts.vigencia}, en un archivo firmado electrónicamente. Esta acta dice lo que contiene y cómo comprobar "
        "que es el mismo archivo.",
        size=9.5,
    )
    letter.code(doc, "Código de la entrega", facts.code, "Entrega", f"n.º {facts.number} de {facts.vigencia}")
    _counts(doc, facts)
    letter.title(doc, "El archivo y su firma")
    for label, value in (
        ("Archivo", facts.file_name),
        ("Firmado por", f"{facts.nombre}, {facts.cargo}" if facts.cargo else facts.nombre),
        ("Firmado el", f"{spoken_moment(facts.signed_at)}, según el reloj del equipo que firmó"),
        ("Huella del archivo", f"{grouped(facts.sha256[:16])} …"),
        ("", f"SHA-256 completo: {facts.sha256}"),
        ("Huella de la llave", grouped(facts.fingerprint)),
    ):
        letter.fact(doc, label, value)
    doc.y -= 6
    doc.paragraph(
        "Al recibir el archivo, el programa de la Oficina TIC muestra el mismo código y la misma huella de la llave. "
        "Si alguno es distinto, no es este archivo o no lo firmó esta persona: no se recibe.",
        size=8.5,
        colour=MUTED,
    )
    letter.signatures(
        doc,
        ("Entrega", (facts.nombre, facts.cargo, facts.dependencia, "Fecha:")),
        ("Recibe", ("Nombre:", "Cargo:", "Oficina TIC", "Fecha y hora:")),
    )


def _counts(doc: Document, facts: ActaFacts) -> None:
    letter.title(doc, "Lo que contiene")
    rows = [Row((TYPES[name].title, words.number(facts.counts.get(name, 0)))) for name in TYPES]
    rows.append(Row(("Total de registros", words.number(sum(facts.counts.values()))), total=True))
    Table(doc, (Column("Registros", 80), Column("Cantidad", 20, right=True)), 9).draw(rows)

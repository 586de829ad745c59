"""The paper of a post being handed over: what passes on, what is pending, and room for two signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from peti_desktop.files import replace_file
from peti_desktop.moments import spoken_moment
from peti_desktop.reports import letter, words
from peti_desktop.reports.page import CARTA, MUTED, Document, Head
from peti_desktop.reports.table import Row


@dataclass(frozen=True, slots=True)
class PostFacts:
    """What the acta of a post says. ``pending`` are sentences; ``fingerprint`` is empty when nobody signed the file."""

    entity: str
    dependencia: str
    vigencia: int
    code: str
    counts: Mapping[str, int]
    deliveries: int
    pending: Sequence[str]
    file_name: str
    sha256: str
    fingerprint: str
    nombre: str
    cargo: str
    made_at: datetime
    example: bool = False


def acta_cargo(facts: PostFacts, path: Path) -> None:
    """Write the acta to ``path``, on carta. Raises UserError when it cannot be written."""
    replace_file(path, drawn(facts))


def drawn(facts: PostFacts) -> bytes:
    """The acta as the bytes of a PDF; equal facts, equal bytes."""
    head = Head(
        entity=f"{facts.entity} · {facts.dependencia}",
        title="Acta de entrega del cargo",
        vigencia=f"Vigencia {facts.vigencia}",
        cut=f"Preparada el {spoken_moment(facts.made_at)}",
        code=f"Código {facts.code}",
        note="Contiene valores de ejemplo, no oficiales." if facts.example else "",
    )
    return letter.printed(head, CARTA, lambda doc: _body(doc, facts))


def _body(doc: Document, facts: PostFacts) -> None:
    who = f"{facts.nombre}, {facts.cargo}" if facts.cargo else facts.nombre
    doc.paragraph(
        f"{who}, entrega a quien recibe el cargo la información del diagnóstico de tecnologías de la información de "
        f"{facts.dependencia}: los datos, su historia y lo que queda pendiente, en un solo archivo.",
        size=9.5,
    )
    letter.code(doc, "Código de lo entregado", facts.code, "Vigencia", str(facts.vigencia))
    made = Row(("Entregas hechas a la Oficina TIC, guardadas completas", words.number(facts.deliveries)))
    letter.counts(doc, facts.counts, "Lo que pasa a quien recibe", [made])
    letter.title(doc, "Lo que queda pendiente")
    for number, sentence in enumerate(facts.pending or ("Nada: no hay observaciones ni registros por completar.",), 1):
        letter.fact(doc, f"{number}." if facts.pending else "", sentence)
    letter.title(doc, "El archivo")
    for label, value in (
        ("Archivo", facts.file_name),
        *letter.hashes(facts.sha256),
        ("Huella de la llave", facts.fingerprint or "El archivo no va firmado: lo respalda esta acta."),
    ):
        letter.fact(doc, label, value)
    doc.y -= 6
    doc.paragraph(
        "Quien recibe abre el archivo con «Recibir el cargo», compara el código y crea su propia llave con la primera "
        "entrega. La llave de quien entrega no pasa a nadie: la Oficina TIC la anula al conocer esta acta.",
        size=8.5,
        colour=MUTED,
    )
    letter.signatures(
        doc,
        ("Entrega", (facts.nombre, facts.cargo, facts.dependencia, "Fecha:")),
        ("Recibe", ("Nombre:", "Cargo:", facts.dependencia, "Fecha:")),
    )

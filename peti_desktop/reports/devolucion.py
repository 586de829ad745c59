"""The page of a return: what is asked of each record and field, until when, and how it is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from peti_desktop.moments import spoken_moment
from peti_desktop.records.convert import spoken_date
from peti_desktop.reports import letter, qr
from peti_desktop.reports.lettering import BOLD
from peti_desktop.reports.page import CARTA, INK, MUTED, Document, Head, Paper
from peti_desktop.reports.table import Band, Cell, Column, Row, Table

LONGEST_DECLARED = 240
"""Characters of a declared value on the page; the file carries it whole."""


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One observation on the page."""

    section: str
    titular: str
    campo: str
    declarado: str
    texto: str


@dataclass(frozen=True, slots=True)
class DevolucionFacts:
    """What the page of a return says; ``number`` is the delivery's, ``delivery_code`` the one on its acta."""

    entity: str
    dependencia: str
    vigencia: int
    ronda: int
    code: str
    number: int
    delivery_code: str
    delivery_file: str
    received_at: datetime
    due: date
    file_name: str
    issued_at: datetime
    counter: int
    nombre: str
    cargo: str
    asked: Sequence[AskedLine]


def drawn(facts: DevolucionFacts, paper: Paper = CARTA) -> bytes:
    """The page as the bytes of a PDF; equal facts, equal bytes."""
    head = Head(
        entity=f"{facts.entity} · Oficina TIC",
        title=f"{facts.ronda}.ª devolución de la entrega n.º {facts.number}",
        vigencia=f"Vigencia {facts.vigencia}",
        cut=f"Firmada el {spoken_moment(facts.issued_at)}",
        code=f"Código {facts.code}",
    )
    return letter.printed(head, paper, lambda doc: _body(doc, facts))


def _body(doc: Document, facts: DevolucionFacts) -> None:
    many = "una observación" if len(facts.asked) == 1 else f"{len(facts.asked)} observaciones"
    side = 86.0
    top = doc.y
    doc.paragraph(
        f"La Oficina TIC revisó la entrega n.º {facts.number} de {facts.dependencia} (código {facts.delivery_code}), "
        f"recibida el {spoken_moment(facts.received_at)}, y la devuelve con {many}. Ningún dato de la dependencia se "
        "cambia ni se pierde con esta devolución.",
        size=9.5,
        wide=doc.wide - side - 12,
    )
    qr.draw(doc, doc.right - side, top - side, side, f"PETI {facts.vigencia} DEVOLUCION {facts.code}")
    doc.y = min(doc.y, top - side + 44)
    doc.y -= 10
    doc.paragraph(f"Responder hasta el {spoken_date(facts.due)}", BOLD, 12, INK, wide=doc.wide - side - 12)
    doc.y = min(doc.y, top - side)
    letter.code(doc, "Código de la devolución", facts.code, "Archivo", facts.file_name, small=True)
    letter.title(doc, "Lo que se pide")
    doc.y -= 4
    columns = (
        Column("N.º", 6, right=True),
        Column("Registro y campo", 30),
        Column("Declarado", 24),
        Column("Se pide", 40),
    )
    Table(doc, columns, 8.5).draw(_rows(facts.asked))
    letter.title(doc, "Cómo se responde")
    for number, sentence in enumerate(_STEPS, 1):
        letter.fact(doc, f"Paso {number}", sentence)
    doc.y -= 4
    doc.paragraph(
        f"Archivo n.º {facts.counter} del registro de la Oficina TIC. Entrega devuelta: {facts.delivery_file}.",
        size=8,
        colour=MUTED,
    )
    letter.signatures(
        doc,
        ("Devuelve", (facts.nombre, facts.cargo, "Oficina TIC", "Fecha:")),
        ("Recibe", ("Nombre:", "Cargo:", facts.dependencia, "Fecha:")),
    )


_STEPS = (
    "Abra el archivo con Peti Desktop, en «Observaciones». No lo guarde con Excel: perdería la firma.",
    "En cada observación corrija el dato y escoja «Corregido», o «Se mantiene» y escriba por qué.",
    "Haga una entrega nueva: lleva sus respuestas a la Oficina TIC.",
)


def _rows(asked: Sequence[AskedLine]) -> Iterator[Row | Band]:
    section = ""
    for number, line in enumerate(asked, 1):
        if line.section != section:
            section = line.section
            yield Band(section)
        named = Cell(line.titular or line.section, line.campo)
        yield Row((str(number), named, _short(line.declarado), Cell(line.texto, bold=False)))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_DECLARED else text[: LONGEST_DECLARED - 1] + "…"

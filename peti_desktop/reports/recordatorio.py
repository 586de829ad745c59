"""The reminder: a memo to a dependencia about what it owes, since when, until when, and how it is delivered."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Final

from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.expected import Owed, State, check_day
from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.records.convert import plain, spoken_date
from peti_desktop.reports import letter, words
from peti_desktop.reports.lettering import BOLD, REGULAR
from peti_desktop.reports.page import CARTA, INK, MUTED, Document, Head, Paper, document
from peti_desktop.reports.table import Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE: Final = "Recordatorio de entrega"
MONTHS: Final = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a memo says. ``until`` is the day it asks for; ``owed`` are sections of one dependencia, at least one."""

    entity: str
    vigencia: int
    dependencia: str
    name: str
    day: date
    until: date
    owed: tuple[Owed, ...]
    who: str
    post: str

    @property
    def code(self) -> str:
        """Eight characters that tie the paper to the entry of the log: equal memos, equal code."""
        facts = [self.vigencia, self.dependencia, self.day, self.until, self.who]
        facts += [(each.section, each.due, each.words, each.notes) for each in self.owed]
        text = base64.b32encode(hashlib.sha256(repr(facts).encode("utf-8")).digest()[:5]).decode("ascii")
        return f"{text[:4]}-{text[4:]}"


def reminders(ws: Workspace, owed: Iterable[Owed], until: date) -> list[Reminder]:
    """A memo for each dependencia that owes something of ``owed``, in their order.

    Raises UserError when nobody could deliver until that day.
    """
    check_day(ws, until)
    info = ws.info
    chosen = sorted((each for each in owed if each.owing), key=lambda each: each.dependencia)
    found = [
        Reminder(
            info.entidad,
            info.vigencia,
            unit,
            sections[0].name,
            ws.today,
            until,
            tuple(sections),
            info.nombre,
            info.cargo,
        )
        for unit, sections in ((unit, list(some)) for unit, some in groupby(chosen, key=lambda each: each.dependencia))
    ]
    return sorted(found, key=lambda each: plain(each.name))


def write(
    ws: Workspace,
    found: Sequence[Reminder],
    folder: Path,
    paper: Paper = CARTA,
    *,
    apart: bool = False,
    progress: Progress = silent,
) -> list[Path]:
    """Write the memos into ``folder``, all in one file or each ``apart``, and note in the log whom they are for.

    Raises UserError when nobody owes anything, or when a file cannot be written; those before it are good.
    """
    if not found:
        raise UserError("Nadie de los escogidos debe nada.", "Escoja en «Quién falta» a quien todavía no entregó.")
    day = found[0].day.isoformat()
    paths = []
    if apart:
        for done, one in enumerate(found):
            progress(done, len(found), f"Recordatorio a {one.name}")
            paths.append(folder / f"{one.vigencia}_{one.dependencia}_recordatorio_{day}.pdf")
            replace_file(paths[-1], drawn([one], paper))
    else:
        name = f"{found[0].dependencia}_recordatorio" if len(found) == 1 else "recordatorios"
        paths.append(folder / f"{found[0].vigencia}_{name}_{day}.pdf")
        replace_file(paths[-1], drawn(found, paper, progress))
    if roles.refusal(ws, roles.CHANGE) is None:  # who only reads may print too, and writes nothing
        detail = {
            "para": [f"{one.name} ({one.code})" for one in found],
            "vence": spoken_date(found[0].until),
        }
        with ws.write() as connection:
            binnacle.write(connection, ws.clock(), ws.info.who, "imprimir recordatorio", detail)
    return paths


def drawn(found: Sequence[Reminder], paper: Paper = CARTA, progress: Progress = silent) -> bytes:
    """The memos as the bytes of a PDF, each on a page of its own; equal facts, equal bytes."""
    first = found[0]
    code = first.code if len(found) == 1 else ""
    head = Head(
        entity=f"{first.entity} · Oficina TIC",
        title=TITLE,
        vigencia=f"Vigencia {first.vigencia}",
        cut=f"Impreso el {spoken_date(first.day)}",
        code=f"Código {code}" if code else words.counted(len(found), "memorando", "memorandos"),
    )
    target = BytesIO()
    with document(target, paper, head) as doc:
        for done, one in enumerate(found):
            progress(done, len(found), f"Recordatorio a {one.name}")
            if done:
                doc.new_page()
            _memo(doc, one)
    return target.getvalue()


def _memo(doc: Document, memo: Reminder) -> None:
    doc.bookmark(memo.name)
    doc.y -= 22
    doc.text(doc.left, doc.y, "MEMORANDO", BOLD, 13, INK)
    doc.text_right(doc.right, doc.y, f"Código {memo.code}", REGULAR, 9, MUTED)
    doc.y -= 10
    for label, value in (
        ("PARA:", f"Responsable de {memo.name}"),
        ("DE:", f"{memo.who}, {memo.post}, Oficina TIC"),
        ("FECHA:", long_date(memo.day)),
        ("ASUNTO:", f"Entrega de la información para el PETI, vigencia {memo.vigencia}"),
    ):
        letter.fact(doc, label, value)
    doc.y -= 12
    doc.rule(doc.left, doc.y, doc.right, doc.y)
    doc.y -= 8
    doc.paragraph("Cordial saludo.", size=10)
    doc.y -= 5
    doc.paragraph(_asks(memo), size=10)
    doc.y -= 8
    columns = (Column("Sección", 22), Column("Estado", 20), Column("Vence", 15), Column("Días", 14), Column("Nota", 40))
    Table(doc, columns, 9).draw(_row(each, memo.day) for each in memo.owed)
    doc.y -= 8
    doc.paragraph(f"Le agradecemos entregarla a más tardar el {long_date(memo.until)}.", BOLD, 10.5)
    letter.title(doc, "Cómo se entrega")
    for number, sentence in enumerate(_steps(memo), 1):
        letter.fact(doc, f"Paso {number}", sentence)
    doc.y -= 10
    doc.paragraph(_FREE, size=10)
    _signature(doc, memo)


_FREE: Final = (
    "Si la dependencia no tiene qué declarar en una sección, o necesita más plazo, infórmelo por escrito a la Oficina "
    "TIC con el motivo. Si ya entregó, no tenga en cuenta este recordatorio y conserve el acuse de recibo."
)


def _asks(memo: Reminder) -> str:
    """The sentence that says what is missing, without blame."""
    late = sum(each.late(memo.day) > 0 for each in memo.owed)
    many = "una sección" if len(memo.owed) == 1 else f"{len(memo.owed)} secciones"
    said = (
        f"Para consolidar la matriz de riesgos y necesidades de tecnología, la Oficina TIC todavía espera, de "
        f"{memo.name}, {many} de la vigencia {memo.vigencia}"
    )
    if not late:
        return f"{said}, con el plazo que se indica."
    return (
        f"{said}; el plazo de {'una' if late == 1 else late} ya venció."
        if late < len(memo.owed)
        else (f"{said}, {'cuyo plazo ya venció' if late == 1 else 'cuyos plazos ya vencieron'}.")
    )


def _row(owed: Owed, day: date) -> Row:
    late = owed.late(day)
    since = f"{late} de mora" if late > 0 else "hoy" if not late else f"faltan {-late}"
    note = "; ".join(owed.notes)
    return Row((Cell(owed.title, bold=True), owed.words.capitalize(), spoken_date(owed.due), since, note))


def _steps(memo: Reminder) -> tuple[str, ...]:
    deliver = (
        "En Peti Desktop complete la información y pulse «Ensayar entrega»: aplica las reglas de la Oficina TIC.",
        "En «Entregar» firme y guarde el libro en una memoria USB. No lo guarde de nuevo con Excel: perdería la firma.",
        "Lleve la memoria y el acta de entrega impresa a la Oficina TIC, y pida el acuse de recibo.",
    )
    if any(each.state is State.RETURNED for each in memo.owed):
        return ("Abra la devolución en «Observaciones» y responda cada observación en su campo.", *deliver)
    return deliver


def _signature(doc: Document, memo: Reminder) -> None:
    high = 118.0
    if doc.room < high:
        doc.new_page()
    doc.y -= 18
    doc.paragraph("Cordialmente,", size=10)
    doc.y -= 46
    doc.rule(doc.left, doc.y, doc.left + 220, doc.y, INK, 0.7)
    for text, font in ((memo.who, BOLD), (memo.post, REGULAR), ("Oficina TIC", REGULAR)):
        doc.y -= 13
        doc.text(doc.left, doc.y, text, font, 10)


def long_date(day: date) -> str:
    """22 de noviembre de 2026."""
    return f"{day.day} de {MONTHS[day.month - 1]} de {day.year}"

"""The register of signers on paper: who signs for whom with which key, and the office's own fingerprint to compare."""

from io import BytesIO
from itertools import groupby
from pathlib import Path

from peti_desktop.files import replace_file
from peti_desktop.moments import day_of, spoken_moment
from peti_desktop.office import enrolment
from peti_desktop.office.authority import Office
from peti_desktop.office.enrolment import LETTERS, Enrolled
from peti_desktop.records.convert import spoken_date
from peti_desktop.reports.letter import fact
from peti_desktop.reports.page import OFICIO, Head, document
from peti_desktop.reports.table import Band, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Firmantes de las dependencias"
COLUMNS = (
    Column("Quién firma", 120),
    Column("Cargo", 110),
    Column("Huella de su clave", 150),
    Column("Desde", 62),
    Column("Hasta", 62),
    Column("Estado", 90),
    Column("Confirmó", 100),
    Column("Anulación: motivo y quién", 150),
)


def file_name(vigencia: int) -> str:
    """2026_firmantes.pdf."""
    return f"{vigencia}_firmantes.pdf"


def write(ws: Workspace, path: Path) -> None:
    """Write the register of today. Raises UserError when it cannot be written."""
    replace_file(path, draw(ws))


def draw(ws: Workspace) -> bytes:
    """The bytes of the PDF: equal data, equal bytes."""
    people, standing = enrolment.listing(ws), Office(ws).standing()
    head = Head(
        entity=f"{ws.info.entidad} · {ws.info.dependencia_nombre}",
        title=TITLE,
        vigencia=f"Vigencia {ws.info.vigencia}",
        cut=f"Al {spoken_moment(ws.clock())}",
        code="",
        note="Letras del estado: " + " · ".join(f"{letter} {word}" for word, letter in LETTERS.items()),
    )
    target = BytesIO()
    with document(target, OFICIO.turned, head) as doc:
        fact(doc, "Huella de la oficina", standing.authority_fingerprint or "todavía no hay")
        doc.y -= 8
        table = Table(doc, COLUMNS, 8)
        lines: list[Row | Band] = []
        for unit, found in groupby(people, key=lambda one: one.dependencia_nombre):
            lines.append(Band(unit))
            lines += [_row(one) for one in found]
        table.draw(lines or [Row(("Nadie ha sido confirmado todavía.", *[""] * (len(COLUMNS) - 1)))])
    return target.getvalue()


def _row(one: Enrolled) -> Row:
    ended = f"{spoken_date(day_of(one.annulled_at))}. {one.reason} ({one.annulled_by})" if one.annulled_at else ""
    days = (spoken_date(day_of(moment)) for moment in (one.since, one.until))
    state = f"{one.letter} · {one.state}"
    return Row((one.nombre, one.cargo, one.fingerprint, *days, state, one.confirmed_by, ended))

"""Chapter 6 of the PETI, «Analizar», from the data in force: eight sections as in the PETI 2020-2023 (6.1 to 6.8).

Each section says what the records say, then what was asked for or found on its themes, then what is missing. The first
is here, the others in ``capitulo6_secciones``.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from peti_desktop import catalogues
from peti_desktop.catalogues import Entry
from peti_desktop.peti.gathering import RISK, Thing, things
from peti_desktop.progress import Progress
from peti_desktop.records import RIESGO
from peti_desktop.records.record import Record
from peti_desktop.reports import words
from peti_desktop.reports.capitulo6_secciones import Chapter, asked, missing, rest
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.matriz import in_order
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "PETI, capítulo 6: Analizar"
FIRST = "6.1 Factores de riesgo por subproceso"
COLUMNS = (
    Column("Riesgo", 40),
    Column("Dependencia", 96),
    Column("Factor", 66),
    Column("Actividad y causa raíz", 190),
    Column("Descripción", 230),
    Column("Zona inherente", 60),
    Column("Zona residual", 60),
    Column("Tratamiento", 66),
)


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the eight sections, each with its bookmark."""
    chapter = Chapter(ws, figures, _by_section(things(ws, progress)))
    doc.heading(TITLE, f"Vigencia {figures.vigencia} · {words.as_of(figures)}", keep=200)
    doc.paragraph(
        "Lo que sigue sale de los registros vigentes de las dependencias: sirve de texto al capítulo 6 del plan. Cada "
        "sección termina con lo que falta por registrar.",
        colour=MUTED,
    )
    _risks(doc, chapter, progress)
    rest(doc, chapter, progress)


def _by_section(found: Sequence[Thing]) -> Mapping[str, list[Thing]]:
    """Needs and gaps by the section that tells of their theme; what names no theme is told in the first."""
    sections = catalogues.table("plan")["seccion"]
    by: defaultdict[str, list[Thing]] = defaultdict(list)
    for thing in found:
        if thing.kind != RISK:
            by[sections.get(thing.theme, "6.1")].append(thing)
    return by


def _risks(doc: Document, chapter: Chapter, progress: Progress) -> None:
    ws = chapter.ws
    found = in_order(ws, ws.records("riesgo"))
    rated = len(found) - chapter.figures.unrated
    doc.heading(FIRST, f"{words.counted(len(found), 'riesgo', 'riesgos')} · {words.number(rated)} valorados", keep=120)
    by: defaultdict[str, list[Record]] = defaultdict(list)
    for record in found:
        by[str(record.values["subproceso"] or "")].append(record)
    subprocesos = ws.catalogues.entries("subproceso")
    if found:
        Table(doc, COLUMNS, 6.8).draw(_rows(ws, subprocesos, by, progress))
    asked(doc, chapter, "6.1")
    missing(doc, _missing(found, subprocesos, by))


def _rows(
    ws: Workspace, subprocesos: Sequence[Entry], by: Mapping[str, list[Record]], progress: Progress
) -> Iterator[Row | Band]:
    known = {entry.code: _name(ws, entry) for entry in subprocesos}
    others = {code: ws.catalogues.label("subproceso", code) for code in by if code and code not in known}
    done = 0
    for code, name in [*known.items(), *others.items(), ("", "Sin subproceso")]:
        if code not in by:
            continue
        progress(done, len(by), f"Capítulo 6: {name}")
        high = sum(1 for record in by[code] if record.values["zona_residual"] in {"alto", "extremo"})
        note = f"{words.counted(len(by[code]), 'riesgo', 'riesgos')} · {high} en zona residual alta o extrema"
        yield Band(name, note, bookmark=True)
        for record in by[code]:
            yield _row(ws, record)
        done += 1


def _name(ws: Workspace, entry: Entry) -> str:
    proceso = str(entry.extra.get("proceso", ""))
    return f"{entry.label} ({ws.catalogues.label('proceso', proceso)})" if proceso else entry.label


def _row(ws: Workspace, record: Record) -> Row:
    def shown(name: str) -> str:
        return words.shown(ws, RIESGO, record, name)

    return Row(
        (
            words.marked(shown("referencia"), record),
            ws.catalogues.label("dependencia", record.dependencia),
            shown("factor"),
            Cell(shown("actividad"), note=shown("causa_raiz")),
            shown("descripcion"),
            _zone(ws, record, "zona_inherente"),
            _zone(ws, record, "zona_residual"),
            shown("tratamiento"),
        )
    )


def _zone(ws: Workspace, record: Record, name: str) -> Cell:
    zone = record.values[name]
    return Cell(ws.catalogues.label("zona", zone), zone=zone) if isinstance(zone, str) else Cell(note="Sin valorar")


def _missing(found: Sequence[Record], subprocesos: Sequence[Entry], by: Mapping[str, list[Record]]) -> list[str]:
    said = []
    if bare := [entry.label for entry in subprocesos if entry.code not in by]:
        said.append(f"Subprocesos sin ningún riesgo ({len(bare)}): {'; '.join(bare)}.")
    if unrated := sum(1 for record in found if record.values["zona_inherente"] is None):
        said.append(f"{words.counted(unrated, 'riesgo está', 'riesgos están')} sin valorar.")
    if loose := sum(1 for record in found if not record.values["controles"]):
        said.append(f"{words.counted(loose, 'riesgo no tiene', 'riesgos no tienen')} controles registrados.")
    return said

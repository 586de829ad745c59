"""The consolidated matrix of risks: each risk with its controls, what they leave of it, and what is done about it."""

from collections.abc import Iterator, Mapping, Sequence

from db.queries import figures as sums
from peti_desktop.catalogues import Catalogues
from peti_desktop.progress import Progress
from peti_desktop.records import CONTROL, RIESGO
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Value, Values
from peti_desktop.records.record import Record, from_row
from peti_desktop.reports import anexo, words
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Matriz consolidada de riesgos"
COLUMNS = (
    Column("Ref.", 38),
    Column.of(RIESGO["subproceso"], 62),
    Column.of(RIESGO["descripcion"], 160),
    Column("Zona inherente", 64),
    Column("Controles", 166),
    Column("Zona residual", 64),
    Column("Tratamiento", 56),
    Column.of(RIESGO["plan_accion"], 124),
    Column.of(RIESGO["responsable"], 78),
    Column("Fecha", 58),
)


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the matrix, and its annex: what was corrected and what waits."""
    matrix(doc, ws, figures, progress)
    anexo.pages(doc, ws)


def matrix(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the matrix alone, one group per dependencia."""
    total = figures.totals["riesgo"]
    doc.heading(TITLE, _sizes(figures))
    if not total:
        doc.paragraph("No hay riesgos registrados.", colour="#56606B")
        return
    Table(doc, COLUMNS).draw(_rows(ws, figures, progress))


def _sizes(figures: Figures) -> str:
    risks = words.counted(figures.totals["riesgo"], "riesgo", "riesgos")
    return f"{risks} · {words.counted(figures.totals['control'], 'control', 'controles')}"


def _rows(ws: Workspace, figures: Figures, progress: Progress) -> Iterator[Row | Band]:
    done, total = 0, figures.totals["riesgo"]
    counts = {count.code: count.count for count in figures.risks_by_dependencia}
    for unit in figures.dependencias:
        if unit.code not in counts:
            continue
        yield Band(unit.label, words.counted(counts[unit.code], "riesgo", "riesgos"), bookmark=True)
        controls = controls_by_risk(ws, unit.code)
        for record in in_order(ws, ws.records("riesgo", dependencia=unit.code)):
            if done % 50 == 0:
                progress(done, total, f"Matriz: {unit.label}")
            yield _row(ws, record, controls.get(record.uid, ()))
            done += 1
    progress(done, total, "Matriz")


def in_order(ws: Workspace, risks: Sequence[Record]) -> list[Record]:
    """Risks in the order of the process map, then by reference."""
    order = {entry.code: n for n, entry in enumerate(ws.catalogues.entries("subproceso"))}
    return sorted(
        risks,
        key=lambda r: (
            order.get(str(r.values["subproceso"]), len(order)),
            str(r.values["referencia"] or "").rjust(12),
            r.uid,
        ),
    )


def controls_by_risk(ws: Workspace, dependencia: str) -> Mapping[str, list[Values]]:
    """The controls of a dependencia by the uid of their risk, in their order."""
    found: dict[str, list[Values]] = {}
    with ws.read() as connection:
        for row in sums.controls_of(connection, dependencia):
            values = from_row(CONTROL, row).values
            found.setdefault(str(values["riesgo"]), []).append(values)
    return found


def _row(ws: Workspace, record: Record, controls: Sequence[Values]) -> Row:
    def shown(name: str) -> str:
        return words.shown(ws, RIESGO, record, name)

    treated = Cell(shown("tratamiento"), note=shown("estado_plan"))
    return Row(
        (
            words.marked(shown("referencia"), record),
            shown("subproceso"),
            shown("descripcion"),
            _zone(ws.catalogues, record.values, "inherente"),
            control_lines(ws.catalogues, controls),
            _zone(ws.catalogues, record.values, "residual"),
            treated,
            shown("plan_accion"),
            shown("responsable"),
            shown("fecha_implementacion"),
        )
    )


def _zone(catalogues: Catalogues, values: Values, which: str) -> Cell:
    zone = values[f"zona_{which}"]
    if not isinstance(zone, str):
        return Cell(note="Sin valorar")
    levels = (
        _level(catalogues, "probabilidad", values[f"probabilidad_{which}"]),
        _level(catalogues, "impacto", values[f"impacto_{which}"]),
    )
    return Cell(catalogues.label("zona", zone), note="\n".join(levels), zone=zone)


def _level(catalogues: Catalogues, axis: str, level: Value) -> str:
    return f"{axis[:4].capitalize().rstrip('a')}. {catalogues.label(f'nivel_{axis}', str(level))}"


def control_lines(catalogues: Catalogues, controls: Sequence[Values]) -> str | Cell:
    """The controls of a risk as a numbered list: who does what, its type and its weight."""
    if not controls:
        return Cell(note="Sin controles")
    return "\n".join(f"{n}. {_control(catalogues, values)}" for n, values in enumerate(controls, 1))


def _control(catalogues: Catalogues, values: Values) -> str:
    def shown(name: str) -> str:
        return show(CONTROL[name], values.get(name), catalogues)

    said = " ".join(part for part in (shown("responsable"), shown("accion")) if part).rstrip(".")
    weight = f"{shown('peso')}\u00a0%" if values.get("peso") is not None else ""
    kind = ", ".join(part for part in (shown("tipo"), shown("implementacion").lower(), weight) if part)
    return f"{said} ({kind})." if kind else f"{said}."

"""«Hoja de ruta»: the initiatives of the PETI by year, with their cost and who would pay, and what is in none."""

from collections.abc import Iterator
from decimal import Decimal

from peti_desktop.peti.gathering import KINDS, RISK, Thing
from peti_desktop.peti.roadmap import GAP, NEED, Line, Roadmap, roadmap
from peti_desktop.progress import Progress
from peti_desktop.records import INICIATIVA
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.lettering import BOLD, REGULAR
from peti_desktop.reports.page import ACCENT, BAND, INK, MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Hoja de ruta del PETI"
MOST_YEARS = 8
"""More columns of money do not fit; the later years are one."""
NOT_PUBLISHED = frozenset({4, 6})
"""Which columns of an initiative say who answers for it and what it gathers."""
THING_COLUMNS = (
    Column("Qué", 44),
    Column("Descripción", 300),
    Column("Tema o zona", 80),
    Column("Quién la pide", 130),
    Column("Cantidad", 40, right=True),
    Column("Valor", 76, right=True),
)


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw the years as bars, the initiatives, what each gathers, and what none gathers."""
    plan = roadmap(ws, progress)
    count = words.counted(len(plan.lines), "iniciativa", "iniciativas")
    doc.heading(TITLE, f"{count} · {words.pesos(plan.money)}", keep=200)
    doc.paragraph(_said(plan))
    if plan.lines:
        _bars(doc, plan)
        beside(doc, [[_sources(ws, plan)], [_components(ws, plan)]])
        doc.heading("Iniciativas por año", level=1)
        Table(doc, _columns(plan), 6.8).draw(_rows(ws, plan))
        doc.heading("Qué reúne cada iniciativa", level=1)
        Table(doc, THING_COLUMNS, 6.8).draw(_gathered(ws, plan, progress))
    if plan.loose:
        doc.heading("Sin iniciativa", _loose(plan), level=1)
        Table(doc, THING_COLUMNS, 6.8).draw(_thing(ws, thing) for thing in plan.loose)


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:  # noqa: ARG001
    """Draw years, sources, components and initiatives; not who answers, nor the gaps and risks behind them."""
    plan = roadmap(ws, progress)
    count = words.counted(len(plan.lines), "iniciativa", "iniciativas")
    doc.heading(TITLE, f"{count} · {words.pesos(plan.money)}", keep=200)
    if not plan.lines:
        doc.paragraph("Todavía no hay iniciativas.", colour=MUTED)
        return
    _bars(doc, plan)
    beside(doc, [[_sources(ws, plan)], [_components(ws, plan)]])
    doc.heading("Iniciativas por año", level=1)
    columns = [column for n, column in enumerate(_columns(plan)) if n not in NOT_PUBLISHED]
    rows = ([cell for n, cell in enumerate(row.cells) if n not in NOT_PUBLISHED] for row in _rows(ws, plan))
    last = len(plan.lines)
    Table(doc, columns, 6.8).draw(Row(cells, total=n == last) for n, cells in enumerate(rows))


def _said(plan: Roadmap) -> str:
    if not plan.lines:
        return "Todavía no hay iniciativas. Se crean en «Plan PETI»; lo que sigue está sin iniciativa."
    unvalued = sum(line.unvalued for line in plan.counted)
    suspended = len(plan.lines) - len(plan.counted)
    parts = [
        "El costo de cada necesidad cae en el año para el que se pidió, sin salir de los años de su iniciativa.",
        f"{words.counted(unvalued, 'necesidad no tiene', 'necesidades no tienen')} valor y no suman."
        if unvalued
        else "",
        f"{words.counted(suspended, 'iniciativa suspendida no cuenta', 'iniciativas suspendidas no cuentan')}."
        if suspended
        else "",
        f"Sin iniciativa: {_loose(plan)}." if plan.loose else "",
    ]
    return " ".join(part for part in parts if part)


def _loose(plan: Roadmap) -> str:
    return (
        f"{words.counted(plan.loose_many(NEED), 'necesidad', 'necesidades')} ({words.pesos(plan.loose_money)}), "
        f"{words.counted(plan.loose_many(GAP), 'brecha', 'brechas')} y "
        f"{words.counted(plan.loose_many(RISK), 'riesgo alto o extremo', 'riesgos altos o extremos')}"
    )


def _bars(doc: Document, plan: Roadmap) -> None:
    """A bar for each year, with its pesos."""
    years, high = plan.years, 13.0
    most = max((plan.in_year(year) for year in years), default=Decimal(0))
    doc.heading("Costo por año", level=1, keep=high * len(years) + 20)
    left, wide = doc.left + 40, doc.wide - 190
    for year in years:
        if doc.room < high:
            doc.new_page()
        money = plan.in_year(year)
        doc.y -= high
        doc.text(doc.left, doc.y + 3, str(year), BOLD, 8, INK)
        doc.fill(BAND, left, doc.y + 1, wide, high - 4)
        if money and most:
            doc.fill(ACCENT, left, doc.y + 1, max(1.0, float(money / most) * wide), high - 4, layer=1)
        doc.text_right(doc.right, doc.y + 3, words.pesos(money), REGULAR, 8, INK if money else MUTED)
    doc.y -= 6


def _sources(ws: Workspace, plan: Roadmap) -> Block:
    rows = [
        Row(
            (
                ws.catalogues.label("fuente_financiacion", code) if code else "No dicen de dónde sale",
                words.pesos(money),
                words.percent(int(money), int(plan.money)),
            )
        )
        for code, money in plan.sources.items()
    ]
    rows.append(Row(("Total", words.pesos(plan.money), ""), total=True))
    columns = (Column("Fuente", 60), Column("Valor", 40, right=True), Column("%", 14, right=True))
    return Block("Por fuente de financiación", columns, rows)


def _components(ws: Workspace, plan: Roadmap) -> Block:
    rows = []
    for entry in ws.catalogues.entries("componente"):
        own = [line for line in plan.counted if line.initiative.values.get("componente") == entry.code]
        money = sum((line.money for line in own), Decimal(0))
        rows.append(Row((entry.label, words.number(len(own)), words.pesos(money))))
    counted, money = len(plan.counted), plan.money
    rows.append(Row(("Total", words.number(counted), words.pesos(money)), total=True))
    columns = (Column("Componente", 70), Column("Iniciativas", 26, right=True), Column("Valor", 40, right=True))
    return Block("Por componente (7.1)", columns, rows)


def _columns(plan: Roadmap) -> tuple[Column, ...]:
    money = (Column(title, 66, right=True) for title, _ in plan.columns(MOST_YEARS))
    return (
        Column("Código", 40),
        Column("Iniciativa", 170),
        Column("Componente", 84),
        Column("Estado", 50),
        Column("Responsable", 84),
        Column("Años", 46),
        Column("Reúne", 60),
        *money,
        Column("Total", 72, right=True),
    )


def _rows(ws: Workspace, plan: Roadmap) -> Iterator[Row]:
    shown = plan.columns(MOST_YEARS)
    for line in plan.lines:
        yield Row(
            (
                *_named(ws, line),
                *(_pesos(line.in_years(years)) for _, years in shown),
                Cell(
                    words.pesos(line.money),
                    note="No cuenta" if not line.counts else f"{line.unvalued} sin valor" if line.unvalued else "",
                ),
            )
        )
    totals = (_pesos(plan.in_years(years)) for _, years in shown)
    yield Row(("Total", "", "", "", "", "", "", *totals, words.pesos(plan.money)), total=True)


def _pesos(money: Decimal) -> str:
    return words.pesos(money) if money else ""


def _named(ws: Workspace, line: Line) -> tuple[str | Cell, ...]:
    def shown(name: str) -> str:
        return words.shown(ws, INICIATIVA, line.initiative, name)

    first, last = shown("anio_desde"), shown("anio_hasta")
    counts = ((NEED, "nec."), (GAP, "brechas"), (RISK, "riesgos"))
    gathers = [f"{line.many(kind)} {word}" for kind, word in counts if line.many(kind)]
    return (
        words.marked(shown("codigo"), line.initiative),
        Cell(shown("nombre"), note=shown("programa")),
        shown("componente"),
        shown("estado"),
        shown("responsable"),
        first if first == last else f"{first} a {last}",
        "\n".join(gathers) or "Nada todavía",
    )


def _gathered(ws: Workspace, plan: Roadmap, progress: Progress) -> Iterator[Row | Band]:
    for done, line in enumerate(plan.lines):
        progress(done, len(plan.lines), "Hoja de ruta")
        name = f"{line.initiative.values.get('codigo') or ''} {line.initiative.values.get('nombre') or ''}".strip()
        yield Band(name, words.pesos(line.money), bookmark=True)
        if not line.things:
            yield Row((Cell(note="Nada todavía"), "", "", "", "", ""))
        for thing in line.things:
            yield _thing(ws, thing)


def _thing(ws: Workspace, thing: Thing) -> Row:
    same = len(thing.uids)
    note = f"{same} iguales" if same > 1 else ""
    value = words.pesos(thing.money) if thing.money else "Sin valor" if thing.kind == NEED else ""
    return Row(
        (
            Cell(KINDS[thing.kind], note=words.EXAMPLE if thing.example else ""),
            Cell(thing.words or "Sin descripción", note=note),
            thing.topic,
            ", ".join(ws.catalogues.label("dependencia", code) for code in thing.dependencias),
            words.number(thing.quantity) if thing.quantity else "",
            value,
        )
    )

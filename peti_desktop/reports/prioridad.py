"""Needs by priority: the rule and its weights, the budget line, what it leaves open, and every item with its parts."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from peti_desktop import catalogues
from peti_desktop.consolidation import budget
from peti_desktop.consolidation.budget import Extreme, Line
from peti_desktop.consolidation.priorities import MOST, NOT_ASKED_FOR, Item, ranking
from peti_desktop.progress import Progress
from peti_desktop.reports import words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Figures
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Band, Cell, Column, Row, Table
from peti_desktop.workspace import Workspace

TITLE = "Necesidades por prioridad y presupuesto"
COLUMNS = (
    Column("N.º", 20, right=True),
    Column("Prioridad", 34, right=True),
    Column("Necesidad", 190),
    Column("Por qué", 200),
    Column("Quién la pide", 100),
    Column("Cantidad", 38, right=True),
    Column("Valor", 72, right=True),
    Column("Acumulado", 76, right=True),
)


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the rule, the line, the extreme risks it leaves open, the totals, and the ranking."""
    items = ranking(ws, progress)
    amount = budget.kept_amount(ws)
    line = budget.line(items, amount if amount is not None else sum((item.total for item in items), Decimal(0)))
    open_risks = budget.uncovered(budget.placed(items, budget.extremes(ws)), line.above)
    doc.heading(TITLE, words.counted(len(items), "renglón", "renglones"), keep=200)
    if not items:
        doc.paragraph("No hay necesidades registradas.", colour=MUTED)
        return
    doc.paragraph(_said(line, amount, len(items), len(open_risks)))
    if others := [needs for needs in figures.needs_by_forma if needs.code in NOT_ASKED_FOR]:
        count = words.counted(sum(needs.count for needs in others), "registro", "registros")
        money = words.pesos(sum((needs.money for needs in others), Decimal(0)))
        doc.paragraph(f"Hallazgos y recomendaciones no se ordenan: {count}, {money}.", colour=MUTED)
    beside(doc, [[_weights()], [_totals(ws, items, line, by) for by in ("tema", "fuente")]])
    beside(doc, [[_totals(ws, items, line, "dependencia")], [_totals(ws, items, line, "anio")]])
    if open_risks:
        _risks(doc, ws, open_risks)
    doc.heading("En orden de prioridad", level=1)
    Table(doc, COLUMNS, 6.8).draw(_rows(ws, items, line, amount, progress))


def _said(line: Line, amount: Decimal | None, count: int, open_risks: int) -> str:
    """The line in one paragraph."""
    risks = words.counted(open_risks, "riesgo extremo queda", "riesgos extremos quedan") + " sin cubrir."
    if amount is None:
        return f"No se ha fijado un presupuesto: todo suma {words.pesos(line.spent)}. {risks}"
    of = words.counted(count, "renglón", "renglones")
    said = f"Con {words.pesos(amount)} se cubren {words.number(line.above)} de {of}"
    more = f" {words.counted(line.unvalued, 'de los cubiertos no tiene', 'de los cubiertos no tienen')} valor completo."
    left = f" por {words.pesos(line.spent)}; sobran {words.pesos(line.left)}."
    return f"{said}{left}{more if line.unvalued else ''} {risks}"


def _weights() -> Block:
    table = catalogues.table("prioridad")
    rows = [Row((part["nombre"], str(max(part["puntos"].values())), part["fuente"])) for part in table["parte"]]
    rows.append(Row(("Suma", str(MOST), f"Versión {table['version']} de los pesos"), total=True))
    columns = (Column("Parte", 40), Column("Hasta", 16, right=True), Column("De dónde sale", 90))
    return Block("La regla", columns, rows)


def _totals(ws: Workspace, items: Sequence[Item], line: Line, by: str) -> Block:
    found = budget.totals(items, line.above, by, ws.catalogues)
    rows = [
        Row((t.label, words.number(t.lines), words.number(t.units), words.pesos(t.money), words.pesos(t.covered)))
        for t in found
    ]
    whole, covered = (
        words.pesos(sum((money for money in said), Decimal(0)))
        for said in ([t.money for t in found], [t.covered for t in found])
    )
    rows.append(Row(("Total", "", words.number(sum(t.units for t in found)), whole, covered), total=True))
    columns = (
        Column("", 46),
        Column("Renglones", 22, right=True),
        Column("Unidades", 22, right=True),
        Column("Valor", 34, right=True),
        Column("Cubierto", 34, right=True),
    )
    return Block(budget.BY[by][0], columns, rows)


def _risks(doc: Document, ws: Workspace, risks: Sequence[Extreme]) -> None:
    doc.heading("Riesgos extremos sin cubrir", words.counted(len(risks), "riesgo", "riesgos"), level=1)
    columns = (Column("Riesgo", 40), Column("Descripción", 300), Column("Dependencia", 110), Column("Por qué", 120))
    rows = (
        Row(
            (
                Cell(risk.reference, bold=True),
                risk.description,
                ws.catalogues.label("dependencia", risk.dependencia),
                "Ninguna necesidad lo baja" if risk.place is None else f"Lo baja el renglón {risk.place + 1}",
            )
        )
        for risk in risks
    )
    Table(doc, columns, 6.8).draw(rows)


def _rows(
    ws: Workspace, items: Sequence[Item], line: Line, amount: Decimal | None, progress: Progress
) -> Iterator[Row | Band]:
    if amount is not None and line.above:
        yield Band("Alcanza", words.pesos(line.spent))
    for place, item in enumerate(items):
        if place % 50 == 0:
            progress(place, len(items), "Necesidades por prioridad")
        if amount is not None and place == line.above:
            yield Band("No alcanza", words.pesos(line.missing))
        yield _row(ws, item, place, line)
    progress(len(items), len(items), "Necesidades por prioridad")


def _row(ws: Workspace, item: Item, place: int, line: Line) -> Row:
    units = [ws.catalogues.label("dependencia", code) for code in item.dependencias]
    why = "; ".join(f"{part.name} {part.points}: {part.words}" for part in item.parts if part.points)
    hand = f"A mano, {item.hand.who}: {item.hand.reason} (la regla: {item.rule})" if item.hand else ""
    value = (
        words.pesos(item.total) if item.valued else "Sin valor" if not item.total else f"{words.pesos(item.total)} ?"
    )
    example = words.EXAMPLE if any(need.example for need in item.needs) else ""
    return Row(
        (
            words.number(place + 1),
            Cell(str(item.score), bold=True),
            Cell(" ".join(item.name.split()), note=example),
            Cell(why or "Nada suma", note=hand),
            ", ".join(units),
            words.number(item.quantity) if item.quantity else "",
            value,
            words.pesos(line.cumulative[place]),
        )
    )

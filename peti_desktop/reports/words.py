"""What several reports say in the same words."""

from collections.abc import Iterable
from decimal import Decimal

from peti_desktop.moments import spoken_moment
from peti_desktop.records.convert import decimal_text, show
from peti_desktop.records.fields import RecordType
from peti_desktop.records.record import Record
from peti_desktop.reports.blocks import Block
from peti_desktop.reports.figures import Count, Figures, Needs
from peti_desktop.reports.page import Head
from peti_desktop.reports.table import Cell, Column, Row
from peti_desktop.workspace import Workspace

EXAMPLE = "EJEMPLO"
EXAMPLE_NOTE = "Contiene valores de ejemplo, no oficiales: los registros marcados EJEMPLO."


PUBLIC, INTERNAL = "Versión pública", "Uso interno"
"""What the foot of every page says of who may read it."""


def head(ws: Workspace, figures: Figures, title: str, *, public: bool = False) -> Head:
    """The head of every page of a report on ``figures``."""
    unit = ws.catalogues.label("dependencia", figures.dependencia) if figures.dependencia else ""
    if not unit and ws.info.perfil == "dependencia":
        unit = ws.info.dependencia_nombre
    return Head(
        entity=" · ".join(part for part in (figures.entity, unit) if part),
        title=title,
        vigencia=f"Vigencia {figures.vigencia}",
        cut=cut(figures),
        code=code(figures),
        note=EXAMPLE_NOTE if figures.example else "",
        edition=PUBLIC if public else INTERNAL,
    )


def cut(figures: Figures) -> str:
    """Of which cut the figures are, for the head of every page; an open one names the moment of its data."""
    return figures.cut or f"Corte abierto · {as_of(figures)}"


def code(figures: Figures) -> str:
    """The codes that tie a page to its data: a cut's own before that of the records counted."""
    own = f"Código del corte {figures.cut_code} · datos" if figures.cut else "Código de los datos"
    return f"{own} {figures.code}"


def as_of(figures: Figures) -> str:
    """The moment of the data; there is no clock on paper."""
    return f"datos al {spoken_moment(figures.changed_at)}" if figures.changed_at else "sin datos"


def number(value: int) -> str:
    """1.234"""
    return decimal_text(value)


def pesos(value: Decimal) -> str:
    """$ 1.234.567"""
    return f"$ {decimal_text(value)}"


def counted(value: int, one: str, many: str) -> str:
    """1 riesgo, 2 riesgos."""
    return f"{number(value)} {one if value == 1 else many}"


def percent(part: int, whole: int) -> str:
    """A share in whole percents; a dash when there is nothing to share."""
    return f"{round(100 * part / whole)}\u00a0%" if whole else "–"


def shown(ws: Workspace, record_type: RecordType, record: Record, name: str) -> str:
    """A field of a record, as people read it."""
    return show(record_type[name], record.values.get(name), ws.catalogues)


def marked(text: str, record: Record) -> Cell:
    """A record's first cell, which says whether the record is an example."""
    return Cell(text, note=EXAMPLE if record.example else "", bold=True)


def counts_block(
    title: str, what: str, counts: Iterable[Count], *, whole: int | None = None, last: str = "Total"
) -> Block:
    """A short table of counts with their share; ``whole`` is how many there are when one may count more than once."""
    found = list(counts)
    total = sum(count.count for count in found) if whole is None else whole
    rows = [Row((count.label, number(count.count), percent(count.count, total))) for count in found]
    rows.append(Row((last, number(total), ""), total=True))
    return Block(title, (Column(what, 60), Column("Cantidad", 18, right=True), Column("%", 12, right=True)), rows)


def needs_block(title: str, what: str, needs: Iterable[Needs]) -> Block:
    """A short table of needs with their money."""
    found = list(needs)
    rows = [Row((n.label, number(n.count), number(n.quantity), pesos(n.money))) for n in found]
    rows.append(
        Row(
            (
                "Total",
                number(sum(n.count for n in found)),
                number(sum(n.quantity for n in found)),
                pesos(sum((n.money for n in found), Decimal(0))),
            ),
            total=True,
        )
    )
    columns = (
        Column(what, 40),
        Column("Registros", 21, right=True),
        Column("Unidades", 20, right=True),
        Column("Valor", 36, right=True),
    )
    return Block(title, columns, rows)

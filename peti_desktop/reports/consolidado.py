"""One paper with everything the council asks for: summary, heat maps, matrix and needs."""

from peti_desktop.progress import Progress
from peti_desktop.records.convert import spoken_date
from peti_desktop.reports import anexo, mapas, matriz, necesidades, words
from peti_desktop.reports.blocks import Block, beside
from peti_desktop.reports.figures import Delivery, Figures
from peti_desktop.reports.lettering import BOLD, REGULAR
from peti_desktop.reports.page import ACCENT, MUTED, RULE, Document
from peti_desktop.reports.table import Cell, Column, Row
from peti_desktop.workspace import Workspace

TITLE = "Consolidado de riesgos y necesidades de tecnología"


def pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw the parts one after the other."""
    summary(doc, figures)
    doc.new_page()
    mapas.pages(doc, ws, figures, progress)
    doc.new_page()
    matriz.matrix(doc, ws, figures, progress)
    doc.new_page()
    necesidades.pages(doc, ws, figures, progress)
    anexo.pages(doc, ws)


def public_pages(doc: Document, ws: Workspace, figures: Figures, progress: Progress) -> None:
    """Draw what may be published: numbers, the maps of the entity and the totals of needs."""
    summary(doc, figures, public=True)
    doc.new_page()
    mapas.public_pages(doc, ws, figures, progress)
    doc.new_page()
    necesidades.public_pages(doc, ws, figures, progress)


def summary(doc: Document, figures: Figures, *, public: bool = False) -> None:
    """The page for somebody who reads one page: the numbers that matter and who has delivered."""
    doc.heading("Resumen")
    doc.y -= 4
    _tiles(doc, figures, public=public)
    numbers = [
        words.counts_block("Riesgos por proceso", "Proceso", figures.risks_by_proceso),
        words.needs_block("Necesidades por tema", "Tema", figures.needs_by_tema),
    ]
    beside(doc, [[_deliveries(figures)], numbers] if figures.deliveries else [[block] for block in numbers])


def _tiles(doc: Document, figures: Figures, *, public: bool) -> None:
    """Large numbers with their words, side by side."""
    residual = figures.zones["residual"]
    tiles = [
        (
            words.number(figures.totals["riesgo"]),
            "riesgos",
            words.counted(figures.totals["control"], "control", "controles"),
        ),
        (
            words.number(residual["extremo"] + residual["alto"]),
            "en zona residual alta o extrema",
            f"{words.number(residual['extremo'])} en extrema",
        ),
        (
            words.number(figures.totals["equipo"]),
            "equipos",
            "" if public else words.counted(figures.obsolete_total, "obsoleto", "obsoletos"),
        ),
        (words.number(figures.totals["necesidad"]), "necesidades", words.pesos(figures.money)),
    ]
    if figures.expected:
        tiles.insert(
            0,
            (f"{figures.accepted} de {figures.expected}", "entregas aceptadas", f"{figures.pending} por aceptar"),
        )
    gap, high = 10.0, 58.0
    wide = (doc.wide - gap * (len(tiles) - 1)) / len(tiles)
    doc.y -= high
    for n, (big, what, more) in enumerate(tiles):
        x = doc.left + n * (wide + gap)
        doc.frame(x, doc.y, wide, high, RULE, 0.6)
        doc.fill(ACCENT, x, doc.y, 3, high)
        doc.text_within(x + 12, doc.y + 34, wide - 16, big, BOLD, 19, ACCENT)
        doc.text_within(x + 12, doc.y + 20, wide - 16, what, BOLD, 8.5)
        doc.text_within(x + 12, doc.y + 8, wide - 16, more, REGULAR, 8, MUTED)
    doc.y -= 6


def _deliveries(figures: Figures) -> Block:
    columns = (
        Column("Dependencia", 74),
        Column("Estado", 26),
        Column("Entrega", 16, right=True),
        Column("Código", 24),
        Column("Vence", 22),
    )
    return Block("Entregas de la vigencia", columns, [_delivery(delivery) for delivery in figures.deliveries])


def _delivery(delivery: Delivery) -> Row:
    return Row(
        (
            delivery.name,
            Cell(delivery.state.capitalize(), bold=delivery.state == "pendiente"),
            f"n.º {delivery.number}" if delivery.number else "",
            delivery.code,
            spoken_date(delivery.due) if delivery.due else "",
        )
    )

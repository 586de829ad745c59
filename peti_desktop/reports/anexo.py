"""The annex of the matrix: what the Oficina TIC corrected, with its reason, and the rows that were not accepted yet."""

from typing import Final

from peti_desktop import expected
from peti_desktop.consolidation import corrections
from peti_desktop.reports import falta, words
from peti_desktop.reports.page import MUTED, Document
from peti_desktop.reports.table import Column, Row, Table
from peti_desktop.workspace import Workspace

WIDTHS: Final = (92, 130, 66, 96, 96, 130, 92, 46)


def pages(doc: Document, ws: Workspace, *, apart: bool = True) -> None:
    """Draw the annex, on a page of its own when ``apart``; nothing at all when there is nothing to tell."""
    found = corrections.annex(ws)
    waiting = expected.waiting(ws)
    if not found and not waiting:
        return
    if apart:
        doc.new_page()
    if found:
        doc.heading("Anexo: correcciones de la Oficina TIC", words.counted(len(found), "corrección", "correcciones"))
        doc.paragraph(
            "La matriz muestra el valor corregido; lo declarado por la dependencia se conserva tal como llegó.",
            colour=MUTED,
        )
        doc.y -= 4
        columns = [Column(title, width) for title, width in zip(corrections.ANNEX, WIDTHS, strict=True)]
        Table(doc, columns, 6.8).draw(Row(row) for row in found)
    falta.waiting(doc, waiting)

"""A sheet for walking round with: what is registered, printed small, and boxes large enough for a pen."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from peti_desktop.catalogues import Catalogues
from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EQUIPO
from peti_desktop.records.convert import show
from peti_desktop.records.record import Record
from peti_desktop.reports.lettering import BOLD, REGULAR, Ruler
from peti_desktop.reports.page import ACCENT, CARTA, INK, MUTED, OFICIO, WHITE, Document, Head, Paper, document
from peti_desktop.workspace import Workspace

TITLE = "Hoja para recorrer los equipos"
PAPERS: dict[str, Paper] = {"oficio": OFICIO, "carta": CARTA}

HIGH, HEADING = 27.0, 22.0
"""Points of a row, in which a hand can write, and of the heading."""
SIZE, LEAD, LINES = 6.6, 8.2, 3
PAD = 2.5
KEY = ("tipo", "estado", "sistema_operativo", "ofimatica", "licencia")
KEY_SIZE = 6.2
EDGE = "#7B8894"
"""The lines of the boxes: dark enough to survive a photocopier."""

COLUMNS = (
    ("Visto", 28.0),
    ("placa", 66.0),
    ("tipo", 74.0),
    ("marca", 52.0),
    ("modelo", 70.0),
    ("serial", 84.0),
    ("anio", 30.0),
    ("sistema_operativo", 68.0),
    ("ofimatica", 68.0),
    ("antivirus", 52.0),
    ("licencia", 48.0),
    ("estado", 50.0),
    ("ubicacion", 84.0),
    ("custodio", 84.0),
)
"""Fields and their shares of the width; the first is a box to tick."""


def write_sheet(
    ws: Workspace, path: Path, *, blanks: int = 20, paper: str = "oficio", progress: Progress = silent
) -> None:
    """Write the sheet: every device in force, then at least ``blanks`` empty rows, to the end of the page.

    Raises UserError when it cannot be written, KeyError for another paper than carta or oficio, and Cancelled.
    """
    replace_file(path, draw(ws, blanks=blanks, paper=paper, progress=progress))


def draw(ws: Workspace, *, blanks: int = 20, paper: str = "oficio", progress: Progress = silent) -> bytes:
    """The bytes of the PDF: equal data, equal bytes."""
    records = ws.records("equipo", dependencia=ws.info.dependencia)
    head = Head(
        entity=f"{ws.info.entidad} · {ws.info.dependencia_nombre}",
        title=TITLE,
        vigencia=f"Vigencia {ws.info.vigencia}",
        cut="Fecha: ____ /____ /________",
        code="Recorrió (cargo): ______________________________",
        note="Lo impreso es lo registrado: corríjalo encima. Después se pasa al programa.",
    )
    target = BytesIO()
    with document(target, PAPERS[paper].turned, head) as doc:
        sheet = _Sheet(doc, ws.catalogues)
        for done, record in enumerate(records):
            progress(done, len(records), "Escribiendo la hoja")
            sheet.row(record)
        for _ in range(blanks):
            sheet.row(None)
        while sheet.fits:
            sheet.row(None)
    return target.getvalue()


class _Sheet:
    """The table while it is being drawn; each page carries heading and key."""

    def __init__(self, doc: Document, catalogues: Catalogues) -> None:
        self.doc, self.catalogues = doc, catalogues
        total = sum(share for _, share in COLUMNS)
        self.wides = [doc.wide * share / total for _, share in COLUMNS]
        self.lefts = [doc.left + sum(self.wides[:n]) for n in range(len(COLUMNS))]
        self._letters, self._small = Ruler(REGULAR, SIZE), Ruler(REGULAR, KEY_SIZE)
        self._key = list(self._key_lines())
        self._page = 0

    @property
    def fits(self) -> bool:
        """Whether a row more goes onto this page."""
        return self.doc.room >= HIGH + len(self._key) * LEAD + 4

    def row(self, record: Record | None) -> None:
        """A device, or boxes for one nobody has written down yet."""
        if self._page and not self.fits:
            self.doc.new_page()
        if self._page != self.doc.page:
            self._begin()
        doc = self.doc
        doc.y -= HIGH
        for (name, _), left, wide in zip(COLUMNS, self.lefts, self.wides, strict=True):
            doc.frame(left, doc.y, wide, HIGH, EDGE, 0.6)
            if name == "Visto":
                doc.frame(left + wide / 2 - 5, doc.y + HIGH / 2 - 5, 10, 10, EDGE, 0.8)
            elif record is not None:
                self._write(show(EQUIPO[name], record.values[name], self.catalogues), left, wide)

    def _write(self, text: str, left: float, wide: float) -> None:
        lines = self._letters.wrap(text, wide - 2 * PAD)
        if len(lines) > LINES:
            lines = [*lines[: LINES - 1], f"{lines[LINES - 1][:-1]}…"]
        y = self.doc.y + HIGH - SIZE - 1.5
        for line in lines:
            self.doc.text(left + PAD, y, line, REGULAR, SIZE, INK)
            y -= LEAD

    def _begin(self) -> None:
        doc = self.doc
        self._page = doc.page
        doc.y -= HEADING
        doc.fill(ACCENT, doc.left, doc.y, doc.wide, HEADING)
        bold = Ruler(BOLD, SIZE)
        for (name, _), left, wide in zip(COLUMNS, self.lefts, self.wides, strict=True):
            label = name if name == "Visto" else EQUIPO[name].label
            y = doc.y + HEADING - SIZE - 3
            for line in bold.wrap(label, wide - 2 * PAD):
                doc.text(left + PAD, y, line, BOLD, SIZE, WHITE)
                y -= LEAD
        y = doc.bottom + (len(self._key) - 1) * LEAD + 2
        for line, font in self._key:
            doc.text(doc.left, y, line, font, KEY_SIZE, MUTED)
            y -= LEAD

    def _key_lines(self) -> Iterator[tuple[str, str]]:
        """The answers of the lists, so that what is written by hand is one of them."""
        for name in KEY:
            labels = " · ".join(entry.label for entry in self.catalogues.entries(EQUIPO[name].catalogue))
            for line in self._small.wrap(f"{EQUIPO[name].label}: {labels}", self.doc.wide):
                yield line, REGULAR

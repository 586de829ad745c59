"""The matrix on paper: the report's own table against reportlab's LongTable of Paragraphs, on the same rows.

``python -m bench.pdf``. Each case is a process of its own; CPU seconds inside it, without imports and making the rows.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

ZONES = ("bajo", "moderado", "alto", "extremo")
TEXT = (
    "posibilidad de pérdida económica y reputacional por el envío de los reportes fuera de fecha debido a la falta de "
    "conciliación entre la información de Tesorería y la de Presupuesto que obliga a rehacer los cargues cada mes"
)
WORDS = TEXT.split()
TITLES = (
    "Ref.",
    "Subproceso",
    "Riesgo",
    "Causa",
    "Zona",
    "Controles",
    "Zona",
    "Trat.",
    "Plan",
    "Responsable",
    "Fecha",
    "N",
)
WIDTHS = (36, 60, 130, 100, 56, 130, 56, 50, 110, 70, 44, 25)
LONG = {2: 26, 3: 14, 5: 24, 8: 18, 9: 5}


def rows(count: int) -> list[list[str]]:
    """Rows of 12 columns, five of them with texts that wrap; no two texts are equal."""
    found = []
    for n in range(count):
        row = [
            f"R-{n:05}",
            "Gestión Financiera",
            "",
            "",
            ZONES[n % 4],
            "",
            ZONES[n % 3],
            "Reducir",
            "",
            "",
            "31-ene-2026",
            "3",
        ]
        for column, length in LONG.items():
            start = n * 7 + column
            row[column] = f"{n} " + " ".join(WORDS[(start + k) % len(WORDS)] for k in range(length))
        found.append(row)
    return found


def own(data: Sequence[Sequence[str]]) -> int:
    """Pages of the table as the reports draw it."""
    from peti_desktop.reports.page import OFICIO, Head, document
    from peti_desktop.reports.table import Cell, Column, Row, Table

    head = Head("Alcaldía", "Matriz", "Vigencia 2026", "Corte abierto", "Código ABCD-EFGH")
    columns = [Column(title, width) for title, width in zip(TITLES, WIDTHS, strict=True)]
    with document(BytesIO(), OFICIO.turned, head) as doc:
        Table(doc, columns).draw(
            Row([Cell(text.capitalize(), zone=text) if text in ZONES else text for text in row]) for row in data
        )
    return doc.page


def peer(data: Sequence[Sequence[str]]) -> int:
    """Pages of the same rows as a LongTable whose long cells are Paragraphs, one fill per zone."""
    from xml.sax.saxutils import escape

    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

    from peti_desktop.reports import lettering
    from peti_desktop.reports.page import MARGIN, OFICIO
    from peti_desktop.reports.zones import ZONES as LOOKS

    lettering.register()
    style = ParagraphStyle("celda", fontName=lettering.REGULAR, fontSize=7, leading=8.7)
    cells: list[list[object]] = [list(TITLES)]
    cells += [[Paragraph(escape(t), style) if n in LONG else t for n, t in enumerate(row)] for row in data]
    commands: list[Any] = [
        ("FONT", (0, 0), (-1, -1), lettering.REGULAR, 7),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    for n, row in enumerate(data, 1):
        commands += [("BACKGROUND", (c, n), (c, n), HexColor(LOOKS[row[c]].paper)) for c in (4, 6)]
    table = LongTable(cells, colWidths=WIDTHS, repeatRows=1, style=commands)
    paper = OFICIO.turned
    template = SimpleDocTemplate(
        BytesIO(),
        pagesize=(paper.wide, paper.high),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        initialFontName=lettering.REGULAR,
    )
    template.build([table])
    return int(template.page)


def store(data: Sequence[Sequence[str]]) -> int:
    """Pages of the real report «matriz», from a store with as many risks, two controls each."""
    from pypdf import PdfReader

    from db.queries import records
    from peti_desktop.progress import silent
    from peti_desktop.reports import REPORTS
    from peti_desktop.workspace import Workspace

    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / "oficina.sqlite"
    with (
        folder,
        Workspace.create(path, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="Jefe", vigencia=2026) as ws,
    ):
        risk = ws.new("riesgo", {"subproceso": "hacienda", "frecuencia_anual": 300})
        control = ws.new("control", {"riesgo": risk.uid, "responsable": "Técnico", "accion": "verifica"})
        with ws.write() as connection:
            one = records.one(connection, "riesgo", risk.uid) or {}
            two = records.one(connection, "control", control.uid) or {}
            made = [{**one, "uid": f"r{n:07}", "referencia": r[0], "descripcion": r[2]} for n, r in enumerate(data)]
            records.add(connection, "riesgo", [m | {"plan_accion": r[8]} for m, r in zip(made, data, strict=True)])
            controls = [
                {**two, "uid": f"c{k}{n:07}", "riesgo": f"r{n:07}", "accion": r[5][: 60 + 40 * k]}
                for n, r in enumerate(data)
                for k in range(2)
            ]
            records.add(connection, "control", controls)
        start = time.process_time()
        paper = REPORTS["matriz"].draw(ws, silent)
        _told["cpu"] = time.process_time() - start
    return len(PdfReader(BytesIO(paper)).pages)


CASES: dict[str, Callable[[Sequence[Sequence[str]]], int]] = {"own": own, "peer": peer, "store": store}
NAMES = {"own": "own table", "peer": "LongTable of Paragraphs", "store": "report «matriz» from a store"}
_told: dict[str, float] = {}


def measure(case: str, count: int) -> dict[str, float]:
    """CPU seconds, pages and peak megabytes of one case, in a process of its own."""
    code = [sys.executable, "-m", "bench.pdf", case, str(count)]
    said = subprocess.run(code, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(said)
    return found


def main() -> None:
    """Print the table and the two ratios that matter."""
    found = {(case, count): measure(case, count) for case in CASES for count in (1_000, 10_000)}
    print("| case | rows | CPU s | pages | pages / CPU s | peak MB |")
    print("|---|---|---|---|---|---|")
    for (case, count), m in found.items():
        speed = m["pages"] / m["cpu"]
        print(f"| {NAMES[case]} | {count:,} | {m['cpu']:.2f} | {m['pages']:.0f} | {speed:.0f} | {m['peak']:.0f} |")
    print()
    for case, name in NAMES.items():
        print(f"{name}: 10,000 / 1,000 rows = {found[case, 10_000]['cpu'] / found[case, 1_000]['cpu']:.1f}")
    ratio = found["own", 10_000]["cpu"] / found["peer", 10_000]["cpu"]
    print(f"own table / LongTable of Paragraphs at 10,000 rows = {ratio:.3f}")


def _run(case: str, count: int) -> None:
    import reportlab.platypus  # noqa: F401 - not part of what is measured

    from peti_desktop.reports import lettering

    lettering.register()
    data = rows(count)
    start = time.process_time()
    pages = CASES[case](data)
    _told.setdefault("cpu", time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": _told["cpu"], "pages": pages, "peak": peak}))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _run(sys.argv[1], int(sys.argv[2]))
    else:
        main()

"""Reports on paper: ``REPORTS`` lists them, ``write`` makes the file of one.

The drawing is imported when a report is made: the first window must not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.workspace import Workspace

if TYPE_CHECKING:
    from peti_desktop.reports.figures import Figures
    from peti_desktop.reports.page import Document

Pages = Callable[["Document", Workspace, "Figures", Progress], None]
Draw = Callable[[Workspace, Progress], bytes]


@dataclass(frozen=True, slots=True)
class Report:
    """A report people can ask for. ``draw`` gives the bytes of its PDF: equal data, equal bytes."""

    name: str
    title: str
    draw: Draw

    def build(self, ws: Workspace, path: Path, progress: Progress = silent) -> None:
        """Write the report to ``path``, whole or not at all. Raises UserError when it cannot be written."""
        replace_file(path, self.draw(ws, progress))


def write(ws: Workspace, name: str, folder: Path, progress: Progress = silent) -> Path:
    """Write the report ``name`` into ``folder`` and give its path. Raises KeyError for a name not in ``REPORTS``."""
    unit = f"_{ws.info.dependencia}" if ws.info.perfil == "dependencia" else ""
    path = folder / f"{ws.info.vigencia}{unit}_{name}.pdf"
    REPORTS[name].build(ws, path, progress)
    return path


def _consolidado(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import consolidado

    return _drawn(ws, consolidado.TITLE, consolidado.pages, progress)


def _matriz(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import matriz

    return _drawn(ws, matriz.TITLE, matriz.pages, progress)


def _mapas(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import mapas

    return _drawn(ws, mapas.TITLE, mapas.pages, progress)


def _necesidades(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import necesidades

    return _drawn(ws, necesidades.TITLE, necesidades.pages, progress)


def _prioridad(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import prioridad

    return _drawn(ws, prioridad.TITLE, prioridad.pages, progress)


def _equipos(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import equipos

    return _drawn(ws, equipos.TITLE, equipos.pages, progress)


def _cambios(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import cambios

    return _drawn(ws, cambios.TITLE, cambios.pages, progress)


def _capitulo6(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import capitulo6

    return _drawn(ws, capitulo6.TITLE, capitulo6.pages, progress)


def _indicadores(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import indicadores

    return _drawn(ws, indicadores.TITLE, indicadores.pages, progress)


def _hoja_de_ruta(ws: Workspace, progress: Progress) -> bytes:
    from peti_desktop.reports import hoja_de_ruta

    return _drawn(ws, hoja_de_ruta.TITLE, hoja_de_ruta.pages, progress)


def _drawn(ws: Workspace, title: str, pages: Pages, progress: Progress) -> bytes:
    from peti_desktop.reports import words
    from peti_desktop.reports.figures import figures
    from peti_desktop.reports.page import OFICIO, document

    target = BytesIO()
    with ws.snapshot() as seen:  # an intake may go on meanwhile: what is counted is what is listed
        found = figures(seen)
        with document(target, OFICIO.turned, words.head(seen, found, title)) as doc:
            pages(doc, seen, found, progress)
    return target.getvalue()


REPORTS = {
    report.name: report
    for report in (
        Report("consolidado", "Consolidado: matriz, mapas de calor y necesidades", _consolidado),
        Report("matriz", "Matriz consolidada de riesgos", _matriz),
        Report("mapas", "Mapas de calor inherente y residual", _mapas),
        Report("necesidades", "Necesidades de tecnología", _necesidades),
        Report("prioridad", "Necesidades por prioridad y presupuesto", _prioridad),
        Report("equipos", "Equipos y obsolescencia", _equipos),
        Report("capitulo6", "PETI, capítulo 6: Analizar", _capitulo6),
        Report("hoja_de_ruta", "Hoja de ruta del PETI", _hoja_de_ruta),
        Report("indicadores", "Programas e indicadores del PETI", _indicadores),
        Report("cambios", "Qué cambió desde el último corte", _cambios),
    )
}

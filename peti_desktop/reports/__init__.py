"""Reports on paper: ``REPORTS`` lists them, ``write`` makes the file of one.

The drawing is imported when a report is made: the first window must not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from peti_desktop.files import replace_file
from peti_desktop.progress import Progress, silent
from peti_desktop.workspace import Workspace

if TYPE_CHECKING:
    from peti_desktop.reports.figures import Figures
    from peti_desktop.reports.page import Document

CARTA, OFICIO = "carta", "oficio"
"""The papers a report can be drawn on, lying down."""

Pages = Callable[["Document", Workspace, "Figures", Progress], None]


class Draw(Protocol):
    """Gives the bytes of a PDF on a paper: equal data, equal bytes."""

    def __call__(self, ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Report:
    """A report people can ask for: ``about`` says what it is for, ``group`` (of ``GROUPS``) where it is listed."""

    name: str
    title: str
    draw: Draw
    group: str = ""
    about: str = ""

    def build(self, ws: Workspace, path: Path, progress: Progress = silent, paper: str = OFICIO) -> None:
        """Write the report to ``path``, whole or not at all. Raises UserError when it cannot be written."""
        replace_file(path, self.draw(ws, progress, paper) if paper != OFICIO else self.draw(ws, progress))


def write(ws: Workspace, name: str, folder: Path, progress: Progress = silent, paper: str = OFICIO) -> Path:
    """Write the report ``name`` into ``folder``, on ``CARTA`` or ``OFICIO``, and give its path.

    Raises KeyError for a name not in ``REPORTS``, and UserError when it cannot be written.
    """
    unit = f"_{ws.info.dependencia}" if ws.info.perfil == "dependencia" else ""
    path = folder / f"{ws.info.vigencia}{unit}_{name}.pdf"
    REPORTS[name].build(ws, path, progress, paper)
    return path


def _consolidado(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import consolidado

    return _drawn(ws, consolidado.TITLE, consolidado.pages, progress, paper)


def _matriz(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import matriz

    return _drawn(ws, matriz.TITLE, matriz.pages, progress, paper)


def _mapas(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import mapas

    return _drawn(ws, mapas.TITLE, mapas.pages, progress, paper)


def _necesidades(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import necesidades

    return _drawn(ws, necesidades.TITLE, necesidades.pages, progress, paper)


def _prioridad(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import prioridad

    return _drawn(ws, prioridad.TITLE, prioridad.pages, progress, paper)


def _equipos(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import equipos

    return _drawn(ws, equipos.TITLE, equipos.pages, progress, paper)


def _cambios(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import cambios

    return _drawn(ws, cambios.TITLE, cambios.pages, progress, paper)


def _capitulo6(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import capitulo6

    return _drawn(ws, capitulo6.TITLE, capitulo6.pages, progress, paper)


def _indicadores(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import indicadores

    return _drawn(ws, indicadores.TITLE, indicadores.pages, progress, paper)


def _hoja_de_ruta(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import hoja_de_ruta

    return _drawn(ws, hoja_de_ruta.TITLE, hoja_de_ruta.pages, progress, paper)


def _falta(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import falta

    return _drawn(ws, falta.TITLE, falta.pages, progress, paper)


def _tratamiento(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import tratamiento

    return _drawn(ws, tratamiento.TITLE, tratamiento.pages, progress, paper)


def _sistemas(ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    from peti_desktop.reports import sistemas

    return _drawn(ws, sistemas.TITLE, sistemas.pages, progress, paper)


def _drawn(ws: Workspace, title: str, pages: Pages, progress: Progress, paper: str) -> bytes:
    from peti_desktop.reports import page, words
    from peti_desktop.reports.figures import figures
    from peti_desktop.reports.page import document

    sheet = page.CARTA if paper == CARTA else page.OFICIO
    target = BytesIO()
    with ws.snapshot() as seen:  # an intake may go on meanwhile: what is counted is what is listed
        found = figures(seen)
        with document(target, sheet.turned, words.head(seen, found, title)) as doc:
            pages(doc, seen, found, progress)
    return target.getvalue()


RISKS, NEEDS, TECHNOLOGY, PLAN, CONTROL = (
    "Riesgos",
    "Necesidades y presupuesto",
    "Tecnología",
    "PETI",
    "Seguimiento de la consolidación",
)
GROUPS = (RISKS, NEEDS, TECHNOLOGY, PLAN, CONTROL)
"""How reports are listed, in this order."""

REPORTS = {
    report.name: report
    for report in (
        Report(
            "consolidado",
            "Consolidado: matriz, mapas de calor y necesidades",
            _consolidado,
            RISKS,
            "Resumen, mapas de calor, matriz y necesidades en un solo documento, para el comité.",
        ),
        Report(
            "matriz",
            "Matriz consolidada de riesgos",
            _matriz,
            RISKS,
            "Cada riesgo con sus controles, su zona antes y después y su plan; al final, las correcciones de TIC.",
        ),
        Report(
            "mapas",
            "Mapas de calor inherente y residual",
            _mapas,
            RISKS,
            "El mapa inherente y el residual de la entidad, y los de cada dependencia en pequeño.",
        ),
        Report(
            "tratamiento",
            "Plan de tratamiento y seguimiento",
            _tratamiento,
            RISKS,
            "Qué se hace con cada riesgo, qué cargo responde, hasta cuándo, y qué planes están vencidos.",
        ),
        Report(
            "necesidades",
            "Necesidades de tecnología",
            _necesidades,
            NEEDS,
            "Qué se pide, cuánto vale y para quién, por tema y dependencia: base del plan de adquisiciones.",
        ),
        Report(
            "prioridad",
            "Necesidades por prioridad y presupuesto",
            _prioridad,
            NEEDS,
            "Las necesidades en orden, con la regla a la vista, y qué riesgos extremos quedan sin cubrir.",
        ),
        Report(
            "equipos",
            "Equipos y obsolescencia",
            _equipos,
            TECHNOLOGY,
            "El parque de equipos por tipo y estado, y cuáles ya no tienen soporte y por qué.",
        ),
        Report(
            "sistemas",
            "Sistemas de información y servicios web",
            _sistemas,
            TECHNOLOGY,
            "Para qué sirve cada sistema, quién responde por él, quién le da soporte y hasta cuándo.",
        ),
        Report(
            "capitulo6",
            "PETI, capítulo 6: Analizar",
            _capitulo6,
            PLAN,
            "El análisis de la situación actual que pide la guía del PETI, escrito con los datos registrados.",
        ),
        Report(
            "hoja_de_ruta",
            "Hoja de ruta del PETI",
            _hoja_de_ruta,
            PLAN,
            "Las iniciativas por componente, programa y año, con lo que valen.",
        ),
        Report(
            "indicadores",
            "Programas e indicadores del PETI",
            _indicadores,
            PLAN,
            "La línea base, la meta y el avance de cada indicador.",
        ),
        Report(
            "falta",
            "Quién falta por entregar",
            _falta,
            CONTROL,
            "Qué debe cada dependencia, desde cuándo, qué llegó vacío y qué filas esperan una decisión.",
        ),
        Report(
            "cambios",
            "Qué cambió desde el último corte",
            _cambios,
            CONTROL,
            "Lo nuevo, lo cambiado y lo retirado frente al último corte sellado.",
        ),
    )
}

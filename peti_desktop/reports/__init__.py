"""Reports on paper: ``REPORTS`` lists them, ``write`` makes the file of one.

The drawing is imported when a report is made: the first window must not wait for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from peti_desktop.errors import UserError
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
    """A report people can ask for: ``about`` says what it is for, ``group`` (of ``GROUPS``) where it is listed.

    ``public`` draws what may be published, without open weaknesses, free texts about them or who answers for them; None
    when nothing would be left.
    """

    name: str
    title: str
    draw: Draw
    group: str = ""
    about: str = ""
    public: Draw | None = None

    def build(self, ws: Workspace, path: Path, progress: Progress = silent, paper: str = OFICIO) -> None:
        """Write the report to ``path``, whole or not at all. Raises UserError when it cannot be written."""
        replace_file(path, self.draw(ws, progress, paper))

    def publish(self, ws: Workspace, path: Path, progress: Progress = silent, paper: str = OFICIO) -> None:
        """Write its public version to ``path``. Raises UserError when there is none, or it cannot be written."""
        if self.public is None:
            raise UserError(f"«{self.title}» solo tiene versión interna.", "Nombra debilidades que siguen abiertas.")
        replace_file(path, self.public(ws, progress, paper))


def write(
    ws: Workspace, name: str, folder: Path, progress: Progress = silent, paper: str = OFICIO, *, public: bool = False
) -> Path:
    """Write the report ``name`` into ``folder``, on ``CARTA`` or ``OFICIO``, and give its path.

    Raises KeyError for a name not in ``REPORTS``, and UserError when it cannot be written or has no public version.
    """
    unit = f"_{ws.info.dependencia}" if ws.info.perfil == "dependencia" else ""
    path = folder / f"{ws.info.vigencia}{unit}_{name}{'_publico' if public else ''}.pdf"
    report = REPORTS[name]
    (report.publish if public else report.build)(ws, path, progress, paper)
    return path


def _drawn(name: str, public: bool, ws: Workspace, progress: Progress, paper: str = OFICIO) -> bytes:
    """The bytes of the report ``name``."""
    from peti_desktop.reports import page, rooms, words
    from peti_desktop.reports.figures import figures
    from peti_desktop.reports.page import document

    title, pages = (rooms.PUBLIC if public else rooms.INTERNAL)[name]
    sheet = page.CARTA if paper == CARTA else page.OFICIO
    target = BytesIO()
    with ws.snapshot() as seen:  # an intake may go on meanwhile: what is counted is what is listed
        found = figures(seen)
        with document(target, sheet.turned, words.head(seen, found, title, public=public)) as doc:
            pages(doc, seen, found, progress)
    return target.getvalue()


def _report(name: str, title: str, group: str, about: str, *, public: bool = False) -> Report:
    published = partial(_drawn, name, True) if public else None
    return Report(name, title, partial(_drawn, name, False), group, about, published)


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
        _report(
            "consolidado",
            "Consolidado: matriz, mapas de calor y necesidades",
            RISKS,
            "Resumen, mapas de calor, matriz y necesidades en un solo documento, para el comité.",
            public=True,
        ),
        _report(
            "matriz",
            "Matriz consolidada de riesgos",
            RISKS,
            "Cada riesgo con sus controles, su zona antes y después y su plan; al final, las correcciones de TIC.",
        ),
        _report(
            "mapas",
            "Mapas de calor inherente y residual",
            RISKS,
            "El mapa inherente y el residual de la entidad, y los de cada dependencia en pequeño.",
            public=True,
        ),
        _report(
            "tratamiento",
            "Plan de tratamiento y seguimiento",
            RISKS,
            "Qué se hace con cada riesgo, qué cargo responde, hasta cuándo, y qué planes están vencidos.",
        ),
        _report(
            "necesidades",
            "Necesidades de tecnología",
            NEEDS,
            "Qué se pide, cuánto vale y para quién, por tema y dependencia: base del plan de adquisiciones.",
            public=True,
        ),
        _report(
            "prioridad",
            "Necesidades por prioridad y presupuesto",
            NEEDS,
            "Las necesidades en orden, con la regla a la vista, y qué riesgos extremos quedan sin cubrir.",
        ),
        _report(
            "equipos",
            "Equipos y obsolescencia",
            TECHNOLOGY,
            "El parque de equipos por tipo y estado, y cuáles ya no tienen soporte y por qué.",
            public=True,
        ),
        _report(
            "sistemas",
            "Sistemas de información y servicios web",
            TECHNOLOGY,
            "Para qué sirve cada sistema, quién responde por él, quién le da soporte y hasta cuándo.",
            public=True,
        ),
        _report(
            "capitulo6",
            "PETI, capítulo 6: Analizar",
            PLAN,
            "El análisis de la situación actual que pide la guía del PETI, escrito con los datos registrados.",
        ),
        _report(
            "hoja_de_ruta",
            "Hoja de ruta del PETI",
            PLAN,
            "Las iniciativas por componente, programa y año, con lo que valen.",
            public=True,
        ),
        _report(
            "indicadores",
            "Programas e indicadores del PETI",
            PLAN,
            "La línea base, la meta y el avance de cada indicador.",
            public=True,
        ),
        _report(
            "falta",
            "Quién falta por entregar",
            CONTROL,
            "Qué debe cada dependencia, desde cuándo, qué llegó vacío y qué filas esperan una decisión.",
        ),
        _report(
            "cambios",
            "Qué cambió desde el último corte",
            CONTROL,
            "Lo nuevo, lo cambiado y lo retirado frente al último corte sellado.",
        ),
    )
}

"""Which module draws which report, and its public version; imported when somebody draws, for it brings all of them."""

from collections.abc import Mapping
from typing import Final

from peti_desktop.reports import (
    Pages,
    cambios,
    capitulo6,
    consolidado,
    equipos,
    falta,
    hoja_de_ruta,
    indicadores,
    mapas,
    matriz,
    necesidades,
    prioridad,
    sistemas,
    tratamiento,
)

INTERNAL: Final[Mapping[str, tuple[str, Pages]]] = {
    "consolidado": (consolidado.TITLE, consolidado.pages),
    "matriz": (matriz.TITLE, matriz.pages),
    "mapas": (mapas.TITLE, mapas.pages),
    "tratamiento": (tratamiento.TITLE, tratamiento.pages),
    "necesidades": (necesidades.TITLE, necesidades.pages),
    "prioridad": (prioridad.TITLE, prioridad.pages),
    "equipos": (equipos.TITLE, equipos.pages),
    "sistemas": (sistemas.TITLE, sistemas.pages),
    "capitulo6": (capitulo6.TITLE, capitulo6.pages),
    "hoja_de_ruta": (hoja_de_ruta.TITLE, hoja_de_ruta.pages),
    "indicadores": (indicadores.TITLE, indicadores.pages),
    "falta": (falta.TITLE, falta.pages),
    "cambios": (cambios.TITLE, cambios.pages),
}
PUBLIC: Final[Mapping[str, tuple[str, Pages]]] = {
    "consolidado": (consolidado.TITLE, consolidado.public_pages),
    "mapas": (mapas.TITLE, mapas.public_pages),
    "necesidades": (necesidades.TITLE, necesidades.public_pages),
    "equipos": (equipos.PUBLIC_TITLE, equipos.public_pages),
    "sistemas": (sistemas.TITLE, sistemas.public_pages),
    "hoja_de_ruta": (hoja_de_ruta.TITLE, hoja_de_ruta.public_pages),
    "indicadores": (indicadores.TITLE, indicadores.public_pages),
}

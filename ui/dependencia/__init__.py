"""The windows of a dependencia."""

from ui.desk import PageSpec


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    from ui.dependencia.entregar import EntregarPage
    from ui.dependencia.equipos import EquiposPage
    from ui.dependencia.inicio import InicioPage
    from ui.dependencia.necesidades import NecesidadesPage
    from ui.dependencia.riesgos import RiesgosPage

    return (
        PageSpec("inicio", "&Inicio", "inicio", InicioPage),
        PageSpec("riesgos", "&Riesgos", "riesgos", RiesgosPage, count="riesgo"),
        PageSpec("equipos", "&Equipos", "equipos", EquiposPage, count="equipo"),
        PageSpec("necesidades", "&Necesidades", "necesidades", NecesidadesPage, count="necesidad"),
        PageSpec("entregar", "En&tregar", "entregar", EntregarPage),
    )

"""The windows of a dependencia."""

from ui.desk import PageSpec


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    from ui.dependencia.copias import CopiasPage
    from ui.dependencia.entregar import EntregarPage
    from ui.dependencia.equipos import EquiposPage
    from ui.dependencia.formacion import FormacionPage
    from ui.dependencia.inicio import InicioPage
    from ui.dependencia.necesidades import NecesidadesPage
    from ui.dependencia.observaciones import ObservacionesPage, waiting
    from ui.dependencia.riesgos import RiesgosPage
    from ui.dependencia.sedes import SedesPage
    from ui.dependencia.sistemas import SistemasPage

    return (
        PageSpec("inicio", "&Inicio", "inicio", InicioPage),
        PageSpec("riesgos", "&Riesgos", "riesgos", RiesgosPage, count="riesgo"),
        PageSpec("equipos", "&Equipos", "equipos", EquiposPage, count="equipo"),
        PageSpec("necesidades", "&Necesidades", "necesidades", NecesidadesPage, count="necesidad"),
        PageSpec("sistemas", "Siste&mas", "sistemas", SistemasPage, count="sistema"),
        PageSpec("sedes", "Sedes &y red", "sede", SedesPage, count="sede"),
        PageSpec("formacion", "&Formación", "formacion", FormacionPage, count="formacion"),
        PageSpec("observaciones", "O&bservaciones", "observaciones", ObservacionesPage, count=waiting),
        PageSpec("entregar", "En&tregar", "entregar", EntregarPage),
        PageSpec("copias", "&Copias", "copias", CopiasPage),
    )

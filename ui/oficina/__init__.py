"""The windows of the Oficina TIC."""

from ui.desk import PageSpec
from ui.oficina.bandeja import BandejaPage
from ui.oficina.firmantes import FirmantesPage
from ui.oficina.informes import InformesPage
from ui.oficina.matriz import MatrizPage
from ui.oficina.tablero import TableroPage


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    return (
        PageSpec("tablero", "&Tablero", "tablero", TableroPage),
        PageSpec("bandeja", "&Bandeja", "bandeja", BandejaPage),
        PageSpec("matriz", "&Matriz", "matriz", MatrizPage, count="riesgo"),
        PageSpec("informes", "&Informes", "informes", InformesPage),
        PageSpec("firmantes", "Firmante&s", "firmantes", FirmantesPage),
    )

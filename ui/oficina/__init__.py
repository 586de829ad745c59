"""The windows of the Oficina TIC."""

from peti_desktop.consolidation.duplicates import waiting
from peti_desktop.intake.inbox import waiting as deliveries_waiting
from ui.desk import Desk, PageSpec
from ui.oficina.bandeja import BandejaPage
from ui.oficina.bandeja_vigilada import Watcher
from ui.oficina.bitacora import BitacoraPage
from ui.oficina.cortes import CortesPage
from ui.oficina.dudas import DudasPage
from ui.oficina.dudas import waiting as doubts_waiting
from ui.oficina.firmantes import FirmantesPage
from ui.oficina.informes import InformesPage
from ui.oficina.matriz import MatrizPage
from ui.oficina.necesidades import NecesidadesPage
from ui.oficina.plan import PlanPage
from ui.oficina.repetidos import RepetidosPage
from ui.oficina.tablero import TableroPage
from ui.oficina.vigencia import VigenciaPage


def pages() -> tuple[PageSpec, ...]:
    """The pages in the order of the navigation."""
    return (
        PageSpec("tablero", "&Tablero", "tablero", TableroPage),
        PageSpec("bandeja", "&Bandeja", "bandeja", BandejaPage, count=deliveries_waiting, begins=watch),
        PageSpec("dudas", "Dudas", "dudas", DudasPage, count=doubts_waiting),
        PageSpec("matriz", "&Matriz", "matriz", MatrizPage, count="riesgo"),
        PageSpec("necesidades", "&Necesidades", "necesidades", NecesidadesPage, count="necesidad"),
        PageSpec("repetidos", "Repetidos", "repetidos", RepetidosPage, count=waiting),
        PageSpec("plan", "P&lan PETI", "plan", PlanPage, count="iniciativa"),
        PageSpec("informes", "&Informes", "informes", InformesPage),
        PageSpec("cortes", "&Cortes", "cortes", CortesPage),
        PageSpec("vigencia", "Vi&gencia", "vigencia", VigenciaPage),
        PageSpec("firmantes", "Firmante&s", "firmantes", FirmantesPage),
        PageSpec("bitacora", "Bitác&ora", "bitacora", BitacoraPage),
    )


def watch(desk: Desk) -> None:
    """Look from now on at the folder in which deliveries appear."""
    Watcher.of(desk).begin()

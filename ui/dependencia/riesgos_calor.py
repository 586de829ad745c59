"""The heat map beside a risk: where it stands before and after its controls, live."""

from typing import Final

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from peti_desktop import method
from peti_desktop.catalogues import Catalogues
from ui import theme
from ui.chips import ZoneChip, label
from ui.dependencia.pasos.live import Live
from ui.heatmap import HeatMap

WIDTH: Final = 300
INSIDE: Final = 430
"""Its height inside the step «Valorar»."""
UNBOUND: Final = 16777215
"""Qt's word for «as much as there is»."""


class HeatCard(QFrame):
    """Shows one risk on the map, and its two zones in words."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Mapa de calor", "heading"))
        self.heat = HeatMap(method.load(catalogues.metodo, catalogues.vigencia).zone, catalogues)
        self.heat.setMaximumHeight(340)
        column.addWidget(self.heat, 10)
        self._zones = {"zona_inherente": ZoneChip(), "zona_residual": ZoneChip()}
        for name, text in (("zona_inherente", "I · Inherente"), ("zona_residual", "R · Residual")):
            line = QHBoxLayout()
            line.addWidget(label(text, "muted"), 1)
            line.addWidget(self._zones[name])
            column.addLayout(line)
        column.addStretch(1)

    def tell(self, live: Live) -> None:
        """Show a risk as it is written now."""
        for name, chip in self._zones.items():
            zone = live.values.get(name)
            chip.set_zone(str(zone) if zone else None)
        self.heat.show_risk(_cell(live, "inherente"), _cell(live, "residual"))
        if live.rules is not None:
            self.heat.set_zones(live.rules.zone)

    def stand(self, *, inside: bool) -> None:
        """As wide as the step and of a fixed height, or of a fixed width and as high as the page."""
        if inside:
            self.setMinimumWidth(0)
            self.setMaximumWidth(UNBOUND)
            self.setFixedHeight(INSIDE)
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(UNBOUND)
            self.setFixedWidth(WIDTH)


def _cell(live: Live, which: str) -> tuple[int, int] | None:
    p, i = live.values.get(f"probabilidad_{which}"), live.values.get(f"impacto_{which}")
    return (int(p), int(i)) if isinstance(p, int | str) and isinstance(i, int | str) else None

"""Step 4: what is done with what is left, who answers for it, and when."""

from typing import Final

from PySide6.QtWidgets import QHBoxLayout

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.riesgo import CORRUPTION
from ui.chips import ZoneChip, card, label
from ui.dependencia.pasos.live import Live
from ui.dependencia.pasos.step import Step
from ui.form import two_columns

FIELDS: Final = (
    "tratamiento",
    "estado_plan",
    "plan_accion",
    "responsable",
    "fecha_implementacion",
    "fecha_seguimiento",
    "seguimiento",
    "fuente",
)
ADVICE: Final = {
    "bajo": "Puede aceptarse; conviene mirarlo de nuevo en el próximo corte.",
    "moderado": "Puede aceptarse o reducirse.",
    "alto": "No se puede aceptar como queda: elija cómo bajarlo o evitarlo.",
    "extremo": "No se puede aceptar como queda: elija cómo bajarlo o evitarlo, y diga desde cuándo.",
}


class Tratar(Step):
    """The option, the plan, the post that answers, the dates."""

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__(catalogues, FIELDS)
        frame, rows = card()
        self._words = label("", wraps=True)
        self.zone = ZoneChip()
        line = QHBoxLayout()
        line.addWidget(self._words, 1)
        line.addWidget(self.zone)
        rows.addLayout(line)
        self.column.addWidget(frame)
        self.column.addLayout(two_columns(self.editors.values()))
        self.column.addStretch()

    def tell(self, live: Live) -> None:
        zone = live.values.get("zona_residual")
        self.zone.set_zone(str(zone) if zone else None)
        words = ADVICE.get(str(zone), "")
        if words and live.values.get("tipo") in CORRUPTION:
            words = "Un riesgo de corrupción nunca se acepta: elija cómo bajarlo o evitarlo."
        self._words.setText(f"Lo que queda después de los controles. {words}" if words else "Falta valorar el riesgo.")

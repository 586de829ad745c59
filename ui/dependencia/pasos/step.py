"""What the four steps have in common: some fields of the risk, and a look at it while it is typed."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import RIESGO
from ui import theme
from ui.dependencia.pasos.live import Live
from ui.editors import Editor


class Step(QWidget):
    """One step. ``editors`` by field name; ``tell(live)`` after each change, by the person or from the store."""

    def __init__(self, catalogues: Catalogues, names: Iterable[str]) -> None:
        super().__init__()
        self.catalogues = catalogues
        self.editors = {name: Editor(RIESGO[name], catalogues) for name in names}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.TIGHT, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        self.column.setSpacing(theme.MEDIUM)

    def tell(self, live: Live) -> None:
        """Show what follows from the values."""

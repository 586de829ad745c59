"""Step 2: what the file will hold, and what changed since the last one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from peti_desktop.delivery.deliver import Summary, summary
from peti_desktop.delivery.envelope import file_name
from peti_desktop.records import TYPES
from ui import theme
from ui.chips import card, label
from ui.dependencia.entrega.step import DeliveryStep
from ui.desk import Desk


class Revisar(DeliveryStep):
    """Counts by type."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.forward = "&Siguiente: firmar"
        frame, rows = card()
        self.heading = label("", "heading", wraps=True)
        self.previous = label("", "muted", wraps=True)
        rows.addWidget(self.heading)
        rows.addWidget(self.previous)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.WIDE)
        self._grid.setVerticalSpacing(theme.SMALL)
        self._grid.setColumnStretch(3, 1)
        rows.addLayout(self._grid)
        self.column.addWidget(frame)
        self.column.addStretch()

    def begin(self) -> None:
        workspace = self.desk.workspace
        self.set_ready(False)
        self.desk.run(lambda _progress: summary(workspace), self._fill)

    def _fill(self, found: Summary) -> None:
        info = self.desk.workspace.info
        name = file_name(info.vigencia, info.dependencia, found.number)
        self.heading.setText(f"Entrega n.º {found.number} de {info.dependencia_nombre}, vigencia {info.vigencia}")
        since = f"La anterior fue {found.previous}." if found.previous else "Es la primera de esta vigencia."
        self.previous.setText(f"Archivo {name}. {since}")
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        shown = 3 if found.previous else 2
        for column, words in enumerate(("", "Registros", "Cambiados desde la anterior")[:shown]):
            self._put(words, 0, column, "small")
        for row, (type_name, record_type) in enumerate(TYPES.items(), 1):
            self._put(record_type.title, row, 0, "body")
            self._put(str(found.counts.get(type_name, 0)), row, 1, "heading")
            if found.previous:
                self._put(str(found.changed.get(type_name, 0)), row, 2, "body")
        self.set_ready(True)

    def _put(self, words: str, row: int, column: int, role: str) -> None:
        side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(label(words, role), row, column, side)

"""The reports of a cut: those that were issued with it, and those that can be made of its data."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from peti_desktop import reports
from peti_desktop.consolidation.cuts import WORKBOOK, WORKBOOK_TITLE, Issued
from ui import theme
from ui.chips import button, label


class ReportList(QWidget):
    """``again(name)``: give an issued report again; ``anew(name)``: make one of the cut's data."""

    again = Signal(str)
    anew = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(theme.SMALL)
        self._grid.setVerticalSpacing(theme.TIGHT)

    def fill(self, kept: Sequence[Issued]) -> None:
        """Offer the reports of another cut."""
        while (entry := self._grid.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        titles = {name: report.title for name, report in reports.REPORTS.items()} | {WORKBOOK: WORKBOOK_TITLE}
        names = [report.name for report in kept]
        lines = [(titles.get(name, name), "Volver a emitir", partial(self.again.emit, name)) for name in names]
        lines += [
            (f"{title} (no se emitió con el corte)", "Hacer con sus datos", partial(self.anew.emit, name))
            for name, title in titles.items()
            if name not in names and name != WORKBOOK
        ]
        for row, (title, verb, act) in enumerate(lines):
            go = button(verb, act)
            go.setAccessibleName(f"{verb}: {title}")
            self._grid.addWidget(label(title, wraps=True), row, 0)
            self._grid.addWidget(go, row, 1)

"""Step 1: which column is which field, with what the sheet holds there."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.importing.cells import text_of
from peti_desktop.importing.columns import Layout, fields_of, headings, samples
from peti_desktop.importing.grid import Grid, letters
from peti_desktop.records.fields import Field, Kind, RecordType
from ui import theme
from ui.chips import label
from ui.picker import Picker

NONE: Final = -1
SHOWN: Final = 3
"""Sample values beside each field."""


class Quiet(QComboBox):
    """A list that a wheel on its way down the page does not change."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class Line:
    """The widgets of one field: its column, and beside it either samples or one answer for every new record."""

    def __init__(self, field: Field, catalogues: Catalogues) -> None:
        self.field = field
        self.name = QLabel(f"{field.label} *" if field.required else field.label)
        self.column = Quiet()
        self.column.setAccessibleName(f"Columna de {field.label}")
        self.column.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.column.setMinimumContentsLength(18)
        self.samples = label("", "small")
        self.samples.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.side = QStackedWidget()
        self.side.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.side.addWidget(self.samples)
        self.fixed: Picker | None = None
        if field.kind is Kind.CHOICE:
            self.fixed = Picker()
            self.fixed.offer([(entry.code, entry.label) for entry in catalogues.entries(field.catalogue)])
            self.fixed.line.setPlaceholderText("El mismo para todos los nuevos (si quiere)")
            self.fixed.setAccessibleName(f"{field.label} de todos los nuevos")
            self.side.addWidget(self.fixed)

    @property
    def chosen(self) -> int:
        """The column, or NONE."""
        found = self.column.currentData()
        return NONE if found is None else int(found)

    def offer(self, found: Mapping[int, str], chosen: int) -> None:
        """Put the sheet's columns on the list."""
        self.column.blockSignals(True)
        self.column.clear()
        self.column.addItem("No se trae", NONE)
        for column, text in found.items():
            self.column.addItem(f"{letters(column)} · {text}", column)
        self.column.setCurrentIndex(max(0, self.column.findData(chosen)))
        self.column.blockSignals(False)

    def look(self, grid: Grid, header: int) -> None:
        """Show what the column holds, or the answer for all where there is no column."""
        raws = [] if self.chosen == NONE else samples(grid, header, self.chosen, 40)
        texts = list(dict.fromkeys(" ".join(text_of(raw).split())[:40] for raw in raws))[:SHOWN]
        self.samples.setText("   ·   ".join(texts))
        self.samples.setToolTip("\n".join(texts))
        self.side.setCurrentIndex(1 if self.fixed is not None and self.chosen == NONE else 0)


class Columnas(QWidget):
    """The fields of a record type and where they come from. ``header_moved(row)`` when another heading was chosen."""

    header_moved = Signal(int)
    changed = Signal()

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues
        self._grid: Grid | None = None
        self._words: Mapping[str, Mapping[str, str]] = {}
        self.lines: dict[str, Line] = {}
        self.header = QSpinBox()
        self.header.setRange(1, 1_048_576)
        self.header.setKeyboardTracking(False)
        self.header.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.header.setAccessibleName("Fila de los encabezados")
        self.header.valueChanged.connect(lambda row: self.header_moved.emit(row - 1))
        caption = label("Los encabezados están en la &fila")
        caption.setBuddy(self.header)
        self.told = label("", "muted", wraps=True)
        top = QHBoxLayout()
        top.setSpacing(theme.SMALL)
        top.addWidget(caption)
        top.addWidget(self.header)
        top.addSpacing(theme.LARGE)
        top.addWidget(self.told, 1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MEDIUM)
        column.addLayout(top)
        column.addWidget(self._scroll, 1)

    def show_sheet(self, record_type: RecordType, grid: Grid, layout: Layout, *, known: bool) -> None:
        """Show ``layout`` for a sheet; ``known`` when it was used before for the same headings."""
        self._grid = grid
        self._words = layout.words
        self.header.blockSignals(True)
        self.header.setValue(layout.header + 1)
        self.header.blockSignals(False)
        self._build(record_type)
        found = headings(grid, layout.header)
        found |= {column: "(sin encabezado)" for column in grid.columns() if column not in found}
        for name, line in self.lines.items():
            line.offer(dict(sorted(found.items())), layout.columns.get(name, NONE))
            if line.fixed is not None:
                line.fixed.set_text(layout.fixed.get(name, ""))
            line.look(grid, layout.header)
        self._tell(known=known)

    def _build(self, record_type: RecordType) -> None:
        self.lines = {field.name: Line(field, self._catalogues) for field in fields_of(record_type)}
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        rows = QGridLayout(inside)
        rows.setContentsMargins(0, 0, theme.MEDIUM, 0)
        rows.setHorizontalSpacing(theme.MEDIUM)
        rows.setVerticalSpacing(theme.TIGHT)
        for place, words in enumerate(("Campo", "Columna del archivo", "Lo que hay en ella")):
            rows.addWidget(label(words, "small"), 0, place)
        for row, line in enumerate(self.lines.values(), 1):
            line.name.setBuddy(line.column)
            rows.addWidget(line.name, row, 0)
            rows.addWidget(line.column, row, 1)
            rows.addWidget(line.side, row, 2)
            line.column.activated.connect(lambda _index, line=line: self._chose(line))
        rows.setColumnStretch(1, 2)
        rows.setColumnStretch(2, 3)
        rows.setRowStretch(len(self.lines) + 1, 1)
        self._scroll.setWidget(inside)

    def _chose(self, chosen: Line) -> None:
        """One column goes to one field: the field that had it before is left without."""
        assert self._grid is not None
        for line in self.lines.values():
            if line is not chosen and chosen.chosen != NONE and line.chosen == chosen.chosen:
                line.column.setCurrentIndex(0)
            line.look(self._grid, self.header.value() - 1)
        self._tell(known=False)
        self.changed.emit()

    def _tell(self, *, known: bool) -> None:
        used = sum(line.chosen != NONE for line in self.lines.values())
        start = "Como la última vez con estos encabezados: " if known else ""
        self.told.setText(f"{start}{used} de {len(self.lines)} campos tienen columna. Revíselos." if used else
                          "Ningún encabezado se parece a los campos: escoja las columnas, u otra fila.")  # fmt: skip

    def layout_chosen(self) -> Layout:
        """What people settled on."""
        columns = {name: line.chosen for name, line in self.lines.items() if line.chosen != NONE}
        fixed = {
            name: line.fixed.text
            for name, line in self.lines.items()
            if line.fixed is not None and line.chosen == NONE and line.fixed.code is not None
        }
        return Layout(self.header.value() - 1, columns, fixed, self._words)

"""A table that is only read: search, filters, sorting, and the whole text of the cell that has the cursor."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.fields import Field, RecordType, Section, Value
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty
from ui.grid import GridPanel, RecordModel

_NEVER: Final = datetime(1, 1, 1, tzinfo=UTC)
LINES: Final = 2
"""Lines of the whole text that are in sight; the rest scrolls."""


def listed(name: str, singular: str, title: str, fields: Sequence[Field]) -> RecordType:
    """A description for a table of things that are no records; the first field names them."""
    return RecordType(name, singular, title, (fields[0].name,), (Section(title, tuple(fields)),))


def line(type_name: str, uid: str, values: Mapping[str, Value]) -> Record:
    """One line of such a table."""
    return Record(
        type=type_name,
        uid=uid,
        dependencia="",
        revision=0,
        values=dict(values),
        example=False,
        retired=None,
        created_at=_NEVER,
        created_by="",
        changed_at=_NEVER,
        changed_by="",
        origin=None,
        drafts={},
    )


class ReadTable(QWidget):
    """``panel`` and below it the text of the current cell, without cuts and with its line breaks.

    With ``tells`` it is what that says of the whole line.
    """

    def __init__(
        self,
        record_type: RecordType,
        catalogues: Catalogues,
        *,
        columns: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        empty: Empty | None = None,
        tells: Callable[[Record], str] | None = None,
    ) -> None:
        super().__init__()
        self._tells = tells
        model = RecordModel(record_type, catalogues, columns=columns, links=links, editable=False)
        self.panel = GridPanel(model, empty=empty)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("Texto completo de la celda")
        self.text.setPlaceholderText("Aquí se lee completa la celda que escoja.")
        self.text.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + 18)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.panel, 1)
        column.addWidget(self.text)
        self.panel.grid.selectionModel().currentChanged.connect(self._tell)
        model.modelReset.connect(self.text.clear)

    def fill(self, records: Sequence[Record]) -> None:
        """Show these."""
        self.panel.model.set_records(records)

    def take_keyboard(self) -> None:
        """Put the cursor into the first cell."""
        grid = self.panel.grid
        if self.panel.model.rowCount() and not grid.currentIndex().isValid():
            shown = grid.shown_columns()
            grid.setCurrentIndex(self.panel.model.index(0, shown[0] if shown else 0))
        (grid if self.panel.model.total else self.panel.search).setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, current: QModelIndex) -> None:
        model = self.panel.model
        if not current.isValid():
            self.text.clear()
            return
        record = model.record(current.row())
        if self._tells is not None:
            self.text.setPlainText(self._tells(record))
            return
        field = model.columns[current.column()]
        self.text.setPlainText(f"{field.label}: {model.text(record, field) or 'sin diligenciar'}")

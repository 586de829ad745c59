"""The table model over a list of records. It is given rows and never asks for them.

Sorting and searching happen on the list itself: a proxy that sorts takes seconds from ten thousand rows on.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import plain, show
from peti_desktop.records.fields import NO_APLICA, Field, Kind, Problem, RecordType, Severity, Value
from peti_desktop.records.record import Record

AnyIndex = QModelIndex | QPersistentModelIndex
Problems = Mapping[str, Sequence[Problem]]
"""What is wrong, by uid of the record."""

RECORD: Final = Qt.ItemDataRole.UserRole
SORT: Final = Qt.ItemDataRole.UserRole + 1
PROBLEMS: Final = Qt.ItemDataRole.UserRole + 2
ZONE: Final = Qt.ItemDataRole.UserRole + 3
"""The zone code of a cell whose field is a zone."""

ROOT: Final = QModelIndex()
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.AMOUNT, Kind.MONEY})


class RecordModel(QAbstractTableModel):
    """Records as rows, fields as columns.

    ``columns`` chooses fields by name (all typed ones otherwise). ``editable=False`` makes a table to read. ``links``
    maps uids of linked records to words. Columns of ``extra`` come first and show what a function says of a record.
    """

    def __init__(
        self,
        record_type: RecordType,
        catalogues: Catalogues,
        *,
        columns: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        editable: bool = True,
    ) -> None:
        super().__init__()
        self.record_type = record_type
        self.catalogues = catalogues
        self.columns: tuple[Field, ...] = tuple(
            record_type[name] for name in columns or [field.name for field in record_type.typed]
        )
        self._links = dict(links or {})
        self._editable = editable
        self._all: list[Record] = []
        self._shown: list[Record] = []
        self._words: dict[str, str] = {}
        self._problems: Problems = {}
        self._wanted: list[str] = []
        self._sorted: tuple[int, bool] | None = None

    # -- what it shows

    def set_records(
        self, records: Sequence[Record], problems: Problems | None = None, links: Mapping[str, str] | None = None
    ) -> None:
        """Show these records, in their order or as last sorted and searched."""
        self.beginResetModel()
        self._all = list(records)
        if problems is not None:
            self._problems = problems
        if links is not None:
            self._links = dict(links)
        self._words = {}
        self._arrange()
        self.endResetModel()

    def put(self, record: Record, problems: Sequence[Problem] | None = None) -> None:
        """Show the new state of one record, where it stands; a new record goes to the end."""
        if problems is not None:
            self._problems = {**self._problems, record.uid: problems}
        self._words.pop(record.uid, None)
        for place, old in enumerate(self._all):
            if old.uid == record.uid:
                self._all[place] = record
                break
        else:
            self.beginInsertRows(ROOT, len(self._shown), len(self._shown))
            self._all.append(record)
            self._shown.append(record)
            self.endInsertRows()
            return
        row = self.row_of(record.uid)
        if row is not None:
            self._shown[row] = record
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def search(self, text: str) -> None:
        """Show the records that contain every word of ``text``, accents and case aside."""
        self.beginResetModel()
        self._wanted = plain(text).split()
        self._arrange()
        self.endResetModel()

    @property
    def records(self) -> list[Record]:
        """The records shown, in the order shown."""
        return list(self._shown)

    @property
    def total(self) -> int:
        """How many records there are, found or not."""
        return len(self._all)

    def record(self, row: int) -> Record:
        """The record in ``row``."""
        return self._shown[row]

    def row_of(self, uid: str) -> int | None:
        """Where a record stands; ``None`` when it is not shown."""
        return next((row for row, record in enumerate(self._shown) if record.uid == uid), None)

    def column_of(self, name: str) -> int | None:
        """Where a field stands; ``None`` when it has no column."""
        return next((place for place, field in enumerate(self.columns) if field.name == name), None)

    def problems_of(self, record: Record, field: Field) -> list[Problem]:
        """What is wrong in one cell, what stops first."""
        found = [problem for problem in self._problems.get(record.uid, ()) if problem.field == field.name]
        return sorted(found, key=lambda problem: problem.severity is not Severity.STOPS)

    def text(self, record: Record, field: Field) -> str:
        """What a cell says."""
        if field.name in record.drafts:
            return record.drafts[field.name]
        return show(field, record.values.get(field.name), self.catalogues, self._links)

    def _arrange(self) -> None:
        self._shown = [record for record in self._all if self._found(record)]
        if self._sorted is not None:
            column, down = self._sorted
            field = self.columns[column]
            self._shown.sort(key=lambda record: self._sort_key(record, field), reverse=down)

    def _found(self, record: Record) -> bool:
        if not self._wanted:
            return True
        words = self._words.get(record.uid)
        if words is None:
            words = plain(" ".join(self.text(record, field) for field in self.columns))
            self._words[record.uid] = words
        return all(word in words for word in self._wanted)

    def _sort_key(self, record: Record, field: Field) -> tuple[int, Any]:
        value: Value = record.values.get(field.name)
        if value is None or value is NO_APLICA:
            return 0, ""
        if field.kind is Kind.CHOICE:
            return 1, self._place(field, str(value))
        if isinstance(value, int | Decimal | date):
            return 1, value
        return 1, spanish_key(self.text(record, field))

    def _place(self, field: Field, code: str) -> tuple[int, str]:
        # Zones and levels have an order of their own; other lists read better by their words.
        if field.name.startswith(("zona", "probabilidad", "impacto")):
            codes = [entry.code for entry in self.catalogues.entries(field.catalogue)]
            return (codes.index(code) if code in codes else len(codes)), code
        return 0, spanish_key(self.catalogues.label(field.catalogue, code))

    # -- Qt

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        record, field = self._shown[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                # A cell has one line; the whole text is in the tooltip.
                return " ".join(self.text(record, field).split())
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if field.kind in NUMBERS else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleDescriptionRole:
                return self._tip(record, field)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{field.label}: {self.text(record, field) or 'sin diligenciar'}"
            case _:
                return self._own(record, field, role)

    def _own(self, record: Record, field: Field, role: int) -> Any:
        if role == RECORD:
            return record
        if role == SORT:
            return self._sort_key(record, field)
        if role == PROBLEMS:
            return self.problems_of(record, field)
        if role == ZONE and field.catalogue == "zona":
            return record.values.get(field.name)
        return None

    def _tip(self, record: Record, field: Field) -> str | None:
        text = self.text(record, field)
        lines = [problem.text for problem in self.problems_of(record, field)]
        if len(text) > field.width:
            lines.append(text)
        return "\n".join(lines) or None

    def headerData(self, section: int, direction: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if direction is not Qt.Orientation.Horizontal:
            return None
        field = self.columns[section]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{field.label} *" if field.required and self._editable else field.label
            case Qt.ItemDataRole.ToolTipRole:
                return field.hint or field.label
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            case _:
                return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        usual = super().flags(index)
        if index.isValid() and self._editable and not self.columns[index.column()].computed:
            return usual | Qt.ItemFlag.ItemIsEditable
        return usual

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        uids = [(self._shown[index.row()].uid, index.column()) for index in before]
        self._sorted = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._arrange()
        rows = {record.uid: row for row, record in enumerate(self._shown)}
        self.changePersistentIndexList(before, [self.index(rows[uid], place) for uid, place in uids])
        self.layoutChanged.emit()


def spanish_key(text: str) -> str:
    """A text's place in the Spanish alphabet: accents aside, ñ after n."""
    return plain(text.casefold().replace("ñ", "n\U0010ffff"))

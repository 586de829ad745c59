"""The table model over a list of records. It is given rows and never asks for them.

Sorting and searching happen on the list itself: a proxy that sorts takes seconds from ten thousand rows on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import plain, show
from peti_desktop.records.fields import Blank, Field, Kind, Problem, RecordType, Severity, Value
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
FILTERED: Final = Qt.ItemDataRole.UserRole + 4
"""In the header: whether the column is filtered."""

BLANK: Final = ""
"""The text of an empty cell in a filter."""
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.AMOUNT, Kind.MONEY})


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """What a column must say: one of ``texts`` (any when None); with ``problems`` the cell must have one."""

    texts: frozenset[str] | None = None
    problems: bool = False


class RecordModel(QAbstractTableModel):
    """Records as rows, fields as columns.

    ``columns`` chooses fields by name (all typed ones otherwise). ``editable=False`` makes a table to read. ``links``
    maps uids of linked records to words. ``beside`` are fields that no record has: ``tell`` says what stands there.
    """

    def __init__(
        self,
        record_type: RecordType,
        catalogues: Catalogues,
        *,
        columns: Sequence[str] = (),
        links: Mapping[str, str] | None = None,
        editable: bool = True,
        beside: Sequence[Field] = (),
    ) -> None:
        super().__init__()
        self.record_type = record_type
        self.catalogues = catalogues
        self.fields: Mapping[str, Field] = {**record_type.by_name, **{field.name: field for field in beside}}
        self._told: dict[str, dict[str, str]] = {field.name: {} for field in beside}
        self.columns: tuple[Field, ...] = tuple(
            self.fields[name] for name in columns or [field.name for field in record_type.typed]
        )
        self._links = dict(links or {})
        self.editable = editable
        read = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        write = read | Qt.ItemFlag.ItemIsEditable
        self._flags = [write if editable and not field.computed else read for field in self.columns]
        self._italic = QFont()
        self._italic.setItalic(True)
        self._all: list[Record] = []
        self._shown: list[Record] = []
        self._places: dict[str, int] = {}
        self._rows: dict[str, int] = {}
        self._words: dict[str, str] = {}
        self._problems: dict[str, Sequence[Problem]] = {}
        self._wanted: list[str] = []
        self._filters: dict[str, ColumnFilter] = {}
        self._only_wrong = False
        self._sorted: tuple[int, bool] | None = None
        self._keys: dict[str, dict[str, tuple[int, Any]]] = {}
        self._codes: dict[tuple[str, str], tuple[int, str]] = {}

    # -- what it shows

    def set_records(
        self,
        records: Sequence[Record],
        problems: Problems | None = None,
        links: Mapping[str, str] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> None:
        """Show these records, in their order or as last sorted and searched.

        ``words`` is what a search looks through, as ``searched`` tells it; it is worked out at need otherwise.
        """
        self.beginResetModel()
        self._all = list(records)
        self._places = {record.uid: place for place, record in enumerate(self._all)}
        if problems is not None:
            self._problems = dict(problems)
        if links is not None:
            self._links = dict(links)
        self._words = dict(words or {})
        self._keys = {}
        self._arrange()
        self.endResetModel()

    def put(self, record: Record, problems: Sequence[Problem] | None = None) -> None:
        """Show the new state of one record, where it stands; a new record goes to the end."""
        if problems is not None:
            self._problems[record.uid] = problems
        self._words.pop(record.uid, None)
        for keys in self._keys.values():
            keys.pop(record.uid, None)
        place = self._places.get(record.uid)
        if place is None:
            row = len(self._shown)
            self.beginInsertRows(ROOT, row, row)
            self._places[record.uid] = len(self._all)
            self._rows[record.uid] = row
            self._all.append(record)
            self._shown.append(record)
            self.endInsertRows()
            return
        self._all[place] = record
        shown = self._rows.get(record.uid)
        if shown is not None:
            self._shown[shown] = record
            self.dataChanged.emit(self.index(shown, 0), self.index(shown, len(self.columns) - 1))

    def set_problems(self, problems: Problems) -> None:
        """What is wrong with these records now; the others stay as they are."""
        self._problems.update(problems)
        rows = [row for uid in problems if (row := self._rows.get(uid)) is not None]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), len(self.columns) - 1))

    def tell(self, name: str, texts: Mapping[str, str]) -> None:
        """What stands in the column ``name``, one of those beside the records', by uid; the others stay as they are."""
        self._told[name].update(texts)
        self._keys.pop(name, None)
        rows = [row for uid in texts if (row := self._rows.get(uid)) is not None]
        if rows:
            self.dataChanged.emit(self.index(min(rows), 0), self.index(max(rows), len(self.columns) - 1))

    def search(self, text: str) -> None:
        """Show the records that contain every word of ``text``, accents and case aside."""
        wanted = plain(text).split()
        if wanted != self._wanted:
            self.beginResetModel()
            self._wanted = wanted
            self._arrange()
            self.endResetModel()

    def set_filter(self, name: str, wanted: ColumnFilter | None) -> None:
        """Show only records whose field ``name`` says what is ``wanted``; None lets all pass."""
        self.beginResetModel()
        if wanted is None or wanted == ColumnFilter():
            self._filters.pop(name, None)
        else:
            self._filters[name] = wanted
        self._arrange()
        self.endResetModel()

    def set_only_wrong(self, only: bool) -> None:
        """Show only records with a problem in any field, in a column or not; what is mended stays until asked again."""
        if only != self._only_wrong:
            self.beginResetModel()
            self._only_wrong = only
            self._arrange()
            self.endResetModel()

    @property
    def only_wrong(self) -> bool:
        """Whether only records with a problem are shown."""
        return self._only_wrong

    @property
    def wrong(self) -> int:
        """How many records have a problem, shown or not."""
        return sum(bool(self._problems.get(record.uid)) for record in self._all)

    def clear_filters(self) -> None:
        """Let all records pass."""
        if self._filters or self._only_wrong:
            self.beginResetModel()
            self._filters = {}
            self._only_wrong = False
            self._arrange()
            self.endResetModel()

    @property
    def filters(self) -> Mapping[str, ColumnFilter]:
        """What columns are filtered by, by field name."""
        return self._filters

    def said_in(self, name: str) -> list[tuple[str, int]]:
        """What the column ``name`` says among the records that pass all other filters, and how often; in order."""
        field = self.fields[name]
        others = {other: wanted for other, wanted in self._filters.items() if other != name}
        passing = [record for record in self._all if self._found(record) and self._passes(record, others)]
        keys = {self.text(record, field): self._sort_key(record, field) for record in passing}
        counted = Counter(self.text(record, field) for record in passing)
        return [(text, counted[text]) for text in sorted(keys, key=lambda text: keys[text])]

    def seen(self, uids: Iterable[str]) -> dict[str, int]:
        """The revisions in view of these records, by uid."""
        return {uid: self._all[place].revision for uid in uids if (place := self._places.get(uid)) is not None}

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
        return self._rows.get(uid)

    def column_of(self, name: str) -> int | None:
        """Where a field stands; ``None`` when it has no column."""
        return next((place for place, field in enumerate(self.columns) if field.name == name), None)

    def problems_of(self, record: Record, field: Field) -> list[Problem]:
        """What is wrong in one cell, what stops first."""
        said = self._problems.get(record.uid)
        if not said:
            return []
        found = [problem for problem in said if problem.field == field.name]
        return sorted(found, key=lambda problem: problem.severity is not Severity.STOPS)

    def text(self, record: Record, field: Field) -> str:
        """What a cell says."""
        if field.name in self._told:
            return self._told[field.name].get(record.uid, "")
        return said(record, field, self.catalogues, self._links)

    def _arrange(self) -> None:
        self._shown = [record for record in self._all if self._found(record) and self._passes(record, self._filters)]
        if self._sorted is not None:
            column, down = self._sorted
            field = self.columns[column]
            keys = self._keys.setdefault(field.name, {})
            for record in self._shown:
                if record.uid not in keys:
                    keys[record.uid] = self._sort_key(record, field)
            self._shown.sort(key=lambda record: keys[record.uid], reverse=down)
        self._rows = {record.uid: row for row, record in enumerate(self._shown)}

    def _found(self, record: Record) -> bool:
        if not self._wanted:
            return True
        words = self._words.get(record.uid)
        if words is None:
            words = searched(record, self.columns, self.catalogues, self._links)
            self._words[record.uid] = words
        return all(word in words for word in self._wanted)

    def _passes(self, record: Record, filters: Mapping[str, ColumnFilter]) -> bool:
        if self._only_wrong and not self._problems.get(record.uid):
            return False
        for name, wanted in filters.items():
            field = self.fields[name]
            if wanted.texts is not None and self.text(record, field) not in wanted.texts:
                return False
            if wanted.problems and not self.problems_of(record, field):
                return False
        return True

    def _sort_key(self, record: Record, field: Field) -> tuple[int, Any]:
        if field.name in self._told:
            return 1, spanish_key(self.text(record, field))
        value: Value = record.values.get(field.name)
        if value is None:
            return 0, ""
        if isinstance(value, Blank):
            return 0, value.value
        if field.kind is Kind.CHOICE:
            return 1, self._place(field, str(value))
        if isinstance(value, int | Decimal | date):
            return 1, value
        return 1, spanish_key(self.text(record, field))

    def _place(self, field: Field, code: str) -> tuple[int, str]:
        place = self._codes.get((field.catalogue, code))
        if place is None:
            # Zones and levels have an order of their own; other lists read better by their words.
            if field.name.startswith(("zona", "probabilidad", "impacto")):
                codes = [entry.code for entry in self.catalogues.entries(field.catalogue)]
                place = (codes.index(code) if code in codes else len(codes)), code
            else:
                place = 0, spanish_key(self.catalogues.label(field.catalogue, code))
            self._codes[field.catalogue, code] = place
        return place

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
        if role == Qt.ItemDataRole.FontRole and self._blank(record, field):
            return self._italic
        if role == SORT:
            return self._sort_key(record, field)
        if role == PROBLEMS:
            return self.problems_of(record, field)
        if role == ZONE and field.catalogue == "zona":
            return record.values.get(field.name)
        return None

    def _blank(self, record: Record, field: Field) -> bool:
        return isinstance(record.values.get(field.name), Blank) and field.name not in record.drafts

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
                return f"{field.label} *" if field.required and self.editable else field.label
            case Qt.ItemDataRole.ToolTipRole:
                filtered = "\nFiltrada: clic derecho para ver todo." if field.name in self._filters else ""
                return (field.hint or field.label) + filtered
            case _ if role == FILTERED:
                return field.name in self._filters
            case Qt.ItemDataRole.TextAlignmentRole:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            case _:
                return None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        # Qt asks for every row of a column that is selected whole, each time the headings are painted.
        return self._flags[index.column()] if index.isValid() else Qt.ItemFlag.NoItemFlags

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        uids = [(self._shown[index.row()].uid, index.column()) for index in before]
        self._sorted = None if column < 0 else (column, order is Qt.SortOrder.DescendingOrder)
        self._arrange()
        self.changePersistentIndexList(before, [self.index(self._rows[uid], place) for uid, place in uids])
        self.layoutChanged.emit()


def said(record: Record, field: Field, catalogues: Catalogues, links: Mapping[str, str]) -> str:
    """What the cell of a record says: what was typed and not understood, else its value."""
    if record.drafts and field.name in record.drafts:
        return record.drafts[field.name]
    value = record.values.get(field.name)
    return show(field, value, catalogues, links) if value is not None else ""


def searched(record: Record, fields: Sequence[Field], catalogues: Catalogues, links: Mapping[str, str]) -> str:
    """What a search looks through in a record: all its cells, accents and case aside."""
    return plain("\n".join(text for field in fields if (text := said(record, field, catalogues, links))))


def spanish_key(text: str) -> str:
    """A text's place in the Spanish alphabet: accents aside, ñ after n."""
    return plain(text.casefold().replace("ñ", "n\U0010ffff"))

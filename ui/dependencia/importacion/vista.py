"""Step 2: what would come in, which cells are wrong, and which words still need a meaning."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.importing.preview import ASIDE, CHANGED, EQUAL, KINDS, NEW, WRONG, Line, Preview
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Kind
from ui import theme
from ui.chips import StateChip, label
from ui.picker import Picker

AnyIndex = QModelIndex | QPersistentModelIndex
TONES: Final = {NEW: "fine", CHANGED: "info", EQUAL: "info", WRONG: "warns", ASIDE: "info"}
WORDS: Final = {
    NEW: ("1 nuevo", "{} nuevos"),
    CHANGED: ("1 cambia", "{} cambian"),
    EQUAL: ("1 ya está igual", "{} ya están iguales"),
    WRONG: ("1 con problemas", "{} con problemas"),
    ASIDE: ("1 fila no es un registro", "{} filas no son registros"),
}
ORDER: Final = {kind: place for place, kind in enumerate((WRONG, NEW, CHANGED, ASIDE, EQUAL))}
MOST_WORDS: Final = 60
"""Unknown words that are asked at once; a column of free text has thousands, and belongs elsewhere."""


class Texts(QAbstractTableModel):
    """Rows of words, read-only."""

    def __init__(self, headings: Sequence[str]) -> None:
        super().__init__()
        self._headings = tuple(headings)
        self._rows: list[tuple[str, ...]] = []

    def fill(self, rows: Sequence[tuple[str, ...]]) -> None:
        """Take other rows."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if index.isValid() and role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headings[section]
        return None


def table(model: Texts, name: str, widths: Sequence[int]) -> QTableView:
    """A plain table whose last column takes the room that is left; Tab leaves it."""
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setWordWrap(False)
    view.setShowGrid(False)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(theme.ROW)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    for column, width in enumerate(widths):
        view.setColumnWidth(column, width)
    view.horizontalHeader().setSectionResizeMode(len(widths), QHeaderView.ResizeMode.Stretch)
    return view


class Vista(QWidget):
    """The preview. ``words_changed`` when a word of the sheet got a meaning, ``choice_changed`` for the tick."""

    words_changed = Signal()
    choice_changed = Signal()

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__()
        self._catalogues = catalogues
        self._asked: dict[tuple[str, str], Picker] = {}
        self._chips = QHBoxLayout()
        self._chips.setSpacing(theme.SMALL)
        self.notes = label("", "muted", wraps=True)
        self.lines = Texts(("Fila", "Qué pasa", "Registro", "Detalle"))
        self.problems = Texts(("Celda", "Campo", "Dice", "Qué pasa"))
        self.tabs = QTabWidget()
        self.tabs.addTab(table(self.lines, "Filas del archivo", (60, 130, 220)), "&Filas")
        self.tabs.addTab(table(self.problems, "Celdas con problemas", (180, 140, 130)), "&Problemas")
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self.tabs.addTab(self._scroll, "Pala&bras")
        self.full = label("", "muted", wraps=True)
        for view in self.tabs.findChildren(QTableView):
            view.selectionModel().currentRowChanged.connect(self._tell_whole)
        self.tabs.currentChanged.connect(lambda _tab: self.full.clear())
        self.with_problems = QCheckBox()
        self.with_problems.toggled.connect(self.choice_changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(self._chips)
        column.addWidget(self.notes)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.full)
        column.addWidget(self.with_problems)

    def show_preview(self, found: Preview) -> None:
        """Show what ``found`` says."""
        self._count(found.counts)
        self.notes.setText("  ".join(("Las celdas vacías no borran nada.", *found.notes)))
        ordered = sorted(found.lines, key=lambda line: ORDER[line.kind])
        self.lines.fill([(str(line.row), line.kind.capitalize(), line.headline, _detail(line)) for line in ordered])
        self.problems.fill([(p.address, p.label, p.text[:200], p.sentence) for p in found.problems])
        self.tabs.setTabText(0, f"&Filas ({len(found.lines)})")
        self.tabs.setTabText(1, f"&Problemas ({len(found.problems)})")
        self.tabs.setTabVisible(1, bool(found.problems))
        self._ask(found)
        many = found.mendable
        self.with_problems.setVisible(bool(many))
        rows = "la fila que tiene" if many == 1 else f"las {many} filas que tienen"
        self.with_problems.setText(
            f"Traer también {rows} problemas: lo que no se entiende queda en su campo por corregir"
        )
        self.choice_changed.emit()

    def _tell_whole(self, current: QModelIndex) -> None:
        """Below the table, the words that do not fit their cell."""
        if current.isValid():
            self.full.setText(str(current.siblingAtColumn(current.model().columnCount() - 1).data()))

    def _count(self, counts: Mapping[str, int]) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for kind in KINDS:
            if count := counts[kind]:
                one, more = WORDS[kind]
                self._chips.addWidget(StateChip(one if count == 1 else more.format(count), TONES[kind]))
        self._chips.addStretch()

    def _ask(self, found: Preview) -> None:
        """One line for each word that is in no list."""
        record_type = TYPES[found.type]
        unknown = Counter(
            (p.field, p.text) for p in found.problems if record_type[p.field].kind is Kind.CHOICE and p.text
        )
        nearest = {(p.field, p.text): p.nearest for p in found.problems}
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        rows = QGridLayout(inside)
        rows.setHorizontalSpacing(theme.MEDIUM)
        self._asked = {}
        for row, ((name, text), times) in enumerate(unknown.most_common(MOST_WORDS)):
            field = record_type[name]
            picker = Picker()
            near = nearest[name, text]
            entries = [(entry.code, entry.label) for entry in self._catalogues.entries(field.catalogue)]
            picker.offer(sorted(entries, key=lambda entry: near.index(entry[0]) if entry[0] in near else len(near)))
            if near:
                picker.line.setPlaceholderText(f"quizá «{self._catalogues.label(field.catalogue, near[0])}»")
            picker.setAccessibleName(f"{field.label}: «{text[:60]}» significa")
            picker.picked.connect(lambda _code: self.words_changed.emit())
            self._asked[name, text] = picker
            told = f"«{text[:60]}» ({times} {'fila' if times == 1 else 'filas'})"
            rows.addWidget(label(field.label, "muted"), row, 0)
            rows.addWidget(label(told), row, 1)
            rows.addWidget(label("significa"), row, 2)
            rows.addWidget(picker, row, 3)
        rows.setColumnStretch(3, 1)
        rows.setRowStretch(len(unknown), 1)
        self._scroll.setWidget(inside)
        self.tabs.setTabText(2, f"Pala&bras por aclarar ({len(unknown)})")
        self.tabs.setTabVisible(2, bool(unknown))

    def words(self) -> dict[str, dict[str, str]]:
        """The meanings people gave, by field and plain text."""
        found: dict[str, dict[str, str]] = {}
        for (name, text), picker in self._asked.items():
            if code := picker.code:
                found.setdefault(name, {})[plain(text)] = code
        return found


def _detail(line: Line) -> str:
    if line.why:
        return line.why
    if line.problems:
        return "  ".join(f"{problem.label}: {problem.sentence}" for problem in line.problems)
    return ";  ".join(f"{c.label}: {c.before or '(vacío)'} → {c.after}" for c in line.changes)

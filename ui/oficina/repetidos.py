"""What looks like the same thing twice: proposals with their reason, side by side, for a person to decide."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QItemSelection, Qt, QTimer, Slot
from PySide6.QtGui import QFont, QHideEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListView,
    QSplitter,
    QTabBar,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.consolidation import roles
from peti_desktop.consolidation.beside import MOST, Compared, side_by_side
from peti_desktop.consolidation.duplicates import Proposal, proposals
from peti_desktop.consolidation.grouping import DISTINCT, SAME, WORDS, Group, decide, decided, undo
from peti_desktop.errors import UserError
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import Empty, button, label
from ui.desk import Desk, Subject
from ui.oficina.repetidos_lista import ENTRY, Entries, Entry, EntryPainter
from ui.oficina.to_matrix import RecordsPage
from ui.oficina.words import plural, thousands

TYPES: Final = {"necesidad": "Necesidades", "equipo": "Equipos", "riesgo": "Riesgos"}
DECIDED: Final = "decididos"
GROUPS: Final = "grupo"
"""Beside the record types in ``desk.stored``: something was decided about what looks alike."""
SAME_TEXT: Final = {
    "necesidad": "Misma necesidad: c&omprar juntas",
    "equipo": "Es el mism&o equipo",
    "riesgo": "Riesg&o parecido",
}
PAUSE_MS: Final = 120
FIELD_WIDTH: Final = 132
COLUMN_WIDTH: Final = 165


@dataclass(frozen=True, slots=True)
class Found:
    """Proposals and decisions by type, and why who looks at them may not decide."""

    of: dict[str, tuple[list[Proposal], list[Group]]]
    refused: UserError | None


class RepetidosPage(RecordsPage):
    """See the module. Nothing is decided by itself; every decision can be taken back in «Decididos»."""

    title = "Repetidos"
    subtitle = "Se proponen y usted decide: nada se une solo, y cada registro conserva lo suyo."
    shows = frozenset({*TYPES, GROUPS})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.found: dict[str, list[Proposal]] = {name: [] for name in TYPES}
        self.standing: dict[str, list[Group]] = {name: [] for name in TYPES}
        self.model = Entries()
        self.tabs = QTabBar()
        self.list = QListView()
        self.table = QTableWidget()
        self.note = QLineEdit()
        self.same = button("", self._decide_same)
        self.distinct = button("Son &distintos", self._decide_distinct)
        self.take_back = button("Des&hacer la decisión", self._take_back)
        self._writable = True
        self._opened = False
        self.why_not = label("", "muted", wraps=True)
        self.why_not.hide()
        self._heading = label("", "heading", wraps=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._compare)
        self._build()

    def _build(self) -> None:
        self.tabs.setAccessibleName("Qué se compara")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for name, text in (*TYPES.items(), (DECIDED, "Decididos")):
            self.tabs.setTabData(self.tabs.addTab(text), name)
        self.tabs.currentChanged.connect(self._tab_chosen)
        self.list.setAccessibleName("Propuestas")
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMinimumWidth(220)
        self.list.selectionModel().selectionChanged.connect(self._picked)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(self.list)
        split.addWidget(self._right())
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([380, 640])
        self._split = split
        self._empty = Empty("Nada que decidir", "No hay registros que parezcan lo mismo dos veces.", icon="repetidos")
        self._undecided = Empty(
            "Todavía no se ha decidido nada", "Aquí quedan las decisiones, para poder deshacerlas.", icon="repetidos"
        )
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self.tabs)
        self.body.addWidget(split, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self._undecided, 1)
        self._undecided.hide()

    def _right(self) -> QWidget:
        self.table.setAccessibleName("Los registros, lado a lado")
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setWordWrap(True)
        self.table.setTabKeyNavigation(False)
        # The row's height is reckoned without the padding of the style sheet; long texts would lose their last line.
        self.table.setStyleSheet("QTableView::item { padding: 0; }")
        self.table.verticalHeader().hide()
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.itemActivated.connect(lambda _item: self._open())
        self.note.setAccessibleName("Nota de la decisión")
        self.note.setPlaceholderText("Nota, si hace falta")
        self.note.setMaxLength(500)
        actions = QHBoxLayout()
        actions.setSpacing(theme.SMALL)
        actions.addWidget(self.note, 1)
        for made in (self.same, self.distinct, self.take_back):
            actions.addWidget(made)
        right = QWidget()
        right.setMinimumWidth(380)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self._heading)
        column.addWidget(self.table, 1)
        column.addWidget(
            label("≠ y negrita: no dicen lo mismo.  F8 o Entrar: verlo en la matriz.", "small", wraps=True)
        )
        column.addWidget(self.why_not)
        column.addLayout(actions)
        return right

    # -- what it shows

    @property
    def tab(self) -> str:
        """The tab in front: a record type or ``DECIDED``."""
        return str(self.tabs.tabData(self.tabs.currentIndex()))

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(progress: Progress) -> Found:
            found = {name: (proposals(workspace, name, progress), decided(workspace, name)) for name in TYPES}
            return Found(found, roles.refusal(workspace, roles.CHANGE))

        self.desk.run(look, self._fill, text="Buscando repetidos…")

    def _fill(self, looked: Found) -> None:
        found, self._writable = looked.of, looked.refused is None
        self.why_not.setText("" if looked.refused is None else looked.refused.what)
        self.why_not.setVisible(looked.refused is not None)
        self.found = {name: alike for name, (alike, _) in found.items()}
        self.standing = {name: groups for name, (_, groups) in found.items()}
        for place in range(self.tabs.count()):
            name = str(self.tabs.tabData(place))
            count = sum(map(len, self.standing.values())) if name == DECIDED else len(self.found[name])
            self.tabs.setTabText(place, f"{TYPES.get(name, 'Decididos')}  {thousands(count)}")
        if not self._opened:
            self._opened = True
            self._open_first_with_work()
        self._turn()

    def _open_first_with_work(self) -> None:
        """Nobody has chosen a tab yet: the first with something to decide, where there is one."""
        place = next((place for place, name in enumerate(TYPES) if self.found[name]), 0)
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(place)
        self.tabs.blockSignals(False)

    def _tab_chosen(self, _place: int) -> None:
        self._opened = True
        self._turn()

    def _turn(self) -> None:
        row = max(0, self.list.currentIndex().row())
        units = partial(self.desk.workspace.catalogues.label, "dependencia")
        if self.tab == DECIDED:
            groups = [group for of in self.standing.values() for group in of]
            groups.sort(key=lambda group: group.when, reverse=True)
            self.model.fill([_decision(group) for group in groups])
        else:
            self.model.fill([_line(proposal, units) for proposal in self.found[self.tab]])
        count = self.model.rowCount()
        self._split.setVisible(count > 0)
        self._empty.setVisible(count == 0 and self.tab != DECIDED)
        self._undecided.setVisible(count == 0 and self.tab == DECIDED)
        if count:
            self.list.setCurrentIndex(self.model.index(min(row, count - 1)))
        self._picked()

    @property
    def picked(self) -> list[Proposal | Group]:
        """What is selected, from the top."""
        rows = sorted(self.list.selectionModel().selectedIndexes(), key=lambda index: index.row())
        return [index.data(ENTRY).of for index in rows]

    @Slot()
    @Slot(QItemSelection, QItemSelection)
    def _picked(self, *_what: object) -> None:
        some = self.picked
        many = f" ({len(some)})" if len(some) > 1 else ""
        over = self.tab == DECIDED
        for made in (self.same, self.distinct, self.note):
            made.setVisible(not over)
        self.take_back.setVisible(over)
        self.same.setText(SAME_TEXT.get(self.tab, "") + many)
        self.distinct.setText(f"Son &distintos{many}")
        for made in (self.same, self.distinct, self.take_back):
            made.setEnabled(bool(some) and self._writable)
            made.setAccessibleDescription(self.why_not.text())
        self.note.setEnabled(self._writable)
        self._pause.start()

    @Slot()
    def _compare(self) -> None:
        some = self.picked
        if not some:
            self.table.setRowCount(0)
            self._heading.setText("")
            return
        first, workspace = some[0], self.desk.workspace
        self.desk.run(lambda _progress: side_by_side(workspace, first.type, first.uids), partial(self._show, first))

    def _show(self, first: Proposal | Group, lines: Sequence[Compared]) -> None:
        if first not in self.picked[:1]:
            return  # somebody went on while it was read
        shown = min(len(first.uids), MOST)
        more = f" Se ven los primeros {MOST} de {thousands(len(first.uids))}." if len(first.uids) > MOST else ""
        self._heading.setText(f"{first.reason}.{more}")
        self.table.clear()
        self.table.setColumnCount(shown + 1)
        self.table.setRowCount(len(lines))
        self.table.setHorizontalHeaderLabels(["Campo", *(f"Registro {n + 1}" for n in range(shown))])
        for row, line in enumerate(lines):
            sign = "≠ " if line.differs else "= "
            self._cell(row, 0, sign + line.label, line.differs, spoken=f"{line.label}: {_said(line.differs)}")
            for column, text in enumerate(line.values, 1):
                self._cell(row, column, text, line.differs, spoken=text or "Sin diligenciar")
        self.table.setColumnWidth(0, FIELD_WIDTH)
        room = max(COLUMN_WIDTH, (self.table.viewport().width() - FIELD_WIDTH) // max(1, shown))
        for column in range(1, shown + 1):
            self.table.setColumnWidth(column, room)

    def _cell(self, row: int, column: int, text: str, differs: bool, *, spoken: str) -> None:
        item = QTableWidgetItem(text if len(text) <= 600 else text[:599] + "…")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken[:600])
        font = QFont(self.table.font())
        font.setBold(differs)
        item.setFont(font)
        self.table.setItem(row, column, item)

    # -- deciding

    def _decide_same(self) -> None:
        self._decide(SAME[self.tab])

    def _decide_distinct(self) -> None:
        self._decide(DISTINCT)

    def _decide(self, clase: str) -> None:
        some = [of for of in self.picked if isinstance(of, Proposal)]
        if not some:
            return
        workspace, note = self.desk.workspace, self.note.text()
        self.note.clear()
        words = f"{WORDS[clase]}: {plural(len(some), 'propuesta decidida', 'propuestas decididas')}."

        def done(uids: list[str]) -> None:
            self.reload()
            self.desk.notice.tell(words, tone="fine", action="Deshacer", act=partial(self._undo, uids))

        self.desk.save(lambda _progress: decide(workspace, some, clase, note), (GROUPS,), done, origin=self)

    def _take_back(self) -> None:
        self._undo([of.uid for of in self.picked if isinstance(of, Group)])

    def _undo(self, uids: Sequence[str]) -> None:
        workspace = self.desk.workspace

        def done(count: int) -> None:
            self.reload()
            words = plural(count, "decisión deshecha", "decisiones deshechas")
            self.desk.notice.tell(f"{words}. Lo que se parecía se vuelve a proponer.", tone="fine")

        self.desk.save(lambda _progress: undo(workspace, uids), (GROUPS,), done, origin=self)

    # -- the record behind it

    def subject(self) -> Subject | None:
        some = self.picked
        if not some:
            return None
        column = max(1, self.table.currentColumn())
        return Subject(some[0].type, some[0].uids[min(column, len(some[0].uids)) - 1])

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()  # a window that closes asks nothing any more
        super().hideEvent(event)


def _said(differs: bool) -> str:
    return "no dicen lo mismo" if differs else "dicen lo mismo"


def _line(proposal: Proposal, units: Callable[[str], str]) -> Entry:
    named = [units(code) for code in proposal.dependencias]
    who = ", ".join(named[:3]) + (f" y {len(named) - 3} más" if len(named) > 3 else "")
    return Entry(proposal, proposal.reason, f"{plural(len(proposal.uids), 'registro', 'registros')} · {who}")


def _decision(group: Group) -> Entry:
    note = f"{plural(len(group.uids), 'registro', 'registros')} · {group.who}, {spoken_moment(group.when)}"
    return Entry(group, f"{WORDS[group.clase]}: {group.name}", note)

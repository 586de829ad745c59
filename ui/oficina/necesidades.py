"""Needs by priority, the budget line through them, what it leaves open, and the way to the plan of purchases."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QWidget,
)

from peti_desktop import reports
from peti_desktop.consolidation import budget, priorities, roles
from peti_desktop.consolidation.budget import Extreme, Line
from peti_desktop.consolidation.priorities import Before, Hand, Item, Need
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from peti_desktop.records.convert import plain
from ui import theme
from ui.chips import Empty, button
from ui.desk import Desk, Page, Subject
from ui.oficina.informes import open_outside
from ui.oficina.necesidades_modelo import NAME, PLACE, QUANTITY, SUM, VALUE, WHO, Ranking, RankingView
from ui.oficina.necesidades_panel import Panel
from ui.oficina.necesidades_presupuesto import BudgetBar
from ui.oficina.words import plural, short_pesos, thousands

GROUPS: Final = "grupo"
"""As in ``ui.oficina.repetidos``."""
PRIORITIES: Final = "prioridad"
"""Beside the record types in ``desk.stored``: somebody set a priority."""
SAVE_MS: Final = 800
PAUSE_MS: Final = 120
BROAD: Final = 900
"""From this width on, table and panel stand side by side with every column."""
ROOMY: Final = 1300
"""From this width on, there is room for who asks as well."""
TIGHT: Final = 760
"""Below this width the value is told beside the table only."""
WIDTHS: Final = (44, 84, 260, 150, 72, 118, 124, 78)
FILTERS: Final = {
    "dependencia": ("Todas las dependencias", "dependencia"),
    "tema": ("Todos los temas", "tema"),
    "fuente": ("Todas las fuentes", "fuente_financiacion"),
    "anio": ("Todas las vigencias", ""),
}
_OF: Final[dict[str, Callable[[Need], str]]] = {
    "dependencia": lambda need: need.dependencia,
    "tema": lambda need: need.tema or "",
    "fuente": lambda need: need.source or "",
    "anio": lambda need: str(need.year or ""),
}
NAMELESS: Final = "—"
"""The code of «Sin diligenciar» in a filter; empty means all."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The ranking, the extreme risks with their place in it, the amount that was kept (None before anybody set one),
    and why who looks at it may not change it."""

    items: list[Item]
    risks: list[Extreme]
    amount: Decimal | None
    refused: UserError | None


class NecesidadesPage(Page):
    """See the module. Filters choose what is seen; the line always runs through all that is asked for."""

    title = "Necesidades"
    shows = frozenset({"necesidad", "riesgo", "control", "equipo", GROUPS, PRIORITIES})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        known = desk.workspace.catalogues
        self.open_outside: Callable[[Path], object] = open_outside
        self.model = Ranking(known, self)
        self.tree = RankingView()
        self.bar = BudgetBar()
        self.panel = Panel(partial(known.label, "dependencia"))
        self.search = QLineEdit()
        self.filters = {name: QComboBox() for name in FILTERS}
        self._risks: list[Extreme] = []
        self._unsaved: Decimal | None = None
        self._writable = True
        self._has_amount = False
        self._saving = _timer(self, SAVE_MS, self._save_amount)
        self._pause = _timer(self, PAUSE_MS, self._explain)
        self._build()

    def _build(self) -> None:
        for key, by in (("Ctrl+Up", -1), ("Ctrl+Down", 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._step, by))
        self.actions_row.addWidget(button("E&xportar PAA…", self._export, icon="matriz"))
        self.actions_row.addWidget(button("Info&rme PDF…", self._paper, icon="informes"))
        self.search.setPlaceholderText("Buscar  (Ctrl+F)")
        self.search.setAccessibleName("Buscar")
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(110)
        self.search.textChanged.connect(lambda _text: self._arrange())
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.search, 1)
        for name, box in self.filters.items():
            box.setAccessibleName(FILTERS[name][0])
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(10)
            box.addItem(FILTERS[name][0], "")
            box.currentIndexChanged.connect(lambda _place: self._arrange())
            row.addWidget(box, 1)
        self._dress_tree()
        self.bar.typed.connect(self._type_amount)
        self.bar.moved.connect(self._move_to)
        self.panel.why.fixed.connect(self._fix)
        self.panel.why.lifted.connect(self._lift)
        self.panel.opened.connect(lambda uid: self.desk.go("matriz", ("riesgo", uid)))
        self.panel.by.currentIndexChanged.connect(lambda _place: self._sum_up())
        self.panel.currentChanged.connect(lambda _tab: self._sum_up())
        self.panel.setMinimumWidth(248)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(self.tree)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        split.setSizes([780, 300])
        self._split = split
        self._empty = Empty(
            "Todavía no hay necesidades",
            "Las que lleguen en las entregas aceptadas se ordenan aquí.",
            icon="necesidades",
        )
        self._filter_row = QWidget()
        row.setContentsMargins(0, 0, 0, 0)
        self._filter_row.setLayout(row)
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self.bar)
        self.body.addWidget(self._filter_row)
        self.body.addWidget(split, 1)
        self.body.addWidget(self._empty, 1)
        self._show_all(anything=False)

    def _dress_tree(self) -> None:
        tree = self.tree
        tree.setAccessibleName("Necesidades por prioridad")
        tree.setModel(self.model)
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(False)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        tree.setAllColumnsShowFocus(True)
        tree.setProperty("role", "card")
        tree.setStyleSheet("QTreeView::item { padding: 6px 4px; }")
        tree.setMinimumWidth(360)
        tree.setTreePosition(NAME)
        tree.setIndentation(16)
        head = tree.header()
        head.setStretchLastSection(False)
        head.setSectionsMovable(False)
        for column, width in enumerate(WIDTHS):
            tree.setColumnWidth(column, width)
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(40)
        tree.selectionModel().currentChanged.connect(lambda *_what: self._pause.start())
        tree.selectionModel().selectionChanged.connect(lambda *_what: self._count_chosen())
        tree.doubleClicked.connect(lambda _index: self._open())

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(progress: Progress) -> Loaded:
            with workspace.snapshot() as seen:
                items = priorities.ranking(seen, progress)
                risks = budget.placed(items, budget.extremes(seen))
                refused = roles.refusal(workspace, roles.CHANGE)
                return Loaded(items, risks, budget.kept_amount(seen), refused)

        self.desk.run(look, self._fill, text="Ordenando las necesidades…")

    def _fill(self, loaded: Loaded) -> None:
        kept = {need.uid for item in self._chosen() for need in item.needs}
        self._risks, self._writable = loaded.risks, loaded.refused is None
        self.panel.why.allow(loaded.refused)
        self._has_amount = self._unsaved is not None or loaded.amount is not None
        amount = self._unsaved if self._unsaved is not None else loaded.amount or Decimal(0)
        self.model.fill(loaded.items, ())
        self._offer(loaded.items)
        self._arrange()
        self._draw(budget.line(loaded.items, amount))
        index = self.model.row_of(kept) if kept else QModelIndex()
        if self.model.rowCount():
            self.tree.setCurrentIndex(index if index.isValid() else self.model.index(0, 0))
        self.tree.setRootIsDecorated(any(item.group for item in loaded.items))
        self._show_all(anything=bool(loaded.items))
        self._pause.start()

    def _show_all(self, *, anything: bool) -> None:
        for widget in (self.bar, self._filter_row, self._split):
            widget.setVisible(anything)
        self._empty.setVisible(not anything)

    def _offer(self, items: Sequence[Item]) -> None:
        """Let each filter offer what there is."""
        label = self.desk.workspace.catalogues.label
        for name, box in self.filters.items():
            title, list_name = FILTERS[name]
            codes = {_OF[name](need) for item in items for need in item.needs}
            named = {code: label(list_name, code) if list_name and code else code for code in codes}
            chosen = box.currentData()
            box.blockSignals(True)
            box.clear()
            box.addItem(title, "")
            for code in sorted(codes, key=lambda code: (not code, plain(named[code]))):
                box.addItem(named[code] or budget.NAMELESS, code or NAMELESS)
            box.setCurrentIndex(max(0, box.findData(chosen)))
            box.blockSignals(False)

    def _arrange(self) -> None:
        kept = {need.uid for item in self._chosen() for need in item.needs}
        wanted = {name: box.currentData() for name, box in self.filters.items() if box.currentData()}
        words = plain(self.search.text()).split()
        places = [
            place
            for place, item in enumerate(self.model.items)
            if any(_passes(need, wanted, words) for need in item.needs)
        ]
        self.model.fill(self.model.items, places)
        index = self.model.row_of(kept) if kept else QModelIndex()
        if index.isValid():
            self.tree.setCurrentIndex(index)
        self._tell(len(places))
        self._pause.start()

    def _tell(self, seen: int) -> None:
        items = self.model.items
        money = sum((item.total for item in items), Decimal(0))
        groups = sum(1 for item in items if item.group)
        parts = [plural(len(items), "renglón", "renglones"), short_pesos(money)]
        if unvalued := sum(1 for item in items if not item.valued):
            parts.append(f"a {plural(unvalued, 'le', 'les')} falta el valor")
        if groups:
            parts.append(f"{plural(groups, 'agrupado', 'agrupados')} de varias dependencias")
        if seen < len(items):
            parts.append(f"se ven {thousands(seen)}")
        self.set_subtitle(" · ".join(parts) if items else "")

    @Slot()
    def _explain(self) -> None:
        index = self.tree.currentIndex()
        self.panel.why.show_item(self.model.items[self.model.place_of(index)] if index.isValid() else None)

    def _count_chosen(self) -> None:
        chosen = self.tree.selectionModel().selection()
        ranges = [chosen.at(place) for place in range(chosen.count())]
        self.panel.why.will_fix(sum(some.height() for some in ranges if not some.parent().isValid()))

    def _chosen(self) -> list[Item]:
        """The items selected, the current one first."""
        indexes = self.tree.selectionModel().selectedRows()
        current = self.tree.currentIndex()
        if current.isValid():
            indexes = [current, *indexes]
        places = dict.fromkeys(self.model.place_of(index) for index in indexes)
        return [self.model.items[place] for place in places]

    # -- the line

    def _draw(self, line: Line) -> None:
        self.model.draw(line)
        self.tree.viewport().update()
        risks = budget.uncovered(self._risks, line.above)
        self.bar.show_line(line, len(risks), unset=not self._has_amount, kept=self._writable)
        self.panel.show_risks(risks)
        self._sum_up()

    def _sum_up(self) -> None:
        if not self.panel.totals.isVisible():
            return
        found = budget.totals(
            self.model.items, self.model.line.above, self.panel.by.currentData(), self.desk.workspace.catalogues
        )
        self.panel.show_totals(found)

    def _type_amount(self, amount: Decimal) -> None:
        self._has_amount = True
        if self._writable:
            self._unsaved = amount
            self._saving.start()
        self._draw(budget.line(self.model.items, amount, self.model.line.cumulative))

    def _move_to(self, above: int) -> None:
        self._type_amount(budget.amount_for(self.model.line.cumulative, above))

    def _step(self, by: int) -> None:
        """Move the line by as many items as cost something; what costs nothing moves along."""
        line = self.model.line
        target = line.above + by
        while 0 < target < len(line.cumulative) and by < 0 and line.cumulative[target - 1] == line.spent:
            target -= 1
        self._move_to(min(max(target, 0), len(line.cumulative)))

    @Slot()
    def _save_amount(self) -> None:
        if self._unsaved is not None and self._writable:
            workspace, amount = self.desk.workspace, self._unsaved
            self._unsaved = None
            self.desk.save(lambda _progress: budget.keep_amount(workspace, amount), (), origin=self)

    def flush(self) -> None:
        self._saving.stop()
        self._save_amount()

    # -- priorities by hand

    def _fix(self, score: int, reason: str) -> None:
        seen = self._needs_chosen()
        workspace = self.desk.workspace
        words = f"Prioridad puesta en {score}."
        self._set(lambda: priorities.set_by_hand(workspace, seen, score, reason, seen), words)

    def _lift(self) -> None:
        seen = self._needs_chosen()
        workspace = self.desk.workspace
        self._set(lambda: priorities.lift(workspace, seen, seen), "Vuelve a contar la regla.")

    def _set(self, act: Callable[[], Before], words: str) -> None:
        def done(before: Before) -> None:
            self.panel.why.forget()
            self.reload()
            self.desk.notice.tell(words, tone="fine", action="Deshacer", act=partial(self._put_back, before))

        self.desk.save(lambda _progress: act(), (PRIORITIES,), done, origin=self, fails=self._refused)

    def _put_back(self, before: Before) -> None:
        workspace = self.desk.workspace
        self.desk.save(
            lambda _progress: priorities.put_back(workspace, before),
            (PRIORITIES,),
            lambda _nothing: self.reload(),
            origin=self,
            fails=self._refused,
        )

    def _refused(self, error: UserError) -> None:
        """Tell why not, over the list as it is by now: what was typed stays."""
        self.reload()
        self.desk.notice.error(error)

    def _needs_chosen(self) -> dict[str, Hand | None]:
        """The needs of the items chosen, each with the priority that is seen to stand for it."""
        return {need.uid: need.hand for item in self._chosen() for need in item.needs}

    # -- papers

    def _export(self) -> None:
        workspace = self.desk.workspace
        name = f"{workspace.info.vigencia}_PAA_necesidades.xlsx"
        path = self.desk.messages.save_file(
            "Exportar para el Plan Anual de Adquisiciones", Path.home() / name, "Excel (*.xlsx)"
        )
        if path is None:
            return
        self.flush()

        def work(progress: Progress) -> Path:
            from peti_desktop.reports.paa_xlsx import write_paa

            write_paa(workspace, path, progress)
            return path

        self.desk.run(work, self._made, text="Preparando el libro…")

    def _paper(self) -> None:
        workspace = self.desk.workspace
        name = f"{workspace.info.vigencia}_prioridad.pdf"
        path = self.desk.messages.save_file("Guardar el informe de prioridades", Path.home() / name, "PDF (*.pdf)")
        if path is None:
            return
        self.flush()

        def work(progress: Progress) -> Path:
            reports.REPORTS["prioridad"].build(workspace, path, progress)
            return path

        self.desk.run(work, self._made, text="Preparando el informe…")

    def _made(self, path: Path) -> None:
        where = f"En {path.parent}"
        act = partial(self._show_file, path)
        self.desk.notice.tell(f"Se guardó «{path.name}».", where, tone="fine", action="Abrirlo", act=act)

    def _show_file(self, path: Path) -> None:
        self.open_outside(path)

    # -- the record behind it, and keys

    def subject(self) -> Subject | None:
        index = self.tree.currentIndex()
        return Subject("necesidad", self.model.need_of(index).uid) if index.isValid() else None

    def _open(self) -> None:
        found = self.subject()
        if found is not None:
            self.desk.go("matriz", (found.type, found.uid))

    def target(self, wanted: object) -> None:
        """Show the item that holds a need, by uid."""
        index = self.model.row_of({str(wanted)})
        if index.isValid():
            self.tree.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        match event.key():
            case Qt.Key.Key_F8 if not event.modifiers():
                self._open()
            case Qt.Key.Key_F if control:
                self.search.setFocus()
                self.search.selectAll()
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        broad = self.width() >= BROAD
        for column in (PLACE, QUANTITY, SUM):
            self.tree.setColumnHidden(column, not broad)
        self.tree.setColumnHidden(WHO, self.width() < ROOMY)
        self.tree.setColumnHidden(VALUE, self.width() < TIGHT)
        for name in ("fuente", "anio"):
            self.filters[name].setVisible(broad)

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()  # a window that closes asks nothing any more
        super().hideEvent(event)


def _passes(need: Need, wanted: dict[str, str], words: Iterable[str]) -> bool:
    for name, code in wanted.items():
        if (_OF[name](need) or NAMELESS) != code:
            return False
    text = plain(f"{need.description} {need.justification}")
    return all(word in text for word in words)


def _timer(page: NecesidadesPage, pause: int, act: Callable[[], None]) -> QTimer:
    made = QTimer(page)
    made.setSingleShot(True)
    made.setInterval(pause)
    made.timeout.connect(act)
    return made

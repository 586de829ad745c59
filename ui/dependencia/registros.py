"""What «Equipos» and «Necesidades» share: a grid to type into and the form of the same record beside it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, ClassVar, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from peti_desktop.records import TYPES, Problem, Severity, Value
from peti_desktop.records.convert import read
from peti_desktop.records.record import Record, headline
from peti_desktop.vigencia import mark_of, marks
from peti_desktop.workspace import Altered, Workspace
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.asking import beside
from ui.dependencia.checking import Checking
from ui.dependencia.importar import bring_button
from ui.dependencia.marcas import COLUMN, in_words
from ui.dependencia.plantillas import BeginMenu
from ui.dependencia.retiring import RetireButton, retire
from ui.dependencia.saving import Keeper
from ui.desk import Desk, Page, Subject
from ui.form import Form
from ui.grid import Alteration, GridPanel, RecordModel, searched, told
from ui.inputs import Links, raw_of

FORM_WIDTH: Final = 390
LEAST_WIDTH: Final = 280
ROOM_FOR_HISTORY: Final = 350
"""Width of the form beside whose title «Historia» has room; F4 and the menu of the grid always lead there."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The records in force with what is wrong and what a search finds, and the words of records they may point to.

    ``marks`` say what became of each since the vigencia began; a store's first has none.
    """

    checking: Checking
    words: Mapping[str, str]
    links: Mapping[str, Mapping[str, str]]
    marks: Mapping[str, str]


def load(workspace: Workspace, type_name: str) -> Loaded:
    """Read everything the page shows."""
    targets = sorted({field.links for field in TYPES[type_name].fields if field.links})
    present = {target: {record.uid for record in workspace.records(target)} for target in targets}
    records, said = workspace.records(type_name), beside(workspace, type_name)
    checking = Checking(type_name, records, workspace.catalogues, workspace.today, present, said)
    links = {target: workspace.links(target) for target in targets}
    every = {uid: text for found in links.values() for uid, text in found.items()}
    fields = TYPES[type_name].fields
    words = {uid: searched(record, fields, workspace.catalogues, every) for uid, record in checking.records.items()}
    return Loaded(checking, words, links, marks(workspace, (type_name,)))


class RecordsPage(Page):
    """A page of plain records. Its targets are (uid, field) or a uid."""

    type_name: ClassVar[str] = ""
    columns: ClassVar[tuple[str, ...]] = ()
    new_text: ClassVar[str] = ""
    empty_hint: ClassVar[str] = ""
    icon: ClassVar[str] = ""
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._catalogues = desk.workspace.catalogues
        self._type = TYPES[self.type_name]
        self._links: Mapping[str, Mapping[str, str]] = {}
        self._wanted: Any = None
        self._loaded = False
        self._own_share = False
        self._new_uid = ""
        self._shown: Record | None = None
        self._checking = Checking(self.type_name, (), self._catalogues, desk.today())
        self._block: tuple[Sequence[str], Sequence[str]] | None = None
        self._keeper = Keeper(desk, self, self.type_name, in_view=self._in_view)
        self._keeper.saved.connect(self._saved)
        self._keeper.held.connect(self._held)
        self._build()

    def _build(self) -> None:
        new = button(self.new_text, self.add, role="primary", icon="mas")
        new.setToolTip("Ctrl+N")
        self.actions_row.addWidget(bring_button(self, (self.type_name,)))
        self.actions_row.addWidget(new)
        self.ways = BeginMenu(self, self.type_name, lambda: self._shown, self._added)
        self.actions_row.addWidget(self.ways)
        QShortcut(QKeySequence(QKeySequence.StandardKey.New), self).activated.connect(self.add)
        links: dict[str, Links] = {
            field.name: partial(self._offered, field.links) for field in self._type.fields if field.links
        }
        others = [field.name for field in self._type.fields if field.name not in self.columns]
        self._marked = self.desk.workspace.info.anterior is not None
        columns = (self.columns[0], COLUMN.name, *self.columns[1:]) if self._marked else self.columns
        beside = [COLUMN] if self._marked else []
        self.model = RecordModel(self._type, self._catalogues, columns=(*columns, *others), beside=beside)
        self.panel = GridPanel(
            self.model,
            links=links,
            name=self.type_name,
            shown=columns,
            empty=Empty(
                f"Todavía no hay {self._type.title.lower()}",
                f"{self.empty_hint} También puede pegarlos desde Excel con Ctrl+V.",
                icon=self.icon,
                action=button(self.new_text, self.add, icon="mas"),
            ),
        )
        self.grid = self.panel.grid
        self.grid.edited.connect(self._cell)
        self.grid.altered.connect(self._alter)
        self.grid.refused.connect(self.desk.notice.error)
        self.grid.selectionModel().selectionChanged.connect(self._selected)
        self.model.modelReset.connect(self._selected)  # a search or filter takes the selection away without a word
        self.grid.picked.connect(self._pick)
        self.form = Form(self._type, self._catalogues, self._keeper.save, links=links, columns=1)
        self._side = self._beside()
        trace = QAction("Historia\tF4", self)
        trace.triggered.connect(self.desk.trace)
        away = QAction("Retirar…", self)
        away.triggered.connect(lambda: self.retire_button.reasons.popup(QCursor.pos()))
        self.grid.more = [trace, away]
        self._split = split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.LARGE)
        split.addWidget(self.panel)
        split.addWidget(self._side)
        split.setStretchFactor(0, 1)
        split.splitterMoved.connect(self._moved)
        self.body.addWidget(split, 1)
        self._side.hide()

    def _beside(self) -> QWidget:
        self._title = label("", "heading", wraps=True)
        self.retire_button = RetireButton()
        self.retire_button.chosen.connect(self._retire)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        self._trace = button("Historia", self.desk.trace, role="quiet")
        self._trace.setToolTip("Quién cambió qué y cuándo (F4)")
        self._trace.setStyleSheet("padding: 5px 6px;")
        head.addWidget(self._trace)
        head.addWidget(self.retire_button)
        side = QWidget()
        side.setMinimumWidth(LEAST_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(head)
        column.addWidget(self.form, 1)
        return side

    def _in_view(self, uid: str) -> Record | None:
        return self._checking.records.get(uid)

    def _offered(self, type_name: str) -> list[tuple[str, str]]:
        return list(self._links.get(type_name, {}).items())

    def shown(self) -> None:
        self.grid.setFocus()

    # -- reading

    def reload(self) -> None:
        workspace, type_name = self.desk.workspace, self.type_name
        self.desk.run(lambda _progress: load(workspace, type_name), self._fill)

    def _fill(self, loaded: Loaded) -> None:
        self._loaded = True
        self._links = loaded.links
        words = {uid: text for found in loaded.links.values() for uid, text in found.items()}
        kept = self._shown.uid if self._shown is not None else ""
        column = self.grid.currentIndex().column()
        self._checking = loaded.checking
        if self._marked:
            self.model.tell(COLUMN.name, in_words(loaded.marks))
        self.model.set_records(list(loaded.checking.records.values()), self._problems(), words, loaded.words)
        self._count()
        wanted, self._wanted = self._wanted, None
        block, self._block = self._block, None
        if wanted is not None:
            self.target(wanted)
            return
        first = next((record.uid for record in self.model.records), "")
        wanted_row = kept if self.model.row_of(kept) is not None else first
        self.grid.select(wanted_row, self.model.columns[column].name if column >= 0 else "")
        if block is not None:
            self.grid.select_block(*block)
        if not self.model.records:
            self._shown = None
            self._side.hide()

    def _problems(self) -> dict[str, list[Problem]]:
        """What is wrong, by uid; a record just born is not told that everything is missing."""
        return {uid: self._problems_of(uid) for uid in self._checking.problems}

    def _problems_of(self, uid: str) -> list[Problem]:
        found = self._checking.problems.get(uid, [])
        return [p for p in found if not p.code.startswith("falta")] if uid == self._new_uid else found

    def _look(self, uids: Iterable[str]) -> None:
        """Show what is wrong with these records now, in cells and form, and how far it is."""
        self.model.set_problems({uid: self._problems_of(uid) for uid in uids})
        if self._shown is not None:
            self.form.set_problems(self._problems_of(self._shown.uid))
        self._count()

    def _count(self) -> None:
        stops = (any(p.severity is Severity.STOPS for p in self._problems_of(uid)) for uid in self._checking.problems)
        self.set_subtitle(self.said(list(self._checking.records.values()), sum(stops)))

    def said(self, records: Sequence[Record], wrong: int) -> str:
        """One line: how far it is. ``wrong`` records cannot be delivered as they are."""
        raise NotImplementedError

    # -- choosing

    def _pick(self, record: Record) -> None:
        if self._new_uid and record.uid != self._new_uid:
            born, self._new_uid = self._new_uid, ""
            self._look([born])
        self._shown = record
        if self._side.isHidden():
            self._side.show()
            self._share()
        self._title.setText(self._headline(record))
        self.form.show_record(self._keeper.kept(record), self._problems_of(record.uid))

    def _headline(self, record: Record) -> str:
        words = headline(self._type, record.values, self._catalogues) or f"{self._type.singular} nuevo"
        return words if len(words) <= 42 else f"{words[:41]}…"

    def subject(self) -> Subject | None:
        return Subject(self.type_name, self._shown.uid) if self._shown is not None else None

    def target(self, wanted: Any) -> None:
        if not self._loaded:
            self._wanted = wanted
            return
        uid, field = wanted if isinstance(wanted, tuple) else (wanted, "")
        if self.model.row_of(uid) is None:
            self.panel.search.clear()
            self.model.search("")
        self.grid.select(uid, field)
        if field and self._shown is not None:
            self.form.go_to(field)

    # -- what was typed

    def _cell(self, record: Record, name: str, raw: str) -> None:
        # Shown at once: whoever fills down right after typing fills with what was typed.
        value, wrong = read(self._type[name], raw, self._catalogues)
        if wrong:
            self.model.put(replace(record, drafts={**record.drafts, name: raw}))
        else:
            drafts = {field: text for field, text in record.drafts.items() if field != name}
            self.model.put(replace(record, values={**record.values, name: value}, drafts=drafts))
        self._keeper.save(record.uid, {name: raw})

    def _saved(self, record: Record) -> None:
        if record.uid not in self._checking.records:
            return  # retired meanwhile
        changed = self._checking.put(record)
        self._show_stored(record)
        self._look(changed)
        self._mark(record)

    def _mark(self, record: Record) -> None:
        """Say anew what became of a record since the vigencia began."""
        if self._marked:
            workspace, type_name, uid = self.desk.workspace, self.type_name, record.uid
            self.desk.run(
                lambda _progress: {uid: mark_of(workspace, type_name, uid)},
                lambda found: self.model.tell(COLUMN.name, in_words(found)),
            )

    def _held(self, uid: str) -> None:
        """What could not be written stays where it was typed."""
        if uid in self._checking.records:
            self._show_stored(self._checking.records[uid])

    def _show_stored(self, record: Record) -> None:
        kept = self._keeper.kept(record)
        self.model.put(kept)
        if self._shown is not None and self._shown.uid == record.uid:
            self._shown = record
            self._title.setText(self._headline(record))
            self.form.show_record(kept, self._problems_of(record.uid))

    def _alter(self, made: Alteration) -> None:
        """Do what somebody did to many cells: one act, all of it or nothing."""
        self.flush()
        workspace, type_name = self.desk.workspace, self.type_name
        start = {name: raw_of(self._type[name], value, self._catalogues) for name, value in self.born().items()}
        births = [start | {name: raw for name, raw in raws.items() if raw} for raws in made.births]
        self.desk.save(
            lambda progress: workspace.alter(type_name, made.words, made.changes, births, progress, seen=made.seen),
            {type_name},
            partial(self._altered, made),
            origin=self,
            text=f"{made.words.capitalize()}…",
        )

    def _altered(self, made: Alteration, done: Altered) -> None:
        if done.born:
            self.panel.search.clear()
            self.model.search("")
            self.model.clear_filters()
        pasted = ((*done.changed, *done.born), made.fields)
        self._block = pasted if made.pastes else self.grid.selected_block()
        self.reload()
        what, todo, tone = told(made, done)
        self.desk.notice.tell(what, todo, tone=tone, action="Deshacer", act=self.desk.undo)

    def flush(self) -> None:
        self.form.flush()
        self._keeper.flush()

    # -- new and retired

    def born(self) -> dict[str, Value]:
        """What a new record starts with."""
        return {}

    def add(self) -> None:
        """A new record, with the cursor in the first field of its form."""
        self.flush()
        self.form.setEnabled(False)  # nothing typed meanwhile may land in the record shown before
        workspace, type_name, values = self.desk.workspace, self.type_name, self.born()
        task = self.desk.save(lambda _p: workspace.new(type_name, values), {type_name}, self._added, origin=self)
        task.finished.connect(lambda: self.form.setEnabled(True))

    def _added(self, record: Record) -> None:
        self._new_uid = record.uid
        self.panel.search.clear()
        self.model.search("")
        self.model.clear_filters()
        changed = self._checking.put(record)
        self.model.put(record)
        self._mark(record)
        self.form.setEnabled(True)
        self.grid.select(record.uid)
        self._look({record.uid, *changed})
        self.form.go_to(next(field.name for field in self._type.typed))

    def _chosen(self) -> list[Record]:
        """The records whose rows are selected; else the one in the form."""
        rows = self.grid.selected_records()
        return rows if len(rows) > 1 else [self._shown] if self._shown is not None else []

    def _selected(self) -> None:
        count = len(self._chosen())
        self.retire_button.setText(f"Retirar {count}…" if count > 1 else "Retirar…")

    def _retire(self, reason: str) -> None:
        chosen = self._chosen()
        if chosen:
            title = self._type.title.lower()
            what = self._headline(chosen[0]) if len(chosen) == 1 else f"{len(chosen):,} {title}".replace(",", ".")
            retire(self.desk, self, [(self.type_name, record.uid) for record in chosen], what, reason)

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _moved(self, _place: int, _number: int) -> None:
        self._own_share = True

    def _share(self) -> None:
        """A form as wide as it needs to be, unless the person chose otherwise."""
        if not self._own_share:
            wide = self._split.width()
            form = max(LEAST_WIDTH, min(FORM_WIDTH, int(wide * 0.4)))
            self._split.setSizes([wide - form, form])
            self._trace.setVisible(form >= ROOM_FOR_HISTORY)

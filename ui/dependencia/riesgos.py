"""The risks: list, record in four steps, and the heat map beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QListView, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop import method
from peti_desktop.records import CONTROL, RIESGO, Context, Problem, Severity, Value, check
from peti_desktop.records.record import Record
from peti_desktop.suggestions import Suggestion, as_need, create, pending
from ui import icons, theme
from ui.chips import Empty, ZoneChip, button, label
from ui.dependencia.asking import asked_by_record
from ui.dependencia.importar import bring_button
from ui.dependencia.listing import ENTRY, FILTERS, Entries, Entry, EntryPainter
from ui.dependencia.pasos.live import Live
from ui.dependencia.plantillas import BeginMenu
from ui.dependencia.primer_riesgo import FirstRisk
from ui.dependencia.retiring import restore, retire, with_controls
from ui.dependencia.riesgo import RiskForm
from ui.dependencia.saving import Keeper
from ui.dependencia.sugerencias import Suggestions
from ui.desk import Desk, Page, Subject
from ui.heatmap import HeatMap

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

LIST_WIDTH: Final = 250
LIST_NARROW: Final = 190
SIDE_WIDTH: Final = 300
SHORT: Final = ("causa_inmediata", "causa_raiz", "descripcion", "actividad")
"""What tells risks apart, best first: their descriptions all begin alike."""
NARROW: Final = 1020
"""Below this width of the page the heat map stands inside the step «Valorar»."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page shows: the risks, retired ones too, the controls in force by risk, and what the PETI suggests.

    ``asked`` is what the office asks of risks and controls, by uid.
    """

    risks: tuple[Record, ...]
    controls: Mapping[str, tuple[Record, ...]]
    suggestions: tuple[Suggestion, ...]
    asked: Mapping[str, Sequence[Problem]]


def load(workspace: "Workspace") -> Loaded:
    """Read everything the page shows."""
    controls: dict[str, list[Record]] = {}
    for control in workspace.records("control"):
        controls.setdefault(str(control.values["riesgo"]), []).append(control)
    risks = tuple(workspace.records("riesgo", retired=None))
    by_risk = {uid: tuple(found) for uid, found in controls.items()}
    return Loaded(risks, by_risk, pending(workspace), asked_by_record(workspace, "riesgo", "control"))


class RiesgosPage(Page):
    """The page of the risks. Its targets are (uid, field), a uid, or ``None``; a control's uid leads to its card."""

    title = "Riesgos"
    shows = frozenset({"riesgo", "control"})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._risks: dict[str, Record] = {}
        self._controls: dict[str, tuple[Record, ...]] = {}
        self._wanted: Any = None
        self._loaded = False
        self._new_uid = ""
        self._new_control = ""
        self._guided = False
        self._keeper = Keeper(desk, self, "riesgo")
        self._keeper_of_controls = Keeper(desk, self, "control", "riesgo")
        self._keeper.saved.connect(self._saved)
        self._keeper_of_controls.saved.connect(self._saved_control)
        self._build()

    def _build(self) -> None:
        self.new = button("Nuevo riesgo", self.add, role="primary", icon="mas")
        self.new.setToolTip("Ctrl+N")
        self.actions_row.addWidget(bring_button(self, ("riesgo", "control")))
        self.actions_row.addWidget(self.new)
        self.ways = BeginMenu(self, "riesgo", lambda: self.form.record, self._added)
        self.actions_row.addWidget(self.ways)
        QShortcut(QKeySequence(QKeySequence.StandardKey.New), self).activated.connect(self.add)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self._find)
        self.form = RiskForm(self.desk, self._keeper.save, self._keeper_of_controls.save)
        self.form.changed.connect(self._looked)
        self.form.added.connect(self._add_control)
        self.form.control_retired.connect(self._retire_control)
        self.form.retired.connect(self._retire)
        self.form.restored.connect(self._restore)
        self.form.wished.connect(self._as_need)
        first = button("Registrar el primer riesgo", self.add, icon="mas")
        self.guided = button("Registrar el &primero con ayuda", self._add_guided, role="quiet", icon="ayuda")
        self.actions_row.insertWidget(self.actions_row.indexOf(self.new), self.guided)
        self.guide = FirstRisk(self.form)
        self.guide.gone.connect(self._end_guide)
        self._nothing = Empty(
            "Todavía no hay riesgos", "Un riesgo es algo que puede ocurrir y dañar lo que hace su dependencia.",
            icon="riesgos", action=first,
        )  # fmt: skip
        self.suggestions = Suggestions(self.desk.workspace.catalogues)
        self.suggestions.wanted.connect(self._take)
        self.suggest = button("Sugerencias del PETI", self._suggest, role="quiet")
        self.actions_row.insertWidget(self.actions_row.indexOf(self.new), self.suggest)
        self._unchosen = Empty("Elija un riesgo de la lista", icon="riesgos")
        self._middle = QStackedWidget()
        for widget in (self._nothing, self._unchosen, self.form, self.suggestions):
            self._middle.addWidget(widget)
        self._side = self._heat()
        self._middle.currentChanged.connect(self._offer)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.LARGE)
        self._left = self._listing()
        self._row.addWidget(self._left)
        self._row.addWidget(self._middle, 1)
        self._row.addWidget(self._side)
        self.body.addLayout(self._row, 1)

    def _listing(self) -> QWidget:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar…  (Ctrl+F)")
        self.search.setAccessibleName("Buscar riesgos")
        self.search.setClearButtonEnabled(True)
        glass = QAction(icons.icon("buscar", theme.tones(self.palette()).muted), "Buscar", self.search)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.filter = QComboBox()
        self.filter.setAccessibleName("Mostrar")
        for code, text in FILTERS:
            self.filter.addItem(text, code)
        self.entries = Entries()
        self.list = QListView()
        self.list.setAccessibleName("Riesgos")
        self.list.setModel(self.entries)
        self.list.setItemDelegate(EntryPainter(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._chosen)
        self.list.activated.connect(lambda _index: self.form.go_step(self.form.bar.currentIndex()))
        self.search.textChanged.connect(self._ask)
        self.search.returnPressed.connect(self.list.setFocus)
        self.filter.activated.connect(self._ask)
        self._finder = QWidget()
        column = QVBoxLayout(self._finder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.search)
        column.addWidget(self.filter)
        column.addWidget(self.list, 1)
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        both = QVBoxLayout(left)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self._finder)
        both.addWidget(self.guide)
        self.guide.hide()
        return left

    def _heat(self) -> QFrame:
        catalogues = self.desk.workspace.catalogues
        frame = QFrame()
        frame.setProperty("role", "card")
        frame.setFixedWidth(SIDE_WIDTH)
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Mapa de calor", "heading"))
        self.heat = HeatMap(method.load(catalogues.metodo, catalogues.vigencia).zone, catalogues)
        self.heat.setMaximumHeight(340)
        column.addWidget(self.heat, 10)
        self._zones = {"zona_inherente": ZoneChip(), "zona_residual": ZoneChip()}
        for name, text in (("zona_inherente", "I · Inherente"), ("zona_residual", "R · Residual")):
            line = QHBoxLayout()
            line.addWidget(label(text, "muted"), 1)
            line.addWidget(self._zones[name])
            column.addLayout(line)
        column.addStretch(1)
        return frame

    def shown(self) -> None:
        choosing = self._middle.currentWidget() is self.suggestions
        (self.suggestions.list if choosing else self.list).setFocus()

    # -- reading

    def reload(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: load(workspace), self._fill)

    def _fill(self, loaded: Loaded) -> None:
        self._loaded = True
        self._risks = {record.uid: record for record in loaded.risks}
        self._controls = dict(loaded.controls)
        self.form.set_asked(loaded.asked)
        self.suggestions.fill(loaded.suggestions)
        self.suggest.setText(f"Sugerencias del PETI ({len(loaded.suggestions)})")
        kept = self.form.record.uid if self.form.record is not None else ""
        self.entries.fill([self._entry(record) for record in loaded.risks])
        self._count()
        self._offer()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.target(wanted)
        elif self._middle.currentWidget() is not self.suggestions:
            self._select(kept)

    def _entry(self, record: Record, values: Mapping[str, Value] | None = None, missing: int | None = None) -> Entry:
        shown = values if values is not None else record.values
        said = [str(value) for name in SHORT if (value := shown.get(name))]
        zone = shown.get("zona_residual") or shown.get("zona_inherente")
        return Entry(
            record.uid,
            str(shown.get("referencia") or "Riesgo"),
            said[0] if said else "",
            " ".join(said),
            str(zone) if zone else None,
            self._missing(record) if missing is None else missing,
            record.retired,
        )

    def _missing(self, record: Record) -> int:
        """How many problems of a stored risk and its controls stop a delivery."""
        controls = self._controls.get(record.uid, ())
        context = Context(self.desk.workspace.catalogues, self.desk.today(), [c.values for c in controls])
        missing = 0
        for record_type, one in ((RIESGO, record), *((CONTROL, control) for control in controls)):
            found = check(record_type, one.values, context)
            stops = (p for p in found if p.severity is Severity.STOPS and not (p.missing and p.field in one.drafts))
            missing += len(one.drafts) + len(list(stops))
        return missing

    def _count(self) -> None:
        total = self.entries.total
        incomplete = sum(self._missing(r) > 0 for r in self._risks.values() if r.retired is None)
        if not total:
            self.set_subtitle("Qué puede ocurrir, qué tan grave sería y qué se hace para evitarlo.")
        elif incomplete:
            one = "1 incompleto" if incomplete == 1 else f"{incomplete} incompletos"
            self.set_subtitle(f"{_many(total)} · ▲ {one}")
        else:
            self.set_subtitle(f"{_many(total)} · ✓ {'completo' if total == 1 else 'todos completos'}")
        if self._middle.currentWidget() is self.suggestions and self.suggestions.any:
            pass  # somebody is choosing
        elif self.form.record is None or self.form.record.uid not in self._risks:
            nothing = self.suggestions if self.suggestions.any else self._nothing
            self._middle.setCurrentWidget(self._unchosen if total else nothing)
            if nothing is self.suggestions and self.list.hasFocus() and not total:
                self.suggestions.list.setFocus()
        self._side.setVisible(self._middle.currentWidget() is self.form)
        self.guided.setVisible(not total)

    # -- choosing

    def _ask(self, _what: object = None) -> None:
        kept = self.form.record.uid if self.form.record is not None else ""
        self.entries.ask(self.search.text(), str(self.filter.currentData()))
        row = self.entries.row_of(kept)
        if row >= 0:
            self.list.setCurrentIndex(self.entries.index(row))

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _select(self, uid: str) -> None:
        """Choose ``uid``, or the first risk when it is not in the list."""
        row = self.entries.row_of(uid)
        if row < 0 and self.entries.rowCount():
            row = 0
        if row >= 0:
            index = self.entries.index(row)
            if self.list.currentIndex() != index:
                self.list.setCurrentIndex(index)
            else:
                self._show(index.data(ENTRY).uid)

    def _chosen(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._show(current.data(ENTRY).uid)

    def _show(self, uid: str) -> None:
        if self.guide.guides not in {"", uid}:
            self._end_guide()
        self._middle.setCurrentWidget(self.form)
        self._side.show()
        controls = [self._keeper_of_controls.kept(control) for control in self._controls.get(uid, ())]
        self.form.show_risk(self._keeper.kept(self._risks[uid]), controls, new=uid == self._new_uid)

    def subject(self) -> Subject | None:
        record = self.form.record
        return Subject("riesgo", record.uid) if record is not None else None

    def target(self, wanted: Any) -> None:
        if not self._loaded:
            self._wanted = wanted
            return
        uid, field = wanted if isinstance(wanted, tuple) else (wanted, "")
        owner = next((risk for risk, found in self._controls.items() if any(c.uid == uid for c in found)), uid)
        if owner not in self._risks:
            return
        if self.entries.row_of(owner) < 0:
            self.search.clear()
            self.filter.setCurrentIndex(len(FILTERS) - 1 if self._risks[owner].retired else 0)
            self._ask()
        self._select(owner)
        if owner != uid:
            self.form.go_to_control(uid, field)
        elif field:
            self.form.go_to(field)

    # -- what was typed

    def _looked(self, live: Live) -> None:
        record = self.form.record
        assert record is not None
        missing = sum(problem.severity is Severity.STOPS for problem in live.problems)
        missing += sum(made.missing for made in self.form.controlar.cards)
        self.entries.update_entry(self._entry(record, live.values, missing))
        for name, chip in self._zones.items():
            zone = live.values.get(name)
            chip.set_zone(str(zone) if zone else None)
        self.heat.show_risk(_cell(live, "inherente"), _cell(live, "residual"))
        if live.rules is not None:
            self.heat.set_zones(live.rules.zone)

    def _saved(self, record: Record) -> None:
        self._risks[record.uid] = record
        if self.form.record is not None and self.form.record.uid == record.uid:
            self.form.record = record
        self._count()

    def _saved_control(self, control: Record) -> None:
        risk = str(control.values["riesgo"])
        known = self._controls.get(risk, ())
        self._controls[risk] = tuple(control if old.uid == control.uid else old for old in known)
        for made in self.form.controlar.cards:
            if made.record.uid == control.uid:
                made.record = control
        self._count()

    def flush(self) -> None:
        self.form.flush()
        self._keeper.flush()
        self._keeper_of_controls.flush()

    # -- new, retired, restored

    def add(self) -> None:
        """A new risk, with the cursor in its first field."""
        self.flush()
        self.form.setEnabled(False)  # nothing typed meanwhile may land in the risk shown before
        workspace = self.desk.workspace
        subprocesos = workspace.catalogues.subprocesos_of(workspace.info.dependencia)
        values: dict[str, Value] = {"subproceso": subprocesos[0]} if len(subprocesos) == 1 else {}
        task = self.desk.save(lambda _p: workspace.new("riesgo", values), {"riesgo"}, self._added, origin=self)
        task.finished.connect(lambda: self.form.setEnabled(True))

    # -- the first one

    def _add_guided(self) -> None:
        """A new risk with the guide in the place of the list, which would hold nothing else."""
        self._guided = True
        self.add()

    def _begin_guide(self, uid: str) -> None:
        self._guided = False
        self._finder.hide()
        self.guide.begin(uid)

    def _end_guide(self) -> None:
        """The list comes back; the risk stays as it is, with the cursor where it was."""
        beside = self.guide.leave.hasFocus() or self.guide.other.hasFocus()
        self.guide.hide()
        self._finder.show()
        if beside:
            self.form.go_step(self.form.bar.currentIndex())

    def _added(self, record: Record) -> None:
        self._new_uid = record.uid
        self._risks[record.uid] = record
        self.search.clear()
        self.filter.setCurrentIndex(0)
        self.entries.fill([self._entry(found) for found in self._risks.values()])
        self._ask()
        self.form.setEnabled(True)
        self._select(record.uid)
        self._count()
        if self._guided:
            self._begin_guide(record.uid)
        self.form.go_step(0)

    def _add_control(self) -> None:
        record = self.form.record
        if record is None:
            return
        self.flush()
        workspace, uid = self.desk.workspace, record.uid
        self.desk.save(
            lambda _progress: workspace.new("control", {"riesgo": uid}),
            {"control", "riesgo"},
            self._control_added,
            origin=self,
        )

    def _control_added(self, control: Record) -> None:
        risk = str(control.values["riesgo"])
        self._controls[risk] = (*self._controls.get(risk, ()), control)
        if self.form.record is None or self.form.record.uid != risk:
            return
        self.form.controlar.show_controls(self._controls[risk])
        self.form.controlar.cards[-1].be_quiet()
        self.form.look()
        self.form.go_to_control(control.uid, "responsable")

    def _retire_control(self, uid: str, reason: str) -> None:
        number = next(n for n, made in enumerate(self.form.controlar.cards, 1) if made.record.uid == uid)
        retire(self.desk, self, [("control", uid)], f"control {number}", reason)

    def _retire(self, reason: str) -> None:
        record = self.form.record
        if record is not None:
            own = with_controls(record.uid, [control.uid for control in self._controls.get(record.uid, ())])
            retire(self.desk, self, own, f"riesgo {record.values['referencia']}", reason)
            self._forget()

    def _forget(self) -> None:
        """The list goes on with another risk; the form lets this one go."""
        row = self.list.currentIndex().row()
        following = self.entries.index(row + 1 if row + 1 < self.entries.rowCount() else row - 1)
        if following.isValid():
            self.list.setCurrentIndex(following)

    def _restore(self) -> None:
        """Back in force, with the controls that were retired for the same reason."""
        record = self.form.record
        if record is None:
            return
        workspace, uid, reason = self.desk.workspace, record.uid, record.retired

        def controls(_progress: object) -> list[str]:
            found = workspace.records("control", retired=True)
            return [c.uid for c in found if c.values["riesgo"] == uid and c.retired == reason]

        words = f"riesgo {record.values['referencia']}"
        self.desk.run(controls, lambda found: restore(self.desk, with_controls(uid, found), words))

    # -- what the PETI says

    def _offer(self, _page: int = 0) -> None:
        """The way to what the PETI suggests, unless somebody is there already or there is nothing."""
        self.suggest.setVisible(self.suggestions.any and self._middle.currentWidget() is not self.suggestions)

    def _suggest(self) -> None:
        """Show what the PETI suggests; the list of risks leads back."""
        self.flush()
        self.list.setCurrentIndex(QModelIndex())
        self._middle.setCurrentWidget(self.suggestions)
        self.suggestions.list.setFocus()
        self._side.hide()

    def _take(self, suggestion: Suggestion) -> None:
        workspace = self.desk.workspace
        types = {"riesgo", "necesidad"}
        made = self._suggested if suggestion.type == "riesgo" else self._need_made
        self.desk.save(lambda _progress: create(workspace, suggestion), types, made)

    def _suggested(self, record: Record) -> None:
        self._wanted = (record.uid, "causa_inmediata")

    # -- a wish is a need

    def _as_need(self, field: str) -> None:
        record = self.form.record
        if record is None:
            return
        self.flush()
        workspace, uid = self.desk.workspace, record.uid
        self.desk.save(lambda _progress: as_need(workspace, uid, field), {"necesidad", "riesgo"}, self._need_made)

    def _need_made(self, need: Record) -> None:
        self.desk.go("necesidades", (need.uid, "tema"))
        self.desk.notice.tell("Quedó registrado como necesidad.", "Complete lo que falta.", tone="fine")

    # -- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_heat(event.size())

    def _place_heat(self, size: QSize) -> None:
        """Beside the record where there is room, else inside the step where it matters."""
        narrow = size.width() < NARROW
        if narrow == (self._side.parentWidget() is self.form.valorar):
            return
        self._left.setFixedWidth(LIST_NARROW if narrow else LIST_WIDTH)
        self._side.setParent(None)
        if narrow:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(16777215)
            self._side.setFixedHeight(430)
            column = self.form.valorar.column
            column.insertWidget(2, self._side)
        else:
            self._side.setMinimumHeight(0)
            self._side.setMaximumHeight(16777215)
            self._side.setFixedWidth(SIDE_WIDTH)
            self._row.addWidget(self._side)
        self._side.setVisible(self._middle.currentWidget() is self.form)


def _cell(live: Live, which: str) -> tuple[int, int] | None:
    p, i = live.values.get(f"probabilidad_{which}"), live.values.get(f"impacto_{which}")
    return (int(p), int(i)) if isinstance(p, int | str) and isinstance(i, int | str) else None


def _many(total: int) -> str:
    return "1 registrado" if total == 1 else f"{total} registrados"

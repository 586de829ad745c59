"""The risks: list, record in four steps, and the heat map beside it."""

from collections.abc import Mapping
from typing import Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop.records import Severity, Value
from peti_desktop.records.record import Record
from peti_desktop.suggestions import Suggestion, as_need, create
from peti_desktop.vigencia import marks
from ui import theme
from ui.chips import Empty, button
from ui.dependencia.importar import bring_button
from ui.dependencia.listing import Entry
from ui.dependencia.pasos.live import Live
from ui.dependencia.plantillas import BeginMenu
from ui.dependencia.primer_riesgo import FirstRisk
from ui.dependencia.retiring import restore, retire, with_controls
from ui.dependencia.riesgo import RiskForm
from ui.dependencia.riesgos_calor import HeatCard
from ui.dependencia.riesgos_carga import Loaded, entry_of, load, missing_in
from ui.dependencia.riesgos_lista import Finder
from ui.dependencia.saving import Keeper
from ui.dependencia.sugerencias import Suggestions
from ui.desk import Desk, Page, Subject

LIST_WIDTH: Final = 250
LIST_NARROW: Final = 190
NARROW: Final = 1020
"""Below this width of the page the heat map stands inside the step «Valorar»."""


class RiesgosPage(Page):
    """The page of the risks. Its targets are (uid, field), a uid, or ``None``; a control's uid leads to its card."""

    title = "Riesgos"
    shows = frozenset({"riesgo", "control"})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._risks: dict[str, Record] = {}
        self._controls: dict[str, tuple[Record, ...]] = {}
        self._marks: Mapping[str, str] = {}
        self._wanted: Any = None
        self._loaded = False
        self._new_uid = ""
        self._new_control = ""
        self._guided = False
        self._keeper = Keeper(desk, self, "riesgo", in_view=self._risk)
        self._keeper_of_controls = Keeper(desk, self, "control", "riesgo", in_view=self._control)
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
        self.form = RiskForm(self.desk, self._keeper.save, self._keeper_of_controls.save)
        self.form.changed.connect(self._looked)
        self.form.added.connect(self._add_control)
        self.form.control_retired.connect(self._retire_control)
        self.form.retired.connect(self._retire)
        self.form.restored.connect(self._restore)
        self.form.wished.connect(self._as_need)
        first = button("Registrar el primer riesgo", self.add, icon="mas")
        self.guided = button("El &primero, con ayuda", self._add_guided, role="quiet", icon="ayuda")
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
        self.heat = HeatCard(self.desk.workspace.catalogues)
        self._middle.currentChanged.connect(self._offer)
        self._row = QHBoxLayout()
        self._row.setSpacing(theme.LARGE)
        self._left = self._left_side()
        self._row.addWidget(self._left)
        self._row.addWidget(self._middle, 1)
        self._row.addWidget(self.heat)
        self.body.addLayout(self._row, 1)

    def _left_side(self) -> QWidget:
        self.finder = Finder(marked=self.desk.workspace.info.anterior is not None)
        self.finder.chosen.connect(self._show)
        self.finder.entered.connect(lambda: self.form.go_step(self.form.bar.currentIndex()))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.finder.seek)
        left = QWidget()
        left.setFixedWidth(LIST_WIDTH)
        both = QVBoxLayout(left)
        both.setContentsMargins(0, 0, 0, 0)
        both.addWidget(self.finder)
        both.addWidget(self.guide)
        self.guide.hide()
        return left

    def shown(self) -> None:
        choosing = self._middle.currentWidget() is self.suggestions
        (self.suggestions.list if choosing else self.finder.list).setFocus()

    # -- reading

    def reload(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: load(workspace), self._fill)

    def _fill(self, loaded: Loaded) -> None:
        self._loaded = True
        self._risks = {record.uid: record for record in loaded.risks}
        self._controls = dict(loaded.controls)
        self.form.set_beside(loaded.beside)
        self.suggestions.fill(loaded.suggestions)
        self.suggest.setText(f"Sugerencias del PETI ({len(loaded.suggestions)})")
        kept = self.form.record.uid if self.form.record is not None else ""
        self._marks = loaded.marks
        self.finder.fill([self._entry(record) for record in loaded.risks])
        self._count()
        self._offer()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.target(wanted)
        elif self._middle.currentWidget() is not self.suggestions:
            self.finder.select(kept)

    def _entry(self, record: Record) -> Entry:
        return entry_of(record, self._missing(record), self._marks.get(record.uid, ""))

    def _missing(self, record: Record) -> int:
        controls = self._controls.get(record.uid, ())
        return missing_in(record, controls, self.desk.workspace.catalogues, self.desk.today())

    def _count(self) -> None:
        total = self.finder.entries.total
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
            if nothing is self.suggestions and self.finder.list.hasFocus() and not total:
                self.suggestions.list.setFocus()
        self.heat.setVisible(self._middle.currentWidget() is self.form)
        self.guided.setVisible(not total)

    # -- choosing

    def _show(self, uid: str) -> None:
        if self.guide.guides not in {"", uid}:
            self._end_guide()
        self._middle.setCurrentWidget(self.form)
        self.heat.show()
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
        self.finder.let_see(owner, retired=self._risks[owner].retired is not None)
        self.finder.select(owner)
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
        self.finder.entries.update_entry(entry_of(record, missing, self._marks.get(record.uid, ""), live.values))
        self.heat.tell(live)

    def _saved(self, record: Record) -> None:
        self._risks[record.uid] = record
        if self.form.record is not None and self.form.record.uid == record.uid:
            self.form.record = record
        self._count()
        self._mark()

    def _mark(self) -> None:
        """Say anew what became of the risks since the vigencia began."""
        workspace = self.desk.workspace
        if workspace.info.anterior is not None:
            self.desk.run(lambda _progress: marks(workspace, ("riesgo",)), self._marked)

    def _marked(self, found: Mapping[str, str]) -> None:
        self._marks = found
        for uid, mark in found.items():
            self.finder.entries.mark(uid, mark)

    def _risk(self, uid: str) -> Record | None:
        return self._risks.get(uid)

    def _control(self, uid: str) -> Record | None:
        found = (control for controls in self._controls.values() for control in controls if control.uid == uid)
        return next(found, None)

    def _saved_control(self, control: Record) -> None:
        risk = str(control.values["riesgo"])
        known = self._controls.get(risk, ())
        self._controls[risk] = tuple(control if old.uid == control.uid else old for old in known)
        for made in self.form.controlar.cards:
            if made.record.uid == control.uid:
                made.record = control
        self._count()
        self._mark()

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
        self.finder.hide()
        self.guide.begin(uid)

    def _end_guide(self) -> None:
        """The list comes back; the risk stays as it is, with the cursor where it was."""
        beside = self.guide.leave.hasFocus() or self.guide.other.hasFocus()
        self.guide.hide()
        self.finder.show()
        if beside:
            self.form.go_step(self.form.bar.currentIndex())

    def _added(self, record: Record) -> None:
        self._new_uid = record.uid
        self._risks[record.uid] = record
        self.finder.fill([self._entry(found) for found in self._risks.values()])
        self.finder.show_all()
        self.form.setEnabled(True)
        self.finder.select(record.uid)
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
            self.finder.go_on()

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
        self.finder.leave()
        self._middle.setCurrentWidget(self.suggestions)
        self.suggestions.list.setFocus()
        self.heat.hide()

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
        if narrow == (self.heat.parentWidget() is self.form.valorar):
            return
        self._left.setFixedWidth(LIST_NARROW if narrow else LIST_WIDTH)
        self.heat.setParent(None)
        self.heat.stand(inside=narrow)
        if narrow:
            self.form.valorar.column.insertWidget(2, self.heat)
        else:
            self._row.addWidget(self.heat)
        self.heat.setVisible(self._middle.currentWidget() is self.form)


def _many(total: int) -> str:
    return "1 registrado" if total == 1 else f"{total} registrados"

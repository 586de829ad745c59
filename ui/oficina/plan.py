"""The plan of the office: initiatives, the years and money they take, and the indicators of the PETI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from peti_desktop import reports
from peti_desktop.consolidation import roles
from peti_desktop.peti import gathering, indicators, initiatives
from peti_desktop.peti.gathering import GAP, NEED, RISK, Thing
from peti_desktop.peti.indicators import Standing
from peti_desktop.peti.roadmap import Roadmap, roadmap
from peti_desktop.progress import Progress
from peti_desktop.records import INICIATIVA, Problem
from peti_desktop.records.record import Record, headline
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.retiring import retire
from ui.dependencia.saving import Keeper
from ui.desk import Desk, Page, Subject
from ui.oficina.indicadores import IndicatorsView
from ui.oficina.informes import open_outside
from ui.oficina.iniciativas import InitiativesView
from ui.oficina.plan_tablas import Bars, Sheet
from ui.oficina.words import pesos, plural, short_pesos

INITIATIVES, ROADMAP, INDICATORS = range(3)
PAPERS: Final = {INITIATIVES: "hoja_de_ruta", ROADMAP: "hoja_de_ruta", INDICATORS: "indicadores"}
NEW: Final = {INITIATIVES: "N&ueva iniciativa", ROADMAP: "N&ueva iniciativa", INDICATORS: "N&uevo avance"}
GROUPS: Final = "grupo"
"""As in ``ui.oficina.repetidos``."""
MOST_YEARS: Final = 8
"""More columns of money do not fit; the later years are one."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything the page shows, of one moment, and whether who looks may change it."""

    plan: Roadmap
    standings: list[Standing]
    progress: list[Record]
    problems: Mapping[str, list[Problem]]
    writable: bool


class PlanPage(Page):
    """See the module. Its targets are the uid of an initiative, or the code of an indicator."""

    title = "Plan PETI"
    shows = frozenset({"iniciativa", "avance", "necesidad", "riesgo", "control", GROUPS})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        known = desk.workspace.catalogues
        self.open_outside: Callable[[Path], object] = open_outside
        self._loaded: Loaded | None = None
        self._wanted: tuple[str, str] | None = None
        self._new = ""
        self._keepers = {
            "iniciativa": Keeper(desk, self, "iniciativa", in_view=self._initiative),
            "avance": Keeper(desk, self, "avance", in_view=self._progress),
        }
        for keeper in self._keepers.values():
            keeper.saved.connect(self._saved)
        self.initiatives = InitiativesView(known, self._keepers["iniciativa"].save)
        self.indicators = IndicatorsView(known, self._keepers["avance"].save, self._initiative_links)
        self.bars = Bars()
        self.years = Sheet(("Iniciativa", "Años"), "Hoja de ruta por año", wide=0, spare=(1,))
        self.sources = Sheet(("Fuente de financiación", "Valor"), "Por fuente de financiación", wide=0, numbers=(1,))
        self.loose = label("", "body", wraps=True)
        self.tabs = QTabBar()
        self._build()

    def _build(self) -> None:
        self.new = button(NEW[INITIATIVES], self._new_here, role="primary", icon="mas")
        self.new.setToolTip("Ctrl+N")
        self.paper = button("In&forme PDF…", self._paper, icon="informes")
        self.actions_row.addWidget(self.paper)
        self.actions_row.addWidget(self.new)
        QShortcut(QKeySequence(QKeySequence.StandardKey.New), self).activated.connect(self._new_here)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._find)
        self.tabs.setAccessibleName("Partes del plan")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for text in ("Iniciativas", "Hoja de ruta", "Indicadores"):
            self.tabs.addTab(text)
        self._stack = QStackedWidget()
        for view in (self.initiatives, self._roadmap_view(), self.indicators):
            self._stack.addWidget(view)
        self.tabs.currentChanged.connect(self._turn)
        self.initiatives.taken.connect(self._take)
        self.initiatives.let_go.connect(self._let_go)
        self.initiatives.begun.connect(self._begin)
        self.initiatives.retired.connect(self._retire_initiative)
        self.indicators.retired.connect(self._retire_progress)
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)

    def _roadmap_view(self) -> QWidget:
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Costo por año", "heading"))
        column.addWidget(self.bars)
        column.addWidget(self.loose)
        column.addWidget(self.years, 3)
        column.addWidget(self.sources, 2)
        self.years.itemActivated.connect(lambda _item: self._open_line())
        self.years.setToolTip("Entrar o doble clic: abrir la iniciativa.")
        for table in (self.years, self.sources):
            table.setMinimumHeight(4 * theme.ROW)
        self._no_roadmap = Empty(
            "La hoja de ruta está vacía", "Cree la primera iniciativa y llévele necesidades.", icon="plan"
        )
        self._roadmap = QScrollArea()
        self._roadmap.setWidgetResizable(True)
        self._roadmap.setFrameShape(QFrame.Shape.NoFrame)
        self._roadmap.setWidget(inside)
        made = QWidget()
        whole = QVBoxLayout(made)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._roadmap)
        whole.addWidget(self._no_roadmap)
        return made

    def _turn(self, place: int) -> None:
        self.flush()
        self._stack.setCurrentIndex(place)
        self.new.setText(NEW[place])

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(progress: Progress) -> Loaded:
            with workspace.snapshot() as seen:
                return Loaded(
                    roadmap(seen, progress),
                    indicators.standings(seen),
                    seen.records("avance", equal={"vigencia": seen.info.vigencia}),
                    initiatives.problems(seen),
                    roles.refusal(workspace, roles.CHANGE) is None,
                )

        self.desk.run(look, self._fill, text="Leyendo el plan…")

    def _fill(self, loaded: Loaded) -> None:
        self._loaded = loaded
        plan = loaded.plan
        # A record just born is not told that everything is missing.
        problems = {
            uid: [problem for problem in found if not (problem.missing and uid == self._new)]
            for uid, found in loaded.problems.items()
        }
        self.new.setEnabled(loaded.writable)
        self.initiatives.show_plan(plan, problems, writable=loaded.writable)
        self.indicators.show_standings(loaded.standings, loaded.progress, problems, writable=loaded.writable)
        self._show_roadmap(plan)
        measured = sum(1 for standing in loaded.standings if standing.value is not None)
        self.set_subtitle(
            f"{plural(len(plan.lines), 'iniciativa', 'iniciativas')} · {short_pesos(plan.money)} · "
            f"{measured} de {plural(len(loaded.standings), 'indicador', 'indicadores')} con avance"
        )
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._go(*wanted)

    def _show_roadmap(self, plan: Roadmap) -> None:
        self._roadmap.setVisible(bool(plan.lines))
        self._no_roadmap.setVisible(not plan.lines)
        columns = plan.columns(MOST_YEARS)
        self.bars.tell([(title, plan.in_years(years)) for title, years in columns])
        titles = ("Iniciativa", "Años", *(title for title, _ in columns), "Total")
        self.years.setColumnCount(len(titles))
        self.years.setHorizontalHeaderLabels(list(titles))
        self.years.set_numbers(range(2, len(titles)))
        rows: list[tuple[object, Sequence[str]]] = []
        for line in plan.lines:
            values = line.initiative.values
            first, last = values["anio_desde"] or "", values["anio_hasta"] or ""
            money = (line.in_years(years) for _, years in columns)
            name = (
                f"{values['codigo'] or ''} {values['nombre'] or ''}{'' if line.counts else ' (suspendida, no cuenta)'}"
            )
            span = f"{first}" if first == last else f"{first} a {last}"
            rows.append((line.initiative.uid, (name, span, *(_blank(m) for m in money), pesos(line.money))))
        totals = (_blank(plan.in_years(years)) for _, years in columns)
        rows.append(("", ("Total", "", *totals, pesos(plan.money))))
        self.years.fill(rows, strong=(len(rows) - 1,))
        label_of = partial(self.desk.workspace.catalogues.label, "fuente_financiacion")
        self.sources.fill(
            [
                (code, (label_of(code) if code else "No dicen de dónde sale", pesos(m)))
                for code, m in plan.sources.items()
            ]
        )
        self.loose.setText(
            f"Sin iniciativa quedan {plural(plan.loose_many(NEED), 'necesidad', 'necesidades')} "
            f"({pesos(plan.loose_money)}), {plural(plan.loose_many(GAP), 'brecha', 'brechas')} y "
            f"{plural(plan.loose_many(RISK), 'riesgo alto o extremo', 'riesgos altos o extremos')}."
        )

    def _initiative(self, uid: str) -> Record | None:
        lines = self._loaded.plan.lines if self._loaded is not None else ()
        return next((line.initiative for line in lines if line.initiative.uid == uid), None)

    def _progress(self, uid: str) -> Record | None:
        found = self._loaded.progress if self._loaded is not None else ()
        return next((record for record in found if record.uid == uid), None)

    def _initiative_links(self) -> list[tuple[str, str]]:
        if self._loaded is None:
            return []
        known = self.desk.workspace.catalogues
        lines = self._loaded.plan.lines
        return [(line.initiative.uid, headline(INICIATIVA, line.initiative.values, known)) for line in lines]

    def shown(self) -> None:
        self._new = ""
        view = (self.initiatives.list, self.years, self.indicators.list)[self.tabs.currentIndex()]
        view.setFocus()

    def subject(self) -> Subject | None:
        if self.tabs.currentIndex() == INDICATORS:
            record = self.indicators.record
            return Subject("avance", record.uid) if record is not None else None
        line = self.initiatives.line
        return Subject("iniciativa", line.initiative.uid) if line is not None else None

    def target(self, wanted: Any) -> None:
        uid, field = wanted if isinstance(wanted, tuple) else (str(wanted), "")
        if self._loaded is None:
            self._wanted = (uid, field)
        else:
            self._go(uid, field)

    def _go(self, uid: str, field: str) -> None:
        progress = self._progress(uid)
        codes = {standing.code for standing in (self._loaded.standings if self._loaded else ())}
        if progress is not None or uid in codes:
            self.tabs.setCurrentIndex(INDICATORS)
            self.indicators.select(str(progress.values["indicador"]) if progress else uid, uid, field)
        else:
            self.tabs.setCurrentIndex(INITIATIVES)
            self.initiatives.select(uid, field)

    def flush(self) -> None:
        for form in (self.initiatives.form, self.indicators.form):
            form.flush()
        for keeper in self._keepers.values():
            keeper.flush()

    def _open_line(self) -> None:
        """Go to the initiative of the chosen line of the roadmap; the line of totals has none."""
        uid = next((str(key) for key in self.years.chosen_keys() if key), "")
        if uid:
            self._go(uid, "")
            self.shown()

    def _find(self) -> None:
        self.tabs.setCurrentIndex(INITIATIVES)
        self.initiatives.look_for()

    # -- what somebody does

    def _saved(self, _record: Record) -> None:
        self.reload()

    def _new_here(self) -> None:
        if not self.new.isEnabled():
            return
        if self.tabs.currentIndex() == INDICATORS:
            self._begin_progress()
        else:
            self._begin()

    def _begin(self) -> None:
        self.flush()
        workspace = self.desk.workspace
        self.desk.save(lambda _p: initiatives.begin(workspace), {"iniciativa"}, self._begun, origin=self)

    def _begun(self, record: Record) -> None:
        self._new = record.uid
        self._wanted = (record.uid, "nombre")
        self.reload()

    def _begin_progress(self) -> None:
        standing, workspace = self.indicators.standing, self.desk.workspace
        if standing is None:
            return
        code = standing.code
        self.flush()
        self.desk.save(lambda _p: indicators.begin(workspace, code), {"avance"}, self._progress_begun, origin=self)

    def _progress_begun(self, record: Record) -> None:
        self._new = record.uid
        self._wanted = (record.uid, "periodo")
        self.reload()

    def _take(self, chosen: Sequence[Thing]) -> None:
        line, workspace = self.initiatives.line, self.desk.workspace
        if line is None:
            return
        uid, name = line.initiative.uid, line.initiative.values["codigo"] or "la iniciativa"
        self.flush()
        self.desk.save(
            lambda _p: gathering.assign(workspace, uid, chosen),
            {"iniciativa"},
            lambda count: self._moved(f"{plural(count, 'registro quedó', 'registros quedaron')} en {name}."),
            origin=self,
            text="Reuniendo…",
        )

    def _let_go(self, chosen: Sequence[Thing]) -> None:
        workspace = self.desk.workspace
        self.flush()
        self.desk.save(
            lambda _p: gathering.release(workspace, chosen),
            {"iniciativa"},
            lambda count: self._moved(f"{plural(count, 'registro salió', 'registros salieron')} de su iniciativa."),
            origin=self,
            text="Sacando…",
        )

    def _moved(self, words: str) -> None:
        self.reload()
        self.desk.notice.tell(words, action="Deshacer", act=self.desk.undo)

    def _retire_initiative(self, reason: str) -> None:
        line = self.initiatives.line
        if line is not None:
            name = f"la iniciativa {line.initiative.values['codigo'] or ''}".strip()
            retire(self.desk, self, [("iniciativa", line.initiative.uid)], name, reason)

    def _retire_progress(self, reason: str) -> None:
        record = self.indicators.record
        if record is not None:
            retire(self.desk, self, [("avance", record.uid)], "un avance", reason)

    def _open(self, path: Path) -> None:
        self.open_outside(path)

    def _paper(self) -> None:
        name = PAPERS[self.tabs.currentIndex()]
        report, workspace = reports.REPORTS[name], self.desk.workspace
        path = self.desk.messages.save_file(report.title, Path(f"{workspace.info.vigencia}_{name}.pdf"), "PDF (*.pdf)")
        if path is None:
            return
        self.flush()

        def done(_nothing: object) -> None:
            self.desk.notice.tell(
                f"{path.name} quedó en {path.parent}.", tone="fine", action="Abrir", act=partial(self._open, path)
            )

        self.desk.run(lambda progress: report.build(workspace, path, progress), done, text="Preparando el informe…")


def _blank(money: Decimal) -> str:
    return pesos(money) if money else ""

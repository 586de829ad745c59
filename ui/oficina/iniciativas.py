"""The tab of initiatives: the list, the form of one, what it gathers, and what could be taken to it."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.peti.gathering import KINDS, NEED, Thing, proposed
from peti_desktop.peti.roadmap import Line, Roadmap
from peti_desktop.records import INICIATIVA, Problem
from peti_desktop.records.convert import plain
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.retiring import RetireButton
from ui.form import Form, Save
from ui.oficina.plan_tablas import Sheet
from ui.oficina.words import pesos, plural, short_pesos, thousands

PROPOSED, LOOSE = "propuesto", "suelto"
_OFFERS: Final = {PROPOSED: "Lo que se propone para ella", LOOSE: "Todo lo que está suelto"}
PAUSE_MS: Final = 150


class InitiativesView(QWidget):
    """``taken(things)`` and ``let_go(things)``: somebody gathers them, or lets them go; ``begun``; ``retired(reason)``.

    The list says a code with ▲ where something is wrong.
    """

    taken = Signal(object)
    let_go = Signal(object)
    begun = Signal()
    retired = Signal(str)

    def __init__(self, catalogues: Catalogues, save: Save) -> None:
        super().__init__()
        self._catalogues = catalogues
        self._plan = Roadmap((), ())
        self._problems: Mapping[str, Sequence[Problem]] = {}
        self._shown = ""
        self._offered: list[tuple[Thing, str]] = []
        self.list = Sheet(("Código", "Iniciativa", "Valor"), "Iniciativas", wide=1, numbers=(2,), spare=(2,))
        self.form = Form(INICIATIVA, catalogues, save, columns=2)
        self.gathered = Sheet(
            ("Qué", "Descripción", "Tema o zona", "Cant.", "Valor"),
            "Lo que reúne",
            wide=1,
            numbers=(3, 4),
            spare=(3, 2, 0),
        )
        self.offered = Sheet(
            ("Qué", "Descripción", "Por qué", "Cant.", "Valor"),
            "Lo que se le puede llevar",
            wide=1,
            numbers=(3, 4),
            spare=(3, 2, 0),
        )
        self.search = QLineEdit()
        self.which = QComboBox()
        self.parts = QTabBar()
        self.take = button("Ll&evar a esta iniciativa", self._take, role="primary")
        self.drop = button("S&acar de la iniciativa", self._drop)
        self.retire_button = RetireButton()
        self._said = label("", "muted", wraps=True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._offer)
        self._build()

    def _build(self) -> None:
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemSelectionChanged.connect(self._pick)
        self.list.setMinimumWidth(230)
        self.gathered.itemSelectionChanged.connect(self._count)
        self.offered.itemSelectionChanged.connect(self._count)
        self.retire_button.chosen.connect(self.retired)
        self.parts.setAccessibleName("De la iniciativa")
        self.parts.setExpanding(False)
        self.parts.setDrawBase(False)
        for text in ("Ficha", "Reúne", "Por llevar"):
            self.parts.addTab(text)
        self._pages = QStackedWidget()
        for page in (self.form, self._gathered_part(), self._offered_part()):
            self._pages.addWidget(page)
        self.parts.currentChanged.connect(self._pages.setCurrentIndex)
        head = QHBoxLayout()
        head.addWidget(self.parts, 1)
        head.addWidget(self.retire_button)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(head)
        column.addWidget(self._said)
        column.addWidget(self._pages, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 3)
        split.setSizes([380, 620])
        self._split = split
        self.begin = button("Nueva iniciativa", self.begun.emit, icon="mas")
        self._empty = Empty(
            "Todavía no hay iniciativas",
            "Una iniciativa reúne necesidades, brechas y riesgos de muchas dependencias, con años y dinero.",
            icon="plan",
            action=self.begin,
        )
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split, 1)
        whole.addWidget(self._empty, 1)
        split.hide()

    def _gathered_part(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.gathered, 1)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.drop)
        column.addLayout(row)
        return made

    def _offered_part(self) -> QWidget:
        for code, text in _OFFERS.items():
            self.which.addItem(text, code)
        self.which.setAccessibleName("Qué se muestra")
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.setMinimumContentsLength(18)
        self.which.currentIndexChanged.connect(lambda _place: self._offer())
        self.search.setAccessibleName("Buscar entre lo que se le puede llevar")
        self.search.setPlaceholderText("Buscar  (Ctrl+F)")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self._pause.start())
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.which, 2)
        row.addWidget(self.search, 2)
        below = QHBoxLayout()
        below.addWidget(label("Se escogen varias con Mayús o Ctrl.", "small", wraps=True), 1)
        below.addWidget(self.take)
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(row)
        column.addWidget(self.offered, 1)
        column.addLayout(below)
        return made

    # -- what it shows

    def show_plan(self, plan: Roadmap, problems: Mapping[str, Sequence[Problem]], *, writable: bool) -> None:
        """Show the plan as it was read."""
        self._plan, self._problems = plan, problems
        for widget in (self.form.widget(), self.take, self.drop, self.retire_button, self.begin):
            widget.setEnabled(writable)
        self._split.setVisible(bool(plan.lines))
        self._empty.setVisible(not plan.lines)
        self.list.fill([(line.initiative.uid, self._texts(line)) for line in plan.lines])
        self._pick()

    def _texts(self, line: Line) -> tuple[str, str, str]:
        values = line.initiative.values
        wrong = any(not problem.missing for problem in self._problems.get(line.initiative.uid, ()))
        code = f"{'▲ ' if wrong else ''}{values['codigo'] or '(sin código)'}"
        return (code, str(values["nombre"] or "(sin nombre)"), short_pesos(line.money))

    @property
    def line(self) -> Line | None:
        """The initiative in front with what it gathers."""
        chosen = self.list.chosen_keys()
        return next((line for line in self._plan.lines if [line.initiative.uid] == chosen), None)

    def _pick(self) -> None:
        line = self.line
        if line is None:
            return
        uid = line.initiative.uid
        if uid != self._shown:
            self.form.flush()
            self._shown = uid
        self.form.show_record(line.initiative, self._problems.get(uid, ()))
        self.gathered.fill([(thing.uids, self._thing(thing, thing.topic)) for thing in line.things])
        units = {code for thing in line.things for code in thing.dependencias}
        parts = [
            plural(line.many(NEED), "necesidad", "necesidades"),
            plural(line.units, "unidad", "unidades"),
            pesos(line.money),
        ]
        if units:
            parts.append(f"de {plural(len(units), 'dependencia', 'dependencias')}")
        if line.unvalued:
            parts.append(f"{line.unvalued} sin valor")
        self._said.setText(" · ".join(parts))
        self.parts.setTabText(1, f"Reúne  {thousands(len(line.things))}")
        self._offer()

    def _thing(self, thing: Thing, why: str) -> tuple[str, ...]:
        same = f"  ({len(thing.uids)} iguales)" if len(thing.uids) > 1 else ""
        money = pesos(thing.money) if thing.money else "Sin valor" if thing.kind == NEED else ""
        return (
            KINDS[thing.kind],
            f"{thing.words[:200] or 'Sin descripción'}{same}",
            why,
            thousands(thing.quantity) if thing.quantity else "",
            money,
        )

    def _offer(self) -> None:
        line = self.line
        if line is None:
            return
        found = proposed(self._plan.loose, line.initiative)
        self.parts.setTabText(2, f"Por llevar  {thousands(len(found))}")
        if self.which.currentData() == LOOSE:
            reasons = {thing.uids: why for thing, why in found}
            found = [(thing, reasons.get(thing.uids, thing.topic)) for thing in self._plan.loose]
        wanted = plain(self.search.text()).split()
        if wanted:
            found = [
                (thing, why)
                for thing, why in found
                if all(word in plain(f"{thing.words} {thing.topic} {' '.join(thing.dependencias)}") for word in wanted)
            ]
        self._offered = found
        self.offered.fill([(thing.uids, self._thing(thing, why)) for thing, why in found])
        self._count()

    def _count(self) -> None:
        chosen = len(self.offered.chosen_keys())
        self.take.setText(
            "Ll&evar a esta iniciativa" if chosen < 2 else f"Ll&evar {thousands(chosen)} a esta iniciativa"
        )

    # -- what somebody does

    def _take(self) -> None:
        wanted = set(self.offered.chosen_keys())
        if chosen := [thing for thing, _ in self._offered if thing.uids in wanted]:
            self.taken.emit(chosen)

    def _drop(self) -> None:
        line, wanted = self.line, set(self.gathered.chosen_keys())
        if line is not None and (chosen := [thing for thing in line.things if thing.uids in wanted]):
            self.let_go.emit(chosen)

    def select(self, uid: str, field: str = "") -> None:
        """Bring an initiative to the front, with the cursor in ``field`` of its form."""
        if self.list.choose(uid) and field:
            self.parts.setCurrentIndex(0)
            self.form.go_to(field)

    def look_for(self) -> None:
        """Search among what could be taken."""
        self.parts.setCurrentIndex(2)
        self.search.setFocus()
        self.search.selectAll()

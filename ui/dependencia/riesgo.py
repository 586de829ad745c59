"""One risk in four steps that are always in sight; what follows from the answers is shown while they are typed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import Problem, Severity
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import button, label
from ui.dependencia.asking import Beside
from ui.dependencia.pasos.controlar import Controlar
from ui.dependencia.pasos.identificar import PARTS, Identificar, rich
from ui.dependencia.pasos.live import Live, live_of
from ui.dependencia.pasos.step import Step
from ui.dependencia.pasos.tratar import Tratar
from ui.dependencia.pasos.valorar import Valorar
from ui.dependencia.retiring import RetireButton
from ui.dependencia.scrolling import scrolled
from ui.desk import Desk
from ui.editors import Editor
from ui.form import Autosave, Save, fill, tell, written

LOW: Final = 400
TITLES: Final = ("I&dentificar", "&Valorar", "Contro&lar", "Tr&atar")


class RiskForm(QWidget):
    """The form of a risk.

    ``changed(live)`` after every change; ``added()`` asks for a control, ``control_retired(uid, reason)`` and
    ``retired(reason)`` for taking something out of force, ``restored()`` back in; ``wished(field)`` says that a text is
    better kept as a need.
    """

    changed = Signal(object)
    added = Signal()
    control_retired = Signal(str, str)
    retired = Signal(str)
    restored = Signal()
    wished = Signal(str)

    def __init__(self, desk: Desk, save: Save, save_control: Save) -> None:
        super().__init__()
        self._desk = desk
        self._catalogues: Catalogues = desk.workspace.catalogues
        self.record: Record | None = None
        self._visited: set[str] | None = None
        self._beside = Beside()
        self.autosave = Autosave(save, self)
        self.identificar = Identificar(self._catalogues)
        self.valorar = Valorar(self._catalogues)
        self.controlar = Controlar(self._catalogues, save_control)
        self.tratar = Tratar(self._catalogues)
        self.steps: tuple[Step, ...] = (self.identificar, self.valorar, self.controlar, self.tratar)
        self.editors: dict[str, Editor] = {}
        for step in self.steps:
            self.editors |= step.editors
        self._build()
        self._connect()

    def _build(self) -> None:
        self.title = label("", "heading")
        self._state = label("", "muted")
        self._retire = RetireButton()
        self._retire.chosen.connect(self.retired)
        self._restore = button("&Restaurar", self.restored.emit)
        head = QHBoxLayout()
        head.setSpacing(theme.MEDIUM)
        head.addWidget(self.title)
        head.addWidget(self._state, 1)
        trace = button("Historia", self._desk.trace, role="quiet")
        trace.setToolTip("Quién cambió qué y cuándo (F4)")
        trace.setStyleSheet("padding: 5px 6px;")
        head.addWidget(trace)
        head.addWidget(self._retire)
        head.addWidget(self._restore)
        self.sentence = label("", wraps=True)
        self.sentence.setAccessibleName("El riesgo se lee así")
        self.sentence.setMaximumHeight(4 * self.sentence.fontMetrics().lineSpacing())
        self.bar = QTabBar()
        self.bar.setAccessibleName("Pasos del riesgo")
        self.bar.setExpanding(False)
        self.bar.setDrawBase(False)
        self.bar.setUsesScrollButtons(False)
        self.bar.setStyleSheet("QTabBar::tab { padding: 7px 9px; }")
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self._stack = QStackedWidget()
        self._areas: list[QScrollArea] = []
        for number, step in enumerate(self.steps):
            self.bar.addTab(TITLES[number])
            if number + 1 < len(self.steps):
                self._add_next(step, number + 1)
            self._areas.append(scrolled(step))
            self._stack.addWidget(self._areas[-1])
        frame = QFrame()
        frame.setProperty("role", "rule")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.sentence)
        column.addWidget(self.bar)
        column.addWidget(frame)
        column.addWidget(self._stack, 1)

    def _add_next(self, step: Step, number: int) -> None:
        name = TITLES[number].replace("&", "")
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(button(f"&Siguiente: {name}", lambda: self.go_step(number)))
        step.column.insertLayout(step.column.count() - 1, line)

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._stepped)
        for name, editor in self.editors.items():
            self.autosave.tie(editor)
            editor.edited.connect(lambda _raw, name=name: self._typed(name))
            editor.left.connect(lambda name=name: self._left(name))
        self.identificar.composed.connect(self.autosave.edited)
        self.identificar.wished.connect(self.wished)
        self.controlar.added.connect(self.added)
        self.controlar.changed.connect(self.look)
        self.controlar.retired.connect(self.control_retired)
        for keys, way in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda way=way: self.go_step(self.bar.currentIndex() + way))

    # -- what it shows

    def show_risk(self, record: Record, controls: Sequence[Record], *, new: bool = False) -> None:
        """Show a risk and its controls as they are stored; what is being typed stays.

        A ``new`` one says what is missing only where somebody has been.
        """
        same = self.record is not None and self.record.uid == record.uid
        if not same:
            self.flush()
            self._visited = set() if new else None
            self.identificar.begin(record.values)
        self.record = record
        self.autosave.set_uid(record.uid)
        fill(self.editors, record, self.autosave.waiting if same else frozenset(), same=same)
        self.controlar.show_controls(controls)
        self.title.setText(str(record.values.get("referencia") or "Riesgo"))
        self._retire.setVisible(record.retired is None)
        self._restore.setVisible(record.retired is not None)
        self._stack.setEnabled(record.retired is None)
        if not same:
            self.go_step(0, focus=False)
        self.look()

    def set_beside(self, beside: Beside) -> None:
        """What is said of risks and controls besides the rules: told beside the fields of whichever is shown."""
        self._beside = beside
        self.controlar.beside = beside

    def live(self) -> Live:
        """What is written and all that follows from it."""
        assert self.record is not None
        values, unread = written(self.editors, self.record.values)
        controls = [made.values for made in self.controlar.cards]
        return live_of(values, controls, self._catalogues, self._desk.today(), unread)

    def look(self) -> None:
        """Show what follows from what is written now."""
        if self.record is None:
            return
        live = self.live()
        for step in self.steps:
            step.tell(live)
        seen = self._visited
        found = [p for p in live.problems if seen is None or p.field in seen]
        tell(self.editors, [*found, *self._beside.of(replace(self.record, values=live.values))])
        if any(problem.field == "descripcion" for problem in live.problems) and not self.identificar.own:
            # The sentence is not finished: its parts say what is missing.
            self.identificar.editors["descripcion"].set_problems([])
        self._tell_sentence(live)
        self._tell_state(live.problems)
        self.changed.emit(live)

    def _tell_sentence(self, live: Live) -> None:
        own = live.values.get("descripcion") if self.identificar.own else None
        self.sentence.setTextFormat(Qt.TextFormat.PlainText if own else Qt.TextFormat.RichText)
        self.sentence.setText(str(own) if own else rich(live.values, self._catalogues))

    def _tell_state(self, problems: Sequence[Problem]) -> None:
        stops = [problem for problem in problems if problem.severity is Severity.STOPS]
        for number, step in enumerate(self.steps):
            own = sum(problem.field in step.editors for problem in stops)
            if step is self.controlar:
                own = sum(made.missing for made in self.controlar.cards)
            self.bar.setTabText(number, f"{TITLES[number]}  {f'▲ {own}' if own else '✓'}")
            self.bar.setTabToolTip(number, _missing(own))
        if self.record is not None and self.record.retired is not None:
            self._state.setText(f"Retirado: {self.record.retired}")
        else:
            every = len(stops) + sum(made.missing for made in self.controlar.cards)
            self._state.setText("✓ Completo" if not every else f"▲ {_missing(every)}")

    # -- where the person is

    def go_step(self, number: int, *, focus: bool = True) -> None:
        """Show a step (0 to 3) and put the cursor into its first field."""
        if 0 <= number < len(self.steps):
            self.bar.setCurrentIndex(number)
            self._areas[number].verticalScrollBar().setValue(0)
            if focus:
                self._first(number).setFocus(Qt.FocusReason.TabFocusReason)

    def _first(self, number: int) -> QWidget:
        step = self.steps[number]
        if step is self.controlar:
            cards = self.controlar.cards
            return cards[0].editors["responsable"] if cards else self.controlar.add
        return next(iter(step.editors.values()))

    def go_to(self, name: str) -> None:
        """Put the cursor into the field ``name`` of the risk, whatever step it is in."""
        for number, step in enumerate(self.steps):
            if name in step.editors:
                if name == "descripcion":
                    self.identificar.show_own()
                self.bar.setCurrentIndex(number)
                self._areas[number].ensureWidgetVisible(step.editors[name])
                step.editors[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_control(self, uid: str, name: str) -> None:
        """Put the cursor into a field of one of the controls."""
        number = self.steps.index(self.controlar)
        self.bar.setCurrentIndex(number)
        for made in self.controlar.cards:
            if made.record.uid == uid:
                editor = made.editors.get(name) or made.editors["responsable"]
                self._areas[number].ensureWidgetVisible(editor)
                editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def flush(self) -> None:
        """Write now what waits for its timer."""
        self.autosave.flush()
        self.controlar.flush()

    def _stepped(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self._make_room()

    def _make_room(self) -> None:
        """On a low screen the sentence is shown where it is made and leaves its place to the other steps."""
        self.sentence.setVisible(self.height() >= LOW or self.bar.currentIndex() == 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)

    # -- from the user

    def _typed(self, name: str) -> None:
        if name in PARTS:
            self.identificar.compose()
        self.look()

    def _left(self, name: str) -> None:
        if self._visited is not None and name not in self._visited:
            self._visited.add(name)
            self.look()


def _missing(number: int) -> str:
    if not number:
        return "Completo"
    return "Falta 1 dato" if number == 1 else f"Faltan {number} datos"

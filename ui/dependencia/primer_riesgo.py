"""The guide beside the form of somebody's first risk: it says what each step asks and leads on to the next."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from peti_desktop.first_risk import Lesson, lessons
from peti_desktop.records import RIESGO, Severity
from ui import theme
from ui.chips import button, label
from ui.dependencia.pasos.live import Live
from ui.dependencia.riesgo import RiskForm
from ui.dependencia.scrolling import scrolled
from ui.editors import Editor

NAMED: Final = 3
"""How many missing fields are named; the rest are counted."""


class FirstRisk(QFrame):
    """Tells of the step that ``form`` shows. ``gone()``: somebody has had enough of it."""

    gone = Signal()

    def __init__(self, form: RiskForm) -> None:
        super().__init__()
        self._form = form
        self._uid = ""
        self._step = 0
        self._turn = 0
        self._in_field = False
        self._live: Live | None = None
        self._lessons = lessons()
        self.setProperty("role", "card")
        self._build()
        form.changed.connect(self._look)
        form.bar.currentChanged.connect(self._stepped)
        _application().focusChanged.connect(self._focus_moved)

    def _build(self) -> None:
        self.head = label("", "small")
        self.title = label("", "heading", wraps=True)
        self.state = label("", wraps=True)
        self.now = label("", wraps=True)
        self.good = label("", "fine", wraps=True)
        self.bad = label("", "stops", wraps=True)
        self.why = label("", "muted", wraps=True)
        self.other = button("&Otro ejemplo", self._turn_on, role="quiet")
        self.leave = button("De&jar la ayuda", self.gone.emit)
        words = QWidget()
        column = QVBoxLayout(words)
        column.setContentsMargins(0, 0, theme.SMALL, 0)
        column.setSpacing(theme.SMALL)
        for part in (self.now, self.state, self.good, self.bad, self.why):
            column.addWidget(part)
        column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.SMALL, theme.MEDIUM)
        outer.setSpacing(theme.TIGHT)
        outer.addWidget(self.head)
        outer.addWidget(self.title)
        outer.addWidget(scrolled(words), 1)
        outer.addWidget(self.leave)

    def begin(self, uid: str) -> None:
        """Guide through the risk ``uid``, from its first step."""
        self._uid, self._turn = uid, 0
        self.show()
        self._stepped(self._form.bar.currentIndex())

    @property
    def guides(self) -> str:
        """The uid of the risk it guides through; empty when it guides through none."""
        return "" if self.isHidden() else self._uid

    def _stepped(self, number: int) -> None:
        self._step, self._turn = number, 0
        self._tell()
        if self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def _look(self, live: Live) -> None:
        self._live = live
        self._tell()

    def _turn_on(self) -> None:
        self._turn += 1
        self._tell()

    # -- what it says

    @property
    def _lesson(self) -> Lesson:
        return self._lessons[self._step]

    def _tell(self) -> None:
        self.head.setText(f"Primer riesgo · {self._step + 1} de {len(self._lessons)}")
        self.title.setText(self._lesson.title)
        self.now.setText(self._lesson.now)
        kind = str(self._live.values.get("tipo") or "gestion") if self._live else "gestion"
        examples = self._lesson.examples_for(kind)
        example = examples[self._turn % len(examples)]
        self.good.setText(f"✓ Así sí: {example.good}")
        self.bad.setText(f"✕ Así no: {example.bad}")
        self.why.setText(example.why)
        self.other.setVisible(len(examples) > 1)
        self._tell_state()
        self.setAccessibleName(f"{self.head.text()}: {self.title.text()}")
        self.setAccessibleDescription(f"{self.now.text()} {self.state.text()}")

    def _tell_state(self) -> None:
        lacks = self._lacking(self._step)
        self.leave.setText("&Terminar" if self._finished else "De&jar la ayuda")
        if lacks:
            rest = len(lacks) - NAMED
            more = f" y {rest} más" if rest > 0 else ""
            self.state.setText(f"▲ Falta: {', '.join(lacks[:NAMED])}{more}.")
        elif self._finished:
            self.state.setText("✓ Su primer riesgo está completo. Los demás se registran igual.")
        elif self._step == len(self._lessons) - 1:
            self.state.setText("✓ Este paso está completo. Vuelva a los que tienen ▲.")
        else:
            self.state.setText("✓ Este paso está completo: Tab desde el último campo lleva al siguiente.")

    @property
    def _finished(self) -> bool:
        every = range(len(self._lessons))
        return not any(self._stops(step) for step in every) and self._step == every[-1]

    def _stops(self, number: int) -> list[str]:
        """The names of the fields of a step that stop a delivery."""
        step = self._form.steps[number]
        if step is self._form.controlar:
            return [f"control {n}" for n, made in enumerate(self._form.controlar.cards, 1) if made.missing]
        problems = self._live.problems if self._live else ()
        found = [p.field for p in problems if p.severity is Severity.STOPS and p.field in step.editors]
        if not self._form.identificar.own and len(found) > 1:
            found = [name for name in found if name != "descripcion"]  # its parts are named already
        return [RIESGO[name].label for name in dict.fromkeys(found)]

    def _lacking(self, number: int) -> list[str]:
        """What the guide still waits for in a step: what stops a delivery, and a first control."""
        if self._form.steps[number] is self._form.controlar and not self._form.controlar.cards:
            return ["el primer control, si ya se hace algo"]
        return self._stops(number)

    # -- going on

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """The last field of a complete step was left by the keyboard: show the next step."""
        if new is None or not self.isVisible() or new.window() is not self.window():
            return  # a list over the window, or another program, has the keyboard meanwhile
        was, self._in_field = self._in_field, _in_editor(new)
        onward = self._form.steps[self._step].isAncestorOf(new) and not self._in_field
        by_keys = QApplication.mouseButtons() == Qt.MouseButton.NoButton
        if was and onward and by_keys and not self._lacking(self._step):
            self._form.go_step(self._step + 1)


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application


def _in_editor(widget: QWidget | None) -> bool:
    while widget is not None and not isinstance(widget, Editor):
        widget = widget.parentWidget()
    return widget is not None

"""Step 1: what the office would say, before it says it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from peti_desktop.delivery import signing_key
from peti_desktop.delivery.deliver import rehearse
from peti_desktop.post import handed_over
from peti_desktop.records import Severity
from peti_desktop.returning import answering
from ui import theme
from ui.chips import Empty, StateChip, button, label
from ui.dependencia.asking import asked_of
from ui.dependencia.entrega.step import DeliveryStep
from ui.dependencia.problems import PAGES, ProblemList, in_words, tally
from ui.desk import Desk
from ui.messages import SYMBOLS

if TYPE_CHECKING:
    from peti_desktop.workspace import RecordProblem, Workspace


def rehearsed(workspace: "Workspace") -> "tuple[list[RecordProblem], int, int]":
    """The problems with what the office asks among them, how many records there are, and observations unanswered."""
    unanswered = answering.unanswered(workspace)
    problems = rehearse(workspace)
    stops = [found for found in problems if found.problem.severity is Severity.STOPS]
    rest = [found for found in problems if found.problem.severity is not Severity.STOPS]
    asked = asked_of(workspace, unanswered)
    return [*stops, *asked, *rest], sum(workspace.counts().values()), len(unanswered)


def in_the_way(workspace: "Workspace") -> tuple[str, str]:
    """What would be said only at the last steps, as (tone, sentence): stops when nothing can be delivered from here.

    The post was handed over, or the key that signed last does not sign any more; empty texts when all is well.
    """
    if (day := handed_over(workspace)) is not None:
        return "stops", (
            f"El cargo se entregó el {day}: desde entonces entrega quien lo recibió, y aquí no se puede entregar. Si "
            "nadie lo recibió, use «Recibir el cargo» en la primera página y entregue desde ahí."
        )
    kept = next(iter(signing_key.key_files(workspace)), None)
    tone, sentence = signing_key.trouble(workspace, kept) if kept else ("", "")
    if tone != "stops" or kept is None:
        return "", ""
    return "warns", f"{kept.nombre}: {sentence} Al firmar se crea otra y la Oficina TIC la confirma."


class Ensayar(DeliveryStep):
    """The list of problems. Red ones stop, orange ones only warn."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.forward = "&Siguiente: revisar"
        self.state = StateChip("Revisando…", "info")
        line = QHBoxLayout()
        line.addWidget(self.state)
        line.addStretch()
        line.addWidget(button("Ensayar &otra vez", self.begin, role="quiet"))
        self.column.addLayout(line)
        self.asked = StateChip()
        self.answer = button("Respon&der", partial(desk.go, "observaciones"))
        asked = QHBoxLayout()
        asked.addWidget(self.asked)
        asked.addWidget(self.answer)
        asked.addStretch()
        self.column.addLayout(asked)
        self.asked.hide()
        self.answer.hide()
        self.first = label("", "stops", wraps=True)
        self.first.setAccessibleName("Antes de empezar")
        self.first.hide()
        self.column.addWidget(self.first)
        self.column.addWidget(
            label("Son las mismas reglas con las que la Oficina TIC acepta o devuelve.", "muted", wraps=True)
        )
        self.list = ProblemList()
        self.list.wanted.connect(self._go)
        self._fine = Empty("Nada impide entregar", "Puede seguir al paso siguiente.", icon="entregar")
        self._none = Empty(
            "Todavía no hay nada que entregar",
            "Registre primero sus riesgos, equipos o necesidades.",
            icon="vacio",
            action=button("Ir a los riesgos", lambda: desk.go("riesgos")),
        )
        self.stack = QStackedWidget()
        for widget in (self.list, self._fine, self._none):
            self.stack.addWidget(widget)
        self.stack.setCurrentWidget(self._fine)
        self._fine.hide()
        self.column.addWidget(self.stack, 1)

    def begin(self) -> None:
        workspace = self.desk.workspace
        self.set_ready(False)
        self.desk.run(lambda _progress: (rehearsed(workspace), in_the_way(workspace)), self._fill)

    def _fill(self, read: "tuple[tuple[list[RecordProblem], int, int], tuple[str, str]]") -> None:
        (problems, total, unanswered), (tone, sentence) = read
        self.first.setText(f"{SYMBOLS[tone]} {sentence}" if tone else "")
        self.first.setProperty("role", tone or "stops")
        theme.restyle(self.first)
        self.first.setVisible(bool(tone))
        many = "1 observación" if unanswered == 1 else f"{unanswered} observaciones"
        self.asked.tell(f"{many} sin responder: la Oficina TIC puede devolver otra vez", "warns")
        for each in (self.asked, self.answer):
            each.setVisible(unanswered > 0)
        stops, warns = tally(problems)
        self.list.fill(problems)
        if not total:
            self.state.tell("Nada que entregar", "info")
            self.stack.setCurrentWidget(self._none)
        else:
            self.state.tell(in_words(stops, warns), "stops" if stops else "warns" if warns else "fine")
            self.stack.setCurrentWidget(self.list if problems else self._fine)
        if problems and self.isVisible():
            self.list.setCurrentIndex(self.list.problems.index(0))
            self.list.setFocus()
        self.set_ready(bool(total) and not stops and tone != "stops")

    def _go(self, found: "RecordProblem") -> None:
        self.desk.go(PAGES[found.type], (found.uid, found.problem.field))

"""The first thing on screen: how many days are left, what is expected, what is missing."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel

from peti_desktop.moments import day_of
from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from ui import theme
from ui.chips import Bar, Figure, StateChip, button, card, label
from ui.dependencia import abrir
from ui.dependencia.herramientas import form_button
from ui.dependencia.problems import PAGES, in_words
from ui.dependencia.standing import Owed, Standing, standing
from ui.desk import Desk, Page

if TYPE_CHECKING:
    from peti_desktop.replies import Reply
    from peti_desktop.workspace import Workspace

FIGURES: Final = ("riesgo", "equipo", "necesidad", "sistema", "sede", "formacion")
HEADINGS: Final = ("Subproceso", "Riesgos", "Necesidades", "Estado")


class InicioPage(Page):
    """Reads again each time it comes to the front: everything here follows from other pages."""

    title = "Inicio"
    shows = abrir.CHANGES

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.receive = button("Archivo de la &Oficina TIC…", partial(abrir.choose, desk, self))
        self.receive.setToolTip("El que trae los plazos («_inicio.xlsx»), una devolución o un acuse de recibo.")
        self.actions_row.addWidget(self.receive)
        self.actions_row.addWidget(form_button(self))
        self.days = label("", "title", wraps=True)
        self.body.addWidget(self.days)
        self.asked = self._asked_card()
        self.body.addWidget(self.asked)
        self.body.addWidget(self._problems_card())
        self.owed = self._owed_card()
        self.body.addWidget(self.owed)
        self._cards = QGridLayout()
        self._cards.setSpacing(theme.LARGE)
        self.figures: dict[str, Figure] = {}
        for place, name in enumerate(FIGURES):
            figure = self.figures[name] = Figure(TYPES[name].title, leads=True)
            figure.picked.connect(partial(self.desk.go, PAGES[name]))
            self._cards.addWidget(figure, place // 3, place % 3)
        self.body.addLayout(self._cards)
        self.last = label("", "muted", wraps=True)
        self.made = button("&Ver lo entregado…", self._show_made, role="quiet")
        self.made.setToolTip("Las entregas hechas, tal como salieron")
        line = QHBoxLayout()
        line.addWidget(self.last, 1)
        line.addWidget(self.made)
        self.body.addLayout(line)
        self.body.addStretch()

    def _asked_card(self) -> QFrame:
        frame, rows = card()
        self.asked_words = StateChip()
        self.answer = button("Respon&der", partial(self.desk.go, "observaciones"), role="primary")
        line = QHBoxLayout()
        line.addWidget(self.asked_words)
        line.addStretch(1)
        line.addWidget(self.answer)
        rows.addLayout(line)
        frame.hide()
        return frame

    def _problems_card(self) -> QFrame:
        frame, rows = card()
        self.problems = StateChip()
        self.review = button("Revi&sar", lambda: self.desk.go("entregar", "ensayar"))
        line = QHBoxLayout()
        line.addWidget(self.problems)
        line.addStretch(1)
        line.addWidget(self.review)
        rows.addLayout(line)
        self.bar = Bar("Registros completos")
        self.share = label("", "small")
        rows.addWidget(self.bar)
        rows.addWidget(self.share)
        return frame

    def _owed_card(self) -> QFrame:
        frame, rows = card("Lo que se espera de su dependencia")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.WIDE)
        self._grid.setVerticalSpacing(theme.SMALL)
        self._grid.setColumnStretch(0, 1)
        rows.addLayout(self._grid)
        return frame

    def reload(self) -> None:
        workspace = self.desk.workspace
        self._tell_days(workspace.info.vence)
        self.desk.run(lambda _progress: (standing(workspace), replied(workspace)), self._fill)

    def shown(self) -> None:
        self.reload()

    def _tell_days(self, due: date | None) -> None:
        if due is None:
            self.days.setText("La Oficina TIC todavía no ha dicho hasta cuándo se entrega")
            return
        left = (due - self.desk.today()).days
        when = spoken_date(due)
        match left:
            case 0:
                self.days.setText(f"La entrega vence hoy, {when}")
            case 1:
                self.days.setText(f"Le falta un día para entregar (vence {when})")
            case _ if left < 0:
                self.days.setText(f"La entrega venció hace {-left} {'día' if left == -1 else 'días'}, el {when}")
            case _:
                self.days.setText(f"Le faltan {left} días para entregar (vence {when})")

    def _fill(self, found: "tuple[Standing, tuple[Reply, Mapping[str, Reply]]]") -> None:
        now, (all_of_them, by_delivery) = found
        self._tell_asked(all_of_them)
        if not now.total:
            self.problems.tell("Empiece por registrar sus riesgos, equipos y necesidades", "info")
        else:
            self.problems.tell(in_words(now.stops, now.warns), _tone(now))
        self.review.setEnabled(now.total > 0)
        self.bar.set_share(now.done / now.total if now.total else 0.0)
        self.share.setText(
            f"{now.done} de {now.total} registros completos" if now.total else "Todavía no hay registros"
        )
        self._fill_owed(now.owed)
        for name, figure in self.figures.items():
            note, tone = now.notes[name]
            figure.tell(f"{now.counts[name]:,}".replace(",", "."), note, tone)
        self.last.setText(_last(now, by_delivery))

    def _tell_asked(self, reply: "Reply") -> None:
        self.asked.setVisible(reply.waiting > 0)
        if reply.waiting:
            many = "1 observación" if reply.waiting == 1 else f"{reply.waiting} observaciones"
            late = reply.due is not None and reply.due < self.desk.today()
            until = f", responda antes del {spoken_date(reply.due)}" if reply.due else ""
            self.asked_words.tell(f"Devuelta con {many}{until}", "stops" if late else "warns")

    def _show_made(self) -> None:
        from ui.dependencia.entregas import open_deliveries

        open_deliveries(self.desk, self)

    def _fill_owed(self, owed: tuple[Owed, ...]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for column, words in enumerate(HEADINGS):
            self._put(label(words, "small"), 0, column)
        for row, line in enumerate(owed, 1):
            self._put(label(line.words, wraps=True), row, 0)
            self._put(label(str(line.risks)), row, 1)
            self._put(label(str(line.needs)), row, 2)
            self._put(StateChip(line.state, line.tone), row, 3)

    def _put(self, widget: QLabel, row: int, column: int) -> None:
        side = Qt.AlignmentFlag.AlignRight if column in {1, 2} else Qt.AlignmentFlag.AlignLeft
        if column == 0:
            self._grid.addWidget(widget, row, column)
        else:
            self._grid.addWidget(widget, row, column, side | Qt.AlignmentFlag.AlignVCenter)


def _tone(now: Standing) -> str:
    if now.stops:
        return "stops"
    return "warns" if now.warns else "fine"


def replied(workspace: "Workspace") -> "tuple[Reply, Mapping[str, Reply]]":
    """What the office asks altogether in this vigencia, and what it said about each delivery, by its hash."""
    from peti_desktop.replies import Reply, first_due, replies
    from peti_desktop.returning.answering import unanswered

    waiting = unanswered(workspace)
    return Reply(asked=len(waiting), waiting=len(waiting), due=first_due(waiting)), replies(workspace)


def _last(now: Standing, replies: "Mapping[str, Reply]") -> str:
    if now.last is None:
        return "Última entrega: todavía no ha entregado en esta vigencia."
    day = spoken_date(day_of(now.last.made_at))
    reply = replies.get(now.last.sha256)
    said = f", {reply.words}" if reply and reply.words else ""
    words = f"Última entrega: n.º {now.last.number}, {day}, código {now.last.code}{said}."
    if now.changed:
        many = "1 registro cambió" if now.changed == 1 else f"{now.changed} registros cambiaron"
        words += f" Desde entonces {many}."
    return words

"""One line of the inbox, opened: who signed, why the verdict, what it would do, and the decisions about it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.consolidation.decisions import ACCEPT, GIVE_BACK, REJECT, Decision
from peti_desktop.intake.receipt import OPEN, RECEIVED, REJECTED, REPLACED
from peti_desktop.intake.stage import EQUAL, Item, Key
from peti_desktop.returning.phrases import Phrase
from peti_desktop.trust.verdict import Status
from ui import theme
from ui.chips import Empty, button, label
from ui.desk import Desk
from ui.oficina.changes import ChangesTree
from ui.oficina.firmantes_confirmar import Confirm
from ui.oficina.firmantes_paneles import Panel, scrolled
from ui.oficina.review_devolver import ACKNOWLEDGING, GIVING, Issue
from ui.oficina.review_facts import Facts
from ui.oficina.review_filters import Filters
from ui.oficina.review_marks import Marks, Opened
from ui.oficina.review_motivo import REASONS, Move, Reason
from ui.oficina.review_rows import Deeds
from ui.oficina.words import Line, plural

ROOMY: Final = 480
"""From this width on the buttons name their keys."""
ROW_WORDS: Final = {ACCEPT: "Aceptar (A)", GIVE_BACK: "Devolver (D)", REJECT: "Rechazar (R)"}
LOW: Final = 430
"""Below this height only what is needed to decide is shown."""
TIGHT_SHEET: Final = "QPushButton { padding: 3px 10px; min-height: 20px; }"
LOOKED_INTO: Final = frozenset({*OPEN, "aceptada", "devuelta"})
"""States of which the records are compared; of the others nothing is left to decide or ask."""


class Review(QWidget):
    """Shows one ``Line`` and says what the person decided; what is stored is the page's to do.

    ``accept(decisions)``, ``reject(reason)``, ``confirm``, ``form``; ``asked(list of Asked)`` new observations,
    ``dropped(uids)``, ``closed(uids)``, ``again(uid, words)``; ``compare``: against something else; ``issuing(what)``
    asks to give back or acknowledge.
    """

    accept = Signal(object)
    reject = Signal(str)
    confirm = Signal()
    form = Signal()
    asked = Signal(object)
    dropped = Signal(object)
    closed = Signal(object)
    again = Signal(str, str)
    compare = Signal()
    issuing = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.line: Line | None = None
        self.marks: Marks | None = None
        self.busy = False
        self.refused = False
        """Whether who works here may decide nothing; the page says why."""
        self._kept: dict[str, dict[Key, Decision]] = {}
        self.facts = Facts()
        self.tree = ChangesTree()
        self.filters = Filters()
        self.filters.changed.connect(self._filter)
        self.filters.compare.connect(self.compare.emit)
        self.reason, self.moving, self.confirming = Reason(), Move(), Confirm()
        self.issue = Issue(desk.messages)
        self.deeds = Deeds(self)
        self._build()
        self.show_line(None)

    # -- building

    def _build(self) -> None:
        self._frame = QFrame()
        self._frame.setProperty("role", "card")
        whole = QVBoxLayout(self._frame)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.SMALL)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.facts)
        column.addWidget(self.filters)
        column.addWidget(self._row_buttons())
        self._none = label("", "muted", wraps=True)
        self._none.hide()
        column.addWidget(self._none)
        column.addWidget(self.tree, 1)
        column.addStretch(0)  # without records, what is told about the file keeps to the top
        self._area = _scrolled(inside)
        whole.addWidget(self._area, 1)
        whole.addWidget(self._foot())
        self._stack = QStackedWidget()
        self._stack.addWidget(
            Empty("Escoja una línea de la lista", "Aquí verá qué cambiaría, antes de aceptar nada.", icon="bandeja")
        )
        self._stack.addWidget(self._frame)
        self._panels: dict[Panel, QWidget] = {}
        for panel in (self.reason, self.moving, self.confirming, self.issue):
            self.add_panel(panel)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def add_panel(self, panel: Panel) -> None:
        """Let a question come to the front in the place of the review (``ask``)."""
        self._panels[panel] = scrolled(panel, stretch=True)
        self._stack.addWidget(self._panels[panel])
        panel.back.connect(self.back)

    def _row_buttons(self) -> QWidget:
        self._rows = QWidget()
        row = QHBoxLayout(self._rows)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.TIGHT)
        self._buttons: dict[str, QPushButton] = {}
        for name, text in ROW_WORDS.items():
            action = self.deeds.actions[name]
            made = button(text, action.trigger)
            made.setToolTip(action.toolTip())
            made.setEnabled(False)
            action.enabledChanged.connect(made.setEnabled)
            self._buttons[name] = made
        self.more = button("Más")
        self.more.setAccessibleName("Más con lo escogido")
        self.more.setMenu(self.deeds.menu)
        for made in (*self._buttons.values(), self.more):
            made.setStyleSheet(TIGHT_SHEET)
            row.addWidget(made)
        self._chosen = label("", "small")
        self._chosen.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._chosen, 1)
        return self._rows

    def _foot(self) -> QWidget:
        self._decide = QWidget()
        self.tally = label("", "heading", wraps=True)
        self._accept = button("&Aceptar lo marcado", self._apply, role="primary")
        self._confirm = button("Con&firmar firmante…", self.confirm.emit, role="primary")
        self._form = button("¿Es un formulario de Excel? Abrirlo…", self.form.emit)
        self._form.setToolTip("Un formulario de Excel 2007 se recibe sin firma, y así queda dicho.")
        self._give = button("&Devolver…", partial(self.issuing.emit, GIVING))
        self._give.setToolTip("Escribe el archivo firmado y la página con todo lo que se le pide a la dependencia.")
        self._whole = QMenu(self)
        self._whole.setToolTipsVisible(True)
        self._ack = self._whole.addAction("Acusar &recibo…", partial(self.issuing.emit, ACKNOWLEDGING))
        self._ack.setToolTip("Escribe el archivo firmado y la página que dicen que la entrega llegó, y cuándo.")
        self._reject = self._whole.addAction("Rec&hazar toda la entrega…", self._ask_reject)
        self._reject.setToolTip("La aparta con su motivo: nada de ella entra.")
        self.whole = button("&Entrega")
        self.whole.setMenu(self._whole)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        for made in (self._accept, self._confirm, self._form, self._give, self.whole):
            row.addWidget(made)
        row.addStretch()
        column = QVBoxLayout(self._decide)
        column.setContentsMargins(theme.MEDIUM, theme.TIGHT, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self.tally)
        column.addLayout(row)
        return self._decide

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where little fits, the records come first."""
        small = self.height() < LOW
        self.facts.set_small(small)
        self.filters.set_small(small)
        self.tree.setMinimumHeight(90 if small else 150)
        for name, made in self._buttons.items():
            made.setText(ROW_WORDS[name] if self.width() >= ROOMY else ROW_WORDS[name].partition(" (")[0])
        super().resizeEvent(event)

    # -- what it shows

    def show_line(self, line: Line | None) -> None:
        """Show ``line`` without its records, which come with ``show_opened``; ``None`` shows nothing."""
        same = line is not None and self.line is not None and line.key == self.line.key
        if self.line is not None and self.marks is not None:
            self._kept[self.line.key] = self.marks.said
        self.line = line
        if not same:
            self.marks = None
            self.tree.clear()
            self.filters.against.setCurrentIndex(0)
        if line is not None:
            self.facts.show_line(line, looked_into=self.looks_into)
            self.filters.tell(None)
            self._accept.setEnabled(False)
        self.back()

    @property
    def looks_into(self) -> bool:
        """Whether the records of the line are compared with anything."""
        return self.line is not None and self.line.stored and self.line.receipt.state in LOOKED_INTO

    def show_opened(self, opened: Opened) -> None:
        """Show what the line would do; what was marked before stays marked."""
        said = self.marks.said if self.marks is not None else self._kept.get(opened.receipt.sha256, {})
        known = {item.key for item in opened.staging.items}
        self.marks = Marks(opened, {key: decision for key, decision in said.items() if key in known})
        self.facts.said("")
        if opened.refused:  # the page says why
            self._rows.hide()
            self._decide.hide()
        self.filters.tell(opened.compared.counts)
        self.tree.fill(opened.compared.items, self.marks.standings(), opened.asked)
        self._filter()
        self._retell()
        self.deeds.look()

    def _filter(self) -> None:
        if self.marks is None:
            return
        wanted = self.filters.wanted(self.marks)
        self.tree.show_only(lambda item: item.key in wanted)
        self._tell_hidden(bool(wanted), len(self.shown_items()))
        self.deeds.look()

    def _tell_hidden(self, some: bool, count: int) -> None:
        """An empty list of records says why it is empty."""
        equal = all(item.kind == EQUAL for item in self.shown_items())
        see = " Pulse «Iguales» para verlo." if self.height() >= LOW else ""
        hidden = f"Todo es igual a lo que ya hay.{see}" if equal else "Nada es así: cambie los filtros de arriba."
        self._none.setText(hidden if count else "La entrega no trae registros.")
        self._none.setVisible(self.looks_into and not some)

    def shown_items(self) -> Sequence[Item]:
        """The records that are compared."""
        return self.marks.opened.compared.items if self.marks else ()

    def known_items(self) -> Sequence[Item]:
        """The records that can be decided about."""
        return self.marks.opened.staging.items if self.marks else ()

    def tell_chosen(self, count: int) -> None:
        """Say how many records the next deed is about."""
        self._chosen.setText(plural(count, "escogido", "escogidos") if count else "")

    def forget(self, sha256: str) -> None:
        """What was marked about a delivery was done."""
        self._kept.pop(sha256, None)
        if self.marks is not None and self.marks.opened.receipt.sha256 == sha256:
            self.marks.said.clear()

    def changed(self, dropped: Sequence[str]) -> None:
        """Something was marked; ``dropped`` are observations that nobody asks any more."""
        self.back()
        if self.marks is not None:
            self.tree.restate(self.marks.standings())
        self._retell()
        self.deeds.look()
        self.tree.setFocus()
        if dropped:
            self.dropped.emit(list(dropped))

    def _retell(self) -> None:
        marks = self.marks
        self.tally.setText(marks.tally() if marks else "")
        self.tally.setVisible(bool(self.tally.text()))
        self._accept.setEnabled(marks is not None and marks.takes > 0 and not self.busy)

    def set_busy(self, busy: bool) -> None:
        """No second decision while one is being written."""
        self.busy = busy
        self._decide.setEnabled(not busy)
        self._retell()

    # -- questions, in the place of the review

    def ask_reason(
        self,
        title: str,
        about: str,
        verb: str,
        offered: Sequence[Phrase | str],
        then: Callable[[str, str], object],
        *,
        needed: bool = True,
    ) -> None:
        """Ask for a reason; ``then(code, words)`` follows."""
        self.reason.ask(title, about, verb, offered, then, needed=needed)
        self.ask(self.reason)

    def ask_unit(self, title: str, then: Callable[[str, str], object]) -> None:
        """Ask for a dependencia; ``then(code, note)`` follows."""
        entries = self._desk.workspace.catalogues.entries("dependencia")
        self.moving.ask(title, [(entry.code, entry.label) for entry in entries], then)
        self.ask(self.moving)

    def ask(self, panel: Panel) -> None:
        """Bring a question to the front."""
        self._stack.setCurrentWidget(self._panels[panel])
        panel.setFocus()

    @property
    def panel(self) -> Panel | None:
        """The question in front."""
        shown = self._stack.currentWidget()
        return next((panel for panel, area in self._panels.items() if area is shown), None)

    def back(self) -> None:
        """Leave whatever was asked."""
        asked = self.panel
        if asked is not None:
            asked.begin()
        line = self.line
        self._stack.setCurrentIndex(0 if line is None else 1)
        if line is None:
            return
        state = line.receipt.state if line.stored else ""
        refused = self.refused or (self.marks is not None and bool(self.marks.opened.refused))
        unknown = not line.stored and line.receipt.verdict is Status.DESCONOCIDA
        for widget in (self.tree, self.filters):
            widget.setVisible(self.looks_into)
        if not self.looks_into or self.marks is None:
            self._none.hide()
        self._rows.setVisible(self.looks_into and not refused)
        self._accept.setVisible(state in OPEN)
        self._accept.setText("&Aceptar lo marcado" if state != RECEIVED or self._apart else "&Aceptar todo")
        self._give.setVisible(bool(state) and state not in {REJECTED, REPLACED})
        self.whole.setVisible(bool(state))
        self._reject.setVisible(state == RECEIVED)
        self._confirm.setVisible(unknown)
        codes = {reason.code for reason in line.receipt.reasons}
        unsigned = not line.stored and line.path is not None and bool(codes & {"sin_firma", "vuelto_a_guardar"})
        self._form.setVisible(unsigned)
        self._decide.setVisible((bool(state) or unknown or unsigned) and not refused)
        if asked is not None:
            QTimer.singleShot(0, self, self.tree.setFocus)

    @property
    def _apart(self) -> bool:
        return self.marks is not None and bool(self.marks.decided())

    def _ask_reject(self) -> None:
        assert self.line is not None
        about = "Nada de ella entra; el archivo se conserva y queda dicho por qué."
        self.ask_reason(
            f"¿Por qué se rechaza la entrega de {self.line.name}?",
            about,
            "Rec&hazar la entrega",
            REASONS,
            self._rejected,
        )

    def _rejected(self, _code: str, words: str) -> None:
        self.back()
        self.reject.emit(words)

    def _apply(self) -> None:
        if self.marks is not None and not self.busy:
            self.accept.emit(self.marks.decided())


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.viewport().setAutoFillBackground(False)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area

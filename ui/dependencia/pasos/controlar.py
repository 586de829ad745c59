"""Step 3: the controls that exist, one card each, and what they leave of the risk."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import CONTROL, Context, Problem, Severity, Value, Values, check
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty, ZoneChip, button, card, label
from ui.dependencia.asking import Beside
from ui.dependencia.pasos.live import Live
from ui.dependencia.pasos.step import Step
from ui.dependencia.retiring import RetireButton
from ui.editors import Editor
from ui.form import Autosave, Save, fill, joined, tell, two_columns, written

SIX: Final = ("responsable", "periodicidad", "accion", "como", "desviacion", "evidencia")
"""What the guide asks every control to say."""
KINDS: Final = ("tipo", "implementacion", "documentacion", "frecuencia", "registro")


class ControlCard(QFrame):
    """One control. ``changed()`` while it is typed; ``retired(uid, reason)``."""

    changed = Signal()
    retired = Signal(str, str)

    def __init__(self, catalogues: Catalogues, save: Save, record: Record, number: int) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._catalogues = catalogues
        self.record = record
        self._visited: set[str] | None = None
        self._risk: Values = {}
        self.beside = Beside()
        self.autosave = Autosave(save, self)
        self.editors = {name: Editor(CONTROL[name], catalogues) for name in (*SIX, *KINDS)}
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        head = QHBoxLayout()
        self._title = label(f"Control {number}", "heading")
        self.weight = label("", "muted", wraps=True)
        head.addWidget(self._title)
        head.addWidget(self.weight, 1)
        self.retire = RetireButton("Retirar control…")
        self.retire.chosen.connect(lambda reason: self.retired.emit(self.record.uid, reason))
        head.addWidget(self.retire)
        column.addLayout(head)
        column.addLayout(two_columns([self.editors[name] for name in (*SIX, *KINDS)]))
        for name, editor in self.editors.items():
            self.autosave.tie(editor)
            editor.edited.connect(self.changed)
            editor.left.connect(lambda name=name: self._visit(name))
        self.show_record(record)

    def show_record(self, record: Record) -> None:
        """Show the control as it is stored; what is being typed stays."""
        same = record.uid == self.record.uid
        self.record = record
        self.autosave.set_uid(record.uid)
        fill(self.editors, record, self.autosave.waiting, same=same)
        self.look()

    def be_quiet(self) -> None:
        """A control just born: nothing is missing yet where nobody has been."""
        self._visited = set()
        self.look()

    def _visit(self, name: str) -> None:
        if self._visited is not None:
            self._visited.add(name)
        self.look()

    @property
    def values(self) -> dict[str, Value]:
        """The control as it is written now."""
        full, _unread = written(self.editors, self.record.values)
        return full | CONTROL.compute(full, self._context)

    @property
    def _context(self) -> Context:
        return Context(self._catalogues, self.record.changed_at.date(), parent=self._risk)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the control now."""
        _values, unread = written(self.editors, self.record.values)
        return list(joined(unread, check(CONTROL, self.values, self._context)))

    @property
    def missing(self) -> int:
        """How many of its problems stop a delivery."""
        return sum(problem.severity is Severity.STOPS for problem in self.problems)

    def tell(self, risk: Values) -> None:
        """Its risk as it is written now: its kind and version of the guide decide the weight."""
        self._risk = risk
        self.look()

    def look(self) -> None:
        """Show the weight and the problems."""
        weight = self.values.get("peso")
        acts = self.values.get("tipo")
        axis = {"correctivo": "baja el impacto"}.get(str(acts), "baja la probabilidad") if acts else ""
        words = (
            f"peso {decimal_text(weight)} %, {axis}"
            if isinstance(weight, Decimal)
            else "peso: falta tipo o implementación"
        )
        self.weight.setText(f"· {words}")
        seen, beside = self._visited, self.beside.of(replace(self.record, values=self.values))
        tell(self.editors, [*(p for p in self.problems if seen is None or p.field in seen), *beside])


class Controlar(Step):
    """``added()``: a new control is wanted; ``changed()``: one was typed into; ``retired(uid, reason)``."""

    added = Signal()
    changed = Signal()
    retired = Signal(str, str)

    def __init__(self, catalogues: Catalogues, save: Save) -> None:
        super().__init__(catalogues, ())
        self._save = save
        self.cards: list[ControlCard] = []
        self.beside = Beside()
        frame, rows = card()
        self._left = label("", wraps=True)
        self.zone = ZoneChip()
        line = QHBoxLayout()
        line.addWidget(self._left, 1)
        line.addWidget(self.zone)
        rows.addLayout(line)
        self._cards = QVBoxLayout()
        self._cards.setSpacing(theme.MEDIUM)
        self._empty = Empty(
            "Este riesgo todavía no tiene controles",
            "Un control dice quién hace qué, cada cuánto, cómo, qué pasa si falla y qué queda como evidencia.",
            icon="vacio",
        )
        self.add = button("A&gregar control", self.added.emit, icon="mas")
        last = QHBoxLayout()
        last.addWidget(self.add)
        last.addStretch()
        self.column.addWidget(frame)
        self.column.addWidget(self._empty)
        self.column.addLayout(self._cards)
        self.column.addLayout(last)
        self.column.addStretch()

    def show_controls(self, records: Sequence[Record]) -> None:
        """Show these controls, in order; cards of the same controls are kept."""
        if [record.uid for record in records] == [made.record.uid for made in self.cards]:
            for made, record in zip(self.cards, records, strict=True):
                made.show_record(record)
        else:
            self._rebuild(records)
        for made in self.cards:
            made.beside = self.beside
            made.look()
        self._empty.setVisible(not self.cards)

    def _rebuild(self, records: Sequence[Record]) -> None:
        old = {made.record.uid: made for made in self.cards}
        self.cards = []
        for number, record in enumerate(records, 1):
            made = old.pop(record.uid, None) or self._card(record, number)
            made.show_record(record)
            self._cards.addWidget(made)
            made.show()  # now: a hidden card cannot take the cursor
            self.cards.append(made)
        for gone in old.values():
            gone.autosave.flush()
            self._cards.removeWidget(gone)
            gone.deleteLater()
        self._order()

    def _order(self) -> None:
        """Tab goes through the cards from the top, then on to the button below; without this a new card comes last."""
        where: QWidget = self.add
        while where is self.add or where.focusPolicy() == Qt.FocusPolicy.NoFocus or self._in_card(where):
            before = where.previousInFocusChain()
            assert before is not None  # the chain is a ring
            where = before
        for made in self.cards:
            for widget in (made.retire, *(editor.input for editor in made.editors.values())):
                self.setTabOrder(where, widget)
                where = widget

    def _in_card(self, widget: QWidget) -> bool:
        return any(made.isAncestorOf(widget) for made in self.cards)

    def _card(self, record: Record, number: int) -> ControlCard:
        made = ControlCard(self.catalogues, self._save, record, number)
        made.changed.connect(self._changed)
        made.retired.connect(self.retired)
        return made

    def _changed(self) -> None:
        made = self.sender()
        if isinstance(made, ControlCard):
            made.look()
        self.changed.emit()

    def flush(self) -> None:
        """Write what waits in the cards."""
        for made in self.cards:
            made.autosave.flush()

    def tell(self, live: Live) -> None:
        for made in self.cards:
            made.tell(live.values)
        zone = live.values.get("zona_residual")
        self.zone.set_zone(str(zone) if zone else None)
        residual = live.rating.residual if live.rating else None
        if residual is None:
            self._left.setText("Valore primero el riesgo: aquí se verá lo que queda de él.")
        elif not residual.steps:
            self._left.setText("Sin controles el riesgo queda como está.")
        else:
            p, i = decimal_text(residual.p), decimal_text(residual.i)
            self._left.setText(
                f"Con estos controles quedan: probabilidad {p} % ({residual.p_level.label}), "
                f"impacto {i} % ({residual.i_level.label})."
            )

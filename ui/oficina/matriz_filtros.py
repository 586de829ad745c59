"""The filter of one column of the matrix: by its codes, by a part of its text, by a range, or by what is not there."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.matrix import UNIT, Condition, Op, codes_in_order
from peti_desktop.records.convert import edit_text, plain, read
from peti_desktop.records.fields import Blank, Field, Kind, Value
from ui import theme
from ui.chips import button, label
from ui.grid.filters import Popup
from ui.oficina.words import thousands

CODE: Final = Qt.ItemDataRole.UserRole
WORDS: Final = {
    Op.CONTAINS: "Contiene…",
    Op.ONE_OF: "Es uno de…",
    Op.BETWEEN: "Desde… hasta…",
    Op.EMPTY: "Está sin diligenciar",
    Op.FILLED: "Está diligenciado",
    Op.NOT_APPLICABLE: "Dice «No aplica»",
    Op.CORRECTED: "Lo corrigió la Oficina TIC",
}
Ask = Callable[[Callable[[Mapping[str, int]], None]], None]
"""Counts the codes of a column and hands them to the function it is given."""


def offered(field: Field) -> tuple[Op, ...]:
    """What a column may be asked for."""
    if field is UNIT:
        return (Op.ONE_OF,)
    always = (Op.EMPTY, Op.FILLED, *((Op.NOT_APPLICABLE,) if field.may_be_na else ()), Op.CORRECTED)
    match field.kind:
        case Kind.CHOICE:
            return (Op.ONE_OF, *always)
        case Kind.TEXT | Kind.NOTE:
            return (Op.CONTAINS, *always)
        case Kind.LINK:
            return always
        case _:
            return (Op.BETWEEN, *always)


class FilterPopup(Popup):
    """``chosen(Condition | None)``: what the column must say from now on."""

    chosen = Signal(object)

    def __init__(self, field: Field, now: Condition | None, catalogues: Catalogues, ask: Ask, over: QWidget) -> None:
        super().__init__(over, f"Filtrar {field.label}")
        self.resize(360, 400)
        self._field = field
        self._catalogues = catalogues
        self._ticked = set(now.values) if now and now.op is Op.ONE_OF else None
        self.op = QComboBox()
        self.op.setAccessibleName(f"Qué se pide de {field.label}")
        for op in offered(field):
            self.op.addItem(WORDS[op], op)
        self.text = self._line("Texto que contiene")
        self.low, self.high = self._line("Desde"), self._line("Hasta")
        self.low.setPlaceholderText("Desde: sin límite")
        self.high.setPlaceholderText("Hasta: sin límite")
        self.search = self._line("Buscar un valor")
        self.search.setPlaceholderText("Buscar un valor…")
        self.search.textChanged.connect(self._narrow)
        self.listed = QListWidget()
        self.listed.setAccessibleName(f"Valores de {field.label}")
        self.listed.setUniformItemSizes(True)
        self.wrong = label("", "stops", wraps=True)
        self._parts: dict[Op, tuple[QWidget, ...]] = {
            Op.CONTAINS: (self.text,),
            Op.BETWEEN: (self.low, self.high),
            Op.ONE_OF: (self.search, self.listed),
        }
        self._build()
        self._start(now)
        if field.kind is Kind.CHOICE:
            ask(self.fill)

    def _line(self, name: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setMaxLength(200)
        made.returnPressed.connect(self.apply)
        return made

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.MEDIUM, theme.MEDIUM, theme.MEDIUM, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addWidget(label(self._field.label, "heading", wraps=True))
        column.addWidget(self.op)
        for made in (self.text, self.low, self.high, self.search):
            column.addWidget(made)
        column.addWidget(self.listed, 1)
        column.addWidget(self.wrong)
        column.addStretch()
        row = QHBoxLayout()
        row.addWidget(button("Quitar filtro", self.clear, role="quiet"))
        row.addStretch()
        row.addWidget(button("Filtrar", self.apply, role="primary"))
        column.addLayout(row)
        self.op.currentIndexChanged.connect(self._show_parts)

    def _start(self, now: Condition | None) -> None:
        if now is not None:
            self.op.setCurrentIndex(max(0, self.op.findData(now.op)))
            if now.op is Op.CONTAINS:
                self.text.setText(str(now.values[0]))
            if now.op is Op.BETWEEN:
                for line, value in zip((self.low, self.high), now.values, strict=True):
                    line.setText("" if value is None else edit_text(self._field, value, self._catalogues))
        self._show_parts()

    def _show_parts(self) -> None:
        for op, parts in self._parts.items():
            for part in parts:
                part.setVisible(op is self.chosen_op)
        self.wrong.setVisible(bool(self.wrong.text()))

    @property
    def chosen_op(self) -> Op:
        """What is asked of the column; Qt hands texts back for it."""
        return Op(self.op.currentData())

    @property
    def first(self) -> QWidget:
        """Where the keyboard goes."""
        parts = self._parts.get(self.chosen_op)
        return parts[0] if parts else self.op

    def fill(self, counts: Mapping[str, int]) -> None:
        """Offer these codes, with how many records have each."""
        known = [code for code in codes_in_order(self._field, self._catalogues) if code in counts]
        others = sorted(code for code in counts if code and code not in known)
        self.listed.clear()
        # Empty cells first: they are what people look for.
        for code in [*([""] if "" in counts else []), *known, *others]:
            words = self._catalogues.label(self._field.catalogue, code) if code else "(Sin diligenciar)"
            item = QListWidgetItem(f"{words}  ·  {thousands(counts[code])}")
            item.setData(CODE, code)
            ticked = self._ticked is not None and code in self._ticked
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.listed.addItem(item)
        if self.listed.count():
            self.listed.setCurrentRow(0)

    def _narrow(self, text: str) -> None:
        wanted = plain(text)
        for place in range(self.listed.count()):
            item = self.listed.item(place)
            item.setHidden(wanted not in plain(item.text()))
        # Space must never tick what is not in sight.
        self.listed.setCurrentItem(next(iter(self._in_sight()), None))  # type: ignore[arg-type] # Qt takes none

    def _in_sight(self) -> list[QListWidgetItem]:
        items = (self.listed.item(place) for place in range(self.listed.count()))
        return [item for item in items if not item.isHidden()]

    def apply(self) -> None:
        """Filter by what was chosen; what cannot be understood is told instead."""
        op = self.chosen_op
        match op:
            case Op.ONE_OF:
                items = (self.listed.item(place) for place in range(self.listed.count()))
                codes = tuple(item.data(CODE) for item in items if item.checkState() is Qt.CheckState.Checked)
                if not codes and self.search.text():  # whoever searched and ticked nothing means what was found
                    codes = tuple(item.data(CODE) for item in self._in_sight())
                self._end(Condition(self._field.name, op, codes) if codes else None)
            case Op.CONTAINS:
                text = self.text.text().strip()
                self._end(Condition(self._field.name, op, (text,)) if text else None)
            case Op.BETWEEN:
                self._apply_range()
            case _:
                self._end(Condition(self._field.name, op))

    def _apply_range(self) -> None:
        ends: list[Value] = []
        for line in (self.low, self.high):
            value, wrong = read(self._field, line.text(), self._catalogues)
            if wrong or isinstance(value, str | Blank):
                self.wrong.setText(wrong or "Escriba un número o una fecha.")
                self._show_parts()
                line.setFocus()
                return
            ends.append(value)
        low, high = ends
        if low is None and high is None:
            self._end(None)
            return
        if low is not None and high is not None and low > high:  # type: ignore[operator] # both of the field's kind
            low, high = high, low
        self._end(Condition(self._field.name, Op.BETWEEN, (low, high)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.apply()
        else:
            super().keyPressEvent(event)

    def clear(self) -> None:
        """Let the column say what it will."""
        self._end(None)

    def _end(self, condition: Condition | None) -> None:
        self.chosen.emit(condition)
        self.close()

"""What is asked of the inbox's list: words, state, verdict, dependencia, order."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QWidget

from ui import theme
from ui.oficina.lines import ANYBODY, FILTERS, NOBODY, ORDERS, Counted, Lines, Question
from ui.oficina.words import thousands

NARROW: Final = 700


class Bar(QWidget):
    """``asked(Question)`` whenever somebody asks otherwise."""

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.words = QLineEdit()
        self.words.setAccessibleName("Buscar en la bandeja")
        self.words.setPlaceholderText("Buscar")
        self.words.setToolTip("Dependencia, archivo, quién firmó, código")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(110)
        self.group = _choice("Qué líneas se ven", FILTERS)
        self.verdict = _choice("Veredicto", [("", "Veredictos")])
        self.unit = _choice("Dependencia", [("", "Dependencias")])
        self.who = _choice("Quién la atiende", [(ANYBODY, "Analistas"), (NOBODY, "Sin asignar")])
        self.order = _choice("Orden: qué va primero", ORDERS)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.words, 2)
        for choice in (self.group, self.verdict, self.unit, self.who, self.order):
            row.addWidget(choice, 1)
            choice.currentIndexChanged.connect(self._said)
        self.words.textChanged.connect(self._said)

    @property
    def question(self) -> Question:
        """What is asked."""
        said = (self.group, self.verdict, self.unit, self.who, self.order)
        group, word, unit, who, order = (choice.currentData() or "" for choice in said)
        if isinstance(group, Counted):
            return Question("", word, unit, who, self.words.text(), order, group.keys)
        return Question(group, word, unit, who, self.words.text(), order)

    def show_counted(self, wanted: Counted) -> None:
        """Show just these, whatever was asked before; they stay on offer until others are wanted."""
        self.blockSignals(True)  # one answer is enough
        self.words.clear()
        for choice in (self.verdict, self.unit, self.who):
            choice.setCurrentIndex(0)
        if self.group.count() > len(FILTERS):
            self.group.removeItem(len(FILTERS))
        self.group.addItem(f"{wanted.words} ({thousands(len(wanted.keys))})", wanted)
        self.group.setCurrentIndex(len(FILTERS))
        self.blockSignals(False)
        self._said()

    def tell(self, lines: Lines) -> None:
        """Offer what there is to ask for."""
        counts = lines.counts()
        for group, text in FILTERS:
            self.group.setItemText(self.group.findData(group), f"{text} ({thousands(counts[group])})")
        _offer(self.verdict, [(word, word) for word in lines.verdicts()], 1)
        _offer(self.unit, lines.units(), 1)
        people = lines.people()
        _offer(self.who, [(name, name) for name in people], 2)
        self.who.setVisible(bool(people) or self.who.currentIndex() > 0)  # an office of one person has nobody to sift

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where little fits, what goes first is asked for in the page's menu alone."""
        self.order.setVisible(self.width() >= NARROW)
        super().resizeEvent(event)

    def ordering(self, over: QWidget) -> QMenu:
        """What goes first, as a menu."""
        menu = QMenu("&Ordenar por", over)
        group = QActionGroup(menu)
        for code, text in ORDERS:
            act = menu.addAction(text)
            act.setCheckable(True)
            act.setData(code)
            group.addAction(act)
        group.triggered.connect(lambda act: self.order.setCurrentIndex(self.order.findData(act.data())))

        def look() -> None:
            for act in group.actions():
                act.setChecked(act.data() == self.order.currentData())

        menu.aboutToShow.connect(look)
        return menu

    def _said(self, _what: object = None) -> None:
        self.asked.emit(self.question)


def _choice(name: str, entries: Sequence[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(7)
    for code, text in entries:
        made.addItem(text, code)
    return made


def _offer(choice: QComboBox, entries: Sequence[tuple[str, str]], fixed: int) -> None:
    """Put entries below the ``fixed`` ones; what was chosen stays chosen, also when nothing of it is left."""
    chosen, text = choice.currentData(), choice.currentText()
    if [(choice.itemData(n), choice.itemText(n)) for n in range(fixed, choice.count())] == list(entries):
        return
    choice.blockSignals(True)
    while choice.count() > fixed:
        choice.removeItem(fixed)
    for code, words in entries:
        choice.addItem(words, code)
    if chosen and choice.findData(chosen) < 0:
        choice.addItem(text, chosen)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
    choice.blockSignals(False)

"""Beside the ranking: why an item stands where it does, which extreme risks stay open, and totals."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.consolidation.budget import BY, Extreme, Total
from peti_desktop.consolidation.priorities import MOST, Item
from peti_desktop.errors import UserError
from peti_desktop.moments import spoken_moment
from ui import theme
from ui.chips import Bar, button, label, rule
from ui.oficina.words import pesos, plural, thousands

PARTS: Final = 5
MOST_RISKS: Final = 1_000
"""So many open risks are listed; the tab says how many there are."""
_UID: Final = Qt.ItemDataRole.UserRole
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Why(QWidget):
    """The parts of a score as bars with words, and the place to set another one.

    ``fixed(score, reason)``: this score shall count; ``lifted``: the rule shall.
    """

    fixed = Signal(int, str)
    lifted = Signal()

    def __init__(self, units: Callable[[str], str]) -> None:
        super().__init__()
        self._units = units
        self._shown = ""
        self._name = label("", "heading", wraps=True)
        self._sum = label("", "body", wraps=True)
        self._who = label("", "muted", wraps=True)
        self._hand = label("", "warns", wraps=True)
        self._parts = [
            (label("", "body", wraps=True), label("", "body"), Bar(""), label("", "small", wraps=True))
            for _ in range(PARTS)
        ]
        self.score = QSpinBox()
        self.score.setRange(0, MOST)
        self.score.setAccessibleName("Prioridad a mano")
        self.score.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.score.setFixedWidth(56)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Motivo")
        self.reason.setPlaceholderText("Otra, y por qué")
        self.reason.setToolTip("Escriba otra prioridad y el motivo, que es obligatorio.")
        self.reason.returnPressed.connect(self._fix)
        self.fix = button("&Fijar", self._fix)
        self.lift = button("&Volver a la regla", self.lifted.emit, role="quiet")
        self.why_not = label("", "muted", wraps=True)
        self.why_not.hide()
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SMALL, theme.SMALL, theme.SMALL, theme.SMALL)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self._name)
        column.addWidget(self._who)
        column.addWidget(self._sum)
        column.addWidget(self._hand)
        for name, points, bar, words in self._parts:
            row = QHBoxLayout()
            row.addWidget(name, 1)
            row.addWidget(points)
            column.addSpacing(theme.TIGHT)
            column.addLayout(row)
            column.addWidget(bar)
            column.addWidget(words)
        column.addStretch()

    def hand(self) -> QWidget:
        """Where another score is set: it stays in sight while the reasons scroll."""
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(theme.SMALL, 0, theme.SMALL, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(rule())
        column.addWidget(self.why_not)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.score)
        row.addWidget(self.reason, 1)
        row.addWidget(self.fix)
        column.addLayout(row)
        column.addWidget(self.lift, alignment=Qt.AlignmentFlag.AlignLeft)
        return made

    def forget(self) -> None:
        """Let go of what was typed: it counts by now."""
        self.reason.clear()

    def show_item(self, item: Item | None) -> None:
        """Explain ``item``. What is being typed about it stays when it is told anew, because a colleague changed it."""
        typed = item is not None and item.uid == self._shown and bool(self.reason.text())
        self._shown = item.uid if item else ""
        self.setEnabled(item is not None)
        self._name.setText(" ".join(item.name[:200].split()) if item else "Escoja una necesidad")
        units = ", ".join(map(self._units, item.dependencias)) if item else ""
        value = f"{pesos(item.total)}{'' if item.valued else ' ?'}" if item else ""
        self._who.setText(f"{units} · {value}" if item else "")
        self._sum.setText(f"La regla le da {item.rule} de {MOST}." if item else "")
        hand = item.hand if item else None
        self._hand.setText(
            f"▲ Puesta en {hand.score} por {hand.who}, {spoken_moment(hand.when)}: {hand.reason}" if hand else ""
        )
        self._hand.setVisible(hand is not None)
        self.lift.setVisible(hand is not None)
        if item is None:
            return
        if not typed:
            self.score.setValue(item.score)
            self.reason.clear()
        for part, (name, points, bar, words) in zip(item.parts, self._parts, strict=True):
            name.setText(part.name)
            points.setText(f"{part.points} de {part.most}")
            bar.set_share(part.points / part.most)
            bar.setAccessibleName(f"{part.name}: {part.points} de {part.most}. {part.words}")
            words.setText(part.words)

    def allow(self, refused: UserError | None) -> None:
        """Whether who looks at it may set priorities, and why not."""
        for made in (self.score, self.reason, self.fix, self.lift):
            made.setEnabled(refused is None)
        self.why_not.setText("" if refused is None else refused.what)
        self.why_not.setToolTip("" if refused is None else refused.todo)
        self.why_not.setVisible(refused is not None)

    def will_fix(self, items: int) -> None:
        """Say how many items a priority by hand would be for."""
        self.fix.setText(f"&Fijar en {items}" if items > 1 else "&Fijar")

    def _fix(self) -> None:
        self.fixed.emit(self.score.value(), self.reason.text())


class Panel(QTabWidget):
    """See the module. ``opened(uid)``: somebody wants to see a risk."""

    opened = Signal(str)

    def __init__(self, units: Callable[[str], str]) -> None:
        super().__init__()
        self._units = units
        self.why = Why(units)
        self.risks = QListWidget()
        self.risks.setAccessibleName("Riesgos extremos sin cubrir")
        self.risks.setWordWrap(True)
        self.risks.setSpacing(3)
        self.risks.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.risks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.risks.itemActivated.connect(lambda item: self.opened.emit(item.data(_UID)))
        self.by = QComboBox()
        self.by.setAccessibleName("Totales por")
        for code, (title, _) in BY.items():
            self.by.addItem(title, code)
        self.totals = _table(("", "Valor"), "Totales")
        self.totals.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        # As in Repetidos: the height of a row is reckoned without the style sheet's padding.
        self.totals.setStyleSheet("QTableView::item { padding: 0; }")
        self.totals.setShowGrid(True)  # each row is three lines: without it they would run into one
        self.unvalued = label("", "warns", wraps=True)
        self.setAccessibleName("Detalle")
        self.setDocumentMode(True)
        self.tabBar().setStyleSheet("QTabBar::tab { padding: 8px 7px; }")
        self.tabBar().setUsesScrollButtons(False)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.why)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.why.setProperty("role", "scrolled")
        sums = QWidget()
        column = QVBoxLayout(sums)
        column.setContentsMargins(0, theme.SMALL, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.by)
        column.addWidget(self.totals, 1)
        column.addWidget(self.unvalued)
        reasons = QWidget()
        column = QVBoxLayout(reasons)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(scroll, 1)
        column.addWidget(self.why.hand())
        self.addTab(reasons, "Por qué")
        self.addTab(self.risks, "Sin cubrir")
        self.addTab(sums, "Totales")

    def show_risks(self, risks: Sequence[Extreme]) -> None:
        """The extreme risks that stay open."""
        self.setTabText(1, f"Sin cubrir {thousands(len(risks))}" if risks else "Sin cubrir")
        self.risks.clear()
        for risk in risks[:MOST_RISKS]:
            why = "Ninguna necesidad lo baja" if risk.place is None else f"Lo baja el renglón {risk.place + 1}"
            item = QListWidgetItem(
                f"{risk.reference} · {self._units(risk.dependencia)}\n▲ {why}\n{_short(risk.description)}"
            )
            item.setData(_UID, risk.uid)
            item.setToolTip(risk.description[:1000])
            self.risks.addItem(item)

    def show_totals(self, totals: Sequence[Total]) -> None:
        """Totals under one heading."""
        self.totals.setRowCount(len(totals) + 1)
        unvalued = sum(t.unvalued for t in totals)
        self.unvalued.setText(f"? A {plural(unvalued, 'necesidad le', 'necesidades les')} falta el valor: no suman.")
        self.unvalued.setVisible(unvalued > 0)
        money, covered = sum((t.money for t in totals), Decimal(0)), sum((t.covered for t in totals), Decimal(0))
        whole = ("Total", _amounts(money, covered, sum(t.units for t in totals), unvalued), "")
        lines = [
            (
                t.label,
                _amounts(t.money, t.covered, t.units, t.unvalued),
                f" · {plural(t.lines, 'renglón', 'renglones')}",
            )
            for t in totals
        ]
        for row, (name, amounts, more) in enumerate([*lines, whole]):
            for column, text in enumerate((name, amounts)):
                item = QTableWidgetItem(text)
                item.setToolTip(f"{name}: {amounts.replace(chr(10), ' · ')}{more}")
                if column:
                    item.setTextAlignment(_RIGHT)
                if row == len(lines):
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.totals.setItem(row, column, item)


def _amounts(money: Decimal, covered: Decimal, units: int, unvalued: int) -> str:
    """What a heading adds up to, one under the other: beside the ranking there is no room for columns."""
    said = "unidad" if units == 1 else "unidades"
    return f"{_known(money, unvalued)}\n{pesos(covered)} cubierto\n{thousands(units)} {said}"


def _known(money: Decimal, unvalued: int) -> str:
    """A sum, with a mark when some of it is not known."""
    return f"{pesos(money)} ?" if unvalued else pesos(money)


def _short(text: str) -> str:
    flat = " ".join(text[:400].split())
    return flat if len(flat) <= 160 else flat[:159].rstrip() + "…"


def _table(columns: Sequence[str], name: str) -> QTableWidget:
    made = QTableWidget(0, len(columns))
    made.setHorizontalHeaderLabels(list(columns))
    made.setAccessibleName(name)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setTabKeyNavigation(False)
    made.setShowGrid(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(theme.ROW)
    head = made.horizontalHeader()
    head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return made

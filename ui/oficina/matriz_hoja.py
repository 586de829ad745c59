"""One type of record in the matrix: search, filters and table, and the questions asked for them.

Whatever is typed or chosen makes another ``MatrixFilter``. The question before is broken off; rows stay where they are
until the answer is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop.matrix import (
    LARGE,
    PAGE,
    UNIT,
    Condition,
    MatrixFilter,
    Op,
    Question,
    Sheet,
    codes_in_order,
    conditions_told,
    prepare,
)
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from ui import icons, theme
from ui.chips import Empty, button, label
from ui.desk import Desk
from ui.oficina.matriz_filtros import FilterPopup
from ui.oficina.matriz_modelo import MatrixModel
from ui.oficina.matriz_tabla import MatrixView
from ui.oficina.words import thousands

FIRST_SEEN: Final = {
    "riesgo": (
        "referencia", "descripcion", "zona_inherente", "controles", "zona_residual", "tratamiento", "subproceso",
        "responsable", "fecha_implementacion", "estado_plan",
    ),
    "control": ("riesgo", "accion", "responsable", "tipo", "implementacion", "peso", "periodicidad"),
    "equipo": ("tipo", "placa", "marca", "modelo", "anio", "sistema_operativo", "estado", "obsolescencia", "ubicacion"),
    "necesidad": (
        "descripcion", "tema", "forma", "cantidad", "valor_unitario", "valor_total", "urgencia", "subproceso",
    ),
}  # fmt: skip
"""The columns that stand before anybody chooses; the dependencia always comes first."""
AS_IT_IS: Final = 8
"""Of a type without a choice of its own, so many fields are shown, in the order of its form."""
TYPING_MS: Final = 130
LONGEST_SEARCH: Final = 200
LONGEST_TOLD: Final = 160
"""So many letters of a filter are told above the table; the hint tells all of it."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a question gave first; ``total`` is None while it is not counted, ``place`` where the row kept stands."""

    question: Question
    sheets: tuple[Sheet, ...]
    total: int | None
    place: int | None


class TypeSheet(QWidget):
    """``picked``: another row is current, or none. ``answered``: other rows are shown."""

    picked = Signal()
    answered = Signal()

    def __init__(self, name: str, desk: Desk) -> None:
        super().__init__()
        self.name = name
        self.desk = desk
        self.catalogues = desk.workspace.catalogues
        self.model = MatrixModel(name, self.catalogues)
        self.grid = MatrixView(self.model, (UNIT.name, *first_seen(name)))
        self.wanted = MatrixFilter(name)
        self.question: Question | None = None
        self.stale = True
        self.every = 0
        self._counting = False
        self._prepared = False
        self.zones: dict[str, QPushButton] = {}
        self._build()
        self._connect()
        self._show_filter()

    # -- how it looks

    def _build(self) -> None:
        self._build_search()
        self._build_filters()
        bar = QHBoxLayout()
        bar.setSpacing(theme.SMALL)
        bar.addWidget(self.search, 2)
        bar.addWidget(self.filters)
        bar.addStretch(1)
        self.count = label("", "muted")
        bar.addWidget(self.count)
        self.asked = label("", "small", wraps=True)
        self.unfilter = button("Quitar los filtros", self.clear, role="quiet")
        self.said = QWidget()
        line = QHBoxLayout(self.said)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.asked, 1)
        line.addWidget(self.unfilter)
        hint = "Las entregas aceptadas en la Bandeja llegan a esta tabla."
        self._empty = Empty(f"Todavía no hay {TYPES[self.name].title.lower()}", hint)
        self._none = Empty("Ningún registro cumple el filtro", "Quite o cambie los filtros.", icon="buscar")
        self.stack = QStackedWidget()
        for made in (self.grid, self._empty, self._none):
            self.stack.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(bar)
        column.addWidget(self.said)
        column.addWidget(self.stack, 1)

    def _build_search(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar…  (Ctrl+F)")
        self.search.setToolTip("Encuentra lo que empieza por cada palabra, sin importar tildes ni mayúsculas.")
        self.search.setAccessibleName(f"Buscar en {TYPES[self.name].title}")
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(LONGEST_SEARCH)
        self.search.setMinimumWidth(170)
        self.search.setMaximumWidth(300)
        for clear in self.search.findChildren(QWidget):
            clear.setAccessibleName("Borrar la búsqueda")
        glass = QAction(icons.icon("buscar", theme.tones(self.palette()).muted), "Buscar", self.search)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)

    def _build_filters(self) -> None:
        self.unit = QComboBox()
        self.unit.setAccessibleName("Dependencia")
        self.unit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.unit.setMinimumContentsLength(20)
        self.unit.setMinimumWidth(120)
        self.unit.setMaximumWidth(230)
        self.unit.addItem("Todas las dependencias", "")
        for code in codes_in_order(UNIT, self.catalogues):
            self.unit.addItem(self.catalogues.label(UNIT.catalogue, code), code)
        self.filters = QWidget()
        row = QHBoxLayout(self.filters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.unit)
        zoned = "zona_residual" in TYPES[self.name].by_name
        self.caption = label("Residual" if zoned else "", "muted")
        row.addWidget(self.caption)
        for entry in self.catalogues.entries("zona") if zoned else ():
            self.zones[entry.code] = self._zone_button(entry.code)
            row.addWidget(self.zones[entry.code])

    def _zone_button(self, code: str) -> QPushButton:
        look = theme.LIGHT.zones[code]
        made = QPushButton(look.letter)
        made.setCheckable(True)
        made.setAccessibleName(f"Zona {look.label}")
        made.setToolTip(f"Ver los de zona residual {look.label.lower()}")
        made.setFixedWidth(34)
        made.setStyleSheet(
            f"QPushButton {{ padding: 4px 0; font-weight: 600; }}"
            f"QPushButton:checked {{ background: {look.fill}; color: {look.ink}; border: 2px solid {look.ink}; }}"
        )
        return made

    def _connect(self) -> None:
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(TYPING_MS)
        self._pause.timeout.connect(self._typed)
        self.search.textChanged.connect(self._pause.start)
        self.search.returnPressed.connect(self._enter)
        self.unit.activated.connect(self._choose_unit)
        for chip in self.zones.values():
            chip.clicked.connect(self._choose_zones)
        self.grid.sorted_by.connect(self._sort)
        self.grid.filter_wanted.connect(self.filter_column)
        self.grid.picked.connect(self.picked)
        self.model.wanted.connect(self._read_page)
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._find)

    # -- what is asked

    def ask_for(self, wanted: MatrixFilter, *, keep: str = "") -> None:
        """Show what ``wanted`` gives; the row ``keep`` stays current when it is among it."""
        self.wanted = wanted
        self._show_filter()
        self.ask(keep=keep)

    def ask(self, *, keep: str = "", or_all: bool = False) -> None:
        """Ask again. ``or_all``: let the filters go when they hide the row ``keep``."""
        if self.question is not None:
            self.question.stop()
        question = self.question = Question(self.desk.workspace, self.wanted)
        self.stale = True
        widened = MatrixFilter(self.name, order=self.wanted.order) if or_all and self.wanted.asks else None

        def work(_progress: Progress) -> _Answer:
            found = _answer(question, keep)
            if keep and found.place is None and widened is not None:
                wider = Question(question.ws, widened)
                if wider.place_of(keep) is not None:
                    return _answer(wider, keep)
            return found

        self.desk.run(work, partial(self._answer, question), store=False)

    def rest(self) -> None:
        """Wait for no answer any more: nobody looks. What was just typed is asked for when somebody does."""
        if self._pause.isActive():
            self._pause.stop()
            self.wanted = _searching(self.wanted, self.search.text())
            self.stale = True
        if self.question is not None and (self.stale or self._counting):
            self.question.stop()
            self.stale = True

    def _answer(self, asked: Question, answer: _Answer) -> None:
        if asked is not self.question or asked.stopped:
            return
        question = self.question = answer.question
        if question.wanted != self.wanted:
            self.wanted = question.wanted
            self._show_filter()
        self.stale = False
        known = answer.total if answer.total is not None else len(answer.sheets[0].lines)
        column = self.grid.currentIndex().column()  # gone with the rows of before
        self.model.begin(question.wanted, known, answer.sheets)
        self.grid.show_order(question.wanted.order)
        self._counting = answer.total is None
        self._tell_count(known, more=self._counting)
        if self._counting:
            self.desk.run(lambda _progress: question.count(), partial(self._counted, question), store=False)
        elif known >= LARGE:
            self.desk.run(lambda _progress: question.settle(), store=False)
        if answer.place is not None:
            self.grid.select_row(answer.place, column)
        self.answered.emit()
        self.picked.emit()

    def _counted(self, question: Question, total: int) -> None:
        if question is self.question:
            self._counting = False
            self.model.grow(total)
            self._tell_count(total, more=False)
            if total >= LARGE:
                self.desk.run(lambda _progress: question.settle(), store=False)
            self.answered.emit()

    def _read_page(self, page: int) -> None:
        question = self.question
        if question is None or question.stopped:
            return
        task = self.desk.run(lambda _progress: question.read(page * PAGE), partial(self._put, question), store=False)
        task.finished.connect(partial(self.model.give_up, page))

    def _put(self, question: Question, sheet: Sheet) -> None:
        if question is self.question:
            self.model.put(sheet)
            if self.grid.currentIndex().row() // PAGE == sheet.start // PAGE:
                self.picked.emit()

    def tell_every(self, every: int) -> None:
        """How many records of the type there are in all."""
        self.every = every
        if every >= LARGE and not self._prepared:
            self._prepared = True
            workspace = self.desk.workspace
            # Who may only read, or has a full disk, searches without it: slower, and that is all.
            self.desk.run(lambda _progress: prepare(workspace, self.name), fails=lambda _error: None)
        if not self.stale:
            self._tell_count(self.model.total, more=self._counting)

    def _tell_count(self, found: int, *, more: bool) -> None:
        record_type = TYPES[self.name]
        many = record_type.singular.lower() if found == 1 and not self.wanted.asks else record_type.title.lower()
        if more:
            self.count.setText(f"más de {thousands(found - 1)}…")
        elif self.wanted.asks and self.every >= found:
            self.count.setText(f"{thousands(found)} de {thousands(self.every)} {many}")
        else:
            self.count.setText(f"{thousands(found)} {many}")
        shown: QWidget = self.grid
        if not found:
            shown = self._none if self.wanted.asks else self._empty
        self.stack.setCurrentWidget(shown)

    # -- filters

    def _show_filter(self) -> None:
        wanted = self.wanted
        if self.search.text() != wanted.search:
            self.search.blockSignals(True)
            self.search.setText(wanted.search)
            self.search.blockSignals(False)
        unit = wanted.of(UNIT.name)
        codes = unit.values if unit and unit.op is Op.ONE_OF else ()
        self.unit.setItemText(0, "Varias dependencias" if len(codes) > 1 else "Todas las dependencias")
        self.unit.setCurrentIndex(max(0, self.unit.findData(codes[0])) if len(codes) == 1 else 0)
        zone = wanted.of("zona_residual")
        for code, chip in self.zones.items():
            chip.setChecked(zone is not None and zone.op is Op.ONE_OF and code in zone.values)
        words = conditions_told(wanted, self.catalogues)
        self.asked.setText(f"Filtro: {_briefly(words)}")
        self.asked.setToolTip("\n".join(words))
        self.asked.setAccessibleDescription("; ".join(words))
        self.said.setVisible(wanted.asks)

    def _typed(self) -> None:
        if self.search.text() != self.wanted.search:
            self.ask_for(_searching(self.wanted, self.search.text()), keep=self.current_uid())

    def _enter(self) -> None:
        self._pause.stop()
        self._typed()
        if self.model.total:
            self.grid.setFocus()
            if not self.grid.currentIndex().isValid():
                self.grid.select_row(0)

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _choose_unit(self) -> None:
        code = self.unit.currentData()
        wanted = Condition(UNIT.name, Op.ONE_OF, (code,)) if code else None
        self.ask_for(self.wanted.having(UNIT.name, wanted), keep=self.current_uid())

    def _choose_zones(self) -> None:
        codes = tuple(code for code, chip in self.zones.items() if chip.isChecked())
        wanted = Condition("zona_residual", Op.ONE_OF, codes) if codes else None
        self.ask_for(self.wanted.having("zona_residual", wanted), keep=self.current_uid())

    def _sort(self, name: str, down: bool) -> None:
        wanted = MatrixFilter(self.name, self.wanted.search, self.wanted.conditions, (name, down) if name else None)
        self.ask_for(wanted, keep=self.current_uid())

    def clear(self) -> None:
        """Let all records pass."""
        self.ask_for(MatrixFilter(self.name, order=self.wanted.order), keep=self.current_uid())

    def filter_column(self, column: int) -> FilterPopup:
        """Open the filter of a column under its heading."""
        field = self.model.columns[column]
        popup = FilterPopup(
            field, self.wanted.of(field.name), self.catalogues, partial(self._codes, field.name), self.grid
        )
        popup.chosen.connect(partial(self._filtered, field.name))
        mark = self.grid.heading.mark(column)
        popup.open_at(
            self.grid.heading.mapToGlobal(QPoint(mark.right() - popup.width() + 1, mark.bottom() + 1)), popup.first
        )
        return popup

    def _codes(self, name: str, fill: Callable[[Mapping[str, int]], None]) -> None:
        question = Question(self.desk.workspace, self.wanted)
        self.desk.run(lambda _progress: question.codes(name), fill, store=False)

    def _filtered(self, name: str, condition: Condition | None) -> None:
        self.ask_for(self.wanted.having(name, condition), keep=self.current_uid())

    # -- rows

    def current_uid(self) -> str:
        """The uid of the current row; empty where there is none."""
        return getattr(self.grid.current_record(), "uid", "")


def _answer(question: Question, keep: str) -> _Answer:
    first, total = question.first()
    place = question.place_of(keep) if keep else None
    sheets = [first]
    if place is not None and place >= PAGE:
        total = question.count()
        sheets.append(question.read(place // PAGE * PAGE))
    return _Answer(question, tuple(sheets), total, place)


def _briefly(words: Sequence[str]) -> str:
    """The first conditions in words, as many as fit, and how many more there are."""
    kept = len(words)
    while kept > 1 and sum(map(len, words[:kept])) > LONGEST_TOLD:
        kept -= 1
    said = "; ".join(text if len(text) <= LONGEST_TOLD else f"{text[: LONGEST_TOLD - 1]}…" for text in words[:kept])
    return f"{said}; y {len(words) - kept} más" if kept < len(words) else said


def _searching(wanted: MatrixFilter, text: str) -> MatrixFilter:
    return MatrixFilter(wanted.type, text, wanted.conditions, wanted.order)


def first_seen(name: str) -> tuple[str, ...]:
    """The columns shown at first, the dependencia left out."""
    return FIRST_SEEN.get(name) or tuple(field.name for field in TYPES[name].fields[:AS_IT_IS])

"""The queue of doubts: what accepting deliveries left to decide, resolved many at a time and undone in one step."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.consolidation import doubts, roles
from peti_desktop.consolidation.doubts import ASK, ERASE, KEEP, KINDS, LIFT, MOVE, RECOVER, RETIRE, Doubt
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.workspace import Workspace
from ui import theme
from ui.chips import Empty, button, label
from ui.desk import Desk, Subject
from ui.oficina.dudas_modelo import ANYBODY, NOBODY, Doubts, Question, record_of
from ui.oficina.dudas_tabla import DoubtsTable
from ui.oficina.firmantes_paneles import scrolled
from ui.oficina.review_motivo import Move
from ui.oficina.to_matrix import RecordsPage
from ui.oficina.words import DELIVERIES, plural, thousands

DOUBTS: Final = "duda"
"""Beside the record types in ``desk.stored``: something was decided about a doubt."""
ANSWERS: Final = (
    (KEEP, "Mantener lo vigente (M)", "M", "Queda como está, y la misma pregunta no se hace otra vez."),
    (ERASE, "Borrar el dato (B)", "B", "El campo queda sin diligenciar, como llegó."),
    (RETIRE, "Retirar (R)", "R", "El registro deja de estar en firme. Escriba el motivo."),
    (RECOVER, "Recuperar (U)", "U", "El registro vuelve a estar en firme."),
    (LIFT, "Levantar la corrección (L)", "L", "Vale lo que la dependencia declaró. Escriba el motivo."),
    (MOVE, "Pasó a otra dependencia (O)…", "O", "Cambia de dependencia con lo que le pertenece."),
    (ASK, "Preguntar (P)", "P", "Se anota que se preguntó; sigue aquí hasta que la dependencia responda."),
)
NEEDS_NOTE: Final = frozenset({RETIRE, LIFT})
TIGHT_SHEET: Final = "QPushButton { padding: 3px 10px; min-height: 20px; }"
OPEN_ONES, SETTLED = "por resolver", "resueltas"


def waiting(ws: Workspace) -> int:
    """How many doubts are open."""
    return sum(doubts.counts(ws).values())


class DudasPage(RecordsPage):
    """See the module. Nothing here is a pop-up: doubts wait until somebody has time for them."""

    title = "Dudas"
    subtitle = "Lo que las entregas aceptadas dejaron por decidir."
    shows = frozenset({*TYPES, DELIVERIES, DOUBTS, "correccion"})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._refused = ""
        self._wanted = ""
        self.model = Doubts()
        self.table = DoubtsTable(self.model)
        self.words = QLineEdit()
        self.unit, self.kind, self.who, self.state = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.note, self.person = QLineEdit(), QComboBox()
        self.buttons: dict[str, QPushButton] = {}
        self.actions_of: dict[str, QAction] = {}
        self.moving = Move()
        self.moving.back.connect(self._leave)
        self._build()

    # -- building

    def _build(self) -> None:
        self._no = label("", "warns", wraps=True)
        self._no.hide()
        self.table.selectionModel().selectionChanged.connect(self._picked)
        self.table.doubleClicked.connect(lambda _index: self._open())
        self.model.modelReset.connect(self._picked)
        self._empty = Empty("No hay dudas", "Cuando una entrega deje algo por decidir, esperará aquí.", icon="dudas")
        self._unresolved = Empty("No se ha resuelto ninguna", "Lo que se decida aquí se podrá consultar.", icon="dudas")
        self._none = label("Ninguna duda es así. Cambie los filtros de arriba.", "muted", wraps=True)
        self._none.hide()
        self._moving = scrolled(self.moving, stretch=True)
        self._moving.hide()
        self.detail = label("", wraps=True)
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._foot = QWidget()
        column = QVBoxLayout(self._foot)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addWidget(self.detail)
        column.addLayout(self._answers())
        column.addLayout(self._assigning())
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self._no)
        self.body.addLayout(self._filters())
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._none)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self._unresolved, 1)
        self.body.addWidget(self._moving, 1)
        self.body.addWidget(self._foot)

    def _filters(self) -> QHBoxLayout:
        self.words.setAccessibleName("Buscar en las dudas")
        self.words.setPlaceholderText("Buscar")
        self.words.setClearButtonEnabled(True)
        self.unit.addItem("Dependencias", "")
        self.kind.addItem("Clases", "")
        for code, text in KINDS.items():
            self.kind.addItem(text, code)
        for text, data in (("Analistas", ANYBODY), ("Sin asignar", NOBODY)):
            self.who.addItem(text, data)
        for text in ("Por resolver", "Resueltas"):
            self.state.addItem(text, text.lower())
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.words, 2)
        named = ((self.unit, "Dependencia"), (self.kind, "Clase"), (self.who, "Quién la tiene"), (self.state, "Estado"))
        for choice, name in named:
            choice.setAccessibleName(name)
            choice.setToolTip(name)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(8)
            row.addWidget(choice, 1)
        for choice in (self.unit, self.kind, self.who):
            choice.currentIndexChanged.connect(self._filter)
        self.state.currentIndexChanged.connect(lambda _place: self.reload())
        self.words.textChanged.connect(self._filter)
        return row

    def _answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.TIGHT)
        for name, text, key, tip in ANSWERS:
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(f"{tip} Tecla {key}.")
            action.triggered.connect(partial(self._answer, name))
            self.table.addAction(action)
            made = button(text, action.trigger)
            made.setStyleSheet(TIGHT_SHEET)
            made.setToolTip(action.toolTip())
            action.enabledChanged.connect(made.setEnabled)
            action.enabledChanged.connect(made.setVisible)
            self.actions_of[name], self.buttons[name] = action, made
            row.addWidget(made)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        row.addStretch()
        return row

    def _assigning(self) -> QHBoxLayout:
        self.note.setAccessibleName("Nota o motivo")
        self.note.setPlaceholderText("Nota o motivo; para retirar o levantar es obligatorio")
        self.note.setMaxLength(1000)
        self.person.setEditable(True)
        self.person.setAccessibleName("Quién la atiende")
        self.person.setMinimumContentsLength(12)
        line = self.person.lineEdit()
        assert line is not None, "it can be typed into"
        line.setPlaceholderText("Quién la atiende")
        self.person.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.assign = button("&Asignar", self._assign)
        self.assign.setToolTip("Quien figure aquí las atiende; vacío, nadie.")
        self.open = button("&Ver en la matriz (F8)", self._open)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.note, 2)
        row.addWidget(self.person, 1)
        row.addWidget(self.assign)
        row.addWidget(self.open)
        return row

    # -- what it shows

    def reload(self) -> None:
        workspace, still = self.desk.workspace, self.state.currentData() == OPEN_ONES

        def look(_progress: Progress) -> tuple[list[Doubt], list[str], str]:
            found = doubts.listing(workspace, still)
            refused = roles.refusal(workspace, roles.CHANGE)
            known = {workspace.info.nombre, *(doubt.assigned_to for doubt in found)} - {""}
            return found, sorted(known), str(refused) if refused else ""

        self.desk.run(look, self._fill)

    def _fill(self, found: tuple[list[Doubt], list[str], str]) -> None:
        every, people, self._refused = found
        kept = [doubt.uid for doubt in self.picked]
        self._no.setText(f"▲ {self._refused}")
        self._no.setVisible(bool(self._refused))
        self._offer(every, people)
        self.model.fill(every)
        self.table.fit()
        self.table.setVisible(bool(every) and self._moving.isHidden())
        still = self.state.currentData() == OPEN_ONES
        self._empty.setVisible(not every and still)
        self._unresolved.setVisible(not every and not still)
        self._foot.setVisible(bool(every) and self._moving.isHidden())
        number = thousands(len(every))
        states = OPEN_ONES if still else SETTLED
        self.set_subtitle(f"{self.subtitle} {number} {states}." if every else self.subtitle)
        self.table.pick([self._wanted] if self._wanted else kept)
        self._picked()
        self._wanted = ""

    def _offer(self, every: Sequence[Doubt], people: Sequence[str]) -> None:
        units = sorted({(doubt.dependencia_nombre, doubt.dependencia) for doubt in every})
        _fill_choice(self.unit, units, 1)
        _fill_choice(self.who, [(name, name) for name in people], 2)
        typed = self.person.currentText()
        self.person.clear()
        self.person.addItems(["", *people])
        self.person.setCurrentText(typed)
        self._filter()

    def _filter(self, _said: object = None) -> None:
        data = [str(choice.currentData()) for choice in (self.unit, self.kind, self.who)]
        self.table.sift(Question(data[0], data[1], data[2], self.words.text()))
        self._picked()

    @property
    def picked(self) -> list[Doubt]:
        """What is selected, from the top."""
        return self.table.picked

    def _picked(self, *_what: object) -> None:
        some = self.picked
        self._none.setVisible(bool(self.model.everything) and not self.model.rowCount())
        fits = set.intersection(*(set(doubt.answers) for doubt in some)) if some else set[str]()
        can = bool(some) and all(doubt.open for doubt in some) and not self._refused
        for name, action in self.actions_of.items():
            action.setEnabled(can and name in fits)
            self.buttons[name].setVisible(can and name in fits)
        for widget in (self.note, self.person, self.assign):
            widget.setEnabled(can)
        self.open.setEnabled(len(some) > 0)
        self.detail.setText(_about(some))

    # -- deciding

    def _answer(self, name: str, _checked: bool = False) -> None:
        some = self.picked
        if not some:
            return
        if name == MOVE:
            self._ask_where(some)
            return
        note = self.note.text().strip()
        if name in NEEDS_NOTE and not note:
            self.desk.notice.tell("Falta el motivo.", "Escríbalo en «Nota o motivo» y repita.", tone="warns")
            self.note.setFocus()
            return
        workspace, uids = self.desk.workspace, [doubt.uid for doubt in some]

        def told(count: int) -> None:
            self.note.clear()
            if name == ASK:
                words = "Se anotó que se preguntó; sigue aquí." if count == 1 else f"Se anotó en {count}; siguen aquí."
            else:
                words = plural(count, "duda resuelta", "dudas resueltas") + "."
            self.desk.notice.tell(words, tone="fine", action="Deshacer", act=self.desk.undo)

        self._save(lambda: doubts.resolve(workspace, uids, name, note), told)

    def _ask_where(self, some: Sequence[Doubt]) -> None:
        workspace, uids = self.desk.workspace, [doubt.uid for doubt in some]

        def said(to: str, note: str) -> None:
            self._leave()
            name = workspace.catalogues.label("dependencia", to)
            self._save(
                lambda: doubts.move(workspace, uids, to, note),
                lambda count: self.desk.notice.tell(
                    f"{plural(count, 'registro pasó', 'registros pasaron')} a {name}.",
                    tone="fine",
                    action="Deshacer",
                    act=self.desk.undo,
                ),
            )

        units = [(entry.code, entry.label) for entry in workspace.catalogues.entries("dependencia")]
        self.moving.ask(f"¿A qué dependencia {'pasó' if len(some) == 1 else 'pasaron'}?", units, said)
        self.table.hide()
        self._foot.hide()
        self._moving.show()
        self.moving.setFocus()

    def _leave(self) -> None:
        self._moving.hide()
        self.table.show()
        self._foot.show()
        self.table.setFocus()

    def _assign(self) -> None:
        workspace, uids, who = self.desk.workspace, [d.uid for d in self.picked], self.person.currentText().strip()

        def told(count: int) -> None:
            words = plural(count, "duda", "dudas")
            one = count == 1
            has = f"{'la' if one else 'las'} atiende {who}" if who else f"no {'la' if one else 'las'} tiene nadie"
            self.desk.notice.tell(f"{words}: {has}.", tone="fine", action="Deshacer", act=self.desk.undo)

        self._save(lambda: doubts.assign(workspace, uids, who), told)

    def _save(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        task = self.desk.save(lambda _progress: work(), {*TYPES, DOUBTS}, then, origin=self)
        task.finished.connect(self.reload)

    # -- the record behind it

    def subject(self) -> Subject | None:
        some = self.picked
        return Subject(some[0].type, some[0].record) if some else None

    def target(self, wanted: object) -> None:
        """A doubt's uid, or a dependencia's code to see only its doubts."""
        if self.model.row_of(str(wanted)) >= 0:
            self.table.pick([str(wanted)])
            return
        self._wanted = str(wanted)
        self.unit.setCurrentIndex(max(0, self.unit.findData(wanted)))


def _fill_choice(choice: QComboBox, entries: Sequence[tuple[str, str]], fixed: int) -> None:
    chosen = choice.currentData()
    choice.blockSignals(True)
    while choice.count() > fixed:
        choice.removeItem(fixed)
    for text, code in entries:
        choice.addItem(text, code)
    choice.setCurrentIndex(max(0, choice.findData(chosen)))
    choice.blockSignals(False)


def _about(some: Sequence[Doubt]) -> str:
    if not some:
        return ""
    if len(some) > 1:
        return f"{len(some)} escogidas. Se resuelven todas igual y se deshacen en un solo paso."
    (one,) = some
    where = f" · {one.label}" if one.label else ""
    has = f" · la tiene {one.assigned_to}" if one.assigned_to else ""
    since = f"Desde {spoken_moment(one.when)}{has}"
    note = f" · {one.note}" if one.note else ""
    return f"{one.dependencia_nombre} · {record_of(one)}{where}\n{one.text}\n{since}{note}"

"""One editor per field: label above, input, and under it what is wrong, or the hint.

    editor = Editor(RIESGO["causa_raiz"], catalogues)
    editor.set(record.values["causa_raiz"])        # or editor.set_draft(record.drafts["causa_raiz"])
    editor.edited.connect(...)                     # edited(raw): the user changed it
    editor.set_problems(problems_of_this_field)    # red stops, orange warns; each with a sign of its own

``bare=True`` leaves out the label (for editors in a row with a heading of its own).
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import read
from peti_desktop.records.fields import BORRAR, NO_APLICA, Blank, Field, Kind, Problem, Severity, Value
from ui import theme
from ui.chips import label
from ui.inputs import BLANK_KEYS, BLANKS, ChoiceInput, LinkInput, Links, blank_of, make_input, raw_of

SIGNS: Final = {Severity.STOPS: "✕", Severity.WARNS: "▲"}
ERASES: Final = "La Oficina TIC vaciará lo que usted entregó antes en este campo."
ROLES: Final = {Severity.STOPS: "stops", Severity.WARNS: "warns"}


class Editor(QWidget):
    """Label, input and problem of one field.

    ``edited(raw)`` on every change by the user; ``left()`` when the focus leaves, the moment to write and to judge.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(
        self,
        field: Field,
        catalogues: Catalogues,
        *,
        links: Links | None = None,
        bare: bool = False,
        over: QWidget | None = None,
    ) -> None:
        super().__init__(over)
        self.field = field
        self._catalogues = catalogues
        self._problems: Sequence[Problem] = ()
        self._misread = ""
        self.input = make_input(field, catalogues, links, self)
        self.setFocusProxy(self.input)
        self._label = label(f"{field.label} *" if field.required else field.label)
        self._label.setBuddy(self.input)
        self._under = label("", "small", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addWidget(self._label)
        self._label.setHidden(bare)
        column.addWidget(self.input)
        column.addWidget(self._under)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside a higher neighbour; a stretch would make the form grow
        self._hint = "" if bare else field.hint
        self.input.edited.connect(self._edited)
        if isinstance(self.input, ChoiceInput):
            self.input.picked.connect(self._edited)
        self._watch()
        self._tell()

    def _watch(self) -> None:
        # The line inside a list is what gets the focus and the right click.
        self._line = self.input.line if isinstance(self.input, ChoiceInput) else self.input
        self.input.installEventFilter(self)
        if self.field.may_be_na:
            self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            self._line.customContextMenuRequested.connect(self._menu)

    @property
    def busy(self) -> bool:
        """Whether somebody is in the field right now."""
        return self.input.hasFocus() or self._line.hasFocus()

    # -- values

    def raw(self) -> str:
        """What is written: a code for a choice, a uid for a link, else the text."""
        return self.input.raw()

    def value_or_none(self) -> Value:
        """What is written as a value; ``None`` when it is empty or cannot be understood."""
        return self.understood()[0]

    def understood(self) -> tuple[Value, str | None]:
        """What is written as a value, or ``None`` and why it is none."""
        return read(self.field, self.raw(), self._catalogues)

    def shows(self, value: Value) -> bool:
        """Whether what is written is ``value`` as it was stored, also one that can no longer be chosen."""
        return self.raw() == raw_of(self.field, value, self._catalogues)

    def set(self, value: Value) -> None:
        """Show a stored value, silently."""
        self._fill(raw_of(self.field, value, self._catalogues))
        self._misread = ""
        self._tell()

    def set_draft(self, raw: str) -> None:
        """Show text that is not a value yet, silently, and say what is wrong with it."""
        self._fill(raw)
        self.judge()

    def _fill(self, raw: str) -> None:
        if raw != self.input.raw():
            self.input.set_raw(raw)

    def answer(self, raw: str) -> None:
        """Write ``raw``, as the user."""
        self.input.set_raw(raw)
        self._edited(raw)

    def leave(self, blank: Blank) -> None:
        """Leave it empty on purpose, as the user: «No aplica» or «Borrar lo anterior»."""
        self.answer(blank.value)
        self._tell()

    def not_applicable(self) -> None:
        """Answer «No aplica», as the user."""
        self.leave(NO_APLICA)

    def erase(self) -> None:
        """Answer «Borrar lo anterior», as the user."""
        self.leave(BORRAR)

    # -- problems

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong with this field; an empty list takes it away."""
        self._problems = problems
        self._tell()

    def judge(self) -> None:
        """Say whether what is written can be understood; done when the focus leaves, not while typing."""
        raw = self.raw()
        if isinstance(self.input, LinkInput):
            known = not raw or raw in BLANKS or self.input.code is not None
            self._misread = "" if known else "No está en la lista."
        else:
            self._misread = read(self.field, raw, self._catalogues)[1] or ""
        self._tell()

    @property
    def problem(self) -> str:
        """What the editor says is wrong; empty when nothing is."""
        return self._under.text() if self._under.property("role") != "small" else ""

    def _tell(self) -> None:
        worst = Severity.STOPS
        text = self._misread
        if not text and self._problems:
            first = min(self._problems, key=lambda problem: problem.severity is not Severity.STOPS)
            text, worst = first.text, first.severity
        role = ROLES[worst] if text else "small"
        left_empty = self.raw() in BLANKS
        about = ERASES if self.raw() == BORRAR.value else self._hint
        self._under.setText(f"{SIGNS[worst]} {text}" if text else about)
        self._under.setVisible(bool(self._under.text()))
        about = ERASES if self.raw() == BORRAR.value else self.field.hint
        self.input.setAccessibleDescription(f"{text} {about}".strip())
        if self._line.font().italic() != left_empty:
            font = self._line.font()
            font.setItalic(left_empty)
            self._line.setFont(font)
        for widget, name, wanted in ((self._under, "role", role), (self.input, "problem", role if text else "")):
            if widget.property(name) != wanted:
                widget.setProperty(name, wanted)
                theme.restyle(widget)

    # -- from the user

    def _edited(self, _raw: str) -> None:
        raw = self.raw()
        if self._misread:
            self.judge()
        if isinstance(self.input, LinkInput) and raw and raw not in BLANKS and self.input.code is None:
            return  # half a name is no record; ``judge`` says so when the focus leaves
        self.edited.emit(raw)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.judge()
            self.left.emit()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.field.may_be_na:
            blank = blank_of(event)
            if blank is not None:
                self.leave(blank)
                return True
        return super().eventFilter(watched, event)

    def _menu(self, where: QPoint) -> None:
        inner = self._line
        menu = inner.createStandardContextMenu()
        menu.addSeparator()
        # Methods of a QObject: with a function of its own, Qt for Python frees an action twice when the menu closes.
        for blank, leave in ((NO_APLICA, self.not_applicable), (BORRAR, self.erase)):
            menu.addAction(f"{blank.value}\t{BLANK_KEYS[blank]}").triggered.connect(leave)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(inner.mapToGlobal(where))


def wide(field: Field) -> bool:
    """Whether a field deserves the whole width of a form."""
    return field.kind in {Kind.NOTE, Kind.LINK} or field.width >= 26

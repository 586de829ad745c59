"""The thing one types into, per kind of field. ``ui.editors.Editor`` puts label and problem around it; the grid uses it
bare, inside a cell.

Every input has ``raw()``, ``set_raw(raw)`` and the signal ``edited(raw)``, which comes from the user only: filling a
form must never look like editing it.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, assert_never

from PySide6.QtCore import QDate, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCompleter,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
    QWidgetAction,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import edit_text, read, show
from peti_desktop.records.fields import BORRAR, NO_APLICA, Blank, Field, Kind, Value
from ui import icons, theme
from ui.picker import Choices, Picker, Words

Links = Callable[[], Sequence[tuple[str, str]]]
"""Gives (uid, words) of the records a LINK may point to."""

BLANKS: Final = frozenset(blank.value for blank in Blank)
"""What stands in a field that was left empty on purpose."""
BLANK_KEYS: Final = {NO_APLICA: "Ctrl+-", BORRAR: "Alt+Supr"}
"""The key of each, as menus show it."""
MOST_LINES: Final = 12


class LineInput(QLineEdit):
    """One line of free text, with suggestions when the field has some."""

    edited = Signal(str)

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.textEdited.connect(self.edited)

    def suggest(self, words: Sequence[str]) -> None:
        """Offer ``words`` while typing; anything else may be typed too."""
        completer = QCompleter(self)
        model = Words(completer)
        model.setSourceModel(Choices([(word, word) for word in words], model))
        completer.setModel(model)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.popup().setAccessibleName("Sugerencias")
        completer.activated.connect(self.edited)
        self.textEdited.connect(model.ask)
        self.setCompleter(completer)

    def raw(self) -> str:
        """What is written."""
        return self.text()

    def set_raw(self, raw: str) -> None:
        """Write ``raw``, silently."""
        self.setText(raw)


class SpokenInput(QLineEdit):
    """A number or date: shown as people read it ($ 1.234.567, 31-ene-2026), edited as typed."""

    edited = Signal(str)

    def __init__(self, spoken: Callable[[str], str], typed: Callable[[str], str], over: QWidget | None = None) -> None:
        super().__init__(over)
        self._spoken = spoken
        self._typed = typed
        self._raw = ""
        self.textEdited.connect(self._keep)

    def raw(self) -> str:
        """What was typed, without the thousands that are only shown."""
        return self._raw

    def set_raw(self, raw: str) -> None:
        """Write ``raw``, silently."""
        self._raw = raw
        self.setText(self._typed(raw) if self.hasFocus() else self._spoken(raw))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setText(self._typed(self._raw))
        super().focusInEvent(event)
        if event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}:
            self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.setText(self._spoken(self._raw))

    def _keep(self, text: str) -> None:
        self._raw = text
        self.edited.emit(text)


class DateInput(SpokenInput):
    """A date that may be empty: a line, and a calendar behind the button at its right or Alt+Down."""

    def __init__(self, spoken: Callable[[str], str], typed: Callable[[str], str], over: QWidget | None = None) -> None:
        super().__init__(spoken, typed, over)
        self.setPlaceholderText("dd/mm/aaaa")
        look = theme.tones(self.palette())
        opens = QAction(icons.icon("calendario", look.muted), "Abrir el calendario (Alt+Abajo)", self)
        opens.triggered.connect(self.open_calendar)
        self.addAction(opens, QLineEdit.ActionPosition.TrailingPosition)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def open_calendar(self) -> QCalendarWidget:
        """Open the calendar under the line, at the date that is written."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(menu)
        calendar.setAccessibleName("Calendario")
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        written = QDate.fromString(self._typed(self._raw), "dd/MM/yyyy")
        if written.isValid():
            calendar.setSelectedDate(written)
        calendar.activated.connect(self.choose)
        calendar.clicked.connect(self.choose)
        calendar.activated.connect(menu.close)
        calendar.clicked.connect(menu.close)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()
        return calendar

    def choose(self, day: QDate) -> None:
        """Take a day from the calendar, as if typed."""
        self.set_raw(day.toString("dd/MM/yyyy"))
        self.edited.emit(self._raw)


class NoteInput(QPlainTextEdit):
    """Several lines; grows with its text up to a dozen lines. Tab goes on to the next field."""

    edited = Signal(str)

    def __init__(self, lines: int, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._least = max(2, lines)
        self._silent = False
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.textChanged.connect(self._changed)
        self._grow()

    def raw(self) -> str:
        """What is written."""
        return self.toPlainText()

    def set_raw(self, raw: str) -> None:
        """Write ``raw``, silently, and without moving the cursor when nothing changed."""
        if raw == self.toPlainText():
            return
        self._silent = True
        self.setPlainText(raw)
        self._silent = False

    def _changed(self) -> None:
        if not self._silent:
            self.edited.emit(self.raw())

    def _grow(self, _size: object = None) -> None:
        lines = min(MOST_LINES, max(self._least, int(self.document().documentLayout().documentSize().height())))
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines == MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 2 * theme.SMALL + 6)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._grow()


class ChoiceInput(Picker):
    """A catalogue's list: shows labels, gives codes. Text that is on no list is given as typed."""

    def raw(self) -> str:
        """The code of what is written, or the text when it is no entry."""
        return self.code or self.text

    def set_raw(self, raw: str) -> None:
        """Show the entry of a code or label, silently."""
        self.set_code(raw) if raw and self.has_code(raw) else self.set_text(raw)


class LinkInput(ChoiceInput):
    """Another record, chosen by its words; the list is asked for each time the field gets the focus."""

    def __init__(self, links: Links, over: QWidget | None = None) -> None:
        super().__init__(over)
        self._links = links
        self.offer(links())

    def focusInEvent(self, event: QFocusEvent) -> None:
        wanted = self.raw()
        self.offer(self._links())
        self.set_raw(wanted)
        super().focusInEvent(event)


class ShownInput(QLineEdit):
    """A computed field: can be read and copied, never typed."""

    edited = Signal(str)

    def __init__(self, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setReadOnly(True)
        self.setPlaceholderText("Lo calcula el programa")

    def raw(self) -> str:
        """What is shown."""
        return self.text()

    def set_raw(self, raw: str) -> None:
        """Show ``raw``."""
        self.setText(raw)
        self.setCursorPosition(0)


Input = LineInput | SpokenInput | NoteInput | ChoiceInput | ShownInput


def make_input(field: Field, catalogues: Catalogues, links: Links | None = None, over: QWidget | None = None) -> Input:
    """The input for ``field``, named after it for those who hear the screen."""
    made = ShownInput(over) if field.computed else _by_kind(field, catalogues, links, over)
    made.setAccessibleName(field.label)
    made.setAccessibleDescription(field.hint)
    if field.example and not isinstance(made, ChoiceInput):
        made.setPlaceholderText(f"Por ejemplo: {field.example}")
    return made


def _by_kind(field: Field, catalogues: Catalogues, links: Links | None, over: QWidget | None) -> Input:
    match field.kind:
        case Kind.TEXT:
            line = LineInput(over)
            if field.suggests:
                line.suggest([entry.label for entry in catalogues.entries(field.suggests)])
            return line
        case Kind.NOTE:
            return NoteInput(field.lines, over)
        case Kind.INTEGER | Kind.AMOUNT | Kind.MONEY:
            return SpokenInput(_spoken(field, catalogues), _typed(field, catalogues), over)
        case Kind.DATE:
            return DateInput(_spoken(field, catalogues), _typed(field, catalogues), over)
        case Kind.CHOICE:
            choice = ChoiceInput(over)
            choice.offer([(entry.code, entry.label) for entry in catalogues.entries(field.catalogue)])
            return choice
        case Kind.LINK:
            return LinkInput(links or (lambda: ()), over)
        case _:
            assert_never(field.kind)


def blank_of(event: QKeyEvent) -> Blank | None:
    """The blank whose key was pressed: Ctrl+- «No aplica», Alt+Supr «Borrar lo anterior»."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() == Qt.Key.Key_Minus and held == Qt.KeyboardModifier.ControlModifier:
        return NO_APLICA
    if event.key() == Qt.Key.Key_Delete and held == Qt.KeyboardModifier.AltModifier:
        return BORRAR
    return None


def raw_of(field: Field, value: Value, catalogues: Catalogues) -> str:
    """The raw text of a stored value: codes and uids stay themselves, the rest as ``edit_text`` writes it."""
    if value is None:
        return ""
    if isinstance(value, Blank):
        return value.value
    if field.computed:
        return show(field, value, catalogues)
    return str(value) if field.kind in {Kind.CHOICE, Kind.LINK} else edit_text(field, value, catalogues)


def _spoken(field: Field, catalogues: Catalogues) -> Callable[[str], str]:
    def spoken(raw: str) -> str:
        value, wrong = read(field, raw, catalogues)
        return raw if wrong or value is None else show(field, value, catalogues)

    return spoken


def _typed(field: Field, catalogues: Catalogues) -> Callable[[str], str]:
    def typed(raw: str) -> str:
        value, wrong = read(field, raw, catalogues)
        return edit_text(field, value, catalogues) if not wrong and isinstance(value, date) else raw

    return typed

"""Somebody in front of the screen: eyes, a keyboard, a mouse. Knows words and places, never the program's parts."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QTabBar,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LONG = 20_000
"""Milliseconds that anything may take on a machine that does ten other things."""


def bare(text: str) -> str:
    """Words without the mark of their key."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


class Person:
    """Works in whatever window is in front."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    # -- eyes

    @property
    def window(self) -> QWidget:
        """The window or dialog that everything goes to."""
        found = QApplication.activePopupWidget() or QApplication.activeModalWidget() or QApplication.activeWindow()
        if found is None:  # the offscreen platform forgets who was in front when a dialog goes
            found = next(w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow())
            found.activateWindow()
        return found

    def screen(self) -> str:
        """Every word to be seen in the window, a line each."""
        return "\n".join(words for widget in self._visible(QWidget) for words in _words(widget) if words)

    def sees(self, *words: str) -> None:
        """Wait until all of this stands on the screen; say what stood there otherwise."""

        def look() -> None:
            seen = self.screen()
            missing = [each for each in words if each not in seen]
            assert not missing, f"{missing} not on the screen:\n{seen}"

        self._qtbot.waitUntil(look, timeout=LONG)

    def sees_no(self, *words: str) -> None:
        """Wait until none of this stands on the screen."""
        self._qtbot.waitUntil(lambda: not any(each in self.screen() for each in words), timeout=LONG)

    @property
    def where(self) -> QWidget:
        """What has the keyboard."""
        found = QApplication.focusWidget()
        assert found is not None, "nothing has the keyboard"
        return found

    def is_at(self, name: str) -> None:
        """Wait until the cursor is in the field that a screen reader would call ``name``."""

        def look() -> None:
            found = QApplication.focusWidget()
            names = [w.accessibleName() for w in _up_from(found)]
            assert any(name in each for each in names), f"the cursor is in {names}"

        self._qtbot.waitUntil(look, timeout=LONG)

    def until(self, what: Callable[[], bool]) -> None:
        """Wait for something outside the screen."""
        self._qtbot.waitUntil(what, timeout=LONG)

    def goes_on_to(self, name: str, kind: type[QWidget] = QWidget) -> None:
        """Press Tab until the cursor is in the field ``name`` of this kind."""
        for _ in range(40):
            here = QApplication.focusWidget()
            if any(name in each.accessibleName() and isinstance(each, kind) for each in _up_from(here)):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never came to {name}")

    def goes_on_to_button(self, words: str) -> None:
        """Press Tab until the keyboard is on the button that says ``words``, outside the navigation."""
        for _ in range(60):
            here = QApplication.focusWidget()
            self._qtbot.wait(1)
            if isinstance(here, QAbstractButton) and not here.isCheckable() and words in bare(here.text()):
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never came to the button {words}")

    def _visible(self, kind: type[QWidget]) -> Iterator[QWidget]:
        window = self.window
        return (w for w in (window, *window.findChildren(kind)) if w.isVisible() and not w.visibleRegion().isEmpty())

    # -- keyboard

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN, times: int = 1) -> None:
        """Press a key where the cursor is."""
        for _ in range(times):
            # A list of suggestions gets the keys first, as it does from a real keyboard.
            popup = QApplication.activePopupWidget()
            to = popup.focusWidget() or popup if popup is not None else QApplication.focusWidget() or self.window
            self._qtbot.keyClick(to, key, modifier)

    def types(self, text: str) -> None:
        """Type; by events of our own, for QTest aborts at letters such as «ñ»."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self.where, QKeyEvent(kind, 0, PLAIN, letter))

    def answers(self, *texts: str) -> None:
        """Type each text into a field and go on with Tab; an empty one leaves the field as it is."""
        for text in texts:
            if isinstance(self.where, QLineEdit) and text:
                self.press(Qt.Key.Key_A, CTRL)
            self.types(text)
            self.press(Qt.Key.Key_Tab)
            self.wakes()

    def wakes(self) -> None:
        """Give the keyboard back to the window, which the offscreen platform forgets after a list of suggestions."""
        window = self.where.window()
        window.activateWindow()
        self._qtbot.waitUntil(window.isActiveWindow, timeout=LONG)

    def has_copied(self, text: str) -> None:
        """Have ``text`` in the clipboard, as copied from a spreadsheet."""
        QGuiApplication.clipboard().setText(text)

    # -- mouse

    def clicks(self, words: str) -> None:
        """Press the button, tab or entry of a menu that says ``words``, once it can be pressed."""
        places: list[tuple[QWidget, QPoint]] = []

        def look() -> bool:
            places[:] = self._places(words)
            if not places:
                self._scrolls_to(words)
            return bool(places)

        self._qtbot.waitUntil(look, timeout=LONG)
        widget, place = places[0]
        self._qtbot.mouseMove(widget, place)
        self._qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place)

    def _scrolls_to(self, words: str) -> None:
        """Turn the wheel until the button is in sight."""
        for area in self.window.findChildren(QScrollArea):
            for button in area.findChildren(QAbstractButton):
                if button.isVisible() and words in _said(button):
                    area.ensureWidgetVisible(button)

    def _places(self, words: str) -> list[tuple[QWidget, QPoint]]:
        found: list[tuple[QWidget, QPoint]] = []
        for widget in self._visible(QWidget):
            if not widget.isEnabled():
                continue
            if isinstance(widget, QAbstractButton) and words in _said(widget):
                found.append((widget, widget.rect().center()))
            elif isinstance(widget, QMenu):
                entries = [action for action in widget.actions() if words in bare(action.text())]
                found += [(widget, widget.actionGeometry(action).center()) for action in entries]
            elif isinstance(widget, QTabBar):
                tabs = [number for number in range(widget.count()) if words in bare(widget.tabText(number))]
                found += [(widget, widget.tabRect(number).center()) for number in tabs]
        return found

    def clicks_cell(self, words: str, *, twice: bool = False) -> None:
        """Press the cell or line of a list that says ``words``."""
        hits: list[tuple[QAbstractItemView, QModelIndex]] = []

        def look() -> bool:
            hits[:] = [
                (view, index)
                for view in self._visible(QAbstractItemView)
                if isinstance(view, QAbstractItemView)
                for index in _cells(view)
                if words in str(index.data() or "")
            ]
            return bool(hits)

        self._qtbot.waitUntil(look, timeout=LONG)
        view, index = hits[0]
        place = view.visualRect(index).center()
        self._qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        if twice:
            self._qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def clicks_field(self, name: str) -> None:
        """Put the cursor with the mouse into the field that a screen reader would call ``name``."""
        found: list[QWidget] = []

        def look() -> bool:
            found[:] = [w for w in self._visible(QLineEdit) if name in w.accessibleName() and w.isEnabled()]
            return bool(found)

        self._qtbot.waitUntil(look, timeout=LONG)
        self._qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def _up_from(widget: QWidget | None) -> Iterator[QWidget]:
    while widget is not None:
        yield widget
        widget = widget.parentWidget()


def _said(button: QAbstractButton) -> str:
    return bare(button.text()) or button.accessibleName()


def _words(widget: QWidget) -> Iterator[str]:
    """What a widget itself says."""
    match widget:
        case QLabel():
            said = widget.text()
            yield QTextDocumentFragment.fromHtml(said).toPlainText() if "<" in said else bare(said)
        case QAbstractButton():
            yield _said(widget)
        case QLineEdit():
            yield widget.displayText()
        case QPlainTextEdit():
            yield widget.toPlainText()
        case QComboBox() if not widget.isEditable():
            yield widget.currentText()
        case QTabBar():
            yield from (bare(widget.tabText(number)) for number in range(widget.count()) if widget.isTabVisible(number))
        case QAbstractItemView():
            yield from (str(index.data() or "") for index in _cells(widget))
        case _ if widget.isWindow():
            yield widget.windowTitle()


def _cells(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """The cells of a list or table that are in sight."""
    model, seen, top = view.model(), view.viewport().rect(), QModelIndex()
    # A list has one column, whatever its model says it has.
    columns = model.columnCount(top) if isinstance(view, QTableView) else 1
    for row in range(model.rowCount(top)):
        rows = [model.index(row, column, top) for column in range(columns)]
        if isinstance(view, QTableView) and view.isRowHidden(row):
            continue
        yield from (index for index in rows if view.visualRect(index).intersects(seen))

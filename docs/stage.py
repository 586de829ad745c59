"""Brings the real windows to a scene as a person would, by words and keys, and takes its picture.

Everything runs from one timer, so that a menu or dialog that waits for an answer can be photographed while it waits.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QKeyCombination, QRect, Qt, QTimer
from PySide6.QtGui import QAction, QColor, QKeyEvent, QKeySequence, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTabBar,
    QWidget,
)

from ui.messages import Recorded
from ui.shell import Shell

Step = str | Callable[["Stage"], None]
"""Words on something to press, or what else is done."""

W = TypeVar("W", bound=QWidget)

COLOURS = 64
TICK_MS = 25
CALM = 12
"""Ticks without a running task until a window counts as finished."""
LONGEST = 1200
TITLE_BAR = 30
"""Logical pixels a window manager adds above a dialog."""


class Stage:
    """One main window at a time; ``wrong`` collects what does not fit and what could not be brought about."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shell: Shell | None = None
        self.wrong: list[str] = []
        self.area = QApplication.primaryScreen().availableGeometry()

    def play(self, scenes: Iterable[tuple[str, str | Path | None, str, Sequence[object], Sequence[Step]]]) -> None:
        """Take all pictures; each scene is name, store, page, answers for file pickers, steps."""
        acting = self._all(scenes)
        QApplication.setQuitOnLastWindowClosed(False)
        timer = QTimer()
        timer.setInterval(TICK_MS)

        def tick() -> None:
            try:
                next(acting)
            except StopIteration:
                QApplication.exit()

        timer.timeout.connect(tick)
        timer.start()
        QApplication.exec()

    def _all(
        self, scenes: Iterable[tuple[str, str | Path | None, str, Sequence[object], Sequence[Step]]]
    ) -> Generator[None, None, None]:
        for name, store, page, answers, steps in scenes:
            print(name, flush=True)
            yield from self._open(store, page, answers)
            if self._elsewhere(page):
                self.wrong.append(f"{name}: there is no page «{page}»")
                yield from self._close()
                continue
            for step in steps:
                try:
                    self.press(step) if isinstance(step, str) else step(self)
                except (LookupError, StopIteration) as error:
                    self.wrong.append(f"{name}: {step!r}: {error!r}")
                yield from self._calm()
            picture = self._picture()
            self.wrong += [f"{name}: {words}" for words in self._misfits()]
            _save(picture, self.folder / f"{name}.png")
            yield from self._close()

    def _elsewhere(self, page: str) -> bool:
        assert self.shell is not None
        return bool(page) and page not in {spec.name for spec in self.shell._specs}

    def _open(self, store: str | Path | None, page: str, answers: Sequence[object]) -> Iterator[None]:
        self.shell = Shell(Recorded(*answers) if answers else None, store=store, page=page)
        self.shell.resize(self.area.size())
        self.shell.move(self.area.topLeft())
        self.shell.show()
        self.shell.activateWindow()
        yield from self._calm()

    def _calm(self) -> Iterator[None]:
        quiet = 0
        for _ in range(LONGEST):
            assert self.shell is not None
            busy = self.shell.tasks.running or (self.shell.desk is not None and self.shell.desk.tasks.running)
            quiet = 0 if busy else quiet + 1
            if quiet > CALM:
                return
            yield

    def _close(self) -> Iterator[None]:
        for window in self._windows():
            if window is not self.shell:
                window.close()
        yield
        assert self.shell is not None
        self.shell.close()
        for _ in range(CALM):
            yield
        self.shell.deleteLater()
        yield

    # -- doing

    def press(self, words: str) -> None:
        """Press what says ``words``: an entry of an open menu, a button, a tab; in the front window first."""
        for window in reversed(self._windows()):
            for act in self._pressable(window, words):
                QTimer.singleShot(0, act)  # it may wait for an answer: the timer of the play must go on
                return
        raise LookupError(f"nothing says «{words}»")

    def _pressable(self, window: QWidget, words: str) -> Iterator[Callable[[], object]]:
        if isinstance(window, QMenu):
            yield from (_entry(window, action) for action in window.actions() if _says(action.text(), words))
        for button in (one for one in window.findChildren(QAbstractButton) if one.isVisible()):  # also scrolled away
            if _says(button.text(), words) or button.accessibleName() == words:
                yield button.click
        for bar in _seen(window, QTabBar):
            for place in range(bar.count()):
                if _says(bar.tabText(place), words):
                    yield partial(bar.setCurrentIndex, place)

    def widget(self, kind: type[W], name: str = "") -> W:
        """The widget in front of this kind whose accessible name begins with ``name``."""
        for window in reversed(self._windows()):
            for found in _seen(window, kind):
                if found.accessibleName().startswith(name):
                    return found
        raise LookupError(f"no {kind.__name__} «{name}»")

    def _windows(self) -> list[QWidget]:
        """The main window and what stands before it, backmost first."""
        seen = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()]
        return sorted(seen, key=lambda w: (w is not self.shell, not isinstance(w, QDialog), _depth(w)))

    # -- looking

    def _picture(self) -> QPixmap:
        """The screen as it stands: the main window, its dialogs and menus."""
        assert self.shell is not None
        whole = self.shell.grab()
        paint = QPainter(whole)
        for window in self._windows():
            if window is not self.shell:
                place = window.geometry().translated(-self.shell.pos())
                if isinstance(window, QDialog):
                    _title_bar(paint, place, window.windowTitle())
                paint.drawPixmap(place.topLeft(), window.grab())
        paint.end()
        return whole

    def _misfits(self) -> Iterator[str]:
        assert self.shell is not None
        for window in self._windows():
            place = window.geometry()
            if isinstance(window, QDialog):
                place = place.adjusted(0, -TITLE_BAR, 0, 0)
            if window is not self.shell and not self.shell.geometry().contains(place):
                yield f"«{window.windowTitle()}» {place.getRect()} is beyond the screen"
            said: list[QLabel | QAbstractButton] = [*_seen(window, QLabel), *_seen(window, QPushButton)]
            for widget in said:
                least = widget.minimumSizeHint().width()
                if widget.text() and least > widget.width() + 1:
                    yield f"cut, {widget.width()} of {least}: «{widget.text()[:60]}»"


# -- steps of a scene beyond pressing


def keys(text: str) -> Step:
    """Press keys where the keyboard is, such as «Ctrl+E»."""

    def act(stage: Stage) -> None:
        assert stage.shell is not None
        pressed: QKeyCombination = QKeySequence(text)[0]  # type: ignore[index]
        target = QApplication.activePopupWidget() or QApplication.focusWidget() or stage.shell
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, pressed.key(), pressed.keyboardModifiers())
            QTimer.singleShot(0, partial(QApplication.sendEvent, target, event))

    return act


def fill(name: str, text: str) -> Step:
    """Type ``text`` into the input whose accessible name begins with ``name``."""

    def act(stage: Stage) -> None:
        try:
            stage.widget(QLineEdit, name).setText(text)
        except LookupError:
            stage.widget(QPlainTextEdit, name).setPlainText(text)

    return act


def choose(name: str, words: str) -> Step:
    """Choose the entry with ``words`` in a drop-down."""

    def act(stage: Stage) -> None:
        box = stage.widget(QComboBox, name)
        place = box.findText(words, Qt.MatchFlag.MatchContains)
        if place < 0:
            raise LookupError(f"«{name}» has no «{words}»")
        box.setCurrentIndex(place)
        box.activated.emit(place)

    return act


def row(which: int | str, name: str = "", column: int = 0) -> Step:
    """Go to a row, by its number or its words, of the list or table whose accessible name begins with ``name``."""

    def act(stage: Stage) -> None:
        view = stage.widget(QAbstractItemView, name)
        rows = range(view.model().rowCount())
        number = which if isinstance(which, int) else next(r for r in rows if which in _told(view, r))
        if number not in rows:
            raise LookupError(f"no row {number} of {len(rows)}")
        view.setFocus()
        index = view.model().index(number, column)
        view.setCurrentIndex(index)
        view.scrollTo(index)

    return act


def below(words: str) -> Step:
    """Scroll until the label with ``words`` stands high in the window."""

    def act(stage: Stage) -> None:
        assert stage.shell is not None
        found = next((one for one in stage.shell.findChildren(QLabel) if _bare(one.text()) == words), None)
        areas = [one for one in stage.shell.findChildren(QScrollArea) if found and one.isAncestorOf(found)]
        if found is None or not areas:
            raise LookupError(f"nothing says «{words}»")
        areas[0].verticalScrollBar().setValue(found.mapTo(areas[0].widget(), found.rect().topLeft()).y() - 20)

    return act


def page(act: Callable[..., object], *arguments: object) -> Step:
    """Call ``act`` on the page in front: for what a person does with the mouse on something without words."""

    def step(stage: Stage) -> None:
        assert stage.shell is not None
        front = stage.shell.page
        QTimer.singleShot(0, lambda: act(front, *arguments))

    return step


# -- details


def _depth(window: QWidget) -> int:
    above = window.parentWidget()
    return 0 if above is None else 1 + _depth(above.window())


def _told(view: QAbstractItemView, number: int) -> str:
    index = view.model().index(number, 0)
    return f"{index.data(Qt.ItemDataRole.AccessibleTextRole)} {index.data(Qt.ItemDataRole.DisplayRole)}"


def _bare(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").partition("\t")[0]


def _says(text: str, words: str) -> bool:
    """Whether a text is these words, maybe with a count or with what comes next."""
    return _bare(text) == words or _bare(text).startswith((f"{words}  ", f"{words} (", f"{words}: "))


def _seen(window: QWidget, kind: type[W]) -> list[W]:
    return [w for w in window.findChildren(kind) if w.isVisible() and not w.visibleRegion().isEmpty()]


def _entry(menu: QMenu, action: QAction) -> Callable[[], object]:
    def act() -> None:
        menu.close()
        action.trigger()

    return act


def _title_bar(paint: QPainter, place: QRect, title: str) -> None:
    bar = QRect(place.left(), place.top() - TITLE_BAR, place.width(), TITLE_BAR)
    paint.fillRect(bar, QColor("#4a5563"))
    paint.setPen(QColor("white"))
    paint.drawText(bar.adjusted(10, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter, title)
    paint.setPen(QColor("#4a5563"))
    paint.drawRect(place.adjusted(-1, 0, 0, 0))


def _save(picture: QPixmap, path: Path) -> None:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    image = Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGB")
    image.quantize(COLOURS).save(path, optimize=True)

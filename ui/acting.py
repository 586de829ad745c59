"""What can be done from every page: undo and redo, the wastebasket, the history of the record in front."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui.desk import Desk, Page


class Acting(QObject):
    """Acts on the ``desk`` of a window. ``flush`` writes what waits for its timer, ``page`` gives the page in front."""

    def __init__(self, window: QWidget, flush: Callable[[], None], page: Callable[[], Page | None]) -> None:
        super().__init__(window)
        self._window = window
        self._flush = flush
        self._page = page
        self._focused: QWidget | None = None
        self.desk: Desk | None = None

    @Slot()
    def undo(self) -> None:
        """Take back the newest act."""
        self._turn(again=False)

    @Slot()
    def redo(self) -> None:
        """Do again what was undone last."""
        self._turn(again=True)

    def _turn(self, *, again: bool) -> None:
        if self.desk is None:
            return
        from peti_desktop.records import TYPES

        # A field that has the keyboard would keep what it says.
        self._focused = QApplication.focusWidget()
        if self._focused is not None:
            self._focused.clearFocus()
        self._flush()
        workspace = self.desk.workspace
        turn = workspace.redo if again else workspace.undo
        # An act may also be about who looks at a delivery.
        task = self.desk.save(turn, {*TYPES, "entrega"}, partial(self._turned, again), text="Un momento…")
        task.finished.connect(self._refocus)

    def _turned(self, again: bool, words: str) -> None:
        if self.desk is None:
            return
        notice = self.desk.notice
        if not words:
            notice.tell("No hay nada que rehacer." if again else "No hay nada que deshacer.")
        elif again:
            notice.tell(f"Se rehízo: {words}.", action="Deshacer", act=self.undo)
        else:
            notice.tell(f"Se deshizo: {words}.", action="Rehacer", act=self.redo)

    @Slot()
    def _refocus(self) -> None:
        """Give the keyboard back once the page has read again; its reading was asked for before this."""
        if self.desk is not None:
            self.desk.tasks.run(lambda _progress: None).finished.connect(self._give_back)

    @Slot()
    def _give_back(self) -> None:
        if self._focused is not None and isValid(self._focused) and QApplication.focusWidget() is None:
            self._focused.setFocus()
        self._focused = None

    @Slot()
    def open_papelera(self) -> None:
        """Show what was retired."""
        if self.desk is not None:
            from ui.papelera import Papelera

            self._flush()
            Papelera(self.desk, self._window).open()

    @Slot()
    def open_history(self) -> None:
        """Show who changed the record in front, when, and what."""
        page = self._page()
        if self.desk is not None and page is not None:
            from ui.historia import open_history

            self._flush()
            subject = page.subject()
            open_history(self.desk, [subject] if subject else [], self._window)

"""What was typed goes to disk here, and what could not be written is not forgotten."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from peti_desktop.errors import UserError
from ui.desk import Desk, Page


class Keeper(QObject):
    """Writes changes of records of one type for a page; ``saved(record)`` brings back what is stored now.

    A change that could not be written (a full disk) is told, kept, and written with the next one.
    """

    saved = Signal(object)

    def __init__(self, desk: Desk, page: Page, type_name: str, *also: str) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._type = type_name
        self._types = {type_name, *also}
        self._unwritten: dict[str, dict[str, str]] = {}

    def save(self, uid: str, raws: Mapping[str, str]) -> None:
        """Write ``raws`` (text by field name) into the record ``uid``."""
        changes = self._unwritten.pop(uid, {}) | dict(raws)
        workspace, type_name = self._desk.workspace, self._type
        self._desk.save(
            lambda _progress: workspace.put(type_name, uid, changes),
            self._types,
            self.saved.emit,
            origin=self._page,
            fails=partial(self._failed, uid, changes),
        )

    def flush(self) -> None:
        """Try again what could not be written."""
        for uid in list(self._unwritten):
            self.save(uid, {})

    def _failed(self, uid: str, changes: dict[str, str], error: UserError) -> None:
        self._unwritten[uid] = changes | self._unwritten.get(uid, {})
        self._desk.notice.tell(error.what, error.todo, tone="stops", action="Guardar otra vez", act=self.flush)

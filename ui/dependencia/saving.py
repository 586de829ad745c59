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
        self._serial = 0
        self._newest: dict[tuple[str, str], int] = {}

    def save(self, uid: str, raws: Mapping[str, str]) -> None:
        """Write ``raws`` (text by field name) into the record ``uid``."""
        changes = self._unwritten.pop(uid, {}) | dict(raws)
        self._serial += 1
        self._newest |= {(uid, name): self._serial for name in changes}
        workspace, type_name = self._desk.workspace, self._type
        self._desk.save(
            lambda _progress: workspace.put(type_name, uid, changes),
            self._types,
            self.saved.emit,
            origin=self._page,
            fails=partial(self._failed, uid, changes, self._serial),
        )

    def flush(self) -> None:
        """Try again what could not be written."""
        for uid in list(self._unwritten):
            self.save(uid, {})

    def _failed(self, uid: str, changes: dict[str, str], serial: int, error: UserError) -> None:
        # A field typed into since then is in a later write: its old text must not come after it.
        lost = {name: raw for name, raw in changes.items() if self._newest[uid, name] == serial}
        self._unwritten[uid] = self._unwritten.get(uid, {}) | lost
        self._desk.notice.tell(error.what, error.todo, tone="stops", action="Guardar otra vez", act=self.flush)

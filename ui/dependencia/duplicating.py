"""Ctrl+D: go on from a copy of what is chosen."""

from collections.abc import Callable
from typing import Final

from PySide6.QtGui import QKeySequence, QShortcut

from peti_desktop.duplicating import duplicate
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from ui.desk import Page

KEYS: Final = "Ctrl+D"


class Duplicating:
    """Lets Ctrl+D duplicate the record in force that ``chosen`` gives, then calls ``added`` with the new one."""

    def __init__(
        self, page: Page, type_name: str, chosen: Callable[[], Record | None], added: Callable[[Record], object]
    ) -> None:
        self._page = page
        self._type = type_name
        self._chosen = chosen
        self._added = added
        children = {child.name for child in TYPES.values() if child.parent and _owner(child.name) == type_name}
        self._types = {type_name, *children}
        QShortcut(QKeySequence(KEYS), page).activated.connect(self.go)

    def go(self) -> None:
        """Duplicate what is chosen."""
        record = self._chosen()
        if record is None or record.retired is not None:
            return
        page, workspace, uid = self._page, self._page.desk.workspace, record.uid
        page.flush()
        page.desk.save(
            lambda _progress: duplicate(workspace, self._type, [uid])[0], self._types, self._told, origin=page
        )

    def _told(self, made: Record) -> None:
        self._added(made)
        self._page.reload()  # a risk came with its controls
        self._page.desk.notice.tell("Esta es la copia: cambie lo que sea distinto.", tone="fine")


def _owner(child: str) -> str:
    return TYPES[child][TYPES[child].parent].links

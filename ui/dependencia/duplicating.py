"""Ctrl+D: go on from a copy of what is chosen."""

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut

from peti_desktop.duplicating import duplicate
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from ui.desk import Page

KEYS = "Ctrl+D"


def offer(page: Page, type_name: str, chosen: Callable[[], Record | None], added: Callable[[Record], object]) -> None:
    """Let Ctrl+D duplicate the record in force that ``chosen`` gives, then call ``added`` with the new one."""
    workspace = page.desk.workspace
    types = {type_name, *(child.name for child in TYPES.values() if child.parent and _owner(child.name) == type_name)}

    def go() -> None:
        record = chosen()
        if record is None or record.retired is not None:
            return
        page.flush()
        uid = record.uid
        page.desk.save(lambda _progress: duplicate(workspace, type_name, [uid])[0], types, told, origin=page)

    def told(made: Record) -> None:
        added(made)
        page.reload()  # a risk came with its controls
        page.desk.notice.tell("Esta es la copia: cambie lo que sea distinto.", tone="fine")

    QShortcut(QKeySequence(KEYS), page).activated.connect(go)


def _owner(child: str) -> str:
    return TYPES[child][TYPES[child].parent].links

"""What was typed goes to disk here, and what could not be written is not forgotten."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from peti_desktop.colleagues import LostUpdateError
from peti_desktop.errors import UserError
from peti_desktop.records.record import Record
from ui.desk import Desk, Page

SHOWN = 120
"""So many characters of a text that was refused are quoted."""
UNEXPECTED = UserError("Algo falló y lo que escribió no se guardó.", "Sigue en pantalla; guárdelo otra vez.")


class Keeper(QObject):
    """Writes changes of records of one type for a page; ``saved(record)`` brings back what is stored now.

    A change that could not be written (a full disk, a mistake of ours) is told, kept, and tried again with the next
    one, each field by itself so that one bad field holds nothing up; ``held(uid)`` says so.

    ``in_view(uid)`` gives the record as the person sees it: on a server, what somebody else changed since is not
    overwritten. Then the page reads again, and what was typed is quoted.
    """

    saved = Signal(object)
    held = Signal(str)

    def __init__(
        self, desk: Desk, page: Page, type_name: str, *also: str, in_view: Callable[[str], Record | None]
    ) -> None:
        super().__init__(page)
        self._in_view = in_view
        self._desk = desk
        self._page = page
        self._type = type_name
        self._types = {type_name, *also}
        self._unwritten: dict[str, dict[str, str]] = {}
        self._serial = 0
        self._newest: dict[tuple[str, str], int] = {}

    def save(self, uid: str, raws: Mapping[str, str]) -> None:
        """Write ``raws`` (text by field name) into the record ``uid``."""
        for name, raw in self._unwritten.pop(uid, {}).items():
            if name not in raws:
                self._write(uid, {name: raw})
        if raws:
            self._write(uid, dict(raws))
        self._desk.owe(self, bool(self._unwritten))

    def flush(self) -> None:
        """Try again what could not be written."""
        for uid in list(self._unwritten):
            self.save(uid, {})

    def kept(self, record: Record) -> Record:
        """``record`` with the texts that could not be written as drafts: what its person sees."""
        waiting = self._unwritten.get(record.uid)
        return replace(record, drafts={**record.drafts, **waiting}) if waiting else record

    def _write(self, uid: str, changes: dict[str, str]) -> None:
        self._serial += 1
        self._newest |= {(uid, name): self._serial for name in changes}
        workspace, type_name = self._desk.workspace, self._type
        viewed = self._in_view(uid)
        seen = viewed.revision if viewed is not None else None
        task = self._desk.save(
            lambda _progress: workspace.put(type_name, uid, changes, seen=seen),
            self._types,
            self.saved.emit,
            origin=self._page,
            fails=lambda _error: None,  # told below, as whatever else may fail
        )
        task.failed.connect(partial(self._failed, uid, changes, self._serial))

    def _failed(self, uid: str, changes: dict[str, str], serial: int, error: object) -> None:
        if isinstance(error, LostUpdateError):
            texts = ", ".join(f"«{_short(raw)}»" for raw in changes.values())
            self._desk.notice.tell(error.what, f"{error.todo} Usted había escrito: {texts}.", tone="stops")
            self._page.reload()
            return
        # A field typed into since then is in a later write: its old text must not come after it.
        lost = {name: raw for name, raw in changes.items() if self._newest[uid, name] == serial}
        if lost:
            self._unwritten[uid] = self._unwritten.get(uid, {}) | lost
            self._desk.owe(self, True)
            self.held.emit(uid)
        told = error if isinstance(error, UserError) else UNEXPECTED
        self._desk.notice.tell(told.what, told.todo, tone="stops", action="Guardar otra vez", act=self.flush)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"

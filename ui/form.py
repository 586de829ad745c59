"""The form of a plain record, made from its description: sections as cards, two columns, saved while typing.

    form = Form(EQUIPO, catalogues, save)     # save(uid, {field: raw}) is called 0.4 to 0.8 s after a keystroke
    form.show_record(record, problems)        # another record, or the same one read again
    form.flush()                              # write now what waits (focus, page and window do it on their way)

Windows made by hand use ``Autosave`` with their own editors.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.checks import UNREAD
from peti_desktop.records.fields import Problem, RecordType, Value, Values
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import card
from ui.editors import Editor, wide
from ui.inputs import Links

Save = Callable[[str, Mapping[str, str]], object]
"""``save(uid, {field name: raw text})``; called on the window's thread, so it hands the work to ``desk.save``."""

PAUSE_MS: Final = 400
LONGEST_S: Final = 0.8
"""What is typed is written after a pause, and at the latest after this long: on disk within a second."""
NARROW: Final = 460
"""Below this width a form has one column."""


class Autosave(QObject):
    """Collects what was typed into one record and hands it on. ``tie(editor)`` for each editor, then ``set_uid``."""

    def __init__(self, save: Save, keeper: QObject | None = None) -> None:
        super().__init__(keeper)
        self._save = save
        self._uid = ""
        self._changes: dict[str, str] = {}
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)

    def tie(self, editor: Editor) -> None:
        """Save what is typed into ``editor``."""
        editor.edited.connect(partial(self.edited, editor.field.name))
        editor.left.connect(self.flush)

    def set_uid(self, uid: str) -> None:
        """Work on another record from now on; what waits for the old one is written first."""
        if uid != self._uid:
            self.flush()
            self._uid = uid

    @property
    def waiting(self) -> frozenset[str]:
        """Fields that were typed into and not written yet."""
        return frozenset(self._changes)

    def edited(self, name: str, raw: str) -> None:
        """Somebody typed ``raw`` into the field ``name``."""
        now = time.monotonic()
        if not self._changes:
            self._since = now
        self._changes[name] = raw
        left = LONGEST_S - (now - self._since)
        self._timer.start(max(0, min(PAUSE_MS, int(left * 1000))))

    def flush(self) -> None:
        """Write now."""
        self._timer.stop()
        if self._changes and self._uid:
            changes, self._changes = self._changes, {}
            try:
                self._save(self._uid, changes)
            except BaseException:
                self._changes = changes | self._changes
                raise


class Form(QScrollArea):
    """All fields of a record type."""

    def __init__(
        self,
        record_type: RecordType,
        catalogues: Catalogues,
        save: Save,
        *,
        links: Mapping[str, Links] | None = None,
        columns: int = 2,
    ) -> None:
        super().__init__()
        self.record_type = record_type
        self.autosave = Autosave(save, self)
        self.editors: dict[str, Editor] = {}
        self._uid = ""
        self._columns = columns
        self._most = columns
        self._grids: list[tuple[QGridLayout, list[Editor]]] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        inside.setProperty("role", "scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, theme.SMALL, 0)
        column.setSpacing(theme.MEDIUM)
        for section in record_type.sections:
            frame, rows = card(section.title)
            made = [Editor(field, catalogues, links=(links or {}).get(field.name)) for field in section.fields]
            rows.addLayout(self._grid(made))
            column.addWidget(frame)
        column.addStretch()
        self.setWidget(inside)

    def _grid(self, editors: list[Editor]) -> QGridLayout:
        for editor in editors:
            self.editors[editor.field.name] = editor
            self.autosave.tie(editor)
        grid = two_columns(editors, self._columns)
        self._grids.append((grid, editors))
        return grid

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = self._most if event.size().width() >= NARROW else 1
        if columns != self._columns:
            self._columns = columns
            for grid, editors in self._grids:
                place(grid, editors, columns)

    def show_record(self, record: Record, problems: Sequence[Problem] = ()) -> None:
        """Show ``record``. Fields that wait to be written, or are being typed into, keep what is in them."""
        same = record.uid == self._uid
        self.autosave.set_uid(record.uid)
        self._uid = record.uid
        fill(self.editors, record, self.autosave.waiting if same else frozenset(), same=same)
        self.set_problems(problems)

    def set_problems(self, problems: Sequence[Problem]) -> None:
        """Show every problem beside its field."""
        tell(self.editors, problems)

    def go_to(self, name: str) -> None:
        """Put the cursor into the field ``name`` and bring it into view."""
        editor = self.editors[name]
        self.ensureWidgetVisible(editor)
        editor.setFocus()

    def flush(self) -> None:
        """Write now what waits."""
        self.autosave.flush()

    def hideEvent(self, event: QHideEvent) -> None:
        self.flush()
        super().hideEvent(event)


def two_columns(editors: Iterable[Editor], columns: int = 2) -> QGridLayout:
    """Editors in columns; notes and long lists take the whole width."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.LARGE)
    grid.setVerticalSpacing(theme.MEDIUM)
    place(grid, editors, columns)
    return grid


def place(grid: QGridLayout, editors: Iterable[Editor], columns: int) -> None:
    """Put editors into a grid, or move those that are in it already."""
    while grid.takeAt(0) is not None:
        pass
    for side in range(max(columns, grid.columnCount())):
        grid.setColumnStretch(side, 1 if side < columns else 0)
    row = side = 0
    for editor in editors:
        span = columns if wide(editor.field) else 1
        if side + span > columns:
            row, side = row + 1, 0
        grid.addWidget(editor, row, side, 1, span)
        side += span


def fill(editors: Mapping[str, Editor], record: Record, waiting: frozenset[str], *, same: bool) -> None:
    """Show ``record`` in editors by field name; with ``same`` record, what is being typed or ``waiting`` stays."""
    for name, editor in editors.items():
        if name in waiting or (same and editor.busy and not editor.field.computed):
            continue
        if name in record.drafts:
            editor.set_draft(record.drafts[name])
        else:
            editor.set(record.values.get(name))


def written(editors: Mapping[str, Editor], stored: Values) -> tuple[dict[str, Value], list[Problem]]:
    """The values the store would hold now, and the fields whose text is none: there the ``stored`` one goes on."""
    values, unread = dict(stored), []
    for name, editor in editors.items():
        value, wrong = editor.understood()
        if wrong and editor.shows(stored.get(name)):
            continue
        if wrong:
            unread.append(UNREAD.at(name, f"{editor.field.label}: {wrong}"))
        else:
            values[name] = value
    return values, unread


def joined(unread: Sequence[Problem], found: Iterable[Problem]) -> tuple[Problem, ...]:
    """What is wrong with a record that is being written: no field lacks a value because its text is none."""
    names = {problem.field for problem in unread}
    return (*unread, *(problem for problem in found if not (problem.missing and problem.field in names)))


def tell(editors: Mapping[str, Editor], problems: Sequence[Problem]) -> None:
    """Show every problem beside its field; the editors tell by themselves what they cannot read, not while typing."""
    for name, editor in editors.items():
        editor.set_problems([p for p in problems if p.field == name and p.code != UNREAD.code])

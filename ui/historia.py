"""The history of one record: who changed what, when, from what to what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.moments import spoken_moment
from peti_desktop.records import EVERY
from peti_desktop.records.convert import show
from peti_desktop.records.record import from_stored_text, headline
from ui import theme
from ui.chips import button, label
from ui.desk import Desk, Subject

if TYPE_CHECKING:
    from peti_desktop.workspace import Change, Workspace

HEADINGS: Final = ("Cuándo", "Quién", "Qué", "Antes", "Después")
WHOLE: Final = {
    "crear": "Se creó",
    "retirar": "Se retiró",
    "restaurar": "Se recuperó",
    "deshacer": "Se deshizo",
    "rehacer": "Se rehízo",
    "resolver duda": "Se resolvió una duda",
    "levantar corrección": "Se levantó la corrección",
    "confirmar corrección": "Se mantuvo la corrección",
}
PART: Final = {"deshacer": " (al deshacer)", "rehacer": " (al rehacer)", "borrador": " (lo escrito no se entendía)"}
MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One change in words."""

    when: str
    who: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a record in words, the newest first; ``more`` older ones are not listed."""

    title: str
    lines: tuple[Line, ...]
    more: int


def read_history(workspace: "Workspace", subject: Subject) -> History:
    """The history of a record and of those that belong to it (a risk's controls)."""
    record_type = EVERY[subject.type]
    record = workspace.record(subject.type, subject.uid)
    about = [(subject.type, "", workspace.history(subject.uid))]
    for name, child in EVERY.items():
        if child.parent and child[child.parent].links == subject.type:
            for number, one in enumerate(workspace.records(name, retired=None, equal={child.parent: subject.uid}), 1):
                about.append((name, f"{child.singular} {number}: ", workspace.history(one.uid)))
    links = {
        uid: words
        for target in {field.links for field in record_type.fields if field.links}
        for uid, words in workspace.links(target).items()
    }
    if subject.type == "iniciativa":
        links |= _gathered(workspace, about[0][2])
    found = [
        (change, line)
        for name, prefix, changes in about
        for change in changes
        if (line := _line(name, prefix, change, workspace.catalogues, links)) is not None
    ]
    # A stable sort keeps what happened at one moment in the order it was written down.
    found.sort(key=lambda said: said[0].when)
    lines = tuple(line for _change, line in reversed(found))
    words = headline(record_type, record.values, workspace.catalogues)
    return History(f"{record_type.singular}: {words}", lines[:MOST], max(0, len(lines) - MOST))


def _gathered(workspace: "Workspace", changes: Sequence["Change"]) -> dict[str, str]:
    """The words of every record that an initiative ever gathered, by uid."""
    found: dict[str, str] = {}
    for change in changes:
        kind = change.after or change.before
        if change.field in EVERY["iniciativa"].by_name or not change.field or kind not in EVERY:
            continue
        record_type = EVERY[kind]
        words = headline(record_type, workspace.record(kind, change.field).values, workspace.catalogues)
        found[change.field] = f"{record_type.singular}: {words}"
    return found


def _line(
    type_name: str, prefix: str, change: "Change", catalogues: Catalogues, links: Mapping[str, str]
) -> Line | None:
    when, who = spoken_moment(change.when), change.who
    if not change.field:
        what = WHOLE.get(change.action, change.action)
        return Line(when, who, prefix + what, _reason(change.before), _reason(change.after))
    field = EVERY[type_name].by_name.get(change.field)
    if field is None and type_name == "iniciativa" and (words := links.get(change.field)):
        return Line(
            when,
            who,
            "Reúne" + PART.get(change.action, ""),
            words if change.before else "",
            words if change.after else "",
        )
    if field is None or field.name == EVERY[type_name].parent:
        return None  # a field of an older version of the program, or to whom it belongs, which is plain here
    what = prefix + field.label + PART.get(change.action, "")
    if change.action == "borrador":
        return Line(when, who, what, change.before or "", change.after or "")
    before, after = (
        show(field, from_stored_text(field, text), catalogues, links) for text in (change.before, change.after)
    )
    return Line(when, who, what, before, after)


def _reason(text: str | None) -> str:
    return f"Retirado: {text}" if text else ""


class HistoryDialog(QDialog):
    """Shows a ``History``."""

    def __init__(self, history: History, over: QWidget) -> None:
        super().__init__(over)
        self.setWindowTitle("Historia")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.table = QTableWidget(len(history.lines), len(HEADINGS))
        self.table.setAccessibleName(f"Historia de {history.title}")
        self.table.setHorizontalHeaderLabels(HEADINGS)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW)
        for row, line in enumerate(history.lines):
            for place, text in enumerate(_cells(line)):
                item = QTableWidgetItem(" ".join(text.split()))
                item.setToolTip(text)
                self.table.setItem(row, place, item)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        letter = self.fontMetrics().averageCharWidth()
        for place, letters in enumerate((21, 20, 24, 20)):
            self.table.setColumnWidth(place, letters * letter + 20)
        header.setSectionResizeMode(len(HEADINGS) - 1, QHeaderView.ResizeMode.Stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addWidget(label(history.title, "heading", wraps=True))
        column.addWidget(self.table, 1)
        if history.more:
            column.addWidget(label(_older(history.more), "small"))
        row_of_buttons = QHBoxLayout()
        row_of_buttons.addStretch()
        close = button("Cerrar", self.reject, role="primary")
        row_of_buttons.addWidget(close)
        column.addLayout(row_of_buttons)
        free = over.screen().availableGeometry().size()
        self.resize(min(860, free.width() - 40), min(460, free.height() - 60))
        self.table.setFocus()


def _older(count: int) -> str:
    return "Hay 1 cambio más antiguo." if count == 1 else f"Hay {count:,} cambios más antiguos.".replace(",", ".")


def _cells(line: Line) -> Sequence[str]:
    return (line.when, line.who, line.what, line.before, line.after)


def open_history(desk: Desk, subjects: Iterable[Subject], over: QWidget) -> None:
    """Read the history of the first of ``subjects`` and show it over ``over``; say so when there is none."""
    subject = next(iter(subjects), None)
    if subject is None:
        desk.notice.tell("Elija primero un registro: la historia es la de uno.")
        return
    workspace = desk.workspace
    desk.run(lambda _progress: read_history(workspace, subject), lambda found: HistoryDialog(found, over).open())

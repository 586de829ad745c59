"""The wastebasket: everything that was retired, by whom and why, and the way back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.moments import day_of
from peti_desktop.progress import Progress
from peti_desktop.records import EVERY
from peti_desktop.records.fields import Field, Kind, RecordType, Section
from peti_desktop.records.record import Record, headline
from ui import theme
from ui.chips import Empty, button, label
from ui.desk import Desk, Subject
from ui.grid import GridPanel, RecordModel

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

RETIRED: Final = RecordType(
    name="papelera",
    singular="Retirado",
    title="Retirados",
    headline=("registro",),
    sections=(
        Section(
            "Retirados",
            (
                Field("tipo", "Qué es", width=11),
                Field("registro", "Registro", width=34),
                Field("motivo", "Motivo", width=22),
                Field("cuando", "Retirado el", Kind.DATE, width=12),
                Field("quien", "Por quién", width=18),
            ),
        ),
    ),
)


def read_retired(workspace: "Workspace") -> list[Record]:
    """Every retired record, the newest first, told by the fields of ``RETIRED``."""
    found = [
        (record, record_type) for name, record_type in EVERY.items() for record in workspace.records(name, retired=True)
    ]
    found.sort(key=lambda pair: pair[0].changed_at, reverse=True)
    return [
        replace(
            record,
            values={
                "tipo": record_type.singular,
                "registro": headline(record_type, record.values, workspace.catalogues) or "(sin datos)",
                "motivo": record.retired,
                "cuando": day_of(record.changed_at),
                "quien": record.changed_by,
            },
            drafts={},
        )
        for record, record_type in found
    ]


def restore(workspace: "Workspace", chosen: Sequence[Record], progress: Progress) -> int:
    """Put records back in force in one act, a risk with the controls that went with it; gives how many."""
    from peti_desktop.editing import RESTORE

    by_type: dict[str, dict[str, str | None]] = {}
    for record in chosen:
        by_type.setdefault(record.type, {})[record.uid] = None
        for name, child in EVERY.items():
            if child.parent and child[child.parent].links == record.type:
                own = workspace.records(name, retired=True, equal={child.parent: record.uid})
                together = {one.uid: None for one in own if one.retired == record.retired}
                by_type.setdefault(name, {}).update(together)
    count = sum(len(uids) for uids in by_type.values())
    one = EVERY[chosen[0].type].singular.lower()
    with workspace.act(f"recuperar {one if count == 1 else f'{count} registros'}") as act:
        for done, (name, uids) in enumerate(by_type.items()):
            progress(done, len(by_type), "Recuperando")
            act.set_retired(name, uids, RESTORE)
    return count


class Papelera(QDialog):
    """Choose what comes back."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        from peti_desktop.editing import UNDONE

        self._undone = UNDONE
        self._desk = desk
        self._all: list[Record] = []
        self.setWindowTitle("Papelera")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        model = RecordModel(RETIRED, desk.workspace.catalogues, editable=False)
        self.panel = GridPanel(
            model, whole_rows=True, empty=Empty("No hay nada en la papelera", "Lo que se retira queda aquí.")
        )
        self.also = QCheckBox("También lo que se deshizo")
        self.also.toggled.connect(self._show)
        self.panel.bar.addWidget(self.also)
        self.back = button("Recuperar", self.restore, role="primary")
        self.history = button("Historia", self._history)
        self.panel.grid.selectionModel().selectionChanged.connect(self._chosen)
        self.panel.grid.opened.connect(lambda _record: self.restore())
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addWidget(label("Papelera", "title"))
        column.addWidget(label("Nada se borra: lo retirado se puede recuperar cuando haga falta.", "muted", wraps=True))
        column.addWidget(self.panel, 1)
        row = QHBoxLayout()
        row.addWidget(self.history)
        row.addStretch()
        row.addWidget(button("Cerrar", self.reject))
        row.addWidget(self.back)
        column.addLayout(row)
        free = over.screen().availableGeometry().size()
        self.resize(min(900, free.width() - 40), min(500, free.height() - 60))
        self._chosen()
        self.reload()

    def reload(self) -> None:
        """Read again what was retired."""
        workspace = self._desk.workspace
        self._desk.run(lambda _progress: read_retired(workspace), self._fill)

    def _fill(self, found: list[Record]) -> None:
        self._all = found
        self._show()

    def _show(self) -> None:
        undone = self.also.isChecked()
        self.panel.model.set_records([record for record in self._all if undone or record.retired != self._undone])
        if self.panel.model.records:
            self.panel.grid.setCurrentIndex(self.panel.model.index(0, 0))
            self.panel.grid.setFocus()
        self._chosen()

    def _chosen(self) -> None:
        count = len(self.panel.grid.selected_rows())
        self.back.setText("Recuperar" if count < 2 else f"Recuperar {count}")
        self.back.setEnabled(count > 0)
        self.history.setEnabled(count > 0)

    def restore(self) -> None:
        """Put what is chosen back in force."""
        chosen = self.panel.grid.selected_records()
        if chosen:
            workspace = self._desk.workspace
            self._desk.save(lambda progress: restore(workspace, chosen, progress), EVERY, self._restored)

    def _restored(self, count: int) -> None:
        self.reload()
        what = "Se recuperó 1 registro." if count == 1 else f"Se recuperaron {count} registros."
        self._desk.notice.tell(what, tone="fine", action="Deshacer", act=self._desk.undo)

    def _history(self) -> None:
        from ui.historia import open_history

        found = [Subject(record.type, record.uid) for record in self.panel.grid.selected_records()]
        open_history(self._desk, found, self)

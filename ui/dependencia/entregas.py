"""The deliveries this dependencia has made: each can be read again exactly as it went out."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.moments import spoken_moment
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.fields import Field, Kind, Value
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.celdas import line, listed
from ui.dependencia.lectura import Lectura, print_acta, save_copy
from ui.desk import Desk
from ui.grid import GridPanel, RecordModel
from ui.messages import Notice
from ui.papers import PaperBox

if TYPE_CHECKING:
    from peti_desktop.delivery.made import Made
    from peti_desktop.progress import Progress
    from peti_desktop.replies import Reply
    from peti_desktop.rereading import Reread

DELIVERIES: Final = listed(
    "entregas",
    "Entrega",
    "Entregas",
    (
        Field("numero", "N.º", Kind.INTEGER, width=5),
        Field("vigencia", "Vigencia", width=9),
        Field("cuando", "Entregada", width=18),
        Field("firmante", "Firmó", width=15),
        Field("codigo", "Código", width=11),
        Field("dicho", "La Oficina TIC", width=24),
        Field("registros", "Contiene", width=24),
    ),
)


class EntregasDialog(QDialog):
    """The list, the newest first; Enter opens one."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over)
        self.setWindowTitle("Entregas hechas")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._made: dict[str, Made] = {}
        self.notice = Notice()
        model = RecordModel(DELIVERIES, desk.workspace.catalogues, editable=False)
        self.panel = GridPanel(
            model,
            whole_rows=True,
            empty=Empty("Todavía no ha hecho entregas", "Cada una queda aquí, tal como salió.", icon="entregar"),
        )
        self.panel.bar.addWidget(button("Abrir un archi&vo de entrega…", self.open_file, icon="carpeta"))
        self.panel.grid.opened.connect(lambda _record: self.open_chosen())
        self.panel.grid.selectionModel().selectionChanged.connect(self._chosen)
        self.copy = button("&Guardar una copia…", partial(self._with_chosen, save_copy))
        self.acta = button("&Imprimir el acta…", self._print, icon="imprimir")
        self.paper = PaperBox()
        self.read = button("&Abrir", self.open_chosen, role="primary")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addWidget(label("Entregas hechas", "title"))
        column.addWidget(
            label(
                "Cada entrega queda guardada aquí byte por byte: se relee como salió, aunque los registros cambien.",
                "muted",
                wraps=True,
            )
        )
        column.addWidget(self.notice)
        column.addWidget(self.panel, 1)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.acta)
        row.addWidget(self.paper)
        row.addStretch()
        row.addWidget(button("&Cerrar", self.reject))
        row.addWidget(self.read)
        column.addLayout(row)
        free = over.screen().availableGeometry().size()
        self.resize(min(1160, free.width() - 40), min(500, free.height() - 60))
        self._chosen()
        self.reload()

    def reload(self) -> None:
        """Read the list again."""
        workspace = self._desk.workspace

        def work(_progress: "Progress") -> "tuple[tuple[Made, ...], dict[str, Reply]]":
            from peti_desktop.delivery.made import made
            from peti_desktop.replies import replies

            return made(workspace, every=True), replies(workspace)

        self._desk.run(work, self._fill, fails=self.notice.error)

    def _fill(self, found: "tuple[tuple[Made, ...], dict[str, Reply]]") -> None:
        made, replies = found
        self._made = {one.sha256: one for one in made}
        self.panel.model.set_records([_line(one, replies.get(one.sha256)) for one in reversed(made)])
        if made:
            self.panel.grid.setCurrentIndex(self.panel.model.index(0, 0))
            self.panel.grid.setFocus()
        self._chosen()

    def _chosen(self) -> None:
        one = self.chosen
        for each in (self.copy, self.acta, self.paper, self.read):
            each.setEnabled(one is not None)

    @property
    def chosen(self) -> "Made | None":
        """The delivery the cursor is on."""
        record = self.panel.grid.current_record()
        return self._made.get(record.uid) if isinstance(record, Record) else None

    def open_chosen(self) -> None:
        """Read the chosen delivery again and show it."""
        self._read_chosen(self._show)

    def _print(self) -> None:
        self._with_chosen(partial(print_acta, paper=self.paper.paper))

    def _with_chosen(self, act: "Callable[[Desk, Reread, Notice], None]") -> None:
        self._read_chosen(lambda reread: self._readable(reread, act))

    def _readable(self, reread: "Reread", act: "Callable[[Desk, Reread, Notice], None]") -> None:
        if reread.delivery is None:
            self.notice.tell(reread.verdict.words + ".", " ".join(reread.verdict.sentences), tone="stops")
        else:
            act(self._desk, reread, self.notice)

    def _read_chosen(self, then: "Callable[[Reread], object]") -> None:
        one, workspace = self.chosen, self._desk.workspace
        if one is None:
            return

        def work(_progress: "Progress") -> "Reread":
            from peti_desktop import rereading

            return rereading.of_made(workspace, one)

        self.notice.clear()
        self._desk.run(work, then, fails=self.notice.error, text="Comprobando la entrega…")

    def open_file(self) -> None:
        """Let the person choose a delivery from elsewhere, and show it with its verdict."""
        path = self._desk.messages.open_file("Abrir un archivo de entrega", "Excel (*.xlsx)")
        if path is None:
            return
        self.notice.clear()
        self._desk.run(_reading(self._desk, path), self._show, fails=self.notice.error, text="Comprobando el archivo…")

    def _show(self, reread: "Reread") -> None:
        Lectura(self._desk, reread, tuple(self._made.values()), self).open()


def _line(one: "Made", reply: "Reply | None") -> Record:
    values: dict[str, Value] = {
        "numero": one.number,
        "vigencia": str(one.vigencia),
        "cuando": spoken_moment(one.made_at),
        "firmante": one.signer,
        "codigo": one.code,
        "dicho": (reply.words if reply else "") or "sin respuesta todavía",
        "registros": counted(one.counts),
    }
    return line(DELIVERIES.name, one.sha256, values)


def counted(counts: dict[str, int]) -> str:
    """«14 riesgos · 37 equipos», with what there is none of left out."""
    parts = []
    for name, record_type in TYPES.items():
        many = counts.get(name, 0)
        if many:
            word = record_type.singular if many == 1 else record_type.title
            parts.append(f"{decimal_text(many)} {word.lower()}")
    return " · ".join(parts) or "sin registros"


def _reading(desk: Desk, path: Path) -> "Callable[[Progress], Reread]":
    workspace = desk.workspace

    def work(_progress: "Progress") -> "Reread":
        from peti_desktop import rereading

        return rereading.of_file(workspace, path)

    return work


def read_file(desk: Desk, path: Path, over: QWidget) -> None:
    """Show a delivery from elsewhere with its verdict."""
    desk.run(_reading(desk, path), lambda reread: Lectura(desk, reread, (), over).open())


def open_deliveries(desk: Desk, over: QWidget) -> None:
    """Show the deliveries that were made."""
    EntregasDialog(desk, over).open()

"""A delivery as its own bytes tell it: what the check said, a table per record type, and what changed."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.fields import Field, Kind, RecordType, Section, Value
from peti_desktop.records.record import Record
from peti_desktop.reports.page import CARTA, Paper
from ui import theme
from ui.chips import Empty, StateChip, button, label
from ui.dependencia.cambios import Cambios
from ui.dependencia.celdas import ReadTable, line, listed
from ui.desk import Desk
from ui.messages import Notice
from ui.outside import show_outside
from ui.papers import PaperBox

if TYPE_CHECKING:
    from peti_desktop.delivery.answers import Answer
    from peti_desktop.delivery.made import Made
    from peti_desktop.progress import Progress
    from peti_desktop.rereading import Reread

WIDE, HIGH = 1180, 680
ROW: Final = Field("fila_excel", "Fila", Kind.INTEGER, computed=True, width=6, hint="La fila de la hoja de Excel.")
RETIRED: Final = Field("motivo_retiro", "Retirado", computed=True, width=14, hint="Por qué se retiró.")

ANSWERS: Final = listed(
    "respuestas",
    "Respuesta",
    "Respuestas",
    (
        Field("titular", "Registro", width=24),
        Field("campo", "Campo", width=16),
        Field("pedido", "Lo que pidió la Oficina TIC", width=32),
        Field("respuesta", "Respuesta", width=14),
        Field("razon", "Razón", width=30),
    ),
)


def described(record_type: RecordType) -> RecordType:
    """A record type with the row in its sheet before it, and after it why it was retired."""
    sections = (Section("Hoja", (ROW,)), *record_type.sections, Section("Retiro", (RETIRED,)))
    return replace(record_type, sections=sections)


def fitted(dialog: QDialog, over: QWidget) -> None:
    """Give ``dialog`` the room it likes, as far as the screen has it."""
    free = over.screen().availableGeometry().size()
    dialog.resize(min(WIDE, free.width() - 30), min(HIGH, free.height() - 60))


class Lectura(QDialog):
    """Shows a ``Reread``. ``others`` are the deliveries it can be compared with."""

    def __init__(self, desk: Desk, reread: "Reread", others: "tuple[Made, ...]", over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self.reread = desk, reread
        cover = reread.envelope
        title = f"Entrega n.º {cover.number} · vigencia {cover.vigencia}" if cover else reread.name
        self.setWindowTitle(title)
        self.notice = Notice()
        self.verdict = StateChip(reread.verdict.words, reread.verdict.tone)
        self.sentences = label(" ".join(reread.verdict.sentences), "muted", wraps=True)
        self.facts = label(_facts(reread), "small", wraps=True)
        self.facts.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.facts.setToolTip(f"SHA-256 del archivo: {reread.sha256}")
        self.facts.setAccessibleName(f"{self.facts.text()}  ·  SHA-256 {reread.sha256}")
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("Qué registros")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(True)
        self.stack = QStackedWidget()
        self._makers: list[Callable[[], QWidget]] = []
        head = QHBoxLayout()
        head.addWidget(label(title, "title"), 1)
        head.addWidget(self.verdict)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addLayout(head)
        column.addWidget(self.sentences)
        column.addWidget(self.facts)
        column.addWidget(self.notice)
        column.addWidget(self.tabs)
        column.addWidget(self.stack, 1)
        column.addLayout(self._foot())
        self._fill(others)
        fitted(self, over)

    def _foot(self) -> QHBoxLayout:
        self.copy = button("&Guardar una copia del archivo…", partial(save_copy, self._desk, self.reread, self.notice))
        self.paper = PaperBox()
        self.acta = button("&Imprimir el acta otra vez…", self._print, icon="imprimir")
        readable = self.reread.delivery is not None
        self.copy.setEnabled(readable)
        self.acta.setEnabled(readable)
        self.paper.setEnabled(readable)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.acta)
        row.addWidget(self.paper)
        row.addStretch()
        row.addWidget(button("&Cerrar", self.reject, role="primary"))
        return row

    def _print(self) -> None:
        print_acta(self._desk, self.reread, self.notice, self.paper.paper)

    def _fill(self, others: "tuple[Made, ...]") -> None:
        records = self.reread.records
        if records is None:
            self.tabs.hide()
            self.stack.addWidget(Empty("Esta entrega no se puede mostrar", "Arriba está la razón."))
            return
        for name, record_type in TYPES.items():
            if found := records.get(name):
                self._add(f"{record_type.title}  {decimal_text(len(found))}", partial(self._table, name))
        assert self.reread.delivery is not None
        if answers := self.reread.delivery.answers:
            self._add(f"Respuestas  {decimal_text(len(answers))}", self._answers)
        self._add("¿Qué cambió?", lambda: Cambios(self._desk, self.reread, others, self.notice))
        self.tabs.currentChanged.connect(self.turn)
        self.turn(0)
        self.tabs.setFocus()

    def _add(self, text: str, make: Callable[[], QWidget]) -> None:
        self.tabs.addTab(text)
        self._makers.append(make)
        self.stack.addWidget(QWidget())

    def turn(self, place: int) -> None:
        """Show a tab; what it shows is made the first time."""
        shown = self.stack.widget(place)
        if shown is not None and type(shown) is QWidget:
            self.stack.removeWidget(shown)
            shown.deleteLater()
            self.stack.insertWidget(place, self._makers[place]())
        self.stack.setCurrentIndex(place)

    def _table(self, name: str) -> ReadTable:
        reread = self.reread
        assert reread.records is not None and reread.delivery is not None
        record_type = described(TYPES[name])
        columns = [field.name for field in record_type.fields]
        made = ReadTable(record_type, reread.catalogues, columns=columns, links=reread.links)
        rows = [row.row for row in reread.delivery.records[name]]
        made.fill([_with_row(record, row) for record, row in zip(reread.records[name], rows, strict=True)])
        return made

    def _answers(self) -> ReadTable:
        assert self.reread.delivery is not None
        made = ReadTable(ANSWERS, self.reread.catalogues)
        made.fill([_answer(one) for one in self.reread.delivery.answers])
        return made


def _answer(one: "Answer") -> Record:
    from peti_desktop.delivery.answers import SHOWN

    told: dict[str, Value] = {
        "titular": one.titular,
        "campo": one.campo,
        "pedido": one.pedido,
        "respuesta": SHOWN[one.respuesta],
        "razon": one.razon,
    }
    return line(ANSWERS.name, one.uid, told)


def _with_row(record: Record, row: int) -> Record:
    return replace(record, values=record.values | {ROW.name: row, RETIRED.name: record.retired})


def _facts(reread: "Reread") -> str:
    cover = reread.envelope
    said = [f"Código {cover.code}"] if cover else []
    if reread.fingerprint:
        said.append(f"Huella de la clave {reread.fingerprint}")
    return "  ·  ".join([*said, f"Archivo {reread.name}"])


def save_copy(desk: Desk, reread: "Reread", notice: Notice) -> None:
    """Let the person choose where the very bytes of the delivery go."""
    from peti_desktop import rereading

    path = desk.messages.save_file("Guardar una copia de la entrega", Path(reread.name), "Excel (*.xlsx)")
    if path is None:
        return

    def told(_none: None) -> None:
        notice.tell(f"La copia quedó en {path}", f"Es igual byte por byte. SHA-256: {reread.sha256}", tone="fine")

    desk.run(lambda _progress: rereading.save_copy(reread, path), told, fails=notice.error, store=False)


def print_acta(desk: Desk, reread: "Reread", notice: Notice, paper: Paper = CARTA) -> None:
    """Write the acta of a delivery once more, as it was, and open it for printing."""
    proposed = Path(f"{Path(reread.name).stem}_acta.pdf")
    path = desk.messages.save_file("Guardar el acta para imprimirla", proposed, "PDF (*.pdf)")
    if path is None:
        return
    workspace = desk.workspace

    def work(_progress: "Progress") -> Path:
        from peti_desktop import rereading
        from peti_desktop.reports.acta import acta

        acta(rereading.acta_facts(workspace, reread, reread.name), path, paper)
        return path

    def show(written: Path) -> None:
        notice.tell(f"El acta quedó en {written}", tone="fine")
        show_outside(written, notice)

    desk.run(work, show, fails=notice.error)

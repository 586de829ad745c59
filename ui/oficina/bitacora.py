"""The log of decisions: who, what, when, why; searched, checked, exported, and never changed."""

from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from peti_desktop import binnacle, log_words, logbook
from peti_desktop.binnacle import Asked, Check
from peti_desktop.consolidation import checking
from peti_desktop.log_words import Entry
from peti_desktop.logbook import Choices
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.records.convert import read
from peti_desktop.records.fields import Field, Kind
from ui import theme
from ui.chips import StateChip, button, card, label
from ui.desk import Desk, Page
from ui.inputs import make_input
from ui.oficina.bitacora_modelo import ENTRY, PAGE, LogModel
from ui.oficina.tabla import PlainTable
from ui.oficina.words import DELIVERIES, parted, plural
from ui.tasks import Task

PAUSE_MS: Final = 180
FIRM: Final = frozenset({0, 1})
"""The number and the moment: cut short they would say nothing."""
HIGH: Final = 220
"""What is shown of the table at least; on smaller screens the page scrolls."""
KINDS: Final = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)", "csv": "CSV (*.csv)"}
EVERYBODY, EVERYTHING = "Todas las personas", "Todas las acciones"
CUTS: Final = "corte"
"""Beside the record types in ``desk.stored``: a cut was sealed, or who works here took another role."""


class BitacoraPage(Page):
    """See the module."""

    title = "Bitácora"
    subtitle = "Cada decisión, con quién, cuándo y por qué. Nadie la cambia: si alguien lo hace, se nota."
    shows = frozenset({*TYPES, DELIVERIES, CUTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.asked: Asked = Asked()
        self.check: Check | None = None
        self._looking: Task[tuple[int, list[Entry]]] | None = None
        self.model = LogModel()
        self.model.wanted.connect(self._fetch)
        self.check_button = button("Comprob&ar la bitácora", self._check, icon="buscar")
        self.export_button = button("E&xportar", icon="informes")
        menu = QMenu(self.export_button)
        for ending, text in (("pdf", "PDF, con la comprobación"), ("xlsx", "Excel"), ("csv", "CSV")):
            menu.addAction(text).triggered.connect(partial(self._export, ending))
        self.export_button.setMenu(menu)
        self.actions_row.addWidget(self.check_button)
        self.actions_row.addWidget(self.export_button)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.body.setSpacing(theme.SMALL)
        self.body.addLayout(self._build_filters())
        self.body.addWidget(self._build_verdict())
        self.body.addWidget(self._build_table(), 1)
        self.body.addWidget(self._build_detail())

    def _build_filters(self) -> QVBoxLayout:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Buscar: una dependencia, un archivo, un motivo…")
        self.search.setAccessibleName("Buscar en la bitácora")
        self.search.setClearButtonEnabled(True)
        self.search.textEdited.connect(self._later)
        self.who, self.action = QComboBox(), QComboBox()
        self.who.setAccessibleName("Quién")
        self.action.setAccessibleName("Qué hizo")
        catalogues = self.desk.workspace.catalogues
        self._dates = {name: Field(name, text, Kind.DATE) for name, text in (("desde", "Desde"), ("hasta", "Hasta"))}
        self.days = {name: make_input(field, catalogues) for name, field in self._dates.items()}
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SMALL)
        grid.setVerticalSpacing(2)
        for place, box in enumerate((self.who, self.action)):
            box.setMinimumWidth(120)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(self._later)
            grid.addWidget(box, 0, place)
            grid.setColumnStretch(place, 3)
        for place, (name, field) in enumerate(self._dates.items(), 2):
            day = self.days[name]
            day.setAccessibleName(f"{field.label}: día")
            day.setPlaceholderText(field.label)
            day.setMinimumWidth(110)
            day.setMaximumWidth(150)
            day.edited.connect(self._later)
            grid.addWidget(day, 0, place)
            grid.setColumnStretch(place, 1)
        self.count = label("", "muted")
        first = QHBoxLayout()
        first.addWidget(self.search, 1)
        first.addWidget(self.count)
        rows = QVBoxLayout()
        rows.setSpacing(theme.SMALL)
        rows.addLayout(first)
        rows.addLayout(grid)
        return rows

    def _build_verdict(self) -> QWidget:
        self.verdict, column = card()
        line = QHBoxLayout()
        self.verdict_chip = StateChip()
        self.verdict_text = label("", "heading", wraps=True)
        line.addWidget(self.verdict_chip)
        line.addWidget(self.verdict_text, 1)
        column.addLayout(line)
        self.verdict_notes = label("", "muted", wraps=True)
        self.verdict_notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(self.verdict_notes)
        self.verdict.hide()
        return self.verdict

    def _build_table(self) -> QWidget:
        self.table = PlainTable(self.model, "Entradas de la bitácora", (60, 160, 190, 190), FIRM)
        self.table.setMinimumHeight(HIGH)
        self.table.selectionModel().currentRowChanged.connect(self._show)
        self.model.modelReset.connect(self._clear)
        self.model.dataChanged.connect(self._arrived)
        return self.table

    def _build_detail(self) -> QWidget:
        self.detail, column = card()
        self.what = label("", "heading", wraps=True)
        self.told = label("", wraps=True)
        self.seal = label("", "small", wraps=True)
        for text in (self.what, self.told, self.seal):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.save_file = button("Guardar el a&rchivo recibido…", self._save, icon="carpeta")
        self.save_file.setToolTip("Byte por byte como llegó, con su SHA-256 al lado")
        column.addWidget(self.what)
        column.addWidget(self.told)
        line = QHBoxLayout()
        line.addWidget(self.seal, 1)
        line.addWidget(self.save_file)
        column.addLayout(line)
        self.detail.hide()
        return self.detail

    # -- what it shows

    def reload(self) -> None:
        self._ask()
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: logbook.choices(workspace), self._offer)

    def _offer(self, found: Choices) -> None:
        offered = (
            (self.who, EVERYBODY, [(name, name) for name in found.people]),
            (self.action, EVERYTHING, list(found.actions)),
        )
        for box, every, entries in offered:
            chosen = box.currentData()
            box.clear()
            box.addItem(every, "")
            for code, text in entries:
                box.addItem(text, code)
            box.setCurrentIndex(max(0, box.findData(chosen)))

    def _later(self, _what: object = None) -> None:
        self._pause.start()

    def _ask(self) -> None:
        workspace = self.desk.workspace
        days = {name: self._day(name) for name in self.days}
        self.asked = binnacle.asked(
            self.who.currentData() or "",
            self.action.currentData() or "",
            days["desde"],
            days["hasta"],
            self.search.text(),
        )
        asked = self.asked

        def look(progress: Progress) -> tuple[int, list[Entry]]:
            progress(0, 2, "Buscando")  # who types on does not wait for what was typed before
            total = logbook.total(workspace, asked)
            progress(1, 2, "Buscando")
            return total, logbook.page(workspace, asked, 0, PAGE) if total else []

        if self._looking is not None and not self._looking.over:
            self._looking.cancel()
        self._looking = self.desk.run(look, partial(self._found, asked))

    def _day(self, name: str) -> date | None:
        value, wrong = read(self._dates[name], self.days[name].raw(), self.desk.workspace.catalogues)
        return value if isinstance(value, date) and not wrong else None

    def _found(self, asked: Asked, found: tuple[int, list[Entry]]) -> None:
        if asked is not self.asked:
            return
        total, first = found
        self.count.setText(plural(total, "entrada", "entradas"))
        self.model.begin(total)
        if total:
            self.model.fill(0, first)
            self.table.setCurrentIndex(self.model.index(0, 0))

    def _fetch(self, page: int) -> None:
        workspace, asked = self.desk.workspace, self.asked

        def arrived(entries: list[Entry]) -> None:
            if asked is self.asked:
                self.model.fill(page, entries)

        self.desk.run(lambda _progress: logbook.page(workspace, asked, page * PAGE, PAGE), arrived)

    def _clear(self) -> None:
        self.detail.hide()

    def _arrived(self) -> None:
        self._show(self.table.currentIndex())

    def _show(self, index: QModelIndex, _before: object = None) -> None:
        found = index.data(ENTRY) if index.isValid() else None
        self.detail.setVisible(isinstance(found, Entry))
        if isinstance(found, Entry):
            self.what.setText(f"{found.action} · {found.moment} · {found.who}")
            self.told.setText(parted(found.detail))
            self.told.setVisible(bool(found.detail))
            self.seal.setText(f"Entrada n.º {found.id} · sello {parted(found.seal)}")
            self.save_file.setVisible(bool(found.file))

    # -- what can be done

    def _check(self) -> None:
        workspace = self.desk.workspace
        self.check_button.setEnabled(False)
        task = self.desk.run(
            lambda progress: checking.check_log(workspace, progress), self._checked, text="Comprobando la bitácora…"
        )
        task.finished.connect(partial(self.check_button.setEnabled, True))

    def _checked(self, found: Check) -> None:
        self.check = found
        whole = found.broken is None
        self.verdict_chip.tell("Completa" if whole else "Alterada", "fine" if whole else "stops")
        self.verdict_text.setText(log_words.verdict(found))
        newest = f"Último sello: {parted(found.newest)}\n" if found.newest else ""
        self.verdict_notes.setText(newest + "\n".join(log_words.notes(found)))
        self.verdict.setAccessibleName(self.verdict_text.text())
        self.verdict.show()

    def _export(self, ending: str, _checked: bool = False) -> None:
        workspace, asked = self.desk.workspace, self.asked
        proposed = Path(f"{workspace.info.vigencia}_bitacora.{ending}")
        path = self.desk.messages.save_file("Exportar la bitácora", proposed, KINDS[ending])
        if path is None:
            return

        def work(progress: Progress) -> Path:
            from peti_desktop.files import replace_file
            from peti_desktop.reports.bitacora import written

            replace_file(path, written(workspace, asked, ending, progress))
            return path

        self.desk.run(work, self._exported, text="Exportando la bitácora…")

    def _exported(self, path: Path) -> None:
        self.desk.notice.tell(f"La bitácora quedó en {path}.", tone="fine")

    def _save(self) -> None:
        found = self.table.currentIndex().data(ENTRY)
        if not isinstance(found, Entry):
            return
        workspace, sha256 = self.desk.workspace, found.file

        def named(given: tuple[str, bytes]) -> None:
            path = self.desk.messages.save_file("Guardar el archivo recibido", Path(given[0]), "Todos (*)")
            if path is not None:
                self.desk.run(lambda _progress: logbook.save_original(workspace, sha256, path), self._saved)

        self.desk.run(lambda _progress: logbook.original(workspace, sha256), named)

    def _saved(self, path: Path) -> None:
        self.desk.notice.tell(
            f"El archivo quedó en {path}, byte por byte como llegó.",
            f"Su SHA-256 está en «{path.name}.sha256».",
            tone="fine",
        )

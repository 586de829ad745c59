"""Bringing an own spreadsheet in: choose the file, say which column is what, look, take."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop.importing import columns
from peti_desktop.importing.apply import Taken, apply
from peti_desktop.importing.book import KINDS, open_book, refused
from peti_desktop.importing.columns import Layout
from peti_desktop.importing.grid import Book, Grid
from peti_desktop.importing.preview import CHANGED, NEW, Preview, preview
from peti_desktop.records import TYPES
from ui import theme
from ui.chips import Empty, button, label
from ui.dependencia.importacion.columnas import Columnas
from ui.dependencia.importacion.vista import Vista
from ui.desk import Desk, Page
from ui.workdialog import WorkDialog

FILE, COLUMNS, PREVIEW = range(3)
TITLE: Final = "Traer de Excel"


def bring_button(page: Page, types: Sequence[str]) -> QPushButton:
    """The button of a page that opens this window; what was being typed there is written first."""

    def pressed() -> None:
        page.flush()
        bring(page.desk, page, types)

    made = button("Traer de Excel…", pressed, role="quiet", icon="carpeta")
    made.setToolTip("También de LibreOffice (.ods) y de archivos de texto (.csv)")
    return made


def bring(desk: Desk, over: QWidget, types: Sequence[str]) -> "Importar | None":
    """Ask for a file and open the window on it; ``types`` are the record types it may hold. None when nobody chose."""
    path = desk.messages.open_file(TITLE, KINDS)
    if path is None:
        return None
    made = Importar(desk, types, over)
    made.open()
    made.read(path)
    return made


class Importar(WorkDialog):
    """The window. ``taken(Taken)`` when rows came in; nothing is stored before «Traer»."""

    taken = Signal(object)

    def __init__(self, desk: Desk, types: Sequence[str], over: QWidget | None = None) -> None:
        super().__init__(desk, TITLE, QSize(900, 600), over)
        self._book: Book | None = None
        self._layout = Layout(0)
        self._preview: Preview | None = None
        self.heading = label("", "title")
        self.type = QComboBox()
        self.type.setAccessibleName("Qué trae")
        for name in types:
            self.type.addItem(TYPES[name].title, name)
        self.type.setVisible(len(types) > 1)
        self.type.activated.connect(lambda _row: self._sheet_chosen())
        self.sheet = QComboBox()
        self.sheet.setAccessibleName("Hoja")
        self.sheet.activated.connect(lambda _row: self._sheet_chosen())
        self.columns = Columnas(desk.workspace.catalogues)
        self.columns.header_moved.connect(self._header_moved)
        self.columns.changed.connect(self.tell)
        self.preview = Vista(desk.workspace.catalogues)
        self.preview.words_changed.connect(self._look)
        self.preview.choice_changed.connect(self.tell)
        self.stack = QStackedWidget()
        hint = (
            "Sirven los libros de Excel (.xlsx, .xls), de LibreOffice (.ods) y los textos separados por comas (.csv)."
        )
        choose = button("&Escoger archivo…", self._choose, role="primary", icon="carpeta")
        self.stack.addWidget(Empty("Escoja el archivo que quiere traer", hint, icon="carpeta", action=choose))
        self.stack.addWidget(self.columns)
        self.stack.addWidget(self.preview)
        self._lay_out()
        self._go(FILE)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.SMALL)
        head.addWidget(self.heading, 1)
        head.addWidget(self.type)
        head.addWidget(self.sheet)
        self.back: QPushButton = button("&Atrás", self._back)
        self.forward: QPushButton = button("&Siguiente", self._forward, role="primary")
        self.forward.setDefault(True)
        foot = QHBoxLayout()
        foot.addWidget(self.back)
        foot.addStretch()
        foot.addWidget(button("Cerrar", self.reject, role="quiet"))
        foot.addWidget(self.forward)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.LARGE, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self.stack, 1)
        column.addWidget(self.strip)
        column.addLayout(foot)

    # -- what is shown

    @property
    def type_name(self) -> str:
        """The record type the sheet holds."""
        return str(self.type.currentData())

    def _go(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.tell()
        if step == COLUMNS and self.columns.lines:
            next(iter(self.columns.lines.values())).column.setFocus()
        elif step == PREVIEW:
            self.preview.tabs.setFocus()

    def tell(self) -> None:
        """Show the step, and what can be done in it now."""
        step = self.stack.currentIndex()
        self.heading.setText(self._book.file if self._book else f"Traer {TYPES[self.type_name].title.lower()}")
        self.sheet.setVisible(step == COLUMNS and self.sheet.count() > 1)
        self.type.setVisible(step == COLUMNS and self.type.count() > 1)
        self.back.setVisible(step != FILE)
        self.forward.setVisible(step != FILE)
        idle = self.idle
        self.stack.setEnabled(idle)
        self.sheet.setEnabled(idle)
        self.type.setEnabled(idle)
        self.back.setEnabled(idle)
        if step == COLUMNS:
            self.back.setText("&Otro archivo…")
            self.forward.setText("&Siguiente: ver qué cambia")
            self.forward.setEnabled(idle and bool(self.columns.layout_chosen().columns))
        elif step == PREVIEW:
            self.back.setText("&Atrás")
            count = self._wanted()
            self.forward.setText(f"&Traer {count} registro" if count == 1 else f"&Traer {count} registros")
            self.forward.setEnabled(idle and count > 0)

    def _wanted(self) -> int:
        if self._preview is None:
            return 0
        counts = self._preview.counts
        mended = self._preview.mendable if self.preview.with_problems.isChecked() else 0
        return counts[NEW] + counts[CHANGED] + mended

    # -- the file

    def _choose(self) -> None:
        path = self._desk.messages.open_file(TITLE, KINDS)
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Read ``path`` and go on to its columns."""
        task = self._desk.run(
            lambda progress: open_book(path, progress=progress), self._opened, fails=self.fails, store=False
        )
        self.begin(task, f"Leyendo «{path.name}»…")

    def _opened(self, book: Book) -> None:
        if self.shut:
            return
        self._book = book
        self.sheet.clear()
        for grid in sorted(book, key=lambda grid: grid.hidden):
            self.sheet.addItem(f"{grid.name} (oculta)" if grid.hidden else grid.name, grid.name)
        likeliest = columns.likeliest(TYPES[self.type_name], book)
        self.sheet.setCurrentIndex(self.sheet.findData(likeliest.name))
        self._sheet_chosen()

    # -- the columns

    @property
    def _grid(self) -> Grid:
        assert self._book is not None
        return self._book[str(self.sheet.currentData())]

    def _sheet_chosen(self) -> None:
        assert self._book is not None
        if error := refused(self._book, self._grid):
            self.notice.error(error)
            self.columns.show_sheet(TYPES[self.type_name], self._grid, Layout(0), known=False)
            self._go(COLUMNS)
            return
        self._suggest(None)

    def _header_moved(self, row: int) -> None:
        self._suggest(row)

    def _suggest(self, header: int | None) -> None:
        """Suggest the columns, unless a sheet with these headings was brought in before."""
        workspace, record_type, grid = self._desk.workspace, TYPES[self.type_name], self._grid

        def work(_progress: object) -> tuple[Layout, bool]:
            fresh = columns.suggest(record_type, grid, workspace.catalogues, header)
            known = columns.recall(workspace, record_type, grid, fresh.header)
            return known or fresh, known is not None

        self.begin(self._desk.run(work, self._suggested, fails=self.fails), "Reconociendo las columnas…")

    def _suggested(self, found: tuple[Layout, bool]) -> None:
        if self.shut:
            return
        layout, known = found
        self.columns.show_sheet(TYPES[self.type_name], self._grid, layout, known=known)
        if self._book is not None and self._book.notes:
            self.notice.tell(" ".join(self._book.notes), tone="warns")
        self.ended()
        self._go(COLUMNS)

    # -- the preview

    def _back(self) -> None:
        if self.stack.currentIndex() == COLUMNS:
            self._choose()
        else:
            self._go(COLUMNS)

    def _forward(self) -> None:
        if self.stack.currentIndex() == COLUMNS:
            self._layout = self.columns.layout_chosen()
            self._look(fresh=True)
        else:
            self._take()

    def _look(self, *, fresh: bool = False) -> None:
        """Compare with the store; words that got a meaning meanwhile count."""
        if not fresh:
            words = {name: dict(known) for name, known in self._layout.words.items()}
            for name, found in self.preview.words().items():
                words.setdefault(name, {}).update(found)
            self._layout = replace(self._layout, words=words)
        assert self._book is not None
        workspace, record_type, book, grid = self._desk.workspace, TYPES[self.type_name], self._book, self._grid
        layout = self._layout
        task = self._desk.run(
            lambda progress: preview(workspace, record_type, book, grid, layout, progress),
            self._previewed,
            fails=self.fails,
        )
        self.begin(task, "Comparando con lo registrado…")

    def _previewed(self, found: Preview) -> None:
        if self.shut:
            return
        self._preview = found
        self.ended()
        self.preview.show_preview(found)
        self._go(PREVIEW)

    # -- taking it in

    def _take(self) -> None:
        assert self._preview is not None
        workspace, seen, layout = self._desk.workspace, self._preview, self._layout
        record_type, grid = TYPES[self.type_name], self._grid
        mended = self.preview.with_problems.isChecked()

        def work(progress: Any) -> Taken:
            columns.remember(workspace, record_type, grid, layout)
            return apply(workspace, seen, with_problems=mended, progress=progress)

        changed = {self.type_name, record_type[record_type.parent].links} if record_type.parent else {self.type_name}
        task = self._desk.save(work, changed, self._came, fails=self.fails)
        self.begin(task, "Trayendo…")

    def _came(self, taken: Taken) -> None:
        self._desk.notice.tell(taken.sentence, tone="fine")
        self.taken.emit(taken)
        if not self.shut:
            self.accept()

"""The consolidated matrix: all records of all dependencias, searched, sorted, filtered, and traced to their origin."""

from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QStackedWidget, QTabBar

from peti_desktop.matrix import MatrixFilter
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import button
from ui.desk import Desk, Page
from ui.oficina.matriz_columnas import ColumnsPopup
from ui.oficina.matriz_hoja import TypeSheet
from ui.oficina.origen import Origen, OrigenPanel, origin_of
from ui.oficina.words import thousands

BROAD: Final = 900
"""From this width on, filters and origin fit side by side."""
PAUSE_MS: Final = 120


class MatrizPage(Page):
    """See the module. ``target`` takes a ``MatrixFilter``, or a type and the uid of a record (empty for all)."""

    title = "Matriz consolidada"
    shows = frozenset(TYPES)
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        catalogues = desk.workspace.catalogues
        self.tables = {name: TypeSheet(name, desk) for name in TYPES}
        self._tabs = QTabBar()
        self._tabs.setAccessibleName("Qué registros")
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._stack = QStackedWidget()
        self.origin = OrigenPanel(catalogues)
        self._wanted = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._trace)
        self._build()

    def _build(self) -> None:
        for name, table in self.tables.items():
            self._tabs.addTab(TYPES[name].title)
            self._stack.addWidget(table)
            table.picked.connect(self._pause.start)
            table.grid.opened.connect(partial(self._show_origin, True))
            table.grid.choosing.connect(self.choose_columns)
        self._tabs.currentChanged.connect(self._turn)
        self._columns_button = button("Columnas…", self.choose_columns)
        self._origin_button = QPushButton("&Origen  (F4)")
        self._origin_button.setCheckable(True)
        self._origin_button.toggled.connect(self._show_origin)
        self.actions_row.addWidget(self._columns_button)
        self.actions_row.addWidget(self._origin_button)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(self._stack)
        split.addWidget(self.origin)
        split.setStretchFactor(0, 5)
        split.setStretchFactor(1, 2)
        split.setSizes([700, 320])
        self.origin.hide()
        self.body.setSpacing(theme.SMALL)
        self.body.addWidget(self._tabs)
        self.body.addWidget(split, 1)

    @property
    def table(self) -> TypeSheet:
        """The table in front."""
        table = self._stack.currentWidget()
        assert isinstance(table, TypeSheet)
        return table

    # -- what it shows

    def reload(self) -> None:
        for table in self.tables.values():
            table.stale = True
        self.desk.run(lambda _progress: self.desk.workspace.counts(), self._tell_counts)
        self.table.ask(keep=self._wanted or self.table.current_uid(), or_all=bool(self._wanted))

    def shown(self) -> None:
        if self.table.stale:
            self.table.ask(keep=self._wanted or self.table.current_uid(), or_all=bool(self._wanted))

    def _tell_counts(self, counts: dict[str, int]) -> None:
        for place, (name, table) in enumerate(self.tables.items()):
            self._tabs.setTabText(place, f"{TYPES[name].title}  {thousands(counts[name])}")
            table.tell_every(counts[name])

    def target(self, wanted: object) -> None:
        """Show what a ``MatrixFilter`` gives; or of (type, uid) the type and the record with its origin."""
        if isinstance(wanted, MatrixFilter):
            self._tabs.setCurrentIndex(list(TYPES).index(wanted.type))
            self.table.ask_for(wanted)
            return
        assert isinstance(wanted, tuple)
        name, uid = wanted
        self._wanted = uid
        self._tabs.setCurrentIndex(list(TYPES).index(name))
        if uid:
            self.table.ask(keep=uid, or_all=True)
            self._show_origin(True)

    def _turn(self, place: int) -> None:
        self.table.rest()
        self._stack.setCurrentIndex(place)
        if self.table.stale:
            self.table.ask()
        self._pause.start()

    def choose_columns(self) -> ColumnsPopup:
        """Let somebody choose columns and their order."""
        popup = ColumnsPopup(self.table.grid)
        place = self._columns_button.rect().bottomRight()
        popup.open_at(self._columns_button.mapToGlobal(place) - QPoint(popup.width(), 0), popup.listed)
        return popup

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """On a narrow screen the filters give way to the origin."""
        broad = self.width() >= BROAD
        for table in self.tables.values():
            table.filters.setVisible(broad or self.origin.isHidden())
            table.caption.setVisible(broad)

    # -- origin

    def hideEvent(self, event: QHideEvent) -> None:
        self._pause.stop()  # a window that closes asks nothing any more
        for table in self.tables.values():
            table.rest()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        # F4 is the window's, for a record's history; here the origin tells that and more.
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _asks_origin(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _asks_origin(event):
            self._origin_button.toggle()
        else:
            super().keyPressEvent(event)

    def _show_origin(self, shown: bool) -> None:
        self._origin_button.setChecked(shown)
        self.origin.setVisible(shown)
        self._make_room()
        if shown:
            self._trace()

    @Slot()
    def _trace(self) -> None:
        if self._wanted and self.table.current_uid() == self._wanted:
            self._wanted = ""
        if self.origin.isHidden():
            return
        record = self.table.grid.current_record()
        if not isinstance(record, Record):
            self.origin.clear()
            return
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: origin_of(workspace, record), self._traced)

    def _traced(self, found: Origen) -> None:
        if self.table.current_uid() == found.record.uid:
            self.origin.show_origin(found, self.table.model.links(self.table.grid.currentIndex().row()))


def _asks_origin(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F4 and not event.modifiers()

"""The consolidated matrix: all records of all dependencias, searched, sorted, filtered, and traced to their origin."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSplitter, QStackedWidget, QTabBar, QToolButton

from peti_desktop import views as view_room
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.matrix import MatrixFilter, told
from peti_desktop.origin import Origen, origin_of
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from peti_desktop.views import View
from ui import theme
from ui.chips import label
from ui.desk import Desk, Page
from ui.oficina.informes import open_outside
from ui.oficina.matriz_columnas import ColumnsPopup
from ui.oficina.matriz_corregir import CorrectDialog, Wanted
from ui.oficina.matriz_hoja import TypeSheet
from ui.oficina.matriz_vistas import ViewsButton
from ui.oficina.origen import OrigenPanel
from ui.oficina.words import thousands

BROAD: Final = 900
"""From this width on, filters and origin fit side by side."""
PAUSE_MS: Final = 120
EXPORTS: Final = (
    ("xlsx", "Exportar a Excel…"),
    ("csv", "Exportar a CSV con diccionario…"),
    ("pdf", "Guardar en PDF para imprimir…"),
)


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
        self.open_outside = open_outside
        self.views = ViewsButton()
        self._view: dict[str, str] = {}
        self._begun: set[str] = set()
        self._wanted = ""
        self.refused = ""
        self._correcting: list[QAction] = []
        self._no = label("", "warns", wraps=True)
        self._no.hide()
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
            table.grid.crossed.connect(self._tell_cell)
            table.grid.opened.connect(partial(self._show_origin, True))
            table.grid.choosing.connect(self.choose_columns)
            table.grid.addAction(self._action("Copiar", table.grid.copy, "Ctrl+C", table))
            self._correcting.append(self._action("Corregir…", self.correct, "Ctrl+E", table))
            table.grid.addAction(self._correcting[-1])
            table.grid.addAction(self._action("Origen", partial(self._show_origin, True), "", table))
        self._tabs.currentChanged.connect(self._turn)
        self.actions_button = self._actions_button()
        self._origin_button = QPushButton("O&rigen  (F4)")
        self._origin_button.setCheckable(True)
        self._origin_button.toggled.connect(self._show_origin)
        for made in (self.views, self.actions_button):
            self.actions_row.addWidget(made)
        self.views.opened.connect(self._open_view)
        self.views.kept.connect(self._keep_view)
        self.views.renamed.connect(self._rename_view)
        self.views.dropped.connect(self._drop_view)
        self.views.made_initial.connect(self._begin_with)
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
        self.body.addWidget(self._no)
        self.body.addWidget(self._tabs)
        self.body.addWidget(split, 1)

    def _action(self, text: str, done: object, keys: str, table: TypeSheet) -> QAction:
        action = QAction(text, table.grid)
        if keys:
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked=False: done())  # type: ignore[operator]
        return action

    def _actions_button(self) -> QToolButton:
        made = QToolButton()
        made.setText("Acciones ▾")
        made.setAccessibleName("Acciones con lo que se ve")
        made.setProperty("role", "button")
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        made.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        menu = QMenu("Acciones", made)
        menu.addAction("Columnas…", self.choose_columns)
        self._correcting.append(menu.addAction("Corregir muchas filas…\tCtrl+E", self.correct))
        menu.addSeparator()
        for ending, text in EXPORTS:
            menu.addAction(text, partial(self.export, ending))
        made.setMenu(menu)
        return made

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
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: workspace.counts(), self._tell_counts)
        self.desk.run(lambda _progress: roles.refusal(workspace, roles.CHANGE), self._allow)
        self._list_views()
        self.table.ask(keep=self._wanted or self.table.current_uid(), or_all=bool(self._wanted))

    def shown(self) -> None:
        if self.table.stale:
            self.table.ask(keep=self._wanted or self.table.current_uid(), or_all=bool(self._wanted))

    def _allow(self, refused: UserError | None) -> None:
        """Offer no change to who may not make any, and say once why."""
        changed = self.refused != str(refused or "")
        self.refused = str(refused or "")
        self._no.setText(f"▲ {self.refused}")
        self._no.setVisible(bool(self.refused))
        for action in self._correcting:
            action.setEnabled(not self.refused)
            action.setToolTip(self.refused)
        if changed:
            self._list_views()

    def _tell_counts(self, counts: dict[str, int]) -> None:
        for place, (name, table) in enumerate(self.tables.items()):
            self._tabs.setTabText(place, f"{TYPES[name].title}  {thousands(counts[name])}")
            table.tell_every(counts[name])

    def target(self, wanted: object) -> None:
        """Show what a ``MatrixFilter`` gives; or of (type, uid) the type and the record with its origin."""
        if isinstance(wanted, MatrixFilter):
            self._begun.add(wanted.type)  # what somebody asked for comes before the view of every day
            self._tabs.setCurrentIndex(list(TYPES).index(wanted.type))
            self.table.ask_for(wanted)
            return
        assert isinstance(wanted, tuple)
        name, uid = wanted
        self._wanted = uid
        if uid:
            self._begun.add(name)
        self._tabs.setCurrentIndex(list(TYPES).index(name))
        if uid:
            self.table.ask(keep=uid, or_all=True)
            self._show_origin(True)

    def _turn(self, place: int) -> None:
        self.table.rest()
        self._stack.setCurrentIndex(place)
        if self.table.stale:
            self.table.ask()
        self._list_views()
        self._pause.start()

    def choose_columns(self) -> ColumnsPopup:
        """Let somebody choose columns and their order."""
        popup = ColumnsPopup(self.table.grid)
        place = self.actions_button.rect().bottomRight()
        popup.open_at(self.actions_button.mapToGlobal(place) - QPoint(popup.width(), 0), popup.listed)
        return popup

    # -- views

    def _list_views(self) -> None:
        workspace, name = self.desk.workspace, self.table.name
        self.desk.run(lambda _progress: view_room.listing(workspace, name), partial(self._fill_views, name))

    def _fill_views(self, name: str, found: list[View]) -> None:
        if name != self.table.name:
            return
        initial = next((view for view in found if view.initial), None)
        if name not in self._begun and initial is not None:
            self._view[name] = initial.uid
            self._see(initial)
        self._begun.add(name)
        self.views.fill(name, found, self._view.get(name, ""), only_reads=bool(self.refused))

    def _see(self, view: View) -> None:
        self.table.grid.arrange(view.columns)
        self.table.ask_for(view.wanted, keep=self.table.current_uid())

    def _open_view(self, view: View) -> None:
        self._view[view.wanted.type] = view.uid
        self._see(view)
        self._list_views()

    def _keep_view(self, name: str) -> None:
        table, workspace = self.table, self.desk.workspace
        wanted, columns = table.wanted, table.grid.columns()

        def kept(view: View) -> None:
            self._view[view.wanted.type] = view.uid
            self.desk.notice.tell(f"Se guardó la vista «{view.name}».", "La ven todos los analistas.", tone="fine")
            self._list_views()

        self.desk.run(lambda _progress: view_room.save(workspace, name, wanted, columns), kept)

    def _rename_view(self, view: View, name: str) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: view_room.rename(workspace, view, name), lambda _none: self._list_views())

    def _drop_view(self, view: View) -> None:
        workspace = self.desk.workspace

        def again() -> None:
            bring = partial(view_room.save, workspace, view.name, view.wanted, view.columns)
            self.desk.run(lambda _progress: bring(), lambda _view: self._list_views())

        def dropped(_none: object) -> None:
            self._view.pop(view.wanted.type, None)
            self.desk.notice.tell(f"Se borró la vista «{view.name}».", action="Recuperarla", act=again)
            self._list_views()

        self.desk.run(lambda _progress: view_room.remove(workspace, view), dropped)

    def _begin_with(self, view: View | None) -> None:
        workspace, name = self.desk.workspace, self.table.name
        self.desk.run(lambda _progress: view_room.set_initial(workspace, name, view), lambda _none: self._list_views())

    # -- correcting many

    def correct(self) -> CorrectDialog | None:
        """Ask which value many rows should have; None where there are no rows, and for who may change nothing."""
        table = self.table
        if not table.model.total or self.refused:
            return None
        runs = table.grid.chosen()
        column = table.grid.currentIndex().column()
        first = table.model.columns[column].name if column >= 0 else ""
        dialog = CorrectDialog(
            table.name,
            self.desk.workspace.catalogues,
            sum(count for _, count in runs),
            table.model.total,
            told(table.wanted, self.desk.workspace.catalogues),
            first,
            self,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.agreed.connect(partial(self._correct, table, table.model.filter, runs))
        dialog.open()
        return dialog

    def _correct(self, table: TypeSheet, asked: MatrixFilter, runs: list[tuple[int, int]], wanted: Wanted) -> None:
        from peti_desktop.matrix_changes import correct_rows

        workspace, seen, places = self.desk.workspace, table.model.revisions(), table.model.places()
        chosen = None if wanted.all_rows else runs

        def work(progress: Progress) -> int:
            return correct_rows(
                workspace, asked, chosen, wanted.field, wanted.raw, wanted.reason, seen, progress, places
            )

        def done(changed: int) -> None:
            where = "1 registro" if changed == 1 else f"{thousands(changed)} registros"
            label = TYPES[table.name][wanted.field].label
            self.desk.notice.tell(
                f"Se corrigió «{label}» en {where}.", tone="fine", action="Deshacer", act=self.desk.undo
            )

        def failed(error: UserError) -> None:
            self.desk.notice.error(error)
            table.ask(keep=table.current_uid())  # what was in view may be gone

        task = self.desk.save(work, TYPES, done, fails=failed, text="Corrigiendo…")
        task.cancelled.connect(lambda: self.desk.notice.tell("Se canceló la corrección.", "No se cambió nada."))

    # -- files

    def export(self, ending: str) -> None:
        """Write what is seen to a file that somebody chooses."""
        from peti_desktop.matrix_export import KINDS, export

        table, workspace = self.table, self.desk.workspace
        proposed = Path.home() / f"{workspace.info.vigencia}_matriz_{table.name}.{ending}"
        chosen = self.desk.messages.save_file("Exportar lo que se ve", proposed, KINDS[ending])
        if chosen is None:
            return
        path = chosen if chosen.suffix.lower() == f".{ending}" else chosen.with_name(f"{chosen.name}.{ending}")
        columns = [name for name, _ in table.grid.columns()]
        wanted = table.model.filter

        def done(rows: int) -> None:
            many = TYPES[table.name].singular if rows == 1 else TYPES[table.name].title
            self.desk.notice.tell(
                f"Se guardó «{path.name}» con {thousands(rows)} {many.lower()}.",
                f"En {path.parent}",
                tone="fine",
                action="Abrirlo",
                act=lambda: (self.open_outside(path), None)[1],
            )

        task = self.desk.run(
            lambda progress: export(workspace, wanted, columns, path, progress), done, text="Exportando…", store=False
        )
        task.cancelled.connect(lambda: self.desk.notice.tell("Se canceló.", "No quedó ningún archivo a medias."))

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
            # The table gets narrower with it: the cell that is told of stays in sight.
            QTimer.singleShot(0, self.table.grid, self.table.grid.show_current)
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
            grid = self.table.grid
            links = self.table.model.links(grid.currentIndex().row())
            self.origin.show_origin(found, links, grid.current_field())

    def _tell_cell(self) -> None:
        if not self.origin.isHidden():
            self.origin.tell_cell(self.table.grid.current_field())


def _asks_origin(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F4 and not event.modifiers()

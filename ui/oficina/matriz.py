"""The consolidated matrix: all records of all dependencias, searched, sorted, filtered, and traced to their origin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from peti_desktop.records.fields import Field, Kind, RecordType, Section
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty, label
from ui.desk import Desk, Page
from ui.grid import GridPanel, RecordModel
from ui.oficina.origen import Origen, OrigenPanel, origin_of
from ui.oficina.words import thousands

UNIT: Final = Field("dependencia", "Dependencia", Kind.CHOICE, catalogue="dependencia", computed=True, width=24)
FIRST_SEEN: Final = {
    "riesgo": (
        "referencia", "descripcion", "zona_inherente", "controles", "zona_residual", "tratamiento", "subproceso",
        "responsable", "fecha_implementacion", "estado_plan",
    ),
    "control": ("riesgo", "accion", "responsable", "tipo", "implementacion", "peso", "periodicidad"),
    "equipo": ("tipo", "placa", "marca", "modelo", "anio", "sistema_operativo", "estado", "obsolescencia", "ubicacion"),
    "necesidad": (
        "descripcion", "tema", "forma", "cantidad", "valor_unitario", "valor_total", "urgencia", "subproceso",
    ),
}  # fmt: skip
"""The columns that stand before anybody chooses; the dependencia always comes first."""
AS_IT_IS: Final = 8
"""Of a type without a choice of its own, so many fields are shown, in the order of its form."""
BROAD: Final = 900
"""From this width on, filters and origin fit side by side."""
PAUSE_MS: Final = 120


@dataclass(frozen=True, slots=True)
class Loaded:
    """Records of one type, and the words for the records they are linked to."""

    records: list[Record]
    links: Mapping[str, str]


class MatrizPage(Page):
    """See the module."""

    title = "Matriz consolidada"
    shows = frozenset(TYPES)
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        catalogues = desk.workspace.catalogues
        self.tables = {name: TypeTable(name, catalogues) for name in TYPES}
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
            table.panel.grid.picked.connect(self._pause.start)
            table.panel.grid.opened.connect(partial(self._show_origin, True))
        self._tabs.currentChanged.connect(self._turn)
        self._origin_button = QPushButton("&Origen  (F4)")
        self._origin_button.setCheckable(True)
        self._origin_button.toggled.connect(self._show_origin)
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
    def table(self) -> "TypeTable":
        """The table in front."""
        table = self._stack.currentWidget()
        assert isinstance(table, TypeTable)
        return table

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def load(name: str) -> Loaded:
            links: dict[str, str] = {}
            for linked in {field.links for field in TYPES[name].fields if field.links}:
                links |= workspace.links(linked)
            return Loaded(workspace.records(name), links)

        # The tab in front first: the others are ready before anybody turns to them.
        front = self.table.name
        for name in sorted(TYPES, key=lambda other: other != front):
            self.desk.run(lambda _progress, name=name: load(name), partial(self._fill, name))  # type: ignore[misc]

    def _fill(self, name: str, loaded: Loaded) -> None:
        self.tables[name].fill(loaded)
        place = list(TYPES).index(name)
        self._tabs.setTabText(place, f"{TYPES[name].title}  {thousands(len(loaded.records))}")
        if self._wanted and self.tables[name].show_record(self._wanted):
            self._wanted = ""
        if name == self.table.name:
            self._pause.start()

    def target(self, wanted: object) -> None:
        """Show a type and, when it is not empty, the record ``uid`` with its origin."""
        assert isinstance(wanted, tuple)
        name, uid = wanted
        self._tabs.setCurrentIndex(list(TYPES).index(name))
        if uid:
            self._wanted = "" if self.tables[name].show_record(uid) else uid
            self._show_origin(True)

    def _turn(self, place: int) -> None:
        self._stack.setCurrentIndex(place)
        self._pause.start()

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

    def _show_origin(self, shown: bool, _record: object = None) -> None:
        self._origin_button.setChecked(shown)
        self.origin.setVisible(shown)
        self._make_room()
        if shown:
            self._trace()

    @Slot()
    def _trace(self) -> None:
        if self.origin.isHidden():
            return
        record = self.table.panel.grid.current_record()
        if not isinstance(record, Record):
            self.origin.clear()
            return
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: origin_of(workspace, record), self._traced)

    def _traced(self, found: Origen) -> None:
        current = self.table.panel.grid.current_record()
        if isinstance(current, Record) and current.uid == found.record.uid:
            self.origin.show_origin(found, self.table.links)


class TypeTable(QWidget):
    """The records of one type of all dependencias, with filters by dependencia and zone and a choice of columns."""

    def __init__(self, name: str, catalogues: Catalogues) -> None:
        super().__init__()
        self.name = name
        self.links: Mapping[str, str] = {}
        self._all: list[Record] = []
        self._catalogues = catalogues
        described = _with_unit(TYPES[name])
        seen = (UNIT.name, *_first_seen(name))
        others = (field.name for field in described.fields if field.name not in seen)
        model = RecordModel(described, catalogues, columns=(*seen, *others), editable=False)
        hint = "Las entregas aceptadas en la Bandeja llegan a esta tabla."
        empty = Empty(f"Todavía no hay {described.title.lower()}", hint)
        self.panel = GridPanel(model, whole_rows=True, empty=empty)
        self.model = model
        self.zones: dict[str, QPushButton] = {}
        self.caption = label("Residual" if "zona_residual" in TYPES[name].by_name else "", "muted")
        self.unit = QComboBox()
        self.unit.setAccessibleName("Dependencia")
        self.unit.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.unit.setMinimumWidth(120)
        self.unit.setMaximumWidth(240)
        self.unit.addItem("Todas las dependencias", "")
        self.unit.currentIndexChanged.connect(self._arrange)
        self._build()

    def _build(self) -> None:
        self.panel.search.setMinimumWidth(110)
        self.filters = QWidget()
        row = QHBoxLayout(self.filters)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.unit)
        row.addWidget(self.caption)
        if "zona_residual" in TYPES[self.name].by_name:
            for entry in self._catalogues.entries("zona"):
                self.zones[entry.code] = self._zone_button(entry.code)
                row.addWidget(self.zones[entry.code])
        self.panel.bar.addWidget(self.filters)
        self.columns = self._columns_menu()
        chooser = QToolButton()
        chooser.setText("Columnas ▾")
        chooser.setProperty("role", "button")
        chooser.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        chooser.setMenu(self.columns)
        chooser.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.panel.bar.addWidget(chooser)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)

    def _zone_button(self, code: str) -> QPushButton:
        look = theme.LIGHT.zones[code]
        made = QPushButton(look.letter)
        made.setCheckable(True)
        made.setAccessibleName(f"Zona {look.label}")
        made.setToolTip(f"Ver los de zona residual {look.label.lower()}")
        made.setFixedWidth(34)
        made.setStyleSheet(
            f"QPushButton {{ padding: 4px 0; font-weight: 600; }}"
            f"QPushButton:checked {{ background: {look.fill}; color: {look.ink}; border: 2px solid {look.ink}; }}"
        )
        made.toggled.connect(self._arrange)
        return made

    def _columns_menu(self) -> QMenu:
        menu = QMenu("Columnas", self)
        menu.setToolTipsVisible(True)
        seen = _first_seen(self.name)
        for place, field in enumerate(self.model.columns):
            shown = field is UNIT or field.name in seen
            self.panel.grid.setColumnHidden(place, not shown)
            if field is UNIT:
                continue
            action = QAction(field.label, menu)
            action.setCheckable(True)
            action.setChecked(shown)
            action.toggled.connect(partial(self._show_column, place))
            menu.addAction(action)
        return menu

    def _show_column(self, place: int, shown: bool) -> None:
        self.panel.grid.setColumnHidden(place, not shown)

    def fill(self, loaded: Loaded) -> None:
        """Show these records."""
        self.links = loaded.links
        units = {
            record.dependencia: self._catalogues.label("dependencia", record.dependencia) for record in loaded.records
        }
        self._all = [
            replace(record, values={UNIT.name: record.dependencia, **record.values})
            for record in sorted(loaded.records, key=lambda record: plain(units[record.dependencia]))
        ]
        self._offer(units)
        self._arrange()

    def _offer(self, units: Mapping[str, str]) -> None:
        chosen = self.unit.currentData()
        self.unit.blockSignals(True)
        self.unit.clear()
        self.unit.addItem("Todas las dependencias", "")
        for code, name in sorted(units.items(), key=lambda unit: plain(unit[1])):
            self.unit.addItem(name, code)
        self.unit.setCurrentIndex(max(0, self.unit.findData(chosen)))
        self.unit.blockSignals(False)

    def _arrange(self) -> None:
        kept = self.panel.grid.current_record()
        unit = self.unit.currentData()
        zones = {code for code, chip in self.zones.items() if chip.isChecked()}
        self.model.set_records(
            [
                record
                for record in self._all
                if unit in {"", record.dependencia} and (not zones or record.values["zona_residual"] in zones)
            ],
            links=self.links,
        )
        if isinstance(kept, Record):
            self.panel.grid.select(kept.uid)

    def show_record(self, uid: str) -> bool:
        """Make a record current, without filters when they hide it; whether it is there."""
        if not any(record.uid == uid for record in self._all):
            return False
        if self.model.row_of(uid) is None:
            self.panel.search.clear()
            self.model.search("")
            self.unit.setCurrentIndex(0)
            for chip in self.zones.values():
                chip.setChecked(False)
        self.panel.grid.select(uid)
        self.panel.grid.setFocus()
        return True


def _first_seen(name: str) -> tuple[str, ...]:
    return FIRST_SEEN.get(name) or tuple(field.name for field in TYPES[name].fields[:AS_IT_IS])


def _with_unit(record_type: RecordType) -> RecordType:
    """The same type with the dependencia as its first field: in the office a record is somebody's."""
    first = Section(UNIT.label, (UNIT,))
    return replace(record_type, sections=(first, *record_type.sections))


def _asks_origin(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F4 and not event.modifiers()

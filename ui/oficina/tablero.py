"""The office at a glance: who delivered, where the risks stand, what is needed, who is missing."""

from datetime import date
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from peti_desktop import method
from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.records.record import Record
from peti_desktop.reports import figures as numbers
from peti_desktop.reports.figures import Delivery, Figures, Needs
from ui import theme
from ui.chips import Bar, Figure, button, card, label
from ui.desk import Desk, Page
from ui.heatmap import HeatMap
from ui.oficina.words import DELIVERIES, pesos, plural, sections, short_pesos, thousands

MAPS: Final = {"inherente": "Inherente", "residual": "Residual"}
TEMAS: Final = 8
"""So many temas are told one by one; the rest together."""
BROAD: Final = 1000
"""From this width on, the list of a cell stands beside the maps."""
UID: Final = Qt.ItemDataRole.UserRole
ROWS_SEEN: Final = 8


class TableroPage(Page):
    """See the module. Everything comes from ``reports.figures``, as in the papers."""

    title = "Tablero"
    shows = frozenset({*TYPES, DELIVERIES})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.figures: Figures | None = None
        catalogues = desk.workspace.catalogues
        self._delivered = Figure("Entregas aceptadas", leads=True)
        self._delivered.picked.connect(partial(desk.go, "bandeja"))
        self._share = Bar("Entregas aceptadas")
        self._risks = Figure("Riesgos", leads=True)
        self._risks.picked.connect(partial(desk.go, "matriz", ("riesgo", "")))
        self._equipment = Figure("Equipos", leads=True)
        self._equipment.picked.connect(partial(desk.go, "matriz", ("equipo", "")))
        self._needs = Figure("Necesidades", leads=True)
        self._needs.picked.connect(partial(desk.go, "matriz", ("necesidad", "")))
        zone = method.load(catalogues.metodo, catalogues.vigencia).zone
        self.maps = {which: HeatMap(zone, catalogues) for which in MAPS}
        for which, heat in self.maps.items():
            heat.picked.connect(partial(self._list_cell, which))
        self.cell = label("", "heading", wraps=True)
        self.risks = QListWidget()
        self.missing = _table(("Dependencia", "Qué debe", "Vence", "Días", "Estado"), "Quién falta")
        self._build()

    def _build(self) -> None:
        kpis = QHBoxLayout()
        kpis.setSpacing(theme.MEDIUM)
        for figure in (self._delivered, self._risks, self._equipment, self._needs):
            kpis.addWidget(figure, 1)
        self._delivered.layout().addWidget(self._share)  # type: ignore[union-attr]
        self.body.addLayout(kpis)
        self.body.addWidget(self._heat_card())
        lower = QHBoxLayout()
        lower.setSpacing(theme.MEDIUM)
        self._lower = lower
        lower.addWidget(self._missing_card(), 3)
        lower.addWidget(self._needs_card(), 2)
        self.body.addLayout(lower)
        self.body.addStretch()

    def _heat_card(self) -> QWidget:
        frame, column = card("Mapa de calor")
        self._heat = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._heat.setSpacing(theme.LARGE)
        maps = QHBoxLayout()
        maps.setSpacing(theme.MEDIUM)
        for heat in self.maps.values():
            heat.setMinimumSize(280, 300)
            maps.addWidget(heat, 1)
        self._heat.addLayout(maps, 5)
        self.risks.setAccessibleName("Riesgos de la casilla")
        self.risks.setWordWrap(True)
        self.risks.setSpacing(2)
        self.risks.setMinimumHeight(150)
        self.risks.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.risks.itemActivated.connect(self._open_risk)
        side = QVBoxLayout()
        side.setSpacing(theme.SMALL)
        side.addWidget(self.cell)
        side.addWidget(self.risks, 1)
        self._heat.addLayout(side, 2)
        column.addLayout(self._heat)
        self._say_cell()
        return frame

    def _needs_card(self) -> QWidget:
        frame, column = card("Necesidades por tema")
        self._needs_total = label("", "muted", wraps=True)
        column.addWidget(self._needs_total)
        self._temas = QGridLayout()
        self._temas.setHorizontalSpacing(theme.MEDIUM)
        self._temas.setVerticalSpacing(theme.TIGHT)
        self._temas.setColumnStretch(0, 1)
        column.addLayout(self._temas)
        column.addStretch()
        return frame

    def _missing_card(self) -> QWidget:
        frame, column = card("Quién falta")
        head = QHBoxLayout()
        self._missing_text = label("", "muted", wraps=True)
        head.addWidget(self._missing_text, 1)
        head.addWidget(button("Ir a la ban&deja", partial(self.desk.go, "bandeja"), role="quiet"))
        column.addLayout(head)
        column.addWidget(self.missing)
        column.addStretch()
        return frame

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of a cell goes below the maps on a narrow screen, and so do the needs."""
        broad = self.width() >= BROAD
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for row in (self._heat, self._lower):
            row.setDirection(across if broad else down)
        super().resizeEvent(event)

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: numbers.figures(workspace), self._fill)

    def _fill(self, found: Figures) -> None:
        self.figures = found
        waiting = sum(delivery.state == "por revisar" for delivery in found.deliveries)
        missing = _missing(found)
        self.set_subtitle(
            f"Entregas: {thousands(found.expected)} esperadas · {thousands(found.accepted)} aceptadas · "
            f"{thousands(waiting)} por revisar · {thousands(_not_sent(found))} sin entregar"
        )
        total = f"{thousands(found.accepted)} de {thousands(found.expected)}"
        self._delivered.tell(
            total, f"{waiting} por revisar" if waiting else "Nada por revisar", "warns" if waiting else ""
        )
        self._share.set_share(found.accepted / found.expected if found.expected else 0.0)
        zones = found.zones["residual"]
        extreme = zones["extremo"] + zones["alto"]
        risks = f"{thousands(extreme)} en zona residual alta o extrema"
        self._risks.tell(thousands(found.totals["riesgo"]), risks, "warns" if extreme else "")
        obsolete = found.obsolete_total
        self._equipment.tell(
            thousands(found.totals["equipo"]), f"{thousands(obsolete)} obsoletos", "warns" if obsolete else ""
        )
        self._needs.tell(thousands(found.totals["necesidad"]), short_pesos(found.money))
        for which, heat in self.maps.items():
            heat.show_counts(found.heat[which], MAPS[which])
        self._fill_temas(found)
        self._fill_missing(missing)
        self._say_cell()

    def _fill_temas(self, found: Figures) -> None:
        while (entry := self._temas.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        total = plural(found.totals["necesidad"], "necesidad", "necesidades")
        self._needs_total.setText(f"{total} · {thousands(found.quantity)} unidades · {pesos(found.money)}")
        shown = _first(found.needs_by_tema)
        most = max((needs.money for needs in shown), default=0)
        for row, needs in enumerate(shown):
            name = label(needs.label)
            name.setToolTip(needs.label)
            name.setMinimumWidth(60)
            self._temas.addWidget(name, 2 * row, 0)
            for place, text in ((1, thousands(needs.count)), (2, short_pesos(needs.money))):
                told = label(text, "body" if place == 1 else "muted")
                told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._temas.addWidget(told, 2 * row, place)
            bar = Bar(needs.label)
            bar.setFixedHeight(5)
            bar.set_share(float(needs.money / most) if most else 0.0)
            self._temas.addWidget(bar, 2 * row + 1, 0, 1, 3)

    def _fill_missing(self, missing: list[Delivery]) -> None:
        today = self.desk.today()
        self._missing_text.setText(
            f"{plural(len(missing), 'dependencia', 'dependencias')} sin entrega aceptada."
            if missing
            else "Todas las dependencias esperadas tienen su entrega aceptada."
        )
        self.missing.setRowCount(len(missing))
        for row, delivery in enumerate(missing):
            for place, text in enumerate(_row(delivery, today)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.missing.setItem(row, place, cell)
        height = self.missing.horizontalHeader().sizeHint().height() + 4
        self.missing.setFixedHeight(height + min(max(len(missing), 1), ROWS_SEEN) * theme.ROW)
        self.missing.setVisible(bool(missing))

    # -- a cell of the map

    def _say_cell(self) -> None:
        self.cell.setText("Riesgos de una casilla")
        self.risks.clear()
        hint = QListWidgetItem(
            "Pulse una casilla del mapa, o llegue a ella con las flechas y Entrar, para ver aquí sus riesgos."
        )
        hint.setFlags(Qt.ItemFlag.NoItemFlags)
        self.risks.addItem(hint)

    def _list_cell(self, which: str, probability: int, impact: int) -> None:
        workspace = self.desk.workspace
        words = self.maps[which].words((probability, impact))
        self.desk.run(
            lambda _progress: numbers.risks_in(workspace, which, probability, impact),
            partial(self._listed, f"{MAPS[which]}: {words}"),
        )

    def _listed(self, title: str, records: list[Record]) -> None:
        catalogues = self.desk.workspace.catalogues
        self.cell.setText(title)
        self.risks.clear()
        for record in records:
            unit = catalogues.label("dependencia", record.dependencia)
            text = f"{record.values['referencia']} · {unit}\n{record.values['descripcion'] or 'Sin descripción'}"
            item = QListWidgetItem(text)
            item.setData(UID, record.uid)
            item.setToolTip("Entrar o doble clic: verlo en la matriz")
            self.risks.addItem(item)

    def _open_risk(self, item: QListWidgetItem) -> None:
        uid = item.data(UID)
        if uid:
            self.desk.go("matriz", ("riesgo", uid))


def _missing(found: Figures) -> list[Delivery]:
    """Who owes and has nothing accepted, the soonest due first."""
    owing = [delivery for delivery in found.deliveries if delivery.sections and not delivery.accepted]
    return sorted(owing, key=lambda delivery: (delivery.due or date.max, delivery.name))


def _not_sent(found: Figures) -> int:
    return sum(bool(delivery.sections) and delivery.state == "pendiente" for delivery in found.deliveries)


def _row(delivery: Delivery, today: date) -> tuple[str, ...]:
    state = "sin entregar" if delivery.state == "pendiente" else f"n.º {delivery.number} {delivery.state}"
    if delivery.due is None:
        return delivery.name, sections(delivery.sections), "", "", state
    left = (delivery.due - today).days
    days = f"▲ {-left} de mora" if left < 0 else "hoy" if left == 0 else f"faltan {left}"
    return delivery.name, sections(delivery.sections), spoken_date(delivery.due), days, state


def _first(needs: tuple[Needs, ...]) -> list[Needs]:
    if len(needs) <= TEMAS:
        return list(needs)
    rest = needs[TEMAS - 1 :]
    others = Needs(
        "",
        f"Otros {len(rest)} temas",
        sum(n.count for n in rest),
        sum(n.quantity for n in rest),
        sum((n.money for n in rest), type(rest[0].money)(0)),
    )
    return [*needs[: TEMAS - 1], others]


def _table(headings: tuple[str, ...], name: str) -> QTableWidget:
    made = QTableWidget(0, len(headings))
    made.setAccessibleName(name)
    made.setHorizontalHeaderLabels(headings)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setTabKeyNavigation(False)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(theme.ROW)
    header = made.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return made

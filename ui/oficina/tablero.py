"""The office at a glance: who delivered, where the risks stand, what is needed, who is missing; all of it opens."""

from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from peti_desktop import expected, method
from peti_desktop.consolidation import roles
from peti_desktop.expected import Owed
from peti_desktop.matrix import Condition, MatrixFilter, Op
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.reports import figures as numbers
from peti_desktop.reports.figures import Figures, Needs
from ui import theme
from ui.chips import Bar, Figure, button, card, label
from ui.desk import Desk, Page
from ui.heatmap import HeatMap
from ui.oficina.informes import open_outside
from ui.oficina.lines import Counted
from ui.oficina.tablero_faltan import Board
from ui.oficina.words import DELIVERIES, pesos, plural, short_pesos, thousands

MAPS: Final = {"inherente": "Inherente", "residual": "Residual"}
TEMAS: Final = 8
"""So many temas are told one by one; the rest together."""
BY_KEYS: Final = Qt.TextInteractionFlag.LinksAccessibleByKeyboard
BROAD: Final = 1000
"""From this width on, the needs stand beside the maps."""
MIDDLE: Final = 760
"""From this width on, all figures fit in a row."""
ACCEPTED, PARTLY, WAITING, RETURNED = "aceptada", "aceptada en parte", "por revisar", "devuelta"
"""States of a delivery whose number opens them, as ``reports.figures`` calls them."""
LISTED: Final = {
    ACCEPTED: "Aceptadas del Tablero",
    PARTLY: "En parte del Tablero",
    WAITING: "Por revisar del Tablero",
    RETURNED: "Devueltas del Tablero",
}
"""What the Bandeja calls them: one for each dependencia, where it may have several."""
HIGH_RISKS: Final = MatrixFilter("riesgo", conditions=(Condition("zona_residual", Op.ONE_OF, ("extremo", "alto")),))
OBSOLETE: Final = MatrixFilter("equipo", conditions=(Condition("obsolescencia", Op.FILLED),))


class TableroPage(Page):
    """See the module. Numbers come from ``reports.figures``, as in the papers; the board from ``expected``."""

    title = "Tablero"
    shows = frozenset({*TYPES, DELIVERIES})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.figures: Figures | None = None
        catalogues = desk.workspace.catalogues
        self._delivered = Figure("Entregas aceptadas", leads=True)
        self._delivered.picked.connect(partial(self._open_deliveries, ACCEPTED))
        self._share = Bar("Entregas aceptadas")
        self._risks = Figure("Riesgos altos y extremos", leads=True)
        self._risks.picked.connect(partial(desk.go, "matriz", HIGH_RISKS))
        self._equipment = Figure("Equipos obsoletos", leads=True)
        self._equipment.picked.connect(partial(desk.go, "matriz", OBSOLETE))
        self._needs = Figure("Necesidades", leads=True)
        self._needs.picked.connect(partial(desk.go, "matriz", MatrixFilter("necesidad")))
        zone = method.load(catalogues.metodo, catalogues.vigencia).zone
        self.maps = {which: HeatMap(zone, catalogues) for which in MAPS}
        for which, heat in self.maps.items():
            heat.picked.connect(partial(self._open_cell, which))
            heat.setToolTip("Pulse una casilla, o llegue a ella con las flechas y Entrar, para ver sus riesgos.")
        self._subtitle.setTextFormat(Qt.TextFormat.RichText)
        self._subtitle.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | BY_KEYS)
        self._subtitle.linkActivated.connect(self._open_deliveries)
        self.missing = Board(desk, open_outside)
        self.missing.opened.connect(self._open_owed)
        self._build()

    def _build(self) -> None:
        self._kpis = QGridLayout()
        self._kpis.setSpacing(theme.MEDIUM)
        self._across = 0
        self._lay_kpis(4)
        self._delivered.layout().addWidget(self._share)  # type: ignore[union-attr]
        self.body.addLayout(self._kpis)
        self._upper = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._upper.setSpacing(theme.MEDIUM)
        self._upper.addWidget(self._heat_card(), 5)
        self._upper.addWidget(self._needs_card(), 3)
        self.body.addLayout(self._upper)
        frame, column = card("Quién falta")
        column.addWidget(self.missing)
        self.body.addWidget(frame)
        self.body.addStretch()

    def _lay_kpis(self, across: int) -> None:
        """Figures side by side, ``across`` in a row."""
        if across == self._across:
            return
        self._across = across
        for place, figure in enumerate((self._delivered, self._risks, self._equipment, self._needs)):
            self._kpis.addWidget(figure, place // across, place % across)
        for column in range(4):
            self._kpis.setColumnStretch(column, 1 if column < across else 0)

    def _heat_card(self) -> QWidget:
        frame, column = card("Mapa de calor")
        maps = QHBoxLayout()
        maps.setSpacing(theme.MEDIUM)
        for heat in self.maps.values():
            heat.setMinimumSize(280, 300)
            maps.addWidget(heat, 1)
        column.addLayout(maps)
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The needs go below the maps on a narrow screen, and figures into two rows."""
        self._lay_kpis(4 if self.width() >= MIDDLE else 2)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._upper.setDirection(across if self.width() >= BROAD else down)
        super().resizeEvent(event)

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def read(_progress: Progress) -> tuple[Figures, list[Owed], str]:
            refused = roles.refusal(workspace, roles.CHANGE)
            return numbers.figures(workspace), expected.board(workspace), str(refused) if refused else ""

        self.desk.run(read, self._fill)

    def _fill(self, read: tuple[Figures, list[Owed], str]) -> None:
        found, owed, self.missing.refused = read
        self.figures = found
        waiting = len(_counted(found, WAITING))
        self.set_subtitle(_states(found))
        total = f"{thousands(found.accepted)} de {thousands(found.expected)}"
        self._delivered.tell(
            total, f"{thousands(waiting)} por revisar" if waiting else "Nada por revisar", "warns" if waiting else ""
        )
        self._share.set_share(found.accepted / found.expected if found.expected else 0.0)
        zones = found.zones["residual"]
        extreme = zones["extremo"] + zones["alto"]
        risks = plural(found.totals["riesgo"], "riesgo", "riesgos")
        self._risks.tell(thousands(extreme), f"en zona residual, de {risks}", "warns" if extreme else "")
        obsolete = found.obsolete_total
        devices = plural(found.totals["equipo"], "equipo", "equipos")
        self._equipment.tell(thousands(obsolete), f"de {devices}", "warns" if obsolete else "")
        self._needs.tell(thousands(found.totals["necesidad"]), short_pesos(found.money))
        for which, heat in self.maps.items():
            heat.show_counts(found.heat[which], MAPS[which])
        self._fill_temas(found)
        self.missing.fill(owed)

    def _fill_temas(self, found: Figures) -> None:
        while (entry := self._temas.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        total = plural(found.totals["necesidad"], "necesidad", "necesidades")
        units = plural(found.quantity, "unidad", "unidades")
        self._needs_total.setText(f"{total} · {units} · {pesos(found.money)}")
        shown = _first(found.needs_by_tema)
        most = max((needs.money for needs in shown), default=0)
        for row, needs in enumerate(shown):
            self._temas.addWidget(self._name(needs), 2 * row, 0)
            for place, text in ((1, thousands(needs.count)), (2, short_pesos(needs.money))):
                told = label(text, "body" if place == 1 else "muted")
                told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._temas.addWidget(told, 2 * row, place)
            bar = Bar(needs.label)
            bar.setFixedHeight(5)
            bar.set_share(float(needs.money / most) if most else 0.0)
            self._temas.addWidget(bar, 2 * row + 1, 0, 1, 3)

    def _name(self, needs: Needs) -> QWidget:
        """The tema, which opens its needs."""
        if not needs.code:
            others = label(needs.label)
            others.setIndent(3)
            return others
        wanted = MatrixFilter("necesidad", conditions=(Condition("tema", Op.ONE_OF, (needs.code,)),))
        made = button(needs.label, partial(self.desk.go, "matriz", wanted), role="quiet")
        made.setToolTip(f"Ver las necesidades de {needs.label}")
        made.setStyleSheet("text-align: left; padding: 0 2px; min-height: 20px;")
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return made

    # -- what is behind it

    def _open_deliveries(self, state: str) -> None:
        """In the Bandeja, exactly the deliveries that are counted as ``state``."""
        if self.figures is not None:
            self.desk.go("bandeja", Counted(LISTED[state], _counted(self.figures, state)))

    def _open_cell(self, which: str, probability: int, impact: int) -> None:
        levels = ((f"probabilidad_{which}", probability), (f"impacto_{which}", impact))
        conditions = tuple(Condition(field, Op.ONE_OF, (level,)) for field, level in levels)
        self.desk.go("matriz", MatrixFilter("riesgo", conditions=conditions))

    def _open_owed(self, owed: Owed) -> None:
        """The delivery of a row in the Bandeja; before there is one, what is in force of that section."""
        if owed.sha256:
            self.desk.go("bandeja", owed.sha256)
        elif owed.section in TYPES:
            unit = Condition("dependencia", Op.ONE_OF, (owed.dependencia,))
            self.desk.go("matriz", MatrixFilter(owed.section, conditions=(unit,)))


def _said(number: int, what: str) -> str:
    return plural(number, what, f"{what}s")


def _counted(found: Figures, state: str) -> frozenset[str]:
    """The SHA-256 of the deliveries behind a number: one for each dependencia that it counts."""
    if state == ACCEPTED:
        return frozenset(each.accepted_sha256 for each in found.deliveries if each.sections and each.accepted)
    return frozenset(each.sha256 for each in found.deliveries if each.state == state)


def _states(found: Figures) -> str:
    """How many dependencias are how far; each number leads to its deliveries."""

    def told(state: str, what: str) -> str:
        number = len(_counted(found, state))
        words = f"{thousands(number)} {what}" if state in {PARTLY, WAITING} else _said(number, what)
        return f'<a href="{state}">{words}</a>' if number else words

    accepted = told(ACCEPTED, "aceptada")
    if _counted(found, PARTLY):
        accepted += f" ({told(PARTLY, 'en parte')})"
    states = [_said(found.expected, "esperada"), accepted, told(WAITING, "por revisar"), told(RETURNED, "devuelta")]
    return f"Entregas: {' · '.join(states)} · {thousands(_not_sent(found))} sin entregar"


def _not_sent(found: Figures) -> int:
    return sum(bool(delivery.sections) and delivery.state == "pendiente" for delivery in found.deliveries)


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

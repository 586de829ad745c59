"""Which records of a delivery are seen, and against what it is compared."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peti_desktop.consolidation.decisions import ACCEPT
from peti_desktop.intake import apply
from peti_desktop.intake.stage import COUNTED, EQUAL, Item
from peti_desktop.records import TYPES
from ui import theme
from ui.chips import button
from ui.oficina.review_marks import IN_FORCE, Marks
from ui.oficina.words import KINDS, thousands

BROAD: Final = 600
"""From this width on, the five kinds stand in one row."""
KIND_SHEET: Final = """
QPushButton, QPushButton:checked, QPushButton:focus { padding: 3px 8px; min-height: 20px; }
QPushButton:disabled { background: transparent; border: 1px solid palette(mid); color: palette(dark); }
"""
ALL, ZONE, DOUBTS, ASKED, APART = "", "zona", "dudosos", "observados", "aparte"
VIEWS: Final = (
    (ALL, "Todos los cambios"),
    (ZONE, "Solo lo que cambió la zona"),
    (DOUBTS, "Solo dudosos"),
    (ASKED, "Solo con observaciones"),
    (APART, "Solo lo que no se acepta"),
)


class Filters(QWidget):
    """``changed`` when other records are wanted, ``compare`` when it should be compared with something else."""

    changed = Signal()
    compare = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[str, QPushButton] = {}
        self.view, self.section, self.against = QComboBox(), QComboBox(), QComboBox()
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.TIGHT)
        self._grid.setColumnStretch(len(KINDS), 1)
        for place, kind in enumerate(KINDS):
            self.kinds[kind] = self._kind_button(kind)
            self._grid.addWidget(self.kinds[kind], 0, place)
        self.against.addItem("Contra lo vigente", apply.IN_FORCE)
        self.against.addItem("Contra la entrega anterior", apply.EARLIER)
        for code, text in VIEWS:
            self.view.addItem(text, code)
        self.section.addItem("Todas las secciones", "")
        for name, record_type in TYPES.items():
            self.section.addItem(record_type.title, name)
        self.against.activated.connect(lambda _place: self.compare.emit())
        self.view.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.section.currentIndexChanged.connect(lambda _place: self.changed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(self._grid)
        column.addLayout(self._choices())

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        for choice, name in (
            (self.against, "Contra qué se compara"),
            (self.view, "Qué registros se ven"),
            (self.section, "Sección"),
        ):
            choice.setAccessibleName(name)
            choice.setToolTip(name)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            choice.setMinimumContentsLength(5)
            row.addWidget(choice, 1)
        return row

    def _kind_button(self, kind: str) -> QPushButton:
        made = button("")
        made.setProperty("role", "choice")
        made.setStyleSheet(KIND_SHEET)
        made.setCheckable(True)
        made.setChecked(kind != EQUAL)
        made.setAccessibleName(KINDS[kind][1])
        made.setToolTip(f"Mostrar u ocultar: {KINDS[kind][1].lower()}")
        made.toggled.connect(lambda _checked: self.changed.emit())
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The kinds stand in two rows where one is too long."""
        across = len(KINDS) if self.width() >= BROAD else 3
        for place, made in enumerate(self.kinds.values()):
            self._grid.addWidget(made, place // across, place % across)
        super().resizeEvent(event)

    def set_small(self, small: bool) -> None:
        """Where there is little room only the choices are shown."""
        for made in self.kinds.values():
            made.setHidden(small)

    def tell(self, counts: Mapping[str, int] | None) -> None:
        """How many there are of each kind; None while it is being found out."""
        for kind, chip in self.kinds.items():
            sign, many, _one = KINDS[kind]
            number = counts[COUNTED[kind]] if counts else 0
            chip.setText(f"{sign} {many} {thousands(number)}" if counts else f"{sign} {many}")
            chip.setEnabled(bool(number))

    def wanted(self, marks: Marks) -> set[tuple[str, str]]:
        """The records that are to be seen."""
        kinds = {kind for kind, chip in self.kinds.items() if chip.isChecked()}
        view, section = str(self.view.currentData()), str(self.section.currentData())
        standings = marks.standings()
        observed = {(o.tipo, o.registro) for o in marks.opened.asked}

        def fits(item: Item) -> bool:
            match view:
                case "zona":
                    return item.zone_changed
                case "dudosos":
                    return bool(item.reasons)
                case "observados":
                    return item.key in observed
                case "aparte":
                    return item.key in standings and standings[item.key].what not in {ACCEPT, IN_FORCE}
                case _:
                    return item.kind in kinds or item.key in observed

        return {item.key for item in marks.opened.compared.items if section in {"", item.type} and fits(item)}

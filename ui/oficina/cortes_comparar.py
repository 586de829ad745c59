"""What changed between two cuts, or since a cut: totals, zones that moved, and every change, to be filtered."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation.comparing import CHANGED, NEW, RETIRED, SAME, Comparison, Difference
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from ui import theme
from ui.chips import Figure, button, label
from ui.desk import Desk
from ui.oficina.tabla import PlainTable
from ui.oficina.words import thousands

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()
KINDS: Final = {NEW: "Nuevo", CHANGED: "Cambiado", RETIRED: "Retirado"}
RISEN, FALLEN = "subió", "bajó"
SHOWN: Final = (
    ("", "Todos los cambios"),
    *KINDS.items(),
    (RISEN, "La zona subió"),
    (FALLEN, "La zona bajó"),
)
HEADINGS: Final = ("Qué pasó", "Dependencia", "Registro", "Campo", "Antes", "Ahora")
HIGH: Final = 260
FILES: Final = {"pdf": "PDF (*.pdf)", "xlsx": "Excel (*.xlsx)"}

Line = tuple[str, ...]


def lines_of(difference: Difference, catalogues: Catalogues) -> list[Line]:
    """A difference as rows of the table, one for each field."""
    moved = {1: " ▲ subió", -1: " ▼ bajó", 0: ""}[difference.zone]
    unit = catalogues.label("dependencia", difference.dependencia)
    first = (KINDS[difference.kind], unit, f"{TYPES[difference.type].singular} · {difference.headline}")
    if not difference.changes:
        return [(*first, "", "", difference.note)]
    blank = "Sin diligenciar"
    return [
        (*first, c.label + (moved if c.field == "zona_residual" else ""), c.before or blank, c.after or blank)
        for c in difference.changes
    ]


class Changes(QAbstractTableModel):
    """The lines of the differences that pass the filter."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []

    def fill(self, lines: list[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADINGS[section]
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if index.isValid() and role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._lines[index.row()][index.column()]
        return None


class ComparisonView(QWidget):
    """A comparison; ``back`` when somebody has seen enough."""

    back = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._catalogues = desk.workspace.catalogues
        self.comparison: Comparison | None = None
        self.title = label("", "heading", wraps=True)
        self.figures = {name: Figure(name) for name in ("Nuevos", "Cambiados", "Retirados", "Iguales", "Zonas")}
        self.unit, self.kind, self.shown = QComboBox(), QComboBox(), QComboBox()
        self.model = Changes()
        self.table = PlainTable(self.model, "Cambios", (96, 170, 240, 190, 150))
        self.none = label("", "muted", wraps=True)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        head = QHBoxLayout()
        self.back_button = button("Volv&er a los cortes", self.back.emit)
        head.addWidget(self.back_button)
        head.addWidget(self.title, 1)
        for ending, text in (("pdf", "Guardar P&DF"), ("xlsx", "Guardar en E&xcel")):
            head.addWidget(button(text, partial(self._save, ending), icon="informes"))
        column.addLayout(head)
        figures = QHBoxLayout()
        figures.setSpacing(theme.SMALL)
        for figure in self.figures.values():
            figures.addWidget(figure, 1)
        column.addLayout(figures)
        filters = QHBoxLayout()
        for box, name in ((self.shown, "Qué cambios"), (self.unit, "Dependencia"), (self.kind, "Clase de registro")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.activated.connect(self._filter)
            filters.addWidget(box, 1)
        for code, text in SHOWN:
            self.shown.addItem(text, code)
        column.addLayout(filters)
        self.table.setMinimumHeight(HIGH)
        column.addWidget(self.table, 1)
        column.addWidget(self.none)

    def show_comparison(self, found: Comparison) -> None:
        """Show what ``found`` says."""
        self.comparison = found
        self.title.setText(f"{found.before} → {found.after}")
        for name, kind in (("Nuevos", NEW), ("Cambiados", CHANGED), ("Retirados", RETIRED), ("Iguales", SAME)):
            self.figures[name].tell(thousands(found.count(kind)))
        risen, fallen = len(found.risen), len(found.fallen)
        self.figures["Zonas"].tell(f"▲{risen} ▼{fallen}", "riesgos que subieron o bajaron de zona")
        units = {d.dependencia for d in found.differences}
        named = sorted(
            ((self._catalogues.label("dependencia", unit), unit) for unit in units), key=lambda p: plain(p[0])
        )
        for box, every, entries in (
            (self.unit, "Todas las dependencias", named),
            (self.kind, "Todas las clases", [(kind.title, name) for name, kind in TYPES.items()]),
        ):
            box.clear()
            box.addItem(every, "")
            for text, code in entries:
                box.addItem(text, code)
        self.shown.setCurrentIndex(0)
        self._filter()
        self.table.setFocus()

    def _filter(self, _place: int = 0) -> None:
        assert self.comparison is not None
        kind, unit, name = (box.currentData() for box in (self.shown, self.unit, self.kind))
        lines = [
            line
            for difference in self.comparison.differences
            if (not unit or difference.dependencia == unit)
            and (not name or difference.type == name)
            and (kind in {"", difference.kind} or {RISEN: 1, FALLEN: -1}.get(kind) == difference.zone)
            for line in lines_of(difference, self._catalogues)
        ]
        self.model.fill(lines)
        self.table.setVisible(bool(lines))
        nothing = "No cambió nada." if not self.comparison.differences else "Ningún cambio pasa este filtro."
        self.none.setText("" if lines else nothing)
        self.none.setVisible(not lines)

    def _save(self, ending: str) -> None:
        found, workspace = self.comparison, self._desk.workspace
        assert found is not None
        proposed = Path(f"{workspace.info.vigencia}_que-cambio.{ending}")
        path = self._desk.messages.save_file("Guardar qué cambió", proposed, FILES[ending])
        if path is None:
            return

        def work(progress: Progress) -> Path:
            from peti_desktop.files import replace_file
            from peti_desktop.reports import cambios, cambios_xlsx

            drawn = cambios.drawn if ending == "pdf" else cambios_xlsx.drawn
            replace_file(path, drawn(workspace, found, progress))
            return path

        def saved(where: Path) -> None:
            self._desk.notice.tell(f"Qué cambió quedó en {where}.", tone="fine")

        self._desk.run(work, saved, text="Escribiendo qué cambió…")

"""The tab of indicators: each with base, goal, what was reached and its light; the progress of one in a form."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.peti.indicators import LIGHTS, MEETS, MIDDLE, MISSES, Standing
from peti_desktop.records import AVANCE, Problem
from peti_desktop.records.convert import decimal_text
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty, StateChip, label
from ui.dependencia.retiring import RetireButton
from ui.form import Form, Save
from ui.oficina.plan_tablas import Sheet

TONES = {MEETS: "fine", MIDDLE: "warns", MISSES: "stops"}


class IndicatorsView(QWidget):
    """``retired(reason)``: somebody retires the progress in front."""

    retired = Signal(str)

    def __init__(self, catalogues: Catalogues, save: Save, initiatives: Callable[[], list[tuple[str, str]]]) -> None:
        super().__init__()
        self._catalogues = catalogues
        self._standings: Sequence[Standing] = ()
        self._progress: Sequence[Record] = ()
        self._problems: Mapping[str, Sequence[Problem]] = {}
        columns = ("Código", "Indicador", "Base", "Meta", "Alcanzado", "%", "Semáforo")
        self.list = Sheet(columns, "Indicadores del plan", wide=1, numbers=(2, 3, 4, 5), spare=(2, 3, 4, 5))
        self.form = Form(AVANCE, catalogues, save, links={"iniciativa": initiatives}, columns=2)
        self.which = QComboBox()
        self.chip = StateChip("Sin avance", "info")
        self.retire_button = RetireButton()
        self._title = label("", "heading", wraps=True)
        self._build()

    def _build(self) -> None:
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemSelectionChanged.connect(self._pick)
        self.list.setMinimumWidth(330)
        self.which.setAccessibleName("Avance que se muestra")
        self.which.currentIndexChanged.connect(lambda _place: self._show())
        self.retire_button.chosen.connect(self.retired)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.which, 1)
        row.addWidget(self.retire_button)
        self._empty = Empty(
            "Sin avances en esta vigencia", "Con «Nuevo avance» se anota cuánto se ha logrado.", icon="plan"
        )
        right = QWidget()
        right.setMinimumWidth(320)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.form, 1)
        column.addWidget(self._empty, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(theme.MEDIUM)
        split.addWidget(self.list)
        split.addWidget(right)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([600, 400])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    # -- what it shows

    def show_standings(
        self,
        standings: Sequence[Standing],
        progress: Sequence[Record],
        problems: Mapping[str, Sequence[Problem]],
        *,
        writable: bool,
    ) -> None:
        """Show every indicator, and the progress of a vigencia (of all indicators)."""
        self._standings, self._progress, self._problems = standings, progress, problems
        for widget in (self.form.widget(), self.retire_button):
            widget.setEnabled(writable)
        self.list.fill([(standing.code, _texts(standing)) for standing in standings])
        self._pick()

    @property
    def standing(self) -> Standing | None:
        """The indicator in front."""
        chosen = self.list.chosen_keys()
        return next((standing for standing in self._standings if [standing.code] == chosen), None)

    @property
    def record(self) -> Record | None:
        """The progress in front."""
        uid = self.which.currentData()
        return next((record for record in self._progress if record.uid == uid), None)

    def _pick(self) -> None:
        standing = self.standing
        if standing is None:
            return
        self.form.flush()
        programme = self._catalogues.label("programa", standing.programme) if standing.programme else ""
        self._title.setText(f"{standing.code} · {standing.name}")
        self._title.setToolTip(programme)
        letter, word = LIGHTS[standing.light]
        self.chip.tell(f"{letter}  {word}", TONES.get(standing.light, "info"))
        kept = self.which.currentData()
        own = [record for record in self._progress if record.values["indicador"] == standing.code]
        newest = standing.progress.uid if standing.progress is not None else None
        self.which.blockSignals(True)
        self.which.clear()
        for record in own:
            period = record.values["periodo"]
            name = self._catalogues.label("periodo_avance", str(period)) if period else "Sin periodo"
            self.which.addItem(f"{record.values['vigencia'] or ''} · {name}", record.uid)
        place = self.which.findData(kept)
        self.which.setCurrentIndex(place if place >= 0 else self.which.findData(newest))
        self.which.blockSignals(False)
        self.which.setVisible(bool(own))
        self._show()

    def _show(self) -> None:
        record = self.record
        self.form.setVisible(record is not None)
        self._empty.setVisible(record is None)
        self.retire_button.setVisible(record is not None)
        if record is not None:
            self.form.show_record(record, self._problems.get(record.uid, ()))

    def select(self, code: str, uid: str = "", field: str = "") -> None:
        """Bring an indicator to the front, and one of its progresses."""
        self.list.choose(code)
        place = self.which.findData(uid)
        if place >= 0:
            self.which.setCurrentIndex(place)
            if field:
                self.form.go_to(field)


def _texts(standing: Standing) -> tuple[str, ...]:
    letter, word = LIGHTS[standing.light]
    amounts = (standing.base, standing.goal, standing.value, standing.percent)
    return (standing.code, standing.name, *(_amount(value) for value in amounts), f"{letter}  {word}")


def _amount(value: Decimal | None) -> str:
    return decimal_text(value) if value is not None else ""

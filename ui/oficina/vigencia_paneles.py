"""The questions of the page «Vigencia»: a change of a list, a new year, where records go."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import TYPES
from peti_desktop.vigencias import changing
from peti_desktop.vigencias.asking import Asked
from peti_desktop.vigencias.mapping import Key, Move, Proposed
from peti_desktop.vigencias.opening import FARTHEST
from peti_desktop.vigencias.rules import PROCESS, UNIT
from ui import theme
from ui.chips import button, label
from ui.oficina.firmantes_paneles import Panel

CODE: Final = Qt.ItemDataRole.UserRole
NEW_ONE: Final = "Una dependencia nueva"

TITLES: Final = {
    changing.RENAMED: "Cambie el nombre de «{}»",
    changing.CLOSED: "Cierre «{}»",
    changing.ADDED: "Agregue a la lista",
    changing.SPLIT: "Divida «{}»",
    changing.MERGED: "Junte «{}» con otras",
    changing.OWNER: "¿Quién responde por «{}»?",
    changing.SUPPORT: "¿Hasta cuándo tiene soporte «{}»?",
    changing.WAGE: "Salario mínimo legal mensual de un año",
}
ABOUT: Final = {
    changing.RENAMED: "El código no cambia y el nombre de antes se sigue encontrando. Sin fecha, el de antes era "
    "un error y el nuevo vale siempre; con fecha, vale para las vigencias que terminan después.",
    changing.CLOSED: "Desde el día siguiente ya no se ofrece. Lo registrado se conserva y sale como aviso donde esté.",
    changing.ADDED: "El código sale del nombre y no cambia nunca.",
    changing.SPLIT: "La de antes termina el día anterior y las dos nuevas empiezan ese día. Después se dice a cuál "
    "pasa cada registro.",
    changing.MERGED: "Las escogidas terminan el día anterior. La que queda responde por los subprocesos de todas.",
    changing.OWNER: "Por cada subproceso responde una sola dependencia.",
    changing.SUPPORT: "Los equipos que lo usan se recalculan. Sin fecha: no se conoce.",
    changing.WAGE: "Con él se muestran en pesos los límites del impacto económico.",
}
DAYS: Final = {
    changing.RENAMED: "&Desde (puede quedar vacía)",
    changing.CLOSED: "Último &día",
    changing.ADDED: "&Desde (puede quedar vacía)",
    changing.SPLIT: "&Desde",
    changing.MERGED: "&Desde",
    changing.SUPPORT: "Último &día de soporte",
}


class Deed(Panel):
    """``said(asked, reason)``: change a list so. ``more_asked(list, code)``: add many entries instead of one."""

    said = Signal(object, str)
    more_asked = Signal(str, str)

    def __init__(self) -> None:
        super().__init__("Cambie la lista", "&Hacer el cambio", "-")
        self.deed, self.lista, self.code = "", "", ""
        self.name, self.second, self.day, self.amount = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.day.setPlaceholderText("dd/mm/aaaa")
        self.target, self.reason = QComboBox(), QLineEdit()
        self.target.currentIndexChanged.connect(self._retarget)
        self.items = QListWidget()
        self.items.setMinimumHeight(150)
        self.items.setSpacing(3)
        self._words: dict[QWidget, QLabel] = {}
        for text, editor in (
            ("Nombr&e", self.name),
            ("Nombre de la otr&a", self.second),
            ("&Pasa a", self.target),
            ("S&ubprocesos de la otra", self.items),
            ("&Desde", self.day),
            ("Valor mens&ual", self.amount),
            ("Moti&vo", self.reason),
        ):
            self.add(text, editor)
            words = self.form.labelForField(editor)
            assert isinstance(words, QLabel)
            self._words[editor] = words
        self.reason.setPlaceholderText("Decreto o acto que lo ordena: queda en la bitácora")
        self.several = button("Agregar varios a la ve&z…", self._ask_more, role="quiet")
        self.more.addWidget(self.several, alignment=Qt.AlignmentFlag.AlignLeft)

    def ask(self, deed: str, lista: str, code: str, catalogues: Catalogues) -> None:
        """Put one question; the fields it does not need are away."""
        self.begin()
        self.deed, self.lista, self.code = deed, lista, code
        known = catalogues.entry(lista, code) if lista in catalogues.lists() and code else None
        name = known.label if known else ""
        self.heading.setText(TITLES[deed].format(name))
        self.about.setText(ABOUT[deed])
        self.several.setVisible(deed == changing.ADDED)
        self._targets(catalogues)
        self._choices(catalogues)
        shown = {
            self.name: deed in {changing.RENAMED, changing.ADDED, changing.SPLIT, changing.MERGED, changing.WAGE},
            self.second: deed == changing.SPLIT,
            self.target: self.target.count() > 0,
            self.items: self.items.count() > 0,
            self.day: deed in DAYS,
            self.amount: deed == changing.WAGE,
            self.reason: True,
        }
        for editor, visible in shown.items():
            self.form.setRowVisible(editor, visible)
        self._call(self.day, DAYS.get(deed, "&Desde"))
        self._call(self.name, "&Año" if deed == changing.WAGE else "Nombr&e de una" if self.second_shown else "Nombr&e")
        owner = deed == changing.OWNER or lista == PROCESS
        self._call(self.target, "&Responde" if owner else "&Queda en" if deed == changing.MERGED else "&Pasa a")
        self._call(self.items, "S&ubprocesos de la otra" if deed == changing.SPLIT else "Se &unen")
        self.name.setText(name if deed == changing.RENAMED else "")
        self.check()

    @property
    def second_shown(self) -> bool:
        """Whether the question is about two parts."""
        return self.deed == changing.SPLIT

    def _ask_more(self) -> None:
        self.more_asked.emit(self.lista, self.code)

    def _call(self, editor: QWidget, text: str) -> None:
        self._words[editor].setText(text)
        editor.setAccessibleName(text.replace("&", ""))

    def _targets(self, catalogues: Catalogues) -> None:
        self.target.clear()
        units = sorted(catalogues.entries(UNIT), key=lambda entry: entry.label)
        match self.deed:
            case changing.CLOSED:
                self.target.addItem("A ninguna", "")
                own = [entry for entry in catalogues.entries(self.lista) if entry.code != self.code]
                for entry in sorted(own, key=lambda each: each.label):
                    self.target.addItem(entry.label, entry.code)
            case changing.MERGED:
                self.target.addItem(NEW_ONE, "")
                for entry in units:
                    self.target.addItem(entry.label, entry.code)
            case changing.OWNER:
                for entry in units:
                    self.target.addItem(entry.label, entry.code)
            case changing.ADDED if self.lista == PROCESS:
                for entry in units:
                    self.target.addItem(entry.label, entry.code)
        if self.deed == changing.OWNER and catalogues.answered(self.code):
            self.target.setCurrentIndex(self.target.findData(catalogues.dependencia_of(self.code)))

    def _choices(self, catalogues: Catalogues) -> None:
        self.items.clear()
        found: list[tuple[str, str]] = []
        if self.deed == changing.SPLIT:
            found = [(code, catalogues.label(PROCESS, code)) for code in catalogues.subprocesos_of(self.code)]
        elif self.deed == changing.MERGED:
            found = [(entry.code, entry.label) for entry in catalogues.entries(UNIT) if entry.code != self.code]
        for code, name in sorted(found, key=lambda pair: pair[1]):
            item = QListWidgetItem(name)
            item.setData(CODE, code)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.items.addItem(item)

    def _retarget(self, _index: int) -> None:
        if self.deed == changing.MERGED:
            self.form.setRowVisible(self.name, not self.target.currentData())

    def ready(self) -> bool:
        return bool(self.reason.text().strip())

    def act(self) -> None:
        items = (self.items.item(row) for row in range(self.items.count()))
        chosen = tuple(str(item.data(CODE)) for item in items if item.checkState() is Qt.CheckState.Checked)
        asked = Asked(
            self.deed,
            self.lista,
            self.code,
            name=self.name.text().strip(),
            second=self.second.text().strip(),
            day=self.day.text().strip(),
            target=str(self.target.currentData() or ""),
            chosen=chosen,
            amount=self.amount.text().strip(),
        )
        self.said.emit(asked, self.reason.text().strip())

    def wipe(self) -> None:
        for editor in (self.name, self.second, self.day, self.amount, self.reason):
            editor.clear()

    def start(self) -> None:
        """The first field gets the keyboard."""
        for editor in (self.name, self.target, self.day, self.reason):
            if not editor.isHidden():
                editor.setFocus()
                return


class OpenYear(Panel):
    """``said(year, metodo, carry)``: open a vigencia; ``carry``: with the deadlines of this one, a year later."""

    said = Signal(int, str, bool)

    def __init__(self) -> None:
        super().__init__(
            "Abra una vigencia",
            "&Abrir la vigencia",
            "Los registros siguen vigentes y lo de antes ya no se puede deshacer. Primero se guarda una copia. Los "
            "plazos se pueden cambiar después, uno por uno, antes de escribir los archivos de inicio.",
        )
        self.year, self.metodo, self.due = QComboBox(), QComboBox(), QComboBox()
        self.due.addItem("Los de esta vigencia, con el año nuevo", True)
        self.due.addItem("Ninguno: se escriben después", False)
        self.add("&Vigencia", self.year)
        self.add("Guía de &riesgos", self.metodo)
        self.add("&Plazos", self.due)
        self.setFocusProxy(self.year)

    def fill(self, catalogues: Catalogues) -> None:
        """The years there may be, and the guides that rate."""
        self.year.clear()
        for ahead in range(1, FARTHEST + 1):
            self.year.addItem(str(catalogues.vigencia + ahead), catalogues.vigencia + ahead)
        self.metodo.clear()
        for entry in catalogues.entries("metodo"):
            self.metodo.addItem(entry.label, entry.code)
        self.metodo.setCurrentIndex(self.metodo.findData(catalogues.metodo))

    def act(self) -> None:
        self.said.emit(self.year.currentData(), str(self.metodo.currentData()), bool(self.due.currentData()))


class Carry(Panel):
    """``said(move, choices, reason)``: records go where the table says."""

    said = Signal(object, object, str)

    def __init__(self) -> None:
        super().__init__(
            "Pase los registros",
            "&Pasar los registros",
            "Se pasan en un solo acto, que se puede deshacer y queda en la bitácora.",
        )
        self.setMaximumWidth(1100)
        self._move: Move | None = None
        self._keys: list[Key] = []
        self._targets: dict[Key, str] = {}
        self._names: Mapping[str, str] = {}
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName("Registros y a dónde pasan")
        self.table.setHorizontalHeaderLabels(["Registro", "Pasa a", "Por qué"])
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.setMinimumHeight(260)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.ROW)
        for place in range(3):
            self.table.horizontalHeader().setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)
        self.to = QComboBox()
        self.to.setAccessibleName("A dónde pasa lo escogido")
        words = label("Lo &escogido pasa a")
        words.setBuddy(self.to)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(words)
        row.addWidget(self.to, 1)
        row.addWidget(button("&Asignar", self._assign))
        self.count = label("", "muted", wraps=True)
        self.more.addWidget(self.table)
        self.more.addLayout(row)
        self.more.addWidget(self.count)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("Decreto o acto que lo ordena: queda en la bitácora")
        self.add("Moti&vo", self.reason)
        self.setFocusProxy(self.table)

    def fill(self, move: Move, found: Sequence[Proposed], names: Mapping[str, str]) -> None:
        """Show every record with what is proposed; ``names`` are those of the entries it may go to."""
        self.begin()
        self._move, self._names = move, names
        self._keys = [one.key for one in found]
        self._targets = {one.key: one.target for one in found}
        self.heading.setText(f"Pase los registros de «{move.name}»")
        self.to.clear()
        for code in move.to:
            self.to.addItem(names[code], code)
        self.to.addItem("Queda donde está", "")
        self.table.setRowCount(len(found))
        for row, one in enumerate(found):
            texts = (f"{TYPES[one.type].singular} {one.headline}", "", one.why)
            for place, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(text)
                self.table.setItem(row, place, cell)
        self._tell(range(len(found)))
        if found:
            self.table.setCurrentCell(0, 0)

    def _assign(self) -> None:
        rows = sorted({index.row() for index in self.table.selectedIndexes()})
        for row in rows:
            self._targets[self._keys[row]] = str(self.to.currentData())
            self._write(row, 2, "lo escogió usted")
        self._tell(rows)

    def _tell(self, rows: Collection[int]) -> None:
        for row in rows:
            target = self._targets[self._keys[row]]
            self._write(row, 1, self._names[target] if target else "¿?")
        going = sum(bool(target) for target in self._targets.values())
        self.count.setText(f"Pasan {going} de {len(self._keys)}; los demás quedan donde están.")
        self.check()

    def _write(self, row: int, place: int, text: str) -> None:
        cell = self.table.item(row, place)
        assert cell is not None
        cell.setText(text)
        cell.setToolTip(text)

    def ready(self) -> bool:
        return bool(self.reason.text().strip()) and any(self._targets.values())

    def act(self) -> None:
        self.said.emit(self._move, dict(self._targets), self.reason.text().strip())

    def wipe(self) -> None:
        self.reason.clear()

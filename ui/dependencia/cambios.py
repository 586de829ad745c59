"""What changed between a delivery and the one before it, another one, or the records of today: a line per field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from peti_desktop.moments import day_of
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text, spoken_date
from peti_desktop.records.fields import Field
from peti_desktop.records.record import Record
from ui import theme
from ui.chips import Empty, label
from ui.dependencia.celdas import ReadTable, line, listed
from ui.desk import Desk
from ui.messages import Notice

if TYPE_CHECKING:
    from peti_desktop.delivery.made import Compared, Made
    from peti_desktop.rereading import Reread

CHANGES: Final = listed(
    "cambio",
    "Cambio",
    "Cambios",
    (
        Field("que", "Qué pasó", width=11),
        Field("tipo", "Tipo", width=9),
        Field("registro", "Registro", width=22),
        Field("campo", "Campo", width=14),
        Field("antes", "Antes", width=18),
        Field("despues", "Después", width=18),
    ),
)
SIGNS: Final = {
    "nuevo": ("+", "nuevo", "nuevos"),
    "cambiado": ("≠", "cambiado", "cambiados"),
    "retirado": ("−", "retirado", "retirados"),
    "recuperado": ("↺", "recuperado", "recuperados"),
    "ausente": ("?", "no viene", "no vienen"),
    "igual": ("=", "igual", "iguales"),
}
"""A sign, the word for one and the word for many, by what became of a record."""


class Cambios(QWidget):
    """``against`` chooses what the delivery is compared with."""

    def __init__(self, desk: Desk, reread: "Reread", others: "Sequence[Made]", notice: Notice) -> None:
        super().__init__()
        self._desk, self._reread, self._notice = desk, reread, notice
        self.against = QComboBox()
        self.against.setAccessibleName("Comparar")
        self._others = list(reversed(others))
        self._offer()
        self.against.activated.connect(self.reload)
        self.counts = label("", "muted")
        empty = Empty("Nada cambió", "Todo es igual.")
        self.table = ReadTable(CHANGES, desk.workspace.catalogues, empty=empty, tells=_told)
        words = label("Co&mparar:")
        words.setBuddy(self.against)
        row = QHBoxLayout()
        row.addWidget(words)
        row.addWidget(self.against)
        row.addSpacing(theme.SMALL)
        row.addWidget(self.counts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SMALL)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self.reload()

    def _offer(self) -> None:
        """The delivery before this one comes first: it is what people ask for."""
        cover = self._reread.envelope
        own = (cover.vigencia, cover.number) if cover else (0, 0)
        for one in sorted(self._others, key=lambda other: (other.vigencia, other.number) > own):
            if (one.vigencia, one.number) != own:
                words = f"con la entrega n.º {one.number} de {one.vigencia}, {spoken_date(day_of(one.made_at))}"
                self.against.addItem(words, one)
        self.against.addItem("con lo registrado ahora", None)

    def reload(self) -> None:
        """Compare anew, off the window's thread."""
        workspace, reread, other = self._desk.workspace, self._reread, self.against.currentData()

        def work(_progress: object) -> "tuple[list[Record], Counter[str]]":
            from peti_desktop import rereading

            found = rereading.between(workspace, reread, other)
            return list(_lines(found)), Counter(one.kind for one in found)

        self.counts.setText("Comparando…")
        self._desk.run(work, self._fill, fails=self._failed)

    def _fill(self, found: "tuple[list[Record], Counter[str]]") -> None:
        lines, kinds = found
        self.counts.setText(_counted(kinds))
        self.table.fill(lines)

    def _failed(self, error: Exception) -> None:
        self.counts.setText("No se pudo comparar")
        self._notice.tell(str(error), tone="stops")


def _told(record: Record) -> str:
    """A line of the table, whole."""
    said = {name: str(value or "") for name, value in record.values.items()}
    head = f"{said['que']}: {said['tipo']} {said['registro']}"
    if not said.get("campo"):
        return f"{head}\n{said['despues']}"
    return f"{head}\n{said['campo']}: {said['antes'] or 'sin diligenciar'} → {said['despues'] or 'sin diligenciar'}"


def _counted(kinds: "Counter[str]") -> str:
    parts = [
        f"{sign} {decimal_text(kinds[kind])} {one if kinds[kind] == 1 else many}"
        for kind, (sign, one, many) in SIGNS.items()
        if kinds[kind]
    ]
    return "  ·  ".join(parts)


def _lines(found: "Sequence[Compared]") -> Iterator[Record]:
    """A line per changed field; one alone for a record that came or went as a whole."""
    for one in found:
        if one.kind == "igual":
            continue
        sign, word, _many = SIGNS[one.kind]
        head = {"que": f"{sign} {word}", "tipo": TYPES[one.type].singular, "registro": one.headline or "(sin datos)"}
        if one.kind in {"retirado", "ausente"} or not one.differences:
            reason = f"Retirado: {one.reason}" if one.reason else ""
            yield line("cambio", one.uid, head | {"despues": reason})
        for number, different in enumerate(one.differences):
            told = {"campo": different.label, "antes": different.before, "despues": different.after}
            yield line("cambio", f"{one.uid} {number}", head | told)

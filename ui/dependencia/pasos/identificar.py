"""Step 1: what may happen. The finished sentence grows, above the steps, while its parts are typed."""

from html import escape
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import Values
from peti_desktop.records.riesgo import sentence
from ui.chips import button
from ui.dependencia.pasos.step import Step
from ui.dependencia.wording import reads_like
from ui.form import two_columns
from ui.messages import Notice

FIRST: Final = ("subproceso", "actividad", "factor", "clasificacion", "afectacion")
CAUSES: Final = ("causa_inmediata", "causa_raiz")
PARTS: Final = ("afectacion", *CAUSES)
JOINTS: Final = ("Posibilidad de ", " por ", " debido a ")
WORDS: Final = {
    "deseo": "Esto pide algo: parece una necesidad, no un riesgo.",
    "causa": "Esto dice qué falta: parece una causa o una necesidad, no lo que puede ocurrir.",
}


class Identificar(Step):
    """``composed(text)``: the program wrote the description; ``wished(field)``: keep this text as a need instead."""

    composed = Signal(str)
    wished = Signal(str)

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__(catalogues, (*FIRST, *CAUSES, "descripcion"))
        self._own = False
        self._answered: set[str] = set()
        self.column.addLayout(two_columns([self.editors[name] for name in FIRST]))
        for name in CAUSES:
            self.column.addWidget(self.editors[name])
        self.wish = Notice()
        self.column.addWidget(self.wish)
        self.column.addWidget(self.editors["descripcion"])
        self.switch = button("", self._toggle, role="quiet")
        line = QHBoxLayout()
        line.addWidget(self.switch, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addLayout(line)
        self.column.addStretch()
        self.editors["descripcion"].edited.connect(lambda _raw: self._set_own(True))
        for name in (*CAUSES, "descripcion"):
            self.editors[name].left.connect(lambda name=name: self._look(name))

    # -- the sentence

    def begin(self, values: Values) -> None:
        """Another record: decide whether its description is the person's own."""
        written = values.get("descripcion")
        self._answered.clear()
        self.wish.clear()
        self._set_own(bool(written) and written != _sentence(values))

    @property
    def own(self) -> bool:
        """Whether the person writes the description in words of their own."""
        return self._own

    def compose(self) -> None:
        """One of the parts was typed: write the description, unless it is the person's own."""
        if self._own:
            return
        values = {name: self.editors[name].value_or_none() for name in PARTS}
        text = _sentence(values) if all(values.values()) else ""
        if text != self.editors["descripcion"].raw():
            self.editors["descripcion"].set(text or None)
            self.composed.emit(text)

    def _toggle(self) -> None:
        self._set_own(not self._own)
        if self._own:
            self.editors["descripcion"].setFocus()
        else:
            self.compose()

    def _set_own(self, own: bool) -> None:
        self._own = own
        self.editors["descripcion"].setVisible(own)
        self.switch.setText("&Usar la frase armada" if own else "Escribir la descripción con mis &palabras")

    def show_own(self) -> None:
        """Bring the description into view, whoever wrote it."""
        self._set_own(True)

    # -- causes and wishes

    def _look(self, name: str) -> None:
        """Say gently that a text is a cause or a wish, once. The root cause may well be a lack of something."""
        found = reads_like(self.editors[name].raw())
        if name == "causa_raiz" and found == "causa":
            found = ""
        if not found or name in self._answered:
            return
        self._answered.add(name)
        self.column.insertWidget(self.column.indexOf(self.editors[name]) + 1, self.wish)
        self.wish.tell(
            WORDS[found],
            "¿Registrarlo como necesidad?",
            tone="warns",
            action="Sí, como necesidad",
            act=lambda: self.wished.emit(name),
        )


def _sentence(values: Values) -> str:
    return sentence(*(values.get(name) for name in PARTS))


def rich(values: Values) -> str:
    """The sentence, as far as it goes, with its joints in bold; rich text."""
    text = escape(_sentence(values)).replace("….", "…")
    at = 0
    for joint in JOINTS:
        found = text.find(joint, at)
        marked = joint.replace(joint.strip(), f"<b>{joint.strip()}</b>")
        text = text[:found] + marked + text[found + len(joint) :]
        at = found + len(marked)
    return text

"""Step 1: what may happen. The finished sentence grows while its parts are typed."""

from html import escape
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import Values
from peti_desktop.records.riesgo import sentence
from ui import theme
from ui.chips import button, label
from ui.dependencia.pasos.live import Live
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
        self._refused: set[str] = set()
        self.column.addLayout(two_columns([self.editors[name] for name in FIRST]))
        for name in CAUSES:
            self.column.addWidget(self.editors[name])
        self.wish = Notice()
        self.column.addWidget(self.wish)
        self.column.addWidget(self._builder())
        self.column.addWidget(self.editors["descripcion"])
        self.column.addStretch()
        self.editors["descripcion"].edited.connect(self._written)
        for name in (*CAUSES, "descripcion"):
            self.editors[name].left.connect(lambda name=name: self._look(name))

    def _builder(self) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "notice")
        frame.setProperty("tone", "info")
        column = QVBoxLayout(frame)
        column.setContentsMargins(theme.MEDIUM, theme.SMALL, theme.SMALL, theme.SMALL)
        column.setSpacing(theme.TIGHT)
        self.sentence = label("", wraps=True)
        self.sentence.setTextFormat(Qt.TextFormat.RichText)
        self.sentence.setAccessibleName("Descripción armada")
        self._switch = button("", self._toggle, role="quiet")
        self._title = label("", "small")
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._switch)
        column.addLayout(head)
        column.addWidget(self.sentence)
        return frame

    # -- the sentence

    def begin(self, values: Values) -> None:
        """Another record: decide whether its description is the person's own."""
        written = values.get("descripcion")
        self._refused.clear()
        self.wish.clear()
        self._set_own(bool(written) and written != self._sentence(values))

    @property
    def own(self) -> bool:
        """Whether the person wrote the description in words of their own."""
        return self._own

    def tell(self, live: Live) -> None:
        self.sentence.setText(_rich(live.values))

    def compose(self) -> None:
        """One of the parts was typed: write the description, unless it is the person's own."""
        if self._own:
            return
        values = {name: self.editors[name].value_or_none() for name in PARTS}
        text = self._sentence(values) if all(values.values()) else ""
        if text != self.editors["descripcion"].raw():
            self.editors["descripcion"].set(text or None)
            self.composed.emit(text)

    def _sentence(self, values: Values) -> str:
        return sentence(*(values.get(name) for name in PARTS))

    def _written(self, _raw: str) -> None:
        self._set_own(True)

    def _toggle(self) -> None:
        self._set_own(not self._own)
        if self._own:
            self.editors["descripcion"].setFocus()
        else:
            self.compose()

    def _set_own(self, own: bool) -> None:
        self._own = own
        self.editors["descripcion"].setVisible(own)
        self._title.setText("Así quedaría armada con sus respuestas:" if own else "El riesgo se lee así:")
        self._switch.setText("&Usar esta frase" if own else "Escribirla con mis &palabras")

    def show_own(self) -> None:
        """Bring the description into view, whoever wrote it."""
        self._set_own(True)

    # -- causes and wishes

    def _look(self, name: str) -> None:
        """Say gently that a text is a cause or a wish. The root cause may well be a lack of something."""
        found = reads_like(self.editors[name].raw())
        if name == "causa_raiz" and found == "causa":
            found = ""
        if found and name not in self._refused:
            self.wish.tell(
                WORDS[found],
                "¿Registrarlo como necesidad?",
                tone="warns",
                action="Sí, como necesidad",
                act=lambda: self.wished.emit(name),
            )
            self._refused.add(name)


def _rich(values: Values) -> str:
    """The sentence with its joints in bold."""
    plain = sentence(*(values.get(name) for name in PARTS))
    text = escape(plain)
    at = 0
    for joint in JOINTS:
        found = text.find(joint, at)
        if found < 0:
            break
        words = f"<b>{joint.strip()}</b>"
        marked = text[found : found + len(joint)].replace(joint.strip(), words)
        text = text[:found] + marked + text[found + len(joint) :]
        at = found + len(marked)
    return text

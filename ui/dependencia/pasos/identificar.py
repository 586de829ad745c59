"""Step 1: what may happen. The finished sentence grows, above the steps, while its parts are typed."""

from html import escape
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import Values
from peti_desktop.records.riesgo_rules import ASKED_BY_KIND
from peti_desktop.records.sentence import TOLD_BY, cause_of, complete, parts_of, pieces, sentence
from peti_desktop.records.wording import reads_like
from peti_desktop.suggestions import activities, threats
from ui.chips import button
from ui.dependencia.pasos.live import Live
from ui.dependencia.pasos.step import Step
from ui.form import place, two_columns
from ui.inputs import LineInput
from ui.messages import Notice

FIRST: Final = ("subproceso", "actividad", "tipo", "factor", "clasificacion", "afectacion")
OF_A_KIND: Final = (*ASKED_BY_KIND, "tipo_activo")
"""Fields only some kinds of risk ask for."""
CAUSES: Final = ("causa_inmediata", "causa_raiz")
PARTS: Final = frozenset({"tipo", "afectacion", *ASKED_BY_KIND, *CAUSES})
"""Fields the sentence may be made of."""
WORDS: Final = {
    "deseo": "Esto pide algo: parece una necesidad, no un riesgo.",
    "causa": "Esto dice qué falta: parece una causa o una necesidad, no lo que puede ocurrir.",
}


class Identificar(Step):
    """``composed(field, text)``: the program wrote a field; ``wished(field)``: keep this text as a need instead."""

    composed = Signal(str, str)
    wished = Signal(str)

    def __init__(self, catalogues: Catalogues) -> None:
        super().__init__(catalogues, (*FIRST, *OF_A_KIND, *CAUSES, "descripcion"))
        self._own = False
        self._kind: str | None = None
        self._answered: set[str] = set()
        self._offered = ""
        self.column.addLayout(two_columns([self.editors[name] for name in FIRST]))
        self._of_kind = two_columns([])
        self.column.addLayout(self._of_kind)
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
        for name in TOLD_BY:
            self.editors[name].edited.connect(lambda raw, name=name: self._chosen(name, raw))
        for name in (*CAUSES, "descripcion"):
            self.editors[name].left.connect(lambda name=name: self._look(name))

    # -- the sentence

    def begin(self, values: Values) -> None:
        """Another record: decide whether its description is the person's own."""
        written = values.get("descripcion")
        self._answered.clear()
        self.wish.clear()
        self._set_own(bool(written) and written != sentence(values, self.catalogues))

    def tell(self, live: Live) -> None:
        self._show_kind(str(live.values.get("tipo") or "gestion"))
        self._offer(str(live.values.get("subproceso") or ""))

    def _show_kind(self, kind: str) -> None:
        """Only the fields that this kind of risk asks for."""
        if kind == self._kind:
            return
        self._kind = kind
        wanted = {*parts_of(kind, self.catalogues), *(("tipo_activo",) if kind == "seguridad" else ())}
        shown = [self.editors[name] for name in OF_A_KIND if name in wanted]
        place(self._of_kind, shown, 2)
        for name in OF_A_KIND:
            self.editors[name].setVisible(name in wanted)

    def _offer(self, subproceso: str) -> None:
        """Activities that fit the subproceso, where any are known."""
        line = self.editors["actividad"].input
        if subproceso != self._offered and isinstance(line, LineInput):
            self._offered = subproceso
            line.suggest(activities(self.catalogues, subproceso) or activities_of_all(self.catalogues))

    def _chosen(self, name: str, raw: str) -> None:
        """A threat or a vulnerability was chosen: its words begin the cause, unless somebody wrote one already."""
        if name == "vulnerabilidad" and not self.editors["amenaza"].raw():
            found = threats(self.catalogues, raw)
            if len(found) == 1:
                self.editors["amenaza"].answer(found[0])
        cause = self.editors[TOLD_BY[name]]
        ready = {cause_of(name, entry.code, self.catalogues) for entry in self.catalogues.entries(name)}
        words = cause_of(name, raw, self.catalogues)
        if words and cause.raw() in ready | {""}:
            cause.set(words)
            self.composed.emit(TOLD_BY[name], words)

    @property
    def own(self) -> bool:
        """Whether the person writes the description in words of their own."""
        return self._own

    def compose(self) -> None:
        """One of the parts was typed: write the description, unless it is the person's own."""
        if self._own:
            return
        values = {name: self.editors[name].value_or_none() for name in PARTS}
        text = sentence(values, self.catalogues) if complete(values, self.catalogues) else ""
        if text != self.editors["descripcion"].raw():
            self.editors["descripcion"].set(text or None)
            self.composed.emit("descripcion", text)

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


def activities_of_all(catalogues: Catalogues) -> tuple[str, ...]:
    """Every activity the PETI names."""
    return tuple(entry.label for entry in catalogues.entries("actividad"))


def rich(values: Values, catalogues: Catalogues) -> str:
    """The sentence, as far as it goes, with its joints in bold; rich text."""
    marked = (_bold(text) if joint else escape(text) for text, joint in pieces(values, catalogues))
    return "".join(marked)


def _bold(joint: str) -> str:
    bare = joint.strip(" ,")
    return escape(joint).replace(escape(bare), f"<b>{escape(bare)}</b>", 1) if bare else escape(joint)

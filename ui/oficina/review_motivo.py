"""Asking for the reason of a decision, in the page itself: a standard phrase, own words, or both."""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtWidgets import QComboBox, QPlainTextEdit

from peti_desktop.returning.phrases import Phrase
from ui.oficina.firmantes_paneles import Panel
from ui.picker import Picker

REASONS: Final = (
    "Faltan registros que la dependencia debe entregar.",
    "Los riesgos no están valorados con la versión vigente de la guía.",
    "Los registros dudosos deben corregirse en la dependencia.",
    "La entrega es anterior a la que ya se recibió.",
    "No corresponde a la dependencia o a la vigencia.",
)
"""Standard phrases for setting a delivery or a row aside; they have no code and travel as words."""
Said = Callable[[str, str], object]


class Reason(Panel):
    """Hands (code of the phrase, own words) to whoever asked; the code is empty for a phrase that is only words."""

    def __init__(self) -> None:
        super().__init__("", "&Listo")
        self._then: Said | None = None
        self._needed = True
        self.phrase = QComboBox()
        self.phrase.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.phrase.setMinimumContentsLength(16)
        self.words = QPlainTextEdit()
        self.words.setPlaceholderText("Con sus palabras")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(72)
        self.add("Por &qué", self.phrase)
        self.add("Con s&us palabras", self.words)
        self.phrase.currentIndexChanged.connect(self.check)
        self.words.textChanged.connect(self.check)
        self.setFocusProxy(self.phrase)

    def ask(
        self, title: str, about: str, verb: str, phrases: Sequence[Phrase | str], then: Said, *, needed: bool = True
    ) -> None:
        """Begin a question; ``needed``: it cannot be answered without a reason."""
        self._then, self._needed = then, needed
        self.heading.setText(title)
        self.about.setText(about)
        self.about.setVisible(bool(about))
        self.go.setText(verb)
        self.phrase.clear()
        self.phrase.addItem("Escoja un motivo, o escríbalo abajo" if phrases else "Escriba el motivo abajo", ("", ""))
        for each in phrases:
            code, text = (each.code, each.text) if isinstance(each, Phrase) else ("", each)
            self.phrase.addItem(text, (code, text))
            self.phrase.setItemData(self.phrase.count() - 1, text, 3)
        self.begin()

    def ready(self) -> bool:
        return not self._needed or self.phrase.currentIndex() > 0 or bool(self.words.toPlainText().strip())

    def act(self) -> None:
        chosen = self.phrase.currentData() or ("", "")
        own = " ".join(self.words.toPlainText().split())
        code, text = str(chosen[0]), str(chosen[1])
        if self._then is not None:
            self._then(code, own if code else " ".join(part for part in (text, own) if part))

    def wipe(self) -> None:
        self.phrase.setCurrentIndex(0)
        self.words.clear()


class Move(Panel):
    """Asks to which dependencia records passed; hands (code, note) to whoever asked."""

    def __init__(self) -> None:
        super().__init__("", "&Pasar", "Cambian de dependencia con lo que les pertenece; conservan su historia.")
        self._then: Said | None = None
        self.to = Picker()
        self.note = QPlainTextEdit()
        self.note.setTabChangesFocus(True)
        self.note.setFixedHeight(56)
        self.add("&Dependencia", self.to)
        self.add("Not&a", self.note)
        self.to.picked.connect(self.check)
        self.to.edited.connect(self.check)
        self.setFocusProxy(self.to)

    def ask(self, title: str, units: Sequence[tuple[str, str]], then: Said) -> None:
        """Begin a question; ``units`` are codes and names."""
        self._then = then
        self.heading.setText(title)
        self.to.offer(units)
        self.begin()

    def ready(self) -> bool:
        return self.to.code is not None

    def act(self) -> None:
        if self._then is not None and self.to.code is not None:
            self._then(self.to.code, " ".join(self.note.toPlainText().split()))

    def wipe(self) -> None:
        self.to.set_text("")
        self.note.clear()

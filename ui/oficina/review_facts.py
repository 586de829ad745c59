"""The head of a review: verdict, state, who signed, why, and what was decided by whom."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QVBoxLayout, QWidget

from peti_desktop.intake.receipt import RECEIVED, Receipt
from peti_desktop.trust.verdict import Status
from ui import theme
from ui.chips import StateChip, label
from ui.oficina.words import Line, moment, verdict

BREAK: Final = "\u200b"
"""Lets a long fingerprint break after its dashes."""
BESIDE: Final = 470
"""From this width on, verdict and state stand beside the name."""


class Facts(QWidget):
    """Everything about a line that is not its records."""

    def __init__(self) -> None:
        super().__init__()
        self._chip, self._state = StateChip(), StateChip()
        self.title = label("", "heading", wraps=True)
        self._facts = label("", "muted", wraps=True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.story = label("", wraps=True)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(theme.TIGHT)
        self._waiting = label("", "muted", wraps=True)
        chips = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        chips.setSpacing(theme.SMALL)
        chips.addWidget(self._chip)
        chips.addWidget(self._state)
        chips.addStretch()
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(theme.TIGHT)
        self._head.addWidget(self.title, 1)
        self._head.addLayout(chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.TIGHT)
        column.addLayout(self._head)
        column.addWidget(self._facts)
        column.addWidget(self.story)
        column.addLayout(self._reasons)
        column.addWidget(self._waiting)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chips stand below the name where both do not fit beside each other."""
        beside = self.width() >= BESIDE
        self._head.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        super().resizeEvent(event)

    def show_line(self, line: Line, *, looked_into: bool) -> None:
        """Show all that is known without comparing any record."""
        receipt = line.receipt
        self._chip.tell(*verdict(receipt))
        self._state.tell(*line.state)
        self.title.setText(line.name)
        facts = "\n".join(_facts(receipt))
        self._facts.setText(facts)
        self.title.setToolTip(facts)
        story = _story(receipt)
        self.story.setText(story)
        self.story.setVisible(bool(story))
        _clear(self._reasons)
        for reason in receipt.reasons:
            sign = "✕" if receipt.verdict is Status.NO_VALIDA else "▲"
            said = label(f"{sign}  {reason.sentence}", wraps=True)
            said.setToolTip(reason.detail)
            self._reasons.addWidget(said)
        self.said("Comparando…" if looked_into else _nothing(line))

    def set_small(self, small: bool) -> None:
        """Where there is little room, the facts are told by the title's tooltip."""
        for widget in (self._facts, self._chip, self._state):  # the list says verdict and state too
            widget.setHidden(small)

    def said(self, text: str) -> None:
        """What is being done, or why nothing can be."""
        self._waiting.setText(text)
        self._waiting.setVisible(bool(text))

    @property
    def reasons(self) -> list[str]:
        """The reasons in words."""
        widgets = [self._reasons.itemAt(place).widget() for place in range(self._reasons.count())]
        return [str(widget.property("text")) for widget in widgets if widget is not None]


def _nothing(line: Line) -> str:
    if line.stored:
        return ""
    if line.receipt.repeated:
        return "No hay nada que hacer: la entrega que ya está en la lista es la misma."
    if line.receipt.verdict is Status.DESCONOCIDA:
        return "Cuando confirme al firmante se verá qué cambiaría. Todavía no se guardó nada de este archivo."
    return "No se guardó nada de este archivo."


def _facts(receipt: Receipt) -> list[str]:
    lines = []
    if receipt.signer:
        when = f", {moment(receipt.signed_at)}" if receipt.signed_at else ""
        lines.append(f"Firmó {receipt.signer} – {receipt.cargo}{when}")
        cover = f"Vigencia {receipt.vigencia} · código {receipt.code} · " if receipt.number else ""
        lines.append(f"{cover}Huella {receipt.fingerprint.replace('-', f'-{BREAK}')}")
    came = f", llegó {moment(receipt.received_at)}" if receipt.received_at else ""
    lines.append(f"{receipt.file}{came}")
    return lines


def _story(receipt: Receipt) -> str:
    """What became of it: how often it was given back, who decided, when and why."""
    told = []
    if receipt.round:
        told.append(f"{receipt.round}.ª devolución a la dependencia.")
    if receipt.decided_by and receipt.state != RECEIVED:
        when = f", {moment(receipt.decided_at)}" if receipt.decided_at else ""
        told.append(f"{receipt.state.capitalize()} por {receipt.decided_by}{when}.")
    if receipt.why:
        told.append(f"Motivo: {receipt.why}")
    if receipt.assigned_to:
        told.append(f"La atiende {receipt.assigned_to}.")
    return " ".join(told)


def _clear(layout: QLayout) -> None:
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()

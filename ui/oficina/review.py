"""One line of the inbox, opened: who signed, why the verdict, what it would do, and the decision about it."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontDatabase, QHideEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.intake.receipt import RECEIVED, Receipt
from peti_desktop.intake.stage import COUNTED, EQUAL, Staging
from peti_desktop.trust.verdict import Status
from ui import theme
from ui.chips import Empty, StateChip, button, label
from ui.oficina.changes import ChangesTree
from ui.oficina.words import KINDS, Line, moment, thousands, verdict

REASONS: Final = (
    "Faltan registros que la dependencia debe entregar.",
    "Los riesgos no están valorados con la versión vigente de la guía.",
    "Los registros dudosos deben corregirse en la dependencia.",
    "La entrega es anterior a la que ya se recibió.",
    "No corresponde a la dependencia o a la vigencia.",
)
"""Standard phrases for setting a delivery aside; own words can be added."""
BROAD: Final = 620
"""From this width on, the five kinds stand in one row."""
KIND_SHEET: Final = """
QPushButton, QPushButton:checked, QPushButton:focus { padding: 3px 8px; min-height: 20px; }
QPushButton:disabled { background: transparent; border: 1px solid palette(mid); color: palette(dark); }
"""
BREAK: Final = "\u200b"
"""Lets a long fingerprint break after its dashes."""


class Review(QWidget):
    """Shows one ``Line``. ``accept()``, ``reject(reason)`` and ``confirm()`` are what the person decided about it."""

    accept = Signal()
    reject = Signal(str)
    confirm = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line: Line | None = None
        self._chip, self._state = StateChip(), StateChip()
        self._title = label("", "title", wraps=True)
        self._facts = label("", "muted", wraps=True)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._reasons = QVBoxLayout()
        self._reasons.setSpacing(theme.TIGHT)
        self._waiting = label("", "muted", wraps=True)
        self.tree = ChangesTree()
        self.kinds: dict[str, QPushButton] = {}
        self._decide = QWidget()
        self._rejecting = _Rejecting(self._reject_said, self._back)
        self._confirming = _Confirming(self.confirm.emit, self._back)
        self._build()
        self.show_line(None)

    def _build(self) -> None:
        chips = QHBoxLayout()
        chips.setSpacing(theme.SMALL)
        chips.addWidget(self._chip)
        chips.addWidget(self._state)
        chips.addStretch()
        self._filters = QWidget()
        self._grid = QGridLayout(self._filters)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.TIGHT)
        self._grid.setColumnStretch(len(KINDS), 1)
        for place, kind in enumerate(KINDS):
            self.kinds[kind] = self._kind_button(kind)
            self._grid.addWidget(self.kinds[kind], 0, place)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        column.setSpacing(theme.SMALL)
        column.addLayout(chips)
        column.addWidget(self._title)
        column.addWidget(self._facts)
        column.addLayout(self._reasons)
        column.addWidget(self._rejecting)
        column.addWidget(self._confirming)
        column.addWidget(self._filters)
        column.addWidget(self._waiting)
        column.addWidget(self.tree, 1)
        column.addStretch(0)
        self._frame = QFrame()
        self._frame.setProperty("role", "card")
        whole = QVBoxLayout(self._frame)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        inside.setProperty("role", "scrolled")
        self._area = _scrolled(inside)
        whole.addWidget(self._area, 1)
        whole.addWidget(self._buttons())
        self._stack = QStackedWidget()
        self._stack.addWidget(
            Empty("Escoja una línea de la lista", "Aquí verá qué cambiaría, antes de aceptar nada.", icon="bandeja")
        )
        self._stack.addWidget(self._frame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _buttons(self) -> QWidget:
        self._accept = button("&Aceptar", self.accept.emit, role="primary")
        self._reject = button("&Rechazar con motivo…", partial(self._ask, self._rejecting))
        self._confirm = button("Con&firmar firmante…", partial(self._ask, self._confirming), role="primary")
        row = QHBoxLayout(self._decide)
        row.setContentsMargins(theme.LARGE, theme.SMALL, theme.LARGE, theme.MEDIUM)
        row.setSpacing(theme.SMALL)
        row.addWidget(self._accept)
        row.addWidget(self._confirm)
        row.addWidget(self._reject)
        row.addStretch()
        return self._decide

    def _kind_button(self, kind: str) -> QPushButton:
        made = button("")
        made.setProperty("role", "choice")
        made.setStyleSheet(KIND_SHEET)
        made.setCheckable(True)
        made.setChecked(kind != EQUAL)
        made.setAccessibleName(KINDS[kind][1])
        made.setToolTip(f"Mostrar u ocultar: {KINDS[kind][1].lower()}")
        made.toggled.connect(self._filter)
        return made

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The kinds stand in two rows where one is too long."""
        across = len(KINDS) if self.width() >= BROAD else 3
        for place, made in enumerate(self.kinds.values()):
            self._grid.addWidget(made, place // across, place % across)
        super().resizeEvent(event)

    # -- what it shows

    def show_line(self, line: Line | None) -> None:
        """Show ``line`` without its records, which come with ``show_staging``; ``None`` shows nothing."""
        self.line = line
        self._stack.setCurrentIndex(0 if line is None else 1)
        if line is None:
            return
        receipt = line.receipt
        self._chip.tell(*verdict(receipt))
        self._state.tell(*line.state)
        self._title.setText(line.name)
        self._facts.setText("\n".join(_facts(receipt)))
        _clear(self._reasons)
        for reason in receipt.reasons:
            held = receipt.verdict in {Status.NO_VALIDA, Status.DESCONOCIDA}
            said = label(
                f"{'✕' if held and receipt.verdict is Status.NO_VALIDA else '▲'}  {reason.sentence}", wraps=True
            )
            said.setToolTip(reason.detail)
            self._reasons.addWidget(said)
        self._confirming.show_receipt(receipt)
        self._show_counts(None)
        self.tree.clear()
        self._tell_waiting(line)
        self._back()

    def _tell_waiting(self, line: Line) -> None:
        waiting = line.stored and line.receipt.state == RECEIVED
        self.tree.setVisible(waiting)
        self._filters.setVisible(waiting)
        if waiting:
            text = "Comparando con lo que está en firme…"
        elif line.stored:
            text = ""
        elif line.receipt.repeated:
            text = "No hay nada que hacer: la entrega que ya está en la lista es la misma."
        elif line.receipt.verdict is Status.DESCONOCIDA:
            text = "Cuando confirme al firmante se verá qué cambiaría. Todavía no se guardó nada de este archivo."
        else:
            text = "No se guardó nada de este archivo."
        self._waiting.setText(text)
        self._waiting.setVisible(bool(text))

    def show_staging(self, staging: Staging) -> None:
        """Show what the line would do."""
        self._waiting.hide()
        self._show_counts(staging.counts)
        self.tree.fill(staging.items)
        self._filter()

    def _show_counts(self, counts: dict[str, int] | None) -> None:
        for kind, chip in self.kinds.items():
            sign, many, _one = KINDS[kind]
            number = counts[COUNTED[kind]] if counts else 0
            chip.setText(f"{sign} {many} {thousands(number)}" if counts else f"{sign} {many}")
            chip.setEnabled(bool(number))

    def _filter(self) -> None:
        self.tree.show_kinds({kind for kind, chip in self.kinds.items() if chip.isChecked()})

    def set_busy(self, busy: bool) -> None:
        """No second decision while one is being written."""
        self._decide.setEnabled(not busy)

    # -- what the person decides

    def _ask(self, panel: QFrame) -> None:
        self._decide.hide()
        panel.show()
        panel.setFocus()
        # Where it stands is known once it was laid out.
        QTimer.singleShot(0, self, lambda: self._area.ensureWidgetVisible(panel, 0, theme.SMALL))

    def _back(self) -> None:
        self._rejecting.hide()
        self._confirming.hide()
        line = self.line
        waiting = line is not None and line.stored and line.receipt.state == RECEIVED
        unknown = line is not None and not line.stored and line.receipt.verdict is Status.DESCONOCIDA
        self._accept.setVisible(waiting)
        self._reject.setVisible(waiting)
        self._confirm.setVisible(unknown)
        self._decide.setVisible(waiting or unknown)

    def _reject_said(self, reason: str) -> None:
        self._back()
        self.reject.emit(reason)


class _Rejecting(QFrame):
    """Asks for the reason in the page itself: a standard phrase, own words, or both."""

    def __init__(self, said: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", "warns")
        self._said = said
        self.phrase = QComboBox()
        self.phrase.setAccessibleName("Motivo")
        self.phrase.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.phrase.setMinimumContentsLength(16)
        self.phrase.addItem("Escoja un motivo, o escríbalo abajo", "")
        for text in REASONS:
            self.phrase.addItem(text, text)
        self.words = QPlainTextEdit()
        self.words.setAccessibleName("Con sus palabras")
        self.words.setPlaceholderText("Con sus palabras: qué debe corregir la dependencia.")
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(64)
        self.go = button("Rechazar la entrega", self._go, role="primary")
        self.go.setEnabled(False)
        self.phrase.currentIndexChanged.connect(self._changed)
        self.words.textChanged.connect(self._changed)
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addWidget(button("Volver", back))
        row.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("¿Por qué se rechaza?", "heading"))
        column.addWidget(self.phrase)
        column.addWidget(self.words)
        column.addLayout(row)
        self.setFocusProxy(self.phrase)

    @property
    def reason(self) -> str:
        """The reason as it will be kept; empty while none was given."""
        return " ".join(part for part in (str(self.phrase.currentData()), self.words.toPlainText().strip()) if part)

    def hideEvent(self, event: QHideEvent) -> None:
        self.phrase.setCurrentIndex(0)
        self.words.clear()
        super().hideEvent(event)

    def _changed(self) -> None:
        self.go.setEnabled(bool(self.reason))

    def _go(self) -> None:
        self._said(self.reason)


class _Confirming(QFrame):
    """Shows a fingerprint large enough to compare with paper, and asks whether it is the same."""

    def __init__(self, yes: Callable[[], object], back: Callable[[], None]) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self._yes = yes
        self._back = back
        self._who = label("", wraps=True)
        self.fingerprint = label("", "hero", wraps=True)
        self.fingerprint.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.go = button("Es la misma: confirmar", self._go, role="primary")
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addWidget(button("Volver", back))
        row.addStretch()
        column = QVBoxLayout(self)
        column.setSpacing(theme.SMALL)
        column.addWidget(label("Compare esta huella con el acta en papel o por teléfono", "heading", wraps=True))
        column.addWidget(self.fingerprint)
        column.addWidget(self._who)
        column.addLayout(row)
        self.setFocusProxy(self.go)

    def show_receipt(self, receipt: Receipt) -> None:
        """Show whose key it claims to be."""
        self.fingerprint.setText(receipt.fingerprint.replace("-", f"-{BREAK}"))
        self.fingerprint.setAccessibleName(f"Huella {receipt.fingerprint}")
        self._who.setText(
            f"El archivo dice que firmó {receipt.signer}, {receipt.cargo}, de {receipt.dependencia_nombre}. "
            "Si una sola letra es distinta, no confirme: puede ser otra persona con el mismo nombre."
        )

    def _go(self) -> None:
        self._back()
        self._yes()


def _facts(receipt: Receipt) -> list[str]:
    lines = []
    if receipt.signer:
        when = f", {moment(receipt.signed_at)}" if receipt.signed_at else ""
        lines.append(f"Firmó {receipt.signer} – {receipt.cargo}{when}")
        cover = f"Vigencia {receipt.vigencia} · código {receipt.code} · " if receipt.number else ""
        lines.append(f"{cover}Huella {receipt.fingerprint}")
    came = f", llegó {moment(receipt.received_at)}" if receipt.received_at else ""
    lines.append(f"{receipt.file}{came}")
    return lines


def _clear(layout: QVBoxLayout) -> None:
    while (entry := layout.takeAt(0)) is not None:
        widget = entry.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()


def _scrolled(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.viewport().setAutoFillBackground(False)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area

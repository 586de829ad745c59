"""One observation, whole: what is asked, what was declared, what stands there now, and the answer to it."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPlainTextEdit, QRadioButton, QVBoxLayout, QWidget

from peti_desktop.records.convert import spoken_date
from ui import theme
from ui.chips import StateChip, button, card, label, rule
from ui.dependencia.observadas import CLOSED, WAITING, Entry

PAUSE_MS: Final = 600
CORRECTED, KEPT = "corregido", "se mantiene"
LINES: Final = 3


class Said(QWidget):
    """What somebody said, under a caption; can be selected and copied."""

    def __init__(self, caption: str) -> None:
        super().__init__()
        self._caption = caption
        self._text = label("", wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(label(caption, "small"))
        column.addWidget(self._text)

    def tell(self, text: str) -> None:
        """Say ``text``."""
        self._text.setText(text)
        self.setAccessibleName(f"{self._caption}: {text}")

    @property
    def said(self) -> str:
        """What it says."""
        return self._text.text()


class Respuesta(QWidget):
    """``answered(uid, respuesta, razon)`` when somebody answered, ``withdrawn(uid)`` when they took it back.

    ``wanted(entry)``: they want to see the field. What is typed is handed over after a pause, and by ``flush``.
    """

    answered = Signal(str, str, str)
    withdrawn = Signal(str)
    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.entry: Entry | None = None
        self._before = ("", "")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._hand_over)
        frame, rows = card()
        self.title = label("", "heading", wraps=True)
        self.state = StateChip()
        self.due = label("", "small", wraps=True)
        self.record = label("", "muted", wraps=True)
        rows.addWidget(self.title)
        rows.addWidget(self.record)
        rows.addWidget(self.state)
        rows.addWidget(self.due)
        self.text = Said("Lo que pide la Oficina TIC")
        self.declared = Said("Lo que usted declaró")
        self.now = Said("Lo que dice ahora")
        for said in (self.text, self.declared, self.now):
            rows.addWidget(said)
        self.go = button("Ir al cam&po", self._go, icon="buscar")
        line = QHBoxLayout()
        line.addWidget(self.go)
        line.addStretch()
        rows.addLayout(line)
        rows.addWidget(rule())
        self._build_answer(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(frame)
        column.addStretch()

    def _build_answer(self, rows: QVBoxLayout) -> None:
        rows.addWidget(label("Su respuesta", "heading"))
        self.corrected = QRadioButton("Ya lo corre&gí")
        self.kept = QRadioButton("Se mantiene por&que…")
        self._group = QButtonGroup(self)
        for choice in (self.corrected, self.kept):
            self._group.addButton(choice)
            choice.clicked.connect(self._chose)
            rows.addWidget(choice)
        self.hint = label("", "small", wraps=True)
        rows.addWidget(self.hint)
        self.reason = QPlainTextEdit()
        self.reason.setTabChangesFocus(True)
        self.reason.setAccessibleName("Razón de la respuesta")
        self.reason.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + 18)
        self.reason.textChanged.connect(self._typed)
        rows.addWidget(self.reason)
        self.back = button("Quitar la respue&sta", self._withdraw, role="quiet")
        line = QHBoxLayout()
        line.addStretch()
        line.addWidget(self.back)
        rows.addLayout(line)

    # -- what it shows

    def show_entry(self, entry: Entry) -> None:
        """Show ``entry``; what is being typed into the same one stays."""
        same = self.entry is not None and self.entry.asked.uid == entry.asked.uid
        if not same:
            self.flush()
            self._before = (entry.asked.respuesta or "", entry.asked.razon or "")
        self.entry = entry
        asked = entry.asked
        self.title.setText(asked.where or entry.title)
        self.record.setText(entry.title)
        self.record.setVisible(bool(asked.where))
        self.state.tell(*entry.state)
        until = f"Responder hasta el {spoken_date(asked.vence)}" if asked.vence else ""
        self.due.setText("  ·  ".join(part for part in (until, entry.due, f"entrega n.º {asked.numero}") if part))
        self.text.tell(asked.texto)
        self._show_values(entry)
        if not same or not self._pause.isActive():
            self._show_answer(entry, same=same)
        self._tell()

    def _show_values(self, entry: Entry) -> None:
        asked, now = entry.asked, entry.standing
        about_field = bool(asked.campo)
        for box, shown in ((self.declared, about_field), (self.now, about_field and now.here)):
            box.setVisible(shown)
        self.declared.tell(asked.declarado or "sin diligenciar")
        self.now.tell(now.now or "sin diligenciar")
        self.go.setText("Ir al cam&po" if about_field else "Ir al registro" if asked.registro else "Ir a la sección")
        self.go.setEnabled(now.here)
        self.go.setToolTip("" if now.here else "Este registro no está en este equipo.")

    def _show_answer(self, entry: Entry, *, same: bool) -> None:
        """The answer that is stored; one that is only half given, or says the same, stays as it is written."""
        stored = (entry.asked.respuesta or "", entry.asked.razon or "")
        half = same and not stored[0] and self.chosen == KEPT
        if not half and (not same or stored != (self.chosen, self.reason.toPlainText().strip())):
            self._set(*stored)

    @property
    def chosen(self) -> str:
        """The answer that is chosen; empty for none."""
        return CORRECTED if self.corrected.isChecked() else KEPT if self.kept.isChecked() else ""

    def _tell(self) -> None:
        """Say what the choice means, and what is missing."""
        entry = self.entry
        if entry is None:
            return
        open_ = entry.asked.estado != CLOSED
        for each in (self.corrected, self.kept, self.reason):
            each.setEnabled(open_)
        changed = (entry.asked.respuesta or "", entry.asked.razon or "") != self._before
        self.back.setVisible(open_ and (entry.asked.estado != WAITING or bool(self._before[0])))
        self.back.setText("Volver a la respue&sta anterior" if self._before[0] and changed else "Quitar la respue&sta")
        self.reason.setPlaceholderText("Una nota, si hace falta." if self.chosen != KEPT else "Diga por qué.")
        words, tone = _hint(entry, self.chosen, self.reason.toPlainText().strip())
        self.hint.setText(words)
        self.hint.setVisible(bool(words))
        self.hint.setProperty("role", tone)
        theme.restyle(self.hint)

    # -- what somebody does

    def _chose(self) -> None:
        if self.chosen == KEPT and not self.reason.toPlainText().strip():
            self.reason.setFocus()
        self._hand_over()
        self._tell()

    def _typed(self) -> None:
        if self.entry is not None and self.chosen:
            self._pause.start()
        self._tell()

    def _hand_over(self) -> None:
        self._pause.stop()
        entry, reason = self.entry, self.reason.toPlainText().strip()
        if entry is None or not self.chosen or entry.asked.estado == CLOSED:
            return
        if self.chosen == KEPT and not reason:
            if entry.asked.estado != WAITING:
                self.withdrawn.emit(entry.asked.uid)
        elif (self.chosen, reason) != (entry.asked.respuesta, entry.asked.razon or ""):
            self.answered.emit(entry.asked.uid, self.chosen, reason)

    def _withdraw(self) -> None:
        """Take the answer back; one that took the place of another gives way to it."""
        if self.entry is None:
            return
        self._pause.stop()
        asked, (answer, reason) = self.entry.asked, self._before
        if answer and (asked.respuesta, asked.razon or "") != (answer, reason):
            self._set(answer, reason)
            self.answered.emit(asked.uid, answer, reason)
        else:
            self._set("", "")
            self.withdrawn.emit(asked.uid)

    def _set(self, answer: str, reason: str) -> None:
        """Show an answer without having somebody give it."""
        self._group.setExclusive(False)
        self.corrected.setChecked(answer == CORRECTED)
        self.kept.setChecked(answer == KEPT)
        self._group.setExclusive(True)
        self.reason.blockSignals(True)
        self.reason.setPlainText(reason)
        self.reason.blockSignals(False)

    def flush(self) -> None:
        """Hand over now what waits for its pause."""
        if self._pause.isActive():
            self._hand_over()

    def _go(self) -> None:
        if self.entry is not None:
            self.wanted.emit(self.entry)


def _hint(entry: Entry, chosen: str, reason: str) -> tuple[str, str]:
    asked, standing = entry.asked, entry.standing
    if asked.estado == CLOSED:
        return "La Oficina TIC ya la cerró: no hace falta nada más.", "small"
    if chosen == KEPT and not reason:
        return "▲ Falta la razón: sin ella no queda respondida.", "warns"
    if not standing.here:
        return "▲ Este registro no está en este equipo: respóndala, o pásela a quien lo tiene.", "warns"
    if asked.registro and chosen == CORRECTED and not standing.corrected:
        what = "El valor sigue igual al que se declaró" if asked.campo else "El registro no ha cambiado desde entonces"
        return f"▲ {what}. Corríjalo antes de entregar, o diga por qué se mantiene.", "warns"
    if asked.registro and standing.corrected and not chosen:
        return (
            "El valor ya cambió: puede responder «Ya lo corregí»." if asked.campo else "El registro ya cambió.",
            "fine",
        )
    if chosen and (chosen, reason) != (asked.respuesta, asked.razon or ""):
        return "Guardando…", "small"
    return ("✓ Guardada: va en la próxima entrega." if chosen and not entry.carried else ""), "fine"

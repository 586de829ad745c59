"""What the Firmantes page asks, in the page itself: keys of the office, an annulment, a passphrase."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDateEdit,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.errors import UserError
from peti_desktop.moments import COLOMBIA
from peti_desktop.office.enrolment import Enrolled
from peti_desktop.office.keyfile import MIN_CHARACTERS
from peti_desktop.trust.passphrase import strength
from ui import theme
from ui.chips import button, label

ANNUL_REASONS = (
    "Entrega del cargo",
    "Olvidó la contraseña",
    "Se perdió o se dañó el equipo",
    "Alguien más pudo conocer la contraseña",
)


class Panel(QFrame):
    """A question with its answer: title, fields, one button that does it and one that goes back. Esc goes back.

    ``back`` comes when the person left. Whoever shows the panel sets ``work`` busy with ``set_busy``.
    """

    back = Signal()

    def __init__(self, title: str, verb: str, about: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.heading = label(title, "heading", wraps=True)
        self.about = label(about, "muted", wraps=True)
        self.about.setVisible(bool(about))
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(theme.LARGE)
        self.form.setVerticalSpacing(theme.SMALL)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        self.go = button(verb, self._go, role="primary")
        self.leave = button("Volver", self.back.emit)
        row = QHBoxLayout()
        row.setSpacing(theme.SMALL)
        row.addWidget(self.go)
        row.addWidget(self.leave)
        row.addStretch()
        self.more = QVBoxLayout()
        self.more.setSpacing(theme.SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.LARGE)
        column.setSpacing(theme.MEDIUM)
        column.addWidget(self.heading)
        column.addWidget(self.about)
        column.addLayout(self.more)
        column.addLayout(self.form)
        column.addWidget(self.wrong)
        column.addLayout(row)
        self.setMaximumWidth(860)

    def add(self, text: str, editor: QWidget) -> None:
        """A field with its label."""
        words = label(text)
        words.setBuddy(editor)
        editor.setAccessibleName(text.replace("&", ""))
        self.form.addRow(words, editor)
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self.check)
            editor.returnPressed.connect(self._go)

    def ready(self) -> bool:
        """Whether all that is needed was said."""
        return True

    def act(self) -> None:
        """Do what the button says."""

    def wipe(self) -> None:
        """Forget what was typed."""

    def check(self, *_said: object) -> None:
        """Look again whether the button may be pressed."""
        self.go.setEnabled(self.ready())

    def begin(self) -> None:
        """The panel comes to the front, empty."""
        self.wipe()
        self.refuse("")
        self.set_busy(busy=False)

    def set_busy(self, *, busy: bool) -> None:
        """While the work goes on nothing can be pressed twice."""
        self.setEnabled(not busy)
        if not busy:
            self.check()

    def refuse(self, words: str) -> None:
        """Say under the fields what is wrong."""
        self.wrong.setText(f"✕ {words}" if words else "")
        self.wrong.setVisible(bool(words))

    def failed(self, error: UserError) -> None:
        """The work could not be done."""
        self.set_busy(busy=False)
        self.refuse(str(error))
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
            return
        super().keyPressEvent(event)

    def _go(self) -> None:
        if self.go.isEnabled():
            self.refuse("")
            self.act()


class AskPassphrase(Panel):
    """Asks for the passphrase of the office's keys before something that needs them; ``said(passphrase)``."""

    said = Signal(str)

    def __init__(self, title: str, verb: str, about: str = "") -> None:
        super().__init__(title, verb, about)
        self.passphrase = secret()
        self.add("Contraseña de las &llaves", self.passphrase)
        self.setFocusProxy(self.passphrase)

    def ready(self) -> bool:
        return bool(self.passphrase.text())

    def act(self) -> None:
        self.said.emit(self.passphrase.text())

    def wipe(self) -> None:
        self.passphrase.clear()


class NewPassphrase(Panel):
    """A passphrase twice, with its strength in words. ``said(passphrase, old, path)``; ``old`` only when asked for.

    ``place`` lets the analyst say where the file lies, which a store on a server needs.
    """

    said = Signal(str, str, object)

    def __init__(
        self,
        title: str,
        verb: str,
        about: str,
        *,
        old: bool = False,
        place: Callable[[], Path | None] | None = None,
        names: Sequence[str] = (),
    ) -> None:
        super().__init__(title, verb, about)
        self._names = tuple(names)
        self._ask_place = place
        self._path: Path | None = None
        self.old, self.new, self.again = secret(), secret(), secret()
        if old:
            self.add("Contraseña de &ahora", self.old)
        self._needs_old = old
        self.add(f"Contraseña n&ueva ({MIN_CHARACTERS} caracteres o más)", self.new)
        self.how = label("", "small", wraps=True)
        self.form.addRow("", self.how)
        self.add("La misma, otra ve&z", self.again)
        self.where = label("Todavía no se ha escogido dónde guardar las llaves.", "muted", wraps=True)
        self.pick = button("&Escoger dónde guardarlas…", self._pick)
        if place is not None:
            self.form.addRow(self.pick, self.where)
        self.setFocusProxy(self.old if old else self.new)

    def ready(self) -> bool:
        found = strength(self.new.text(), MIN_CHARACTERS, self._names)
        said = bool(self.new.text())
        self.how.setText(f"Contraseña {found.word}. {found.advice}" if said else "")
        self.how.setProperty("role", found.tone if said and found.tone != "fine" else "small")
        theme.restyle(self.how)
        placed = self._ask_place is None or self._path is not None
        old = bool(self.old.text()) or not self._needs_old
        return found.enough and bool(self.again.text()) and placed and old

    def act(self) -> None:
        if self.new.text() != self.again.text():
            self.refuse("Las dos contraseñas no son iguales. Escríbalas otra vez.")
            self.again.setFocus()
            self.again.selectAll()
            return
        self.said.emit(self.new.text(), self.old.text(), self._path)

    def wipe(self) -> None:
        for editor in (self.old, self.new, self.again):
            editor.clear()

    def _pick(self) -> None:
        assert self._ask_place is not None
        chosen = self._ask_place()
        if chosen is not None:
            self._path = chosen
            self.where.setText(str(chosen))
        self.check()


class Backup(AskPassphrase):
    """The copy on a second medium; right after the keys were made the passphrase is known already."""

    def __init__(self) -> None:
        super().__init__(
            "Guarde una copia de las llaves en otro medio",
            "&Escoger memoria o disco, y copiar…",
            "Si este equipo se daña y no hay copia, hay que crear otra autoridad y todas las dependencias deben "
            "comparar su huella de nuevo. La copia se escribe, se lee otra vez y se abre con la contraseña antes de "
            "darla por buena. Guárdela bajo llave, lejos de este equipo.",
        )

    def remember(self, passphrase: str) -> None:
        """The passphrase that was just typed."""
        self.passphrase.setText(passphrase)
        self.go.setFocus()


class Annul(Panel):
    """Annuls a key, from today or from a day that comes; ``said(key_id, reason, since)``, ``since`` None for now."""

    said = Signal(str, str, object)

    def __init__(self) -> None:
        super().__init__(
            "",
            "An&ular la clave",
            "Lo que ya se recibió con esa clave sigue siendo válido. Lo que llegue después se rechaza, diga la fecha "
            "que diga. Una clave anulada no vuelve a servir: la persona crea otra.",
        )
        self._key_id = ""
        self.phrase = QComboBox()
        for text in ("Escoja un motivo", *ANNUL_REASONS):
            self.phrase.addItem(text)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Qué pasó; queda en la bitácora")
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("dd/MM/yyyy")
        self.add("Moti&vo", self.phrase)
        self.add("Con sus &palabras", self.words)
        self.add("&Desde", self.day)
        self.phrase.currentIndexChanged.connect(self.check)
        self.setFocusProxy(self.phrase)

    def show_person(self, found: Enrolled, today: date) -> None:
        """Whose key it is."""
        self._key_id = found.key_id
        self.heading.setText(f"Anular la clave de {found.nombre}, {found.dependencia_nombre}")
        self._today = today
        first = QDate(today.year, today.month, today.day)
        self.day.setMinimumDate(first)
        self.day.setMaximumDate(first.addYears(1))
        self.day.setDate(first)

    @property
    def reason(self) -> str:
        """The reason as it will be kept."""
        chosen = self.phrase.currentText() if self.phrase.currentIndex() > 0 else ""
        return ". ".join(part for part in (chosen, self.words.text().strip()) if part)

    def ready(self) -> bool:
        return bool(self.reason)

    def act(self) -> None:
        chosen = self.day.date().toPython()
        assert isinstance(chosen, date)
        later = datetime.combine(chosen, time(), COLOMBIA).astimezone(UTC) if chosen > self._today else None
        self.said.emit(self._key_id, self.reason, later)

    def wipe(self) -> None:
        self.phrase.setCurrentIndex(0)
        self.words.clear()


def secret() -> QLineEdit:
    """A field for a passphrase."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def scrolled(panel: QWidget, *, stretch: bool = False) -> QScrollArea:
    """What can be higher than the window; with ``stretch`` it keeps to the top."""
    holder = QWidget()
    holder.setProperty("role", "scrolled")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(panel)
    if stretch:
        column.addStretch()
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.viewport().setAutoFillBackground(False)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(holder)
    return area


def big_fingerprint() -> QLabel:
    """A label for a fingerprint that is compared with paper."""
    made = label("", "hero", wraps=True)
    made.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return made

"""Step 3: who signs. The first time a key is made here; it never leaves this PC without its passphrase."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from peti_desktop.delivery.signing_key import open_signer
from peti_desktop.errors import UserError
from peti_desktop.trust import keys
from ui import theme
from ui.chips import button, card, label
from ui.dependencia.entrega.step import DeliveryStep
from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.progress import Progress
    from peti_desktop.workspace import Workspace

SETTING = "llave"
"""Where the key's file is, relative to the store's folder."""


@dataclass(frozen=True, slots=True)
class Known:
    """The key of this store: its file, and whether it is there."""

    path: Path
    exists: bool


def key_file(ws: "Workspace") -> Known:
    """The key's file: as the store says, else beside the store under its name."""
    store = Path(ws.store.path)
    path = store.parent / (ws.setting(SETTING) or f"{store.stem}.p12")
    return Known(path, path.is_file())


def make(ws: "Workspace", nombre: str, cargo: str, passphrase: str) -> keys.Signer:
    """A new key for this person, kept beside the store. An older key is put aside under another name, never erased."""
    info = ws.info
    identity = keys.Identity(info.dependencia, info.dependencia_nombre, nombre, cargo, info.entidad)
    known = key_file(ws)
    now = datetime.now(UTC)
    signer = keys.make_signer(identity, now)
    if known.exists:
        known.path.replace(known.path.with_name(f"{known.path.stem}-{now:%Y%m%d%H%M%S}{known.path.suffix}"))
    keys.save(signer, known.path, passphrase)
    ws.set_settings({SETTING: known.path.name, "nombre": nombre, "cargo": cargo})
    return signer


class Firmar(DeliveryStep):
    """``signed(signer)`` once the key is open."""

    signed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._signer: keys.Signer | None = None
        self._known: Known | None = None
        self.stack = QStackedWidget()
        self._waiting = QWidget()
        for widget in (self._waiting, self._first(), self._later(), self._made()):
            self.stack.addWidget(widget)
        self.column.addWidget(self.stack, 1)
        self.wrong = label("", "stops", wraps=True)
        self.column.addWidget(self.wrong)

    def _first(self) -> QWidget:
        frame, rows = card(
            "Cree su clave de firma",
            subtitle="Es suya y queda en este equipo, protegida con una contraseña que nadie más conoce. "
            "Si la olvida no pierde ningún dato: se crea otra clave.",
        )
        self.nombre, self.cargo = QLineEdit(), QLineEdit()
        self.new, self.again = _secret(), _secret()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.LARGE)
        grid.setVerticalSpacing(theme.TIGHT)
        for place, (text, editor) in enumerate(
            (
                ("Su nom&bre", self.nombre),
                ("Su car&go", self.cargo),
                ("Contraseña (8 caracteres o más)", self.new),
                ("La misma contraseña, &otra vez", self.again),
            )
        ):
            _labelled(grid, text, editor, place // 2 * 2, place % 2)
            editor.textChanged.connect(self._typed)
            editor.returnPressed.connect(self.go)
        rows.addLayout(grid)
        return _top(frame)

    def _later(self) -> QWidget:
        frame, rows = card("Firme la entrega")
        self.who = label("", wraps=True)
        self.passphrase = _secret()
        self.passphrase.textChanged.connect(self._typed)
        self.passphrase.returnPressed.connect(self.go)
        rows.addWidget(self.who)
        grid = QGridLayout()
        _labelled(grid, "Contraseña de su clave", self.passphrase, 0, 0)
        grid.setColumnStretch(1, 1)
        rows.addLayout(grid)
        rows.addWidget(
            button("Firma otra persona, u olvidé la contraseña: crear otra clave", self._renew, role="quiet"),
            0,
            Qt.AlignmentFlag.AlignLeft,
        )
        return _top(frame)

    def _made(self) -> QWidget:
        frame, rows = card("Su clave quedó lista")
        rows.addWidget(label("Esta es su huella. La Oficina TIC la compara con la del acta en papel:", wraps=True))
        self.fingerprint = label("", "hero", wraps=True)
        self.fingerprint.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.fingerprint.setAccessibleName("Huella de su clave")
        rows.addWidget(self.fingerprint)
        self.kept = label("", "muted", wraps=True)
        rows.addWidget(self.kept)
        return _top(frame)

    # -- reading

    def begin(self) -> None:
        workspace = self.desk.workspace
        self._signer = None
        self.wrong.clear()
        self._state(self._waiting)
        self.desk.run(lambda _progress: key_file(workspace), self._found)

    def _found(self, known: Known) -> None:
        self._known = known
        info = self.desk.workspace.info
        if known.exists:
            self.who.setText(f"{info.nombre}, {info.cargo}\nClave: {known.path.name}")
            self._state(self.stack.widget(2), self.passphrase)
        else:
            self._renew()

    def _renew(self) -> None:
        info = self.desk.workspace.info
        self.nombre.setText(info.nombre)
        self.cargo.setText(info.cargo)
        self._state(self.stack.widget(1), self.nombre if not info.nombre else self.new)

    def _state(self, widget: QWidget, focus: QWidget | None = None) -> None:
        self.stack.setCurrentWidget(widget)
        if focus is not None and self.isVisible():
            focus.setFocus()
        self._typed()

    # -- going on

    def _typed(self, _text: str = "") -> None:
        match self.stack.currentIndex():
            case 1:
                self.forward = "Crear la cla&ve"
                ready = all(editor.text().strip() for editor in (self.nombre, self.cargo, self.new, self.again))
            case 2:
                self.forward = "&Siguiente: guardar"
                ready = bool(self.passphrase.text())
            case 3:
                self.forward = "&Siguiente: guardar"
                ready = self._signer is not None
            case _:
                self.forward, ready = "&Siguiente", False
        self.set_ready(ready)

    def go(self) -> None:
        """Make the key, open it, or go on with the one just made."""
        if not self.ready:
            return
        self.wrong.clear()
        match self.stack.currentIndex():
            case 1:
                self._create()
            case 2:
                self._open()
            case _:
                self.signed.emit(self._signer)

    def _create(self) -> None:
        passphrase = self.new.text()
        if passphrase != self.again.text():
            self._refuse("Las dos contraseñas no son iguales. Escríbalas otra vez.", self.again)
            return
        if len(passphrase) < keys.MIN_PASSPHRASE_CHARACTERS:
            self._refuse(f"La contraseña necesita {keys.MIN_PASSPHRASE_CHARACTERS} caracteres o más.", self.new)
            return
        workspace = self.desk.workspace
        nombre, cargo = self.nombre.text().strip(), self.cargo.text().strip()

        def work(_progress: "Progress") -> keys.Signer:
            return make(workspace, nombre, cargo, passphrase)

        self.set_ready(False, busy=True)
        self.desk.run(work, self._created, fails=self._failed, text="Creando su clave…")

    def _created(self, signer: keys.Signer) -> None:
        self._signer = signer
        self.wipe()
        self.fingerprint.setText(signer.fingerprint)
        known = self._known
        name = known.path.name if known is not None else ""
        self.kept.setText(f"La clave está en {name}, junto al archivo de datos. Guarde una copia en otro medio.")
        self._state(self.stack.widget(3))

    def _open(self) -> None:
        assert self._known is not None
        workspace, path, passphrase = self.desk.workspace, self._known.path, self.passphrase.text()
        self.set_ready(False, busy=True)
        self.desk.run(lambda _progress: open_signer(workspace, path, passphrase), self._opened, fails=self._failed)

    def _opened(self, signer: keys.Signer) -> None:
        self._signer = signer
        self.wipe()
        self.set_ready(True)
        self.signed.emit(signer)

    def _failed(self, error: UserError) -> None:
        self._typed()
        self._refuse(str(error), self.passphrase if self.stack.currentIndex() == 2 else self.new)

    def _refuse(self, words: str, editor: QLineEdit) -> None:
        self.wrong.setText(f"✕ {words}")
        editor.setFocus()
        editor.selectAll()

    def wipe(self) -> None:
        """Forget the passphrases that were typed."""
        for editor in (self.new, self.again, self.passphrase):
            editor.clear()


def _secret() -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made


def _labelled(grid: QGridLayout, text: str, editor: QLineEdit, row: int, column: int) -> None:
    words = label(text)
    words.setBuddy(editor)
    editor.setAccessibleName(text.replace("&", ""))
    grid.addWidget(words, row, column)
    grid.addWidget(editor, row + 1, column)
    grid.setColumnStretch(column, 1)


def _top(frame: QFrame) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(frame)
    column.addStretch()
    return holder

"""Step 3: who signs. Keys are made here, one for each person, and never leave this PC without their passphrase."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    QWidget,
)

from peti_desktop import becoming
from peti_desktop.delivery import signing_key, signing_request
from peti_desktop.delivery.signing_key import KeyFile, key_file
from peti_desktop.errors import UserError
from peti_desktop.trust import keys
from peti_desktop.trust.passphrase import strength
from ui import theme
from ui.chips import button, card, label
from ui.dependencia.entrega.step import DeliveryStep, at_top
from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.progress import Progress

__all__ = ["Firmar", "key_file"]

FIRST = (
    "Es suya y queda en este equipo, protegida con una contraseña que nadie más conoce. Si la olvida no pierde ningún "
    "dato: se crea otra clave."
)
FORGOTTEN = (
    "Sus datos y sus entregas no cambian. La clave de antes se guarda con otro nombre y ya no se usa aquí. La Oficina "
    "TIC debe confirmar la nueva: cuéntele qué pasó, para que anule la de antes."
)
SUCCEEDED = (
    "Cada clave firma por una sola dependencia, y la de antes firmaba por {}: su archivo queda como está. La Oficina "
    "TIC confirma la nueva con la primera entrega."
)
RENEWED = "La clave de ahora sigue sirviendo hasta su fecha. Cuando la Oficina TIC confirme la nueva, firme con ella."
ANOTHER = "Cada persona firma con su propia clave y su propia contraseña; las demás claves de este equipo no cambian."


class Firmar(DeliveryStep):
    """``signed(signer)`` once the key is open."""

    signed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._signer: keys.Signer | None = None
        self._known: list[KeyFile] = []
        self._troubles: dict[Path, tuple[str, str]] = {}
        self._instead_of: Path | None = None
        self.stack = QStackedWidget()
        self._waiting = QWidget()
        for widget in (self._waiting, self._first(), self._later(), self._made()):
            self.stack.addWidget(widget)
        self.column.addWidget(self.stack, 1)
        self.wrong = label("", "stops", wraps=True)
        self.column.addWidget(self.wrong)

    def _first(self) -> QWidget:
        frame, rows = card()
        self.heading = label("", "heading", wraps=True)
        self.why = label("", "muted", wraps=True)
        rows.addWidget(self.heading)
        rows.addWidget(self.why)
        self.nombre, self.cargo = QLineEdit(), QLineEdit()
        self.new, self.again = _secret(), _secret()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.LARGE)
        grid.setVerticalSpacing(theme.TIGHT)
        for place, (text, editor) in enumerate(
            (
                ("S&u nombre", self.nombre),
                ("Su car&go", self.cargo),
                ("Contraseña (8 caracteres o más)", self.new),
                ("La misma contraseña, &otra vez", self.again),
            )
        ):
            _labelled(grid, text, editor, place // 2 * 2, place % 2)
            editor.textChanged.connect(self._typed)
            editor.returnPressed.connect(self.go)
        rows.addLayout(grid)
        self.how = label("", "small", wraps=True)
        self.keep = button("No, volver a la clave que ya hay", self.begin, role="quiet")
        rows.addWidget(self.how)
        rows.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignLeft)
        return at_top(frame)

    def _later(self) -> QWidget:
        frame, rows = card("Firme la entrega")
        self.people = QComboBox()
        self.people.setAccessibleName("Quién firma")
        self.people.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.people.setMinimumContentsLength(30)
        self.people.currentIndexChanged.connect(self._chosen)
        self.who = label("", "muted", wraps=True)
        self.trouble = label("", "warns", wraps=True)
        self.passphrase = _secret()
        self.passphrase.textChanged.connect(self._typed)
        self.passphrase.returnPressed.connect(self.go)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.LARGE)
        grid.setVerticalSpacing(theme.TIGHT)
        _labelled(grid, "&Quién firma", self.people, 0, 0)
        _labelled(grid, "Contraseña de su clave", self.passphrase, 0, 1)
        rows.addLayout(grid)
        rows.addWidget(self.who)
        rows.addWidget(self.trouble)
        self.forgot = button("Olvidé mi contraseña…", self._renew, role="quiet")
        self.renew = button("Renovar mi clave…", self._renew_beside, role="quiet")
        self.other = button("Firma otra persona…", self._other, role="quiet")
        self.request = button("Guardar la solicitud de firma…", self._request_later, role="quiet")
        rows.addWidget(_row(self.forgot, self.renew, self.other, self.request))
        return at_top(frame)

    def _made(self) -> QWidget:
        frame, rows = card("Su clave quedó lista")
        rows.addWidget(
            label("Esta es su huella. La Oficina TIC la compara con la del acta en papel o por teléfono:", wraps=True)
        )
        self.fingerprint = label("", "hero", wraps=True)
        self.fingerprint.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.fingerprint.setAccessibleName("Huella de su clave")
        rows.addWidget(self.fingerprint)
        self.kept = label("", "muted", wraps=True)
        rows.addWidget(self.kept)
        rows.addWidget(_row(button("Guardar la solicitud de firma…", self._request_now)))
        return at_top(frame)

    # -- reading

    def begin(self) -> None:
        workspace = self.desk.workspace
        self._signer = None
        self.wrong.clear()
        self._state(self._waiting)

        def work(_progress: "Progress") -> list[tuple[KeyFile, tuple[str, str]]]:
            return [(kept, signing_key.trouble(workspace, kept)) for kept in signing_key.key_files(workspace)]

        self.desk.run(lambda progress: (work(progress), becoming.before(workspace)), self._found)

    def _found(self, read: tuple[list[tuple[KeyFile, tuple[str, str]]], str]) -> None:
        found, before = read
        self._known = [kept for kept, _trouble in found]
        self._troubles = {kept.path: trouble for kept, trouble in found}
        if not found:
            info = self.desk.workspace.info
            why = SUCCEEDED.format(before) if before else FIRST
            self._begin_new("Cree su clave de firma", why, info.nombre, info.cargo)
            return
        self.people.blockSignals(True)
        self.people.clear()
        for kept in self._known:
            self.people.addItem(f"{kept.nombre}, {kept.cargo}")
        self.people.blockSignals(False)
        self._chosen()
        self._state(self.stack.widget(2), self.passphrase if not self._stopped else self.forgot)

    @property
    def key(self) -> KeyFile | None:
        """The key that was chosen to sign with."""
        place = self.people.currentIndex()
        return self._known[place] if 0 <= place < len(self._known) else None

    @property
    def _stopped(self) -> bool:
        kept = self.key
        return kept is not None and self._troubles[kept.path][0] == "stops"

    def _chosen(self, _index: int = 0) -> None:
        kept = self.key
        if kept is None:
            return
        tone, sentence = self._troubles[kept.path]
        confirmed = "Confirmada por la Oficina TIC." if kept.confirmed else "La Oficina TIC todavía no la confirma."
        mark = f"Huella {kept.fingerprint}. {confirmed}" if kept.fingerprint else "Se reconoce al abrirla."
        self.who.setText(f"{mark} Archivo {kept.path.name}.")
        self.trouble.setText(f"{'✕' if tone == 'stops' else '▲'} {sentence}" if tone else "")
        self.trouble.setProperty("role", tone or "warns")
        theme.restyle(self.trouble)
        self.trouble.setVisible(bool(tone))
        self.passphrase.setEnabled(tone != "stops")
        self.forgot.setText("Crear otra clave…" if tone == "stops" else "Olvidé mi contraseña…")
        self.renew.setVisible(tone == "warns")
        self.request.setVisible(not kept.confirmed and tone != "stops")
        self._typed()

    # -- another key

    def _renew(self) -> None:
        """The passphrase was forgotten, or the key annulled: a new one in its place."""
        kept, info = self.key, self.desk.workspace.info
        self._begin_new(
            "Cree otra clave de firma" if kept else "Cree su clave de firma",
            FORGOTTEN if kept else FIRST,
            kept.nombre if kept else info.nombre,
            kept.cargo if kept else info.cargo,
            kept.path if kept else None,
        )

    def _renew_beside(self) -> None:
        kept = self.key
        if kept is not None:
            self._begin_new("Renueve su clave de firma", RENEWED, kept.nombre, kept.cargo)

    def _other(self) -> None:
        self._begin_new("Cree la clave de otra persona", ANOTHER, "", "")

    def _begin_new(self, title: str, why: str, nombre: str, cargo: str, instead_of: Path | None = None) -> None:
        self._instead_of = instead_of
        self.heading.setText(title)
        self.why.setText(why)
        self.nombre.setText(nombre)
        self.cargo.setText(cargo)
        self.keep.setVisible(bool(self._known))
        self._state(self.stack.widget(1), self.nombre if not nombre else self.new)

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
                self._tell_strength()
            case 2:
                self.forward = "&Siguiente: guardar"
                ready = bool(self.passphrase.text()) and not self._stopped
            case 3:
                self.forward = "&Siguiente: guardar"
                ready = self._signer is not None
            case _:
                self.forward, ready = "&Siguiente", False
        self.set_ready(ready)

    def _tell_strength(self) -> None:
        said = self.new.text()
        found = strength(said, keys.MIN_PASSPHRASE_CHARACTERS, (self.nombre.text(), self.cargo.text()))
        self.how.setText(f"Contraseña {found.word}. {found.advice}" if said else "")

    def go(self) -> None:
        """Make the key, open it, or go on with the one just made."""
        if not self.ready:
            return
        self.wrong.clear()
        match self.stack.currentIndex():
            case 1:
                self._create()
            case 2:
                self._open(self._opened)
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
        workspace, instead_of = self.desk.workspace, self._instead_of
        nombre, cargo = self.nombre.text().strip(), self.cargo.text().strip()

        def work(_progress: "Progress") -> tuple[keys.Signer, str]:
            made = signing_key.make(workspace, nombre, cargo, passphrase, instead_of=instead_of)
            return made, key_file(workspace).path.name

        self.set_ready(False, busy=True)
        self.desk.run(work, self._created, fails=self._failed, text="Creando su clave…")

    def _created(self, made: tuple[keys.Signer, str]) -> None:
        self._signer, name = made
        self.wipe()
        self.fingerprint.setText(self._signer.fingerprint)
        self.kept.setText(
            f"La clave está en {name}, junto al archivo de datos. Con la solicitud de firma la Oficina TIC puede "
            "confirmarla antes de la primera entrega; si no, la confirma con el acta."
        )
        self._state(self.stack.widget(3))

    def _open(self, then: Callable[[keys.Signer], object]) -> None:
        kept = self.key
        assert kept is not None
        workspace, path, passphrase = self.desk.workspace, kept.path, self.passphrase.text()

        def work(_progress: "Progress") -> keys.Signer:
            signer = signing_key.open_signer(workspace, path, passphrase)
            signing_key.choose(workspace, path)
            return signer

        self.set_ready(False, busy=True)
        self.desk.run(work, then, fails=self._failed)

    def _opened(self, signer: keys.Signer) -> None:
        self._signer = signer
        self.wipe()
        self.set_ready(True)
        self.signed.emit(signer)

    # -- asking to be confirmed

    def _request_later(self) -> None:
        if not self.passphrase.text():
            self._refuse("Para hacer la solicitud escriba primero la contraseña de su clave.", self.passphrase)
            return
        self.wrong.clear()
        self._open(self._requested_by)

    def _requested_by(self, signer: keys.Signer) -> None:
        self._typed()
        self._write_request(signer)

    def _request_now(self) -> None:
        if self._signer is not None:
            self._write_request(self._signer)

    def _write_request(self, signer: keys.Signer) -> None:
        folder = self.desk.messages.folder("Dónde guardar la solicitud de firma")
        if folder is None:
            return
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: signing_request.write(workspace, signer, folder), self._requested)

    def _requested(self, path: Path) -> None:
        self.desk.notice.tell(
            f"Se guardó «{path.name}».",
            "Envíela a la Oficina TIC. Le devolverá el archivo de inicio, con su certificado.",
            tone="fine",
        )

    # -- saying no

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


def _labelled(grid: QGridLayout, text: str, editor: QWidget, row: int, column: int) -> None:
    words: QLabel = label(text)
    words.setBuddy(editor)
    editor.setAccessibleName(text.replace("&", ""))
    grid.addWidget(words, row, column)
    grid.addWidget(editor, row + 1, column)
    grid.setColumnStretch(column, 1)


def _row(*buttons: QWidget) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SMALL)
    for made in buttons:
        row.addWidget(made)
    row.addStretch()
    return holder

"""The office's data on a PostgreSQL server: open them, take a file there, or begin there."""

from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui.chips import button, card, label
from ui.front import FrontPage, pairs
from ui.messages import Messages
from ui.start import KINDS, Start

WIDEST: Final = 760
OPEN, MOVE, BEGIN = 0, 1, 2
CHOICES: Final = (
    (OPEN, "&Abrir los datos que ya están allí", "Abr&ir"),
    (MOVE, "&Pasar allí los datos de un archivo", "Pasar y abr&ir"),
    (BEGIN, "&Empezar allí sin datos", "Empe&zar"),
)


ABOUT: Final = "Los datos de la Oficina TIC quedan en una base PostgreSQL. Quien la administra le da lo que sigue."


class ServerPage(FrontPage):
    """Which server, what is wanted of it, and who works there.

    ``address`` fills the page in. The password is kept nowhere but in the open program.
    """

    def __init__(self, messages: Messages, address: str = "") -> None:
        super().__init__("Trabajar varios en un servidor", "", ABOUT, WIDEST)
        self._messages = messages
        self.column.addWidget(self._where())
        self.column.addWidget(self._what())
        self.column.addWidget(self._who())
        self._show(address)
        self._changed()

    def _where(self) -> QWidget:
        frame, rows = card("¿Dónde está?")
        self.host, self.database, self.user, self.password = (QLineEdit() for _ in range(4))
        self.host.setPlaceholderText("Nombre o dirección, por ejemplo: 10.0.0.5")
        self.database.setPlaceholderText("Por ejemplo: peti")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        rows.addLayout(
            pairs(
                ("&Servidor", self.host),
                ("&Base de datos", self.database),
                ("&Usuario", self.user),
                ("C&ontraseña", self.password),
            )
        )
        return frame

    def _what(self) -> QWidget:
        frame, rows = card("¿Qué quiere hacer?")
        self.choices = QButtonGroup(self)
        for number, text, _verb in CHOICES:
            choice = QRadioButton(text)
            self.choices.addButton(choice, number)
            rows.addWidget(choice)
        self.choices.button(OPEN).setChecked(True)
        self.choices.idClicked.connect(self._changed)
        self.file = QLineEdit()
        self.file.setAccessibleName("Archivo de datos que se pasa")
        self.picking = QWidget()
        lines = QVBoxLayout(self.picking)
        lines.setContentsMargins(0, 0, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self.file, 1)
        line.addWidget(button("Escoger el arc&hivo…", self._choose))
        lines.addLayout(line)
        note = "El archivo queda como está. Guárdelo aparte: desde ahora se trabaja en el servidor."
        lines.addWidget(label(note, "muted", wraps=True))
        rows.addWidget(self.picking)
        return frame

    def _who(self) -> QWidget:
        frame, rows = card("¿Quién es usted?")
        self.nombre, self.cargo = QLineEdit(), QLineEdit()
        rows.addLayout(pairs(("Su &nombre", self.nombre), ("Su &cargo", self.cargo)))
        rows.addWidget(
            label("Con ellos queda escrito quién hizo cada cambio. Se dicen una sola vez.", "muted", wraps=True)
        )
        return frame

    def _show(self, address: str) -> None:
        parts = urlsplit(address)
        self.host.setText(parts.netloc.rpartition("@")[2])
        self.database.setText(unquote(parts.path.strip("/")))
        self.user.setText(unquote(parts.username or ""))

    def _changed(self, _number: int = OPEN) -> None:
        number = self.choices.checkedId()
        self.go.setText(next(verb for choice, _text, verb in CHOICES if choice == number))
        self.picking.setVisible(number == MOVE)

    def _choose(self) -> None:
        chosen = self._messages.open_file("¿Qué archivo se pasa?", KINDS)
        if chosen is not None:
            self.file.setText(str(chosen))

    @property
    def address(self) -> str:
        """The server's URL, with the password in it when one was typed."""
        secret = f":{quote(self.password.text(), safe='')}" if self.password.text() else ""
        user = quote(self.user.text().strip(), safe="")
        return f"postgresql://{user}{secret}@{self.host.text().strip()}/{quote(self.database.text().strip(), safe='')}"

    def begin(self) -> None:
        """Send what was chosen, or say what is missing."""
        missing = self._missing()
        if missing is not None:
            editor, words = missing
            self.lacks(words, editor)
            return
        self.wrong.hide()
        number = self.choices.checkedId()
        self.chosen.emit(
            Start(
                path=Path(),
                server=self.address,
                perfil="oficina",
                dependencia="TIC",
                nombre=self.nombre.text().strip(),
                cargo=self.cargo.text().strip(),
                vigencia=datetime.now().astimezone().year,
                exists=number == OPEN,
                moved=Path(self.file.text().strip()) if number == MOVE else None,
            )
        )

    def _missing(self) -> tuple[QLineEdit, str] | None:
        if not self.host.text().strip():
            return self.host, "Escriba el servidor: su nombre o su dirección en la red."
        if not self.database.text().strip():
            return self.database, "Escriba el nombre de la base de datos."
        if not self.user.text().strip():
            return self.user, "Escriba el usuario que le dieron en el servidor."
        if self.choices.checkedId() == MOVE and not self.file.text().strip():
            return self.file, "Escoja el archivo de datos que se pasa."
        if self.choices.checkedId() == BEGIN and not self.nombre.text().strip():
            return self.nombre, "Escriba su nombre: con él queda escrito quién hizo cada cambio."
        return None

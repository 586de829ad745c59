"""The office's data on a PostgreSQL server: open them, take a file there, or begin there."""

from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from ui import theme
from ui.chips import button, card, label
from ui.messages import Messages
from ui.start import KINDS, Start

WIDEST: Final = 760
OPEN, MOVE, BEGIN = 0, 1, 2
CHOICES: Final = (
    (OPEN, "&Abrir los datos que ya están allí", "Abr&ir"),
    (MOVE, "&Pasar allí los datos de un archivo", "Pasar y abr&ir"),
    (BEGIN, "&Empezar allí sin datos", "Empe&zar"),
)


class ServerPage(QWidget):
    """``chosen(Start)`` when everything needed is there, ``back`` when somebody thinks better of it.

    ``address`` fills the page in. The password is kept nowhere but in the open program.
    """

    chosen = Signal(object)
    back = Signal()

    def __init__(self, messages: Messages, address: str = "") -> None:
        super().__init__()
        self.setObjectName("arrival")
        self._messages = messages
        inner = QWidget()
        inner.setMaximumWidth(WIDEST)
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(inner, 8)
        outer.addStretch(1)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, theme.SMALL, 0, theme.SMALL)
        column.setSpacing(theme.MEDIUM)
        column.addStretch(1)
        self.go = button("", self._go, role="primary")
        head = QHBoxLayout()
        head.addWidget(label("Trabajar varios en un servidor", "hero"), 1)
        head.addWidget(button("&Volver", self.back.emit))
        head.addWidget(self.go)
        column.addLayout(head)
        words = "Los datos de la Oficina TIC quedan en una base PostgreSQL. Quien la administra le da lo que sigue."
        column.addWidget(label(words, "muted", wraps=True))
        self.wrong = label("", "stops", wraps=True)
        self.wrong.hide()
        column.addWidget(self.wrong)
        column.addWidget(self._where())
        column.addWidget(self._what())
        column.addWidget(self._who())
        column.addStretch(2)
        self._show(address)
        self._changed()

    def _where(self) -> QWidget:
        frame, rows = card("¿Dónde está?")
        self.host, self.database, self.user, self.password = (QLineEdit() for _ in range(4))
        self.host.setPlaceholderText("Nombre o dirección, por ejemplo: 10.0.0.5")
        self.database.setPlaceholderText("Por ejemplo: peti")
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        rows.addLayout(
            _pairs(
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
        rows.addLayout(_pairs(("Su &nombre", self.nombre), ("Su &cargo", self.cargo)))
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

    def _go(self) -> None:
        missing = self._missing()
        if missing is not None:
            editor, words = missing
            self.wrong.setText(f"✕ {words}")
            self.wrong.show()
            editor.setFocus()
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


def _pairs(*editors: tuple[str, QLineEdit]) -> QGridLayout:
    """Two fields side by side, each under its label."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.MEDIUM)
    grid.setVerticalSpacing(theme.TIGHT)
    for place, (text, editor) in enumerate(editors):
        words = label(text)
        words.setBuddy(editor)
        editor.setAccessibleName(text.replace("&", ""))
        grid.addWidget(words, place // 2 * 2, place % 2)
        grid.addWidget(editor, place // 2 * 2 + 1, place % 2)
    return grid

"""The first page anybody sees: who are you, which dependencia, where is the file kept. Or open what exists."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui import icons, recents, theme
from ui.chips import button, card, label
from ui.front import centred, pairs
from ui.manual import open_manual
from ui.messages import Messages
from ui.picker import Picker

KINDS: Final = "Archivo de Peti Desktop (*.sqlite)"


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody decided on the first page; ``copy`` is to be restored, ``post`` to be taken over, at ``path``.

    ``server`` is the address of a server in place of a path; ``moved`` the file whose data go there first. ``reading``:
    what exists is opened only to be read.
    """

    path: Path
    perfil: str = "dependencia"
    dependencia: str = ""
    nombre: str = ""
    cargo: str = ""
    vigencia: int = 0
    exists: bool = False
    example: bool = False
    copy: Path | None = None
    post: Path | None = None
    server: str = field(default="", repr=False)  # it may carry a password
    moved: Path | None = None
    reading: bool = False


class StartPage(QWidget):
    """Three questions; ``chosen(Start)`` when they are answered, or when a file to open was picked.

    ``arrived(kind, path)`` when somebody brings a copy to restore or a post to take over (``ui.arrival``);
    ``server(address)`` when the data are on one (``ui.server``), of which the address may be known.
    """

    chosen = Signal(object)
    arrived = Signal(str, object)
    server = Signal(str)

    def __init__(self, messages: Messages, folder: Path | None = None) -> None:
        super().__init__()
        self._messages = messages
        self._documents = folder or documents()
        self._own_path = False
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.WIDE, theme.MEDIUM, theme.WIDE, theme.MEDIUM)
        column.setSpacing(theme.MEDIUM)
        column.addStretch(1)
        column.addLayout(self._welcome())
        column.addSpacing(theme.SMALL)
        self._recent = QHBoxLayout()
        self._recent.setSpacing(theme.SMALL)
        column.addLayout(self._recent)
        form, rows = card()
        form.setMaximumWidth(760)
        rows.setSpacing(theme.MEDIUM)
        self._who(rows)
        self._details(rows)
        self._where(rows)
        self._begin = button("&Empezar", self._go, role="primary")
        line = QHBoxLayout()
        self._wrong = label("", "stops", wraps=True)
        line.addWidget(self._wrong, 1)
        line.addWidget(self._begin)
        rows.addLayout(line)
        column.addLayout(centred(form))
        others = QHBoxLayout()
        others.setSpacing(0)
        others.addStretch()
        others.addWidget(button("&Abrir un archivo…", self._open, role="quiet", icon="carpeta"))
        others.addWidget(button("Abrir solo &para leer…", self._open_to_read, role="quiet", icon="buscar"))
        others.addWidget(button("&Mirar con datos de ejemplo", self._example, role="quiet", icon="inicio"))
        others.addWidget(button("&Leer el manual", partial(open_manual, messages), role="quiet", icon="ayuda"))
        others.addStretch()
        column.addLayout(others)
        moving = QHBoxLayout()
        moving.setSpacing(0)
        moving.addStretch()
        moving.addWidget(label("¿Equipo nuevo o cargo nuevo?", "muted"))
        moving.addWidget(button("&Restaurar una copia…", self._restore, role="quiet", icon="copias"))
        moving.addWidget(button("Recibir el car&go…", self._take_over, role="quiet", icon="firmantes"))
        moving.addWidget(button("Usar un &servidor…", partial(self.server.emit, ""), role="quiet", icon="oficina"))
        moving.addStretch()
        column.addLayout(moving)
        column.addStretch(2)
        self._changed()
        # The catalogue is read after the page was painted.
        QTimer.singleShot(0, self, self._load)

    def _welcome(self) -> QHBoxLayout:
        picture = label("")
        picture.setPixmap(icons.pixmap("app", 52, "", self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label("Peti Desktop", "hero"))
        words.addWidget(label("El diagnóstico de TI de su entidad, sin internet y sin complicaciones.", "muted"))
        row = QHBoxLayout()
        row.setSpacing(theme.LARGE)
        row.addStretch()
        row.addWidget(picture)
        row.addLayout(words)
        row.addStretch()
        return row

    def _who(self, rows: QVBoxLayout) -> None:
        rows.addWidget(label("1 · ¿Quién es usted?", "heading"))
        self._profiles = QButtonGroup(self)
        pair = QHBoxLayout()
        pair.setSpacing(theme.MEDIUM)
        look = theme.tones(self.palette())
        for number, (text, icon, hint) in enumerate(
            (
                ("&Dependencia", "inicio", "Registra y entrega su información"),
                ("&Oficina TIC", "oficina", "Recibe, verifica y consolida"),
            )
        ):
            choice = QPushButton(f"{text}\n{hint}")
            choice.setProperty("role", "choice")
            choice.setCheckable(True)
            choice.setIcon(icons.icon(icon, look.accent))
            choice.setIconSize(QSize(28, 28))
            choice.setAccessibleName(text.replace("&", ""))
            choice.setAccessibleDescription(hint)
            self._profiles.addButton(choice, number)
            pair.addWidget(choice, 1)
        self._profiles.button(0).setChecked(True)
        self._profiles.idClicked.connect(self._changed)
        rows.addLayout(pair)

    def _details(self, rows: QVBoxLayout) -> None:
        self._which = label("2 · ¿De qué dependencia?", "heading")
        rows.addWidget(self._which)
        self._dependencia = Picker()
        self._dependencia.setAccessibleName("Dependencia")
        self._dependencia.line.setPlaceholderText("Escriba una parte del nombre, por ejemplo: salud")
        self._nombre, self._cargo = QLineEdit(), QLineEdit()
        self._dependencia.picked.connect(self._changed)
        self._dependencia.edited.connect(self._changed)
        rows.addWidget(self._dependencia)
        for editor in (self._nombre, self._cargo):
            editor.textEdited.connect(self._changed)
        rows.addLayout(pairs(("Su &nombre", self._nombre), ("Su &cargo", self._cargo)))

    def _where(self, rows: QVBoxLayout) -> None:
        rows.addWidget(label("3 · ¿Dónde se guarda el archivo de datos?", "heading"))
        self._path = QLineEdit()
        self._path.setAccessibleName("Archivo de datos")
        self._path.textEdited.connect(self._typed_path)
        line = QHBoxLayout()
        line.addWidget(self._path, 1)
        line.addWidget(button("Cam&biar…", self._choose))
        rows.addLayout(line)

    def _load(self) -> None:
        from peti_desktop.catalogues import load

        self._dependencia.offer([(entry.code, entry.label) for entry in load().entries("dependencia")])
        self._offer_recent(recents.existing())

    def _offer_recent(self, stores: list[Path | str]) -> None:
        """What was worked on last comes before the questions of the first time."""
        if not stores:
            return
        self._recent.addStretch()
        for number, path in enumerate(stores):
            name = path.stem if isinstance(path, Path) else path.rpartition("@")[2]
            text = f"&Seguir con {name}" if number == 0 else name
            again = button(
                text.replace("_", " "),
                partial(self._again, path),
                role="quiet" if number else "primary",
                icon="carpeta",
            )
            again.setToolTip(str(path))
            self._recent.addWidget(again)
        self._recent.addStretch()
        self._recent.itemAt(1).widget().setFocus()

    def _again(self, store: Path | str) -> None:
        if isinstance(store, Path):
            self.chosen.emit(Start(path=store, exists=True))
        else:
            self.server.emit(store)

    @property
    def perfil(self) -> str:
        """Who the person says to be: dependencia or oficina."""
        return "oficina" if self._profiles.checkedId() == 1 else "dependencia"

    def _changed(self, _what: object = None) -> None:
        office = self.perfil == "oficina"
        self._dependencia.setVisible(not office)
        self._which.setText("2 · ¿Cómo se llama y qué cargo tiene?" if office else "2 · ¿De qué dependencia?")
        self._wrong.clear()
        if not self._own_path:
            code = "oficina" if office else (self._dependencia.code or "dependencia").lower()
            self._path.setText(str(self._documents / f"peti-{_year()}-{code}.sqlite"))

    def _typed_path(self, _text: str) -> None:
        self._own_path = True

    def _choose(self) -> None:
        chosen = self._messages.save_file("¿Dónde se guarda?", Path(self._path.text()), KINDS)
        if chosen is not None:
            self._own_path = True
            self._path.setText(str(chosen if chosen.suffix else chosen.with_suffix(".sqlite")))

    def _go(self) -> None:
        missing = self._missing()
        if missing is not None:
            editor, words = missing
            self._wrong.setText(f"✕ {words}")
            editor.setFocus()
            return
        self.chosen.emit(
            Start(
                path=Path(self._path.text()),
                perfil=self.perfil,
                dependencia="TIC" if self.perfil == "oficina" else (self._dependencia.code or ""),
                nombre=self._nombre.text().strip(),
                cargo=self._cargo.text().strip(),
                vigencia=_year(),
            )
        )

    def _missing(self) -> tuple[QWidget, str] | None:
        if self.perfil == "dependencia" and not self._dependencia.code:
            return self._dependencia, "Elija su dependencia de la lista."
        if not self._nombre.text().strip():
            return self._nombre, "Escriba su nombre: aparece en el acta de entrega."
        if not self._cargo.text().strip():
            return self._cargo, "Escriba su cargo: aparece en el acta de entrega."
        if not self._path.text().strip():
            return self._path, "Diga dónde se guarda el archivo."
        return None

    def _open(self) -> None:
        chosen = self._messages.open_file("Abrir", KINDS)
        if chosen is not None:
            self.chosen.emit(Start(path=chosen, exists=True))

    def _open_to_read(self) -> None:
        chosen = self._messages.open_file("Abrir solo para leer", KINDS)
        if chosen is not None:
            self.chosen.emit(Start(path=chosen, exists=True, reading=True))

    def _restore(self) -> None:
        chosen = self._messages.open_file("¿Qué copia se restaura?", "Copia de Peti Desktop (*.sqlite)")
        if chosen is not None:
            self.arrived.emit("copia", chosen)

    def _take_over(self) -> None:
        chosen = self._messages.open_file("El archivo de la entrega del cargo", "Entrega del cargo (*.peti)")
        if chosen is not None:
            self.arrived.emit("cargo", chosen)

    def _example(self) -> None:
        self.chosen.emit(Start(path=self._documents / "ejemplo", perfil=self.perfil, example=True))


def documents() -> Path:
    """The folder proposed for people's files."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(place)) / "Peti Desktop"


def _year() -> int:
    return datetime.now().astimezone().year

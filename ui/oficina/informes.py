"""The papers: what each is for, one button to make it, one to open it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peti_desktop import reports
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import button, card, label
from ui.desk import Desk, Page

ABOUT: Final = {
    "consolidado": "Resumen, mapas de calor, matriz y necesidades en un solo documento, para el comité.",
    "matriz": "Cada riesgo con sus controles, su zona antes y después, y el plan de tratamiento, por dependencia.",
    "mapas": "El mapa inherente y el residual de la entidad, y los de cada dependencia en pequeño.",
    "necesidades": "Qué se pide, cuánto vale y para quién, por tema y dependencia: base del plan de adquisiciones.",
    "equipos": "El parque de equipos por tipo y estado, y cuáles ya no tienen soporte y por qué.",
}
"""What each report is for, in the words of who hands it on."""
EXCEL: Final = (
    "Todos los registros de todas las dependencias, una hoja por clase, con filtros y el origen de cada fila."
)
"""What the workbook is for."""
OPEN = Callable[[Path], object]


def open_outside(path: Path) -> bool:
    """Open a file or folder with the system's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class InformesPage(Page):
    """See the module."""

    title = "Informes"
    subtitle = (
        "En PDF tamaño oficio, con las mismas cifras del tablero. Los mismos datos dan siempre el mismo documento."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.open_outside: OPEN = open_outside
        self.folder: Path | None = None
        self._where = label("", "muted", wraps=True)
        self.buttons: dict[str, QPushButton] = {}
        self._build()
        self._tell_folder()

    def _build(self) -> None:
        folder = QHBoxLayout()
        folder.addWidget(self._where, 1)
        folder.addWidget(button("&Escoger carpeta…", self._choose, icon="carpeta"))
        self._open_folder = button("Abrir la carpeta", self._show_folder)
        folder.addWidget(self._open_folder)
        self.body.addLayout(folder)
        frame, column = card()
        column.setSpacing(0)
        column.setContentsMargins(0, theme.TIGHT, 0, theme.TIGHT)
        entries = [(name, report.title, ABOUT.get(name, ""), "Guardar PDF") for name, report in reports.REPORTS.items()]
        entries.append(("xlsx", "Matriz en Excel", EXCEL, "Exportar matriz.xlsx"))
        for place, (name, title, about, verb) in enumerate(entries):
            if place:
                line = QFrame()
                line.setProperty("role", "rule")
                column.addWidget(line)
            column.addWidget(self._entry(name, title, about, verb))
        self.body.addWidget(frame)
        self.body.addStretch()

    def _entry(self, name: str, title: str, about: str, verb: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(theme.LARGE, theme.MEDIUM, theme.LARGE, theme.MEDIUM)
        row.setSpacing(theme.LARGE)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, "heading", wraps=True))
        words.addWidget(label(about, "muted", wraps=True))
        row.addLayout(words, 1)
        go = button(verb, partial(self._make, name), icon="informes" if name != "xlsx" else "matriz")
        go.setAccessibleName(f"{verb}: {title}")
        go.setMinimumWidth(150)
        self.buttons[name] = go
        row.addWidget(go)
        return made

    # -- where to

    def _choose(self) -> bool:
        chosen = self.desk.messages.folder("Dónde guardar los informes")
        if chosen is not None:
            self.folder = chosen
            self._tell_folder()
        return chosen is not None

    def _tell_folder(self) -> None:
        self._where.setText(
            f"Se guardan en {self.folder}" if self.folder else "La primera vez se le preguntará dónde guardarlos."
        )
        self._open_folder.setVisible(self.folder is not None)

    def _show_folder(self) -> None:
        if self.folder is not None:
            self.open_outside(self.folder)

    # -- making one

    def _make(self, name: str) -> None:
        if self.folder is None and not self._choose():
            return
        folder = self.folder
        assert folder is not None
        workspace = self.desk.workspace

        def work(progress: Progress) -> Path:
            if name != "xlsx":
                return reports.write(workspace, name, folder, progress)
            from peti_desktop.reports.matriz_xlsx import write_matriz

            path = folder / f"{workspace.info.vigencia}_matriz.xlsx"
            write_matriz(workspace, path, progress)
            return path

        self._allow(allowed=False)
        task = self.desk.run(work, self._made, text="Preparando el informe…")
        task.cancelled.connect(
            lambda: self.desk.notice.tell("Se canceló el informe.", "No quedó ningún archivo a medias.")
        )
        task.finished.connect(partial(self._allow, allowed=True))

    def _allow(self, *, allowed: bool) -> None:
        for made in self.buttons.values():
            made.setEnabled(allowed)

    def _made(self, path: Path) -> None:
        self.desk.notice.tell(
            f"Se guardó «{path.name}».",
            f"En {path.parent}",
            tone="fine",
            action="Abrirlo",
            act=partial(self._open, path),
        )

    def _open(self, path: Path) -> None:
        self.open_outside(path)

"""The papers: what each is for, on which paper; one is opened at once, several are saved in one go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from peti_desktop import reports
from peti_desktop.errors import UserError
from peti_desktop.opendata.datasets import Version
from peti_desktop.progress import Progress
from peti_desktop.workspace import Workspace
from ui import theme
from ui.chips import button, card, label
from ui.desk import Desk, Page
from ui.oficina.words import plural

WORKBOOK: Final = "xlsx"
DATA: Final = "Datos"
EXCEL: Final = (
    "Todos los registros de todas las dependencias, una hoja por clase, con filtros y el origen de cada fila."
)
"""What the workbook is for."""
OPEN_DATA: Final = {
    "datos_publica": (
        Version.PUBLIC,
        "Datos abiertos para publicar (CSV)",
        "Una carpeta con archivos CSV, su diccionario y sus listas, para datos.gov.co: sin datos personales y sin "
        "lista de debilidades.",
    ),
    "datos_interna": (
        Version.INTERNAL,
        "Datos para la entidad (CSV)",
        "Todos los registros en CSV con su diccionario, sin datos personales. Enumera debilidades: no se publica.",
    ),
}
"""Open data: for whom, its title, what it is for."""
EDITIONS: Final = (("Versión interna", False), ("Versión pública", True))
PUBLISHED: Final = frozenset({"datos_publica"})
"""What can be published besides the public versions of the reports."""
OPENS: Final = "Lo guarda en la carpeta y lo abre"
SEVERAL: Final = "Márquelo para guardar varios de una vez"
INTERNAL_ONLY: Final = "Solo tiene versión interna: nombra debilidades que siguen abiertas"
PAPERS: Final = (("Papel oficio", reports.OFICIO), ("Papel carta", reports.CARTA))
OPEN = Callable[[Path], object]


@dataclass(frozen=True, slots=True)
class Made:
    """The files that were written, and in words those that could not be."""

    paths: tuple[Path, ...]
    failed: tuple[str, ...]


def open_outside(path: Path) -> bool:
    """Open a file or folder with the system's own program."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def make(workspace: Workspace, names: Sequence[str], folder: Path, how: tuple[str, bool], progress: Progress) -> Made:
    """Write reports into ``folder``; one that cannot be made does not stop the others, unless it is the only one.

    ``how`` is the paper, and whether the public version is meant.
    """
    paths, failed = [], []
    for done, name in enumerate(names):
        title = _title(name)
        if len(names) > 1:
            progress(done, len(names), title)
        told = progress if len(names) == 1 else partial(_within, progress, done, len(names), title)
        try:
            paths.append(_make_one(workspace, name, folder, how, told))
        except UserError as error:
            if len(names) == 1:
                raise
            failed.append(f"{title}: {error.what}")
    return Made(tuple(paths), tuple(failed))


def _within(progress: Progress, done: int, total: int, title: str, _done: int, _total: int, _text: str) -> None:
    progress(done, total, title)


def _make_one(workspace: Workspace, name: str, folder: Path, how: tuple[str, bool], progress: Progress) -> Path:
    if name in OPEN_DATA:
        from peti_desktop.opendata.writing import write

        return write(workspace, OPEN_DATA[name][0], folder, progress)
    if name != WORKBOOK:
        paper, public = how
        return reports.write(workspace, name, folder, progress, paper, public=public)
    from peti_desktop.reports.matriz_xlsx import write_matriz

    path = folder / f"{workspace.info.vigencia}_matriz.xlsx"
    write_matriz(workspace, path, progress)
    return path


def _title(name: str) -> str:
    if name in OPEN_DATA:
        return OPEN_DATA[name][1]
    return "Matriz en Excel" if name == WORKBOOK else reports.REPORTS[name].title


class InformesPage(Page):
    """See the module."""

    title = "Informes"
    subtitle = "Con las mismas cifras del Tablero. Los mismos datos dan siempre el mismo documento."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.open_outside: OPEN = open_outside
        self.folder: Path | None = None
        self._where = label("", "muted", wraps=True)
        self.buttons: dict[str, QPushButton] = {}
        self.boxes: dict[str, QCheckBox] = {}
        self.paper = QComboBox()
        self.paper.setAccessibleName("Papel de los informes")
        for words, paper in PAPERS:
            self.paper.addItem(words, paper)
        self.edition = QComboBox()
        self.edition.setAccessibleName("Versión de los informes")
        self.edition.setToolTip("La pública no nombra debilidades abiertas, ni textos sobre ellas, ni responsables")
        for words, public in EDITIONS:
            self.edition.addItem(words, public)
        self.edition.activated.connect(lambda _place: self._allow(allowed=True))
        self.several = button("Guardar los escogi&dos", self._make_chosen, role="primary")
        self._build()
        self._tell_folder()
        self._tell_chosen()

    def _build(self) -> None:
        self.actions_row.addWidget(self.edition)
        self.actions_row.addWidget(self.paper)
        self.actions_row.addWidget(self.several)
        folder = QHBoxLayout()
        folder.addWidget(self._where, 1)
        folder.addWidget(button("&Escoger carpeta…", self._choose, icon="carpeta"))
        self._open_folder = button("Abrir la carpeta", self._show_folder)
        folder.addWidget(self._open_folder)
        self.body.addLayout(folder)
        for group in reports.GROUPS:
            found = [report for report in reports.REPORTS.values() if report.group == group]
            self._group(group, [(report.name, report.title, report.about, "Abrir PDF") for report in found])
        data = [(name, title, about, "Abrir CSV") for name, (_, title, about) in OPEN_DATA.items()]
        self._group(DATA, [(WORKBOOK, _title(WORKBOOK), EXCEL, "Abrir Excel"), *data])
        self.body.addStretch()

    def _group(self, group: str, entries: Sequence[tuple[str, str, str, str]]) -> None:
        if not entries:
            return
        frame, column = card(group)
        column.setSpacing(0)
        for place, (name, title, about, verb) in enumerate(entries):
            if place:
                line = QFrame()
                line.setProperty("role", "rule")
                column.addWidget(line)
            column.addWidget(self._entry(name, title, about, verb))
        self.body.addWidget(frame)

    def _entry(self, name: str, title: str, about: str, verb: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, theme.SMALL, 0, theme.SMALL)
        row.setSpacing(theme.LARGE)
        words = QVBoxLayout()
        words.setSpacing(2)
        box = QCheckBox(title)
        box.setToolTip(SEVERAL)
        box.setMinimumWidth(60)
        box.toggled.connect(self._tell_chosen)
        said = label(about, "muted", wraps=True)
        said.setIndent(theme.WIDE)
        words.addWidget(box)
        words.addWidget(said)
        row.addLayout(words, 1)
        go = button(verb, partial(self._make, (name,)), icon="informes" if name in reports.REPORTS else "matriz")
        go.setAccessibleName(f"{verb}: {title}")
        go.setToolTip(OPENS)
        go.setMinimumWidth(130)
        self.buttons[name], self.boxes[name] = go, box
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

    # -- making them

    def _chosen(self) -> tuple[str, ...]:
        return tuple(name for name, box in self.boxes.items() if box.isChecked() and self._has(name))

    @property
    def _public(self) -> bool:
        return bool(self.edition.currentData())

    def _has(self, name: str) -> bool:
        """Whether there is such a report in the version that was chosen."""
        report = reports.REPORTS.get(name)
        return not self._public or name in PUBLISHED or (report is not None and report.public is not None)

    def _tell_chosen(self) -> None:
        number = len(self._chosen())
        self.several.setText(f"Guardar los escogi&dos ({number})" if number else "Guardar los escogi&dos")
        self.several.setEnabled(number > 0)

    def _make_chosen(self) -> None:
        self._make(self._chosen())

    def _make(self, names: tuple[str, ...]) -> None:
        if self.folder is None and not self._choose():
            return
        folder = self.folder
        assert folder is not None
        workspace, how = self.desk.workspace, (str(self.paper.currentData()), self._public)
        self._allow(allowed=False)
        text = "Preparando el informe…" if len(names) == 1 else "Preparando los informes…"
        task = self.desk.run(lambda progress: make(workspace, names, folder, how, progress), self._made, text=text)
        left = (
            "No quedó ningún archivo a medias." if len(names) == 1 else "Los que ya se habían guardado están completos."
        )
        task.cancelled.connect(lambda: self.desk.notice.tell("Se canceló el informe.", left))
        task.finished.connect(partial(self._allow, allowed=True))

    def _allow(self, *, allowed: bool) -> None:
        for name, made in self.buttons.items():
            there = self._has(name)
            made.setEnabled(allowed and there)
            for widget in (made, self.boxes[name]):
                widget.setToolTip((OPENS if widget is made else SEVERAL) if there else INTERNAL_ONLY)
            self.boxes[name].setEnabled(there)
        self.edition.setEnabled(allowed)
        self._tell_chosen()
        self.several.setEnabled(allowed and bool(self._chosen()))

    def _made(self, made: Made) -> None:
        if not made.paths:
            self.desk.notice.tell("No se pudo hacer ninguno.", " ".join(made.failed), tone="warns")
            return
        first = made.paths[0]
        one = len(made.paths) == 1
        shown = first if one else first.parent
        said = (
            f"Se guardó «{first.name}»." if one else f"Se guardaron {plural(len(made.paths), 'informe', 'informes')}."
        )
        self.desk.notice.tell(
            said,
            " ".join([f"En {first.parent}.", *(f"No se pudo: {words}" for words in made.failed)]),
            tone="warns" if made.failed else "fine",
            action="Abrirlo" if one else "Abrir la carpeta",
            act=partial(self._open, shown),
        )
        self.open_outside(shown)

    def _open(self, path: Path) -> None:
        self.open_outside(path)

"""The watched folder in the inbox: looks when the system says something came, tells it, receives nothing by itself."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from peti_desktop.errors import UserError
from peti_desktop.intake import watching
from peti_desktop.intake.watching import Look, Watched
from ui import theme
from ui.chips import button, label
from ui.desk import Desk
from ui.oficina.words import plural

SOON_MS: Final = 1_500
"""Between two looks at files that may still be written."""
SELDOM_MS: Final = 30_000
"""Network folders tell nobody that something came."""


class Watching(QFrame):
    """A strip that is hidden until something came. ``wanted(paths)``: somebody wants these received."""

    wanted = Signal(object)
    told = Signal()

    def __init__(self, desk: Desk, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setProperty("role", "notice")
        self.setProperty("tone", "info")
        self._desk = desk
        self.state = Watched()
        self.arrived: tuple[Path, ...] = ()
        self._stamps: Mapping[Path, str] = {}
        self._looking = False
        self.words = label("", wraps=True)
        self.go = button("Recibirlos &ya", self._receive, role="primary")
        self.later = button("Ahora no", self._leave, role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MEDIUM, theme.TIGHT, theme.SMALL, theme.TIGHT)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.go)
        row.addWidget(self.later)
        self.hide()
        self._put_off: tuple[Path, ...] = ()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._soon.start())
        self._seldom = QTimer(self)
        self._seldom.setInterval(SELDOM_MS)
        self._seldom.timeout.connect(self.look)

    def begin(self) -> None:
        """Read what is watched, and look."""
        workspace = self._desk.workspace
        self._desk.run(lambda _progress: watching.watched(workspace), self._set)

    def choose(self, folder: Path, *, on: bool) -> None:
        """Watch ``folder`` from now on, or no longer."""
        workspace = self._desk.workspace
        self._desk.run(lambda _progress: watching.watch(workspace, folder, on=on), self._chosen)

    def received(self, paths: Iterable[Path]) -> None:
        """These files were looked at: they are no news any more."""
        if self.state.folder is None or not self._stamps:
            return
        workspace, stamps, paths = self._desk.workspace, dict(self._stamps), list(paths)
        self._desk.run(lambda _progress: watching.received(workspace, stamps, paths), self._set)

    def stop(self) -> None:
        """Look no more: the window closes."""
        self._soon.stop()
        self._seldom.stop()

    def _chosen(self, state: Watched) -> None:
        self._stamps = {}
        self._set(state)
        if state.on:
            self._desk.notice.tell(
                f"Se vigila «{state.folder}».",
                "Lo que llegue se anuncia aquí; nada se recibe sin que usted lo diga.",
            )
        else:
            self._desk.notice.tell("Ya no se vigila ninguna carpeta.")

    def _set(self, state: Watched) -> None:
        self.state = state
        watched = self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self.stop()
        if state.on and state.folder is not None:
            if state.folder.is_dir():
                self._watcher.addPath(str(state.folder))
            self._seldom.start()
            self.look()
        else:
            self._show(())
        self.told.emit()

    def look(self) -> None:
        """Look into the folder, off the window's thread and beside the store's."""
        if self._looking or not self.state.on:
            return
        self._looking = True
        state, stamps = self.state, self._stamps
        task = self._desk.run(
            lambda _progress: watching.look(state, stamps), self._looked, fails=self._missing, store=False
        )
        task.finished.connect(self._ended)

    def _ended(self) -> None:
        self._looking = False

    def _looked(self, found: Look) -> None:
        self._stamps = found.stamps
        if found.growing:
            self._soon.start()
        self._show(found.arrived)

    def _missing(self, error: UserError) -> None:
        self.words.setText(f"▲ {error}")
        self.go.hide()
        self.setVisible(True)

    def _show(self, arrived: tuple[Path, ...]) -> None:
        self.arrived = arrived
        self.setVisible(bool(arrived) and arrived != self._put_off)
        self.go.show()
        if not arrived or self.state.folder is None:
            return
        came = f"{'Llegó' if len(arrived) == 1 else 'Llegaron'} {plural(len(arrived), 'archivo', 'archivos')}"
        named = ", ".join(path.name for path in arrived[:3]) + ("…" if len(arrived) > 3 else "")
        self.words.setText(f"{came} a la carpeta vigilada «{self.state.folder.name}»: {named}")

    def _receive(self) -> None:
        paths = list(self.arrived)
        self.hide()
        self.wanted.emit(paths)

    def _leave(self) -> None:
        self._put_off = self.arrived
        self.hide()

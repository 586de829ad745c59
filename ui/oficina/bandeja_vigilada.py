"""The watched folder: looks when the system says something came, announces it once, receives nothing by itself."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget
from shiboken6 import isValid

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


class Watcher(QObject):
    """Watches from the moment a store is open, whichever page is in front; there is one at each desk.

    ``news`` whenever there is something else to say, ``told`` when another folder is watched, or none.
    """

    news = Signal()
    told = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.state = Watched()
        self.arrived: tuple[Path, ...] = ()
        self.missing = ""
        self.page: QWidget | None = None
        """Where it is told; while that is not in front, the notice tells."""
        self._stamps: Mapping[Path, str] = {}
        self._left: dict[Path, str] = {}
        self._announced: set[Path] = set()
        self._silent = False
        self._looking = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._soon.start())
        self._seldom = QTimer(self)
        self._seldom.setInterval(SELDOM_MS)
        self._seldom.timeout.connect(self.look)
        desk.left.connect(self.stop)

    @classmethod
    def of(cls, desk: Desk) -> "Watcher":
        """The one of this desk."""
        return desk.findChild(cls) or cls(desk)

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

    def leave(self) -> None:
        """Not now: what is there is not announced again, only what comes after it."""
        self._left.update({path: self._stamps.get(path, "") for path in self.arrived})
        self._silent = bool(self.missing)
        self.news.emit()

    def stop(self) -> None:
        """Look no more: the window closes, or takes another store."""
        self._soon.stop()
        self._seldom.stop()

    @property
    def fresh(self) -> tuple[Path, ...]:
        """What came and was not put off."""
        return tuple(path for path in self.arrived if self._left.get(path) != self._stamps.get(path))

    @property
    def words(self) -> str:
        """What there is to say; empty for nothing."""
        if self.missing:
            return "" if self._silent else f"▲ {self.missing}"
        fresh = self.fresh
        if not fresh or self.state.folder is None:
            return ""
        came = f"{'Llegó' if len(fresh) == 1 else 'Llegaron'} {plural(len(fresh), 'archivo', 'archivos')}"
        named = ", ".join(path.name for path in fresh[:3]) + ("…" if len(fresh) > 3 else "")
        rest = len(self.arrived) - len(fresh)
        also = f". Además {'espera' if rest == 1 else 'esperan'} {rest} de antes" if rest else ""
        return f"{came} a la carpeta vigilada «{self.state.folder.name}»: {named}{also}"

    def _chosen(self, state: Watched) -> None:
        self._stamps, self._left, self._announced = {}, {}, set()
        self._set(state)
        if state.on:
            self._desk.notice.tell(
                f"Se vigila «{state.folder}».",
                "Lo que llegue se anuncia en cualquier página; nada se recibe sin que usted lo diga.",
            )
        else:
            self._desk.notice.tell("Ya no se vigila ninguna carpeta.")

    def _set(self, state: Watched) -> None:
        self.state = state
        self.stop()
        self.missing, self._silent = "", False
        if state.on and state.folder is not None:
            self._listen((state.folder,) if state.folder.is_dir() else ())
            self._seldom.start()
            self.look()
        else:
            self._listen(())
            self._show(())
        self.told.emit()

    def _listen(self, folders: Iterable[Path]) -> None:
        """Hear of changes in these folders, and in no others."""
        wanted, heard = {str(folder) for folder in folders}, set(self._watcher.directories())
        if heard - wanted:
            self._watcher.removePaths(sorted(heard - wanted))
        if wanted - heard:
            self._watcher.addPaths(sorted(wanted - heard))

    def look(self) -> None:
        """Look into the folder, off the window's thread and beside the store's."""
        if self._looking or not self.state.on:
            return
        self._looking = True
        state, stamps = self.state, self._stamps
        task = self._desk.run(
            lambda _progress: watching.look(state, stamps), self._looked, fails=self._lost, store=False
        )
        task.finished.connect(self._ended)

    def _ended(self) -> None:
        self._looking = False

    def _looked(self, found: Look) -> None:
        if self.missing:
            self.missing, self._silent = "", False
        self._stamps = found.stamps
        self._listen(found.folders)
        if found.growing:
            self._soon.start()
        self._show(found.arrived)

    def _lost(self, error: UserError) -> None:
        self.missing = str(error)
        self.arrived = ()
        self.news.emit()

    def _show(self, arrived: tuple[Path, ...]) -> None:
        self.arrived = arrived
        self.news.emit()
        new = set(self.fresh) - self._announced
        self._announced = set(self.fresh)
        in_front = self.page is not None and isValid(self.page) and self.page.isVisible()
        if new and not in_front:
            desk = self._desk
            desk.notice.tell(f"{self.words}.", action="Ver en la Bandeja", act=lambda: desk.go("bandeja"))


class Watching(QFrame):
    """A strip that is hidden until something came. ``wanted(paths)``: somebody wants these received."""

    wanted = Signal(object)

    def __init__(self, watcher: Watcher, over: QWidget | None = None) -> None:
        super().__init__(over)
        self.setProperty("role", "notice")
        self.setProperty("tone", "info")
        self.watcher = watcher
        self.words = label("", wraps=True)
        self.go = button("Recibirlos &ya", self.receive, role="primary")
        self.later = button("Ahora no", watcher.leave, role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.MEDIUM, theme.TIGHT, theme.SMALL, theme.TIGHT)
        row.setSpacing(theme.SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.go)
        row.addWidget(self.later)
        watcher.news.connect(self._show)
        self._show()

    def receive(self) -> None:
        """Ask for all that came, also what was put off."""
        paths = list(self.watcher.arrived)
        self.watcher.leave()  # while they are looked at, nobody has to be told of them
        self.wanted.emit(paths)

    def _show(self) -> None:
        words = self.watcher.words
        self.words.setText(words)
        self.go.setVisible(not self.watcher.missing)
        self.setVisible(bool(words))

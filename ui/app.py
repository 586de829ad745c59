"""``peti-desktop``: the window, or a subcommand handed on without loading Qt."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QMainWindow

COMMANDS: Final = frozenset({"demo", "verify", "merge", "report", "export", "--version", "--help", "-h"})
TITLE: Final = 32
"""How high the system's own frame above a window is, at most, in logical pixels."""
HEAVY: Final = ("sqlalchemy", "alembic", "openpyxl", "reportlab", "cryptography", "numpy", "pandas", "lxml", "PIL")


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    if words and (words[0] in COMMANDS or _mistyped(words[0])):
        from peti_desktop.cli import main as command

        return command(words)
    if words and words[0] == "--self-test":
        from ui.selftest import run as self_test

        return self_test(words[1:])
    return window(words)


def _mistyped(word: str) -> bool:
    """Whether ``word`` is neither an option nor anything like a store: the command line says what there is."""
    return word[:1] != "-" and "://" not in word and not Path(word).suffix and not Path(word).exists()


def _has_screen() -> bool:
    """Whether a window can appear at all; Qt would abort the process without a word a person understands."""
    on_x11_or_wayland = sys.platform not in {"win32", "darwin"}
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not on_x11_or_wayland or any(os.environ.get(name) for name in named)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="peti-desktop", description="Diagnóstico de TI: captura, entrega firmada y consolidación."
    )
    parser.add_argument(
        "store", nargs="?", type=_store, help="archivo de datos que se abre, o dirección de un servidor"
    )
    parser.add_argument("--page", default="", help="página que se muestra primero")
    parser.add_argument("--screenshot", type=Path, metavar="FILE", help="guardar una imagen de la ventana y salir")
    parser.add_argument("--size", default="", metavar="1366x768", help="tamaño de la ventana")
    parser.add_argument("--startup", action="store_true", help=argparse.SUPPRESS)
    return parser


def _store(word: str) -> Path | str:
    """A file, or the address of a server as it was written: a path would lose one of its slashes."""
    return word if "://" in word else Path(word)


def window(words: Sequence[str]) -> int:
    """Open the main window and run until it closes."""
    options = _parser().parse_args(words)
    if not _has_screen():
        sys.stderr.write("No hay pantalla donde abrir la ventana. Use una orden: peti-desktop --help\n")
        return 1
    app = application()
    from PySide6.QtCore import QTimer

    from ui import crash
    from ui.shell import Shell

    crash.install()
    plain = not (options.startup or options.screenshot)
    shell = Shell(store=options.store or (_last_store() if plain else None), page=options.page)
    if options.size:
        shell.resize(*(int(part) for part in options.size.split("x")))
    elif plain:
        place(shell)
    if options.startup:
        # The list is taken when the window has painted, before anything that was put off until then.
        shell.painted.connect(_tell_loaded)
        shell.painted.connect(app.quit)
    if options.screenshot:
        for ready in (shell.entered, shell.refused) if options.store else (shell.painted,):
            ready.connect(lambda: QTimer.singleShot(1200, shell, lambda: _photograph(shell, options.screenshot)))
    shell.show()
    return app.exec()


def place(shell: "QMainWindow") -> None:
    """The middle of the screen, or all of a small one: by itself Windows may put the lower edge off the screen."""
    from PySide6.QtCore import QMargins, Qt

    free = shell.screen().availableGeometry()
    wanted = shell.sizeHint().grownBy(QMargins(8, TITLE, 8, 8))
    if wanted.width() > free.width() or wanted.height() > free.height():
        shell.setWindowState(Qt.WindowState.WindowMaximized)
        return
    shell.resize(shell.sizeHint())
    room = free.size() - wanted
    shell.move(free.x() + room.width() // 2, free.y() + room.height() // 2)


def _last_store() -> Path | str | None:
    """The file or server to go on with when there is no choice: the only one that is remembered."""
    from ui import recents

    found = recents.existing()
    return found[0] if len(found) == 1 else None


def application() -> "QApplication":
    """The dressed, Spanish-speaking application object (the running one, when there is one)."""
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
    from PySide6.QtWidgets import QApplication

    from peti_desktop import __version__
    from ui import theme
    from ui.keys import KeyNames

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["peti-desktop"])
    app.setApplicationName("Peti Desktop")
    app.setApplicationVersion(__version__)
    app.setStyle("Fusion")
    QLocale.setDefault(QLocale(QLocale.Language.Spanish, QLocale.Country.Colombia))
    spanish = QTranslator(app)
    if spanish.load("qtbase_es", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(spanish)
        app.installTranslator(KeyNames(app))
    theme.apply(app, dark=theme.wants_dark())
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: theme.apply(app, dark=theme.wants_dark()))
    return app


def _tell_loaded() -> None:
    loaded = [name for name in HEAVY if name in sys.modules]
    sys.stdout.write(f"modules={len(sys.modules)} heavy={','.join(loaded) or 'none'}\n")
    sys.stdout.flush()


def _photograph(shell: object, path: Path) -> None:
    from PySide6.QtWidgets import QMainWindow

    assert isinstance(shell, QMainWindow)
    shell.grab().save(str(path))
    shell.close()

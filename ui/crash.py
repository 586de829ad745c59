"""What happens when the program has a bug: a log file, and a dialog with everything a maintainer needs.

The traceback holds lines of the program and never the contents of records; the exception's own message is left out,
for it might quote what somebody typed.
"""

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QSysInfo, QThread, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout

from peti_desktop import __version__
from ui import theme
from ui.chips import label

log = logging.getLogger(__name__)


def log_file() -> Path:
    """Where bugs are written down."""
    from platformdirs import user_log_path

    return user_log_path("Peti Desktop", appauthor=False) / "peti-desktop.log"


def report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Version, system and the lines that led to the bug."""
    lines = "".join(traceback.format_tb(trace))
    return (
        f"Peti Desktop {__version__} · Qt {qVersion()} · Python {sys.version.split()[0]} · "
        f"{QSysInfo.prettyProductName()}\n{kind.__module__}.{kind.__qualname__}\n{lines}"
    )


def install() -> None:
    """Send exceptions nobody caught to ``tell``."""
    sys.excepthook = tell


def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write the bug down, and show it when there is a window's thread to show it on."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    text = report(kind, trace)
    path = _write(text)
    sys.stderr.write(text) if sys.stderr else None
    app = QGuiApplication.instance()
    if isinstance(app, QApplication) and QThread.currentThread() is app.thread():
        dialog(text, path).exec()


def _write(text: str) -> Path:
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as error:
        log.warning("the bug could not be written to %s: %s", path, error.strerror)
    return path


def dialog(text: str, path: Path) -> QDialog:
    """What the person sees: what to do, the details, «Copiar»."""
    box = QDialog()
    box.setWindowTitle("Peti Desktop tuvo una falla")
    box.resize(720, 420)
    details = QPlainTextEdit(text)
    details.setReadOnly(True)
    details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    details.setAccessibleName("Detalles de la falla")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    copy = buttons.addButton("&Copiar", QDialogButtonBox.ButtonRole.ActionRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
    buttons.rejected.connect(box.reject)
    column = QVBoxLayout(box)
    column.setContentsMargins(theme.WIDE, theme.LARGE, theme.WIDE, theme.LARGE)
    column.addWidget(label("Algo falló dentro del programa", "title"))
    column.addWidget(
        label(
            "Lo que escribió hasta hace un segundo está guardado. Copie estos detalles y envíelos a la Oficina TIC; "
            "no contienen datos de sus registros.",
            wraps=True,
        )
    )
    column.addWidget(details, 1)
    column.addWidget(label(f"También quedó escrito en {path}", "small", wraps=True))
    column.addWidget(buttons)
    return box

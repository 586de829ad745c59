"""The printable manual, opened with the system's own program for PDF."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from resources import packaged_folder
from ui.messages import Messages

OPEN: Final = "Abrir el manual"


def manual() -> Path:
    """Where the manual is."""
    return packaged_folder("resources", "help") / "manual.pdf"


def open_manual(messages: Messages) -> None:
    """Open the manual; say where it is when nothing here can show it."""
    path = manual()
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        messages.inform("Este equipo no tiene con qué abrir el manual.", f"Cópielo a otro equipo: está en {path}")

"""Files and folders shown by the system's own programs."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from ui.messages import Notice


def show_outside(path: Path, notice: Notice) -> None:
    """Open a file or folder with the system's own program; where there is none, say where it is."""
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        notice.tell(f"Este equipo no tiene con qué abrir «{path.name}».", f"Está en {path.parent}", tone="warns")

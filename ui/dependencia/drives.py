"""Where a delivery can be written: removable drives first, then the usual folders."""

import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

REMOVABLE = 2  # DRIVE_REMOVABLE of GetDriveTypeW


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to write into; ``free`` in bytes."""

    path: Path
    words: str
    removable: bool
    free: int


def places(last: str = "") -> list[Place]:
    """Removable drives, the folder used ``last`` time, and the documents folder."""
    found = [
        _place(volume, removable=True)
        for volume in QStorageInfo.mountedVolumes()
        if _writable(volume) and _removable(volume)
    ]
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    for text, words in ((last, "La última carpeta"), (documents, "Mis documentos")):
        path = Path(text)
        if text and path.is_dir() and all(path != place.path for place in found):
            free = QStorageInfo(str(path)).bytesAvailable()
            found.append(Place(path, f"{words}: {path}", removable=False, free=free))
    return found


def _place(volume: QStorageInfo, *, removable: bool) -> Place:
    path = Path(volume.rootPath())
    name = volume.displayName() or volume.rootPath()
    return Place(
        path, f"Memoria USB {name}  ({size(volume.bytesAvailable())} libres)", removable, volume.bytesAvailable()
    )


def _writable(volume: QStorageInfo) -> bool:
    return volume.isValid() and volume.isReady() and not volume.isReadOnly() and not volume.isRoot()


def _removable(volume: QStorageInfo) -> bool:
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(volume.rootPath()) == REMOVABLE)
    return volume.rootPath().startswith(("/media/", "/run/media/"))


def size(amount: int) -> str:
    """Bytes as people read them."""
    for unit, step in (("GB", 10**9), ("MB", 10**6)):
        if amount >= step:
            return f"{amount / step:.1f} {unit}".replace(".", ",")
    return f"{amount // 1000} KB"

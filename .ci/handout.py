"""What people on Windows get: a folder to copy from a USB stick, and the same folder as one zip.

The frozen program lies in «programa»; before it stands a file to double-click, which explains itself on a Windows that
is too old instead of showing an error of some library.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import sys
from pathlib import Path

import ground

HERE = Path(__file__).resolve().parent / "handout"
NAME = "Peti Desktop"
LICENCE = re.compile(r"(^|/)(licen[cs]es?/.|(licen[cs]e|copying|notice|copyright)[^/]*$)", re.IGNORECASE)
NOT_OURS = "LicenseRef-Qt-Commercial.txt"
"""The other licence PySide6 is sold under; ours is the LGPL, which its package does not bring."""


def make(frozen: Path, target: Path) -> Path:
    """Write the folder and its zip into ``target``; returns the zip. ``frozen`` is what PyInstaller collected."""
    folder = target / NAME
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(frozen, folder / "programa")
    for path in sorted(HERE.iterdir()):
        _write(path, folder / "licencias" if path.stem.endswith("GPL-3.0") else folder)
    _licences(folder / "licencias")
    base = target / f"peti-desktop-{_version()}-windows"
    return Path(shutil.make_archive(str(base), "zip", root_dir=target, base_dir=NAME))


def _write(path: Path, folder: Path) -> None:
    """A text as Notepad and cmd of every Windows read it: their ends of line, and a mark that says it is UTF-8."""
    folder.mkdir(parents=True, exist_ok=True)
    encoding = "ascii" if path.suffix == ".bat" else "utf-8-sig"
    (folder / path.name).write_text(path.read_text("utf-8"), encoding=encoding, newline="\r\n")


def _licences(folder: Path) -> None:
    """Our own licence, Python's, and that of each package that ships."""
    _copy(ground.ROOT / "LICENSE", folder / NAME)
    python = Path(sys.base_prefix) / "LICENSE.txt"
    if python.is_file():
        _copy(python, folder / "Python")
    for name in re.findall(r"^([a-z0-9-]+)==", (ground.LOCKS / "run.txt").read_text("utf-8"), re.M):
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:  # of another system
            continue
        for file in found.files or ():
            if ".dist-info/" in file.as_posix() and LICENCE.search(file.as_posix()) and file.name != NOT_OURS:
                _copy(Path(str(file.locate())), folder / name)


def _copy(file: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, folder / file.name)


def _version() -> str:
    text = (ground.ROOT / "peti_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'__version__ = "([^"]+)"', text)
    assert found is not None
    return found[1]


if __name__ == "__main__":
    sys.stdout.write(f"{make(Path(sys.argv[1]), Path(sys.argv[2]))}\n")

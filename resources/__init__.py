"""Data files that ship with the program: catalogues, fonts, icons, help."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def resource(name: str) -> Traversable:
    """The shipped file ``name``, a path with ``/`` below ``resources/``; works frozen and zipped too."""
    return files("resources").joinpath(*name.split("/"))


def packaged_folder(package: str, name: str) -> Path:
    """A folder of files inside one of our packages, on disk; also in the frozen program, where it lies as data."""
    return Path(str(files(package))) / name

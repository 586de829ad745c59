"""Data files that ship with the program: catalogues, fonts, icons, help."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(name: str) -> Traversable:
    """The shipped file ``name``, a path with ``/`` below ``resources/``; works frozen and zipped too."""
    return files("resources").joinpath(*name.split("/"))

"""What a person arranged on the screen: columns and their widths. Never anything about the records."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSettings

FILE = "ventana.ini"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a grid in their order, their widths in pixels, and how many stay while the rest scrolls.

    ``hidden`` are columns of the grid itself, none of the record's, that somebody hid.
    """

    names: tuple[str, ...]
    widths: tuple[int, ...]
    frozen: int
    hidden: tuple[str, ...] = ()


def _settings() -> QSettings:
    from platformdirs import user_config_path

    return QSettings(str(user_config_path("Peti Desktop", appauthor=False) / FILE), QSettings.Format.IniFormat)


def columns(grid: str, known: Sequence[str]) -> Columns | None:
    """How the grid named ``grid`` was left; None when it never was, or was left by a version with other fields."""
    said = _settings().value(f"rejillas/{grid}")
    try:
        frozen, *parts = str(said).split(",")
        pairs = [part.split(":") for part in parts]
        wide = [(name, int(width)) for name, width in pairs]
        shown = [pair for pair in wide if pair[1]]
        hidden = tuple(name for name, width in wide if not width)
        found = Columns(tuple(name for name, _ in shown), tuple(width for _, width in shown), int(frozen), hidden)
    except ValueError:
        return None
    return found if found.names and set(found.names) <= set(known) else None


def keep_columns(grid: str, left: Columns) -> None:
    """Remember how a grid was left."""
    pairs = [f"{name}:{width}" for name, width in zip(left.names, left.widths, strict=True)]
    pairs += [f"{name}:0" for name in left.hidden]
    _settings().setValue(f"rejillas/{grid}", ",".join((str(left.frozen), *pairs)))


def forget_columns(grid: str) -> None:
    """Let a grid look as it was made."""
    _settings().remove(f"rejillas/{grid}")

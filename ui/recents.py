"""The files somebody worked on last, so that the program opens where they left off.

Kept for the person, not in any store: a few paths in a small file of the user's own folder. Examples and servers are
not kept, for the address of a server may carry a password.
"""

import json
import logging
from pathlib import Path
from typing import Final

KEPT: Final = 4
"""How many files are remembered."""

log = logging.getLogger(__name__)


def existing() -> list[Path]:
    """The remembered files that are still there, the last one first."""
    return [path for path in _remembered() if path.is_file()]


def remember(store: Path) -> None:
    """Put a file first; when that cannot be written down, it is not remembered."""
    path = store.resolve()
    kept = [path, *(other for other in _remembered() if other != path)][:KEPT]
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.parcial")
        beside.write_text(json.dumps([str(other) for other in kept], ensure_ascii=False), encoding="utf-8")
        beside.replace(file)
    except OSError:
        log.exception("the last file could not be remembered")


def _remembered() -> list[Path]:
    try:
        said = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # never written, or cut off: then nothing is remembered
        return []
    return [Path(text) for text in said if isinstance(text, str)] if isinstance(said, list) else []


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("Peti Desktop", appauthor=False) / "recientes.json"

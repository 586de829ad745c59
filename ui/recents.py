"""The files and servers somebody worked on last, so that the program opens where they left off.

Kept for the person, not in any store: a few paths and addresses (never a password) in a small file of the user's own
folder. Examples are not kept.
"""

import json
import logging
from pathlib import Path
from typing import Final

KEPT: Final = 4
"""How many files are remembered."""

log = logging.getLogger(__name__)


def existing() -> list[Path | str]:
    """The remembered files that are still there and the addresses of servers, the last one first."""
    return [store for store in _remembered() if isinstance(store, str) or store.is_file()]


def remember(store: Path | str) -> None:
    """Put a file or a server's address first; when that cannot be written down, it is not remembered."""
    path = store.resolve() if isinstance(store, Path) else store
    kept = [path, *(other for other in _remembered() if other != path)][:KEPT]
    file = _file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f"{file.name}.parcial")
        beside.write_text(json.dumps([str(other) for other in kept], ensure_ascii=False), encoding="utf-8")
        beside.replace(file)
    except OSError:
        log.exception("the last file could not be remembered")


def _remembered() -> list[Path | str]:
    try:
        said = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # never written, or cut off: then nothing is remembered
        return []
    texts = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
    return [text if "://" in text else Path(text) for text in texts]


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path("Peti Desktop", appauthor=False) / "recientes.json"

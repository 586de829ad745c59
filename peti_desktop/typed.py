"""Commands as a person types them, with paths that may hold blanks and accents."""

import re
import shlex
import sys
from pathlib import Path


def opening(store: Path) -> str:
    """The command that opens ``store`` in a window, for the shell of this system."""
    # A frozen program stands in a folder that no shell searches.
    program = quoted(sys.executable, sys.platform) if getattr(sys, "frozen", False) else "peti-desktop"
    return f"{program} {quoted(str(store), sys.platform)}"


def quoted(word: str, platform: str) -> str:
    """``word`` as the shell of ``platform`` (as ``sys.platform`` names it) reads it whole."""
    if platform != "win32":
        return shlex.quote(word)
    # cmd parts words at more than blanks; no file name there holds a quotation mark.
    return word if re.fullmatch(r"[\w:\\/.-]+", word) else f'"{word}"'

"""Which exemplar of a dependencia's store this is.

A file can be copied, restored, taken to another PC. Each of them gets a name of its own (``ejemplar``) and remembers
the names it had (``linaje``, oldest first): of two stores that say they are the same, neither in the other's lineage,
one was worked on beside the other.
"""

import hashlib
import os
import platform
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

EXEMPLAR, LINEAGE, PLACE = "ejemplar", "linaje", "equipo"


def born(path: Path | str, before: Mapping[str, str] | None = None) -> dict[str, str]:
    """The settings of a new exemplar at ``path``; ``before`` are the settings of the store it comes from."""
    name = secrets.token_hex(6)
    lineage = [*(before or {}).get(LINEAGE, "").split(), name]
    return {EXEMPLAR: name, LINEAGE: " ".join(lineage), PLACE: place(path)}


def recognised(path: Path | str, said: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """The settings to change because the store stands elsewhere than before, and whether it came from another PC."""
    here, before = place(path), said.get(PLACE, "")
    if before == here:
        return {}, False
    another = bool(before) and before.partition(" ")[0] != here.partition(" ")[0]
    return born(path, said), another


def place(path: Path | str) -> str:
    """Machine and file, as two hashes: they tell places apart and say nothing about them.

    A store on a server, given by its name, is in the same place from whichever machine it is used.
    """
    if isinstance(path, str):
        return "servidor"
    file = os.path.normcase(path.resolve())
    return " ".join(hashlib.sha256(text.encode("utf-8")).hexdigest()[:16] for text in (machine(), file))


def machine() -> str:
    """What the operating system calls this machine; a name that survives another network card."""
    if sys.platform == "win32":
        import winreg

        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SOFTWARE\Microsoft\Cryptography") as key:
                return str(winreg.QueryValueEx(key, "MachineGuid")[0])
        except OSError:
            return platform.node()
    try:
        return Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except OSError:
        return platform.node()

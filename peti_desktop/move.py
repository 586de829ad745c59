"""Taking a store to another place: a file to a server's empty database, or a server's data to a file.

``python -m peti_desktop.move SOURCE TARGET``; the window does it on its page for servers.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from db import move as rows
from db import postgres
from peti_desktop import binnacle
from peti_desktop.errors import UserError
from peti_desktop.moments import now
from peti_desktop.progress import Progress, silent
from peti_desktop.spoken import spoken
from peti_desktop.workspace import Clock, Workspace

USAGE = """Uso: python -m peti_desktop.move ORIGEN DESTINO
Cada uno es un archivo .sqlite o la dirección de un servidor: postgresql://usuario@equipo/base"""


def move(source: str | Path, target: str | Path, progress: Progress = silent, clock: Clock = now) -> int:
    """Make a new store at ``target`` with everything ``source`` holds; gives how many rows it is.

    All of it or nothing; ``source`` stays as it is, and the log of the new store says where it came from. Raises
    UserError when the target already holds data or the source is open elsewhere, Cancelled from ``progress``.
    """
    with spoken():
        counts = rows.move(source, target, lambda done, total, _table: progress(done, total, "Pasando los datos"))
    with Workspace.open(target, clock=clock) as ws, ws.write() as connection:
        said = {"de": _called(source), "a": _called(target), "filas": sum(counts.values())}
        binnacle.write(connection, ws.clock(), ws.info.who, "pasar datos", said)
    return sum(counts.values())


def _called(address: str | Path) -> str:
    """The file's or server's name, without its folder or password."""
    with spoken():
        url = postgres.server_url(address)
    return Path(address).name if url is None else postgres.name_of(url)


def main(words: Sequence[str]) -> int:
    """Move a store as the command line says; the exit code is that of ``peti-desktop``."""
    if len(words) != 2:
        sys.stderr.write(f"{USAGE}\n")
        return 2
    source, target = words
    try:
        moved = move(source, target)
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"Se pasaron {moved} filas. El origen quedó como estaba: guárdelo aparte y siga en el destino.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m tests.attacks.judge FOLDER``: receive every file of a folder in one process of little memory.

Prints one JSON object per file, and one at the end with the peak of memory and whether the store is as it was.
"""

import json
import sqlite3
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from peti_desktop.intake import inbox
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock

MAX_ADDRESS_BYTES = 2 * 2**30


def main(folder: Path) -> None:
    """Judge the files ``*.xlsx`` beside the office's store."""
    _limit_memory()
    store = folder / "oficina.sqlite"
    with Workspace.open(store, clock=Clock()) as office:
        before = _dump(store)  # opening may note something of its own
        for path in sorted(folder.glob("*.xlsx")):
            began = time.perf_counter()
            receipt = inbox.receive(office, path)
            seconds = time.perf_counter() - began
            said = {
                "file": path.name,
                "verdict": receipt.verdict.value,
                "codes": [reason.code for reason in receipt.reasons],
                "worded": all(reason.sentence for reason in receipt.reasons),
                "state": receipt.state,
                "seconds": seconds,
            }
            _say(said)
        _say({"peak": peak_bytes(), "unchanged": _dump(store) == before})


def _say(said: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")


def peak_bytes() -> int:
    """The most memory this process had so far; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_BYTES, MAX_ADDRESS_BYTES))


def _dump(store: Path) -> list[str]:
    with closing(sqlite3.connect(store)) as connection:
        return list(connection.iterdump())


if __name__ == "__main__":
    main(Path(sys.argv[1]))

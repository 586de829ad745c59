"""The process that reads a stranger's file, so that whatever the file does ends with it.

Started anew for each file; knows neither the store nor the windows.
"""

import sys
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from peti_desktop.importing.grid import Grid, Limits, Refusal
from peti_desktop.importing.zipped import Fed

ROWS_AT_ONCE = 1000
"""Rows of one message: unpacking a message must not hold up the window."""


def run(path: str, limits: Limits, pipe: Connection) -> None:
    """Read ``path`` and send it piece by piece: («fed», bytes), («sheet», Grid without rows), («rows», Rows), («end»).

    What cannot be read is sent as («refused», code, detail).
    """
    _confine(limits.memory)
    try:
        for grid in _read(Path(path), limits, _feeder(pipe)):
            _send(pipe, grid)
        pipe.send(("end",))
    except Refusal as refusal:
        pipe.send(("refused", refusal.code, refusal.detail))
    except OSError as error:
        pipe.send(("refused", "unreadable", str(error)))
    except MemoryError:
        pipe.send(("refused", "memory", ""))
    except Exception as error:  # whatever a hostile file brings about ends here, and the log says what it was
        pipe.send(("refused", "died", repr(error)))
    finally:
        pipe.close()


def _read(path: Path, limits: Limits, fed: Fed) -> list[Grid]:
    from peti_desktop.importing import ods, text, xlsx
    from peti_desktop.importing.sniff import kind

    match kind(path, limits):
        case "xlsx":
            return xlsx.read(path, limits, fed)
        case "ods":
            return ods.read(path, limits, fed)
        case "xls":
            from peti_desktop.importing import xls

            return xls.read(path, limits, fed)
        case _:
            return text.read(path, limits, fed)


def _confine(memory: int) -> None:
    """Where the system can, take the memory away that a spreadsheet never needs."""
    if sys.platform == "linux":
        import resource

        with suppress(ValueError, OSError):  # a smaller limit is set already
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _feeder(pipe: Connection) -> Fed:
    done, told = 0, time.monotonic()

    def fed(count: int) -> None:
        nonlocal done, told
        done += count
        if time.monotonic() - told > 0.1:
            told = time.monotonic()
            pipe.send(("fed", done))

    return fed


def _send(pipe: Connection, grid: Grid) -> None:
    pipe.send(("sheet", Grid(grid.name, {}, grid.hidden, grid.refused)))
    rows = list(grid.rows.items())
    for start in range(0, len(rows), ROWS_AT_ONCE):
        pipe.send(("rows", dict(rows[start : start + ROWS_AT_ONCE])))

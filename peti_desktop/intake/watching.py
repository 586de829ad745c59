"""A folder that is looked into from time to time: what came there is announced, never received by itself."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.intake.inbox import files_in, must_be_office
from peti_desktop.workspace import Workspace

SETTING: Final = "carpeta_vigilada"
"""On a server each analyst has their own: a folder is one of their PC."""
SUFFIX: Final = ".xlsx"
"""Deliveries are workbooks; what else lies in such a folder is nobody's news."""
MOST_FOLDERS: Final = 200
"""The system tells of changes in so many folders at most; looking from time to time finds what comes to others."""


@dataclass(frozen=True, slots=True)
class Watched:
    """The folder, whether it is being watched, and what was received from it already, by name and stamp."""

    folder: Path | None = None
    on: bool = False
    seen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What a look into the folder found.

    ``arrived`` are files that nobody received yet and that stood still since the look before; ``growing`` tells how
    many others may still be written. ``stamps`` are for the next look.
    """

    arrived: tuple[Path, ...] = ()
    growing: int = 0
    stamps: Mapping[Path, str] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()


def watched(ws: Workspace) -> Watched:
    """What is watched for whoever works here; nothing for those who may not receive."""
    if roles.refusal(ws, roles.CHANGE) is not None:
        return Watched()
    said = ws.setting(SETTING)
    if not said:
        return Watched()
    kept = json.loads(said)
    return Watched(Path(kept["carpeta"]), bool(kept["activa"]), kept["vistos"])


def watch(ws: Workspace, folder: Path, *, on: bool = True) -> Watched:
    """Watch ``folder`` from now on, or keep it for later with ``on`` False. Another folder begins with nothing seen.

    Raises UserError for a store that receives nothing, or somebody who may not receive.
    """
    must_be_office(ws)
    before = watched(ws)
    return _keep(ws, Watched(folder, on, before.seen if before.folder == folder else {}))


def received(ws: Workspace, stamps: Mapping[Path, str], paths: Iterable[Path]) -> Watched:
    """Remember that ``paths`` were looked at, so that they are not announced again until they change.

    What is not in the folder any more is forgotten. Paths of other folders are passed over.
    """
    before = watched(ws)
    if before.folder is None:
        return before
    there = {_name(before.folder, path): stamp for path, stamp in stamps.items()}
    new = {_name(before.folder, path): stamps[path] for path in paths if path in stamps}
    seen = {name: stamp for name, stamp in {**before.seen, **new}.items() if name in there}
    return before if seen == before.seen else _keep(ws, Watched(before.folder, before.on, seen))


def look(watching: Watched, before: Mapping[Path, str]) -> Look:
    """Look into the folder; ``before`` are the stamps of the look before, empty for the first.

    A file is complete when neither its size nor its time changed between two looks and it can be opened: a program that
    still writes it keeps it for itself, or lets it grow. Raises UserError when the folder is not there.
    """
    if watching.folder is None:
        return Look()
    if not watching.folder.is_dir():
        raise UserError(
            f"La carpeta vigilada «{watching.folder}» no está.", "Conecte la memoria o la red, o escoja otra carpeta."
        )
    stamps = {path: stamp for path in _workbooks(watching.folder) if (stamp := _stamp(path))}
    fresh = [path for path, stamp in stamps.items() if watching.seen.get(_name(watching.folder, path)) != stamp]
    complete = tuple(path for path in fresh if before.get(path) == stamps[path] and _opens(path))
    return Look(complete, len(fresh) - len(complete), stamps, _folders(watching.folder))


def _keep(ws: Workspace, now: Watched) -> Watched:
    said = {"carpeta": str(now.folder), "activa": now.on, "vistos": dict(now.seen)}
    ws.set_settings({SETTING: json.dumps(said, ensure_ascii=False)})
    return now


def _workbooks(folder: Path) -> list[Path]:
    return [path for path in files_in([folder]) if path.suffix.lower() == SUFFIX]


def _folders(folder: Path) -> tuple[Path, ...]:
    """The folder and those in it; hidden ones are the system's."""
    found = [folder]
    for place, names, _files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith("."))
        found.extend(Path(place, name) for name in names)
        if len(found) >= MOST_FOLDERS:
            break
    return tuple(found[:MOST_FOLDERS])


def _name(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _stamp(path: Path) -> str:
    """Size and time of a file; empty when it went away, or nothing was written into it yet."""
    try:
        found = path.stat()
    except OSError:
        return ""  # somebody moved it between two steps: the next look tells
    return f"{found.st_size} {found.st_mtime_ns}" if found.st_size else ""


def _opens(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            return bool(stream.read(1))
    except OSError:
        return False  # still in somebody's hands

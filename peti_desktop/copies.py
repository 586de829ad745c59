"""Copies of a store: made by themselves, proven by opening them, thinned out, listed.

They lie in ``<store>_copias`` beside the store and, when the store names a second place (a USB drive, a folder on
another disk), there too. A second place that is not connected is told and never stops anything.
"""

import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from db import copies as closed
from db import store as stores
from peti_desktop import exemplar
from peti_desktop.errors import UserError
from peti_desktop.files import cannot_write
from peti_desktop.moments import COLOMBIA, day_of
from peti_desktop.progress import Progress, silent
from peti_desktop.spoken import spoken
from peti_desktop.workspace import Workspace

SECOND_PLACE = "copias_lugar"
"""The setting that names the second place."""

ON_CLOSING, OF_THE_DAY, OF_THE_WEEK, ASKED_FOR = "al-cerrar", "del-dia", "de-la-semana", "pedida"
BEFORE_RESTORING, BEFORE_IMPORTING, BEFORE_NEW_YEAR = "antes-de-restaurar", "antes-de-importar", "antes-de-vigencia"
BEFORE_RECEIVING, BEFORE_BECOMING = "antes-de-recibir", "antes-de-seguir-como-otra"
REASONS = {
    ON_CLOSING: "Al cerrar el programa",
    OF_THE_DAY: "La del día",
    OF_THE_WEEK: "La de la semana",
    ASKED_FOR: "La pidió usted",
    BEFORE_RESTORING: "Antes de restaurar otra copia",
    BEFORE_IMPORTING: "Antes de importar",
    BEFORE_NEW_YEAR: "Antes de empezar otra vigencia",
    BEFORE_RECEIVING: "Antes de recibir entregas",
    BEFORE_BECOMING: "Antes de seguir como otra dependencia",
    "antes-de-actualizar": "Antes de actualizar el programa",
}

DAYS, WEEKS, NEWEST, OF_A_REASON = 7, 5, 3, 5
"""What is kept: the last copy of so many days and weeks, so many of the newest, and of each other reason as many."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy and what it holds. ``problem`` says why it cannot be used; ``second`` that it lies in the second place."""

    path: Path
    made_at: datetime
    reason: str
    size: int
    dependencia: str = ""
    dependencia_nombre: str = ""
    vigencia: int = 0
    nombre: str = ""
    counts: dict[str, int] | None = None
    problem: str = ""
    second: bool = False

    @property
    def why(self) -> str:
        """The reason in words."""
        return REASONS.get(self.reason, "Copia hecha a mano")


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that was made; ``notice`` says what became of the second one, when it could not be made."""

    path: Path
    notice: str


# Making them


def keep(ws: Workspace, reason: str, progress: Progress = silent) -> Kept:
    """Make a copy now, here and in the second place, and thin out the older ones.

    Of a server everything has to be fetched: one copy a day before each kind of risky step is enough there, beside the
    administrator's own. Raises UserError when it cannot be written or does not open as what it should be.
    """
    if (made := _of_today(ws, reason)) is not None:
        return Kept(made, "")
    progress(0, 3, "Haciendo una copia")
    target = room_of(ws) / stores.copy_name(ws.clock(), reason)
    fresh = room_of(ws) / "en-curso.sqlite.nueva"
    stamp = ws.store.stamp()
    before = _rows(ws)
    ws.copy_to(fresh)
    progress(1, 3, "Comprobando la copia")
    _prove(fresh, before, _rows(ws))
    with written(target):
        # The copy carries the time of what it is a copy of: that tells whether anything changed since.
        os.utime(fresh, ns=(stamp, stamp))
        fresh.replace(target)
    _thin_out(room_of(ws), target)
    progress(2, 3, "Guardando la segunda copia")
    notice = _to_second_place(ws, target)
    progress(3, 3, "Copia lista")
    return Kept(target, notice)


def _of_today(ws: Workspace, reason: str) -> Path | None:
    """The copy of a server's data that this PC already made today for ``reason``."""
    if not ws.store.server or reason == ASKED_FOR:
        return None
    made = (path for path in _files(room_of(ws)) if reason_of(path) == reason and _day(path) == ws.today)
    return next(made, None)


def changed(ws: Workspace) -> bool:
    """Whether the store was written to since its newest copy.

    A server says no: its own copies are its administrator's, and several analysts must not each fetch everything
    whenever they close the program.
    """
    if ws.store.server:
        return False
    found = _files(room_of(ws))
    return not found or found[-1].stat().st_mtime_ns != ws.store.stamp()


def on_opening(ws: Workspace) -> str:
    """The copy that the day or the week asks for, when something changed since the one before. A notice or nothing.

    Never raises for a copy that could not be made: the notice says so.
    """
    return _in_time(ws, first=False)


def while_open(ws: Workspace) -> str:
    """``on_opening`` for a program that stays open for days; a store that was never closed gets its first copy."""
    return _in_time(ws, first=True)


def _in_time(ws: Workspace, *, first: bool) -> str:
    try:
        found = _files(room_of(ws))
        reason = _due(ws, found) if found else OF_THE_DAY if first and changed(ws) else ""
        if reason:
            return keep(ws, reason).notice
        return "" if first else _to_second_place(ws, found[-1] if found else None)
    except (UserError, OSError) as error:
        _log.warning("no copy in time: %s", error.__cause__ or error)
        return f"No se pudo hacer la copia del día. {error}"


def _due(ws: Workspace, found: Sequence[Path]) -> str:
    """Why a copy is due by now: another week than the last weekly one, another day than the newest; else empty."""
    if not changed(ws):
        return ""
    of_weeks = [path for path in found if reason_of(path) == OF_THE_WEEK] or found[:1]
    if _week(_day(of_weeks[-1])) != _week(ws.today):
        return OF_THE_WEEK
    return OF_THE_DAY if _day(found[-1]) != ws.today else ""


def on_closing(ws: Workspace) -> None:
    """A copy of what was done since the newest one. A copy that cannot be made never keeps the program from closing."""
    ws.store.engine.dispose()  # the last connection to close brings the file itself up to date
    try:
        if changed(ws):
            keep(ws, ON_CLOSING)
    except (UserError, OSError) as error:
        _log.warning("no copy on closing: %s", error.__cause__ or error)


def set_second_place(ws: Workspace, folder: Path | None) -> Kept | None:
    """Name the second place, or none, and make a copy there at once. Raises UserError when it cannot be written."""
    if folder is None:
        ws.set_settings({SECOND_PLACE: ""})
        return None
    if not folder.is_dir():
        raise UserError(f"No se encontró la carpeta «{folder}».", "Conecte la memoria o escoja otra carpeta.")
    if folder.resolve() in {ws.store.path.parent.resolve(), room_of(ws).resolve()}:
        raise UserError(
            "Esa es la carpeta donde ya está el archivo de datos.",
            "Escoja una memoria USB u otro disco: así sobrevive si este equipo se daña.",
        )
    ws.set_settings({SECOND_PLACE: str(folder)})
    return keep(ws, ASKED_FOR)


def room_of(ws: Workspace) -> Path:
    """The folder beside the store where its copies are."""
    return stores.room_of_copies(ws.store.path)


def second_place(ws: Workspace) -> Path | None:
    """The second place, connected or not."""
    named = ws.setting(SECOND_PLACE)
    return Path(named) if named else None


def _rows(ws: Workspace) -> dict[str, int]:
    with ws.read() as connection:
        return closed.rows(connection)


def _prove(path: Path, before: dict[str, int], after: dict[str, int]) -> None:
    """A copy counts when it opens whole and holds what the store held while it was made."""
    with spoken():
        found = closed.look(path, whole=True).rows
    for name, rows in found.items():
        low, high = sorted((before[name], after[name]))
        if not low <= rows <= high:
            path.unlink()
            raise UserError(
                "La copia no quedó igual al archivo de datos y se descartó.",
                "El disco puede estar dañado: haga la copia en otra memoria.",
            )


def _to_second_place(ws: Workspace, copy: Path | None) -> str:
    place = second_place(ws)
    if place is None or copy is None:
        return ""
    try:
        if not place.is_dir():
            return f"No está conectada la memoria de las segundas copias ({place}). La copia de este equipo sí está."
        room = place / f"{copy.parent.name}_{ws.setting(exemplar.EXEMPLAR)[:6]}"
        if not (room / copy.name).exists():
            _carry(copy, room / copy.name)
            _thin_out(room, room / copy.name)
    except (UserError, OSError) as error:
        _log.warning("no second copy: %s", error)
        return f"No se pudo guardar la segunda copia en {place}. La copia de este equipo sí está."
    return ""


def _carry(source: Path, target: Path) -> None:
    """Copy a file to another medium and read it back."""
    beside = target.with_name(target.name + ".parcial")
    with written(target):
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source, beside)
        with beside.open("rb+") as stream:
            os.fsync(stream.fileno())
        if _sha256(beside) != _sha256(source):
            beside.unlink()
            raise UserError("Lo que quedó en la otra memoria no es igual a la copia.", "Use otra memoria.")
        stamp = source.stat().st_mtime_ns
        os.utime(beside, ns=(stamp, stamp))
        beside.replace(target)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Say in words why ``path`` could not be written."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from error


# Thinning out


def worn_out(copies: Iterable[Path]) -> list[Path]:
    """The copies that may go: not the newest, not the last of a recent day or week, not before a recent risky step."""
    newest_first = sorted(copies, key=_when, reverse=True)
    kept = set(newest_first[:NEWEST])
    kept |= _last_of(newest_first, _day, DAYS)
    kept |= _last_of(newest_first, lambda path: _week(_day(path)), WEEKS)
    for reason in {reason_of(path) for path in newest_first} - {ON_CLOSING, OF_THE_DAY}:
        kept |= set([path for path in newest_first if reason_of(path) == reason][:OF_A_REASON])
    return [path for path in newest_first if path not in kept]


def _last_of(newest_first: Sequence[Path], span: Callable[[Path], object], many: int) -> set[Path]:
    """The last copy of each of the newest ``many`` spans of time that have one."""
    found: dict[object, Path] = {}
    for path in newest_first:
        found.setdefault(span(path), path)
    return set(list(found.values())[:many])


def _thin_out(room: Path, fresh: Path) -> None:
    for path in worn_out(_files(room)):
        if path != fresh:
            with suppress(OSError):  # open elsewhere; the next copy tries again
                path.unlink()


def _files(room: Path) -> list[Path]:
    """The copies in a room, oldest first."""
    return sorted(room.glob("*.sqlite"), key=_when) if room.is_dir() else []


def _when(path: Path) -> datetime:
    try:
        return datetime.strptime(f"{path.name.partition('_')[0]} -0500", f"{stores.NAMES_STAMP} %z")
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, COLOMBIA)


def _day(path: Path) -> date:
    return day_of(_when(path))


def _week(day: date) -> tuple[int, int]:
    year, week, _day = day.isocalendar()
    return year, week


def reason_of(path: Path) -> str:
    """Why a copy was made, as its name says; empty for one that people named."""
    return path.stem.partition("_")[2]


# Looking at them


def listing(ws: Workspace) -> list[Copy]:
    """The copies of this store, newest first; one that lies in both places is told once."""
    rooms = [room_of(ws)]
    place = second_place(ws)
    with suppress(OSError):  # a medium that is pulled out while it is looked at
        rooms += sorted(place.glob(f"{rooms[0].name}_*")) if place is not None and place.is_dir() else []
    found: dict[str, Copy] = {}
    for room in rooms:
        for path in _files(room):
            if path.name in found:
                found[path.name] = replace(found[path.name], second=True)
            else:
                found[path.name] = replace(_described(path), second=room is not rooms[0])
    return sorted(found.values(), key=lambda copy: copy.made_at, reverse=True)


def examine(path: Path) -> Copy:
    """A copy, read to its last page. Raises UserError when it is not one, is damaged, or is of a newer program."""
    with spoken():
        return _with(_bare(path), closed.look(path, whole=True))


def settings_of(path: Path) -> dict[str, str]:
    """What a closed store says about itself."""
    with spoken():
        return closed.look(path).settings


def _described(path: Path) -> Copy:
    try:
        with spoken():
            return _with(_bare(path), closed.look(path))
    except UserError as error:
        return replace(_bare(path), problem=error.what)


def _bare(path: Path) -> Copy:
    with spoken(), stores.translated():
        if not path.is_file():
            raise stores.StoreProblem("missing", str(path))
        return Copy(path, _when(path), reason_of(path), path.stat().st_size)


def _with(copy: Copy, found: closed.Look) -> Copy:
    from peti_desktop.catalogues import load

    said = found.settings
    if not said.keys() >= {"dependencia", "vigencia", "metodo", "nombre"}:
        raise stores.StoreProblem("incomplete", str(copy.path))
    vigencia = int(said["vigencia"])
    return replace(
        copy,
        dependencia=said["dependencia"],
        dependencia_nombre=load(vigencia=vigencia).label("dependencia", said["dependencia"]),
        vigencia=vigencia,
        nombre=said["nombre"],
        counts=found.counts,
    )

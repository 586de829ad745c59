"""Putting a copy in the place of a store: all at once, or nothing happens."""

import shutil
from pathlib import Path

from db import store as stores
from peti_desktop import binnacle, exemplar
from peti_desktop.copies import BEFORE_RESTORING, Copy, examine, keep, settings_of, written
from peti_desktop.errors import UserError
from peti_desktop.moments import now, spoken_moment
from peti_desktop.workspace import Clock, Workspace

_DAMAGED = "-danado"
"""Added to the reason of a copy which is the bytes of a store that no longer opens."""


def restore(source: Path, target: Path, *, ws: Workspace | None = None, clock: Clock = now) -> Workspace:
    """Put the copy ``source`` in the place of the store ``target``, and open it. ``ws`` is the store when it is open.

    The store that is there is copied first. Until the last step nothing of it changes: when anything fails, it stands
    as it did, and ``ws`` stays open. Raises UserError for a copy of another dependencia, profile or newer program, and
    for one that is damaged.
    """
    if ws is not None and ws.store.server:
        raise UserError(
            "Los datos están en un servidor y otras personas trabajan en ellos.",
            "Pase la copia a otra base de datos del servidor, o ábrala como un archivo aparte.",
        )
    chosen = examine(source)
    said = settings_of(source)
    workshop = stores.room_of_copies(target) / "restaurando"
    prepared = workshop / target.name
    with written(prepared):
        shutil.rmtree(workshop, ignore_errors=True)
        workshop.mkdir(parents=True)
        _take(source, prepared)
    try:
        present = ws or _opened(target, clock)
        try:
            _prepare(prepared, target, chosen, said, present, clock)
            _exchange(prepared, target, present)
        finally:
            if present is not None and ws is None:
                present.close()
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    if ws is not None:
        ws.close()
    return Workspace.open(target, clock=clock)


def _take(source: Path, prepared: Path) -> None:
    """The copy's bytes, and those of its log when somebody copied a store while it was open."""
    for ending in ("", "-wal"):
        piece = source.with_name(source.name + ending)
        if piece.exists():
            shutil.copyfile(piece, prepared.with_name(prepared.name + ending))


def _opened(target: Path, clock: Clock) -> Workspace | None:
    """The store that is to be replaced; None when there is none, or none that opens: its bytes are put aside then."""
    if not target.exists():
        return None
    try:
        return Workspace.open(target, clock=clock)
    except UserError as error:
        cause = error.__cause__
        if not isinstance(cause, stores.StoreProblem) or cause.code not in {"damaged", "not_ours", "incomplete"}:
            raise
    room = stores.room_of_copies(target)
    name = stores.copy_name(clock(), BEFORE_RESTORING + _DAMAGED)
    with written(room / name):
        _take(target, room / name)
    return None


def _prepare(
    prepared: Path, target: Path, chosen: Copy, said: dict[str, str], present: Workspace | None, clock: Clock
) -> None:
    """Make the copy ready: a name of its own, and the log says where it came from."""
    with Workspace.open(prepared, clock=clock) as made:
        before = ""
        if present is not None:
            _same_owner(chosen, made, present)
            before = keep(present, BEFORE_RESTORING).path.name
        who = present.info.who if present is not None else made.info.who
        made.set_settings(exemplar.born(target, said))
        with made.write() as connection:
            detail = {"copia": chosen.path.name, "de": spoken_moment(chosen.made_at), "quedó en": before}
            binnacle.write(connection, clock(), who, "restaurar copia", detail)


def _same_owner(chosen: Copy, made: Workspace, present: Workspace) -> None:
    if (made.info.perfil, made.info.dependencia) == (present.info.perfil, present.info.dependencia):
        return
    office = made.info.perfil != present.info.perfil
    raise UserError(
        f"Esa copia es de {'otro tipo de archivo' if office else chosen.dependencia_nombre}, "
        f"y este archivo es de {present.info.dependencia_nombre}.",
        "Escoja una copia de su dependencia, o restáurela como un archivo aparte desde la primera página.",
    )


def _exchange(prepared: Path, target: Path, present: Workspace | None) -> None:
    if present is not None:
        present.store.engine.dispose()
    log = target.with_name(target.name + "-wal")
    if present is not None and log.exists():
        # Somebody else reads it still; its log would be taken for that of the restored file.
        raise UserError(
            "El archivo de datos está abierto en otro programa.", "Cierre el otro programa y restaure de nuevo."
        )
    with written(target):
        for ending in ("-wal", "-shm"):
            target.with_name(target.name + ending).unlink(missing_ok=True)
        prepared.replace(target)

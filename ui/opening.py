"""How a store comes to be open: on the worker thread, with everything heavy imported there and not before."""

from datetime import date, datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui.start import Start

if TYPE_CHECKING:
    from peti_desktop.workspace import Workspace

OFICINA: Final = "oficina"
EXAMPLE_STORE: Final = "dependencias/SALUD.sqlite"
READING: Final = "Abierto solo para leer: puede mirar, comprobar y exportar todo; nada de lo que haga cambia los datos."


def called(store: Path | str) -> str:
    """What a store is called: its file's name, or database and server."""
    if isinstance(store, Path):
        return store.name
    parts = urlsplit(store)
    return f"{parts.path.strip('/')} en {parts.hostname}"


def open_store(store: Path | str) -> "Workspace":
    """The workspace of an existing store; a UserError says why not."""
    from peti_desktop.workspace import Workspace

    return _in_role(Workspace.open(store), store)


def _in_role(workspace: "Workspace", store: Path | str) -> "Workspace":
    """The same, only to be read where a jefe made who works here Control Interno."""
    from peti_desktop.consolidation import roles
    from peti_desktop.workspace import Workspace

    if workspace.store.reading or roles.role(workspace) != roles.CONTROL:
        return workspace
    workspace.close()
    return Workspace.open(store, writing=False)


def begin(start: Start, progress: Progress) -> "Workspace":
    """The workspace somebody asked for on the first page: new, existing or the example."""
    from peti_desktop.workspace import Workspace

    if start.server:
        return _on_server(start, progress)
    if start.example:
        return Workspace.open(_example(start, progress))
    if start.exists:
        if start.reading:
            return Workspace.open(start.path, writing=False)
        return open_store(start.path)
    if start.copy is not None:
        from peti_desktop.restoring import restore

        return restore(start.copy, start.path)
    if start.post is not None:
        from peti_desktop.handover import receive

        return receive(start.post, start.path, start.nombre, start.cargo)
    return Workspace.create(
        start.path,
        perfil=start.perfil,
        dependencia=start.dependencia,
        nombre=start.nombre,
        cargo=start.cargo,
        vigencia=start.vigencia,
    )


def _on_server(start: Start, progress: Progress) -> "Workspace":
    """The workspace on a server: what is there, what goes there now, or a new one."""
    from peti_desktop.workspace import Workspace

    if start.moved is not None:
        from peti_desktop.move import move

        move(start.moved, start.server, progress)
    elif not start.exists:
        return Workspace.create(
            start.server,
            perfil=start.perfil,
            dependencia=start.dependencia,
            nombre=start.nombre,
            cargo=start.cargo,
            vigencia=start.vigencia,
        )
    workspace = _in_role(Workspace.open(start.server), start.server)
    try:
        if start.nombre and not workspace.store.reading:
            workspace.set_settings({"nombre": start.nombre, "cargo": start.cargo})
    except UserError:
        workspace.close()
        raise
    return workspace


def settle(workspace: "Workspace", _progress: Progress) -> str:
    """The copy of the day, and a word on what the person should know about this file; empty when there is nothing."""
    from peti_desktop import copies
    from peti_desktop.post import handed_over
    from ui import recents

    if workspace.store.reading:
        return READING
    if not workspace.info.ejemplo:
        recents.remember(workspace.store.address or workspace.store.path)
    told = [copies.on_opening(workspace)]
    if workspace.recovered_until is not None:
        told.append(recovered(workspace.recovered_until, workspace.today))
    if workspace.from_elsewhere:
        told.append(
            "Este archivo se trabajó antes en otro equipo. Si allá quedó otro igual, siga solo en uno de los dos."
        )
    if (day := handed_over(workspace)) is not None:
        told.append(
            f"Este archivo se entregó con el cargo el {day}: lo que escriba aquí no le llega a quien lo recibió."
        )
    return "\n".join(words for words in told if words)


def recovered(until: datetime, today: date) -> str:
    """What there is after the program or the PC went off without closing the file."""
    from peti_desktop.moments import COLOMBIA, day_of, spoken_moment

    local = until.astimezone(COLOMBIA)
    when = f"{'la' if local.hour == 1 else 'las'} {local:%H:%M}" if day_of(until) == today else spoken_moment(until)
    return f"La última vez el programa se cerró de golpe. Se recuperó lo escrito hasta {when}."


def leave(workspace: "Workspace") -> None:
    """Keep a copy of what was done, and let the store go."""
    from peti_desktop import copies

    try:
        if not workspace.store.reading:
            copies.on_closing(workspace)
    finally:
        workspace.close()


def _example(start: Start, progress: Progress) -> Path:
    """The example's store for a profile; the example is made once, beside its place, and kept when complete."""
    store = start.path / ("oficina.sqlite" if start.perfil == OFICINA else EXAMPLE_STORE)
    if not store.exists():
        from peti_desktop import demo

        unfinished = start.path.with_name(f"{start.path.name}.nuevo")
        rmtree(unfinished, ignore_errors=True)
        try:
            demo.run(unfinished, progress)
            unfinished.replace(start.path)
        finally:
            rmtree(unfinished, ignore_errors=True)
    return store

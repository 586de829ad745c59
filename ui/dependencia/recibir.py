"""Taking in the starter file of the Oficina TIC: deadlines, authority, certificates, annulled keys.

The file of the dependencia that took the place of this one lets the store go on as it, when the person agrees.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from peti_desktop.records import TYPES
from peti_desktop.records.convert import plain
from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.becoming import Becoming
    from peti_desktop.catalogues import Catalogues
    from peti_desktop.delivery.starter import Starter
    from peti_desktop.progress import Progress
    from peti_desktop.workspace import Workspace


def take(desk: Desk, path: Path) -> None:
    """Take in the starter file ``path``; the first time, the person compares the office's fingerprint."""
    workspace = desk.workspace

    def look(_progress: object) -> "tuple[Starter, bool, Becoming | None]":
        from peti_desktop import becoming
        from peti_desktop.delivery import starter

        found = starter.read(path, workspace.clock())
        plan = becoming.foreseen(workspace, found)
        if plan is None:
            starter.refuse(workspace, found)  # before anybody compares a fingerprint for nothing
        return found, starter.is_known(workspace, found), plan

    def looked(result: "tuple[Starter, bool, Becoming | None]") -> None:
        found, known, plan = result
        question = f"¿La huella de la Oficina TIC es {found.authority_fingerprint}?"
        detail = "Compárela con la del papel o pregúntela por teléfono. Solo se pregunta la primera vez."
        if plain(found.entidad) != plain(workspace.info.entidad):
            detail = f"El archivo es de otra entidad: «{found.entidad}». {detail}"
        if not known and not desk.messages.ask(question, "Sí, es la misma", detail):
            return
        if plan is not None:
            _become(desk, plan)
        else:
            before = workspace.catalogues
            desk.save(lambda _progress: _apply(desk, found), TYPES.keys(), lambda words: _taken(desk, before, words))

    desk.run(look, looked)


def _become(desk: Desk, plan: "Becoming") -> None:
    """Let the store go on as the successor when the person agrees; the window is made anew over it."""
    from peti_desktop import becoming

    workspace = desk.workspace
    if not desk.messages.ask(plan.question, "Sí, seguir así", plan.detail):
        desk.notice.tell("No cambió nada.", "Puede abrir el archivo de inicio otra vez cuando lo decida.")
        return

    told: list[str] = []

    def work(progress: "Progress") -> "Workspace":
        told.extend(becoming.become(workspace, plan, progress).sentences)
        return workspace

    desk.reopen(work, "Guardando una copia y pasando los registros…", lambda: " ".join(told))


def _apply(desk: Desk, found: "Starter") -> list[str]:
    """Take the file in; gives what became of the keys of this PC, in sentences."""
    from peti_desktop.delivery import signing_key, starter

    workspace = desk.workspace
    about_lists = starter.apply(workspace, found)
    said = [about_lists] if about_lists else []
    for kept in signing_key.key_files(workspace):
        tone, sentence = signing_key.trouble(workspace, kept)
        if tone:
            said.append(f"{kept.nombre}: {sentence}")
        elif signing_key.is_certified(workspace, kept):
            said.append(f"La Oficina TIC confirmó la clave de {kept.nombre}.")
    return said


def _taken(desk: Desk, before: "Catalogues", words: list[str]) -> None:
    """What became of it; pages that offer what is in the lists are made anew when those changed."""
    workspace = desk.workspace
    if workspace.catalogues is before:
        _tell(desk, words)
    else:
        told = " ".join(("Se recibió el archivo de inicio.", *words))
        desk.reopen(lambda _progress: workspace, "Actualizando las listas…", told)


def _tell(desk: Desk, words: list[str]) -> None:
    stopped = any("ya no puede firmar" in sentence for sentence in words)
    desk.notice.tell(
        "Se recibió el archivo de inicio: ya se sabe qué se espera y hasta cuándo.",
        "\n".join(words),
        tone="warns" if stopped else "info",
    )

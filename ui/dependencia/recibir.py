"""Taking in the file the Oficina TIC sends at the beginning: deadlines, authority, certificate."""

from pathlib import Path
from typing import TYPE_CHECKING

from peti_desktop.records import TYPES
from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.delivery.starter import Starter


def receive(desk: Desk) -> None:
    """Let the person choose the starter file and take it in. What is wrong is told in the page."""
    path = desk.messages.open_file("Archivo de inicio que envió la Oficina TIC", "Excel (*.xlsx)")
    if path is not None:
        take(desk, path)


def take(desk: Desk, path: Path) -> None:
    """Take in the starter file ``path``; the first time, the person compares the office's fingerprint."""
    workspace = desk.workspace

    def look(_progress: object) -> "tuple[Starter, bool]":
        from peti_desktop.delivery import starter

        found = starter.read(path, workspace.clock())
        return found, starter.is_known(workspace, found)

    def looked(result: "tuple[Starter, bool]") -> None:
        found, known = result
        question = f"¿La huella de la Oficina TIC es {found.authority_fingerprint}?"
        detail = "Compárela con la del papel o pregúntela por teléfono. Solo se pregunta la primera vez."
        if known or desk.messages.ask(question, "Sí, es la misma", detail):
            desk.save(lambda _progress: _apply(desk, found), TYPES.keys(), lambda _none: _tell(desk))

    desk.run(look, looked)


def _apply(desk: Desk, found: "Starter") -> None:
    from peti_desktop.delivery import starter

    starter.apply(desk.workspace, found)


def _tell(desk: Desk) -> None:
    desk.notice.tell("Se recibió el archivo de inicio: ya se sabe qué se espera y hasta cuándo.")

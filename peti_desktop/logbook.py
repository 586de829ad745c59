"""The log of decisions as it is read: pages of what is asked for, and the received file an entry is about."""

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from db.queries import deliveries, log
from peti_desktop.binnacle import Asked
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.log_words import Entry, codes_like, entry, sentence
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Choices:
    """Who and what there is in the log: ``actions`` as they are kept, with their words."""

    people: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]


def choices(ws: Workspace) -> Choices:
    """What a filter can offer."""
    with ws.read() as connection:
        people, actions = log.told(connection, "quien"), log.told(connection, "accion")
    return Choices(tuple(people), tuple((action, sentence(action)) for action in actions))


def meant(ws: Workspace, asked: Asked) -> Asked:
    """What is asked, with the codes that stand for the names searched for; quotes as entries keep them."""
    if not asked.text:
        return asked
    kept = json.dumps(asked.text, ensure_ascii=False)[1:-1]
    return replace(asked, also=(*codes_like(asked.text, ws.catalogues), *((kept,) if kept != asked.text else ())))


def total(ws: Workspace, asked: Asked) -> int:
    """How many entries answer what is asked."""
    with ws.read() as connection:
        return log.total(connection, meant(ws, asked))


def page(ws: Workspace, asked: Asked, first: int, count: int) -> list[Entry]:
    """``count`` entries from the ``first`` on, the newest first."""
    with ws.read() as connection:
        rows = log.page(connection, meant(ws, asked), first, count)
    return [entry(row, ws.catalogues) for row in rows]


def original(ws: Workspace, sha256: str) -> tuple[str, bytes]:
    """A received file exactly as it came: its name and bytes, whose SHA-256 is looked at again. Raises UserError."""
    with ws.read() as connection:
        found = deliveries.received(connection, sha256=sha256)
        data = deliveries.content(connection, sha256)
    if not found or data is None:
        raise UserError(
            "Ese archivo no está guardado aquí.", "Solo se guardan los archivos que la bandeja recibió completos."
        )
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UserError(
            f"El archivo guardado «{found[0]['nombre']}» ya no es el que se recibió: su SHA-256 es otro.",
            "Restaure una copia de los datos en que esté completo, y avise a Control Interno.",
        )
    return str(found[0]["nombre"]), bytes(data)


def save_original(ws: Workspace, sha256: str, path: Path) -> Path:
    """Write a received file to ``path``, byte for byte, with its hash beside it. Raises UserError."""
    _name, data = original(ws, sha256)
    replace_file(path, data)
    replace_file(path.with_name(path.name + ".sha256"), f"{sha256}  {path.name}\n".encode())
    return path

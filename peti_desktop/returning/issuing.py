"""Signing a file as the office: numbered in a chain, kept byte for byte, written beside its printed page."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.queries import observations as rows
from db.queries import space
from peti_desktop.delivery import keys_told
from peti_desktop.delivery.cells import Unreadable
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.office.starting import told_to
from peti_desktop.progress import Progress, silent
from peti_desktop.reports.page import CARTA, OFICIO, Paper
from peti_desktop.returning import book
from peti_desktop.returning.contents import RETURN, Contents, Told, coded, file_name, purpose, read
from peti_desktop.returning.declared import Declared
from peti_desktop.returning.pages import page
from peti_desktop.trust import signature
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import Workspace

ISSUED, TAKEN = "emitido", "recibido"
"""Which way a file of the office went: signed here, or taken in by a dependencia."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Issued:
    """A file the office signed, with its bytes and what it says."""

    sha256: str
    data: bytes
    contents: Contents

    @property
    def name(self) -> str:
        """The name it is given in a folder."""
        return file_name(self.contents.told)


def next_link(connection: Connection) -> tuple[int, str]:
    """Counter of the office's next signed file and the hash of the one before, within the caller's transaction."""
    number, sha256 = rows.last_issued(connection)
    return number + 1, sha256


def keys_for(ws: Workspace, connection: Connection, dependencia: str, when: datetime) -> KeysTold:
    """What the file tells about keys, as a list newer than any before; within the caller's transaction."""
    last = int(space.settings(connection).get(keys_told.NUMBER) or 0)
    number = max(last + 1, int(when.timestamp()))
    space.set_settings(connection, {keys_told.NUMBER: str(number)})
    return told_to(ws, connection, dependencia, number)


def cover(ws: Workspace, connection: Connection, clase: str, row: Mapping[str, Any], when: datetime) -> Told:
    """What every file about a received delivery (its stored ``row``) says, next in the office's chain."""
    counter, previous = next_link(connection)
    return Told(
        clase=clase,
        entidad=ws.info.entidad,
        dependencia=row["dependencia"],
        dependencia_nombre=ws.catalogues.label("dependencia", row["dependencia"]),
        vigencia=row["vigencia"],
        numero=row["numero"],
        entrega=row["sha256"],
        archivo=row["nombre"],
        entrega_codigo=row["codigo"],
        recibida_en=row["recibida_en"],
        emitida_en=when,
        nombre=ws.info.nombre,
        cargo=ws.info.cargo,
        contador=counter,
        previo=previous,
        keys=keys_for(ws, connection, row["dependencia"], when),
    )


def issue(
    ws: Workspace,
    connection: Connection,
    contents: Contents,
    office: Signer,
    when: datetime,
    declared: Declared | None = None,
    progress: Progress = silent,
) -> Issued:
    """Sign ``contents``, read it back, and keep it in the store, within the caller's transaction."""
    complete = coded(contents) if contents.told.clase == RETURN else _with_delivery_code(contents)
    told = complete.told
    unsigned = book.write(complete, ws.catalogues, declared, progress)
    data = signature.sign(unsigned, office, purpose(told), when)
    _read_back(data, complete, when)
    sha256 = hashlib.sha256(data).hexdigest()
    rows.add_file(
        connection,
        {
            "sha256": sha256,
            "clase": told.clase,
            "sentido": ISSUED,
            "dependencia": told.dependencia,
            "vigencia": told.vigencia,
            "entrega": told.entrega,
            "numero": told.contador,
            "previo": told.previo,
            "codigo": told.codigo,
            "nombre": file_name(told),
            "cuando": when,
            "quien": ws.info.who,
            "contenido": data,
        },
    )
    return Issued(sha256, data, complete)


def _with_delivery_code(contents: Contents) -> Contents:
    return replace(contents, told=replace(contents.told, codigo=contents.told.entrega_codigo))


def _read_back(data: bytes, contents: Contents, when: datetime) -> None:
    """A file that does not read as what was meant is never given to anybody."""
    found = signature.verify(data, Trust(), when)
    try:
        same = found.parts is not None and read(found.parts) == contents
    except Unreadable:
        _log.exception("a file of the office does not read back")
        same = False
    if not same:
        raise UserError(
            "Lo escrito en Excel no se lee igual a lo registrado: el archivo no se hizo.",
            "Repita; si vuelve a pasar, envíe el registro de errores a quien administra el programa.",
        )


def again(ws: Workspace, sha256: str) -> Issued:
    """A file this office signed before, from its kept bytes. Raises UserError when there is none of that hash."""
    with ws.read() as connection:
        data = rows.file_content(connection, sha256)
    found = signature.verify(data, Trust(), ws.clock()) if data is not None else None
    if data is None or found is None or found.parts is None:
        raise UserError("Ese archivo no está en este archivo de datos.", "Escójalo de la lista de archivos emitidos.")
    return Issued(sha256, data, read(found.parts))


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the office in the list of those signed here or taken in here; ``numero`` is the office's counter."""

    sha256: str
    clase: str
    dependencia: str
    vigencia: int
    entrega: str
    numero: int
    codigo: str
    nombre: str
    cuando: datetime
    quien: str


def listing(ws: Workspace, *, clase: str = "", dependencia: str = "", entrega: str = "") -> list[Listed]:
    """Files the office signed, in the order of its counter, of either profile."""
    asked = {"clase": clase, "dependencia": dependencia, "entrega": entrega}
    with ws.read() as connection:
        found = rows.files(connection, **{name: value for name, value in asked.items() if value})
    return [Listed(**{name: row[name] for name in Listed.__dataclass_fields__}) for row in found]


def put(issued: Issued, folder: Path, paper: Paper = CARTA) -> tuple[Path, Path]:
    """Write the file and its page into ``folder``; gives both paths. The same bytes may be there already.

    Raises UserError, leaving nothing new behind, when there is another file of that name or it cannot be written.
    """
    path = folder / issued.name
    pdf = path.with_suffix(".pdf")
    printed = page(issued.contents, paper)
    was_there = _is_there(path, issued.data)
    if pdf.exists():  # the same page on another paper may be replaced, anybody else's may not
        _is_there(pdf, printed, *(page(issued.contents, other) for other in (CARTA, OFICIO) if other != paper))
    try:
        replace_file(path, issued.data)
        replace_file(pdf, printed)
    except UserError:
        if not was_there:
            remove([path])
        raise
    return path, pdf


def _is_there(path: Path, *ours: bytes) -> bool:
    """Whether the very file, or one of several, is there; never writes over another: it may be the only copy."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise UserError(f"No se pudo leer «{path.name}» en esa carpeta.", "Escoja otra carpeta y repita.") from error
    if found not in ours:
        raise UserError(
            f"En esa carpeta ya hay otro archivo con ese nombre: «{path.name}».",
            "Escoja otra carpeta, o guarde ese archivo en otro lugar y repita.",
        )
    return True


def remove(paths: Sequence[Path]) -> None:
    """Take away files that were not kept in the store after all."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError:
            _log.exception("a file that was not kept could not be removed: %s", path.name)


def refuse_past(due: date, today: date) -> None:
    """Raises UserError for a deadline that has gone by."""
    if due < today:
        raise UserError("La fecha para responder ya pasó.", "Escoja una fecha de hoy en adelante.")

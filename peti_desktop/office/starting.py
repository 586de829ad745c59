"""Starter files for one dependencia or for all of them, each registered with the office's signed files."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from db.queries import observations, space
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.delivery import keys_told, starter
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.delivery.starter import Person, Rows
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.intake.inbox import must_be_office
from peti_desktop.moments import day_of
from peti_desktop.office import authority, enrolment
from peti_desktop.office.enrolment import Enrolled
from peti_desktop.progress import Progress, silent
from peti_desktop.records.convert import spoken_date
from peti_desktop.trust.keys import Signer
from peti_desktop.vigencias import travelling
from peti_desktop.workspace import Workspace

CLASS = "inicio"

More = Callable[[Workspace, str], Mapping[str, Rows]]
"""Hidden sheets for a dependencia's file, by name (each begins with «_»): what else the office tells."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A dependencia a starter file can be written for: what it owes, who signs, when the last file was written."""

    code: str
    name: str
    sections: int
    signers: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Written:
    """A starter file that was written. ``signers`` of the dependencia got their certificate with it."""

    path: Path
    dependencia: str
    signers: int


def units(ws: Workspace) -> list[Unit]:
    """Every dependencia of the catalogue, by name."""
    confirmed = [found for found in enrolment.listing(ws) if found.in_force]
    with ws.read() as connection:
        owed = [row["dependencia"] for row in space.deadlines(connection, ws.info.vigencia)]
        issued = observations.files(connection, clase=CLASS, sentido="emitido", vigencia=ws.info.vigencia)
    last = {row["dependencia"]: row["cuando"] for row in issued}
    found = [
        Unit(
            entry.code,
            ws.catalogues.label("dependencia", entry.code),
            owed.count(entry.code),
            sum(one.dependencia == entry.code for one in confirmed),
            last.get(entry.code),
        )
        for entry in ws.catalogues.entries("dependencia")
    ]
    return sorted(found, key=lambda unit: unit.name)


def write_all(
    ws: Workspace,
    unlocked: tuple[Signer, Signer],
    dependencias: Sequence[str],
    folder: Path,
    progress: Progress = silent,
    more: More = travelling.sheets,
) -> list[Written]:
    """Write a starter file for each of ``dependencias`` into ``folder``; ``unlocked`` is what the passphrase opened.

    Certificates that are missing are issued first. Cancelling leaves whole files, each one registered. Raises UserError
    for a code that is not in the list and for a key that is not the office's, before anything is done; and when one
    file cannot be written: those before it are good.
    """
    must_be_office(ws)
    roles.require(ws, roles.CHANGE)
    unknown = next((code for code in dependencias if ws.catalogues.entry("dependencia", code) is None), None)
    if unknown is not None:
        raise UserError(f"«{unknown}» no está en la lista de dependencias.", "Escójala de la lista.")
    root, office = unlocked
    authority.refuse_stranger(ws, office)
    enrolment.certify(ws, root)
    number = _next_number(ws)
    written = []
    for done, dependencia in enumerate(dependencias):
        name = ws.catalogues.label("dependencia", dependencia)
        progress(done, len(dependencias), f"Archivo de inicio de {name}")
        written.append(_write(ws, dependencia, office, folder, number, more))
    progress(len(dependencias), len(dependencias), "Archivos de inicio listos")
    return written


def told_to(ws: Workspace, connection: Connection, dependencia: str, number: int) -> KeysTold:
    """What any file of the office tells a dependencia about keys; ``number`` is that of the newest list."""
    return KeysTold(
        authority=space.authorities(connection)[0],
        certificates=enrolment.certificates_of(ws, connection, dependencia),
        annulled=enrolment.annulled_of(connection, dependencia),
        relays=authority.relays(connection),
        number=number,
    )


def _write(ws: Workspace, dependencia: str, office: Signer, folder: Path, number: int, more: More) -> Written:
    """One file, and its row in the register; neither without the other."""
    info, when = ws.info, ws.clock()
    people = [_person(one) for one in enrolment.listing(ws) if one.dependencia == dependencia]
    path = folder / starter.file_name(info.vigencia, dependencia)
    with ws.write() as connection:
        told = told_to(ws, connection, dependencia, number)
        counter, previous = observations.last_issued(connection)
        composed = replace(
            starter.compose(ws, dependencia, told),
            number=counter + 1,
            previous=previous,
            more=more(ws, dependencia),
        )
        data = starter.signed(ws, composed, people, office)
        row = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "clase": CLASS,
            "sentido": "emitido",
            "dependencia": dependencia,
            "vigencia": info.vigencia,
            "entrega": None,
            "numero": counter + 1,
            "previo": previous,
            "codigo": "",
            "nombre": path.name,
            "cuando": when,
            "quien": info.who,
            "contenido": data,
        }
        observations.add_file(connection, row)
        said = {"dependencia": dependencia, "archivo": path.name, "sha256": row["sha256"], "lista": number}
        binnacle.write(connection, when, info.who, "escribir archivo de inicio", said)
        replace_file(path, data)
    return Written(path, dependencia, len(told.certificates))


def _next_number(ws: Workspace) -> int:
    """The number of a new list: it rises even when the store was restored from an older copy, for it follows the clock.

    And it rises when the clock went back, for it is more than the last one.
    """
    number = max(int(ws.setting(keys_told.NUMBER) or 0) + 1, int(ws.clock().timestamp()))
    ws.set_settings({keys_told.NUMBER: str(number)})
    return number


def _person(found: Enrolled) -> Person:
    day = spoken_date(day_of(found.since))
    return Person(found.nombre, found.cargo, found.fingerprint, day, f"{found.letter} · {found.state}")

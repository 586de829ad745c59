"""Cuts: the consolidation at one moment, sealed, with the reports that were issued of it.

A cut holds its content (``frozen``) and its reports, byte for byte. Its seal is a hash over both and over all the cut
says of itself, the seal of the cut before included: nobody changes one without it showing. The open consolidation goes
on after a cut; nothing forbids it.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import uuid6
from sqlalchemy import Connection

from db.queries import cuts as rows
from db.queries import log
from peti_desktop import binnacle
from peti_desktop.consolidation import frozen, roles
from peti_desktop.errors import UserError
from peti_desktop.files import replace_file
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress, silent
from peti_desktop.records.convert import clean
from peti_desktop.workspace import Workspace

LONGEST_NAME: Final = 60
WORKBOOK: Final = "matriz_xlsx"
"""The name of the consolidated workbook among a cut's reports; the others have those of ``reports.REPORTS``."""

WORKBOOK_TITLE: Final = "Matriz en Excel"
SEALING: Final = "sellar corte"
"""What the log calls the sealing of a cut."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A sealed cut. ``previous`` is the seal of the one before, empty for the first; ``code`` stands on its papers."""

    uid: str
    number: int
    vigencia: int
    name: str
    note: str
    when: datetime
    who: str
    seal: str
    previous: str

    @property
    def label(self) -> str:
        """«Corte n.º 2 · Primer semestre»."""
        return f"Corte n.º {self.number} · {self.name}"


@dataclass(frozen=True, slots=True)
class Issued:
    """A report of a cut, as it was issued: its name, its file's name, the SHA-256 of its bytes."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A cut that was just sealed; ``without`` are reports that could not be made of it, each with its reason.

    ``same_as`` names the cut before when both hold the same: nothing was changed between them.
    """

    cut: Cut
    reports: tuple[Issued, ...]
    without: tuple[tuple[str, str], ...]
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a cut sealed now would leave out or hold undecided: records in force, deliveries and doubts that wait."""

    records: int
    deliveries: int
    doubts: int


def listing(ws: Workspace) -> list[Cut]:
    """Every cut, oldest first."""
    with ws.read() as connection:
        return [cut_of(row) for row in rows.listing(connection)]


def issued(ws: Workspace, uid: str) -> tuple[Issued, ...]:
    """The reports kept of a cut."""
    with ws.read() as connection:
        return tuple(issued_of(row) for row in rows.reports(connection, uid))


def cut_of(row: dict[str, Any]) -> Cut:
    """A cut as its row in the store says."""
    return Cut(
        row["uid"],
        row["numero"],
        row["vigencia"],
        row["nombre"],
        row["nota"],
        row["cuando"],
        row["quien"],
        row["sello"],
        row["previo"],
    )


def issued_of(row: dict[str, Any]) -> Issued:
    """A report of a cut as its row in the store says."""
    return Issued(row["nombre"], row["archivo"], row["sha256"])


# Sealing


def waiting(ws: Workspace) -> Waiting:
    """What somebody should know before sealing a cut."""
    from peti_desktop.consolidation import doubts
    from peti_desktop.intake import inbox

    records = ws.counts()
    return Waiting(sum(records.values()), inbox.waiting(ws), sum(doubts.counts(ws).values()))


def seal(ws: Workspace, name: str, note: str = "", progress: Progress = silent) -> Sealed:
    """Seal the consolidation as it is now: content and reports, all of it or nothing.

    What is written meanwhile is not in it and waits for nothing. Raises UserError when who works here may not, when
    the name is taken or too long, and when a colleague sealed a cut meanwhile; Cancelled, and then nothing is left.
    """
    roles.require(ws, roles.SEAL)
    with ws.snapshot() as seen, seen.read() as connection:
        before = rows.newest(connection)
        head = _head(ws, " ".join(clean(name).split()), clean(note), before)
        _refuse_name(head["nombre"], [row["nombre"] for row in rows.listing(connection)])
        count, newest = log.anchor(connection) or (log.total(connection), log.tail(connection))
        head["bitacora"] = {"entradas": count, "sello": newest}
        content = frozen.freeze(seen, connection, head, progress)
        last = _last(connection, before["uid"] if before else "")
    files, without = _reports(content, head, last, progress)
    made = tuple(Issued(n, file, hashlib.sha256(data).hexdigest()) for n, file, data in files)
    value = sealed_with(content.sha256, made)
    row = {key: head[key] for key in ("uid", "numero", "vigencia", "nombre", "nota", "quien", "previo")}
    row |= {"cuando": datetime.fromisoformat(head["cuando"]), "sello": value, "contenido": content.content}
    progress(0, 0, "Guardando el corte")
    with ws.write() as connection:
        now = rows.newest(connection)
        if (now and now["sello"]) != (before and before["sello"]):
            raise UserError(
                "Otra persona selló un corte mientras se hacía este.", "Mire ese corte y, si hace falta, selle otro."
            )
        rows.add(connection, row)
        for report, (_, _, data) in zip(made, files, strict=True):
            kept = {"nombre": report.name, "archivo": report.file, "sha256": report.sha256, "contenido": data}
            rows.add_report(connection, kept | {"corte": row["uid"]})
        said = {"corte": head["numero"], "nombre": head["nombre"], "sello": value, "codigo": code_of(content.sha256)}
        said |= {"informes": len(made)} | ({"sin": [title for title, _ in without]} if without else {})
        binnacle.write(connection, ws.clock(), ws.info.who, SEALING, said)
    same = last is not None and frozen.alike(content.content, last[0]["contenido"])
    return Sealed(cut_of(row), made, tuple(without), cut_of(last[0]).label if last is not None and same else "")


def _head(ws: Workspace, name: str, note: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """What a cut says of itself, as its first line keeps it."""
    return {
        "uid": str(uuid6.uuid7()),
        "numero": before["numero"] + 1 if before else 1,
        "vigencia": ws.info.vigencia,
        "nombre": name,
        "nota": note,
        "cuando": ws.clock().astimezone(UTC).isoformat(timespec="milliseconds"),
        "quien": ws.info.who,
        "previo": before["sello"] if before else "",
    }


def _refuse_name(name: str, taken: list[str]) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise UserError(
            "El corte necesita un nombre corto.", f"Escriba uno de hasta {LONGEST_NAME} letras, como «Primer semestre»."
        )
    if name.casefold() in {other.casefold() for other in taken}:
        raise UserError(f"Ya hay un corte que se llama «{name}».", "Póngale otro nombre: aparece en cada página.")


def code_of(sha256: str) -> str:
    """Eight letters for the papers, of the SHA-256 of a cut's content."""
    text = base64.b32encode(bytes.fromhex(sha256)[:5]).decode("ascii")
    return f"{text[:4]}-{text[4:]}"


def sealed_with(sha256: str, reports: tuple[Issued, ...]) -> str:
    """The seal over a content, which names the seal of the cut before, and over its reports."""
    said = [sha256, sorted([report.name, report.file, report.sha256] for report in reports)]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode("utf-8")).hexdigest()


def _reports(
    content: frozen.Frozen, head: dict[str, Any], last: rows.Whole | None, progress: Progress
) -> tuple[list[tuple[str, str, bytes]], list[tuple[str, str]]]:
    """Every report of what was frozen, as (name, file, bytes), and those that could not be made."""
    from peti_desktop import reports
    from peti_desktop.reports.matriz_xlsx import drawn

    wanted: list[tuple[str, str, str, Callable[[Workspace, Progress], bytes]]] = [
        (report.name, report.title, "pdf", report.draw) for report in reports.REPORTS.values()
    ]
    wanted.append((WORKBOOK, WORKBOOK_TITLE, "xlsx", drawn))
    made, without = [], []
    with _thawed(content.content, head, content.sha256, last) as ws:
        for done, (name, title, ending, draw) in enumerate(wanted):
            step = _part(progress, done, len(wanted), title)
            step(0, 1, "")
            try:
                data = draw(ws, step)
            except UserError as error:  # a report that has nothing to show, or more than its paper holds
                without.append((title, str(error)))
                continue
            made.append((name, f"{head['vigencia']}_corte-{head['numero']:02}_{name}.{ending}", data))
    return made, without


def _part(progress: Progress, done: int, parts: int, title: str) -> Progress:
    """Progress within one of several parts of a work."""

    def step(now: int, total: int, _text: str) -> None:
        share = min(100, 100 * now // total) if total else 0
        progress(100 * done + share, 100 * parts, f"Haciendo el informe {done + 1} de {parts}: {title}")

    return step


@contextmanager
def _thawed(content: bytes, head: dict[str, Any], sha256: str, last: rows.Whole | None) -> Iterator[Workspace]:
    """What was frozen as a store to read from, with the cut before it (``last``) beside, for what compares both."""
    told = f"Corte n.º {head['numero']} · {head['nombre']}"
    when = spoken_moment(datetime.fromisoformat(head["cuando"]))
    label = f"{told} · sellado el {when}"
    # Memory has one connection: whatever is asked within a question must go through it too.
    with frozen.restored(content, label, code_of(sha256), last) as ws, ws.snapshot() as seen:
        yield seen


# Reading a cut again


@contextmanager
def opened(ws: Workspace, uid: str) -> Iterator[Workspace]:
    """The consolidation as a cut froze it, to read from in this thread. Raises UserError when it was damaged."""
    row = _row(ws, uid)
    try:
        sha256, head = frozen.sha256_of(row["contenido"]), frozen.head_of(row["contenido"])
        with ws.read() as connection:
            earlier = [found for found in rows.listing(connection) if found["numero"] == row["numero"] - 1]
            last = _last(connection, earlier[0]["uid"] if earlier else "")
            reports = tuple(issued_of(found) for found in rows.reports(connection, uid))
    except frozen.Damaged as error:
        raise _damaged(row) from error
    if sealed_with(sha256, reports) != row["sello"]:
        raise _damaged(row)
    with _thawed(row["contenido"], head, sha256, last) as thawed:
        yield thawed


def _last(connection: Connection, uid: str) -> rows.Whole | None:
    """A cut as it stands beside what is compared with it; None for no uid."""
    row = rows.one(connection, uid) if uid else None
    return None if row is None else (row, rows.reports(connection, uid))


def _row(ws: Workspace, uid: str) -> dict[str, Any]:
    with ws.read() as connection:
        row = rows.one(connection, uid)
    if row is None:
        raise LookupError(uid)
    return row


def _damaged(row: dict[str, Any]) -> UserError:
    return UserError(
        f"El contenido guardado del corte n.º {row['numero']} no coincide con su sello.",
        "Compruebe los cortes y avise al jefe de la Oficina TIC: alguien lo cambió, o el archivo de datos se dañó.",
    )


def kept_report(ws: Workspace, uid: str, name: str) -> tuple[str, bytes]:
    """A report of a cut exactly as it was issued: its file's name and its bytes. Raises UserError when they changed."""
    with ws.read() as connection:
        row = rows.report(connection, uid, name)
    if row is None:
        raise LookupError(f"{uid} {name}")
    # A name changed by hand could lead out of the folder it is asked into.
    if sha256_of(row["contenido"]) != row["sha256"] or Path(row["archivo"]).name != row["archivo"]:
        raise UserError(
            f"El informe guardado «{row['archivo']}» no coincide con su sello.",
            "Compruebe los cortes y avise al jefe de la Oficina TIC: alguien lo cambió, o el archivo de datos se dañó.",
        )
    return str(row["archivo"]), bytes(row["contenido"])


def sha256_of(content: object) -> str:
    """The SHA-256 of bytes; empty for anything else that somebody wrote in their place."""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else ""


def issue_again(ws: Workspace, uid: str, name: str, folder: Path) -> Path:
    """Write a report of a cut into ``folder``, byte for byte as it was issued. Raises UserError."""
    file, data = kept_report(ws, uid, name)
    replace_file(folder / file, data)
    return folder / file


def make_anew(ws: Workspace, uid: str, name: str, folder: Path, progress: Progress = silent) -> Path:
    """Draw a report of ``reports.REPORTS`` from what a cut froze, with the program as it is today. Raises UserError."""
    from peti_desktop import reports

    cut = cut_of(_row(ws, uid))
    with opened(ws, uid) as thawed:
        data = reports.REPORTS[name].draw(thawed, progress)
    path = folder / f"{cut.vigencia}_corte-{cut.number:02}_{name}_hecho-de-nuevo.pdf"
    replace_file(path, data)
    return path

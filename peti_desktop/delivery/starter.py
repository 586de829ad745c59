"""The starter file: what the office tells a dependencia at the beginning of a vigencia, signed.

A workbook like any other of ours: what is owed and until when, the processes it answers for, the office's authority,
and what the dependencia must know about its keys: which were confirmed, with their certificates, and which annulled.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from openpyxl.styles import Font

from db.queries import space
from peti_desktop import sheets
from peti_desktop.catalogues import method_table
from peti_desktop.delivery import keys_told
from peti_desktop.delivery.cells import Unreadable, rows, sheet_parts
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited, replace_file
from peti_desktop.records import TYPES
from peti_desktop.records.convert import spoken_date
from peti_desktop.sheets import Sheet
from peti_desktop.trust import keys, signature
from peti_desktop.trust.authority import OFFICE_CODE
from peti_desktop.trust.certificates import ProfileError
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Status, Trust, Verification
from peti_desktop.vigencias import travelling
from peti_desktop.workspace import Workspace

FORMAT = 2
"""Version of the layout; its history is in docs/formato-de-inicio.md."""
COVER, OWED, PEOPLE, KEYS = "Portada", "Lo que se espera", "Quién firma", "_peti"
PURPOSE = "Archivo de inicio del PETI"

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A signer of the dependencia as the file shows it to people, in words."""

    nombre: str
    cargo: str
    fingerprint: str
    since: str
    state: str


@dataclass(frozen=True, slots=True)
class Starter:
    """What a starter file says. ``keys`` without certificates: no key of the dependencia was confirmed yet.

    ``number`` and ``previous`` are the office's counter of signed files and the hash of the one before; 0 and empty in
    format 1. ``more`` are hidden sheets of texts by name, each name beginning with «_»: what a later version tells.
    """

    entidad: str
    dependencia: str
    vigencia: int
    metodo: str
    due: Mapping[str, date]
    keys: KeysTold
    number: int = 0
    previous: str = ""
    more: Mapping[str, Rows] = field(default_factory=dict)

    @property
    def authority(self) -> bytes:
        """The office's authority (DER)."""
        return self.keys.authority

    @property
    def authority_fingerprint(self) -> str:
        """What is compared with the paper the first time an authority is met."""
        return keys.fingerprint(_public_key(self.authority))


def file_name(vigencia: int, dependencia: str) -> str:
    """2026_SALUD_inicio.xlsx."""
    return f"{vigencia}_{dependencia}_inicio.xlsx"


def write(ws: Workspace, dependencia: str, office: Signer, folder: Path, *, certificate: bytes = b"") -> Path:
    """Write a starter file that tells one certificate and no list. ``peti_desktop.office.starting`` tells all.

    Raises UserError.
    """
    with ws.read() as connection:
        told = KeysTold(space.authorities(connection)[0], (certificate,) if certificate else ())
    path = folder / file_name(ws.info.vigencia, dependencia)
    replace_file(path, signed(ws, compose(ws, dependencia, told), (), office))
    return path


def compose(ws: Workspace, dependencia: str, told: KeysTold) -> Starter:
    """What the office has to say to a dependencia now, without number and more."""
    info = ws.info
    with ws.read() as connection:
        owed = [r for r in space.deadlines(connection, info.vigencia) if r["dependencia"] == dependencia]
    due = {row["seccion"]: row["vence"] for row in owed}
    return Starter(info.entidad, dependencia, info.vigencia, info.metodo, due, told)


def signed(ws: Workspace, starter: Starter, people: Sequence[Person], office: Signer) -> bytes:
    """The file's bytes, signed by the office. Raises UserError when its certificate does not hold now."""
    return signature.sign(_workbook(ws, starter, people), office, purpose(starter.vigencia), ws.clock())


def _workbook(ws: Workspace, starter: Starter, people: Sequence[Person]) -> bytes:
    book = sheets.new_workbook()
    unit = ws.catalogues.label("dependencia", starter.dependencia)
    _lines(
        book.create_sheet(COVER),
        f"Archivo de inicio · {unit} · Vigencia {starter.vigencia}",
        _cover_lines(ws, starter, unit),
    )
    _lines(
        book.create_sheet(OWED),
        "Lo que se espera y hasta cuándo",
        [(name, TYPES[name].title, spoken_date(day)) for name, day in starter.due.items()],
        extra=[day.isoformat() for day in starter.due.values()],
    )
    if people:
        _people(book.create_sheet(PEOPLE), unit, people)
    hidden = book.create_sheet(KEYS)
    hidden.sheet_state = "veryHidden"
    _lines(hidden, "Certificados", [(name, "", text) for name, text in keys_told.lines(starter.keys)])
    for name, texts in starter.more.items():
        sheet = book.create_sheet(name)
        sheet.sheet_state = "veryHidden"
        for row in texts:
            sheet.append([sheets.text_cell(sheet, text) for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _cover_lines(ws: Workspace, starter: Starter, unit: str) -> list[tuple[str, str, str]]:
    subprocesos = ws.catalogues.subprocesos_of(starter.dependencia)
    answers = "; ".join(ws.catalogues.label("subproceso", code) for code in subprocesos)
    return [
        ("entidad", "Entidad", starter.entidad),
        ("dependencia", "Código de la dependencia", starter.dependencia),
        ("dependencia_nombre", "Dependencia", unit),
        ("vigencia", "Vigencia", str(starter.vigencia)),
        ("metodo", "Versión del método", starter.metodo),
        ("subprocesos", "Subprocesos de los que responde", answers or "Ninguno en el mapa de procesos"),
        ("huella", "Huella de la Oficina TIC", starter.authority_fingerprint),
        ("contador", "Número en el registro de la oficina", str(starter.number or "")),
        ("previo", "Huella del archivo anterior de la oficina", starter.previous),
        ("formato", "Formato del archivo", str(FORMAT)),
    ]


def _people(sheet: Sheet, unit: str, people: Sequence[Person]) -> None:
    """Who may sign for the dependencia, to read and to print; the program reads the hidden sheet."""
    for letter, width in zip("ABCDE", (32, 32, 30, 16, 22), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.orientation = "landscape"
    head = sheets.text_cell(sheet, f"Quién firma por {unit}")
    head.font = sheets.TITLE
    sheet.append([head])
    labels = ("Nombre", "Cargo", "Huella de su clave", "Desde", "Estado")
    sheet.append([sheets.heading_cell(sheet, text) for text in labels])
    for person in people:
        texts = (person.nombre, person.cargo, person.fingerprint, person.since, person.state)
        sheet.append([sheets.text_cell(sheet, text) for text in texts])


def _lines(sheet: Sheet, title: str, lines: Sequence[tuple[str, str, str]], extra: Sequence[str] = ()) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 34, 70
    sheet.column_dimensions["D"].hidden = True
    sheet.sheet_view.showGridLines = False
    head = sheets.text_cell(sheet, title)
    head.font = sheets.TITLE
    sheet.append([None, head])
    sheet.append([])
    for position, (name, label, text) in enumerate(lines):
        said, value = sheets.text_cell(sheet, label), sheets.text_cell(sheet, text)
        said.font = Font(bold=True, color="5B6670")
        value.alignment = sheets.WRAPPED
        more = [sheets.text_cell(sheet, extra[position])] if extra else []
        sheet.append([sheets.text_cell(sheet, name), said, value, *more])


def read(path: Path, at: datetime) -> Starter:
    """A starter file that the office signed as one, with a signature that is good under the authority it names.

    Every dependencia has a certificate of that authority, so a good signature alone does not prove that the office
    speaks. Whether the authority is the right one is for the paper (or the store) to say. Raises UserError.
    """
    data = read_limited(path, MAX_FILE_BYTES)
    found = signature.verify(data, Trust(), at)
    if found.parts is None:
        raise UserError(found.reasons[0].sentence, "Pida de nuevo el archivo de inicio a la Oficina TIC.")
    try:
        starter = _starter(found.parts)
        trust = Trust(authorities=(x509.load_der_x509_certificate(starter.authority),))
    except (Unreadable, KeyError, ValueError, TypeError, ProfileError) as error:
        raise UserError(
            f"«{path.name}» no es un archivo de inicio.", "Escoja el archivo terminado en «_inicio.xlsx»."
        ) from error
    checked = signature.verify(data, trust, at)
    if checked.status not in {Status.VALIDA, Status.CON_AVISOS}:
        raise UserError(checked.reasons[0].sentence, "Pida de nuevo el archivo de inicio a la Oficina TIC.")
    _refuse_forged(path.name, checked, starter.vigencia)
    return starter


def _refuse_forged(name: str, checked: Verification, vigencia: int) -> None:
    assert checked.signer is not None
    if checked.signer.dependencia != OFFICE_CODE:
        raise UserError(
            f"«{name}» no lo firmó la Oficina TIC sino {checked.signer.dependencia_nombre}.",
            "No lo use: pida el archivo de inicio a la Oficina TIC y cuéntele lo que pasó.",
        )
    if checked.comment != purpose(vigencia):
        raise UserError(
            f"«{name}» lo firmó la Oficina TIC, pero no como archivo de inicio.",
            "No lo use: pida el archivo de inicio a la Oficina TIC.",
        )


def purpose(vigencia: int) -> str:
    """What the office says in the signature that it signs."""
    return f"{PURPOSE} {vigencia}"


def _starter(parts: Mapping[str, bytes]) -> Starter:
    names = sheet_parts(parts)

    def said(sheet: str, column: int) -> dict[str, str]:
        return {r.cells[0]: r.cells.get(column, "") for r in rows(parts[names[sheet]]) if 0 in r.cells}

    cover = said(COVER, 2)
    if int(cover.get("formato", "1")) > FORMAT:
        raise UserError("El archivo de inicio lo hizo una versión más nueva del programa.", "Actualice Peti Desktop.")
    return Starter(
        entidad=cover["entidad"],
        dependencia=cover["dependencia"],
        vigencia=int(cover["vigencia"]),
        metodo=cover["metodo"],
        due={name: date.fromisoformat(day) for name, day in said(OWED, 3).items()},
        keys=keys_told.from_lines(said(KEYS, 2)),
        number=int(cover.get("contador") or 0),
        previous=cover.get("previo", ""),
        more={name: _texts(parts[part]) for name, part in names.items() if name.startswith("_") and name != KEYS},
    )


def _texts(part: bytes) -> Rows:
    """Every row of a sheet, its blanks as empty texts."""
    found = rows(part)
    return tuple(tuple(r.cells.get(column, "") for column in range(max(r.cells) + 1)) for r in found)


def is_known(ws: Workspace, starter: Starter) -> bool:
    """Whether this store already trusts the authority of the file, or the one it trusts says to."""
    return keys_told.is_known(ws, starter.keys)


def refuse(ws: Workspace, starter: Starter, unit: str = "") -> None:
    """Raise UserError for a file that ``apply`` would not take: another's, an older one, a stranger's.

    ``unit`` is whose file it must be, the store's own dependencia without one.
    """
    if starter.dependencia != (unit or ws.info.dependencia):
        after = travelling.lists_of(ws, starter.more, starter.metodo)
        raise UserError(
            f"El archivo de inicio es de {after.label('dependencia', starter.dependencia)}.",
            f"Pida a la Oficina TIC el de {ws.info.dependencia_nombre}.",
        )
    if starter.vigencia != ws.info.vigencia:
        later = starter.vigencia > ws.info.vigencia
        raise UserError(
            f"El archivo de inicio es de la vigencia {starter.vigencia} y aquí se trabaja la {ws.info.vigencia}.",
            f"Empiece primero la vigencia {starter.vigencia} en «Copias y cambio de equipo» y ábralo otra vez."
            if later
            else "Pida a la Oficina TIC el de esta vigencia.",
        )
    keys_told.refuse_stranger(ws, starter.keys)
    if keys_told.is_older(ws, starter.keys):
        raise UserError(
            "Este archivo de inicio es anterior al último que se recibió aquí.",
            "Use el más reciente: este ya no dice qué claves valen.",
        )
    method_table(starter.metodo)
    lists = travelling.told(starter.more)
    if lists is not None:
        travelling.refuse(ws, lists, starter.metodo)


def apply(ws: Workspace, starter: Starter) -> str:
    """Let a dependencia's store learn what the starter file says; gives a sentence about the lists, if there is one.

    Raises UserError for another dependencia's file, another vigencia's, an authority other than the one known, a file
    older than the newest one that was taken, and lists that do not fit together.
    """
    refuse(ws, starter)
    lists = travelling.told(starter.more)
    keys_told.learn(ws, starter.keys)
    with ws.write() as connection:
        rows_due = [
            {"dependencia": starter.dependencia, "seccion": name, "vence": day} for name, day in starter.due.items()
        ]
        space.set_deadlines(connection, starter.vigencia, rows_due)
        said = travelling.take(ws, connection, lists) if lists else ""
    due = {"vence": min(starter.due.values()).isoformat()} if starter.due else {}
    ws.set_settings({"metodo": starter.metodo} | due)
    ws.reread_catalogues()
    return said


def _public_key(der: bytes) -> RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, RSAPublicKey)
    return key

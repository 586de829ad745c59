"""The starter file: what the office tells a dependencia at the beginning of a vigencia, signed.

A workbook like any other of ours: what is owed and until when, the processes it answers for, the office's authority,
and the dependencia's own certificate once its key is confirmed.
"""

import base64
import binascii
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from openpyxl.styles import Font

from db.queries import space
from peti_desktop import sheets
from peti_desktop.delivery.cells import Unreadable, rows, sheet_parts
from peti_desktop.delivery.signing_key import CERTIFICATE
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
from peti_desktop.workspace import Workspace

FORMAT = 1
COVER, OWED, KEYS = "Portada", "Lo que se espera", "_peti"
PURPOSE = "Archivo de inicio del PETI"


@dataclass(frozen=True, slots=True)
class Starter:
    """What a starter file says. ``certificate`` is empty until the dependencia's key was confirmed."""

    entidad: str
    dependencia: str
    vigencia: int
    metodo: str
    due: Mapping[str, date]
    authority: bytes
    certificate: bytes

    @property
    def authority_fingerprint(self) -> str:
        """What is compared with the paper the first time an authority is met."""
        return keys.fingerprint(_public_key(self.authority))


def file_name(vigencia: int, dependencia: str) -> str:
    """2026_SALUD_inicio.xlsx."""
    return f"{vigencia}_{dependencia}_inicio.xlsx"


def write(ws: Workspace, dependencia: str, office: Signer, folder: Path, *, certificate: bytes = b"") -> Path:
    """Write the starter file of a dependencia into ``folder``, signed by the office. Raises UserError."""
    info = ws.info
    with ws.read() as connection:
        owed = [r for r in space.deadlines(connection, info.vigencia) if r["dependencia"] == dependencia]
        authority = space.authorities(connection)[0]
    starter = Starter(
        entidad=info.entidad,
        dependencia=dependencia,
        vigencia=info.vigencia,
        metodo=info.metodo,
        due={row["seccion"]: row["vence"] for row in owed},
        authority=authority,
        certificate=certificate,
    )
    data = signature.sign(_workbook(ws, starter), office, purpose(info.vigencia), ws.clock())
    path = folder / file_name(info.vigencia, dependencia)
    replace_file(path, data)
    return path


def _workbook(ws: Workspace, starter: Starter) -> bytes:
    book = sheets.new_workbook()
    unit = ws.catalogues.label("dependencia", starter.dependencia)
    subprocesos = ws.catalogues.subprocesos_of(starter.dependencia)
    answers = "; ".join(ws.catalogues.label("subproceso", code) for code in subprocesos)
    _lines(
        book.create_sheet(COVER),
        f"Archivo de inicio · {unit} · Vigencia {starter.vigencia}",
        [
            ("entidad", "Entidad", starter.entidad),
            ("dependencia", "Código de la dependencia", starter.dependencia),
            ("dependencia_nombre", "Dependencia", unit),
            ("vigencia", "Vigencia", str(starter.vigencia)),
            ("metodo", "Versión del método", starter.metodo),
            ("subprocesos", "Subprocesos de los que responde", answers or "Ninguno en el mapa de procesos"),
            ("huella", "Huella de la Oficina TIC", starter.authority_fingerprint),
            ("formato", "Formato del archivo", str(FORMAT)),
        ],
    )
    _lines(
        book.create_sheet(OWED),
        "Lo que se espera y hasta cuándo",
        [(name, TYPES[name].title, spoken_date(day)) for name, day in starter.due.items()],
        extra=[day.isoformat() for day in starter.due.values()],
    )
    hidden = book.create_sheet(KEYS)
    hidden.sheet_state = "veryHidden"
    _lines(
        hidden,
        "Certificados",
        [
            ("autoridad", "", base64.b64encode(starter.authority).decode("ascii")),
            ("certificado", "", base64.b64encode(starter.certificate).decode("ascii")),
        ],
    )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


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
    except (Unreadable, KeyError, ValueError, binascii.Error, ProfileError) as error:
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

    cover, hidden = said(COVER, 2), said(KEYS, 2)
    return Starter(
        entidad=cover["entidad"],
        dependencia=cover["dependencia"],
        vigencia=int(cover["vigencia"]),
        metodo=cover["metodo"],
        due={name: date.fromisoformat(day) for name, day in said(OWED, 3).items()},
        authority=base64.b64decode(hidden["autoridad"], validate=True),
        certificate=base64.b64decode(hidden.get("certificado", ""), validate=True),
    )


def is_known(ws: Workspace, starter: Starter) -> bool:
    """Whether this store already trusts the authority of the file."""
    with ws.read() as connection:
        return starter.authority in space.authorities(connection)


def apply(ws: Workspace, starter: Starter) -> None:
    """Let a dependencia's store learn what the starter file says.

    Raises UserError for another dependencia's file, another vigencia's, or an authority other than the one known.
    """
    if starter.dependencia != ws.info.dependencia:
        raise UserError(
            f"El archivo de inicio es de {ws.catalogues.label('dependencia', starter.dependencia)}.",
            f"Pida a la Oficina TIC el de {ws.info.dependencia_nombre}.",
        )
    if starter.vigencia != ws.info.vigencia:
        raise UserError(
            f"El archivo de inicio es de la vigencia {starter.vigencia} y aquí se trabaja la {ws.info.vigencia}.",
            "Pida a la Oficina TIC el de esta vigencia.",
        )
    with ws.read() as connection:
        known = space.authorities(connection)
    if known and starter.authority not in known:
        raise UserError(
            "El archivo de inicio lo firma una Oficina TIC distinta de la que este equipo conoce.",
            "No lo use todavía: llame a la Oficina TIC y compare la huella.",
        )
    with ws.write() as connection:
        space.add_authority(connection, keys.key_id(_public_key(starter.authority)), starter.authority, ws.clock())
        rows_due = [
            {"dependencia": starter.dependencia, "seccion": name, "vence": day} for name, day in starter.due.items()
        ]
        space.set_deadlines(connection, starter.vigencia, rows_due)
    told = {CERTIFICATE: base64.b64encode(starter.certificate).decode("ascii")} if starter.certificate else {}
    due = {"vence": min(starter.due.values()).isoformat()} if starter.due else {}
    ws.set_settings(told | due)


def _public_key(der: bytes) -> RSAPublicKey:
    key = x509.load_der_x509_certificate(der).public_key()
    assert isinstance(key, RSAPublicKey)
    return key

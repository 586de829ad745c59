"""«Solicitud de firma»: a clerk's new key on its own, to be confirmed before the first delivery.

A workbook signed with that very key, which proves who holds it. The office takes nothing from its cells: they are for
people, to print it and to compare the fingerprint.
"""

import io
import re
import unicodedata
from pathlib import Path

from openpyxl.styles import Font

from peti_desktop import sheets
from peti_desktop.files import replace_file
from peti_desktop.moments import spoken_moment
from peti_desktop.trust import certificates, signature
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace

FORMAT = 1
PURPOSE = "Solicitud de firma del PETI"
COVER = "Solicitud de firma"
_LABEL = Font(name="Calibri", bold=True, color="5B6670")
_FINGERPRINT = Font(name="Calibri", bold=True, size=18)


def file_name(dependencia: str, nombre: str) -> str:
    """SALUD_solicitud-de-firma_ana-nunez.xlsx."""
    plain = unicodedata.normalize("NFKD", nombre.casefold()).encode("ascii", "ignore").decode("ascii")
    slug = "-".join(re.findall(r"[a-z0-9]+", plain))[:40] or "firmante"
    return f"{dependencia}_solicitud-de-firma_{slug}.xlsx"


def write(ws: Workspace, signer: Signer, folder: Path) -> Path:
    """Write the request for the signer's key into ``folder``. Raises UserError when it cannot be written."""
    nombre, cargo = certificates.person(signer.certificate)
    code, when = certificates.dependencia(signer.certificate), ws.clock()
    lines = [
        ("entidad", "Entidad", ws.info.entidad),
        ("dependencia", "Código de la dependencia", code),
        ("dependencia_nombre", "Dependencia", ws.catalogues.label("dependencia", code)),
        ("nombre", "Nombre", nombre),
        ("cargo", "Cargo", cargo),
        ("creada", "Fecha de la solicitud", spoken_moment(when)),
        ("huella", "Huella de la clave", signer.fingerprint),
        ("formato", "Formato del archivo", str(FORMAT)),
    ]
    data = signature.sign(_workbook(lines), signer, f"{PURPOSE} {ws.info.vigencia}", when)
    path = folder / file_name(code, nombre)
    replace_file(path, data)
    return path


def _workbook(lines: list[tuple[str, str, str]]) -> bytes:
    book = sheets.new_workbook()
    sheet = book.create_sheet(COVER)
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width, sheet.column_dimensions["C"].width = 30, 62
    sheet.sheet_view.showGridLines = False
    head = sheets.text_cell(sheet, "Solicitud para firmar entregas del PETI")
    head.font = sheets.TITLE
    sheet.append([None, head])
    sheet.append([])
    for name, label, text in lines:
        said, value = sheets.text_cell(sheet, label), sheets.text_cell(sheet, text)
        said.font, value.alignment = _LABEL, sheets.WRAPPED
        if name == "huella":
            value.font = _FINGERPRINT
        sheet.append([sheets.text_cell(sheet, name), said, value])
    sheet.append([])
    note = sheets.text_cell(
        sheet,
        "Envíe este archivo a la Oficina TIC. Ella le pedirá leer la huella por teléfono, o la comparará con el papel "
        "firmado, y le devolverá el archivo de inicio con su certificado. No lo guarde con Excel: perdería la firma.",
    )
    note.alignment = sheets.WRAPPED
    sheet.append([None, None, note])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()

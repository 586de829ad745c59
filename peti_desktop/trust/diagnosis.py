"""Better words for a refused file: what it most probably is, told from bytes that prove nothing."""

from peti_desktop.trust import container
from peti_desktop.trust.verdict import Refusal

# A hidden sheet or defined name of a delivery begins so; both survive *Guardar* in Excel and LibreOffice.
MARK = b'name="_peti'

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\3\4"
_ENOUGH_BYTES = 256 * 1024
_PROGRAMS = {b"Microsoft Excel": "Microsoft Excel", b"LibreOffice": "LibreOffice", b"WPS": "WPS Office"}


def explained(data: bytes, refusal: Refusal) -> Refusal:
    """``refusal``, or one that says better what the person is holding."""
    if refusal.code == "muy_grande":
        return refusal
    if not data.startswith(_ZIP):
        return _not_a_zip(data, refusal)
    if refusal.code in {"incompleto", "danado"}:
        return refusal
    if b"xl/workbook.xml" not in data:
        return _another_zip(data)
    if b"_xmlsignatures/" not in data:
        return _unsigned(data)
    return refusal


def _not_a_zip(data: bytes, refusal: Refusal) -> Refusal:
    head = data[:4096]
    if not data:
        return Refusal("vacio")
    if head.startswith(_OLE2):
        return Refusal("xls_antiguo", "archivo compuesto OLE2")
    if b"PK\5\6" in data and refusal.code != "incompleto":
        return refusal  # a zip with something before it
    if b"\0" not in head or head.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        return Refusal("texto_disfrazado", f"empieza por {head[:40]!r}")
    return Refusal("no_es_libro", f"empieza por {head[:8].hex()}")


def _another_zip(data: bytes) -> Refusal:
    if b".xlsx" in data:
        return Refusal("comprimido", "un zip que contiene .xlsx")
    return Refusal("no_es_libro", "un zip sin xl/workbook.xml")


def _unsigned(data: bytes) -> Refusal:
    """A workbook without a signature: ours and saved again, or any other."""
    about = container.peek(data, "docProps/app.xml", _ENOUGH_BYTES)
    program = next((name for mark, name in _PROGRAMS.items() if mark in about), "")
    if MARK in container.peek(data, "xl/workbook.xml", _ENOUGH_BYTES):
        return Refusal("vuelto_a_guardar", "lleva las marcas ocultas", program=program or "otro programa")
    return Refusal("sin_firma", f"guardado por {program}" if program else "")

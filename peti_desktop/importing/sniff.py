"""What a file is, by its first bytes and never by its name."""

import zipfile
from pathlib import Path

from peti_desktop.importing.grid import Limits, Refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STREAMS = tuple(name.encode("utf-16-le") + b"\0\0" for name in ("Workbook", "Book"))
_OLD_EXCEL = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def kind(path: Path, limits: Limits) -> str:
    """«xlsx», «ods», «xls» or «csv». Raises Refusal for anything else, OSError when the file cannot be read."""
    size = path.stat().st_size
    if size == 0:
        raise Refusal("empty")
    if size > limits.file:
        raise Refusal("size")
    with path.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK"):
        return _zipped(path)
    if head.startswith(OLE):
        return _compound(path)
    if head[:2] in _OLD_EXCEL and head[2:4] in {b"\x04\0", b"\x06\0", b"\x08\0", b"\x10\0"}:
        return "xls"
    _not_foreign(head)
    return "csv"


def _not_foreign(head: bytes) -> None:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1000].lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head.lower() or b"excel.sheet" in head.lower():
        raise Refusal("xml2003")
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"<body")):
        raise Refusal("html")
    if start.startswith(b"<"):
        raise Refusal("html" if b"<table" in start or b"<html" in start else "unknown")
    if start.startswith(b"mime-version:"):
        raise Refusal("html")
    if start.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"gif8", b"rar!", b"7z\xbc", b"\xff\xd8", b"sqlite format")):
        raise Refusal("unknown")


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            declared = archive.read("mimetype")[:200].strip() if _small(archive, "mimetype") else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Refusal("damaged", str(error)) from error
    if declared.startswith(_ODS):
        return "ods"
    if any(name.startswith("xl/workbook") and name.endswith(".bin") for name in names):
        raise Refusal("xlsb")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise Refusal("unknown")


def _small(archive: zipfile.ZipFile, name: str) -> bool:
    return name in archive.namelist() and archive.getinfo(name).file_size < 4096


def _compound(path: Path) -> str:
    data = path.read_bytes()
    if _ENCRYPTED in data:
        raise Refusal("password")
    if any(name in data for name in _STREAMS):
        return "xls"
    # The list of what is inside often stands at the end: cut off, nobody can say what it was.
    raise Refusal("unknown" if "Root Entry".encode("utf-16-le") in data else "damaged")

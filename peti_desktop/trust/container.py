"""A zip reader that knows one reading of a file, or none (findings on signing, 5.2 steps 1 and 2).

Two readers must never see two files, so everything ordinary programs do not write is refused: gaps, overlaps,
data before or after, names twice, headers that disagree, encryption, zip64. Sizes are limited before inflating.
"""

import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from peti_desktop.trust.verdict import Refusal

MIB = 1024 * 1024
MAX_FILE_BYTES = 30 * MIB
MAX_PART_BYTES = 64 * MIB
MAX_TOTAL_BYTES = 128 * MIB
MAX_PARTS = 256
MAX_NAME_CHARACTERS = 100
MAX_EXTRA_BYTES = 128
MAX_PADDING_BYTES = 16 * 1024

_END = struct.Struct("<4s4H2LH")
_ROW = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END_MARK, _ROW_MARK, _LOCAL_MARK, _DESCRIPTOR_MARK = b"PK\5\6", b"PK\1\2", b"PK\3\4", b"PK\7\x08"
_STORED, _DEFLATED = 0, 8
_HAS_DESCRIPTOR = 0x0008
_ALLOWED_FLAGS = 0x0006 | _HAS_DESCRIPTOR | 0x0800  # level bits, descriptor, UTF-8 name
_NEEDED_VERSION = 20  # deflate; more would mean zip64, encryption or another method
_ALLOWED_EXTRAS = {0x000A, 0x5455, 0x5855, 0x7855, 0x7875}  # NTFS times, Unix times, Unix owners
_PADDING = 0xA220  # Excel leaves room to grow behind the first names of what it saves; we never do
_MAX_PEEKED_ROWS = 10 * MAX_PARTS  # a file may repeat the mark millions of times
_NAME = re.compile(rb"[A-Za-z0-9_\[\]-][A-Za-z0-9_\[\].-]*(?:/[A-Za-z0-9_\[\].-]+)*")


@dataclass(frozen=True)
class Entry:
    """One row of the directory; ``packed`` and ``size`` in bytes, ``header`` the local header's offset."""

    name: str
    flags: int
    method: int
    stamp: tuple[int, int]
    crc: int
    packed: int
    size: int
    header: int


def directory(data: bytes, *, padding: bool = False) -> tuple[Entry, ...]:
    """The rows of a zip's directory, names unique and sizes within limits; raises ``Refusal``.

    ``padding`` lets pass what Excel adds when it saves: for explaining a file, never for proving one.
    """
    if len(data) > MAX_FILE_BYTES:
        raise Refusal("muy_grande", f"más de {MAX_FILE_BYTES} bytes")
    start, end, count = _end_record(data)
    entries = []
    position = start
    for _ in range(count):
        entry, position = _row(data, position, end, padding=padding)
        entries.append(entry)
    if position != end:
        raise _manipulated("el directorio no llega hasta el registro final")
    if len({entry.name.casefold() for entry in entries}) != count:
        raise _manipulated("dos entradas con el mismo nombre")
    if sum(entry.size for entry in entries) > MAX_TOTAL_BYTES:
        raise Refusal("muy_grande", f"inflado pasa de {MAX_TOTAL_BYTES} bytes")
    return tuple(entries)


def inflate(data: bytes, entries: tuple[Entry, ...], *, padding: bool = False) -> dict[str, bytes]:
    """The contents of all entries, which must cover the file up to its directory without gap or overlap."""
    position = 0
    spans: dict[str, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.header):
        if entry.header != position:
            raise _manipulated(f"hueco o traslape antes de {entry.name}")
        begin = _local(data, entry, padding=padding)
        spans[entry.name] = begin
        position = begin + entry.packed + _descriptor(data, begin + entry.packed, entry)
    if position != _end_record(data)[0]:
        raise _manipulated("hueco o traslape antes del directorio")
    return {entry.name: _contents(data, spans[entry.name], entry) for entry in entries}


def zipped(parts: Mapping[str, bytes], order: tuple[str, ...], *, stored: bool = False) -> bytes:
    """A zip of ``parts``: those of ``order`` first, then by name, all with one fixed date (the zip era's first)."""
    names = [*order, *sorted(set(parts) - set(order))]
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED if stored else ZIP_DEFLATED, compresslevel=6) as archive:
        for name in names:
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system = 0  # the same bytes on every system
            info.compress_type = archive.compression
            archive.writestr(info, parts[name])
    return buffer.getvalue()


def peek(data: bytes, name: str, limit: int) -> bytes:
    """What an ordinary reader would find under ``name``, at most ``limit`` bytes, or nothing.

    For explaining a refusal in better words only; never a verified content.
    """
    wanted = name.encode("ascii")
    at = data.find(_ROW_MARK)
    for _ in range(_MAX_PEEKED_ROWS):
        if at < 0 or at + _ROW.size > len(data):
            break
        row = _ROW.unpack_from(data, at)
        if data[at + _ROW.size : at + _ROW.size + row[10]] == wanted:
            return _peek_contents(data, row[16], row[4], limit)
        at = data.find(_ROW_MARK, at + 4)
    return b""


def _peek_contents(data: bytes, header: int, method: int, limit: int) -> bytes:
    if header + _LOCAL.size > len(data):
        return b""
    local = _LOCAL.unpack_from(data, header)
    begin = header + _LOCAL.size + local[9] + local[10]
    if method == _STORED:
        return data[begin : begin + limit]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[begin:], limit)
    except zlib.error:
        return b""


def _end_record(data: bytes) -> tuple[int, int, int]:
    """Start and end of the directory, and its number of rows."""
    at = len(data) - _END.size
    if at < 0 or data[at : at + 4] != _END_MARK:
        found = data.rfind(_END_MARK)
        if found < 0 or found > at:
            raise Refusal("incompleto", "falta el registro final del zip")
        raise _manipulated("hay datos después del registro final")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if disk or first_disk or here != count or comment:
        raise _manipulated("registro final con varios discos o comentario")
    if count > MAX_PARTS:
        raise Refusal("muy_grande", f"{count} entradas; el límite es {MAX_PARTS}")
    if start + size != at:
        raise _manipulated("el directorio no toca el registro final")
    return start, at, count


def _row(data: bytes, at: int, end: int, *, padding: bool) -> tuple[Entry, int]:
    """The directory's row at ``at`` and where the next one begins."""
    if at + _ROW.size > end or data[at : at + 4] != _ROW_MARK:
        raise _manipulated("fila del directorio ilegible")
    fields = _ROW.unpack_from(data, at)
    _, _, needed, flags, method, time, date, crc, packed, size, name_size, extra_size, comment = fields[:13]
    disk, header = fields[13], fields[16]
    name_end = at + _ROW.size + name_size
    after = name_end + extra_size
    if after > end or comment or disk:
        raise _manipulated("fila del directorio con comentario o fuera de su lugar")
    name = _name(data[at + _ROW.size : name_end])
    _check_extra(data[name_end:after], name, padding=padding)
    if needed > _NEEDED_VERSION or flags & ~_ALLOWED_FLAGS or method not in {_STORED, _DEFLATED}:
        raise _manipulated(f"cifrado o método no admitido en {name}")
    if size > MAX_PART_BYTES:
        raise Refusal("muy_grande", f"{name} declara {size} bytes; el límite es {MAX_PART_BYTES}")
    return Entry(name, flags, method, (time, date), crc, packed, size, header), after


def _name(raw: bytes) -> str:
    if len(raw) > MAX_NAME_CHARACTERS or not _NAME.fullmatch(raw):
        raise _manipulated(f"nombre de entrada no admitido: {raw[:MAX_NAME_CHARACTERS]!r}")
    return raw.decode("ascii")


def _check_extra(extra: bytes, name: str, *, padding: bool) -> None:
    """Accepts extra fields of times and owners, which zip programs add; all else could change the reading."""
    at = 0
    limit = MAX_PADDING_BYTES if padding else MAX_EXTRA_BYTES
    while len(extra) <= limit and at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind not in _ALLOWED_EXTRAS and not (padding and kind == _PADDING):
            break
        at += 4 + size
    if at != len(extra):
        raise _manipulated(f"campo extra no admitido en {name}")


def _local(data: bytes, entry: Entry, *, padding: bool) -> int:
    """Where the entry's data begins; its local header must say what the directory says."""
    if entry.header + _LOCAL.size > len(data):
        raise _manipulated(f"encabezado de {entry.name} fuera del archivo")
    fields = _LOCAL.unpack_from(data, entry.header)
    mark, needed, flags, method, time, date, crc, packed, size, name_size, extra_size = fields
    begin = entry.header + _LOCAL.size + name_size
    sizes = {(entry.crc, entry.packed, entry.size)}
    if entry.flags & _HAS_DESCRIPTOR:
        sizes.add((0, 0, 0))
    same = (
        mark == _LOCAL_MARK
        and needed <= _NEEDED_VERSION
        and (flags, method, (time, date)) == (entry.flags, entry.method, entry.stamp)
        and (crc, packed, size) in sizes
        and data[begin - name_size : begin] == entry.name.encode("ascii")
    )
    if not same:
        raise _manipulated(f"el encabezado de {entry.name} contradice al directorio")
    _check_extra(data[begin : begin + extra_size], entry.name, padding=padding)
    return int(begin + extra_size)


def _descriptor(data: bytes, at: int, entry: Entry) -> int:
    """Bytes of the data descriptor after the entry's data, 0 when it has none."""
    if not entry.flags & _HAS_DESCRIPTOR:
        return 0
    facts = struct.pack("<3L", entry.crc, entry.packed, entry.size)
    if data[at : at + 16] == _DESCRIPTOR_MARK + facts:
        return 16
    if data[at : at + 12] == facts:
        return 12
    raise _manipulated(f"el descriptor de {entry.name} contradice al directorio")


def _contents(data: bytes, begin: int, entry: Entry) -> bytes:
    raw = data[begin : begin + entry.packed]
    contents = raw if entry.method == _STORED else _inflated(raw, entry)
    if len(contents) != entry.size or zlib.crc32(contents) != entry.crc:
        raise Refusal("danado", f"{entry.name}: tamaño o suma de control no coinciden")
    return contents


def _inflated(raw: bytes, entry: Entry) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        contents = inflater.decompress(raw, entry.size + 1)  # one more, so that a longer stream shows
    except zlib.error as error:
        raise Refusal("danado", f"{entry.name}: {error}") from error
    if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
        raise Refusal("danado", f"{entry.name}: los datos no terminan donde dicen")
    return contents


def _manipulated(detail: str) -> Refusal:
    return Refusal("zip_manipulado", detail)

"""The firmware's tables (DMTF DSP0134): maker, product, serial, shape of the case and memory modules.

Windows gives them to every program (``GetSystemFirmwareTable``), so no administrator and no child process is needed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from peti_desktop.thispc.collected import Machine

SYSTEM, CHASSIS, MEMORY, END = 1, 3, 17, 127
_MOST = 5_000
_LOCKED = 0x80
"""A bit of the chassis type that says there is a lock."""


@dataclass(frozen=True, slots=True)
class _Structure:
    """One structure: its type, its bytes from the header on, and its strings."""

    kind: int
    data: bytes
    strings: tuple[str, ...]

    def text(self, offset: int) -> str:
        """The string whose number stands at ``offset``; empty when there is none."""
        number = self.data[offset] if offset < len(self.data) else 0
        return self.strings[number - 1] if 0 < number <= len(self.strings) else ""

    def word(self, offset: int, size: int = 2) -> int:
        """The number of ``size`` bytes at ``offset``; 0 past the end."""
        return int.from_bytes(self.data[offset : offset + size], "little") if offset + size <= len(self.data) else 0


def machine(table: bytes) -> Machine:
    """What the structures of a table say. A table that breaks off tells what came before."""
    found = Machine()
    serial, memory = "", 0
    for part in _structures(table):
        if part.kind == SYSTEM and not found.maker:
            found = Machine(part.text(0x04), part.text(0x05), part.text(0x06), part.text(0x07), found.chassis)
        elif part.kind == CHASSIS and not found.chassis and len(part.data) > 5:
            chassis = part.data[5] & ~_LOCKED
            found = Machine(found.maker, found.product, found.version, found.serial, chassis)
            serial = part.text(0x07)
        elif part.kind == MEMORY:
            memory += _module(part)
    return Machine(found.maker, found.product, found.version, found.serial or serial, found.chassis, memory)


def _module(part: _Structure) -> int:
    """The bytes of one memory module; an empty slot has none."""
    size = part.word(0x0C)
    if size in {0, 0xFFFF}:
        return 0
    if size == 0x7FFF:  # too large for the old field: megabytes in the new one
        return (part.word(0x1C, 4) & 0x7FFF_FFFF) * 2**20
    return (size & 0x7FFF) * (2**10 if size & 0x8000 else 2**20)


def _structures(table: bytes) -> Iterator[_Structure]:
    at = 0
    for _ in range(_MOST):
        if at + 4 > len(table):
            return
        kind, length = table[at], table[at + 1]
        end = table.find(b"\0\0", at + length)
        if length < 4 or end < 0:
            return
        texts = table[at + length : end].split(b"\0")
        strings = tuple(text.decode("latin-1").strip() for text in texts)
        yield _Structure(kind, table[at : at + length], strings)
        if kind == END:
            return
        at = end + 2


def raw_windows(answer: bytes) -> bytes:
    """The table within the answer of ``GetSystemFirmwareTable("RSMB")``: a header of eight bytes, then the table."""
    length = int.from_bytes(answer[4:8], "little")
    return answer[8 : 8 + length]

"""What a delivery costs to write, sign, verify and read, against merely inflating and hashing the same bytes.

Ratios are what to compare: the milliseconds depend on the machine and on what else it does.
"""

import hashlib
import io
import statistics
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from peti_desktop import catalogues
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import reading, workbook
from peti_desktop.delivery.envelope import Envelope
from peti_desktop.records import EQUIPO, TYPES, Kind
from peti_desktop.records.fields import Field, Value
from peti_desktop.records.record import Record
from peti_desktop.trust import keys, signature

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SIZES = (200, 5000)
REPEATS = 5

Result = TypeVar("Result")


def main() -> None:
    """Print the table for docs/benchmarks.md."""
    known = catalogues.load()
    identity = keys.Identity("TIC", "Oficina TIC", "Ana Pérez", "Profesional", "Alcaldía de San José de Cúcuta")
    signer = keys.make_signer(identity, NOW)
    trust = signature.Trust(confirmed={keys.key_id(signer.key.public_key()): "TIC"})
    print("| filas | KiB | escribir | firmar | inflar y SHA-256 | verificar | leer celdas | verificar / inflar |")
    print("|---|---|---|---|---|---|---|---|")
    for size in SIZES:
        print(_row(size, known, signer, trust))


def _row(size: int, known: Catalogues, signer: keys.Signer, trust: signature.Trust) -> str:
    """A line of the table: medians for a delivery of ``size`` devices."""
    everything = {name: [_record(n, known) for n in range(size)] if name == "equipo" else [] for name in TYPES}
    plain, writing = _timed(partial(workbook.write, _envelope(size), everything, known), 1)
    signed, signing = _timed(partial(signature.sign, plain, signer, "Entrega de prueba", NOW), 1)
    _, inflating = _timed(partial(_inflate_and_hash, signed))
    verdict, verifying = _timed(partial(signature.verify, signed, trust, NOW))
    if verdict.parts is None:
        raise SystemExit(f"{size}: {verdict.status} {verdict.reasons}")
    _, taking = _timed(partial(reading.read, verdict.parts, known))
    times = [f"{seconds * 1000:.0f} ms" for seconds in (writing, signing, inflating, verifying, taking)]
    return f"| {size} | {len(signed) // 1024} | {' | '.join(times)} | {verifying / inflating:.1f} |"


def _timed(act: Callable[[], Result], repeats: int = REPEATS) -> tuple[Result, float]:
    """The last result of ``act`` and the median of its seconds."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = act()
        seconds.append(time.perf_counter() - began)
    return result, statistics.median(seconds)


def _inflate_and_hash(data: bytes) -> str:
    whole = hashlib.sha256()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            whole.update(hashlib.sha256(archive.read(name)).digest())
    return whole.hexdigest()


def _record(number: int, known: Catalogues) -> Record:
    values = {field.name: _value(field, number, known) for field in EQUIPO.fields}
    return Record(
        "equipo", f"00000000-0000-7000-8000-{number:012}", "TIC", 1, values, example=True, retired=None,
        created_at=NOW, created_by="", changed_at=NOW, changed_by="", origin=None, drafts={},
    )  # fmt: skip


def _value(field: Field, number: int, known: Catalogues) -> Value:
    match field.kind:
        case Kind.TEXT | Kind.NOTE:
            return f"{field.label} {number}"
        case Kind.INTEGER:
            return field.least or 1
        case Kind.CHOICE:
            entries = known.entries(field.catalogue)
            return entries[number % len(entries)].code
        case _:
            return None


def _envelope(count: int) -> Envelope:
    return Envelope(
        "Alcaldía de San José de Cúcuta", "TIC", 2026, 1, "v7", "1", NOW, "Ana Pérez", "Profesional",
        {name: count if name == "equipo" else 0 for name in TYPES}, "AAAA-BBBB", "0",
    )  # fmt: skip

"""What a delivery costs to write, sign, verify and read, against merely inflating and hashing the same bytes.

Ratios are what to compare: the milliseconds depend on the machine and on what else it does.
"""

import hashlib
import io
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import openpyxl

from bench import poi
from peti_desktop import catalogues
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import reading, seal, workbook
from peti_desktop.delivery.envelope import Envelope
from peti_desktop.intake import explain
from peti_desktop.records import EQUIPO, TYPES, Kind
from peti_desktop.records.fields import Field, Value
from peti_desktop.records.record import Record
from peti_desktop.trust import keys, signature

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
SIZES = (200, 5000)
REPEATS, VERIFICATIONS = 5, 60

Result = TypeVar("Result")


def main() -> None:
    """Print the tables for docs/benchmarks.md."""
    known = catalogues.load()
    identity = keys.Identity("TIC", "Oficina TIC", "Ana Pérez", "Profesional", "Alcaldía de San José de Cúcuta")
    signer = keys.make_signer(identity, NOW)
    trust = signature.Trust(confirmed={keys.key_id(signer.key.public_key()): "TIC"})
    files = [_made(size, known, signer) for size in SIZES]
    print("| filas | KiB | escribir | sellar | firmar | leer celdas | explicar, vuelto a guardar |")
    print("|---|---|---|---|---|---|---|")
    for size, made in zip(SIZES, files, strict=True):
        costs = f"{_cost_of_making(made)} | {_cost_of_reading(made, trust, known)}"
        print(f"| {size} | {len(made.signed) // 1024} | {costs} |")
    print()
    print("| filas | inflar y SHA-256 | verificar | verificar / inflar | Apache POI | POI / verificar |")
    print("|---|---|---|---|---|---|")
    for size, made, theirs in zip(SIZES, files, _poi(files), strict=True):
        _, inflating = _timed(partial(_inflate_and_hash, made.signed), VERIFICATIONS)
        _, verifying = _timed(partial(signature.verify, made.signed, trust, NOW), VERIFICATIONS)
        ours = f"{_ms(inflating)} | {_ms(verifying)} | {verifying / inflating:.1f}"
        print(
            f"| {size} | {ours} | {_ms(theirs)} | {theirs / verifying:.1f} |"
            if theirs
            else f"| {size} | {ours} | – | – |"
        )


@dataclass(frozen=True)
class Made:
    """A delivery of many devices, the same saved again by another program, and what making it took, in seconds."""

    signed: bytes
    again: bytes
    writing: float
    sealing: float
    signing: float


def _made(size: int, known: Catalogues, signer: keys.Signer) -> Made:
    everything = {name: [_record(n, known) for n in range(size)] if name == "equipo" else [] for name in TYPES}
    envelope = _envelope(size)
    cover = {name: text for name, _, text in workbook.cover_rows(envelope, known)}
    hidden, sealing = _timed(partial(seal.rows_of, cover, everything, signer, NOW))
    plain, writing = _timed(partial(workbook.write, envelope, everything, known, seal=hidden), 1)
    signed, signing = _timed(partial(signature.sign, plain, signer, "Entrega de prueba", NOW), 1)
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(signed)).save(buffer)
    return Made(signed, buffer.getvalue(), writing, sealing, signing)


def _cost_of_making(made: Made) -> str:
    return " | ".join(_ms(seconds) for seconds in (made.writing, made.sealing, made.signing))


def _cost_of_reading(made: Made, trust: signature.Trust, known: Catalogues) -> str:
    verdict = signature.verify(made.signed, trust, NOW)
    if verdict.parts is None:
        raise SystemExit(f"{verdict.status} {verdict.reasons}")
    _, reads = _timed(partial(reading.read, verdict.parts, known))
    refusal = signature.verify(made.again, trust, NOW).reasons[0]
    explanation, explains = _timed(partial(explain.explained, made.again, refusal, trust, NOW, known))
    if explanation is None or explanation.delivery is None:
        raise SystemExit(f"{explanation}")
    return f"{_ms(reads)} | {_ms(explains)}"


def _poi(files: list[Made]) -> Sequence[float | None]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.xlsx" for number in range(len(files))]
        for path, made in zip(paths, files, strict=True):
            path.write_bytes(made.signed)
        return poi.warm(paths) or [None] * len(files)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.02 else f"{seconds * 1000:.0f} ms"


def _timed(act: Callable[[], Result], repeats: int = REPEATS) -> tuple[Result, float]:
    """The last result of ``act`` and the best of its seconds: what else a machine does only ever adds."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = act()
        seconds.append(time.perf_counter() - began)
    return result, min(seconds)


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

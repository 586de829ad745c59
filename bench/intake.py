"""What taking in many small deliveries costs, for one number of them and for ten times as many, against the floor.

The floor is what anybody pays, in the same run: inflate and hash each file with ``zipfile`` and ``hashlib``, parse the
cells of its sheets once with the standard library's ElementTree, and insert all that the intake left with the driver's
``executemany`` in one transaction. It proves nothing, compares nothing and checks no rule. Nothing may be quadratic:
the ratio to it stays. Seconds of the processor (CPU) leave out what else the machine does.

``PETI_BENCH_INTAKE`` says how many («300 1500», which is the usual). What was made and
measured stays in ``build/bench-intake`` and is not made again: a run that was cut off goes on where it was.
"""

import hashlib
import io
import json
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from cryptography.hazmat.primitives.serialization import Encoding

from bench.exchange import _envelope, _record
from bench.store import INTAKE, _insert, _raw
from db.queries import space
from peti_desktop import catalogues
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import workbook
from peti_desktop.delivery.envelope import code_of
from peti_desktop.intake import apply, inbox
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from peti_desktop.trust import authority, keys, signature
from peti_desktop.workspace import Workspace

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ROWS = 5
"""Devices in a delivery; in each delivery of a dependencia one of them says something else."""
FOLDER = Path("build/bench-intake")
ENTITY = "Alcaldía de San José de Cúcuta"


def main() -> None:
    """Print the table for docs/benchmarks.md."""
    sizes = [int(text) for text in os.environ.get("PETI_BENCH_INTAKE", "300 1500").split()]
    FOLDER.mkdir(parents=True, exist_ok=True)
    root, signers = _signers()
    print("| entregas | recibir | aceptar | las dos | CPU | suelo | CPU del suelo | CPU / suelo |")
    print("|---|---|---|---|---|---|---|---|")
    for size in sizes:
        kept = FOLDER / f"{size}.json"
        if not kept.exists():
            paths = _files(size, signers)
            kept.write_text(json.dumps(_measured(size, paths, root)), encoding="utf-8")
        print(_row(size, json.loads(kept.read_text(encoding="utf-8"))))


def _row(size: int, seconds: dict[str, float]) -> str:
    both, cpu = (seconds[f"recibir{kind}"] + seconds[f"aceptar{kind}"] for kind in ("", " cpu"))
    floor, least = (seconds[f"leer{kind}"] + seconds[f"insertar{kind}"] for kind in ("", " cpu"))
    speeds = " | ".join(f"{size / each:,.0f}/s" for each in (seconds["recibir"], seconds["aceptar"], both))
    return f"| {size:,} | {speeds} | {cpu:.1f} s | {size / floor:,.0f}/s | {least:.1f} s | {cpu / least:.1f} |"


def _signers() -> tuple[keys.Signer, list[keys.Signer]]:
    """The authority, and a signer for each dependencia over one key; the two keys are kept from run to run."""
    root = _kept("autoridad", lambda: authority.make_authority(ENTITY, NOW))
    shared = _kept("firmante", lambda: keys.make_signer(_identity("TIC", "Oficina TIC"), NOW))
    units = catalogues.load().entries("dependencia")
    made = [(authority.issue(root, shared.key.public_key(), _identity(u.code, u.label), NOW)) for u in units]
    return root, [keys.Signer(shared.key, each, (root.certificate,)) for each in made]


def _kept(name: str, make: Callable[[], keys.Signer]) -> keys.Signer:
    path = FOLDER / f"{name}.p12"
    if not path.exists():
        keys.save(make(), path, "medición")
    return keys.load(path, "medición")


def _identity(code: str, label: str) -> keys.Identity:
    return keys.Identity(code, label, "Ana Pérez", "Profesional", ENTITY)


def _files(size: int, signers: Sequence[keys.Signer]) -> list[Path]:
    """So many deliveries, in turns by dependencia, each going on from the one before; those there are stay."""
    known = catalogues.load()
    units = [entry.code for entry in known.entries("dependencia")]
    paths, before = [], dict.fromkeys(units, "")
    for made in range(size):
        place, number = made % len(units), made // len(units) + 1
        path = FOLDER / "entregas" / f"{number:04}-{units[place]}.xlsx"
        everything = {name: _devices(units[place], place, number, known) if name == "equipo" else [] for name in TYPES}
        code = code_of(2026, units[place], number, everything)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            cover = replace(_envelope(ROWS), dependencia=units[place], number=number, code=code)
            cover = replace(cover, ejemplar=f"{place:012}", linaje=(f"{place:012}",), previo=before[units[place]])
            when = NOW + timedelta(minutes=number)
            plain = workbook.write(replace(cover, made_at=when), everything, known)
            path.with_suffix(".nuevo").write_bytes(signature.sign(plain, signers[place], "Entrega de prueba", when))
            path.with_suffix(".nuevo").replace(path)
        before[units[place]] = code
        paths.append(path)
    return paths


def _devices(unit: str, place: int, number: int, known: Catalogues) -> list[Record]:
    found = []
    for row in range(ROWS):
        record = _record(place * ROWS + row, known)
        values = dict(record.values)
        if row == number % ROWS:
            values["modelo"] = f"Modelo {number}"
        found.append(replace(record, dependencia=unit, values=values))
    return found


def _measured(size: int, paths: Sequence[Path], root: keys.Signer) -> dict[str, float]:
    seconds: dict[str, float] = {}
    store = FOLDER / f"{size}.sqlite"
    for left in FOLDER.glob(f"{size}.sqlite*"):
        left.unlink()
    late = NOW + timedelta(days=30)
    with Workspace.create(
        store, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026, clock=lambda: late
    ) as ws:
        with ws.write() as connection:
            der = root.certificate.public_bytes(Encoding.DER)
            space.add_authority(connection, keys.key_id(root.key.public_key()), der, NOW)
        # As they come in a campaign: one round of all dependencias after the other.
        receipts = []
        rounds = [paths[start : start + ROUND] for start in range(0, size, ROUND)]
        for some in rounds:
            with _timed(seconds, "recibir"):
                new = inbox.receive_all(ws, some)
            with _timed(seconds, "aceptar"):
                taken = apply.accept_clean(ws, new)
            if len(taken) != len(some):
                raise SystemExit(f"{[(r.file, r.verdict, r.reasons, r.counts) for r in new if not r.clean][:3]}")
            receipts.extend(taken)
        with _timed(seconds, "leer"):
            for path in paths:
                _inflate_hash_and_parse(path)
        with ws.read() as connection:
            stored = {name: _raw(connection, name) for name in INTAKE}
        with ws.write() as connection:
            for table in INTAKE:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        with ws.write() as connection, _timed(seconds, "insertar"):
            _insert(connection, stored, {})
    return seconds


ROUND = 26 * 3
"""How many deliveries come together."""


def _inflate_hash_and_parse(path: Path) -> int:
    """How many texts there are in the sheets of a workbook."""
    data, texts = path.read_bytes(), 0
    hashlib.sha256(data).digest()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            hashlib.sha256(part).digest()
            if name.startswith("xl/worksheets/sheet"):
                cells = ElementTree.fromstring(part).iter(f"{_MAIN}c")
                texts += sum(bool("".join(cell.itertext())) for cell in cells)
    return texts


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began, worked = time.perf_counter(), time.process_time()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - began
    seconds[f"{name} cpu"] = seconds.get(f"{name} cpu", 0.0) + time.process_time() - worked

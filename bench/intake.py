"""What taking in many small deliveries costs, for one number of them and for ten times as many, against the floor.

The floor is what anybody pays, in the same run: inflate and hash each file with ``zipfile`` and ``hashlib``, parse the
cells of its sheets once with the standard library's ElementTree, and insert all that the intake left with the driver's
``executemany`` in one transaction. It proves nothing, compares nothing and checks no rule. Nothing may be quadratic:
the ratio to it stays. Seconds of the processor (CPU) leave out what else the machine does.

``PETI_BENCH_INTAKE`` says how many («300 3000», which is the usual), ``PETI_BENCH_ROWS`` how many devices each has (5).
The files stay in ``build/bench-intake`` and are not made again. Each number is measured in its own process, so that
its peak of memory is its own.
"""

import hashlib
import io
import json
import os
import subprocess
import sys
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
ROWS = int(os.environ.get("PETI_BENCH_ROWS", "5"))
"""Devices in a delivery; in each delivery of a dependencia one of them says something else."""
FOLDER = Path("build/bench-intake")
NUMBER, CODE, PREVIOUS, MOMENT = 777_777, "AAAA-AAAA", "BBBB-BBBB", datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
"""What stands in a workbook that many are made of, where each of them says something else."""
ENTITY = "Alcaldía de San José de Cúcuta"


def main() -> None:
    """Print the table for docs/benchmarks.md; with ``PETI_BENCH_ONE`` measure that number and print it as JSON."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if one := os.environ.get("PETI_BENCH_ONE"):
        root, signers = signed_by()
        print(json.dumps(_measured(int(one), files(int(one), signers), root)))
        return
    sizes = [int(text) for text in os.environ.get("PETI_BENCH_INTAKE", "300 3000").split()]
    files(max(sizes), signed_by()[1])
    print("| entregas | filas | recibir | aceptar | las dos | CPU | CPU del suelo | CPU / suelo | memoria máxima |")
    print("|---|---|---|---|---|---|---|---|---|")
    spent = []
    for size in sizes:
        environment = os.environ | {"PETI_BENCH_ONE": str(size)}
        command = [sys.executable, "-m", "bench", "intake"]
        said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        seconds = json.loads(said.splitlines()[-1])
        spent.append(_cpu(seconds))
        print(_row(size, seconds), flush=True)
    if len(sizes) > 1:
        print(f"{sizes[-1]:,} cuestan {spent[-1] / spent[0]:.1f} veces lo que {sizes[0]:,}.")


def _cpu(seconds: dict[str, float]) -> float:
    return seconds["recibir cpu"] + seconds["aceptar cpu"]


def _row(size: int, seconds: dict[str, float]) -> str:
    both, least = seconds["recibir"] + seconds["aceptar"], seconds["leer cpu"] + seconds["insertar cpu"]
    speeds = " | ".join(f"{size / each:,.0f}/s" for each in (seconds["recibir"], seconds["aceptar"], both))
    ratio, memory = _cpu(seconds) / least, f"{seconds['memoria']:.0f} MB"
    return f"| {size:,} | {ROWS} | {speeds} | {_cpu(seconds):.1f} s | {least:.1f} s | {ratio:.1f} | {memory} |"


def signed_by() -> tuple[keys.Signer, list[keys.Signer]]:
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


def files(size: int, signers: Sequence[keys.Signer]) -> list[Path]:
    """So many deliveries, in turns by dependencia, each going on from the one before; those there are stay."""
    known = catalogues.load()
    units = [entry.code for entry in known.entries("dependencia")]
    paths, before, forms = [], dict.fromkeys(units, ""), dict[tuple[str, int], bytes]()
    for made in range(size):
        place, number = made % len(units), made // len(units) + 1
        unit, turn = units[place], number % ROWS
        path = FOLDER / f"entregas-{ROWS}" / f"{number:04}-{unit}.xlsx"
        everything = {name: _devices(unit, place, number, turn, known) if name == "equipo" else [] for name in TYPES}
        code = code_of(2026, unit, number, everything)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            if (unit, turn) not in forms:
                forms[unit, turn] = _form(unit, place, turn, known)
            when = NOW + timedelta(minutes=number)
            plain = _filled(forms[unit, turn], number, code, before[unit], when)
            path.with_suffix(".nuevo").write_bytes(signature.sign(plain, signers[place], "Entrega de prueba", when))
            path.with_suffix(".nuevo").replace(path)
        before[unit] = code
        paths.append(path)
    return paths


def _form(unit: str, place: int, turn: int, known: Catalogues) -> bytes:
    """A workbook to fill in: writing one takes ten times as long as changing some texts in it."""
    everything = {name: _devices(unit, place, NUMBER, turn, known) if name == "equipo" else [] for name in TYPES}
    cover = replace(_envelope(ROWS), dependencia=unit, number=NUMBER, code=CODE, made_at=MOMENT, previo=PREVIOUS)
    return workbook.write(replace(cover, ejemplar=f"{place:012}", linaje=(f"{place:012}",)), everything, known)


def _filled(form: bytes, number: int, code: str, previous: str, when: datetime) -> bytes:
    changed = {str(NUMBER): str(number), CODE: code, PREVIOUS: previous, MOMENT.isoformat(): when.isoformat()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for before, after in changed.items():
                part = part.replace(before.encode(), after.encode())
            new.writestr(name, part)
    return made.getvalue()


def _devices(unit: str, place: int, number: int, turn: int, known: Catalogues) -> list[Record]:
    found = []
    for row in range(ROWS):
        record = _record(place * ROWS + row, known)
        values = dict(record.values)
        if row == turn:
            values["modelo"] = f"Modelo {number}"
        found.append(replace(record, dependencia=unit, values=values))
    return found


@contextmanager
def opened(name: str, root: keys.Signer) -> Iterator[Workspace]:
    """A new store of the office that trusts the authority."""
    for left in FOLDER.glob(f"{name}.sqlite*"):
        left.unlink()
    late = NOW + timedelta(days=30)
    with Workspace.create(
        FOLDER / f"{name}.sqlite",
        perfil="oficina",
        dependencia="TIC",
        nombre="Ana",
        cargo="",
        vigencia=2026,
        clock=lambda: late,
    ) as ws:
        with ws.write() as connection:
            der = root.certificate.public_bytes(Encoding.DER)
            space.add_authority(connection, keys.key_id(root.key.public_key()), der, NOW)
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")  # Linux: begin to count the peak anew
        yield ws


def _measured(size: int, paths: Sequence[Path], root: keys.Signer) -> dict[str, float]:
    seconds: dict[str, float] = {}
    with opened(f"{size}-{ROWS}", root) as ws:
        # As they come in a campaign: one round of all dependencias after the other.
        for start in range(0, size, ROUND):
            some = paths[start : start + ROUND]
            with timed(seconds, "recibir"):
                new = inbox.receive_all(ws, some)
            with timed(seconds, "aceptar"):
                taken = apply.accept_clean(ws, new)
            if len(taken) != len(some):
                raise SystemExit(f"{[(r.file, r.verdict, r.reasons, r.counts) for r in new if not r.clean][:3]}")
        seconds["memoria"] = peak()
        with timed(seconds, "leer"):
            for path in paths:
                _inflate_hash_and_parse(path)
        with ws.read() as connection:
            stored = {name: _raw(connection, name) for name in INTAKE}
        with ws.write() as connection:
            for table in INTAKE:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        with ws.write() as connection, timed(seconds, "insertar"):
            _insert(connection, stored, {})
    return seconds


ROUND = 26 * 3
"""How many deliveries come together."""


def peak() -> float:
    """The most memory this process had since its store was made, in MB: opening a key takes more than all the rest."""
    said = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(said.partition("VmHWM:")[2].split()[0]) / 1024


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
def timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    began, worked = time.perf_counter(), time.process_time()
    yield
    seconds[name] = seconds.get(name, 0.0) + time.perf_counter() - began
    seconds[f"{name} cpu"] = seconds.get(f"{name} cpu", 0.0) + time.process_time() - worked

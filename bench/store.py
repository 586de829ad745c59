"""What taking deliveries in costs on each kind of store, against merely inserting the same rows.

The server is one that is running: PETI_BENCH=postgresql://user:password@host/base names an empty database on it, which
is filled. Without it only a file is measured. Ratios are what to compare.
"""

import gc
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from bench.exchange import _envelope, _record
from db.queries import space
from peti_desktop import catalogues
from peti_desktop.delivery import workbook
from peti_desktop.intake import apply, inbox
from peti_desktop.records import TYPES
from peti_desktop.trust import authority, keys, signature
from peti_desktop.workspace import Workspace

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ROWS = 400
"""Devices in a delivery; there is one delivery for each dependencia."""

INTAKE = ("equipo", "historial", "entrega_recibida", "bitacora")


def main() -> None:
    """Print the table for docs/benchmarks.md."""
    server = os.environ.get("PETI_BENCH", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        root = _deliveries(folder / "entregas")
        print("| almacén | filas | recibir | aceptar | insertar lo mismo | aceptar / insertar | copia |")
        print("|---|---|---|---|---|---|---|")
        print(_row("SQLite", str(folder / "a.sqlite"), folder, root))
        if server:
            print(_row("PostgreSQL", server, folder, root))


def _deliveries(folder: Path) -> keys.Signer:
    """Write them; gives the authority that all their signers have a certificate of (over one key: keys are slow)."""
    folder.mkdir()
    known = catalogues.load()
    entity = "Alcaldía de San José de Cúcuta"
    root = authority.make_authority(entity, NOW)
    key = keys.make_key()
    for unit, entry in enumerate(known.entries("dependencia")):
        identity = keys.Identity(entry.code, entry.label, "Ana Pérez", "Profesional", entity)
        issued = authority.issue(root, key.public_key(), identity, NOW)
        signer = keys.Signer(key, issued, (root.certificate,))
        records = [_record(number, known) for number in range(ROWS)]
        own = [replace(r, uid=f"{unit:08}-{r.uid[9:]}", dependencia=entry.code) for r in records]
        everything = {name: own if name == "equipo" else [] for name in TYPES}
        envelope = replace(_envelope(ROWS), dependencia=entry.code)
        signed = signature.sign(workbook.write(envelope, everything, known), signer, "Entrega de prueba", NOW)
        (folder / f"{entry.code}.xlsx").write_bytes(signed)
    return root


def _row(name: str, address: str, folder: Path, root: keys.Signer) -> str:
    """A line of the table: rows a second, and what a copy of everything takes."""
    seconds: dict[str, float] = {}
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026, clock=lambda: NOW
    ) as ws:
        with ws.write() as connection:
            der = root.certificate.public_bytes(Encoding.DER)
            space.add_authority(connection, keys.key_id(root.key.public_key()), der, NOW)
        with _timed(seconds, "recibir"):
            receipts = inbox.receive_all(ws, inbox.files_in([folder / "entregas"]))
        with _timed(seconds, "aceptar"):
            for receipt in receipts:
                apply.accept(ws, receipt.sha256)
        rows = ws.counts()["equipo"]
        if rows != ROWS * len(receipts):
            raise SystemExit(f"{rows} rows: {[(r.file, r.verdict, r.reasons) for r in receipts][:2]}")
        with ws.read() as connection:
            stored = {t: _raw(connection, t) for t in INTAKE}
        with _timed(seconds, "copia"):
            ws.copy_to(folder / f"{name}.sqlite")
        with ws.write() as connection:
            for table in INTAKE:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        with ws.write() as connection:
            _insert(connection, stored, seconds)
    speeds = [f"{rows / seconds[act]:,.0f}/s" for act in ("recibir", "aceptar", "insertar")]
    ratio = seconds["aceptar"] / seconds["insertar"]
    return f"| {name} | {rows:,} | {' | '.join(speeds)} | {ratio:.1f} | {seconds['copia']:.2f} s |"


def _raw(connection: Any, table: str) -> tuple[str, list[tuple[Any, ...]]]:
    """The statement that inserts the rows of ``table`` again by the driver alone, and the rows."""
    rows = connection.exec_driver_sql(f"SELECT * FROM {table}")
    mark = "%s" if connection.dialect.name == "postgresql" else "?"
    columns = list(rows.keys())
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})", [
        *map(tuple, rows)
    ]


def _insert(connection: Any, stored: dict[str, tuple[str, list[tuple[Any, ...]]]], seconds: dict[str, float]) -> None:
    cursor = connection.connection.cursor()
    with _timed(seconds, "insertar"):
        for statement, rows in stored.values():
            cursor.executemany(statement, rows)
    cursor.close()


@contextmanager
def _timed(seconds: dict[str, float], name: str) -> Iterator[None]:
    gc.collect()
    began = time.perf_counter()
    yield
    seconds[name] = time.perf_counter() - began

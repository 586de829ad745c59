"""What looking at the matrix costs when it is large: first page, jumps, typing into the search, sorting, filtering.

PETI_BENCH_ROWS says how many rows (a million); PETI_BENCH as in ``bench.store`` measures a server too. Each figure is
the time until the rows of a screen are there, as the window asks for them; milliseconds, median and 95th percentile.
"""

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from db.queries.records import add
from peti_desktop import catalogues
from peti_desktop.matrix import PAGE, Condition, MatrixFilter, Op, Question, prepare
from peti_desktop.workspace import Workspace

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ROWS = int(os.environ.get("PETI_BENCH_ROWS", "1000000"))
AT_ONCE = 20_000
TIMES = 30
PLACES = ("Archivo", "Despacho", "Recepción", "Bodega", "Tesorería", "Almacén", "Auditorio", "Sótano", "Enfermería")
TYPED = ("le", "len", "lenovo", "lenovo t", "lenovo tesor", "sal-00", "sal-0012", "portatil hacienda", "zzz")
"""What somebody types, one key or word after the other."""


def main() -> None:
    """Print the tables for docs/benchmarks.md."""
    server = os.environ.get("PETI_BENCH", "")
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", str(Path(name) / "a.sqlite"))
        if server:
            _measure("PostgreSQL", server)


def _measure(kind: str, address: str) -> None:
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026, clock=lambda: NOW
    ) as ws:
        began = time.perf_counter()
        _fill(ws)
        print(f"\n{kind}: {ROWS:,} filas de equipos en {time.perf_counter() - began:,.0f} s\n", flush=True)
        began = time.perf_counter()
        prepare(ws, "equipo")
        print(f"Índice de palabras: {time.perf_counter() - began:,.0f} s\n", flush=True)
        before = _memory()
        print("| qué se hace | mediana, ms | p95, ms |")
        print("|---|---|---|")
        for words, act in _acts(ws):
            _told(words, act)
        print(f"\nMemoria: {_memory() - before:,.0f} MB más\n")


def _fill(ws: Workspace) -> None:
    """Rows as deliveries bring them: by dependencia, texts of two or three words."""
    chance = random.Random(7)  # the same rows every time
    known = catalogues.load()
    units = [entry.code for entry in known.entries("dependencia")]
    kinds = [entry.code for entry in known.entries("tipo_equipo")]
    states = [entry.code for entry in known.entries("estado_equipo")]
    brands = [entry.label for entry in known.entries("marca")]
    base = {"revision": 1, "ejemplo": False, "no_aplica": "", "creado_en": NOW, "creado_por": "Ana"}
    base |= {"cambiado_en": NOW, "cambiado_por": "Ana"}
    for start in range(0, ROWS, AT_ONCE):
        rows: list[dict[str, Any]] = []
        for number in range(start, min(ROWS, start + AT_ONCE)):
            unit = units[number * len(units) // ROWS]
            rows.append(
                base
                | {
                    "uid": f"{number:012}", "dependencia": unit, "tipo": chance.choice(kinds),
                    "placa": f"{unit[:3]}-{chance.randrange(10**6):06}", "serial": f"SN{chance.randrange(10**9):09}",
                    "marca": chance.choice(brands), "modelo": f"M{chance.randrange(500)}",
                    "anio": chance.randrange(2005, 2027), "estado": chance.choice(states),
                    "ubicacion": f"{chance.choice(PLACES)} piso {chance.randrange(9)}",
                    "custodio": f"Profesional {chance.randrange(200)}",
                }
            )  # fmt: skip
        with ws.write() as connection:
            add(connection, "equipo", rows)


def _acts(ws: Workspace) -> Iterator[tuple[str, Iterable[Callable[[], object]]]]:
    """What is measured, each as things done one after the other."""
    chance = random.Random(3)  # the same places every time
    every = MatrixFilter("equipo")

    def opened(wanted: MatrixFilter) -> Callable[[], object]:
        return lambda: Question(ws, wanted).first()

    yield "abrir: primera página y cuántas son", [opened(every)] * 5
    standing = Question(ws, every)
    last = standing.count() - PAGE
    places = [chance.randrange(last) for _ in range(TIMES)]
    yield "saltar al final", [lambda: standing.read(last)] * 5
    yield "saltar a cualquier parte", [partial(standing.read, place) for place in places]
    for name in ("anio", "tipo", "placa"):
        for down in (False, True):
            wanted = MatrixFilter("equipo", order=(name, down))
            yield f"ordenar por {name}{', de mayor a menor' if down else ''}", [opened(wanted)] * 2
        ordered = Question(ws, MatrixFilter("equipo", order=(name, False)))
        yield f"recordar el orden por {name}", [ordered.settle]
        yield f"saltar, ordenado por {name}", [partial(ordered.read, place) for place in places[:5]]
    for text in TYPED:
        yield f"buscar «{text}»", [opened(MatrixFilter("equipo", text))] * 3
        found = Question(ws, MatrixFilter("equipo", text))
        yield f"contar lo que hay de «{text}»", [found.count]
    unit = Condition("dependencia", Op.ONE_OF, ("SALUD",))
    yield "filtrar por dependencia", [opened(MatrixFilter("equipo", "", (unit,)))] * 3
    years = Condition("anio", Op.BETWEEN, (2015, 2016))
    yield "filtrar por años", [opened(MatrixFilter("equipo", "", (years,)))] * 3
    part = Condition("serial", Op.CONTAINS, ("0077",))
    yield "filtrar una columna por parte de su texto", [opened(MatrixFilter("equipo", "", (part,)))] * 3
    yield "contar los valores de una columna", [lambda: standing.codes("estado")] * 3


def _told(words: str, acts: Iterable[Callable[[], object]]) -> None:
    taken = []
    for act in acts:
        began = time.perf_counter()
        act()
        taken.append((time.perf_counter() - began) * 1000)
    worst = sorted(taken)[max(0, round(len(taken) * 0.95) - 1)]
    print(f"| {words} | {statistics.median(taken):,.0f} | {worst:,.0f} |", flush=True)


def _memory() -> float:
    """Megabytes this process has now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

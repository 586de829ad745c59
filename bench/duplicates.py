"""What looking for near-equal needs costs, against comparing each text with all others by the same C code.

The texts are made by a rule: sentences over a few hundred words, and of every other one or two copies with a slip of
the pen. The pairs found are told beside those that comparing all finds.
"""

import random
import tempfile
import time
from pathlib import Path

from rapidfuzz import fuzz, process

from peti_desktop.consolidation.duplicates import proposals
from peti_desktop.consolidation.likeness import canonical, near, threshold
from peti_desktop.workspace import Workspace

SMALL = 2_000
SIZES = (10_000, 100_000)
WORDS = 600


def main() -> None:
    """Print the tables for docs/benchmarks.md."""
    least = threshold("necesidad")
    texts = sorted({("", canonical(text)) for text in _texts(SMALL)})
    began = time.process_time()
    every = {
        (left, left + 1 + place)
        for left, (_, text) in enumerate(texts)
        for _, _, place in process.extract(
            text, [t for _, t in texts[left + 1 :]], scorer=fuzz.ratio, processor=None, score_cutoff=least, limit=None
        )
    }
    all_pairs = time.process_time() - began
    began = time.process_time()
    found = near(texts, least)
    neighbours = time.process_time() - began
    print(f"{len(texts):,} textos: todos contra todos {all_pairs:.2f} s; por vecinos {neighbours:.2f} s;", end=" ")
    print(f"{neighbours / all_pairs:.2f} veces; {len(found)} de {len(every)} pares.")
    print("| necesidades | segundos | por cada 1.000 | propuestas |")
    print("|---|---|---|---|")
    for size in SIZES:
        print(_row(size))


def _row(size: int) -> str:
    with tempfile.TemporaryDirectory() as folder, Workspace.create(
        Path(folder) / "a.sqlite", perfil="oficina", dependencia="TIC", nombre="Ana", cargo="", vigencia=2026
    ) as ws:  # fmt: skip
        with ws.act("") as act:
            for text in _texts(size):
                act.new("necesidad", {"tema": "hardware", "forma": "necesidad", "descripcion": text})
        began = time.process_time()
        count = len(proposals(ws, "necesidad"))
        took = time.process_time() - began
    return f"| {size:,} | {took:.1f} | {1000 * took / size * 1000:.0f} ms | {count:,} |"


def _texts(size: int) -> list[str]:
    """Needs as people write them: the same with other words in between, a slip, or another order."""
    luck = random.Random(7)
    words = ["".join(luck.choices("aeiou", k=1)[0] + luck.choice("bcdlmnprst") for _ in range(4)) for _ in range(WORDS)]
    made: list[str] = []
    while len(made) < size:
        base = luck.choices(words, k=luck.randint(5, 14))
        made.append(" ".join(base))
        for _ in range(luck.choice((0, 0, 1, 2))):
            twin = list(base)
            at = luck.randrange(len(twin))
            twin[at] = luck.choice((twin[at] + "s", twin[at][:-1], luck.choice(words)))
            luck.shuffle(twin)
            made.append(" ".join(twin))
    return made[:size]

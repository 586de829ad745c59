"""``python -m tests.kills.life [KILLS] [SEED]``: a clerk's program killed without warning, over and over.

A process types, pastes, undoes, redoes and keeps copies in a store that lives on from kill to kill. It says what the
store will hold before each deed and again once the deed was acknowledged. After ``kill -9`` at a random moment the
store must open, be whole, and hold exactly what was acknowledged last, or the whole of the deed under way: nothing
acknowledged is lost, nothing is there by half.
"""

import hashlib
import multiprocessing
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from peti_desktop import copies
from peti_desktop.moments import now
from peti_desktop.workspace import Workspace

STORES = 4
LONGEST = 0.45
"""Seconds that a process may live once it has begun to work."""
ROWS = 15
TYPING, PASTING, UNDOING, REDOING, COPYING = "escribir", "pegar", "deshacer", "rehacer", "copiar"
DONE = "hecho"
LETTERS = "abcdeñáüxyz"

State = dict[str, str]
"""What a person would see: the brand of every device in force, by placa."""


def digest(state: Mapping[str, str]) -> str:
    """A short name for a state."""
    return hashlib.sha256(repr(sorted(state.items())).encode()).hexdigest()


def on_disk(store: Path) -> State:
    """The state as another program reads it from the file."""
    with closing(sqlite3.connect(store)) as connection:
        found = connection.execute("SELECT placa, coalesce(marca, '') FROM equipo WHERE retirado IS NULL")
        return dict(found.fetchall())


class Clerk:
    """Does one deed after the other, and tells them."""

    def __init__(self, store: Path, seed: int, told: Connection) -> None:
        self.chance = random.Random(seed)
        self.seed = seed
        self.told = told
        self.ws = Workspace.open(store)
        self.state = on_disk(store)
        self.uids = {str(r.values["placa"]): r.uid for r in self.ws.records("equipo", retired=None)}
        self.back: list[tuple[State, str]] = []
        """What was there before each act of ours that stands, and the placa it typed at, if it did."""
        self.on: list[tuple[State, str]] = []
        self.born = 0

    def live(self) -> None:
        """Go on until killed."""
        self.told.send((DONE, digest(self.state)))
        self.paste()
        deeds: list[Callable[[], None]] = [self.type, self.type, self.paste, self.undo, self.undo, self.redo, self.copy]
        while True:
            self.chance.choice(deeds)()

    def _do(self, kind: str, after: State, work: Callable[[], object]) -> None:
        self.told.send((kind, digest(after)))
        work()
        self.state = after
        self.told.send((DONE, digest(after)))

    def type(self) -> None:
        """Write a brand letter by letter, as the window stores it."""
        before, last = self.state, self.back[-1][1]
        placa = self.chance.choice([name for name in before if name != last])
        word = "".join(self.chance.choices(LETTERS, k=self.chance.randint(3, 8)))
        if word[0] == before[placa]:
            return
        for length in range(1, len(word) + 1):
            text = word[:length]
            self._do(TYPING, before | {placa: text}, partial(self.ws.put, "equipo", self.uids[placa], {"marca": text}))
            if length == 1:
                self.back.append((before, placa))
                self.on.clear()

    def paste(self) -> None:
        """Paste rows over some devices and on below them."""
        over = self.chance.sample(sorted(self.state), min(5, len(self.state)))
        placas = [f"{self.seed}-{self.born + n}" for n in range(ROWS - len(over))]
        self.born += len(placas)
        changes = {self.uids[placa]: {"marca": f"Pegada {self.born}"} for placa in over}
        births = [{"placa": placa, "marca": "Nueva"} for placa in placas]
        before = self.state
        after = before | dict.fromkeys(over, f"Pegada {self.born}") | dict.fromkeys(placas, "Nueva")

        def work() -> None:
            done = self.ws.alter("equipo", f"pegar {ROWS} filas", changes, births)
            self.uids |= dict(zip(placas, done.born, strict=True))

        self._do(PASTING, after, work)
        self.back.append((before, ""))
        self.on.clear()

    def undo(self) -> None:
        """Take an act back; the first one stays, so that what an earlier process did is left alone."""
        if len(self.back) > 1:
            before, placa = self.back.pop()
            self.on.append((self.state, placa))
            self._do(UNDOING, before, self.ws.undo)

    def redo(self) -> None:
        """Do an act again."""
        if self.on:
            after, placa = self.on.pop()
            self.back.append((self.state, placa))
            self._do(REDOING, after, self.ws.redo)

    def copy(self) -> None:
        """Keep a copy, which changes nothing."""
        self._do(COPYING, self.state, partial(copies.keep, self.ws, copies.ASKED_FOR))


def work_on(store: Path, seed: int, told: Connection) -> None:
    """What the process does that is going to be killed."""
    Clerk(store, seed, told).live()


def kill_once(store: Path, seed: int, moment: float) -> tuple[str, list[str]]:
    """Let a process work for ``moment`` seconds, kill it, and look: what it was doing, and what is wrong."""
    # Where it can be had, a server that has everything loaded already forks the processes: they live, not load.
    posix = "forkserver" in multiprocessing.get_all_start_methods()
    multiprocessing.set_forkserver_preload(["peti_desktop.copies", "openpyxl"])
    context = multiprocessing.get_context("forkserver") if posix else multiprocessing.get_context("spawn")
    heard, told = context.Pipe(duplex=False)
    process = context.Process(target=work_on, args=(store, seed, told))
    process.start()
    told.close()
    said = [heard.recv()]
    time.sleep(moment)
    alive = process.is_alive()
    process.kill()
    process.join()
    try:
        while True:
            said.append(heard.recv())
    except (EOFError, OSError):  # its last word may have been cut off
        heard.close()
    process.close()
    doing = said[-1][0]
    acknowledged = next(state for kind, state in reversed(said) if kind == DONE)
    wrong = [] if alive else ["it ended by itself"]
    return doing, [*wrong, *_wrong(store, {acknowledged, said[-1][1]})]


def _wrong(store: Path, expected: set[str]) -> list[str]:
    """What is not as it must be after a kill; ``expected`` are the states the store may be in."""
    with Workspace.open(store) as ws, ws.read() as connection:
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        links = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    wrong = [] if whole == "ok" and not links else [f"integrity: {whole} {links}"]
    if digest(on_disk(store)) not in expected:
        wrong.append("the store holds something else than what was acknowledged")
    wrong += [f"{copy.name}: does not open" for copy in _fresh_copies(store) if copies.examine(copy).counts is None]
    return wrong


def _fresh_copies(store: Path) -> list[Path]:
    room = store.with_name(f"{store.stem}_copias")
    return sorted(room.glob("*.sqlite"))[-1:] if room.exists() else []


def campaign(folder: Path, kills: int, seed: int) -> tuple[Counter[str], list[str]]:
    """Kill so many processes over a few stores: what they were doing, and everything that was wrong."""
    chance = random.Random(seed)
    stores = [folder / f"peti-{number}.sqlite" for number in range(min(STORES, kills))]
    for store in stores:
        Workspace.create(
            store, perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="Profesional", vigencia=now().year
        ).close()
    doing: Counter[str] = Counter()
    wrong: list[str] = []
    for number in range(kills):
        kind, found = kill_once(stores[number % len(stores)], seed * 1000 + number, chance.uniform(0, LONGEST))
        doing[kind] += 1
        wrong += [f"kill {number} while «{kind}»: {words}" for words in found]
    return doing, wrong


def main(arguments: list[str]) -> int:
    """Run a campaign and say how it went; 1 when anything was wrong."""
    kills, seed = (int(text) for text in (*arguments, *("200", "1")[len(arguments) :]))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peti-kills-") as folder:
        doing, wrong = campaign(Path(folder), kills, seed)
    spent = time.monotonic() - began
    sys.stdout.write(f"{kills} kills in {spent:.0f} s, seed {seed}: {dict(doing)}; wrong: {len(wrong)}\n")
    sys.stdout.writelines(f"{words}\n" for words in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

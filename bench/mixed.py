"""Thousands of files, some of them bad in ten ways, taken in as the window does: ``python -m bench mixed``.

Every bad one has to be told apart, the others go on; a run that is cancelled in the middle leaves whole deliveries and
a whole log, and the next run does the rest. ``PETI_BENCH_MIXED`` says how many files there are and how many of them are
bad («1000 100» is the usual).
"""

import io
import os
import random
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import intake
from bench.exchange import _envelope
from peti_desktop import binnacle, catalogues
from peti_desktop.delivery import workbook
from peti_desktop.delivery.envelope import FORMAT, Envelope, code_of
from peti_desktop.errors import Cancelled
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import ACCEPTED, REPLACED, Receipt
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.trust import container, keys, package, signature
from peti_desktop.workspace import Workspace

BAD: Final = "malo"
"""How the names of bad files begin, with the reason they must be given after it."""


def main() -> None:
    """Print what was found, the seconds and the memory."""
    size, bad = (int(text) for text in os.environ.get("PETI_BENCH_MIXED", "1000 100").split())
    for line in run(size, bad):
        print(line, flush=True)


def run(size: int, bad: int) -> list[str]:
    """Take in ``size`` files of which ``bad`` are bad, in two runs; gives what to tell. Raises SystemExit."""
    intake.FOLDER.mkdir(parents=True, exist_ok=True)
    root, signers = intake.signed_by()
    good = intake.files(size - bad, signers)
    paths = _shuffled(good, _spoiled(bad, good, signers))
    seconds: dict[str, float] = {}
    with intake.opened("mezcla", root) as ws:
        with intake.timed(seconds, "recibir"):
            _cancelled(lambda stop: inbox.receive_all(ws, paths, stop), len(paths) // 2)
        _whole(ws, received=True)
        with intake.timed(seconds, "recibir"):
            receipts = inbox.receive_all(ws, paths)
        told = _judged(receipts, bad)
        with intake.timed(seconds, "aceptar"):
            _cancelled(lambda stop: apply.accept_clean(ws, receipts, stop), len(good) // 2)
        _whole(ws, received=False)
        with intake.timed(seconds, "aceptar"):
            apply.accept_clean(ws, inbox.listing(ws))
        _finished(ws, good)
    cpu, wall = (sum(v for k, v in seconds.items() if k.endswith(" cpu") is spent) for spent in (True, False))
    verdicts = "; ".join(f"{count} {code}" for code, count in sorted(told.items()))
    return [
        f"{size:,} archivos, {bad} malos, cada uno con su motivo: {verdicts}.",
        f"{len(good):,} quedaron aceptados, en dos corridas cada paso: {wall:.1f} s, {cpu:.1f} s de CPU.",
        f"Memoria máxima: {intake.peak():.0f} MB.",
    ]


def _cancelled(work: Callable[[Progress], object], after: int) -> None:
    def stop(done: int, _total: int, _name: str) -> None:
        if done >= after:
            raise Cancelled

    try:
        work(stop)
    except Cancelled:
        return
    raise SystemExit("a run that was to be cancelled was not")


def _whole(ws: Workspace, *, received: bool) -> None:
    """Some deliveries are there, none of them by half, and the log tells of each."""
    kept = inbox.listing(ws)
    done = [each for each in kept if received or each.state in {ACCEPTED, REPLACED}]
    action = "recibir" if received else f"entrega {ACCEPTED}"
    with ws.read() as connection:
        logged = connection.exec_driver_sql(f"SELECT count(*) FROM bitacora WHERE accion = '{action}'").scalar()
        if binnacle.broken(connection) is not None or logged != len(done) or not done:
            raise SystemExit(f"cancelled: {len(done)} deliveries, {logged} entries of the log")


def _judged(receipts: Iterable[Receipt], bad: int) -> Counter[str]:
    """How often each reason was given. Raises SystemExit when a file got another verdict than it had to."""
    told: Counter[str] = Counter()
    for receipt in receipts:
        codes = {reason.code for reason in receipt.reasons}
        if not receipt.file.startswith(BAD):
            if not receipt.clean:
                raise SystemExit(f"{receipt.file}: {receipt.verdict} {codes}")
            continue
        wanted = receipt.file.split(" ")[1]
        if wanted not in codes or (receipt.clean and not receipt.repeated):
            raise SystemExit(f"{receipt.file}: {receipt.verdict} {codes}")
        told[wanted] += 1
    if told.total() != bad:
        raise SystemExit(f"{told.total()} bad files of {bad}")
    return told


def _finished(ws: Workspace, good: Sequence[Path]) -> None:
    names = {path.name for path in good}
    left = [each.file for each in inbox.listing(ws) if each.file in names and each.state not in {ACCEPTED, REPLACED}]
    extra = [each.file for each in inbox.listing(ws) if each.file not in names and each.state in {ACCEPTED, REPLACED}]
    if left or extra:
        raise SystemExit(f"left waiting: {left[:5]}; accepted and bad: {extra[:5]}")


def _shuffled(good: Sequence[Path], bad: Sequence[Path]) -> list[Path]:
    """The bad ones anywhere among the good ones, which keep their order; a repeated one comes after its first."""
    chance = random.Random(0)
    place = {path: float(number) for number, path in enumerate(good)}
    return sorted([*good, *bad], key=lambda path: place.get(path, chance.random() * len(good) + 1))


def _spoiled(bad: int, good: Sequence[Path], signers: Sequence[keys.Signer]) -> list[Path]:
    folder = intake.FOLDER / "malos"
    folder.mkdir(exist_ok=True)
    makers = _makers(good, signers)
    found = []
    for number in range(bad):
        code = list(makers)[number % len(makers)]
        path = folder / f"{BAD} {code} {number:04}.xlsx"
        path.write_bytes(makers[code](number))
        found.append(path)
    return found


def _makers(good: Sequence[Path], signers: Sequence[keys.Signer]) -> Mapping[str, Callable[[int], bytes]]:
    """How to make a bad file, by the reason it must be given."""
    stranger = keys.make_signer(keys.Identity("TIC", "Oficina TIC", "Nadie", "Nada", intake.ENTITY), intake.NOW)

    def one(number: int) -> bytes:
        return good[number % len(good)].read_bytes()

    def other(number: int, signer: keys.Signer | None = None, **said: object) -> bytes:
        return _Other(number, signer or signers[number % len(signers)]).signed(**said)

    return {
        "incompleto": lambda number: one(number)[:-40],
        "texto_disfrazado": lambda number: f"Esto es un texto, no un libro ({number}).".encode() * 50,
        "vacio": lambda _: b"",
        "alterada": lambda number: _altered(one(number), number),
        "muy_grande": _bomb,
        "firmante_desconocido": lambda number: other(number, stranger),
        "otra_entidad": lambda number: other(number, entidad="Gobernación de Norte de Santander"),
        "otra_vigencia": lambda number: other(number, vigencia=2024),
        "formato_nuevo": lambda number: other(number, format=FORMAT + 1),
        "repetida": lambda _: good[0].read_bytes(),
    }


def _altered(data: bytes, number: int) -> bytes:
    """A cell was changed after the file was signed."""
    parts = dict(package.read(data))
    name = next(name for name, part in sorted(parts.items()) if b"Modelo " in part and "worksheets/" in name)
    parts[name] = parts[name].replace(b"Modelo ", f"Modelo {number} ".encode(), 1)
    return container.zipped(parts, (package.TYPES, package.ROOT))


def _bomb(number: int) -> bytes:
    """Few bytes that would be a gigabyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"xl/worksheets/sheet{number + 1}.xml", b" " * (container.MAX_PART_BYTES + 1))
    return made.getvalue()


@dataclass(frozen=True, slots=True)
class _Other:
    """A delivery that says something else of itself than one of this office's; its number is far from the others'."""

    number: int
    signer: keys.Signer

    def signed(self, **said: object) -> bytes:
        """The file, with ``said`` on its cover."""
        unit = signature.describe(self.signer.certificate).dependencia
        nothing: dict[str, list[object]] = {name: [] for name in TYPES}
        cover: Envelope = replace(_envelope(0), dependencia=unit, number=900 + self.number, made_at=intake.NOW)
        cover = replace(cover, **said)  # type: ignore[arg-type]
        cover = replace(cover, code=code_of(cover.vigencia, unit, cover.number, nothing))  # type: ignore[arg-type]
        plain = workbook.write(cover, nothing, catalogues.load())  # type: ignore[arg-type]
        return signature.sign(plain, self.signer, "Entrega de prueba", intake.NOW)

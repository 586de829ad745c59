"""``python -m tests.attacks.fuzz COUNT [SEED]``: that many damaged files for verifier, reader and explanation.

Each input is an honest delivery, one saved again, or one of the hostile variants, hurt in the zip, in a part, in the
seal's content, or in cells that a true key then signs. Every one must end in a verdict, within time and memory, and
never as accepted unless its cells still are the signed ones.
"""

import random
import re
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from peti_desktop.delivery import reading, seal
from peti_desktop.delivery.reading import Delivery
from peti_desktop.intake.examine import examine_bytes
from peti_desktop.trust import container
from peti_desktop.workspace import Workspace
from tests.attacks.bed import Bed, made
from tests.attacks.by_saving import parts_of, resealed, saved, shared
from tests.attacks.forging import archive, forged
from tests.attacks.judge import peak_bytes
from tests.attacks.variants import Variant, every
from tests.exchange.conftest import NOON, Clock

MAX_SECONDS = 10.0
MAX_VARIANT_BYTES = 200_000
SPICES = (
    b"<",
    b">",
    b"&",
    b"\0",
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"<!DOCTYPE a []>",
    b"&#0;",
    b"&#xD800;",
    b"\xff\xfe",
    b"</row>",
    b"<row r='1'>",
    b'<c r="A1"><v>1</v></c>',
    b'<c r="A1" t="s"><v>0</v></c>',
    b"<f>1</f>",
    b"",
    b'r="XFD1"',
)
TEXTS = (
    b"", b"x", b"=1+1", b"_xD800_", b"_x0000_", b"_x005F_x0041_", b"1e999999999", b"-1", b"0", b"99999999999999999999",
    b"1.5", b"1,5", b"NaN", b"2026-02-30", b"30/02/2026", b"46203", b"1e400", b"9" * 5000, b"9" * 40_000, b"No aplica",
    "\u0315\u0300".encode() * 24, "\u0315\u0300".encode() * 64, "\u202e\u200b\ufeff".encode(), "é".encode() * 4001,
    b"&#10;&#13;&#9;", b"&lt;b&gt;", b"extremo", b"Alto", b"SALUD", b"2026", b"00000000-0000-7000-8000-000000000000",
)  # fmt: skip
_CELL_TEXT = re.compile(rb"<[tv](?: [^>]*)?>([^<]*)</[tv]>")


@dataclass
class Outcome:
    """What came of a run: how many inputs, of which kinds, with which verdicts, and the slowest of them."""

    inputs: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0


class Fuzzer:
    """Makes inputs from a seed, so that a failure can be had again."""

    def __init__(self, bed: Bed, office: Workspace, hostile: Iterable[Variant], seed: int) -> None:
        self.bed, self.office = bed, office
        self.chance = random.Random(seed)
        self.catalogues = office.catalogues
        self.again = parts_of(saved(bed.signed, lambda _: None))
        self.excel = shared(self.again)
        self.hostile = [
            variant.data for variant in hostile if variant.kind != "identity" and len(variant.data) < MAX_VARIANT_BYTES
        ]
        self.content = self._sealed_content()
        self.truth = self._facts(reading.read(bed.parts, self.catalogues))
        self.ways: tuple[tuple[Callable[[], bytes], int], ...] = (
            (self._hurt_file, 4), (self._hurt_part, 4), (self._hurt_saved, 6), (self._hurt_variant, 3),
            (self._hurt_seal, 2), (self._hurt_and_signed, 3), (self._noise, 1),
        )  # fmt: skip

    def run(self, count: int) -> Outcome:
        """Try ``count`` inputs; raises AssertionError with the way and number of the one that broke a promise."""
        outcome = Outcome()
        ways, weights = zip(*self.ways, strict=True)
        for number in range(count):
            (way,) = self.chance.choices(ways, weights)
            data = way()
            began = time.perf_counter()
            verdict = self._judged(data, may_sign=way == self._hurt_and_signed)
            seconds = time.perf_counter() - began
            assert seconds < MAX_SECONDS, (way.__name__, number, seconds)
            outcome.inputs += 1
            outcome.kinds[way.__name__] += 1
            outcome.verdicts[verdict] += 1
            outcome.slowest = max(outcome.slowest, seconds)
        return outcome

    def _judged(self, data: bytes, *, may_sign: bool) -> str:
        found = examine_bytes(self.office, "entrega.xlsx", data)
        receipt = found.receipt
        assert receipt.state == ""
        assert all(reason.sentence for reason in receipt.reasons)
        if found.delivery is None:
            assert receipt.reasons
            return f"{receipt.verdict}: {receipt.reasons[-1].code}"
        if not may_sign:
            assert self._facts(found.delivery) == self.truth, "took other cells than those signed"
        return f"{receipt.verdict}, leída"

    def _facts(self, delivery: Delivery) -> object:
        return delivery.envelope, {name: seal.of_all({name: found}) for name, found in delivery.records.items()}

    def _sealed_content(self) -> bytes:
        """The honest seal's canonical text."""
        found: list[bytes] = []
        true = zlib.compress

        def seen(content: bytes, level: int) -> bytes:
            found.append(content)
            return true(content, level)

        delivery = reading.read(self.bed.parts, self.catalogues)
        with mock.patch.object(zlib, "compress", seen):
            seal.rows_of({"entidad": "x"}, delivery.records, self.bed.salud, NOON)
        return found[0]

    def _hurt(self, data: bytes) -> bytes:
        """``data`` with one to six places exchanged, cut, doubled or spiced."""
        chance, hurt = self.chance, bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(hurt) + 1)
            size = chance.choice((1, 1, 1, 2, 8, 64))
            match chance.randrange(6):
                case 0:
                    hurt[at : at + size] = chance.randbytes(size)
                case 1:
                    del hurt[at : at + size]
                case 2:
                    hurt[at:at] = hurt[at : at + size * 4]
                case 3:
                    hurt[at:at] = chance.choice(SPICES)
                case 4:
                    hurt[at : at + size] = chance.choice(SPICES)
                case _:
                    other = chance.randrange(len(hurt) + 1)
                    hurt[at : at + size] = hurt[other : other + size]
        return bytes(hurt)

    def _hurt_one(self, parts: dict[str, bytes]) -> dict[str, bytes]:
        name = self.chance.choice(sorted(parts))
        return {**parts, name: self.chance.choice((self._hurt, self._texts))(parts[name])}

    def _texts(self, part: bytes) -> bytes:
        """``part`` with one to four texts of cells exchanged for odd ones, or for each other."""
        spans = [found.span(1) for found in _CELL_TEXT.finditer(part)]
        if not spans:
            return self._hurt(part)
        for begin, end in sorted(self.chance.sample(spans, min(len(spans), self.chance.randint(1, 4))), reverse=True):
            other = self.chance.choice(spans[:20])
            part = part[:begin] + self.chance.choice((*TEXTS, part[slice(*other)])) + part[end:]
        return part

    def _hurt_file(self) -> bytes:
        return self._hurt(self.bed.signed)

    def _hurt_part(self) -> bytes:
        return container.zipped(self._hurt_one(self.bed.parts), (), stored=True)

    def _hurt_saved(self) -> bytes:
        return archive(list(self._hurt_one(self.chance.choice((self.again, self.excel))).items()), 0)

    def _hurt_variant(self) -> bytes:
        return self._hurt(self.chance.choice(self.hostile))

    def _hurt_seal(self) -> bytes:
        """The seal's content hurt and signed by a true key, or by a stranger's."""
        content, signer = self._hurt(self.content), self.chance.choice((self.bed.salud, self.bed.stranger))
        with mock.patch.object(seal, "_content", return_value=content):
            rows = seal.rows_of({}, {}, signer, NOON)
        return saved(self.bed.signed, resealed(rows))

    def _hurt_and_signed(self) -> bytes:
        """Contents hurt by somebody whose key is good: the reader alone stands between them and the store."""
        parts = dict(self.bed.parts)
        name = self.chance.choice(
            sorted(name for name in parts if name.startswith("xl/w") and not name.endswith(".rels"))
        )
        parts[name] = self.chance.choice((self._hurt, self._texts, self._texts))(parts[name])
        return forged(parts, self.bed.salud, self.bed.time, self.bed.comment)

    def _noise(self) -> bytes:
        return self.chance.choice((b"", b"PK\3\4", b"PK\5\6")) + self.chance.randbytes(self.chance.randrange(2000))


def main(count: int, seed: int) -> None:
    """Make the bed, run, and say the figures for docs/security.md."""
    with tempfile.TemporaryDirectory() as folder:
        bed = made(Path(folder))
        with Workspace.open(bed.office, clock=Clock()) as office:
            fuzzer = Fuzzer(bed, office, every(bed), seed)
            before, began = peak_bytes(), time.perf_counter()
            outcome = fuzzer.run(count)
        seconds = time.perf_counter() - began
    lines = [
        f"{outcome.inputs} inputs in {seconds:.0f} s, seed {seed}",
        f"slowest {outcome.slowest:.2f} s; peak memory {before >> 20} MiB before, {peak_bytes() >> 20} MiB after",
        *(f"  {kind[1:]}: {number}" for kind, number in outcome.kinds.most_common()),
        *(f"  -> {verdict}: {number}" for verdict, number in outcome.verdicts.most_common()),
    ]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)

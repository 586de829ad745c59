"""Hostile variants of a signed delivery are refused with the right reason, in bounded time and memory."""

import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peti_desktop.intake import apply, inbox
from peti_desktop.trust import package
from peti_desktop.workspace import Workspace
from tests.attacks.bed import Bed, made
from tests.attacks.fuzz import Fuzzer
from tests.attacks.variants import Variant, every
from tests.exchange.conftest import Clock

KINDS = {
    "content", "unsigned-part", "relationship", "content-type", "zip", "wrapping", "forgery", "repair", "legacy",
    "reference", "transform", "algorithm", "key", "certificate", "identity", "xml-bomb", "zip-bomb", "truncated",
    "two-signatures", "seal",
}  # fmt: skip
MAX_SECONDS = 20  # a file; the slowest takes two on an idle machine
MAX_PEAK_BYTES = 700 * 2**20
UNKNOWN = {"firmante_desconocido"}


@pytest.fixture(scope="module")
def bed(tmp_path_factory: pytest.TempPathFactory) -> Bed:
    return made(tmp_path_factory.mktemp("bed"))


@pytest.fixture(scope="module")
def variants(bed: Bed) -> list[Variant]:
    return list(every(bed))


def test_every_hostile_variant_is_refused_rightly_and_nothing_is_stored(
    bed: Bed, variants: list[Variant], tmp_path: Path, root: Path
) -> None:
    shutil.copy(bed.office, tmp_path / "oficina.sqlite")
    for number, variant in enumerate(variants):
        (tmp_path / f"{number:04}.xlsx").write_bytes(variant.data)

    done = subprocess.run(
        [sys.executable, "-m", "tests.attacks.judge", str(tmp_path)],
        cwd=root, capture_output=True, text=True, check=False, timeout=900,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-2000:]
    *said, end = [json.loads(line) for line in done.stdout.splitlines()]
    assert [f"{v.kind}: {v.name}: {s}" for v, s in zip(variants, said, strict=True) if not _right(v, s)] == []
    assert {variant.kind for variant in variants} == KINDS
    assert len(variants) >= 552, Counter(variant.kind for variant in variants)
    assert end["unchanged"]
    assert end["peak"] < MAX_PEAK_BYTES
    slowest, seconds = max(
        ((v.name, s["seconds"]) for v, s in zip(variants, said, strict=True)), key=lambda row: row[1]
    )
    assert seconds < MAX_SECONDS, slowest


def _right(variant: Variant, said: dict[str, object]) -> bool:
    codes = said["codes"]
    assert isinstance(codes, list)
    verdict = "desconocida" if set(codes) & UNKNOWN and len(codes) == 1 else "no válida"
    return bool(said["verdict"] == verdict and said["worded"] and not said["state"] and codes[0] in variant.codes)


def test_variants_differ_from_the_delivery_and_from_each_other(bed: Bed, variants: list[Variant]) -> None:
    assert bed.signed not in {variant.data for variant in variants}
    assert len({variant.data for variant in variants}) == len(variants)
    assert len({(variant.kind, variant.name) for variant in variants}) == len(variants)


def _zipped(parts: dict[str, bytes], method: int, level: int, seed: int) -> bytes:
    names = sorted(parts)
    random.Random(seed).shuffle(names)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, compresslevel=level) as file:
        for name in names:
            file.writestr(name, parts[name])
    return buffer.getvalue()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("method", "level"), [(0, 0), (8, 1), (8, 6), (8, 9)])
def test_benign_zipped_again(bed: Bed, tmp_path: Path, method: int, level: int, seed: int) -> None:
    data = _zipped(package.read(bed.signed), method, level, seed)

    assert _received(bed, tmp_path, "entrega.xlsx", data) == ("válida", "recibida")


@pytest.mark.parametrize("name", ["Entrega de Salud (2) — revisión ñandú.xlsx", "a.XLSX", "sin extensión", "x" * 200])
def test_benign_renamed(bed: Bed, tmp_path: Path, name: str) -> None:
    assert _received(bed, tmp_path, name, bed.signed) == ("válida", "recibida")


def test_benign_file_of_another_dependencia(bed: Bed, tmp_path: Path) -> None:
    assert _received(bed, tmp_path, "hacienda.xlsx", bed.other) == ("válida", "recibida")


def _received(bed: Bed, folder: Path, name: str, data: bytes) -> tuple[str, str]:
    shutil.copy(bed.office, folder / "oficina.sqlite")
    path = folder / name
    path.write_bytes(data)
    with Workspace.open(folder / "oficina.sqlite", clock=Clock()) as office:
        receipt = inbox.receive(office, path)
    return receipt.verdict.value, receipt.state


def test_replays_are_told_and_change_nothing_by_themselves(bed: Bed, tmp_path: Path) -> None:
    shutil.copy(bed.office, tmp_path / "oficina.sqlite")
    for name, data in (("nueva", bed.signed), ("otra vez", bed.signed), ("anterior", bed.older)):
        (tmp_path / f"{name}.xlsx").write_bytes(data)
    with Workspace.open(tmp_path / "oficina.sqlite", clock=Clock()) as office:
        apply.accept_clean(office, [inbox.receive(office, tmp_path / "nueva.xlsx")])
        held = {r.uid: r.values for r in office.records("riesgo")}

        again, older = (inbox.receive(office, tmp_path / f"{name}.xlsx") for name in ("otra vez", "anterior"))

        assert (again.repeated, [reason.code for reason in again.reasons]) == (True, ["repetida"])
        assert [reason.code for reason in older.reasons] == ["anterior"]
        assert apply.accept_clean(office, [again, older]) == []
        assert {r.uid: r.values for r in office.records("riesgo")} == held
        assert len(inbox.listing(office)) == 2


@pytest.fixture(scope="module")
def fuzzer(bed: Bed, variants: list[Variant]) -> Iterator[Fuzzer]:
    with Workspace.open(bed.office, clock=Clock()) as office:
        yield Fuzzer(bed, office, variants, 0)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_whatever_is_hurt_there_is_a_verdict(fuzzer: Fuzzer, seed: int) -> None:
    """A thousand inputs; ``python -m tests.attacks.fuzz`` makes as many as one likes."""
    fuzzer.chance.seed(seed)

    assert fuzzer.run(20).inputs == 20

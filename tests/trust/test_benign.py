"""What happens to honest files on the way passes; and whatever happens, there is a verdict."""

import io
import random
import warnings
import zipfile
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import IO, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from peti_desktop.trust import authority, package, signature
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.signature import Status, Trust


class Pipe(io.RawIOBase):
    """A stream that cannot be wound back, so that zipfile writes sizes after the data."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.data += data
        return len(data)


def zipped(parts: dict[str, bytes], target: IO[bytes] | Pipe, method: int, level: int | None, order: list[str]) -> None:
    with zipfile.ZipFile(target, "w", method, compresslevel=level) as file:
        for name in order:
            file.writestr(name, parts[name])


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("method", "level"), [(zipfile.ZIP_STORED, None), (zipfile.ZIP_DEFLATED, 1), (zipfile.ZIP_DEFLATED, 9)]
)
@pytest.mark.parametrize("piped", [False, True])
def test_zipped_again_in_another_order_is_valid(
    signed: bytes, trust: Trust, now: datetime, method: int, level: int | None, seed: int, piped: bool
) -> None:
    parts = package.read(signed)
    order = sorted(parts)
    random.Random(seed).shuffle(order)
    target = Pipe() if piped else io.BytesIO()

    zipped(parts, target, method, level, order)
    data = bytes(target.data) if isinstance(target, Pipe) else target.getvalue()
    outcome = signature.verify(data, trust, now)

    assert data != signed
    assert (outcome.status, outcome.parts) == (Status.VALIDA, parts)


def test_written_again_from_verified_parts_is_the_same_file(signed: bytes, trust: Trust, now: datetime) -> None:
    parts = signature.verify(signed, trust, now).parts
    assert parts is not None

    assert package.write(parts) == signed
    assert signature.verify(package.write(parts, stored=True), trust, now).status is Status.VALIDA


def test_office_file_is_valid_for_a_dependencia(
    workbook: bytes, office: Signer, trust: Trust, identity: Identity, now: datetime
) -> None:
    signer = authority.office_signer(office, replace(identity, dependencia="TIC"), now)
    outcome = signature.verify(signature.sign(workbook, signer, "Archivo inicial 2026", now), trust, now)

    assert outcome.status is Status.VALIDA
    assert outcome.signer is not None
    assert outcome.signer.dependencia == "TIC"


FLIPS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=4)
FIXTURES_ARE_FROZEN = [HealthCheck.function_scoped_fixture]


@settings(max_examples=400, deadline=None, suppress_health_check=FIXTURES_ARE_FROZEN)
@given(flips=FLIPS)
def test_flipped_bytes_of_the_file_never_change_what_is_accepted(
    signed: bytes, trust: Trust, now: datetime, flips: list[tuple[int, int]]
) -> None:
    """Dates and the like in the zip mean nothing and may differ; the parts may not, and nothing is raised."""
    hurt = bytearray(signed)
    for position, mask in flips:
        hurt[position % len(hurt)] ^= mask

    outcome = signature.verify(bytes(hurt), trust, now)

    assert outcome.status in {Status.VALIDA, Status.NO_VALIDA}
    assert outcome.parts == (package.read(signed) if outcome.accepted else None)


@settings(max_examples=400, deadline=None, suppress_health_check=FIXTURES_ARE_FROZEN)
@given(part=st.integers(0, 100), position=st.integers(0, 10**6), mask=st.integers(1, 255))
def test_flipped_byte_of_any_part_is_refused(
    signed: bytes, trust: Trust, now: datetime, part: int, position: int, mask: int
) -> None:
    parts = package.read(signed)
    names = [name for name in sorted(parts) if parts[name]]
    name = names[part % len(names)]
    hurt = bytearray(parts[name])
    hurt[position % len(hurt)] ^= mask

    outcome = signature.verify(package.write(parts | {name: bytes(hurt)}, stored=True), trust, now)

    assert outcome.status is Status.NO_VALIDA
    assert outcome.parts is None


@settings(max_examples=300, deadline=None, suppress_health_check=FIXTURES_ARE_FROZEN)
@given(position=st.integers(0, 10**6), mask=st.integers(1, 255))
@example(position=8, mask=1)
def test_flipped_byte_of_the_certificate_is_refused(
    signed: bytes, ana: Signer, trust: Trust, now: datetime, position: int, mask: int
) -> None:
    """The certificate is the one thing that is read before it is proven."""
    der = ana.certificate.public_bytes(Encoding.DER)
    hurt = bytearray(der)
    hurt[position % len(hurt)] ^= mask
    parts = package.read(signed)
    parts[package.SIGNATURE] = parts[package.SIGNATURE].replace(b64encode(der), b64encode(hurt))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of odd certificates before it refuses them
        outcome = signature.verify(package.write(parts, stored=True), trust, now)

    assert outcome.status is Status.NO_VALIDA


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: b"PK\3\4" + rest))
def test_any_bytes_get_a_verdict(data: bytes) -> None:
    assert signature.verify(data, Trust(), datetime(2026, 1, 1, tzinfo=UTC)).status is Status.NO_VALIDA

"""The seal of a delivery: what it says once more, in canonical form and signed on its own, in the hidden sheet.

It never feeds the merge: the cells do. When somebody pressed *Guardar* and the native signature is gone, it tells "the
same content, saved again" from "these cells changed" (``intake.explain``).
"""

import base64
import binascii
import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.delivery import answers
from peti_desktop.delivery.answers import Answer
from peti_desktop.delivery.cells import Row, Unreadable, bounded
from peti_desktop.delivery.envelope import Canonical, canonical
from peti_desktop.records import TYPES
from peti_desktop.records.fields import RecordType
from peti_desktop.trust import detached, template
from peti_desktop.trust.container import MIB
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Refusal, Trust, Verification

FORMAT = 2
"""2 holds the answers too; seals of format 1 are still opened."""
PURPOSE = "sello"
CHUNK = 30_000  # a cell holds 32,767 characters
MAX_PACKED_BYTES = 8 * MIB
MAX_CONTENT_BYTES = 16 * MIB
MAX_RECORDS = 100_000
MAX_BRACKETS = 4 * MAX_RECORDS  # an empty list costs twenty times its text

_BEFORE = ("uid", "revision", "retirado", "ejemplo")
_NAME = re.compile(r"[a-z0-9_]{1,40}")
_OPENED = ("1", str(FORMAT))
_SINGLE = ("sello", "certificado", "instante", "firma")


class Sealable(Canonical, Protocol):
    """Whatever has everything a row of a delivery says about a record."""

    @property
    def revision(self) -> int: ...
    @property
    def example(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """One record as it was sealed; ``values`` in the form of ``stored_text``, by field."""

    uid: str
    revision: int
    retired: str | None
    example: bool
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Seal:
    """What was sealed: each line of the cover, the records by type and uid, the answers, and who vouches for it."""

    cover: Mapping[str, str]
    records: Mapping[str, Mapping[str, Sealed]]
    verification: Verification
    answers: tuple[Answer, ...] = ()


def rows_of(
    cover: Mapping[str, str],
    everything: Mapping[str, Sequence[Sealable]],
    signer: Signer,
    when: datetime,
    said: Sequence[Answer] = (),
) -> list[tuple[str, str]]:
    """Name and text of each row of the hidden sheet; ``said`` are the answers to the office."""
    packed = zlib.compress(_content(cover, everything, said), 6)
    text = _base64(packed)
    facts = [
        ("sello", str(FORMAT)),
        ("certificado", _base64(signer.certificate.public_bytes(Encoding.DER))),
        ("instante", template.time_text(when)),
        ("firma", _base64(detached.signed(PURPOSE, packed, signer, when))),
    ]
    return facts + [("contenido", text[at : at + CHUNK]) for at in range(0, len(text), CHUNK)]


def sealed(record_type: RecordType, record: Sealable) -> Sealed:
    """The record as a seal holds it."""
    values = dict(zip(record_type.by_name, canonical(record_type.fields, record), strict=True))
    return Sealed(record.uid, record.revision, record.retired, record.example, values)


def of_all(everything: Mapping[str, Sequence[Sealable]]) -> dict[str, dict[str, Sealed]]:
    """All records by type and uid, as a seal holds them."""
    return {name: {r.uid: sealed(TYPES[name], r) for r in found} for name, found in everything.items()}


def _content(cover: Mapping[str, str], everything: Mapping[str, Sequence[Sealable]], said: Sequence[Answer]) -> bytes:
    """The canonical text: names once, records sorted by uid, no blanks. The same records give the same bytes."""
    content = {
        "portada": dict(cover),
        "respuestas": answers.sealed(said),
        "registros": {
            name: {
                "campos": list(TYPES[name].by_name),
                "filas": sorted(
                    [r.uid, r.revision, r.retired, r.example, *canonical(TYPES[name].fields, r)] for r in found
                ),
            }
            for name, found in everything.items()
        },
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def opened(rows: Sequence[Row], trust: Trust, at: datetime) -> Seal | None:
    """The seal in the rows of the hidden sheet; None when there is none.

    Raises Refusal when its signature does not hold or its signer is provably false, Unreadable for another shape.
    """
    facts: dict[str, list[str]] = {}
    for row in rows:
        facts.setdefault(row.cells.get(0, ""), []).append(row.cells.get(1, ""))
    if "sello" not in facts:
        return None
    if any(len(facts.get(name, ())) != 1 for name in _SINGLE):
        raise Unreadable("seal: facts twice or missing")
    if facts["sello"][0] not in _OPENED:
        raise Unreadable(f"seal of format {facts['sello'][0][:10]}")
    packed = _bytes("".join(facts.get("contenido", ())), MAX_PACKED_BYTES)
    der, value = _bytes(facts["certificado"][0], 8192), _bytes(facts["firma"][0], 1024)
    verification = detached.verified(PURPOSE, packed, value, der, facts["instante"][0], trust, at)
    if any(reason.code == "certificado_falso" for reason in verification.reasons):
        raise Refusal("certificado_falso", "sello")
    cover, records, said = _read(_inflated(packed), facts["sello"][0])
    return Seal(cover, records, verification, said)


def _inflated(packed: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(packed, MAX_CONTENT_BYTES)
    except zlib.error as error:
        raise Unreadable(f"seal: {error}") from error
    if not inflater.eof or inflater.unused_data:
        raise Unreadable("seal too large, cut, or with something behind it")
    return content


def _read(content: bytes, version: str) -> tuple[dict[str, str], dict[str, dict[str, Sealed]], tuple[Answer, ...]]:
    """What the content says; its signer may be hostile, so every shape is checked. Raises Unreadable."""
    _require(content.count(b"[") + content.count(b"{") <= MAX_BRACKETS, "too many records")
    try:
        said = json.loads(content)
        cover = {bounded(name): bounded(text) for name, text in said["portada"].items()}
        _require(isinstance(said["registros"], dict), "records")
        records = {name: _records(part) for name, part in said["registros"].items() if name in TYPES}
        replies = answers.unsealed(said["respuestas"]) if version != "1" else ()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(f"seal: {type(error).__name__}") from error
    return cover, records, replies


def _records(part: Any) -> dict[str, Sealed]:
    names = part["campos"]
    _require(isinstance(names, list) and all(isinstance(n, str) and _NAME.fullmatch(n) for n in names), "field names")
    found = [_sealed(names, row) for row in part["filas"]]
    by_uid = {record.uid: record for record in found}
    _require(len(by_uid) == len(found), "a record twice")
    return by_uid


def _sealed(names: list[str], row: Any) -> Sealed:
    uid, revision, retired, example = row[: len(_BEFORE)]
    texts = row[len(_BEFORE) :]
    whole = isinstance(uid, str) and type(revision) is int and isinstance(example, bool)
    _require(whole, "a record")
    values = [None if text is None else bounded(text) for text in (retired, *texts)]
    return Sealed(bounded(uid), revision, values[0], example, dict(zip(names, values[1:], strict=True)))


def _require(holds: bool, where: str) -> None:
    if not holds:
        raise Unreadable(f"seal: {where}")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str, limit: int) -> bytes:
    if len(text) > 2 * limit:
        raise Unreadable("seal too large")
    try:
        return binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError as error:
        raise Unreadable("seal: not base64") from error

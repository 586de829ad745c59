"""What a file of the office says to a dependencia, and reading it back from verified parts.

Two kinds: a *devolucion* carries observations, an *acuse* says that a delivery arrived. Both are workbooks that a
person can read; docs/formato-de-devolucion.md tells their layout.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from peti_desktop.delivery import keys_told
from peti_desktop.delivery.cells import Row, Unreadable, rows, sheet_parts
from peti_desktop.delivery.keys_told import KeysTold
from peti_desktop.records import TYPES

FORMAT = 1
"""Version of the layout; its history is in docs/formato-de-devolucion.md."""

RETURN, RECEIPT, STARTER = "devolucion", "acuse", "inicio"
"""Kinds of files the office signs."""

COVER, OBSERVATIONS, CLOSED, HIDDEN = "Portada", "Observaciones", "Cerradas", "_peti"
KEYS = "_llaves"
HEADING_ROW = 3
"""In sheets of lists row 1 holds hidden names, row 2 the title, this one the labels; rows follow."""

MAX_OBSERVATIONS = 20_000
MAX_TEXT = 8_000
MAX_NUMBER = 10**6

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[A-Z2-7]{4}-[A-Z2-7]{4}")


class Newer(Exception):  # noqa: N818 - it says what the file is
    """A file of a newer version of the program."""


@dataclass(frozen=True, slots=True)
class Told:
    """The cover. ``numero``, ``entrega`` (its hash), ``archivo`` (its name) and ``entrega_codigo`` name the delivery.

    ``contador`` is the office's counter of signed files and ``previo`` the hash of the one before: a chain. ``codigo``
    ties the file to its page; that of an acuse is the delivery's own. ``ronda`` and ``vence`` are a devolucion's,
    ``counts`` (records in force by type), ``veredicto``, ``estado`` and ``firmante`` an acuse's. ``keys`` is what the
    office tells about keys; None only until it signs.
    """

    clase: str
    entidad: str
    dependencia: str
    dependencia_nombre: str
    vigencia: int
    numero: int
    entrega: str
    archivo: str
    entrega_codigo: str
    recibida_en: datetime
    emitida_en: datetime
    nombre: str
    cargo: str
    contador: int
    previo: str
    codigo: str = ""
    ronda: int = 0
    vence: date | None = None
    veredicto: str = ""
    estado: str = ""
    firmante: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    keys: KeysTold | None = None

    @property
    def who(self) -> str:
        """The person of the office and their post."""
        return f"{self.nombre} – {self.cargo}" if self.cargo else self.nombre


@dataclass(frozen=True, slots=True)
class Point:
    """One observation as it travels. ``campo_nombre`` is for people: the field's label, or that all of it is meant."""

    uid: str
    tipo: str
    registro: str
    campo: str
    titular: str
    campo_nombre: str
    declarado: str
    frase: str
    texto: str
    hecha_en: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """An earlier observation that the office has closed."""

    uid: str
    numero: int
    titular: str
    campo_nombre: str
    texto: str


@dataclass(frozen=True, slots=True)
class Contents:
    """All a file of the office says."""

    told: Told
    points: tuple[Point, ...] = ()
    settled: tuple[Settled, ...] = ()


def coded(contents: Contents) -> Contents:
    """``contents`` with the eight letters that stand for it: the first 40 bits of a hash over all it says."""
    told = contents.told
    said = [
        [told.clase, told.dependencia, told.vigencia, told.numero, told.entrega, told.ronda, str(told.vence)],
        sorted([p.uid, p.tipo, p.registro, p.campo, p.declarado, p.texto] for p in contents.points),
        sorted(s.uid for s in contents.settled),
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    letters = base64.b32encode(hashlib.sha256(text.encode("utf-8")).digest()[:5]).decode("ascii")
    return replace(contents, told=replace(told, codigo=f"{letters[:4]}-{letters[4:]}"))


def purpose(told: Told) -> str:
    """What the office says in the signature that it signs: kind, vigencia, for whom, which one."""
    if told.clase == RETURN:
        return f"{PURPOSES[RETURN]} {told.vigencia} a {told.dependencia}, n.º {told.ronda}"
    return f"{PURPOSES[RECEIPT]} {told.vigencia} de {told.dependencia}, entrega n.º {told.numero}"


PURPOSES: Mapping[str, str] = {RETURN: "Devolución del PETI", RECEIPT: "Acuse de recibo del PETI"}


def file_name(told: Told) -> str:
    """2026_SALUD_devolucion-01.xlsx, 2026_SALUD_acuse-03.xlsx."""
    number = told.ronda if told.clase == RETURN else told.numero
    return f"{told.vigencia}_{told.dependencia}_{told.clase}-{number:02}.xlsx"


def read(parts: Mapping[str, bytes]) -> Contents:
    """What verified parts say. Raises Unreadable for another kind of workbook, Newer for a newer format."""
    names = sheet_parts(parts)
    if not {COVER, HIDDEN, KEYS} <= names.keys():
        raise Unreadable("no cover or no hidden sheet")
    hidden = _pairs(rows(parts[names[HIDDEN]]), 1)
    try:
        if int(hidden.get("formato", "")) > FORMAT:
            raise Newer
        told = _told(_pairs(rows(parts[names[COVER]]), 2), hidden)
        points = tuple(_points(rows(parts[names[OBSERVATIONS]]))) if OBSERVATIONS in names else ()
        settled = tuple(_settled(rows(parts[names[CLOSED]]))) if CLOSED in names else ()
        keys = keys_told.from_lines(_pairs(rows(parts[names[KEYS]]), 1))
    except (KeyError, ValueError, TypeError) as error:
        raise Unreadable(f"{type(error).__name__}: {error}"[:200]) from error
    contents = Contents(replace(told, keys=keys), points, settled)
    _refuse_inconsistent(contents)
    return contents


def _refuse_inconsistent(contents: Contents) -> None:
    told, points = contents.told, contents.points
    uids = [point.uid for point in points]
    if len(set(uids)) != len(uids):
        raise Unreadable("an observation twice")
    if told.clase == RETURN and (not points or not told.ronda or told.vence is None):
        raise Unreadable("a return without observations, round or deadline")
    if told.clase == RETURN and coded(contents).told.codigo != told.codigo:
        raise Unreadable("a code that is not of what it says")
    if told.clase == RECEIPT and points:
        raise Unreadable("a receipt with observations")


def _pairs(found: Sequence[Row], column: int) -> dict[str, str]:
    pairs = {row.cells[0]: row.cells.get(column, "") for row in found if 0 in row.cells}
    if len(pairs) != sum(0 in row.cells for row in found):
        raise Unreadable("a line twice")
    return pairs


def _told(said: Mapping[str, str], hidden: Mapping[str, str]) -> Told:
    clase = hidden["clase"]
    if clase not in PURPOSES:
        raise ValueError(f"kind {clase[:20]}")
    return Told(
        clase=clase,
        entidad=said["entidad"],
        dependencia=_short(said["dependencia"]),
        dependencia_nombre=said["dependencia_nombre"],
        vigencia=_small(said["vigencia"]),
        numero=_small(said["numero"]),
        entrega=_matching(_HASH, said["entrega"]),
        archivo=_short(said["archivo"]),
        entrega_codigo=_matching(_CODE, said["entrega_codigo"]),
        recibida_en=_moment(hidden["recibida_en"]),
        emitida_en=_moment(hidden["emitida_en"]),
        nombre=said["nombre"],
        cargo=said["cargo"],
        contador=_small(said["contador"]),
        previo=_matching(_HASH, said["previo"]) if said["previo"] else "",
        codigo=_matching(_CODE, said.get("codigo", said["entrega_codigo"])),
        ronda=_small(said.get("ronda", "0")),
        vence=date.fromisoformat(hidden["vence"]) if hidden.get("vence") else None,
        veredicto=said.get("veredicto", ""),
        estado=said.get("estado", ""),
        firmante=said.get("firmante", ""),
        counts=tuple((name, _small(said[f"n_{name}"])) for name in TYPES if f"n_{name}" in said),
    )


def _points(found: Sequence[Row]) -> Iterator[Point]:
    for said in _listed(found):
        _refuse_unknown(said)
        yield Point(
            uid=_matching(UID, said["uid"]),
            tipo=said["tipo"],
            registro=_matching(UID, said["registro"]) if said["registro"] else "",
            campo=said["campo"],
            titular=_bounded(said["titular"]),
            campo_nombre=_bounded(said["campo_nombre"]),
            declarado=said["declarado"],
            frase=_short(said["frase"]),
            texto=_bounded(said["texto"]),
            hecha_en=_moment(said["hecha_en"]),
        )


def _refuse_unknown(said: Mapping[str, str]) -> None:
    """Types and fields this program knows; others are of a newer one, and half an observation would mislead."""
    tipo, campo = said["tipo"], said["campo"]
    if (tipo and tipo not in TYPES) or (campo and tipo and campo not in TYPES[tipo].by_name):
        raise Newer
    if (campo and not said["registro"]) or (said["registro"] and not tipo) or not said["texto"]:
        raise ValueError("an observation of nothing")


def _settled(found: Sequence[Row]) -> Iterator[Settled]:
    for said in _listed(found):
        yield Settled(
            uid=_matching(UID, said["uid"]),
            numero=_small(said["numero"]),
            titular=_bounded(said["titular"]),
            campo_nombre=_bounded(said["campo_nombre"]),
            texto=_bounded(said["texto"]),
        )


def _listed(found: Sequence[Row]) -> Iterator[Mapping[str, str]]:
    if not found or found[0].number != 1:
        raise Unreadable("no column names")
    names = found[0].cells
    if len(set(names.values())) != len(names):
        raise Unreadable("a column twice")
    body = [row for row in found if row.number > HEADING_ROW]
    if len(body) > MAX_OBSERVATIONS:
        raise Unreadable(f"{len(body)} rows")
    for row in body:
        yield {name: row.cells.get(column, "") for column, name in names.items()}


def _matching(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"not of the shape: {text[:20]!r}")
    return text


def _small(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_NUMBER)) else -1
    if number < 0:
        raise ValueError(f"number {text[:20]!r}")
    return number


def _short(text: str) -> str:
    return _bounded(text, 300)


def _bounded(text: str, most: int = MAX_TEXT) -> str:
    if len(text) > most:
        raise ValueError(f"a text of {len(text)} characters")
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("moment without zone")
    return moment

"""«Entrega del cargo»: everything of a dependencia in one file, for whoever takes over the post.

The file is a zip of two or three parts: ``datos.sqlite`` (a copy of the store: records, history, deliveries made,
what is pending), ``manifiesto.json`` (whose, when, the hash of the data) and, when a key was at hand, ``firma.json``
(a signature over the manifest). Nobody's key travels in it.
"""

import base64
import binascii
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from db import copies as closed
from db.queries import deliveries
from peti_desktop import __version__, binnacle, exemplar
from peti_desktop.copies import SECOND_PLACE, written
from peti_desktop.errors import UserError
from peti_desktop.files import cannot_read
from peti_desktop.moments import now, spoken_moment
from peti_desktop.post import HANDED_OVER
from peti_desktop.progress import Progress, silent
from peti_desktop.records.fields import Severity
from peti_desktop.reports.acta_cargo import PostFacts, acta_cargo
from peti_desktop.spoken import spoken
from peti_desktop.trust import detached, template
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Refusal, SignerInfo, Trust
from peti_desktop.workspace import Clock, Workspace

FORMAT: Final = 1
PURPOSE: Final = "entrega-del-cargo"
SUFFIX: Final = ".peti"
DATA, MANIFEST, SIGNATURE = "datos.sqlite", "manifiesto.json", "firma.json"
MAX_DATA_BYTES: Final = 2 * 1024**3
MAX_TEXT_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """A post that was handed over: the file, its acta, and the code that ties them."""

    path: Path
    acta: Path
    code: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a file to take over says, after its hash was found right. ``signer`` is None when nobody signed it."""

    path: Path
    code: str
    perfil: str
    dependencia: str
    dependencia_nombre: str
    vigencia: int
    nombre: str
    cargo: str
    made_at: datetime
    counts: dict[str, int]
    signer: SignerInfo | None


def file_name(vigencia: int, dependencia: str) -> str:
    """2026_SALUD_entrega-del-cargo.peti."""
    return f"{vigencia}_{dependencia}_entrega-del-cargo{SUFFIX}"


# Handing over


def hand_over(ws: Workspace, folder: Path, signer: Signer | None = None, progress: Progress = silent) -> Handed:
    """Write the file and its acta into ``folder``, read the file back, and note it in the log. Raises UserError."""
    info, when = ws.info, ws.clock()
    path = folder / file_name(info.vigencia, info.dependencia)
    acta = path.with_name(f"{path.stem}_acta.pdf")
    with _workshop(folder) as workshop:
        progress(0, 4, "Reuniendo los datos y su historia")
        ws.copy_to(workshop / DATA)
        with spoken():
            found = closed.look(workshop / DATA, whole=True)
        progress(1, 4, "Armando el archivo")
        manifest = _manifest(ws, found, _sha256(workshop / DATA), when)
        beside = workshop / path.name
        with written(path):
            _pack(beside, workshop / DATA, manifest, signer, when)
        progress(2, 4, "Leyendo de nuevo lo escrito")
        offer = examine(beside)
        facts = _facts(ws, offer, path.name, _sha256(beside), signer)
        progress(3, 4, "Haciendo el acta")
        acta_cargo(facts, acta)
        with written(path):
            beside.replace(path)
    _note(ws, "entregar el cargo", {"archivo": path.name, "codigo": offer.code, "sha256": facts.sha256})
    ws.set_settings({HANDED_OVER: when.isoformat()})
    progress(4, 4, "Entrega del cargo lista")
    return Handed(path, acta, offer.code, signer.fingerprint if signer else "")


def pending(ws: Workspace) -> tuple[str, ...]:
    """What whoever takes over finds undone, in sentences."""
    problems = ws.problems()
    stops = sum(found.problem.severity is Severity.STOPS for found in problems)
    with ws.read() as connection:
        made = deliveries.made(connection, ws.info.vigencia)
    said = []
    if stops:
        said.append(f"{_many(stops, 'dato', 'datos')} por completar o corregir antes de poder entregar.")
    if len(problems) > stops:
        said.append(f"{_many(len(problems) - stops, 'aviso', 'avisos')} por revisar.")
    if ws.info.vence is not None:
        said.append(f"La entrega de la vigencia {ws.info.vigencia} vence el {ws.info.vence:%d/%m/%Y}.")
    if made:
        last = made[-1]
        said.append(f"Última entrega hecha: n.º {last['numero']}, {spoken_moment(last['hecha_en'])}, {last['codigo']}.")
    else:
        said.append(f"Todavía no se ha hecho ninguna entrega de la vigencia {ws.info.vigencia}.")
    return tuple(said)


def _many(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _manifest(ws: Workspace, found: closed.Look, sha256: str, when: datetime) -> dict[str, Any]:
    info = ws.info
    return {
        "formato": FORMAT,
        "programa": __version__,
        "perfil": info.perfil,
        "entidad": info.entidad,
        "dependencia": info.dependencia,
        "dependencia_nombre": info.dependencia_nombre,
        "vigencia": info.vigencia,
        "entrega_nombre": info.nombre,
        "entrega_cargo": info.cargo,
        "hecha_en": when.isoformat(),
        "ejemplar": found.settings.get(exemplar.EXEMPLAR, ""),
        "conteos": found.counts,
        "sha256": sha256,
    }


def _pack(path: Path, data: Path, manifest: dict[str, Any], signer: Signer | None, when: datetime) -> None:
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(MANIFEST, text)
        if signer is not None:
            package.writestr(SIGNATURE, json.dumps(_signature(text, signer, when)))
        package.write(data, DATA)


def _signature(text: bytes, signer: Signer, when: datetime) -> dict[str, str]:
    value = detached.signed(PURPOSE, text, signer, when)
    der = signer.certificate.public_bytes(Encoding.DER)
    encoded = (base64.b64encode(piece).decode("ascii") for piece in (value, der))
    return dict(zip(("firma", "certificado"), encoded, strict=True)) | {"instante": template.time_text(when)}


def _facts(ws: Workspace, offer: Offer, name: str, sha256: str, signer: Signer | None) -> PostFacts:
    with ws.read() as connection:
        made = len(deliveries.made(connection))
    return PostFacts(
        entity=ws.info.entidad,
        dependencia=offer.dependencia_nombre,
        vigencia=offer.vigencia,
        code=offer.code,
        counts=offer.counts,
        deliveries=made,
        pending=pending(ws),
        file_name=name,
        sha256=sha256,
        fingerprint=signer.fingerprint if signer else "",
        nombre=offer.nombre,
        cargo=offer.cargo,
        made_at=offer.made_at,
        example=ws.info.ejemplo,
    )


# Taking over


def examine(path: Path) -> Offer:
    """What a file says, once its parts, sizes, hash and signature are right. Raises UserError, and says why not."""
    with _opened(path) as package:
        _hash_of(package, json.loads(package.read(MANIFEST))["sha256"])
        return _offer(path, package)


def receive(path: Path, target: Path, nombre: str, cargo: str, *, clock: Clock = now) -> Workspace:
    """Open what was handed over as a store of the successor's at ``target``, which must not exist. Raises UserError.

    The store gets a name of its own; the key is the successor's own affair, made with the first signature.
    """
    if target.exists():
        raise UserError(f"Ya hay un archivo en {target}.", "Escoja otro nombre o carpeta: nada se reemplaza.")
    with written(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _opened(path) as package, _workshop(target.parent) as workshop:
        offer = _offer(path, package)
        prepared = workshop / target.name
        expected = json.loads(package.read(MANIFEST))["sha256"]
        with written(target), prepared.open("wb") as stream:
            _hash_of(package, expected, stream)
        with spoken():
            said = closed.look(prepared, whole=True).settings
        with Workspace.open(prepared, clock=clock) as ws:
            _settle(ws, target, said, offer, nombre, cargo)
        with written(target):
            prepared.rename(target)
    return Workspace.open(target, clock=clock)


def _settle(ws: Workspace, target: Path, said: dict[str, str], offer: Offer, nombre: str, cargo: str) -> None:
    """Make the store the successor's: name and post, no key, no places of the predecessor's PC."""
    if (ws.info.perfil, ws.info.dependencia) != (offer.perfil, offer.dependencia):
        raise _wrong("los datos son de otra dependencia")
    born = exemplar.born(target, said)
    key = f"{target.stem}.p12"
    if target.with_name(key).exists():  # somebody else's, kept beside the store under the name ours would take
        key = f"{target.stem}-{born[exemplar.EXEMPLAR]}.p12"
    mine = {"nombre": nombre, "cargo": cargo, "llave": key, SECOND_PLACE: "", HANDED_OVER: ""}
    ws.set_settings(born | mine)
    signed = offer.signer.fingerprint if offer.signer else "sin firma"
    detail = {"de": offer.nombre, "cargo": offer.cargo, "codigo": offer.code, "llave": signed}
    _note(ws, "recibir el cargo", detail)


def _note(ws: Workspace, action: str, detail: dict[str, Any]) -> None:
    with ws.write() as connection:
        binnacle.write(connection, ws.clock(), ws.info.who, action, detail)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """The package, when it has our parts and sizes and nothing else; what is wrong inside is told as one sentence."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_parts(package)
            yield package
    except OSError as error:
        raise cannot_read(path, error) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise _wrong("no es un archivo de entrega del cargo, o llegó incompleto") from error
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise _wrong("su contenido no es el que escribe el programa") from error


def _check_parts(package: zipfile.ZipFile) -> None:
    found = {part.filename: part for part in package.infolist()}
    if len(found) != len(package.infolist()) or not {MANIFEST, DATA} <= found.keys() <= {MANIFEST, DATA, SIGNATURE}:
        raise _wrong("no es un archivo de entrega del cargo")
    if any(part.flag_bits & 1 for part in found.values()):
        raise _wrong("está cifrado")
    for name, part in found.items():
        if part.file_size > (MAX_DATA_BYTES if name == DATA else MAX_TEXT_BYTES):
            raise _wrong("es más grande que cualquier archivo de datos")


def _offer(path: Path, package: zipfile.ZipFile) -> Offer:
    text = package.read(MANIFEST)
    said = json.loads(text)
    if said["formato"] != FORMAT:
        raise UserError(
            "Esta entrega del cargo la escribió una versión más nueva del programa.", "Actualice Peti Desktop."
        )
    return Offer(
        path=path,
        code=_code(text),
        perfil=str(said["perfil"]),
        dependencia=str(said["dependencia"]),
        dependencia_nombre=str(said["dependencia_nombre"]),
        vigencia=int(said["vigencia"]),
        nombre=str(said["entrega_nombre"]),
        cargo=str(said["entrega_cargo"]),
        made_at=datetime.fromisoformat(said["hecha_en"]),
        counts={str(name): int(count) for name, count in said["conteos"].items()},
        signer=_signer(package, text),
    )


def _signer(package: zipfile.ZipFile, text: bytes) -> SignerInfo | None:
    if SIGNATURE not in package.namelist():
        return None
    said = json.loads(package.read(SIGNATURE))
    value, der = (base64.b64decode(said[name], validate=True) for name in ("firma", "certificado"))
    time = str(said["instante"])
    try:
        verdict = detached.verified(PURPOSE, text, value, der, time, Trust(), template.claimed_moment(time))
    except Refusal as refusal:
        raise _wrong("la firma no corresponde a lo que trae") from refusal
    return verdict.signer


def _hash_of(package: zipfile.ZipFile, expected: str, into: Any = None) -> None:
    """Read the data, into a stream when there is one, and compare its hash with the manifest's."""
    digest = hashlib.sha256()
    with package.open(DATA) as stream:
        while piece := stream.read(1024 * 1024):
            digest.update(piece)
            if into is not None:
                into.write(piece)
    if digest.hexdigest() != expected:
        raise _wrong("los datos no son los que se entregaron: cambiaron o se dañaron")


def _wrong(why: str) -> UserError:
    return UserError(
        f"Ese archivo no se puede recibir: {why}.", "Pida a quien entrega el cargo que haga el archivo de nuevo."
    )


def _code(manifest: bytes) -> str:
    letters = base64.b32encode(hashlib.sha256(manifest).digest()[:5]).decode("ascii")
    return f"{letters[:4]}-{letters[4:]}"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A folder on the same disk as the result, gone afterwards."""
    with written(folder / "x"):
        made = Path(tempfile.mkdtemp(prefix=".peti-", dir=folder))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)

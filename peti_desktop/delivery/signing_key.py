"""The keys people of a dependencia sign with on this PC: made, chosen, opened, certified, replaced.

Each lies in a file of its own beside the store, under its owner's passphrase. The store only remembers their names, so
that a person is found before anybody types a passphrase.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from db.queries import space
from peti_desktop.delivery import keys_told
from peti_desktop.errors import UserError
from peti_desktop.moments import day_of
from peti_desktop.records.convert import spoken_date
from peti_desktop.trust import authority, certificates, keys
from peti_desktop.trust.certificates import key_id
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.signature import RENEWAL_NOTICE
from peti_desktop.workspace import Workspace

CERTIFICATE = "certificado"
"""The setting in which a certificate of the office may stand alone, in base64."""
SETTING, KNOWN = "llave", "llaves"
"""Settings: the key that signed last (a file, relative to the store's folder), and all that were made here."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key of this PC: its file, whose it is, and until when. ``key_id`` and ``until`` are empty until it was opened.

    ``confirmed``: the office issued its certificate.
    """

    path: Path
    nombre: str
    cargo: str
    key_id: str = ""
    until: datetime | None = None
    confirmed: bool = False

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint; empty while nothing is known of it."""
        return keys.fingerprint_of(self.key_id) if self.key_id else ""


@dataclass(frozen=True, slots=True)
class Known:
    """The key of this store: its file, and whether it is there."""

    path: Path
    exists: bool


def key_file(ws: Workspace) -> Known:
    """The key that signed last: as the store says, else beside the store under its name."""
    store = Path(ws.store.path)
    path = store.parent / (ws.setting(SETTING) or f"{store.stem}.p12")
    return Known(path, path.is_file())


def key_files(ws: Workspace) -> list[KeyFile]:
    """The keys whose files are here, the one that signed last first."""
    folder, last = Path(ws.store.path).parent, key_file(ws)
    found = [
        replace(kept, confirmed=kept.confirmed or is_certified(ws, kept))
        for kept in _register(ws, folder)
        if kept.path.is_file()
    ]
    if last.exists and last.path not in {kept.path for kept in found}:
        found.append(KeyFile(last.path, ws.info.nombre, ws.info.cargo))
    return sorted(found, key=lambda kept: kept.path != last.path)


def choose(ws: Workspace, path: Path) -> None:
    """Remember that this key signed last: it is offered first, and its owner is who works here."""
    found = next((kept for kept in _register(ws, Path(ws.store.path).parent) if kept.path == path), None)
    if found is not None and key_file(ws).path != path:
        ws.set_settings({SETTING: _named(ws, path), "nombre": found.nombre, "cargo": found.cargo})


def none_yet(name: str) -> dict[str, str]:
    """The settings of a store whose people have no key for its dependencia; the first one will be called ``name``.

    The files of the keys there were stay where they are.
    """
    told = {keys_told.CERTIFICATES: "", keys_told.ANNULLED: "{}", CERTIFICATE: ""}
    return {SETTING: name, KNOWN: "[]", **told}


def trouble(ws: Workspace, kept: KeyFile) -> tuple[str, str]:
    """What is wrong with a key, as (tone, sentence): stops when it cannot sign, warns when it ends soon, else empty."""
    return _trouble(keys_told.annulled_since(ws, kept.key_id), kept.until, ws.clock())


def is_certified(ws: Workspace, kept: KeyFile) -> bool:
    """Whether the office sent a certificate for the key: it is kept with it the next time the key is opened."""
    return any(key_id(certificates.rsa_key(issued)) == kept.key_id for issued in _issued(ws))


def make(ws: Workspace, nombre: str, cargo: str, passphrase: str, *, instead_of: Path | None = None) -> Signer:
    """A new key for a person, kept beside the store. ``instead_of`` is put aside under another name, never erased.

    Raises UserError for a name that cannot be written or a short passphrase; nothing is changed then.
    """
    info, now = ws.info, ws.clock()
    try:
        identity = Identity(info.dependencia, info.dependencia_nombre, nombre, cargo, info.entidad)
    except ValueError as error:
        raise UserError(
            "El nombre o el cargo tienen signos que no se pueden escribir.", "Escríbalos de nuevo."
        ) from error
    signer = keys.make_signer(identity, now)
    locked = keys.locked(signer, passphrase)  # before anything is moved: the passphrase may be too short
    register = list(_register(ws, Path(ws.store.path).parent))
    if instead_of is not None and instead_of.is_file():
        aside = instead_of.with_name(f"{instead_of.stem}-{now:%Y%m%d%H%M%S}{instead_of.suffix}")
        instead_of.replace(aside)
        register = [kept for kept in register if kept.path != instead_of]
    path = instead_of or _new_name(ws)
    keys.write(path, locked)
    _remember(ws, register, path, signer, (nombre, cargo))
    ws.set_settings({SETTING: _named(ws, path), "nombre": nombre, "cargo": cargo})
    return signer


def open_signer(ws: Workspace, path: Path, passphrase: str) -> Signer:
    """The signer kept in ``path``. A certificate of the office that belongs to the key is taken in and kept with it.

    Raises UserError for a wrong passphrase, a damaged file, and a key the office annulled or that has ended. A
    certificate for another key is left alone: it is another person's of the dependencia.
    """
    opened = keys.load(path, passphrase)
    _refuse_other_unit(ws, opened)
    signer = _certified(ws, path, opened, passphrase)
    _remember(ws, list(_register(ws, Path(ws.store.path).parent)), path, signer)
    refuse_unfit(ws, signer)
    return signer


def refuse_unfit(ws: Workspace, signer: Signer) -> None:
    """Raise UserError for a key of another dependencia, one the office annulled, or one that has ended."""
    _refuse_other_unit(ws, signer)
    identifier = key_id(signer.key.public_key())
    tone, sentence = _trouble(
        keys_told.annulled_since(ws, identifier), signer.certificate.not_valid_after_utc, ws.clock()
    )
    if tone == "stops":
        raise UserError(sentence, "Cree otra clave aquí mismo: sus datos no cambian.")


def _refuse_other_unit(ws: Workspace, signer: Signer) -> None:
    if (unit := certificates.dependencia(signer.certificate)) != ws.info.dependencia:
        name = ws.catalogues.label("dependencia", unit)
        raise UserError(
            f"Esa clave firma por {name}, y aquí se entrega por {ws.info.dependencia_nombre}.",
            "Cree otra clave aquí mismo: sus datos no cambian.",
        )


def _certified(ws: Workspace, path: Path, signer: Signer, passphrase: str) -> Signer:
    """The signer with the newest certificate the office sent for its key."""
    with ws.read() as connection:
        roots = [x509.load_der_x509_certificate(root) for root in space.authorities(connection)]
    for issued in _issued(ws):
        if issued == signer.certificate or issued.public_key() != signer.key.public_key():
            continue
        root = next((root for root in roots if certificates.issued_by(issued, root)), None)
        if root is None or issued.not_valid_after_utc <= _end(signer):
            continue
        adopted = authority.adopt(signer, issued, root)
        keys.save(adopted, path, passphrase)
        return adopted
    return signer


def _end(signer: Signer) -> datetime:
    """Until when the office's certificate holds; a self-issued one gives way to any."""
    return signer.certificate.not_valid_after_utc if signer.chain else datetime.min.replace(tzinfo=UTC)


def _issued(ws: Workspace) -> Iterator[x509.Certificate]:
    alone = base64.b64decode(ws.setting(CERTIFICATE))
    for der in (*keys_told.certificates(ws), *([alone] if alone else [])):
        yield x509.load_der_x509_certificate(der)


def _trouble(annulled: datetime | None, until: datetime | None, at: datetime) -> tuple[str, str]:
    if annulled is not None and annulled <= at:
        day = spoken_date(day_of(annulled))
        return "stops", f"Esta clave fue anulada por la Oficina TIC el {day}: ya no puede firmar."
    if until is None:
        return "", ""
    day = spoken_date(day_of(until))
    if at > until:
        return "stops", f"Esta clave venció el {day}: ya no puede firmar."
    if annulled is not None:
        return "warns", f"Esta clave quedará anulada el {spoken_date(day_of(annulled))}."
    if at > until - RENEWAL_NOTICE:
        return "warns", f"Esta clave vence el {day}: conviene renovarla antes."
    return "", ""


def _register(ws: Workspace, folder: Path) -> Iterator[KeyFile]:
    for said in json.loads(ws.setting(KNOWN) or "[]"):
        until = datetime.fromisoformat(said["until"]) if said["until"] else None
        yield KeyFile(**{**said, "path": folder / said["path"], "until": until})


def _remember(
    ws: Workspace, register: list[KeyFile], path: Path, signer: Signer, person: tuple[str, str] | None = None
) -> None:
    nombre, cargo = person or certificates.person(signer.certificate)
    identifier, until = key_id(signer.key.public_key()), signer.certificate.not_valid_after_utc
    mine = KeyFile(path, nombre, cargo, identifier, until, bool(signer.chain))
    before = next((kept for kept in register if kept.path == path), None)
    if before is not None and before.key_id == identifier:
        mine = replace(mine, nombre=before.nombre, cargo=before.cargo)  # a certificate shortens long names
    if mine == before:
        return
    kept = [*(one for one in register if one.path != path), mine]
    lines = [
        {**asdict(one), "path": _named(ws, one.path), "until": one.until.isoformat() if one.until else ""}
        for one in kept
    ]
    ws.set_settings({KNOWN: json.dumps(lines, ensure_ascii=False)})


def _named(ws: Workspace, path: Path) -> str:
    folder = Path(ws.store.path).parent
    return path.name if path.parent == folder else str(path)


def _new_name(ws: Workspace) -> Path:
    """As the store says, when nothing is there yet."""
    known = key_file(ws)
    return free_name(Path(ws.store.path)) if known.exists else known.path


def free_name(store: Path) -> Path:
    """Where the next key of a store can be kept: beside it, under a name that no file has."""
    names = (store.with_name(f"{store.stem}{suffix}.p12") for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in names if not path.exists())

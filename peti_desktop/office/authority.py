"""The life of the office's authority: made, opened, copied to a second medium, restored, renewed.

Its keys lie in one file beside the store (with a store on a server, where each analyst says), never in the store: who
copies the store cannot sign. The store knows the public half, the relays, and when the last copy was made.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection

from db.queries import signers, space
from peti_desktop import binnacle, colleagues
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited, replace_file
from peti_desktop.intake.inbox import must_be_office
from peti_desktop.moments import day_of, spoken_moment
from peti_desktop.office import keyfile
from peti_desktop.office.keyfile import OfficeKeys
from peti_desktop.records.convert import plain, spoken_date
from peti_desktop.trust import authority, certificates, keys, signature, succession
from peti_desktop.trust.authority import OFFICE_CODE
from peti_desktop.trust.certificates import key_id, rsa_key
from peti_desktop.trust.keys import Identity, Signer
from peti_desktop.trust.succession import Relay
from peti_desktop.workspace import Workspace

PLACE = "llave"
"""The setting (each analyst's own) that says where the file is."""
CERTIFICATE, BACKUP, RELAYS = "oficina_certificado", "oficina_respaldo", "oficina_relevos"
"""Settings of the store: the office's certificate in base64, the last backup, the relays."""

BACKUP_AGE = timedelta(days=365)
NOTICE_AUTHORITY, NOTICE_OFFICE = timedelta(days=365), timedelta(days=60)
"""How long before its end a renewal is asked for: dependencias need a starter file in between."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something about the keys that somebody should do; ``tone`` is warns or stops, ``code`` names the deed."""

    code: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What can be said of the office's keys without opening them. Moments are UTC, None while there is none."""

    exists: bool
    path: Path | None
    there: bool
    authority_fingerprint: str
    authority_until: datetime | None
    office_name: str
    office_fingerprint: str
    office_until: datetime | None
    backup_at: datetime | None
    backup_place: str
    backup_current: bool
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was written, read back and opened. ``same_disk``: it does not survive what this disk does not."""

    path: Path
    same_disk: bool


class AnotherEntity(UserError):  # noqa: N818 - a question to the person, not a fault
    """A backup names another entity than the store: only the person can say whether it is the same one."""


@dataclass(frozen=True)
class Office:
    """The office's keys in the hands of whoever works in ``ws``."""

    ws: Workspace

    def exists(self) -> bool:
        """Whether this office has an authority, wherever its file is."""
        with self.ws.read() as connection:
            return bool(space.authorities(connection))

    def path(self) -> Path | None:
        """Where the file of the keys is or would be; None on a server until the analyst says."""
        if self.ws.store.server:
            said = self.ws.setting(PLACE)
            return Path(said) if said else None
        store = Path(self.ws.store.path)
        own = store.with_name(f"{store.stem}_oficina{keyfile.SUFFIX}")
        said = self.ws.setting(PLACE)
        named = store.parent / said if said else own
        return named if named.suffix == keyfile.SUFFIX else own

    def create(self, passphrase: str, path: Path | None = None) -> tuple[Signer, Signer]:
        """Make the authority and the office's key; ``path`` is needed on a server. Takes seconds.

        Raises UserError when the office has one already, the passphrase is short, or the file cannot be written.
        """
        when = self.ws.clock()
        self._may(roles.AUTHORITY)
        self._refuse_second()
        _refuse_short(passphrase)
        identity = self._identity()
        root = authority.make_authority(self.ws.info.entidad, when)
        return self.adopt(root, authority.office_signer(root, identity, when), passphrase, path)

    def adopt(self, root: Signer, office: Signer, passphrase: str, path: Path | None = None) -> tuple[Signer, Signer]:
        """Take keys that were made elsewhere for this office as its own; otherwise as ``create``."""
        self._may(roles.AUTHORITY)
        self._refuse_second()
        found = OfficeKeys(root, office)
        self._keep(found, passphrase, self._target(path), "crear la autoridad", {})
        return root, office

    def unlock(self, passphrase: str) -> tuple[Signer, Signer]:
        """The authority and the office's signer. Raises UserError: no file, damaged, wrong passphrase, another's."""
        found = self._open(passphrase)
        return found.authority, found.office

    def change_passphrase(self, old: str, new: str) -> None:
        """Lock the file with another passphrase; copies keep the old one, so that a new copy is due."""
        found = self._open(old)
        self._keep(found, new, self._file(), "cambiar la contraseña de las llaves", {})

    def back_up(self, folder: Path, passphrase: str) -> Backup:
        """Copy the file into ``folder``, read the copy back and open it; only then is it called done.

        Raises UserError when the folder is the file's own, the passphrase wrong, or the copy not what it should be.
        """
        source, when = self._file(), self.ws.clock()
        self._open(passphrase)
        target = folder / f"{source.stem}_respaldo_{day_of(when):%Y-%m-%d}{keyfile.SUFFIX}"
        if _same_folder(folder, source.parent):
            raise UserError(
                "Esa es la misma carpeta donde están las llaves: una copia ahí se perdería con ellas.",
                "Escoja una memoria USB o un disco distinto.",
            )
        data = read_limited(source, keyfile.MAX_BYTES)
        replace_file(target, data, private=True)
        self._prove(target, data, passphrase)
        made = {"cuando": when.isoformat(), "lugar": str(target), "suma": hashlib.sha256(data).hexdigest()}
        with self.ws.write() as connection:
            space.set_settings(connection, {BACKUP: json.dumps(made, ensure_ascii=False)})
            binnacle.write(connection, when, self.ws.info.who, "respaldar las llaves", {"archivo": target.name})
        return Backup(target, _same_disk(target, source))

    def restore(
        self, backup: Path, passphrase: str, path: Path | None = None, *, confirmed: bool = False
    ) -> tuple[Signer, Signer]:
        """Put a backup's keys to use, here or on a new PC. A file in their place is kept under another name.

        Raises UserError when the keys are not this office's, or are older than the authority it has now. A store that
        has no authority yet can only go by the name of the entity: AnotherEntity, unless ``confirmed`` by the person.
        """
        self._may(roles.CHANGE if self.exists() else roles.AUTHORITY)
        data = read_limited(backup, keyfile.MAX_BYTES)
        opened = keyfile.opened(data, passphrase, backup.name)
        if not (confirmed or self.exists()):
            self._refuse_other_entity(opened.office.certificate, backup.name)
        found = self._settled(opened, backup.name)
        target = self._target(path)
        if not (target.exists() and target.samefile(backup)):
            self._put_aside(target)
        self._keep(found, passphrase, target, "restaurar las llaves", {"de": backup.name}, data)
        return found.authority, found.office

    def renew_office(self, passphrase: str) -> Signer:
        """A new key for the office's files, in the name of whoever works here now; the old one stays provable."""
        self._may(roles.AUTHORITY)
        found, when = self._open(passphrase), self.ws.clock()
        office = authority.office_signer(found.authority, self._identity(), when)
        said = {"huella": office.fingerprint, "huella_anterior": found.office.fingerprint}
        self._keep(replace(found, office=office), passphrase, self._file(), "renovar la clave de la oficina", said)
        return office

    def renew(self, passphrase: str) -> tuple[Signer, Signer]:
        """A new authority, endorsed by the one it replaces, and a new key for the office under it.

        Dependencias learn it from their next starter file. The old file stays beside the new one.
        """
        self._may(roles.AUTHORITY)
        found, when = self._open(passphrase), self.ws.clock()
        root = authority.make_authority(self.ws.info.entidad, when)
        office = authority.office_signer(root, self._identity(), when)
        relay = succession.endorse(found.authority, root.certificate, when)
        said = {"huella": root.fingerprint, "huella_anterior": found.authority.fingerprint}
        target = self._file()
        self._put_aside(target, copy=True)
        renewed = OfficeKeys(root, office, (*found.relays, relay))
        self._keep(renewed, passphrase, target, "renovar la autoridad", said)
        return root, office

    def standing(self) -> Standing:
        """Where the keys are, until when they hold, when they were copied, and what should be done about them."""
        with self.ws.read() as connection:
            root, said = _newest(connection), space.settings(connection)
        path = self.path()
        data = read_limited(path, keyfile.MAX_BYTES) if path is not None and path.is_file() else b""
        office = _certificate(said.get(CERTIFICATE, ""))
        made = json.loads(said[BACKUP]) if said.get(BACKUP) else {}
        standing = Standing(
            exists=root is not None,
            path=path,
            there=bool(data),
            authority_fingerprint=keys.fingerprint(rsa_key(root)) if root is not None else "",
            authority_until=root.not_valid_after_utc if root is not None else None,
            office_name=certificates.person(office)[0] if office is not None else "",
            office_fingerprint=keys.fingerprint(rsa_key(office)) if office is not None else "",
            office_until=office.not_valid_after_utc if office is not None else None,
            backup_at=datetime.fromisoformat(made["cuando"]) if made else None,
            backup_place=made.get("lugar", ""),
            backup_current=bool(made) and (not data or made["suma"] == hashlib.sha256(data).hexdigest()),
            reminders=(),
        )
        return replace(standing, reminders=tuple(_reminders(standing, self.ws.clock())))

    # What the others stand on

    def _may(self, action: str) -> None:
        """Raise UserError unless this is an office's store and who works here may do ``action``."""
        must_be_office(self.ws)
        roles.require(self.ws, action)

    def _identity(self) -> Identity:
        info = self.ws.info
        if not info.nombre.strip() or not info.cargo.strip():
            raise UserError(
                "Falta el nombre o el cargo de quien trabaja aquí.", "Complételos: figuran en lo que la oficina firma."
            )
        return Identity(OFFICE_CODE, info.dependencia_nombre, info.nombre, info.cargo, info.entidad)

    def _target(self, path: Path | None) -> Path:
        target = path or self.path()
        if target is None:
            raise UserError("Falta decir dónde se guardan las llaves.", "Escoja una carpeta de su equipo.")
        return target if target.suffix == keyfile.SUFFIX else target.with_name(target.name + keyfile.SUFFIX)

    def _file(self) -> Path:
        """The file of the keys, which is there."""
        path = self.path()
        if not self.exists():
            raise UserError("La Oficina TIC todavía no tiene su autoridad.", "Créela en la página «Firmantes».")
        if path is None or not path.is_file():
            raise UserError(
                "En este equipo no está el archivo con las llaves de la oficina.",
                "Restáurelo en la página «Firmantes» desde la copia de respaldo.",
            )
        return path

    def _open(self, passphrase: str) -> OfficeKeys:
        """The open file, brought in line with the store. Raises UserError."""
        self._may(roles.CHANGE)
        path = self._file()
        return self._settled(keyfile.load(path, passphrase), path.name)

    def _settled(self, found: OfficeKeys, name: str) -> OfficeKeys:
        """``found``, once the store trusts its authority; a store that knows an earlier one learns it by the relays.

        The program may have stopped between writing the file and the store, and other analysts may have renewed.
        """
        root = found.authority.certificate
        der = root.public_bytes(Encoding.DER)
        with self.ws.read() as connection:
            known = space.authorities(connection)
        if der in known and der != known[0]:
            raise UserError(
                f"«{name}» tiene la autoridad anterior: la Oficina TIC ya la renovó.",
                "Use una copia de las llaves hecha después de renovar.",
            )
        lead = succession.chain(known, found.relays, der, self.ws.clock())
        if known and der not in known and not lead:
            raise UserError(f"«{name}» tiene las llaves de otra oficina.", "Escoja la copia de esta.")
        if not certificates.issued_by(found.office.certificate, root):
            raise UserError(f"En «{name}» las dos llaves no van juntas.", "Use otra copia de respaldo.")
        if der not in known:
            with self.ws.write() as connection:
                self._learn(connection, found)
        return found

    def _learn(self, connection: Connection, found: OfficeKeys) -> None:
        """Write the public half of the keys into the store."""
        root, office = found.authority.certificate, found.office.certificate
        since = max(self.ws.clock(), _last_since(connection))
        space.add_authority(connection, key_id(rsa_key(root)), root.public_bytes(Encoding.DER), since)
        said = {
            CERTIFICATE: base64.b64encode(office.public_bytes(Encoding.DER)).decode("ascii"),
            RELAYS: json.dumps([relay.text for relay in found.relays]),
        }
        space.set_settings(connection, said)

    def _keep(
        self, found: OfficeKeys, passphrase: str, path: Path, action: str, said: dict[str, Any], data: bytes = b""
    ) -> None:
        """Write file and store as one: when either fails, both are as they were. ``data`` is a file made before."""
        data = data or keyfile.written(found, passphrase)
        named = colleagues.own_keys(self.ws.store)[PLACE]
        with _both(path), self.ws.write() as connection:
            self._learn(connection, found)
            space.set_settings(connection, {named: self._spoken_place(path)})
            detail = {"autoridad": found.authority.fingerprint, "oficina": found.office.fingerprint, **said}
            binnacle.write(connection, self.ws.clock(), self.ws.info.who, action, detail)
            replace_file(path, data, private=True)
            self._prove(path, data, passphrase)

    def _spoken_place(self, path: Path) -> str:
        """The path as the setting keeps it: by name beside the store, so that the folder can be moved."""
        beside = not self.ws.store.server and path.parent == Path(self.ws.store.path).parent
        return path.name if beside else str(path.absolute())

    def _prove(self, path: Path, data: bytes, passphrase: str) -> None:
        """Read a file back and open it. Raises UserError."""
        if read_limited(path, keyfile.MAX_BYTES) != data:
            raise UserError(f"«{path.name}» no quedó igual al leerlo de nuevo.", "Escoja otra memoria y repita.")
        keyfile.opened(data, passphrase, path.name)

    def _put_aside(self, path: Path, *, copy: bool = False) -> None:
        """Keep the file that is in the way under another name; with ``copy`` it also stays."""
        if not path.exists():
            return
        aside = path.with_name(f"{path.stem}-{self.ws.clock():%Y%m%d%H%M%S}{path.suffix}")
        if copy:
            replace_file(aside, read_limited(path, keyfile.MAX_BYTES), private=True)
        else:
            path.replace(aside)

    def _refuse_other_entity(self, office: x509.Certificate, name: str) -> None:
        own = self.ws.info.entidad
        theirs = certificates.subject_piece(office, NameOID.ORGANIZATION_NAME)
        if plain(theirs) != plain(certificates.shortened(own)):
            raise AnotherEntity(
                f"«{name}» tiene las llaves de «{theirs}», y este archivo de datos es de «{own}».",
                "Escoja la copia de su oficina; si es la misma entidad con otro nombre, confírmelo.",
            )

    def _refuse_second(self) -> None:
        if self.exists():
            raise UserError(
                "La Oficina TIC ya tiene su autoridad.",
                "Ábrala con su contraseña, restáurela de la copia, o renuévela.",
            )


def refuse_stranger(ws: Workspace, office: Signer) -> None:
    """Raise UserError unless the key is this office's and in force: on the other side any other is refused."""
    own = office.certificate
    with ws.read() as connection:
        known = [x509.load_der_x509_certificate(der) for der in space.authorities(connection)[:1]]
    ours = any(certificates.issued_by(own, root) for root in known)
    if signature.describe(own).dependencia != OFFICE_CODE or not ours:
        raise UserError("Esa llave no es la de la Oficina TIC.", "Abra la llave con la que firma la oficina.")
    if ws.clock() > own.not_valid_after_utc:
        raise UserError(
            f"La clave con que firma la oficina venció el {spoken_date(day_of(own.not_valid_after_utc))}.",
            "Renuévela en la página «Firmantes».",
        )


def relays(connection: Connection) -> tuple[Relay, ...]:
    """The relays between the authorities of this store, oldest first."""
    said = space.settings(connection).get(RELAYS, "")
    return tuple(succession.from_text(text) for text in json.loads(said)) if said else ()


def _reminders(standing: Standing, at: datetime) -> Iterator[Reminder]:
    if not standing.exists:
        yield Reminder("crear", "stops", "La Oficina TIC todavía no tiene su autoridad: nadie puede ser confirmado.")
        return
    if not standing.there:
        yield Reminder("restaurar", "stops", "El archivo con las llaves no está en este equipo.")
    if standing.backup_at is None:
        yield Reminder("respaldar", "stops", "Las llaves no tienen copia: si este equipo se daña, se pierden.")
    elif not standing.backup_current:
        yield Reminder("respaldar", "warns", "Las llaves cambiaron después de la última copia.")
    elif at - standing.backup_at > BACKUP_AGE:
        yield Reminder("respaldar", "warns", f"La última copia es del {spoken_moment(standing.backup_at)}.")
    yield from _ends("renovar", "La autoridad", standing.authority_until, NOTICE_AUTHORITY, at)
    yield from _ends("renovar_oficina", "La clave con que firma la oficina", standing.office_until, NOTICE_OFFICE, at)


def _ends(code: str, what: str, until: datetime | None, notice: timedelta, at: datetime) -> Iterator[Reminder]:
    if until is None or at < until - notice:
        return
    day = spoken_date(day_of(until))
    if at > until:
        yield Reminder(code, "stops", f"{what} venció el {day}: hay que renovarla.")
    else:
        yield Reminder(code, "warns", f"{what} vence el {day}: conviene renovarla.")


def _newest(connection: Connection) -> x509.Certificate | None:
    known = space.authorities(connection)
    return x509.load_der_x509_certificate(known[0]) if known else None


def _last_since(connection: Connection) -> datetime:
    """Just after the newest authority's start, so that the order of authorities survives a clock that went back."""
    last = signers.newest_authority(connection)
    return last + timedelta(seconds=1) if last is not None else datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def _certificate(encoded: str) -> x509.Certificate | None:
    return x509.load_der_x509_certificate(base64.b64decode(encoded)) if encoded else None


def _refuse_short(passphrase: str) -> None:
    """Before keys are made: that takes seconds."""
    if len(passphrase) < keyfile.MIN_CHARACTERS:
        raise UserError(
            "La contraseña de las llaves de la oficina es muy corta.",
            f"Use al menos {keyfile.MIN_CHARACTERS} caracteres.",
        )


def _same_folder(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


@contextmanager
def _both(path: Path) -> Iterator[None]:
    """Put the file back as it was when what is done inside fails."""
    before = path.read_bytes() if path.is_file() else None
    try:
        yield
    except BaseException:
        if before is None:
            with suppress(OSError):  # what could not be written cannot always be removed either
                path.unlink()
        elif not path.is_file() or path.read_bytes() != before:
            replace_file(path, before, private=True)
        raise

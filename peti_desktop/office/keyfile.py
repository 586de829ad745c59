"""The file with the office's two keys: the authority's and the one it signs its files with, under one passphrase.

One text file (JSON) so that a copy of it is a copy of everything: each key is base64 of a file as ``trust.keys`` writes
it, which ``openssl pkcs12`` opens in an emergency; the relays of earlier authorities are public and proven by
themselves.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.trust import keys, succession
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.succession import Relay

FORMAT = 1
SUFFIX = ".llaves"
MAX_BYTES = 512 * 1024
MIN_CHARACTERS = 12
"""Longer than a clerk's: whoever opens this file can make anybody's certificate."""


@dataclass(frozen=True)
class OfficeKeys:
    """What the file holds once open. ``relays`` lead from the first authority to this one."""

    authority: Signer
    office: Signer
    relays: tuple[Relay, ...] = ()


def written(found: OfficeKeys, passphrase: str) -> bytes:
    """The file's bytes. Raises UserError for a short passphrase."""
    if len(passphrase) < MIN_CHARACTERS:
        raise UserError(
            "La contraseña de las llaves de la oficina es muy corta.", f"Use al menos {MIN_CHARACTERS} caracteres."
        )
    said: dict[str, object] = {
        "peti": "llaves de la Oficina TIC",
        "formato": FORMAT,
        "autoridad": _encoded(keys.locked(found.authority, passphrase)),
        "oficina": _encoded(keys.locked(found.office, passphrase)),
        "relevos": [relay.text for relay in found.relays],
    }
    return _text(said | {"suma": _sum(said)})


def opened(data: bytes, passphrase: str, name: str) -> OfficeKeys:
    """What the bytes of the file ``name`` hold. Raises UserError: damaged, newer, or a wrong passphrase."""
    try:
        said = json.loads(data) if len(data) <= MAX_BYTES else None
        if not isinstance(said, dict) or said.pop("suma") != _sum(said):
            raise _damaged(name)
        if said["formato"] != FORMAT:
            raise UserError(f"«{name}» la escribió una versión más nueva del programa.", "Actualice Peti Desktop.")
        authority, office = (base64.b64decode(said[key], validate=True) for key in ("autoridad", "oficina"))
        relays = tuple(succession.from_text(text) for text in said["relevos"])
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise _damaged(name) from error
    return OfficeKeys(keys.unlocked(authority, passphrase, name), keys.unlocked(office, passphrase, name), relays)


def load(path: Path, passphrase: str) -> OfficeKeys:
    """The office's keys kept in ``path``. Raises UserError as ``opened`` does, and when it cannot be read."""
    return opened(read_limited(path, MAX_BYTES), passphrase, path.name)


def _text(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")


def _sum(said: dict[str, object]) -> str:
    return hashlib.sha256(_text(said)).hexdigest()


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _damaged(name: str) -> UserError:
    return UserError(
        f"El archivo «{name}» está dañado o no es el de las llaves de la Oficina TIC.",
        "Use la copia de respaldo que guardó en otro medio.",
    )

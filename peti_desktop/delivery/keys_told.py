"""What a file of the office says about keys: authority, the dependencia's certificates, which keys are annulled.

Starter files carry it; a return or an acuse may carry the same lines. Numbers only rise: an older list is never taken
after a newer one, so that nobody brings an annulled key back by handing over last year's file.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509

from db.queries import space
from peti_desktop.errors import UserError
from peti_desktop.trust import succession
from peti_desktop.trust.certificates import key_id, rsa_key
from peti_desktop.trust.succession import Relay
from peti_desktop.workspace import Workspace

NUMBER, CERTIFICATES = "llaves_lista", "certificados"
ANNULLED, REPLACED = "llaves_anuladas", "autoridades_anteriores"
"""Settings of a store: number of the newest list, certificates in base64, annulled keys, key ids of old authorities."""
MAX_KEYS = 500


@dataclass(frozen=True, slots=True)
class KeysTold:
    """``annulled`` maps key ids to the moment from which they are refused. ``number`` is 0 in files of format 1."""

    authority: bytes
    certificates: tuple[bytes, ...] = ()
    annulled: Mapping[str, datetime] = field(default_factory=dict)
    relays: tuple[Relay, ...] = ()
    number: int = 0


def lines(told: KeysTold) -> list[tuple[str, str]]:
    """Name and text of each line of the hidden sheet. The first ones are those of format 1."""
    first, *more = told.certificates or (b"",)
    found = [("autoridad", _encoded(told.authority)), ("certificado", _encoded(first))]
    found += [(f"certificado.{n}", _encoded(der)) for n, der in enumerate(more, start=2)]
    found += [(f"relevo.{n}", relay.text) for n, relay in enumerate(told.relays, start=1)]
    for n, (identifier, since) in enumerate(sorted(told.annulled.items()), start=1):
        found.append((f"anulada.{n}", json.dumps([identifier, since.isoformat()])))
    return [*found, ("lista", str(told.number))]


def from_lines(said: Mapping[str, str]) -> KeysTold:
    """What ``lines`` wrote, or format 1 did. Raises ValueError or KeyError for anything else; proves nothing."""
    if len(said) > MAX_KEYS:
        raise ValueError(f"{len(said)} lines about keys")
    certificates = [_decoded(text) for name, text in _numbered(said, "certificado") if text]
    annulled = [json.loads(text) for _, text in _numbered(said, "anulada")]
    for identifier, since in annulled:
        if len(bytes.fromhex(identifier)) != 32 or datetime.fromisoformat(since).tzinfo is None:
            raise ValueError("not an annulled key")
    number = int(said.get("lista", "0"))
    if not 0 <= number < 2**53:
        raise ValueError(f"list number {number}")
    return KeysTold(
        authority=_decoded(said["autoridad"]),
        certificates=tuple(certificates),
        annulled={identifier: datetime.fromisoformat(since) for identifier, since in annulled},
        relays=tuple(succession.from_text(text) for _, text in _numbered(said, "relevo")),
        number=number,
    )


def is_known(ws: Workspace, told: KeysTold) -> bool:
    """Whether this store trusts the authority of the file, by itself or by the word of the one it trusts."""
    return _lead(ws, told) is not None


def is_older(ws: Workspace, told: KeysTold) -> bool:
    """Whether a newer list was taken before."""
    return told.number < int(ws.setting(NUMBER) or 0)


def refuse_stranger(ws: Workspace, told: KeysTold) -> None:
    """Raise UserError when the store knows another authority, or one that took this one's place."""
    with ws.read() as connection:
        known = space.authorities(connection)
    if not known or is_known(ws, told):
        return
    if told.authority in known:
        raise UserError(
            "El archivo lo firma una autoridad que la Oficina TIC ya reemplazó.",
            "Pida a la Oficina TIC un archivo reciente.",
        )
    raise UserError(
        "El archivo de inicio lo firma una Oficina TIC distinta de la que este equipo conoce.",
        "No lo use todavía: llame a la Oficina TIC y compare la huella.",
    )


def learn(ws: Workspace, told: KeysTold) -> bool:
    """Take in what the file says about keys; gives whether it did: an older list than the newest one changes nothing.

    The caller proved the file and, the first time, had the authority's fingerprint compared. Raises UserError as
    ``refuse_stranger`` does.
    """
    refuse_stranger(ws, told)
    if is_older(ws, told):
        return False
    when = ws.clock()
    replaced = _replaced(ws) | {_id(der) for der in _known(ws)} - {_id(told.authority)}
    with ws.write() as connection:
        for der in (*(_lead(ws, told) or ()), told.authority):
            space.add_authority(connection, _id(der), der, when)
    kept = {
        NUMBER: str(told.number),
        ANNULLED: json.dumps({identifier: since.isoformat() for identifier, since in told.annulled.items()}),
        REPLACED: json.dumps(sorted(replaced)),
    }
    if told.certificates:
        kept[CERTIFICATES] = json.dumps([_encoded(der) for der in told.certificates])
    ws.set_settings(kept)
    return True


def certificates(ws: Workspace) -> tuple[bytes, ...]:
    """The certificates (DER) the office sent last."""
    said = ws.setting(CERTIFICATES)
    return tuple(_decoded(text) for text in json.loads(said)) if said else ()


def annulled_since(ws: Workspace, identifier: str) -> datetime | None:
    """Since when the office refuses a key of this dependencia, as far as this store was told."""
    said = json.loads(ws.setting(ANNULLED) or "{}")
    return datetime.fromisoformat(said[identifier]) if identifier in said else None


def _lead(ws: Workspace, told: KeysTold) -> tuple[bytes, ...] | None:
    """The authorities that lead to the file's from one that is trusted and not replaced; None when nothing does."""
    replaced = _replaced(ws)
    current = [der for der in _known(ws) if _id(der) not in replaced]
    if told.authority in current:
        return ()
    return succession.chain(current, told.relays, told.authority, ws.clock()) or None


def _known(ws: Workspace) -> list[bytes]:
    with ws.read() as connection:
        return space.authorities(connection)


def _replaced(ws: Workspace) -> set[str]:
    return set(json.loads(ws.setting(REPLACED) or "[]"))


def _id(der: bytes) -> str:
    return key_id(rsa_key(x509.load_der_x509_certificate(der)))


def _numbered(said: Mapping[str, str], name: str) -> Iterable[tuple[str, str]]:
    """The lines ``name``, ``name.1``, ``name.2``… in the order of the file."""
    return [(key, text) for key, text in said.items() if key == name or key.startswith(f"{name}.")]


def _encoded(der: bytes) -> str:
    return base64.b64encode(der).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error

"""One authority giving its place to another: the old one signs the new one's certificate, and nothing else will do.

An authority's certificate allows it to sign signers' certificates only (path length 0), so the relay is a detached
signature and no cross certificate: other programs keep seeing two authorities that have nothing to do with each other.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from peti_desktop.trust import certificates, detached, template
from peti_desktop.trust.certificates import ProfileError, key_id, rsa_key
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Refusal

PURPOSE = "relevo-de-autoridad"
MAX_RELAYS = 16
"""Authorities live 15 years: more relays than this are nobody's history."""
CLOCK_LIMIT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Relay:
    """``old`` (a key id) says that ``new`` (a certificate, DER) takes its place; ``time`` is when it said so."""

    old: str
    new: bytes
    time: str
    value: bytes

    @property
    def text(self) -> str:
        """The relay on one line, as files and settings carry it."""
        said = {
            "de": self.old,
            "a": base64.b64encode(self.new).decode("ascii"),
            "instante": self.time,
            "firma": base64.b64encode(self.value).decode("ascii"),
        }
        return json.dumps(said, sort_keys=True)


def from_text(text: str) -> Relay:
    """The relay that ``Relay.text`` wrote; raises ``ValueError`` for anything else. Proves nothing yet."""
    said = json.loads(text)
    if not isinstance(said, dict) or {str(key) for key in said} != {"de", "a", "instante", "firma"}:
        raise ValueError("not a relay")
    if not all(isinstance(value, str) for value in said.values()):
        raise ValueError("not a relay of texts")
    new, value = (base64.b64decode(said[name], validate=True) for name in ("a", "firma"))
    return Relay(said["de"], new, said["instante"], value)


def endorse(old: Signer, new: x509.Certificate, when: datetime) -> Relay:
    """The old authority's word that ``new`` takes its place."""
    der = new.public_bytes(Encoding.DER)
    value = detached.signed(PURPOSE, der, old, when)
    return Relay(key_id(old.key.public_key()), der, template.time_text(when), value)


def chain(known: Sequence[bytes], relays: Iterable[Relay], newest: bytes, at: datetime) -> tuple[bytes, ...]:
    """The authorities (DER) that lead from one of ``known`` to ``newest``, without the known one.

    Empty when no unbroken chain of proven relays leads there, or when ``newest`` is known already: only what a known
    authority signed itself is followed, never what the new one says about itself.
    """
    if newest in known:
        return ()
    given = tuple(relays)[:MAX_RELAYS]
    ways: dict[bytes, tuple[bytes, ...]] = dict.fromkeys(known, ())
    for _ in given:
        for relay in given:
            sources = [der for der in ways if _proven(der, relay, at)]
            if sources and relay.new not in ways:
                ways[relay.new] = (*ways[sources[0]], relay.new)
    return ways.get(newest, ())


def _proven(old_der: bytes, relay: Relay, at: datetime) -> bool:
    """Whether the authority ``old_der`` really signed this relay while it was valid, for a certificate of our shape."""
    try:
        old, new = (x509.load_der_x509_certificate(der) for der in (old_der, relay.new))
        certificates.check_authority(new)
        if key_id(rsa_key(old)) != relay.old or new.public_bytes(Encoding.DER) != relay.new:
            return False
        said_at = template.claimed_moment(relay.time)
        rsa_key(old).verify(relay.value, detached.message(PURPOSE, relay.time, relay.new), PKCS1v15(), SHA256())
    except (InvalidSignature, ProfileError, Refusal, ValueError):
        return False
    began_in_time = old.not_valid_before_utc <= said_at <= old.not_valid_after_utc
    return began_in_time and said_at <= at + CLOCK_LIMIT and new.public_key() != old.public_key()

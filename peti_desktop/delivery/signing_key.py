"""The key a dependencia signs with: opened with its passphrase, and given the certificate the office sent."""

import base64
from pathlib import Path

from cryptography import x509

from db.queries import space
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace

CERTIFICATE = "certificado"
"""The setting that holds the certificate of the last starter file, in base64."""


def open_signer(ws: Workspace, path: Path, passphrase: str) -> Signer:
    """The signer kept in ``path``. A certificate of the office that belongs to the key is taken in and kept with it.

    Raises UserError for a wrong passphrase or a damaged file. A certificate for another key is left alone: another
    person of the dependencia may have asked for it.
    """
    signer = keys.load(path, passphrase)
    der = base64.b64decode(ws.setting(CERTIFICATE))
    if not der:
        return signer
    issued = x509.load_der_x509_certificate(der)
    if issued == signer.certificate or issued.public_key() != signer.key.public_key():
        return signer
    with ws.read() as connection:
        roots = [x509.load_der_x509_certificate(root) for root in space.authorities(connection)]
    root = next((root for root in roots if root.subject == issued.issuer), None)
    if root is None:
        return signer
    adopted = authority.adopt(signer, issued, root)
    keys.save(adopted, path, passphrase)
    return adopted

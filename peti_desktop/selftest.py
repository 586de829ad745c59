"""Does the installed program do its work: store, record, signed workbook, intake, PDF and Excel, for real."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import space
from peti_desktop import reports
from peti_desktop.delivery import deliver
from peti_desktop.importing.book import open_book
from peti_desktop.intake import apply, inbox
from peti_desktop.records.fields import Value
from peti_desktop.reports.matriz_xlsx import write_matriz
from peti_desktop.trust import authority, keys
from peti_desktop.trust.keys import Identity
from peti_desktop.workspace import Workspace


def run(folder: Path) -> list[str]:
    """Do a small job in ``folder`` and give a line for each part that worked. Raises whatever goes wrong."""
    said = []
    identity = Identity("SALUD", "Secretaría de Salud", "Persona de prueba", "Cargo de prueba", "Alcaldía")
    when = datetime.now(UTC)
    root = authority.make_authority("Alcaldía", when)
    own = keys.make_signer(identity, when)
    issued = authority.issue(root, own.key.public_key(), identity, when)
    signer = authority.adopt(own, issued, root.certificate)
    keys.save(signer, folder / "llave.p12", "clave-de-prueba")
    signer = keys.load(folder / "llave.p12", "clave-de-prueba")
    said.append(f"llave y certificado: {signer.fingerprint}")

    with _workspace(folder / "salud.sqlite", "dependencia", "SALUD") as ws:
        made: dict[str, Value] = {
            "subproceso": "salud_publica",
            "tema": "hardware",
            "descripcion": "=Ñandú, acentos y signos: ¿áéíóú? <&>",
            "cantidad": 2,
            "justificacion": "Prueba del programa",
        }
        ws.new("necesidad", made)
        delivered = deliver.deliver(ws, signer, folder)
    said.append(f"entrega firmada y leída de nuevo: {delivered.code}")

    with _workspace(folder / "oficina.sqlite", "oficina", "TIC") as office:
        with office.write() as connection:
            der = root.certificate.public_bytes(Encoding.DER)
            space.add_authority(connection, keys.key_id(root.key.public_key()), der, when)
        receipt = inbox.receive(office, delivered.path)
        if len(apply.accept_clean(office, [receipt])) != 1:
            raise AssertionError(f"not accepted: {receipt}")
        if [r.values["descripcion"] for r in office.records("necesidad")] != [made["descripcion"]]:
            raise AssertionError("the text did not arrive as it was typed")
        said.append(f"recibida y aceptada: {receipt.verdict}")
        write_matriz(office, folder / "matriz.xlsx")
        said.append(f"matriz de Excel: {(folder / 'matriz.xlsx').stat().st_size} bytes")
        book = open_book(folder / "matriz.xlsx")
        said.append(f"libro ajeno leído en otro proceso: {len(book.sheets)} hojas")
        for name in reports.REPORTS:
            said.append(f"informe {name}: {reports.write(office, name, folder).stat().st_size} bytes")
    return said


def _workspace(path: Path, perfil: str, dependencia: str) -> Workspace:
    return Workspace.create(
        path, perfil=perfil, dependencia=dependencia, nombre="Prueba", cargo="Prueba", vigencia=2026, ejemplo=True
    )

"""A cut as one file that leaves the program: for Control Interno, for the archive, for whoever must check it elsewhere.

A zip with ``corte.json`` (what the cut says of itself, its seal, each file's SHA-256), ``contenido.jsonl``, the reports
byte for byte, ``LEEME.txt`` and, when the office's key was at hand, a signature over ``corte.json``. The same cut gives
the same bytes, but for the moment of a signature.
"""

import base64
import hashlib
import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding

from db.queries import cuts as rows
from peti_desktop.consolidation import cuts, frozen
from peti_desktop.consolidation.cuts import Issued
from peti_desktop.errors import UserError
from peti_desktop.files import cannot_read, replace_file
from peti_desktop.intake.examine import trust_of
from peti_desktop.moments import spoken_moment
from peti_desktop.progress import Progress, silent
from peti_desktop.trust import detached, template
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.verdict import Refusal, Verification
from peti_desktop.workspace import Workspace

FORMAT: Final = 1
PURPOSE: Final = "corte"
COVER, CONTENT, README, SIGNATURE, FOLDER = "corte.json", "contenido.jsonl", "LEEME.txt", "firma.json", "informes/"
EPOCH: Final = (2020, 1, 1, 0, 0, 0)
MAX_PART: Final = 2 << 30


@dataclass(frozen=True, slots=True)
class CutFile:
    """An exported cut that was checked. ``signed`` is the verdict on its signature, None without one.

    ``entity`` is whose it says it is; empty in files of older programs, which did not say.
    """

    number: int
    name: str
    when: datetime
    who: str
    seal: str
    code: str
    files: tuple[str, ...]
    signed: Verification | None
    problems: tuple[str, ...]
    entity: str = ""


def file_name(cut: cuts.Cut) -> str:
    """The name proposed for an exported cut."""
    return f"{cut.vigencia}_corte-{cut.number:02}.zip"


def export(ws: Workspace, uid: str, path: Path, signer: Signer | None = None, progress: Progress = silent) -> None:
    """Write a cut to ``path``, signed by ``signer`` if given. Raises UserError when the cut was damaged, Cancelled."""
    with cuts.opened(ws, uid):  # proves content and seal first
        pass
    with ws.read() as connection:
        row = rows.one(connection, uid)
    assert row is not None
    text = zlib.decompress(row["contenido"])
    parts: dict[str, bytes] = {CONTENT: text}
    issued = cuts.issued(ws, uid)
    for done, report in enumerate(issued):
        progress(done, len(issued), "Reuniendo los informes")
        file, data = cuts.kept_report(ws, uid, report.name)
        parts[FOLDER + file] = data
    said = _told(row, hashlib.sha256(text).hexdigest(), issued) | {"entidad": ws.info.entidad}
    readme = _readme(row, said).encode("utf-8-sig")
    said["leeme"] = hashlib.sha256(readme).hexdigest()
    cover = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8")
    parts = {COVER: cover, README: readme, **parts}
    if signer is not None:
        parts[SIGNATURE] = _signature(cover, signer, ws.clock())
    progress(0, 0, "Escribiendo el archivo")
    replace_file(path, _zipped(parts))


def _told(row: dict[str, Any], sha256: str, issued: tuple[Issued, ...]) -> dict[str, Any]:
    """What the cover says of a cut."""
    said: dict[str, Any] = {
        key: row[key] for key in ("uid", "numero", "vigencia", "nombre", "nota", "quien", "sello", "previo")
    }
    return said | {
        "formato": FORMAT,
        "cuando": row["cuando"].astimezone(UTC).isoformat(timespec="milliseconds"),
        "codigo": cuts.code_of(sha256),
        "contenido": {"archivo": CONTENT, "sha256": sha256},
        "informes": [{"nombre": r.name, "archivo": r.file, "sha256": r.sha256} for r in issued],
    }


def _readme(row: dict[str, Any], said: dict[str, Any]) -> str:
    sums = [(CONTENT, said["contenido"]["sha256"])]
    sums += [(FOLDER + report["archivo"], report["sha256"]) for report in said["informes"]]
    lines = [
        f"{said['entidad']} · Vigencia {row['vigencia']}",
        f"Corte n.º {row['numero']} · {row['nombre']}",
        f"Sellado el {spoken_moment(row['cuando'])} por {row['quien']}",
        *([row["nota"]] if row["nota"] else []),
        "",
        f"Código del corte: {said['codigo']} (aparece en cada página de sus informes)",
        f"Sello: {row['sello']}",
        f"Sello del corte anterior: {row['previo'] or 'es el primero'}",
        "",
        "Qué hay aquí: los informes tal como se emitieron, y en contenido.jsonl todo lo que se consolidó, una fila",
        "por línea. Nada de esto se vuelve a calcular: son los mismos bytes que guardó la Oficina TIC.",
        "",
        "Cómo comprobarlo: calcule el SHA-256 de cada archivo (en Windows: certutil -hashfile ARCHIVO SHA256) y",
        "compárelo con esta lista. Peti Desktop comprueba además el sello y la firma en «Cortes».",
        "",
        *(f"{sha256}  {name}" for name, sha256 in sums),
        "",
    ]
    return "\r\n".join(lines)


def _signature(cover: bytes, signer: Signer, when: datetime) -> bytes:
    said = {
        "firma": base64.b64encode(detached.signed(PURPOSE, cover, signer, when)).decode("ascii"),
        "certificado": base64.b64encode(signer.certificate.public_bytes(Encoding.DER)).decode("ascii"),
        "firmado_en": template.time_text(when),
    }
    return json.dumps(said, sort_keys=True, indent=1).encode("utf-8")


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            part = zipfile.ZipInfo(name, EPOCH)
            part.compress_type, part.create_system, part.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            package.writestr(part, data)
    return target.getvalue()


_NO_CUT = (zipfile.BadZipFile, RuntimeError, EOFError, ValueError, LookupError, TypeError, AttributeError, zlib.error)
"""What reading a zip that strangers made may raise: RuntimeError for one with a password or nested without end."""


def check(ws: Workspace, path: Path) -> CutFile:
    """Look at an exported cut: every file's hash, the seal, the signature. Raises UserError for any other file."""
    try:
        with zipfile.ZipFile(path) as package:
            return _checked(ws, package)
    except OSError as error:
        raise cannot_read(path, error) from error
    except _NO_CUT as error:
        raise UserError(
            f"«{path.name}» no es un corte exportado por el programa, o llegó incompleto.", "Pídalo de nuevo."
        ) from error


def signature_words(found: CutFile) -> str:
    """What a signature says, in a sentence."""
    if found.signed is None:
        return "No trae firma: compare su sello con el que anotó la Oficina TIC."
    signer = found.signed.signer
    who = f" de {signer.nombre} ({signer.cargo})" if signer is not None else ""
    return f"Firma{who}: {found.signed.status}."


def _checked(ws: Workspace, package: zipfile.ZipFile) -> CutFile:
    if any(part.file_size > MAX_PART for part in package.infolist()):
        raise ValueError("a part is too large")
    cover = package.read(COVER)
    said = json.loads(cover)
    if said["formato"] != FORMAT:
        raise UserError("Este corte lo exportó una versión más nueva del programa.", "Actualice Peti Desktop.")
    problems = []
    sums = {CONTENT: str(said["contenido"]["sha256"])}
    issued = tuple(Issued(str(r["nombre"]), str(r["archivo"]), str(r["sha256"])) for r in said["informes"])
    sums |= {FOLDER + report.file: report.sha256 for report in issued}
    listed = [part.filename for part in package.infolist()]
    names = set(listed)
    problems += [f"«{name}» está dos veces." for name in sorted(names) if listed.count(name) > 1]
    if "leeme" in said:  # older programs did not say it
        sums[README] = str(said["leeme"])
    for name, sha256 in sums.items():
        if name not in names:
            problems.append(f"Falta «{name}».")
        elif hashlib.sha256(package.read(name)).hexdigest() != sha256:
            problems.append(f"«{name}» cambió después de exportarse.")
    problems += [f"«{name}» no es del corte." for name in sorted(names - sums.keys() - {COVER, README, SIGNATURE})]
    sums.pop(README, None)
    if cuts.sealed_with(sums[CONTENT], issued) != said["sello"]:
        problems.append("El sello no es el de este contenido y estos informes.")
    head = _head(package.read(CONTENT)) if CONTENT in names else {}
    told = ("uid", "numero", "vigencia", "nombre", "nota", "cuando", "quien", "previo")
    if any(head.get(key) != said[key] for key in told):
        problems.append("La portada no dice lo mismo que el contenido.")
    signed = None
    if SIGNATURE in names:
        try:
            signed = _verified(ws, cover, json.loads(package.read(SIGNATURE)))
        except Refusal as error:
            problems.append(f"La firma no es válida: {error}.")
    return CutFile(
        int(said["numero"]),
        str(said["nombre"]),
        datetime.fromisoformat(said["cuando"]),
        str(said["quien"]),
        str(said["sello"]),
        str(said["codigo"]),
        tuple(sums),
        signed,
        tuple(problems),
        str(said.get("entidad", "")),
    )


def _head(content: bytes) -> dict[str, Any]:
    """What the first line of the content says; nothing when it is no content of a cut."""
    try:
        return frozen.head_of(zlib.compress(content))
    except frozen.Damaged:
        return {}


def _verified(ws: Workspace, cover: bytes, said: dict[str, str]) -> Verification:
    value, der = (base64.b64decode(said[key], validate=True) for key in ("firma", "certificado"))
    with ws.read() as connection:
        trust = trust_of(connection)
    return detached.verified(PURPOSE, cover, value, der, said["firmado_en"], trust, ws.clock())

"""A dependencia reads a file of the office: proven first, said in words, and taken in without touching its data."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from sqlalchemy import Connection

from db.queries import deliveries, space
from db.queries import observations as rows
from peti_desktop.consolidation import roles
from peti_desktop.delivery import keys_told, starter
from peti_desktop.delivery.cells import Unreadable
from peti_desktop.delivery.deliver import PURPOSE as DELIVERY_PURPOSE
from peti_desktop.errors import UserError
from peti_desktop.files import read_limited
from peti_desktop.intake.examine import trust_of
from peti_desktop.moments import spoken_moment
from peti_desktop.records.convert import spoken_date
from peti_desktop.returning import contents as room
from peti_desktop.returning.contents import RECEIPT, RETURN, STARTER, Contents, Newer, Point, Told, purpose
from peti_desktop.returning.issuing import TAKEN
from peti_desktop.returning.observations import known_records
from peti_desktop.returning.states import CLOSED, RETURNED, UNANSWERED
from peti_desktop.trust import signature
from peti_desktop.trust.authority import OFFICE_CODE
from peti_desktop.trust.container import MAX_FILE_BYTES
from peti_desktop.trust.verdict import Reason, SignerInfo, Status, Trust
from peti_desktop.workspace import Workspace

DELIVERY = "entrega"
"""The kind of a file that a dependencia made: named, so that it is not called a stranger's."""


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """A file that was read, and the verdict about it.

    ``clase`` is devolucion, acuse, inicio or entrega, empty for anything else. ``contents`` is there for a devolucion
    or an acuse that the office this store knows has signed; an inicio is for ``delivery.starter``.
    """

    name: str
    clase: str
    status: Status
    reasons: tuple[Reason, ...]
    sha256: str
    data: bytes
    signer: SignerInfo | None = None
    signed_at: datetime | None = None
    contents: Contents | None = None

    @property
    def acceptable(self) -> bool:
        """Whether it can be taken in."""
        return self.contents is not None and self.status in {Status.VALIDA, Status.CON_AVISOS}


def read(ws: Workspace, path: Path) -> OfficeFile:
    """What a file is, and whether it is the office's word. Never raises for what it contains.

    Its content is read only when it is proven: signed under an authority this store knows, by the office's own key, for
    this very purpose. Raises UserError when it cannot be read from the disk.
    """
    data = read_limited(path, MAX_FILE_BYTES)
    return read_bytes(ws, path.name, data)


def read_bytes(ws: Workspace, name: str, data: bytes) -> OfficeFile:
    """The same for bytes already in hand."""
    with ws.read() as connection:
        trust = trust_of(connection)
    found = signature.verify(data, trust, ws.clock())
    clase = _kind(found.comment)
    sha256 = hashlib.sha256(data).hexdigest()
    base = OfficeFile(name, clase, found.status, found.reasons, sha256, data, found.signer, found.signed_at)
    wrong = _stranger(base) if found.parts is not None else None
    if wrong is not None:
        return _refused(base, wrong)
    if found.parts is None or found.status is Status.NO_VALIDA or clase not in room.PURPOSES:
        return base
    try:
        contents = room.read(found.parts)
    except Newer:
        return _refused(base, Reason("formato_nuevo", _NEWER))
    except Unreadable as error:
        return _refused(base, Reason("no_es_de_la_oficina", _NOT_OURS, str(error)))
    if contents.told.clase != clase or purpose(contents.told) != found.comment:
        return _refused(base, Reason("otro_proposito", _OTHER_PURPOSE, found.comment))
    return _trusted(ws, base, contents)


def _trusted(ws: Workspace, base: OfficeFile, contents: Contents) -> OfficeFile:
    """The file, once its signer is of the authority it names and that is the one this store goes by.

    One that took its place by its own word counts too; one that was replaced does not any more.
    """
    keys = contents.told.keys
    assert keys is not None
    if not keys_told.is_known(ws, keys):
        return _refused(base, Reason("oficina_desconocida", _UNKNOWN_OFFICE))
    trust = Trust(authorities=(x509.load_der_x509_certificate(keys.authority),))
    found = signature.verify(base.data, trust, ws.clock())
    read = replace(base, status=found.status, reasons=found.reasons)
    return replace(read, contents=contents) if found.accepted else read


_NEWER = (
    "El archivo lo hizo una versión más nueva del programa; actualice Peti Desktop en este equipo y ábralo de nuevo."
)
_NOT_OURS = "La firma es buena, pero el contenido no es de una devolución ni de un acuse de la Oficina TIC."
_OTHER_PURPOSE = "La Oficina TIC firmó este archivo para otra cosa; pídale de nuevo la devolución o el acuse."
_UNKNOWN_OFFICE = (
    "Este equipo todavía no conoce a la Oficina TIC que firma: reciba primero el archivo de inicio. Si ya lo recibió, "
    "esta firma es de otra; llame a la Oficina TIC antes de usar el archivo."
)


def _kind(comment: str) -> str:
    """What the signer says the file is."""
    beginnings = {**{text: kind for kind, text in room.PURPOSES.items()}, starter.PURPOSE: STARTER}
    beginnings[DELIVERY_PURPOSE] = DELIVERY
    return next((kind for text, kind in beginnings.items() if comment.startswith(f"{text} ")), "")


def _stranger(found: OfficeFile) -> Reason | None:
    """Why a soundly signed file is not the office's word; None when it may be."""
    assert found.signer is not None
    if found.clase == DELIVERY:
        return Reason("es_entrega", "Es una entrega de una dependencia, no un archivo de la Oficina TIC.")
    if found.signer.dependencia != OFFICE_CODE:
        sentence = (
            f"No lo firmó la Oficina TIC sino {found.signer.dependencia_nombre}; no lo use y cuéntele a la Oficina TIC."
        )
        return Reason("no_oficina", sentence, found.signer.fingerprint)
    if not found.clase:
        return Reason("otro_proposito", _OTHER_PURPOSE)
    return None


def _refused(found: OfficeFile, wrong: Reason) -> OfficeFile:
    status = Status.DESCONOCIDA if wrong.code == "oficina_desconocida" else Status.NO_VALIDA
    return replace(found, status=status, reasons=(wrong, *found.reasons))


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking a file in did: observations that are new here, asked again, or closed; and sentences about it.

    ``repeated``: the very file was here before, and nothing changed. ``elsewhere`` are the uids of observations about
    records this store does not have.
    """

    new: int = 0
    again: int = 0
    closed: int = 0
    elsewhere: tuple[str, ...] = ()
    repeated: bool = False
    sentences: tuple[str, ...] = ()


def take(ws: Workspace, found: OfficeFile) -> Taken:
    """Keep a file of the office and let its observations stand beside the records; nothing else is changed.

    Raises UserError for a file that is not proven, of another kind, of another dependencia or of another vigencia.
    """
    roles.require(ws, roles.CHANGE)
    _refuse_unfit(ws, found)
    assert found.contents is not None
    contents, told = found.contents, found.contents.told
    with ws.write() as connection:
        before = rows.files(connection, sentido=TAKEN, dependencia=told.dependencia)
        if any(_is_same(row, found.sha256, told) for row in before):
            return Taken(repeated=True, sentences=(f"«{found.name}» ya se había abierto aquí: no cambió nada.",))
        older = _is_older(before, told)
        new, again = _store_points(connection, contents)
        closed = _close(connection, contents, told)
        _keep(connection, ws, found, told)
        if told.clase == RETURN and not older:
            _settings(connection, told)
        elsewhere = _elsewhere(connection, contents.points)
        sentences = _sentences(connection, contents, before, older=older, elsewhere=len(elsewhere))
    if told.keys is not None and told.dependencia == ws.info.dependencia:
        keys_told.learn(ws, told.keys)  # those of a dependencia that became this one are no longer ours
    ws.set_settings({})  # the deadline may be another now
    return Taken(new, again, closed, elsewhere, sentences=tuple(sentences))


def _refuse_unfit(ws: Workspace, found: OfficeFile) -> None:
    if ws.info.perfil == "oficina":
        raise UserError(
            "Este es el archivo de datos de la Oficina TIC: aquí no se abren sus propias devoluciones.",
            "Ábralo en el equipo de la dependencia.",
        )
    if found.clase == STARTER and found.status is not Status.NO_VALIDA:
        raise UserError(
            f"«{found.name}» es un archivo de inicio, no una devolución.", "Ábralo en «Recibir archivo de inicio»."
        )
    if not found.acceptable or found.contents is None:
        why = found.reasons[0].sentence if found.reasons else _OTHER_PURPOSE
        raise UserError(why, "No se guardó nada.")
    told = found.contents.told
    if told.dependencia not in ws.catalogues.lineage("dependencia", ws.info.dependencia):
        raise UserError(
            f"El archivo es para {told.dependencia_nombre}, y aquí se trabaja {ws.info.dependencia_nombre}.",
            "Pida a la Oficina TIC el de su dependencia. No se guardó nada.",
        )
    if told.vigencia != ws.info.vigencia:
        raise UserError(
            f"El archivo es de la vigencia {told.vigencia}, y aquí se trabaja la {ws.info.vigencia}.",
            f"Ábralo con el archivo de datos de la vigencia {told.vigencia}. No se guardó nada.",
        )


def _is_same(row: dict[str, Any], sha256: str, told: Told) -> bool:
    """Whether it is the file of ``row``, or the same one packed again: its zip may differ, what is signed does not."""
    return row["sha256"] == sha256 or (row["clase"], row["numero"], row["codigo"]) == (
        told.clase,
        told.contador,
        told.codigo,
    )


def _is_older(before: Sequence[dict[str, Any]], told: Told) -> bool:
    """Whether a later return of the vigencia is here already."""
    return told.clase == RETURN and any(
        row["clase"] == RETURN and row["vigencia"] == told.vigencia and row["numero"] > told.contador for row in before
    )


def _store_points(connection: Connection, contents: Contents) -> tuple[int, int]:
    """Insert new observations; one that is asked again waits anew. What a later file said is never undone."""
    told = contents.told
    known = rows.named(connection, [point.uid for point in contents.points])
    new = [point for point in contents.points if point.uid not in known]
    again = [point for point in contents.points if point.uid in known and known[point.uid]["ronda"] < told.ronda]
    rows.add(connection, [_row(point, told) for point in new])
    for point in again:
        fresh = _row(point, told)
        rows.change(connection, [point.uid], {name: fresh[name] for name in fresh if name not in {"uid", "hecha_en"}})
    return len(new), len(again)


def _row(point: Point, told: Told) -> dict[str, Any]:
    return {
        "uid": point.uid,
        "entrega": told.entrega,
        "dependencia": told.dependencia,
        "vigencia": told.vigencia,
        "numero": told.numero,
        "ronda": told.ronda,
        "tipo": point.tipo,
        "registro": point.registro,
        "campo": point.campo,
        "titular": point.titular,
        "declarado": point.declarado,
        "frase": point.frase,
        "texto": point.texto,
        "vence": told.vence,
        "hecha_en": point.hecha_en,
        "hecha_por": told.who,
        "estado": RETURNED,
        "cerrada_en": None,
        "cerrada_por": None,
    } | UNANSWERED


def _close(connection: Connection, contents: Contents, told: Told) -> int:
    """Close what the office has closed, save what a later return has asked again."""
    known = rows.named(connection, [settled.uid for settled in contents.settled])
    closing = [uid for uid, row in known.items() if row["estado"] != CLOSED and row["ronda"] < told.ronda]
    now = {"estado": CLOSED, "cerrada_en": told.emitida_en, "cerrada_por": told.who}
    rows.change(connection, closing, now)
    return len(closing)


def _keep(connection: Connection, ws: Workspace, found: OfficeFile, told: Told) -> None:
    rows.add_file(
        connection,
        {
            "sha256": found.sha256,
            "clase": told.clase,
            "sentido": TAKEN,
            "dependencia": told.dependencia,
            "vigencia": told.vigencia,
            "entrega": told.entrega,
            "numero": told.contador,
            "previo": told.previo,
            "codigo": told.codigo,
            "nombre": room.file_name(told),
            "cuando": ws.clock(),
            "quien": ws.info.who,
            "contenido": found.data,
        },
    )


def _settings(connection: Connection, told: Told) -> None:
    assert told.vence is not None
    learned = {"vence": told.vence.isoformat()}
    space.set_settings(connection, learned)


def _elsewhere(connection: Connection, points: Sequence[Point]) -> tuple[str, ...]:
    here = known_records(connection, {(point.tipo, point.registro) for point in points if point.registro})
    return tuple(point.uid for point in points if point.registro and (point.tipo, point.registro) not in here)


def _sentences(
    connection: Connection, contents: Contents, before: Sequence[dict[str, Any]], *, older: bool, elsewhere: int
) -> list[str]:
    told = contents.told
    made = {row["sha256"] for row in deliveries.made(connection, told.vigencia)}
    said = [_about(told, len(contents.points), ours=told.entrega in made)]
    if told.entrega not in made:
        said.append(
            f"La entrega n.º {told.numero} (código {told.entrega_codigo}) no está entre las que se hicieron en este "
            "equipo: pudo hacerse en otro, o antes de recuperar una copia. Nada se perdió aquí."
        )
    if older:
        said.append(
            f"Ya se había abierto una devolución posterior a esta {told.ronda}.ª: lo que aquella pide sigue en pie, y "
            "de esta solo se agregó lo que faltaba."
        )
    if elsewhere:
        are = "1 observación es de un registro que no está" if elsewhere == 1 else (
            f"{elsewhere} observaciones son de registros que no están"
        )  # fmt: skip
        said.append(f"{are} en este equipo: quedan en la lista para que las responda o las pase a quien los tiene.")
    if any(row["numero"] == told.contador for row in before):
        said.append(
            f"La Oficina TIC numeró dos archivos con el {told.contador}: cuéntele, puede haber recuperado una copia."
        )
    return said


def _about(told: Told, points: int, *, ours: bool) -> str:
    if told.clase == RECEIPT:
        same = "; es exactamente el archivo que se entregó" if ours else ""
        return f"La Oficina TIC recibió la entrega n.º {told.numero} el {spoken_moment(told.recibida_en)}{same}."
    assert told.vence is not None
    many = "1 observación" if points == 1 else f"{points} observaciones"
    return f"{told.ronda}.ª devolución: {many} sobre la entrega n.º {told.numero}, para el {spoken_date(told.vence)}."

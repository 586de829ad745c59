"""What the office asks about a delivery: of a field, a row, a section or the whole.

A draft is put back and forth until the delivery is given back; from then on an observation is never taken out. It goes
borrador → devuelta → respondida → cerrada, and from respondida back to borrador when it is asked again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import uuid6
from sqlalchemy import Connection

from db.queries import observations as rows
from db.queries import records
from peti_desktop import binnacle
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.intake.inbox import must_be_office
from peti_desktop.intake.receipt import REJECTED, REPLACED
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean
from peti_desktop.returning import phrases
from peti_desktop.returning.declared import Declared, received, stored_title
from peti_desktop.returning.states import ANSWERED, CLOSED, DRAFT, OPEN, RETURNED
from peti_desktop.workspace import Workspace

__all__ = [
    "ANSWERED",
    "CLOSED",
    "DRAFT",
    "MAX_TEXT",
    "OPEN",
    "RETURNED",
    "Asked",
    "Observation",
    "add",
    "add_many",
    "change",
    "close",
    "drop",
    "from_row",
    "known_records",
    "listing",
    "make",
    "must_decide",
    "refuse_settled",
    "reopen",
]

MAX_TEXT = 2000
"""Characters of one observation: what fits a cell, a page and patience."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An observation to be made: of a field, a row (``campo`` empty), a section (``registro`` empty too) or the whole
    delivery (``tipo`` empty too). ``frase`` is a phrase's code, ``texto`` the person's own words after it."""

    tipo: str = ""
    registro: str = ""
    campo: str = ""
    frase: str = ""
    texto: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of the table ``observacion``.

    ``entrega`` is the hash of the delivery, ``numero`` its number, ``ronda`` the return that carried it last (0: none
    yet). ``titular`` names the record and ``declarado`` the value, both as people read them. ``texto`` is all that is
    asked, the phrase included. ``respondida_con`` is the code of the delivery that brought the answer.
    """

    uid: str
    entrega: str
    dependencia: str
    vigencia: int
    numero: int
    ronda: int
    tipo: str
    registro: str
    campo: str
    titular: str
    declarado: str
    frase: str
    texto: str
    vence: date | None
    hecha_en: datetime
    hecha_por: str
    estado: str
    respuesta: str | None
    razon: str | None
    respondida_en: datetime | None
    respondida_por: str | None
    respondida_con: str | None
    cerrada_en: datetime | None
    cerrada_por: str | None

    @property
    def about(self) -> str:
        """What it is about: campo, registro, seccion or entrega."""
        if self.campo:
            return phrases.FIELD
        return phrases.ROW if self.registro else phrases.SECTION if self.tipo else phrases.WHOLE

    @property
    def section(self) -> str:
        """The section's title; «Toda la entrega» for the whole."""
        return TYPES[self.tipo].title if self.tipo else "Toda la entrega"

    @property
    def label(self) -> str:
        """The field's label; empty unless it is about a field."""
        return TYPES[self.tipo][self.campo].label if self.campo else ""

    @property
    def where(self) -> str:
        """The field, or that it is about all of a row or a section; empty for the whole delivery."""
        return self.label or {phrases.ROW: "Todo el registro", phrases.SECTION: "Toda la sección"}.get(self.about, "")

    @property
    def own_words(self) -> str:
        """What the person wrote after the phrase."""
        return phrases.own_words(self.frase, self.texto)


_COLUMNS = [field.name for field in fields(Observation)]


def from_row(row: Mapping[str, Any]) -> Observation:
    """The observation a row holds."""
    return Observation(**{name: row[name] for name in _COLUMNS})


def listing(
    ws: Workspace,
    *,
    delivery: str = "",
    dependencia: str = "",
    vigencia: int | None = None,
    registro: str = "",
    states: Sequence[str] | None = None,
) -> list[Observation]:
    """Observations in the order they were made, of either profile; ``OPEN`` gives those that wait for somebody.

    Those of a dependencia are also those of the ones whose place it took.
    """
    asked = {"entrega": delivery, "vigencia": vigencia, "registro": registro}
    equal = {name: value for name, value in asked.items() if value}
    with ws.read() as connection:
        if not dependencia:
            return [from_row(row) for row in rows.fetch(connection, states=states, **equal)]
        found = of_lineage(ws, connection, dependencia, states=states, **equal)
    return [from_row(row) for row in found]


def of_lineage(
    ws: Workspace, connection: Connection, dependencia: str, *, states: Sequence[str] | None = None, **equal: object
) -> list[dict[str, Any]]:
    """The rows of a dependencia and of those whose place it took, in the order they were made."""
    units = ws.catalogues.lineage("dependencia", dependencia)
    found = [row for unit in units for row in rows.fetch(connection, states=states, dependencia=unit, **equal)]
    return found if len(units) == 1 else sorted(found, key=lambda row: (row["hecha_en"], row["uid"]))


def known_records(connection: Connection, wanted: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of ``wanted`` (type and uid) that the store has, retired or not."""
    names = {name for name, _ in wanted}
    return {
        (name, row["uid"])
        for name in names
        for row in records.named(connection, name, "uid", [uid for other, uid in wanted if other == name])
    }


def add(ws: Workspace, sha256: str, asked: Asked) -> Observation:
    """Make one draft on a received delivery. See ``add_many``."""
    return add_many(ws, sha256, [asked])[0]


def add_many(ws: Workspace, sha256: str, wanted: Sequence[Asked]) -> list[Observation]:
    """Make drafts on a received delivery; the value each is about is read from the delivery itself.

    All or none of them. Raises UserError when nothing is asked, the delivery was rejected or replaced, or has no such
    record; KeyError for an unknown phrase, type or field.
    """
    must_decide(ws)
    with ws.write() as connection:
        return make(ws, connection, received(ws, connection, sha256), wanted)


def make(ws: Workspace, connection: Connection, declared: Declared, wanted: Sequence[Asked]) -> list[Observation]:
    """The same within the caller's transaction."""
    refuse_settled(declared.row)
    made = [_row(ws, connection, declared, asked) for asked in wanted]
    rows.add(connection, made)
    return [from_row(row) for row in made]


def change(ws: Workspace, uid: str, *, frase: str, texto: str) -> Observation:
    """Say otherwise what a draft asks. Raises UserError once it was given back."""
    must_decide(ws)
    with ws.write() as connection:
        draft = _draft(connection, uid)
        rows.change(connection, [uid], {"frase": frase, "texto": _words(frase, texto)})
        return from_row(rows.named(connection, [draft["uid"]])[uid])


def drop(ws: Workspace, uid: str) -> None:
    """Take back a draft. One that asks something again stays answered, as it was."""
    must_decide(ws)
    with ws.write() as connection:
        draft = _draft(connection, uid)
        if draft["ronda"]:
            rows.change(connection, [uid], {"estado": ANSWERED})
        else:
            rows.drop(connection, [uid])


def close(ws: Workspace, uids: Sequence[str], note: str = "") -> int:
    """Close observations that were given back, answered or not; gives how many. ``note`` goes to the log."""
    must_decide(ws)
    with ws.write() as connection:
        found = rows.named(connection, uids)
        closing = [uid for uid in uids if uid in found and found[uid]["estado"] in OPEN]
        if not closing:
            return 0
        when = ws.clock()
        rows.change(connection, closing, {"estado": CLOSED, "cerrada_en": when, "cerrada_por": ws.info.who})
        said = {"observaciones": closing, "nota": note.strip()}
        binnacle.write(connection, when, ws.info.who, "cerrar observaciones", said)
    return len(closing)


def reopen(ws: Workspace, uid: str, sha256: str, *, texto: str = "") -> Observation:
    """Ask again what was answered or closed, of a newer delivery: a draft once more, for its next return.

    ``texto`` takes the place of what was asked; empty: the same again. Raises UserError for one that still waits.
    """
    must_decide(ws)
    with ws.write() as connection:
        before = rows.named(connection, [uid]).get(uid)
        if before is None or before["estado"] not in {ANSWERED, CLOSED}:
            raise UserError("Esa observación todavía espera respuesta.", "Escoja una ya respondida o cerrada.")
        declared = received(ws, connection, sha256)
        refuse_settled(declared.row)
        if before["dependencia"] not in ws.catalogues.lineage("dependencia", declared.row["dependencia"]):
            raise UserError("La observación es de otra dependencia.", "Escoja una entrega de la misma dependencia.")
        now = {
            "entrega": sha256,
            "dependencia": declared.row["dependencia"],
            "numero": declared.row["numero"],
            "declarado": declared.value(before["tipo"], before["registro"], before["campo"], ws.catalogues),
            "texto": _words("", texto) if texto.strip() else before["texto"],
            "frase": "" if texto.strip() else before["frase"],
            "estado": DRAFT,
            "cerrada_en": None,
            "cerrada_por": None,
        }
        rows.change(connection, [uid], now)
        binnacle.write(connection, ws.clock(), ws.info.who, "reabrir observación", {"observacion": uid})
        return from_row(before | now)


def _row(ws: Workspace, connection: Connection, declared: Declared, asked: Asked) -> dict[str, Any]:
    if asked.campo:
        TYPES[asked.tipo][asked.campo]  # a field that is none is a mistake of the program
    title = _title(ws, connection, declared, asked)
    row = declared.row
    empty = dict.fromkeys(_COLUMNS)
    return empty | {
        "uid": str(uuid6.uuid7()),
        "entrega": row["sha256"],
        "dependencia": row["dependencia"],
        "vigencia": row["vigencia"],
        "numero": row["numero"],
        "ronda": 0,
        "tipo": asked.tipo,
        "registro": asked.registro,
        "campo": asked.campo,
        "titular": title,
        "declarado": declared.value(asked.tipo, asked.registro, asked.campo, ws.catalogues),
        "frase": asked.frase,
        "texto": _words(asked.frase, asked.texto),
        "hecha_en": ws.clock(),
        "hecha_por": ws.info.who,
        "estado": DRAFT,
    }


def _title(ws: Workspace, connection: Connection, declared: Declared, asked: Asked) -> str:
    if not asked.tipo:
        return ""
    record_type = TYPES[asked.tipo]
    if not asked.registro:
        return record_type.title
    if (asked.tipo, asked.registro) in declared.records:
        return declared.title(asked.tipo, asked.registro) or record_type.singular
    title = stored_title(ws, connection, asked.tipo, asked.registro, declared.row["dependencia"])
    if not title:
        raise UserError("Ese registro no está en la entrega.", "Escoja uno de la lista de la entrega.")
    return title


def _words(phrase: str, own: str) -> str:
    text = clean(phrases.composed(phrase, own))
    if not text:
        raise UserError("Falta decir qué se pide.", "Escoja una frase o escriba el motivo.")
    if len(text) > MAX_TEXT:
        raise UserError(f"La observación tiene {len(text)} caracteres; caben {MAX_TEXT}.", "Resuma lo que se pide.")
    return text


def _draft(connection: Connection, uid: str) -> dict[str, Any]:
    row = rows.named(connection, [uid]).get(uid)
    if row is None or row["estado"] != DRAFT:
        raise UserError("Esa observación ya se devolvió.", "Ciérrela, o agregue otra que la complete.")
    return row


def must_decide(ws: Workspace) -> None:
    """Raises UserError unless the store is an office's and who works there may decide about deliveries."""
    must_be_office(ws)
    roles.require(ws, roles.CHANGE)


def refuse_settled(row: Mapping[str, Any]) -> None:
    """Raises UserError for a delivery that nobody will answer for any more."""
    if row["estado"] in {REJECTED, REPLACED}:
        raise UserError(
            f"Esa entrega está {row['estado']}: ya no se le hacen observaciones.", "Escoja la última entrega recibida."
        )

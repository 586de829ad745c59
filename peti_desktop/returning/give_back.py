"""Giving a delivery back: a signed workbook with what is asked, and the page that goes with it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from db.queries import decisions, deliveries
from db.queries import observations as rows
from peti_desktop import binnacle
from peti_desktop.consolidation.decisions import FORGOTTEN, GIVE_BACK
from peti_desktop.errors import UserError
from peti_desktop.intake.receipt import RECEIVED, RETURNED
from peti_desktop.office import authority
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.reports.page import CARTA, Paper
from peti_desktop.returning import issuing, observations
from peti_desktop.returning.contents import MAX_OBSERVATIONS, RETURN, Contents, Point, Settled
from peti_desktop.returning.declared import Declared, received
from peti_desktop.returning.observations import Asked, Observation
from peti_desktop.returning.states import CLOSED, DRAFT, UNANSWERED
from peti_desktop.returning.states import RETURNED as ASKED
from peti_desktop.trust.keys import Signer
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Returned:
    """A delivery that was given back: the file, its page, which return of the dependencia it is, and its code."""

    path: Path
    pdf: Path
    ronda: int
    code: str
    sha256: str


def next_round(ws: Workspace, dependencia: str, vigencia: int) -> int:
    """Which return the next one of a dependencia would be within a vigencia: 1 for the first."""
    with ws.read() as connection:
        return _round(ws, connection, dependencia, vigencia)


def _round(ws: Workspace, connection: Connection, dependencia: str, vigencia: int) -> int:
    """The rounds of the one whose place it took go on: what is asked again is told from what was asked before."""
    asked = {"clase": RETURN, "sentido": issuing.ISSUED, "vigencia": vigencia}
    units = ws.catalogues.lineage("dependencia", dependencia)
    own, *former = (len(rows.files(connection, dependencia=unit, **asked)) for unit in units)
    return max(former, default=0) + own + 1


def give_back(
    ws: Workspace,
    sha256: str,
    office: Signer,
    folder: Path,
    due: date,
    progress: Progress = silent,
    *,
    reason: str = "",
    paper: Paper = CARTA,
) -> Returned:
    """Give a received delivery back with its draft observations, to be answered until ``due``.

    ``reason`` is one more observation, about the whole delivery. Rows that were decided «devolver» and records that
    were found forgotten are asked for by themselves, unless somebody made an observation on them. A delivery that
    waited becomes «devuelta»; one that was accepted, whole or in part, keeps its state and only its observations
    travel. All or nothing: state, observations, file and page. Raises UserError when nothing is asked, for a key that
    is not the office's, and when the file cannot be written.
    """
    observations.must_decide(ws)
    authority.refuse_stranger(ws, office)
    issuing.refuse_past(due, ws.today)
    written: list[Path] = []
    try:
        with ws.write() as connection:
            declared = received(ws, connection, sha256)
            wanted = [Asked(texto=reason)] if reason.strip() else []
            observations.make(ws, connection, declared, [*wanted, *_decided(connection, declared)])
            drafts = _drafts(connection, declared)
            when = ws.clock()
            contents = _contents(ws, connection, declared, drafts, due, when)
            issued = issuing.issue(ws, connection, contents, office, when, declared, progress)
            _settle(ws, connection, declared, drafts, issued, due)
            # From here on nothing can be cancelled: a file that exists is a delivery that was given back.
            fresh = not (folder / issued.name).exists()
            path, pdf = issuing.put(issued, folder, paper)
            written = [path, pdf] if fresh else []
    except BaseException:
        issuing.remove(written)
        raise
    return Returned(path, pdf, contents.told.ronda, issued.contents.told.codigo, issued.sha256)


def _decided(connection: Connection, declared: Declared) -> list[Asked]:
    """What the decisions about single rows ask, where no observation asks it yet."""
    sha256 = declared.row["sha256"]
    asked = {(row["tipo"], row["registro"]) for row in rows.fetch(connection, entrega=sha256)}
    phrase = {GIVE_BACK: "", FORGOTTEN: "falta_en_entrega"}
    return [
        Asked(row["tipo"], row["registro"], frase=phrase[row["decision"]], texto=row["motivo"])
        for row in decisions.of(connection, sha256)
        if row["decision"] in phrase and (row["tipo"], row["registro"]) not in asked
    ]


def _drafts(connection: Connection, declared: Declared) -> list[Observation]:
    row = declared.row
    observations.refuse_settled(row)
    found = [observations.from_row(o) for o in rows.fetch(connection, entrega=row["sha256"], states=(DRAFT,))]
    if not found:
        raise UserError("No hay nada que pedirle a la dependencia.", "Agregue una observación o escriba el motivo.")
    if len(found) > MAX_OBSERVATIONS:
        raise UserError(
            f"Son {len(found)} observaciones; en una devolución caben {MAX_OBSERVATIONS}.",
            "Devuelva secciones completas en lugar de campos.",
        )
    return found


def _contents(
    ws: Workspace,
    connection: Connection,
    declared: Declared,
    drafts: list[Observation],
    due: date,
    when: datetime,
) -> Contents:
    row = declared.row
    told = replace(
        issuing.cover(ws, connection, RETURN, row, when),
        ronda=_round(ws, connection, row["dependencia"], row["vigencia"]),
        vence=due,
    )
    points = tuple(_point(draft) for draft in sorted(drafts, key=_order))
    return Contents(told, points, tuple(_closed(ws, connection, row)))


def _order(draft: Observation) -> tuple[int, str, str, str]:
    """The whole first, then section by section, each row's together."""
    names = list(TYPES)
    return (names.index(draft.tipo) + 1 if draft.tipo else 0, draft.registro, draft.campo, draft.uid)


def _point(draft: Observation) -> Point:
    return Point(
        uid=draft.uid,
        tipo=draft.tipo,
        registro=draft.registro,
        campo=draft.campo,
        titular=draft.titular,
        campo_nombre=draft.where,
        declarado=draft.declarado,
        frase=draft.frase,
        texto=draft.texto,
        hecha_en=draft.hecha_en,
    )


def _closed(ws: Workspace, connection: Connection, row: Any) -> list[Settled]:
    """The newest of those closed since: what no longer waits for an answer on the other side."""
    asked = {"vigencia": row["vigencia"], "states": (CLOSED,)}
    found = observations.of_lineage(ws, connection, row["dependencia"], **asked)
    closed = [observations.from_row(o) for o in found][-MAX_OBSERVATIONS:]
    return [Settled(o.uid, o.numero, o.titular, o.where, o.texto) for o in closed]


def _settle(
    ws: Workspace,
    connection: Connection,
    declared: Declared,
    drafts: list[Observation],
    issued: issuing.Issued,
    due: date,
) -> None:
    row, told = declared.row, issued.contents.told
    when = told.emitida_en
    rows.change(
        connection,
        [draft.uid for draft in drafts],
        {"estado": ASKED, "ronda": told.ronda, "vence": due} | UNANSWERED,
    )
    now: dict[str, Any] = {"ronda": told.ronda}
    if row["estado"] == RECEIVED:
        now |= {"estado": RETURNED, "decidida_en": when, "decidida_por": ws.info.who}
    deliveries.decide(connection, row["sha256"], now)
    said = {
        "sha256": row["sha256"],
        "dependencia": row["dependencia"],
        "numero": row["numero"],
        "ronda": told.ronda,
        "observaciones": len(drafts),
        "archivo": issued.sha256,
        "vence": due.isoformat(),
    }
    binnacle.write(connection, when, ws.info.who, "devolver entrega", said)

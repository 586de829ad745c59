"""Looking at sealed cuts and at the log again: what each says of the other, and what somebody changed since."""

import json
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from sqlalchemy import Connection

from db.queries import cuts as rows
from db.queries import log
from peti_desktop import binnacle
from peti_desktop.binnacle import Check, Mark
from peti_desktop.consolidation import cuts, frozen
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress, silent
from peti_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking at a cut again found; ``problems`` empty for a whole one."""

    cut: cuts.Cut
    code: str
    rows: int
    reports: tuple[cuts.Issued, ...]
    problems: tuple[str, ...]


def verify(ws: Workspace, progress: Progress = silent) -> list[Verified]:
    """Look at every cut again: its content, its seal, its reports and the chain. Raises Cancelled."""
    found: list[Verified] = []
    with ws.snapshot() as seen, seen.read() as connection:
        every = rows.listing(connection)
        sealed = _sealed_in_log(connection)
        for done, light in enumerate(every):
            progress(done, len(every), f"Comprobando el corte n.º {light['numero']}")
            before = every[done - 1] if done else None
            found.append(_verified(connection, light, before, sealed))
        if missing := sorted(sealed.keys() - {row["numero"] for row in every}):
            told = ", ".join(f"n.º {number}" for number in missing)
            gone = f"Según la bitácora se sellaron cortes que ya no están: {told}."
            found = [*found[:-1], _also(found[-1], gone)] if found else []
            if not found:
                raise UserError(
                    gone, "Restaure una copia de los datos en que estén, y avise al jefe de la Oficina TIC."
                )
    return found


def _also(verified: Verified, problem: str) -> Verified:
    return replace(verified, problems=(*verified.problems, problem))


def _sealed_in_log(connection: Connection) -> dict[int, str]:
    """The seals of cuts as the log has them, by number."""
    found = {}
    for entry in log.found(connection, log.Asked(action=cuts.SEALING)):
        try:
            said = json.loads(entry["detalle"])
            found[int(said["corte"])] = str(said["sello"])
        except (ValueError, KeyError, TypeError):
            continue  # somebody wrote into the log by hand: it says nothing of a cut, and its own check tells of it
    return found


def _verified(
    connection: Connection, light: dict[str, Any], before: dict[str, Any] | None, sealed: dict[int, str]
) -> Verified:
    cut, problems = cuts.cut_of(light), []
    made = []
    for report in rows.reports(connection, cut.uid):
        row = rows.report(connection, cut.uid, report["nombre"])
        if row is None or cuts.sha256_of(row["contenido"]) != report["sha256"]:
            problems.append(f"El informe «{report['archivo']}» cambió después de sellarse.")
        made.append(cuts.issued_of(report))
    content = rows.content(connection, cut.uid) or b""
    code, lines = "", 0
    try:
        sha256, head = frozen.sha256_of(content), frozen.head_of(content)
        code, lines = cuts.code_of(sha256), frozen.row_count(content)
    except (frozen.Damaged, ValueError):
        problems.append("El contenido congelado está dañado: no se puede leer completo.")
    else:
        if cuts.sealed_with(sha256, tuple(made)) != cut.seal:
            problems.append("El contenido congelado o la lista de informes no coinciden con el sello.")
        if _said(cut) != {key: head.get(key) for key in _said(cut)}:
            problems.append("El nombre, la nota, la fecha o el autor no son los que se sellaron.")
    if cut.previous != (before["sello"] if before else "") or cut.number != (before["numero"] + 1 if before else 1):
        problems.append("No sigue al corte anterior: falta uno, sobra uno o se cambió el anterior.")
    if sealed.get(cut.number) != cut.seal:
        problems.append("La bitácora no dice que se haya sellado con este sello.")
    return Verified(cut, code, lines, tuple(made), tuple(problems))


def _said(cut: cuts.Cut) -> dict[str, Any]:
    when = cut.when.astimezone(UTC).isoformat(timespec="milliseconds")
    said = {"uid": cut.uid, "numero": cut.number, "vigencia": cut.vigencia, "nombre": cut.name, "nota": cut.note}
    return said | {"cuando": when, "quien": cut.who, "previo": cut.previous}


def check_log(ws: Workspace, progress: Progress = silent) -> Check:
    """Walk through the whole log, and ask every cut what the log was at its moment. Raises Cancelled."""
    with ws.snapshot() as seen, seen.read() as connection:
        marks = []
        for row in rows.listing(connection):
            content = rows.content(connection, row["uid"]) or b""
            try:
                said = frozen.head_of(content)["bitacora"]
                marks.append(Mark(cuts.cut_of(row).label, int(said["entradas"]), str(said["sello"])))
            except (frozen.Damaged, ValueError, KeyError, TypeError):
                continue  # a damaged cut has nothing to say about the log; ``verify`` tells of it
        return binnacle.check(connection, progress, tuple(marks))

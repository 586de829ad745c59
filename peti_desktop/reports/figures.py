"""The one source of numbers: what the screen, the workbook and the papers say about the same data is the same."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection

from db.queries import expected as received_rows
from db.queries import figures as sums
from db.queries import records as rows
from db.queries import space
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation.frozen import CUT_CODE, CUT_NAME
from peti_desktop.expected import TAKEN
from peti_desktop.records import EQUIPO, TYPES, Context
from peti_desktop.records.convert import by_name
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace

Cells = Mapping[tuple[int, int], int]
"""Risks by (probability, impact), both 1 to 5; a cell without risks is missing."""

MAPS = ("inherente", "residual")
ZONES = ("bajo", "moderado", "alto", "extremo")
NAMELESS = "Sin diligenciar"


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of one thing."""

    code: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Needs:
    """Needs of one thing: how many lines, how many units, how many pesos."""

    code: str
    label: str
    count: int
    quantity: int
    money: Decimal


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a dependencia stands in the vigencia.

    ``sections`` is what it owes, empty when nothing is expected of it. ``state`` is «pendiente» (nothing came),
    «por revisar» (its newest delivery waits for a decision), «aceptada en parte», «devuelta», «aceptada» or
    «rechazada», of the newest one, which ``sha256`` tells; ``accepted`` is the number of the last delivery that was
    accepted, at least in part, and ``accepted_sha256`` tells it; 0 and empty before the first.
    """

    dependencia: str
    name: str
    sections: tuple[str, ...]
    due: date | None
    state: str
    number: int
    code: str
    received_at: datetime | None
    accepted: int
    sha256: str = ""
    accepted_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted about the records in force, of the entity or of one dependencia.

    ``changed_at`` is when the data last changed and ``code`` identifies that very state of it. ``heat`` and ``zones``
    are by map («inherente», «residual»), ``heat_of`` and ``heat_of_proceso`` besides by the code of each dependencia
    and proceso that has a rated risk. ``unrated`` counts risks without a complete rating.
    ``cut`` and ``cut_code`` name the sealed cut these are the figures of, empty for the open consolidation.
    ``obsolete`` counts devices by reason: one that has two is counted under both, and once in ``obsolete_total``.
    """

    entity: str
    dependencia: str
    vigencia: int
    changed_at: datetime | None
    code: str
    example: bool
    totals: Mapping[str, int]
    deliveries: tuple[Delivery, ...]
    heat: Mapping[str, Cells]
    heat_of: Mapping[str, Mapping[str, Cells]]
    heat_of_proceso: Mapping[str, Mapping[str, Cells]]
    zones: Mapping[str, Mapping[str, int]]
    unrated: int
    risks_by_dependencia: tuple[Count, ...]
    risks_by_proceso: tuple[Count, ...]
    needs_by_tema: tuple[Needs, ...]
    needs_by_dependencia: tuple[Needs, ...]
    needs_by_forma: tuple[Needs, ...]
    equipment: Mapping[str, tuple[Count, ...]]
    obsolete: tuple[Count, ...]
    obsolete_total: int
    dependencias: tuple[Count, ...]
    cut: str = ""
    cut_code: str = ""

    @property
    def expected(self) -> int:
        """How many dependencias owe a delivery."""
        return sum(1 for delivery in self.deliveries if delivery.sections)

    @property
    def accepted(self) -> int:
        """How many of those had a delivery accepted."""
        return sum(1 for delivery in self.deliveries if delivery.sections and delivery.accepted)

    @property
    def pending(self) -> int:
        """How many of those had none accepted yet."""
        return self.expected - self.accepted

    @property
    def money(self) -> Decimal:
        """What all needs cost, in pesos."""
        return sum((needs.money for needs in self.needs_by_tema), Decimal(0))

    @property
    def quantity(self) -> int:
        """How many units all needs ask for."""
        return sum(needs.quantity for needs in self.needs_by_tema)


def figures(ws: Workspace, dependencia: str | None = None) -> Figures:
    """The numbers of the whole store, or of one dependencia."""
    catalogues = ws.catalogues
    with ws.read() as connection:
        heat_of = {which: _heat_of(connection, which, dependencia) for which in MAPS}
        by_proceso = {which: _heat_by_proceso(connection, catalogues, which, dependencia) for which in MAPS}
        obsolete = _obsolete(connection, ws, dependencia)
        zones = {which: sums.zones(connection, which, dependencia) for which in MAPS}
        return Figures(
            entity=ws.info.entidad,
            dependencia=dependencia or "",
            vigencia=ws.info.vigencia,
            changed_at=sums.last_change(connection, dependencia),
            code=_code(connection, dependencia),
            example=sums.has_examples(connection, dependencia),
            totals=rows.counts(connection, dependencia=dependencia),
            deliveries=tuple(
                d for d in _deliveries(connection, ws) if dependencia is None or d.dependencia == dependencia
            ),
            heat={which: sums.heat(connection, which, dependencia) for which in MAPS},
            heat_of=heat_of,
            heat_of_proceso=by_proceso,
            zones={which: {zone: found.get(zone, 0) for zone in ZONES} for which, found in zones.items()},
            unrated=zones["inherente"].get(None, 0),
            risks_by_dependencia=_by(connection, catalogues, "riesgo", "dependencia", dependencia),
            risks_by_proceso=_by_proceso(connection, catalogues, dependencia),
            needs_by_tema=_needs(connection, catalogues, "tema", "tema", dependencia),
            needs_by_dependencia=_needs(connection, catalogues, "dependencia", "dependencia", dependencia),
            needs_by_forma=_needs(connection, catalogues, "forma", "forma_necesidad", dependencia),
            equipment={
                "tipo": _by(connection, catalogues, "equipo", "tipo", dependencia, "tipo_equipo"),
                "estado": _by(connection, catalogues, "equipo", "estado", dependencia, "estado_equipo"),
                "sistema_operativo": _by(connection, catalogues, "equipo", "sistema_operativo", dependencia),
                "dependencia": _by(connection, catalogues, "equipo", "dependencia", dependencia),
            },
            obsolete=_by_reason(obsolete),
            obsolete_total=obsolete.total(),
            dependencias=_dependencias(connection, catalogues, dependencia),
            cut=ws.setting(CUT_NAME),
            cut_code=ws.setting(CUT_CODE),
        )


def risks_in(ws: Workspace, which: str, p: int, i: int, dependencia: str | None = None) -> list[Record]:
    """The risks behind a cell of the map ``which`` (inherente or residual)."""
    return ws.records("riesgo", dependencia=dependencia, equal={f"probabilidad_{which}": p, f"impacto_{which}": i})


def _code(connection: Connection, dependencia: str | None) -> str:
    """Eight characters that identify the state of the data: equal data, equal code."""
    digest = hashlib.sha256()
    for name, uid, revision in sums.revisions(connection, dependencia):
        digest.update(f"{name} {uid} {revision}\n".encode())
    text = base64.b32encode(digest.digest()[:5]).decode("ascii")
    return f"{text[:4]}-{text[4:]}"


def _sorted(counts: Iterable[Count]) -> tuple[Count, ...]:
    return tuple(sorted(counts, key=lambda c: (-c.count, by_name(c.label))))


def _by(
    connection: Connection,
    catalogues: Catalogues,
    name: str,
    column: str,
    dependencia: str | None,
    list_name: str = "",
) -> tuple[Count, ...]:
    """Counts of a choice column, the most frequent first."""
    found = sums.counts(connection, name, column, dependencia)
    return _sorted(Count(c or "", _label(catalogues, list_name or column, c), n) for c, n in found.items())


def _obsolete(connection: Connection, ws: Workspace, dependencia: str | None) -> Counter[str]:
    """Obsolete devices by what a record says, as of today: what was in support when it was written may be no longer."""
    said: Counter[str] = Counter()
    context = Context(ws.catalogues, ws.today)
    for system, office, count in sums.installed(connection, dependencia):
        found = EQUIPO.compute({"sistema_operativo": system, "ofimatica": office}, context)["obsolescencia"]
        if isinstance(found, str):
            said[found] += count
    return said


def _by_reason(said: Mapping[str, int]) -> tuple[Count, ...]:
    """Devices by each reason alone; a record says all of its reasons in one line, with «; » between them."""
    totals: Counter[str] = Counter()
    for reasons, devices in said.items():
        for reason in reasons.split("; "):
            totals[reason] += devices
    return _sorted(Count(reason, reason, devices) for reason, devices in totals.items())


def _label(catalogues: Catalogues, list_name: str, code: str | None) -> str:
    return catalogues.label(list_name, code) if code else NAMELESS


def _proceso(catalogues: Catalogues, subproceso: str | None) -> str:
    """The code of the proceso a subproceso belongs to; empty for none."""
    entry = catalogues.entry("subproceso", subproceso) if subproceso else None
    return str(entry.extra.get("proceso", "")) if entry else ""


def _heat_of(connection: Connection, which: str, dependencia: str | None) -> dict[str, Cells]:
    return {code or "": cells for code, cells in sums.heat_by(connection, which, "dependencia", dependencia).items()}


def _heat_by_proceso(
    connection: Connection, catalogues: Catalogues, which: str, dependencia: str | None
) -> dict[str, Cells]:
    totals: dict[str, Counter[tuple[int, int]]] = {}
    for subproceso, cells in sums.heat_by(connection, which, "subproceso", dependencia).items():
        totals.setdefault(_proceso(catalogues, subproceso), Counter()).update(cells)
    return dict(totals)


def _by_proceso(connection: Connection, catalogues: Catalogues, dependencia: str | None) -> tuple[Count, ...]:
    """Risks by proceso, which follows from their subproceso."""
    totals: dict[str, int] = {}
    for subproceso, count in sums.counts(connection, "riesgo", "subproceso", dependencia).items():
        proceso = _proceso(catalogues, subproceso)
        totals[proceso] = totals.get(proceso, 0) + count
    return _sorted(
        Count(code, catalogues.label("proceso", code) if code else "Sin proceso en el mapa", count)
        for code, count in totals.items()
    )


def _needs(
    connection: Connection, catalogues: Catalogues, column: str, list_name: str, dependencia: str | None
) -> tuple[Needs, ...]:
    """Sums of needs, the most expensive first."""
    found = [
        Needs(code or "", _label(catalogues, list_name, code), count, quantity, money)
        for code, count, quantity, money in sums.needs(connection, column, dependencia)
    ]
    return tuple(sorted(found, key=lambda n: (-n.money, -n.count, by_name(n.label))))


def _dependencias(connection: Connection, catalogues: Catalogues, dependencia: str | None) -> tuple[Count, ...]:
    """Every dependencia with a record, in alphabetical order, and how many records it has."""
    totals: dict[str, int] = {}
    for name in TYPES:
        for code, count in sums.counts(connection, name, "dependencia", dependencia).items():
            totals[str(code)] = totals.get(str(code), 0) + count
    counts = (Count(code, catalogues.label("dependencia", code), count) for code, count in totals.items())
    return tuple(sorted(counts, key=lambda c: by_name(c.label)))


def _deliveries(connection: Connection, ws: Workspace) -> list[Delivery]:
    """How every dependencia stands that owes or has sent a delivery, in alphabetical order."""
    owed: dict[str, list[tuple[str, date]]] = {}
    for row in space.deadlines(connection, ws.info.vigencia):
        if row["sin_novedad"]:
            continue
        owed.setdefault(row["dependencia"], []).append((row["seccion"], row["vence"]))
    came: dict[str, list[received_rows.Row]] = {}
    for row in received_rows.deliveries(connection, ws.info.vigencia):
        came.setdefault(row["dependencia"], []).append(row)
    found = [
        _delivery(code, ws.catalogues.label("dependencia", code), owed.get(code, []), came.get(code, []))
        for code in owed.keys() | came.keys()
    ]
    return sorted(found, key=lambda delivery: by_name(delivery.name))


def _delivery(code: str, name: str, owed: list[tuple[str, date]], came: list[received_rows.Row]) -> Delivery:
    newest: received_rows.Row | None = max(came, key=lambda row: (row["numero"], row["recibida_en"]), default=None)
    taken = [row for row in came if row["estado"] in TAKEN]
    accepted = max(taken, key=lambda row: (row["numero"], row["recibida_en"]), default=None)
    return Delivery(
        dependencia=code,
        name=name,
        sections=tuple(section for section, _ in owed),
        due=min((due for _, due in owed), default=None),
        state=_STATES.get(str(newest["estado"]), str(newest["estado"])) if newest else "pendiente",
        number=newest["numero"] if newest else 0,
        code=newest["codigo"] if newest else "",
        received_at=newest["recibida_en"] if newest else None,
        accepted=accepted["numero"] if accepted else 0,
        sha256=newest["sha256"] if newest else "",
        accepted_sha256=accepted["sha256"] if accepted else "",
    )


_STATES = {"recibida": "por revisar"}

"""In which order needs should be met: a score of 0 to 100 whose parts anybody can read, or what a person set instead.

The weights are ``resources/catalogues/prioridad.toml``; docs/prioridad.md explains the rule. All points are whole
numbers. Equal needs (``grouping``) are one item; each need in it keeps its own quantity, value and justification.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from sqlalchemy import Connection

from db.queries import groups as rows
from db.queries import records as record_rows
from peti_desktop import binnacle, catalogues
from peti_desktop.consolidation import roles
from peti_desktop.consolidation.grouping import joined
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EQUIPO, Context
from peti_desktop.records.convert import clean, plain
from peti_desktop.workspace import Workspace

MOST: Final = 100
ZONES: Final = ("bajo", "moderado", "alto", "extremo")
NOT_ASKED_FOR: Final = frozenset({"situacion", "recomendacion"})
"""What is noted among the needs and is no request."""
_LONGEST_REASON: Final = 2_000


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the rule adds, of how much at most, and why in words."""

    code: str
    name: str
    points: int
    most: int
    words: str


@dataclass(frozen=True, slots=True)
class Hand:
    """A score that a person set in the place of the rule's."""

    score: int
    reason: str
    who: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """One need as far as priorities, money and the plan of purchases look at it; ``None`` is what nobody filled in."""

    uid: str
    dependencia: str
    tema: str | None
    description: str
    justification: str
    urgency: str | None
    quantity: int | None
    unit_value: Decimal | None
    total: Decimal | None
    source: str | None
    year: int | None
    unspsc: str | None
    risk: str | None
    example: bool
    hand: Hand | None = None


@dataclass(frozen=True)
class Item:
    """A line of the ranking: a need, or equal needs that are bought together (``group`` is then a decision's uid).

    What it adds up is added up once: the line moves through all items while somebody drags it.
    """

    uid: str
    group: str
    needs: tuple[Need, ...]
    parts: tuple[Part, ...]
    hand: Hand | None

    @cached_property
    def rule(self) -> int:
        """What the rule says, 0 to 100."""
        return sum(part.points for part in self.parts)

    @property
    def score(self) -> int:
        """What counts: a person's word where there is one, else the rule's."""
        return self.hand.score if self.hand else self.rule

    @property
    def name(self) -> str:
        """What is needed, in the words of the first who asked."""
        return self.needs[0].description

    @cached_property
    def quantity(self) -> int:
        """All units together."""
        return sum(need.quantity or 0 for need in self.needs)

    @cached_property
    def total(self) -> Decimal:
        """Pesos of all needs that say what they cost."""
        return sum((need.total for need in self.needs if need.total is not None), Decimal(0))

    @cached_property
    def valued(self) -> bool:
        """Whether every need says what it costs."""
        return all(need.total is not None for need in self.needs)

    @cached_property
    def dependencias(self) -> tuple[str, ...]:
        """Who asks for it, each once."""
        return tuple(sorted({need.dependencia for need in self.needs}))

    @cached_property
    def risks(self) -> frozenset[str]:
        """The risks it lowers."""
        return frozenset(need.risk for need in self.needs if need.risk)


def ranking(ws: Workspace, progress: Progress = silent) -> list[Item]:
    """All that is asked for, the most pressing first. Raises Cancelled from ``progress``."""
    with ws.read() as connection:
        progress(0, 0, "Leyendo las necesidades")
        found = [row for row in rows.needs(connection) if row["forma"] not in NOT_ASKED_FOR]
        groups = joined(connection, "necesidad")
        hands = {uid: _hand(row) for uid, row in rows.priorities(connection).items()}
    together: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found:
        uid = str(row["uid"])
        together[groups.get(uid, uid)].append(row)
    score = _Rule(ws)
    items = []
    for done, (key, members) in enumerate(together.items()):
        if done % 1_000 == 0:
            progress(done, len(together), "Ordenando las necesidades")
        items.append(_item("" if key == members[0]["uid"] else key, members, score, hands))
    return sorted(items, key=_order)


def _order(item: Item) -> tuple[object, ...]:
    """The score, then what its parts say in their order, then the words: never by chance."""
    return (-item.score, *(-part.points for part in item.parts), plain(item.name[:200]), item.uid)


def _item(group: str, members: Sequence[Mapping[str, Any]], rule: "_Rule", hands: Mapping[str, Hand]) -> Item:
    needs = tuple(_need(row, hands.get(row["uid"])) for row in members)
    said = [need.hand for need in needs if need.hand is not None]
    newest = max(said, key=lambda hand: (hand.when, hand.score)) if said else None
    return Item(needs[0].uid, group if len(needs) > 1 else "", needs, rule.parts(members), newest)


def _need(row: Mapping[str, Any], hand: Hand | None) -> Need:
    return Need(
        uid=row["uid"],
        dependencia=row["dependencia"],
        tema=row["tema"],
        description=row["descripcion"] or "",
        justification=row["justificacion"] or "",
        urgency=row["urgencia"],
        quantity=row["cantidad"],
        unit_value=row["valor_unitario"],
        total=row["valor_total"],
        source=row["fuente_financiacion"],
        year=row["vigencia"],
        unspsc=row["unspsc"],
        risk=row["riesgo"],
        example=row["ejemplo"],
        hand=hand,
    )


# The rule


class _Rule:
    """The weights, and what they say of a need's row or of several that are one item."""

    def __init__(self, ws: Workspace) -> None:
        self._parts = {row["codigo"]: row for row in catalogues.table("prioridad")["parte"]}
        self._label = ws.catalogues.label
        self._context = Context(ws.catalogues, ws.today)
        self._supported: dict[tuple[str | None, str | None], str] = {}

    def parts(self, members: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
        """Of several equal needs each part is that of the one with most."""
        say: dict[str, Callable[[Mapping[str, Any]], tuple[int, str]]] = {
            "zona": self._zone,
            "controles": self._controls,
            "obsolescencia": self._device,
            "urgencia": self._urgency,
        }
        found = []
        for code, row in self._parts.items():
            if code == "alcance":
                points, words = self._reach(len({member["dependencia"] for member in members}))
            else:
                points, words = max((say[code](member) for member in members), key=lambda said: said[0])
            found.append(Part(code, row["nombre"], points, max(row["puntos"].values()), words))
        return tuple(found)

    def _points(self, part: str, key: str) -> int:
        return int(self._parts[part]["puntos"].get(key, 0))

    def _zone(self, row: Mapping[str, Any]) -> tuple[int, str]:
        zone = row["zona_residual"] or row["zona_inherente"]
        if row["riesgo"] is None or row["riesgo_descripcion"] is None:
            return 0, "No dice qué riesgo baja"
        if zone is None:
            return 0, f"{row['referencia'] or 'El riesgo'} está sin valorar"
        when = "residual" if row["zona_residual"] else "inherente"
        return self._points("zona", zone), f"{row['referencia']}: zona {when} {self._label('zona', zone)}"

    def _controls(self, row: Mapping[str, Any]) -> tuple[int, str]:
        before, after = row["zona_inherente"], row["zona_residual"]
        if before not in ZONES or after not in ZONES:
            return 0, "Sin riesgo valorado no se sabe"
        names = f"{self._label('zona', before)} → {self._label('zona', after)}"
        if after == "bajo":
            return 0, f"Los controles lo dejan en Bajo ({names})" if before != "bajo" else "El riesgo ya es Bajo"
        steps = max(0, ZONES.index(before) - ZONES.index(after))
        said = "no lo bajan" if not steps else f"lo bajan {steps} zona{'s' if steps > 1 else ''}"
        return self._points("controles", str(steps)), f"Los controles {said} ({names})"

    def _device(self, row: Mapping[str, Any]) -> tuple[int, str]:
        if row["equipo"] is None:
            return 0, "No dice qué equipo reemplaza"
        name = f"{row['placa']}: " if row["placa"] else ""
        if said := self._support(row["sistema_operativo"], row["ofimatica"]):
            return self._points("obsolescencia", "sin_soporte"), f"{name}{said}"
        if row["anio"] is None:
            return 0, f"{name}no se sabe de qué año es"
        years = self._context.today.year - row["anio"]
        for step, least in self._parts["obsolescencia"]["anios"].items():
            if years >= least:
                return self._points("obsolescencia", step), f"{name}tiene {years} años"
        return 0, f"{name}con soporte y de menos de 5 años"

    def _support(self, system: str | None, office: str | None) -> str:
        key = (system, office)
        if key not in self._supported:
            found = EQUIPO.compute({"sistema_operativo": system, "ofimatica": office}, self._context)["obsolescencia"]
            self._supported[key] = str(found or "")
        return self._supported[key]

    def _urgency(self, row: Mapping[str, Any]) -> tuple[int, str]:
        if row["urgencia"] is None:
            return 0, "No dice qué tan urgente es"
        return self._points("urgencia", row["urgencia"]), self._label("urgencia", row["urgencia"])

    def _reach(self, units: int) -> tuple[int, str]:
        steps = [int(step) for step in self._parts["alcance"]["puntos"] if int(step) <= units]
        words = "La pide una dependencia" if units == 1 else f"La piden {units} dependencias"
        return self._points("alcance", str(max(steps))), words


# What a person sets

Seen = Mapping[str, Hand | None]
"""By need, what stood for it in the eyes of who decides."""


@dataclass(frozen=True, slots=True)
class Before:
    """The needs whose score was set or lifted, what stood for them until then, and what stands since."""

    uids: tuple[str, ...]
    stood: tuple[rows.Row, ...]
    stands: tuple[rows.Row, ...]


def _hand(row: Mapping[str, Any]) -> Hand:
    return Hand(row["puntaje"], row["motivo"], row["quien"], row["cuando"])


def set_by_hand(ws: Workspace, uids: Iterable[str], score: int, reason: str, seen: Seen | None = None) -> Before:
    """Let ``score`` (0 to 100) stand for these needs instead of the rule's; gives what ``put_back`` needs.

    Raises UserError for another score, without a reason, for needs that are no longer in force, to who only reads, and
    when somebody else said something of one of them that ``seen`` does not know.
    """
    said = clean(reason)
    if not 0 <= score <= MOST:
        raise UserError(f"Una prioridad va de 0 a {MOST}.", "Escriba un número entre esos dos.")
    if not said:
        raise UserError("Falta el motivo.", "Escriba por qué esta necesidad no va donde la pone la regla.")
    if len(said) > _LONGEST_REASON:
        raise UserError(f"El motivo pasa de {_LONGEST_REASON} letras.", "Escríbalo más corto.")
    named = tuple(uids)
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        present = {row["uid"] for row in record_rows.named(connection, "necesidad", "uid", named, retired=False)}
        if present != set(named):
            raise UserError("Esa necesidad ya no está en la consolidación.", "Vuelva a mirar la lista.")
        stamp = {"puntaje": score, "motivo": said, "quien": ws.info.who, "cuando": ws.clock()}
        _refuse_unseen(connection, seen)
        return _replace(ws, connection, named, [{"registro": uid} | stamp for uid in named], "fijar prioridad")


def lift(ws: Workspace, uids: Iterable[str], seen: Seen | None = None) -> Before:
    """Let the rule count again for these needs; gives what ``put_back`` needs. Raises UserError as ``set_by_hand``."""
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        _refuse_unseen(connection, seen)
        return _replace(ws, connection, tuple(uids), [], "volver a la prioridad de la regla")


def put_back(ws: Workspace, before: Before) -> None:
    """Undo ``set_by_hand`` or ``lift``. Raises UserError when somebody changed one of those priorities since then."""
    roles.require(ws, roles.CHANGE)
    with ws.write() as connection:
        stands = {row["registro"]: _hand(row) for row in before.stands}
        _refuse_unseen(connection, {uid: stands.get(uid) for uid in before.uids})
        _replace(ws, connection, before.uids, list(before.stood), "deshacer cambio de prioridad")


def _refuse_unseen(connection: Connection, seen: Seen | None) -> None:
    """Raise UserError when what stands for a need is not what was seen: nobody overwrites a colleague unawares."""
    stands = {uid: _hand(row) for uid, row in rows.priorities(connection).items()} if seen else {}
    for uid, known in (seen or {}).items():
        if (now := stands.get(uid)) != known:
            what = f"{now.who} la puso en {now.score}: {now.reason}" if now else "volvió a contar la regla"
            raise UserError(
                f"Mientras tanto otra persona cambió esa prioridad: {what}.",
                "Mire la lista de nuevo y decida si aún hace falta el cambio.",
            )


def _replace(
    ws: Workspace, connection: Connection, uids: tuple[str, ...], new: Sequence[rows.Row], action: str
) -> Before:
    stood = rows.priorities(connection)
    before = tuple(stood[uid] for uid in uids if uid in stood)
    if not before and not new:
        return Before(uids, (), ())
    rows.set_priorities(connection, uids, new)
    detail = {
        "registros": list(uids),
        "antes": {row["registro"]: row["puntaje"] for row in before},
        "despues": {row["registro"]: row["puntaje"] for row in new},
        "motivo": new[0]["motivo"] if new else "",
    }
    binnacle.write(connection, ws.clock(), ws.info.who, action, detail)
    stands = rows.priorities(connection)  # as the store keeps it: moments lose their last digits there
    return Before(uids, before, tuple(stands[uid] for uid in uids if uid in stands))

"""What initiatives gather: needs (equal ones as one), gaps noted among the needs, and high risks.

A record is in one initiative at most, so that nothing is counted twice. What is proposed for an initiative follows from
what the record says of its component and goal, else from its theme (``resources/catalogues/plan.toml``); a person
always decides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from db.queries import plan as rows
from db.queries import records
from peti_desktop import catalogues
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation.acting import OfficeAct, acting
from peti_desktop.consolidation.priorities import NOT_ASKED_FOR, Item, ranking
from peti_desktop.errors import UserError
from peti_desktop.progress import Progress, silent
from peti_desktop.records.record import Record
from peti_desktop.workspace import Workspace

NEED, GAP, RISK = "necesidad", "brecha", "riesgo"
KINDS: Final = {NEED: "Necesidad", GAP: "Brecha", RISK: "Riesgo"}
HIGH: Final = ("extremo", "alto")
"""The zones of risks that are offered by themselves."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One need of a thing, as far as its cost looks at it: pesos (None: not valued), year asked for, source."""

    uid: str
    money: Decimal | None
    year: int | None
    source: str | None


@dataclass(frozen=True, slots=True)
class Thing:
    """What an initiative gathers as one: a need or equal needs (``asks`` has each), a gap or a risk (no ``asks``).

    ``topic`` is what people read of its ``theme``, of a risk its zone. ``component`` and ``goal`` are what the record
    says, empty where it does not; ``proposed`` the component that its theme or factor suggests. ``initiative`` is the
    uid of the one it is in, empty when loose.
    """

    kind: str
    uids: tuple[str, ...]
    words: str
    theme: str
    topic: str
    dependencias: tuple[str, ...]
    quantity: int
    asks: tuple[Ask, ...]
    component: str
    proposed: str
    goal: str
    initiative: str
    example: bool

    @property
    def type(self) -> str:
        """The record type of its uids."""
        return "riesgo" if self.kind == RISK else "necesidad"

    @property
    def money(self) -> Decimal:
        """Pesos of all that say what they cost."""
        return sum((ask.money for ask in self.asks if ask.money is not None), Decimal(0))

    @property
    def unvalued(self) -> int:
        """How many needs do not say what they cost."""
        return sum(1 for ask in self.asks if ask.money is None)


def things(ws: Workspace, progress: Progress = silent) -> list[Thing]:
    """All there is to gather: needs by priority, then gaps, then risks from the worst on."""
    items = ranking(ws, progress)
    with ws.read() as connection:
        links = rows.links(connection)
        said = rows.said_of_needs(connection)
        gaps = list(rows.gaps(connection, NOT_ASKED_FOR))
        risks = list(rows.high_risks(connection, HIGH))
    suggested = catalogues.table("plan")
    found = [thing for item in items for thing in _of_item(item, links, said, suggested, ws.catalogues)]
    found += [_gap(row, links, suggested, ws.catalogues) for row in gaps]
    risks.sort(key=lambda row: (_place(row), row["dependencia"], row["referencia"] or "", row["uid"]))
    return found + [_risk(row, links, suggested, ws.catalogues) for row in risks]


def _of_item(
    item: Item,
    links: Mapping[str, str],
    said: Mapping[str, tuple[str | None, str | None]],
    suggested: Mapping[str, Any],
    known: Catalogues,
) -> list[Thing]:
    """An item of the ranking; equal needs that stand in different initiatives are a thing in each."""
    by_initiative: defaultdict[str, list[Any]] = defaultdict(list)
    for need in item.needs:
        by_initiative[links.get(need.uid, "")].append(need)
    made = []
    for initiative, needs in by_initiative.items():
        theme = next((need.tema for need in needs if need.tema), "")
        own = [said.get(need.uid, (None, None)) for need in needs]
        made.append(
            Thing(
                kind=NEED,
                uids=tuple(need.uid for need in needs),
                words=" ".join(needs[0].description.split()),
                theme=theme or "",
                topic=known.label("tema", theme) if theme else "",
                dependencias=tuple(sorted({need.dependencia for need in needs})),
                quantity=sum(need.quantity or 0 for need in needs if isinstance(need.quantity, int)),
                asks=tuple(Ask(need.uid, need.total, need.year, need.source) for need in needs),
                component=next((component for component, _ in own if component), ""),
                proposed=suggested["tema"].get(theme, ""),
                goal=next((goal for _, goal in own if goal), ""),
                initiative=initiative,
                example=any(need.example for need in needs),
            )
        )
    return made


def _gap(row: Mapping[str, Any], links: Mapping[str, str], suggested: Mapping[str, Any], known: Catalogues) -> Thing:
    return Thing(
        kind=GAP,
        uids=(row["uid"],),
        words=" ".join((row["descripcion"] or "").split()),
        theme=row["tema"] or "",
        topic=known.label("tema", row["tema"]) if row["tema"] else "",
        dependencias=(row["dependencia"],),
        quantity=0,
        asks=(),
        component=row["componente"] or "",
        proposed=suggested["tema"].get(row["tema"] or "", ""),
        goal=row["objetivo"] or "",
        initiative=links.get(row["uid"], ""),
        example=row["ejemplo"],
    )


def _zone(row: Mapping[str, Any]) -> str:
    return str(row["zona_residual"] or row["zona_inherente"] or "")


def _place(row: Mapping[str, Any]) -> int:
    return HIGH.index(_zone(row)) if _zone(row) in HIGH else len(HIGH)


def _risk(row: Mapping[str, Any], links: Mapping[str, str], suggested: Mapping[str, Any], known: Catalogues) -> Thing:
    zone = _zone(row)
    words = " ".join((row["descripcion"] or row["causa_raiz"] or "").split())
    return Thing(
        kind=RISK,
        uids=(row["uid"],),
        words=f"{row['referencia'] or ''} {words}".strip(),
        theme="",
        topic=known.label("zona", zone) if zone else "Sin valorar",
        dependencias=(row["dependencia"],),
        quantity=0,
        asks=(),
        component="",
        proposed=suggested["tipo_riesgo"].get(row["tipo"], "") or suggested["factor"].get(row["factor"] or "", ""),
        goal="",
        initiative=links.get(row["uid"], ""),
        example=row["ejemplo"],
    )


# What is proposed


def why(thing: Thing, initiative: Record) -> str:
    """Why a loose thing is proposed for an initiative, in words; empty when it is not.

    A record that names another component, or another goal, is not.
    """
    component, goal = initiative.values.get("componente"), initiative.values.get("objetivo")
    if thing.initiative or not isinstance(component, str) or (thing.goal and thing.goal != goal):
        return ""
    same_goal = " y el mismo objetivo" if thing.goal else ""
    if thing.component == component:
        return f"Dice el mismo componente{same_goal}"
    if thing.component or thing.proposed != component:
        return ""
    by = "Es un riesgo de ese componente" if thing.kind == RISK else f"Por su tema: {thing.topic}"
    return by + same_goal


def proposed(found: Iterable[Thing], initiative: Record) -> list[tuple[Thing, str]]:
    """The loose things that may belong to an initiative with the reason, those that say so themselves first."""
    said = [(thing, reason) for thing in found if (reason := why(thing, initiative))]
    return sorted(said, key=lambda pair: not pair[0].component)


# What a person decides


def assign(ws: Workspace, initiative: str, chosen: Sequence[Thing]) -> int:
    """Let an initiative gather these things, away from whichever had them: one act. Gives how many records.

    Raises UserError for a retired initiative and to who only reads, LookupError for one that never was.
    """
    record = ws.record("iniciativa", initiative)
    name = str(record.values["codigo"] or "una iniciativa")
    if record.retired is not None:
        raise UserError(f"{name} está retirada.", "Recupérela de la papelera, o escoja otra.")
    with acting(ws, f"llevar {_many(chosen)} a {name}") as act:
        before = _linked(act, chosen)
        wanted: dict[rows.Pair, str | None] = dict.fromkeys(before, None)
        wanted |= {(initiative, uid): thing.type for thing in chosen for uid in thing.uids}
        act.set_links(wanted)
    return sum(len(thing.uids) for thing in chosen)


def release(ws: Workspace, chosen: Sequence[Thing]) -> int:
    """Let these things be of no initiative: one act. Gives how many records. Raises UserError to who only reads."""
    with acting(ws, f"sacar {_many(chosen)} de su iniciativa") as act:
        before = _linked(act, chosen)
        act.set_links(dict.fromkeys(before, None))
    return len(before)


def _linked(act: OfficeAct, chosen: Sequence[Thing]) -> Mapping[rows.Pair, str]:
    """The links of these things. Raises UserError when they are no longer those that were looked at."""
    found = rows.linked(act.connection, [uid for thing in chosen for uid in thing.uids])
    named = records.named(act.connection, "iniciativa", "uid", {initiative for initiative, _ in found}, retired=False)
    in_force = {row["uid"] for row in named}
    now = {uid: initiative for initiative, uid in found if initiative in in_force}
    if any(now.get(uid, "") != thing.initiative for thing in chosen for uid in thing.uids):
        raise UserError(
            "Otra persona llevó o sacó mientras tanto alguno de esos registros.",
            "No cambió nada. Vea el plan de nuevo y repita.",
        )
    return found


def _many(chosen: Sequence[Thing]) -> str:
    count = sum(len(thing.uids) for thing in chosen)
    return "1 registro" if count == 1 else f"{count} registros"

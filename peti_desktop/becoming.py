"""After a reorganisation: a dependencia's store goes on as the one that took its place.

The starter file of the successor brings it: the lists in it say what became of the dependencia. The records go on
under the new one with their uids and their history; after a split those whose process another part answers for leave,
retired here with their reason, for that part begins from a copy of the store as it was. The numbers of the deliveries
go on; a key does not, for each signs for one dependencia.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.queries import marks, space
from db.queries import records as rows
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation import roles
from peti_desktop.copies import BEFORE_BECOMING, keep
from peti_desktop.delivery import signing_key, starter
from peti_desktop.delivery.starter import Starter
from peti_desktop.editing import RETIRE
from peti_desktop.errors import UserError
from peti_desktop.post import handed_over
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.vigencias import travelling
from peti_desktop.vigencias.rules import UNIT
from peti_desktop.workspace import Workspace

BEFORE: Final = "dependencia_anterior"
"""The setting that names the dependencia this store worked for before."""


@dataclass(frozen=True, slots=True)
class Becoming:
    """What the store of ``old`` would be after the file: ``new``, with so many records.

    ``leaving`` are records in force that another part of a split answers for, by uid with the code of that part;
    ``parts`` are the names of those parts. ``unsaid`` counts the records that stay because nothing tells which part
    they belong to. ``joined`` are the names of the other dependencias that became the same one.
    """

    starter: Starter
    old: str
    old_name: str
    new: str
    new_name: str
    staying: int
    unsaid: int
    leaving: Mapping[str, str]
    parts: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """What to ask the person."""
        return f"{self.old_name} pasó a {self.new_name}. ¿Este archivo de datos sigue como {self.new_name}?"

    @property
    def detail(self) -> str:
        """What it means, a sentence in each line."""
        many = "1 registro sigue" if self.staying == 1 else f"{self.staying} registros siguen"
        said = [f"{many} aquí con su historia, y los números de las entregas continúan."]
        if self.leaving:
            go = "1 registro pasa" if len(self.leaving) == 1 else f"{len(self.leaving)} registros pasan"
            said.append(f"{go} a {_listed(self.parts)}, que responde por su subproceso, y quedan en la Papelera.")
        if self.parts and self.unsaid:
            say = "1 no dice" if self.unsaid == 1 else f"{self.unsaid} no dicen"
            said.append(f"De los que siguen, {say} a cuál corresponden: retire después los que no sean suyos.")
        if self.parts:
            said.append(f"{_listed(self.parts)} puede empezar desde la copia que se guarda ahora.")
        if self.joined:
            said.append(
                f"También pasó a ella {_listed(self.joined)}: deben seguir en un solo archivo, el que escojan entre "
                "todos; los registros de la otra los conserva la Oficina TIC."
            )
        said.append("Las observaciones por responder siguen. Para firmar se crea otra clave.")
        return "\n".join(said)


@dataclass(frozen=True, slots=True)
class Became:
    """A store that goes on as its successor: the copy of before, and sentences about what was done."""

    copy: Path
    sentences: tuple[str, ...]


def foreseen(ws: Workspace, found: Starter) -> Becoming | None:
    """What the file would make of this store; None when it is not a successor's. Raises UserError as ``refuse`` does.

    The file is proven already, but for the authority that the person compares the first time.
    """
    mine = ws.info.dependencia
    if ws.info.perfil != "dependencia" or found.dependencia == mine:
        return None
    lists = travelling.lists_of(ws, found.more, found.metodo)
    if found.dependencia not in lists.became(UNIT, mine):
        return None
    if (day := handed_over(ws)) is not None:
        raise UserError(
            f"Este archivo se entregó con el cargo el {day}: aquí ya no se trabaja.",
            "Abra el archivo de inicio donde se recibió el cargo.",
        )
    starter.refuse(ws, found, unit=found.dependencia)
    return _becoming(ws, found, lists)


def become(ws: Workspace, plan: Becoming, progress: Progress = silent) -> Became:
    """Let the store go on as the successor, after a copy, and take the starter file in. Raises UserError.

    What was done before can no longer be undone with Ctrl+Z; the copy is the way back.
    """
    roles.require(ws, roles.CHANGE)
    starter.refuse(ws, plan.starter, unit=plan.new)
    kept = keep(ws, BEFORE_BECOMING, progress)
    lists = travelling.lists_of(ws, plan.starter.more, plan.starter.metodo)
    key = signing_key.free_name(Path(ws.store.path)).name
    with ws.act("") as act:
        for name in TYPES:
            found = rows.fetch(act.connection, name, retired=None, dependencia=plan.old)
            owners = {row["uid"]: plan.leaving.get(row["uid"], plan.new) for row in found}
            act.hand_over(name, owners)
            gone = {uid: f"Pasó a {lists.label(UNIT, to)}" for uid, to in owners.items() if to != plan.new}
            act.set_retired(name, gone, RETIRE)
        marks.close_acts(act.connection)
        settings = {"dependencia": plan.new, BEFORE: plan.old}
        space.set_settings(act.connection, settings | signing_key.none_yet(key))
        detail = {"de": plan.old, "a": plan.new, "copia": kept.path.name, "pasaron": len(plan.leaving)}
        binnacle.write(act.connection, ws.clock(), ws.info.who, "seguir como otra dependencia", detail)
    ws.reread_catalogues()
    lists_said = starter.apply(ws, plan.starter)
    return Became(kept.path, tuple(_sentences(plan, kept.path.name, lists_said, kept.notice)))


def before(ws: Workspace) -> str:
    """The name of the dependencia this store worked for before; empty when it never was another."""
    code = ws.setting(BEFORE)
    return ws.catalogues.label(UNIT, code) if code else ""


def _becoming(ws: Workspace, found: Starter, lists: Catalogues) -> Becoming:
    mine, new = ws.info.dependencia, found.dependencia
    in_force = {entry.code for entry in lists.entries(UNIT)}
    others = [code for code in lists.became(UNIT, mine) if code != new and code in in_force]
    parts = [code for code in others if new not in lists.became(UNIT, code) and code not in lists.became(UNIT, new)]
    joined = [
        code
        for code in lists.codes(UNIT)
        if code not in {mine, new} and new in lists.became(UNIT, code) and mine not in lists.relatives(UNIT, code)
    ]
    leaving, staying, unsaid = _split(ws, lists, parts)
    return Becoming(
        starter=found,
        old=mine,
        old_name=lists.label(UNIT, mine),
        new=new,
        new_name=lists.label(UNIT, new),
        staying=staying,
        unsaid=unsaid,
        leaving=leaving,
        parts=tuple(lists.label(UNIT, code) for code in parts),
        joined=tuple(lists.label(UNIT, code) for code in joined),
    )


def _split(ws: Workspace, lists: Catalogues, parts: list[str]) -> tuple[dict[str, str], int, int]:
    """The records in force that go with another part, how many stay, and how many of these say nothing of it.

    What belongs to a record (its controls) goes with it.
    """
    leaving: dict[str, str] = {}
    staying = unsaid = 0
    for name, record_type in TYPES.items():
        for record in ws.records(name, dependencia=ws.info.dependencia):
            if record_type.parent:
                owner = leaving.get(str(record.values[record_type.parent]))
                known = True
            else:
                process = record.values.get("subproceso")
                known = isinstance(process, str) and lists.answered(process)
                answers = lists.dependencia_of(process) if isinstance(process, str) and known else ""
                owner = answers if answers in parts else None
            if owner:
                leaving[record.uid] = owner
            else:
                staying += 1
                unsaid += not known
    return leaving, staying, unsaid


def _sentences(plan: Becoming, copy: str, lists: str, notice: str) -> list[str]:
    said = [f"Este archivo de datos sigue como {plan.new_name}."]
    if plan.leaving:
        go = "1 registro pasó" if len(plan.leaving) == 1 else f"{len(plan.leaving)} registros pasaron"
        said.append(f"{go} a {_listed(plan.parts)} y quedan en la Papelera.")
    if plan.parts:
        said.append(
            f"{_listed(plan.parts)} empieza desde la copia «{copy}»: llévela a su equipo, restáurela allá y abra su "
            "archivo de inicio."
        )
    else:
        said.append(f"Como estaba antes quedó en la copia «{copy}».")
    said.append("Al entregar se crea su clave nueva: cada clave firma por una sola dependencia.")
    return [each for each in (*said, lists, notice) if each]


def _listed(names: tuple[str, ...]) -> str:
    return " y ".join(names)

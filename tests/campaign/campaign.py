"""A campaign: what the office does with three rounds of deliveries, told to the program and to the oracle alike.

After each step the store is compared with the oracle, and what must always hold is looked at.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.queries import corrections as stored_corrections
from db.queries import deliveries
from db.schema import RECORDS, correccion, decision, duda, entrega_recibida, historial, observacion
from peti_desktop import binnacle
from peti_desktop.consolidation import corrections, decisions, doubts
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.matrix import MatrixFilter, Question
from peti_desktop.records import TYPES
from peti_desktop.records.fields import Context
from peti_desktop.records.record import from_stored_text
from peti_desktop.returning import contents, give_back, observations
from peti_desktop.trust import signature
from peti_desktop.trust.verdict import Trust
from peti_desktop.workspace import Workspace
from tests.campaign.oracle import Oracle, Sent
from tests.campaign.players import Clock, Ring, Unit

MISSING = (decisions.RETIRE, decisions.FORGOTTEN, decisions.KEEP, "")
ROWS = (decisions.GIVE_BACK, decisions.REJECT, decisions.WAIT)
TOLD = {"modelo": ("Uno", "Dos", "Cinco"), "fuente": ("Acta 3", "Acta 9"), "cantidad": (5, 7)}
"""What the office corrects fields to."""


@dataclass
class Campaign:
    """The office and all that takes part; ``files`` are the deliveries that were made, by name."""

    ws: Workspace
    oracle: Oracle
    units: dict[str, Unit]
    ring: Ring
    clock: Clock
    chance: random.Random
    folder: Path
    files: dict[str, Path] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    due: dict[tuple[str, str], date] = field(default_factory=dict)
    """Until when each observation that was given back is to be answered, by file and record."""
    returned: dict[str, Path] = field(default_factory=dict)
    """What the office wrote when it gave a file back, by the file's name."""

    # Receiving and deciding

    def deliver(self, code: str, name: str = "", **other: Any) -> Sent:
        """A dependencia writes its next delivery; it waits in the folder."""
        path, sent = self.units[code].send(self.chance, name, **other)
        self.files[sent.name] = path
        return sent

    def receive(self, *sent: Sent, ws: Workspace | None = None) -> list[Receipt]:
        """The office takes files in; those that it does not trust are not the oracle's business."""
        self.clock.later(1)
        receipts = inbox.receive_all(ws or self.ws, [self.files[each.name] for each in sent])
        for each, receipt in zip(sent, receipts, strict=True):
            if receipt.state:
                self._received(each, receipt)
        return receipts

    def _received(self, sent: Sent, receipt: Receipt) -> None:
        self.oracle.receive(sent)
        self.hashes[sent.name] = receipt.sha256
        _same({sent.name: dict(receipt.counts)}, {sent.name: self._kinds(sent.name)})

    def _kinds(self, name: str) -> dict[str, int]:
        return self.oracle.kinds(name, Context(self.ws.catalogues, self.ws.today), replace)

    def accept_clean(self, receipts: list[Receipt], ws: Workspace | None = None) -> list[str]:
        """Accept what nobody has to look at: exactly what the oracle says asks nothing."""
        self.clock.later(1)
        wanted = [r.file for r in receipts if not r.held and not self.oracle.doubtful(r.file)]
        taken = [receipt.file for receipt in apply.accept_clean(ws or self.ws, receipts)]
        assert sorted(taken) == sorted(wanted)
        for name in taken:
            self.oracle.accept(name)
        return taken

    def note(self, sent: list[Sent], receipts: list[Receipt], taken: list[str]) -> None:
        """Tell the oracle what somebody received and accepted beside us."""
        for each, receipt in zip(sent, receipts, strict=True):
            self._received(each, receipt)
        assert sorted(taken) == sorted(r.file for r in receipts if not r.held and not self.oracle.doubtful(r.file))
        for name in taken:
            self.oracle.accept(name)

    def accept(self, name: str, decided: Mapping[str, tuple[str, str]] | None = None, *, again: bool = False) -> None:
        """Accept a file, some of it decided apart: by uid what, and where to."""
        self.clock.later(1)
        sha256, decided = self.hashes[name], decided or {}
        staging = apply.preview(self.ws, sha256)
        key_of = {item.uid: item.key for item in staging.items}
        said = {key_of[uid]: Decision(what, "porque sí", to) for uid, (what, to) in decided.items()}
        rows, missing = self.oracle.sent[name].rows, [item for item in staging.items if not item.row]
        assert sum(staging.counts.values()) == len(rows) + len(missing)
        _same({name: staging.counts}, {name: self._kinds(name)})
        apply.accept(self.ws, sha256, None if again else said or None)
        self.oracle.accept(name, decided, again=again)

    def reject(self, name: str) -> None:
        apply.reject(self.ws, self.hashes[name], "no corresponde")
        self.oracle.world.states[name] = "rechazada"

    def undo_last(self) -> None:
        apply.undo_last(self.ws)
        self.oracle.undo_last()

    def decide(self, name: str) -> None:
        """Accept a file as chance has it: some rows wait, and something is said about some of the missing ones."""
        staging = apply.preview(self.ws, self.hashes[name])
        rows = [item for item in staging.items if item.row and item.type != "riesgo"]
        several = min(2, len(rows), len(self.oracle.sent[name].rows) - 1)  # something of it is always taken
        decided = {item.uid: (self.chance.choice(ROWS), "") for item in self.chance.sample(rows, several)}
        for item in staging.items:
            if not item.row and (what := self.chance.choice(MISSING)):
                decided[item.uid] = (what, "")
        self.accept(name, decided)
        if any(what in {decisions.GIVE_BACK, decisions.FORGOTTEN} for what, _ in decided.values()):
            asked = {u for u, (what, _) in decided.items() if what in {decisions.GIVE_BACK, decisions.FORGOTTEN}}
            self.give_back(name, asked)
        elif any(what == decisions.WAIT for what, _ in decided.values()):
            self.check()
            self.accept(name, again=True)

    def give_back(self, name: str, asked: set[str]) -> None:
        """Give a file back; its dependencia reads in it what it has to answer."""
        self.clock.later(1)
        due = (self.clock() + timedelta(days=10)).date()
        made = give_back.give_back(
            self.ws, self.hashes[name], self.ring.office, self.folder / "devoluciones", due, reason="falta la firma"
        )
        self.oracle.give_back(name, {*asked, ""})
        self.due |= {(name, uid): due for uid in {*asked, ""}}
        self.returned[name] = made.path
        found = signature.verify(made.path.read_bytes(), Trust(), self.clock())
        assert found.parts is not None
        unit = self.units[self.oracle.sent[name].unit]
        unit.asked += [(point.uid, (name, point.registro)) for point in contents.read(found.parts).points]

    def close_answered(self) -> None:
        """The office is content with every other answer."""
        answered = observations.listing(self.ws, states=[observations.ANSWERED])
        closing = [each for each in answered if self.chance.random() < 0.5]
        observations.close(self.ws, [each.uid for each in closing])
        names = {sha256: name for name, sha256 in self.hashes.items()}
        for each in closing:
            self.oracle.world.observations[names[each.entrega], each.registro] = "cerrada"
            if (unit := self.units.get(each.dependencia)) is None:
                continue  # it is no more
            unit.asked = [(uid, about) for uid, about in unit.asked if uid != each.uid]

    # Corrections and doubts

    def correct_some(self, many: int) -> None:
        """Corrections of the office, where they say something else than what is in force."""
        for _ in range(many):
            name = self.chance.choice(sorted(TOLD))
            value = self.chance.choice(TOLD[name])
            kind = "equipo" if name == "modelo" else "necesidad"
            of_kind = {u: r for u, r in self.oracle.world.records.items() if r["type"] == kind and not r["retired"]}
            uid = self.chance.choice(sorted(of_kind))
            if corrections.layers(self.ws, kind, uid)[name].in_force != value:
                self.clock.later(1)
                corrections.correct(self.ws, kind, uid, name, value, "se verificó")
                self.oracle.correct(uid, name, value)

    def mend_some(self) -> None:
        """Lift some corrections and confirm others that wait for it."""
        for each in corrections.listing(self.ws):
            if self.chance.random() < 0.2:
                corrections.lift(self.ws, each.uid, "no era")
                self.oracle.lift(each.record, each.field)
            elif each.pending and self.chance.random() < 0.3:
                corrections.confirm(self.ws, each.uid)
                self.oracle.confirm(each.record, each.field)

    def resolve_some(self, how_likely: float) -> None:
        """Answer doubts, each as its class allows."""
        for uid in [doubt.uid for doubt in doubts.listing(self.ws) if self.chance.random() < how_likely]:
            found = [doubt for doubt in doubts.listing(self.ws) if doubt.uid == uid]
            if not found:
                continue  # it went with another one
            doubt = found[0]
            how = self.chance.choice(doubt.answers)
            if how == doubts.KEEP and doubt.kind == "vacio" and doubt.field in {"equipo", "riesgo"}:
                how = doubts.ASK  # the words of an emptied link follow the linked record: it may be asked once more
            if how == doubts.MOVE or (how == doubts.ERASE and (doubt.record, doubt.field) in self.oracle.world.fixes):
                continue
            self.clock.later(1)
            doubts.resolve(self.ws, [doubt.uid], how, "se habló con ellos")
            self.oracle.resolve((doubt.dependencia, doubt.record, doubt.field, doubt.kind), how)

    # What must hold

    def check(self) -> None:
        """The store says what the oracle says, and every law holds."""
        _same(found(self.ws), expected(self.oracle, self.ws))
        with self.ws.read() as connection:
            standing = {
                (row["registro"], row["campo"]): (
                    from_stored_text(TYPES[row["tipo"]][row["campo"]], row["corregido"]),
                    bool(row["pendiente"]),
                )
                for row in stored_corrections.find(connection)
            }
        _same(standing, {key: (fix["value"], fix["pending"]) for key, fix in self.oracle.world.fixes.items()})
        open_now = {(d.dependencia, d.record, d.field, d.kind) for d in doubts.listing(self.ws)}
        _same(dict.fromkeys(open_now, True), dict.fromkeys(self.oracle.world.doubts, True))
        states = {receipt.file: receipt.state for receipt in inbox.listing(self.ws)}
        _same(states, self.oracle.world.states)
        names = {sha256: name for name, sha256 in self.hashes.items()}
        asked = {(names[o.entrega], o.registro): o.estado for o in observations.listing(self.ws)}
        _same(asked, self.oracle.world.observations)
        self._laws()

    def _laws(self) -> None:
        known = set(self.hashes.values())
        with self.ws.read() as connection:
            assert binnacle.check(connection).broken is None
            for table in RECORDS.values():
                if table.name in TYPES:
                    for row in connection.execute(select(table.c.entrega, table.c.hoja, table.c.fila)):
                        assert row.entrega in known and row.hoja and row.fila, f"{table.name} without an origin"
            for name, sha256 in self.hashes.items():
                assert deliveries.content(connection, sha256) == self.files[name].read_bytes()

    def receive_everything_again(self) -> None:
        """The same folder a second time changes nothing, and says so."""
        before = everything(self.ws)
        again = inbox.receive_all(self.ws, [self.files[name] for name in self.hashes])
        # What came before its key was annulled stays; shown again, the key is the first thing said.
        assert all(r.repeated or {"anulada"} & {reason.code for reason in r.reasons} for r in again)
        assert everything(self.ws) == before

    def check_matrix(self) -> None:
        """The page of the matrix shows what the oracle says is in force."""
        wanted = expected(self.oracle, self.ws)
        for name in TYPES:
            sheets = Question(self.ws, MatrixFilter(name)).sheets()
            shown = {line.record.uid: line.record.values for sheet in sheets for line in sheet.lines}
            in_force = {uid: record for uid, record in wanted[name].items() if not record["retired"]}
            assert shown == {uid: {"dependencia": r["unit"]} | r["values"] for uid, r in in_force.items()}


def found(ws: Workspace) -> dict[str, dict[str, dict[str, Any]]]:
    """The consolidation as the store has it, in the oracle's words."""
    return {
        name: {
            r.uid: {
                "unit": r.dependencia,
                "retired": r.retired is not None,
                "values": {f.name: r.values[f.name] for f in TYPES[name].fields if not (r.retired and f.computed)},
            }
            for r in ws.records(name, retired=None)
        }
        for name in TYPES
    }


def expected(oracle: Oracle, ws: Workspace) -> dict[str, dict[str, dict[str, Any]]]:
    return oracle.matrix(Context(ws.catalogues, ws.today), replace)


def _same(here: Mapping[Any, Any], there: Mapping[Any, Any]) -> None:
    wrong = differences(here, there)
    assert not wrong, "\n".join(wrong)


def differences(here: Mapping[str, Any], there: Mapping[str, Any], where: str = "") -> list[str]:
    """Where two nested dictionaries differ, in words."""
    told = []
    for key in sorted(here.keys() | there.keys()):
        one, other = here.get(key, "nothing"), there.get(key, "nothing")
        if isinstance(one, dict) and isinstance(other, dict):
            told += differences(one, other, f"{where}/{key}")
        elif one != other:
            told.append(f"{where}/{key}: {one!r}, the oracle says {other!r}")
    return told


def everything(ws: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that an import may change."""
    tables = [*RECORDS.values(), correccion, decision, duda, entrega_recibida, historial, observacion]
    with ws.read() as connection:
        return {t.name: [tuple(row) for row in connection.execute(select(t).order_by(*t.primary_key))] for t in tables}

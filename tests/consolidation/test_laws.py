"""What holds for whatever people do, on a file and on a server: merging twice, in another order, and taking back."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from db.queries import deliveries, space
from db.schema import bitacora, historial, metadata
from peti_desktop.consolidation import corrections, doubts
from peti_desktop.consolidation.decisions import Decision
from peti_desktop.delivery import deliver
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.stage import CHANGED, NEW, RETIRED, Item
from peti_desktop.records import TYPES
from peti_desktop.trust import keys
from peti_desktop.workspace import Workspace
from tests.consolidation.test_undoing import content
from tests.exchange.conftest import NOON, Clock, Pki, fill, pki

__all__ = ["pki"]

EXAMPLES = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ERASED = "Borrar lo anterior"
KEPT = {"espacio", "autoridad", "firmante", "alembic_version"}
MODELS: tuple[str | None, ...] = ("A", "A", "B", None, "C", "B", ERASED, "B", "C", "B")
"""What the device's model is in each delivery of Salud; nothing is an empty cell."""


@dataclass(frozen=True)
class Pool:
    """Deliveries made once: of Salud in order, and one each of two others."""

    salud: tuple[Path, ...]
    hacienda: Path
    gobierno: Path
    device: str


@pytest.fixture(scope="module")
def pool(pki: Pki, tmp_path_factory: pytest.TempPathFactory) -> Pool:
    folder, clock = tmp_path_factory.mktemp("pool"), Clock()
    with _dependencia(folder, "SALUD", clock) as salud:
        fill(salud)
        device = salud.records("equipo")[0].uid
        made = []
        for number, model in enumerate(MODELS):
            clock.later()
            if model is None:
                with salud.write() as connection:
                    connection.exec_driver_sql("UPDATE equipo SET modelo = NULL")
            else:
                salud.put("equipo", device, {"modelo": model})
            salud.new("equipo", {"tipo": "portatil", "placa": f"S{number}", "estado": "en_uso"})
            if number == 3:
                salud.retire("necesidad", salud.records("necesidad")[1].uid, "ya se compró")
            made.append(deliver.deliver(salud, pki.salud, folder / "salud").path)
    with _dependencia(folder, "HACIENDA", clock) as hacienda:
        fill(hacienda)
        other = deliver.deliver(hacienda, pki.hacienda, folder / "hacienda").path
    with _dependencia(folder, "TIC", clock, perfil="dependencia") as tic:
        tic.new("equipo", {"tipo": "portatil", "placa": "T1", "estado": "en_uso"})
        third = deliver.deliver(tic, pki.office, folder / "tic").path
    return Pool(tuple(made), other, third, device)


def _dependencia(folder: Path, code: str, clock: Clock, perfil: str = "dependencia") -> Workspace:
    return Workspace.create(
        folder / f"{code}.sqlite", perfil=perfil, dependencia=code, nombre="Ana", cargo="Técnica", vigencia=2026,
        clock=clock,
    )  # fmt: skip


@pytest.fixture
def fresh(address: str, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Workspace]]:
    """Gives the office's store, emptied: databases are slow to make."""
    clock = Clock()
    clock.time += timedelta(days=1)
    monkeypatch.setattr(apply, "_copy_before", lambda _ws: None)  # tested beside; here it would take most of the time
    with Workspace.create(
        address, perfil="oficina", dependencia="TIC", nombre="Luis", cargo="", vigencia=2026, clock=clock
    ) as ws:
        with ws.write() as connection:
            space.add_authority(connection, keys.key_id(pki.root.key.public_key()), pki.der, NOON)

        def emptied() -> Workspace:
            with ws.write() as connection:
                for name in metadata.tables.keys() - KEPT:
                    connection.exec_driver_sql(f"DELETE FROM {name}")
            return ws

        yield emptied


def _records(ws: Workspace) -> dict[str, list[Any]]:
    return {name: rows for name, rows in content(ws).items() if name not in {"entrega_recibida", "dudas"}}


def _accepted(ws: Workspace, path: Path) -> str:
    receipt = inbox.receive(ws, path)
    apply.accept(ws, receipt.sha256)
    return receipt.sha256


@EXAMPLES
@given(order=st.permutations(range(3)))
def test_order_of_independent_deliveries_does_not_matter(
    fresh: Callable[[], Workspace], pool: Pool, order: list[int]
) -> None:
    paths = (pool.salud[0], pool.hacienda, pool.gobierno)

    ws = fresh()
    for place in range(3):
        _accepted(ws, paths[place])
    expected = _records(ws)
    ws = fresh()
    for place in order:
        _accepted(ws, paths[place])

    assert _records(ws) == expected


@EXAMPLES
@given(names=st.lists(st.integers(0, len(MODELS) + 1), min_size=1, max_size=8))
def test_merging_twice_changes_nothing(fresh: Callable[[], Workspace], pool: Pool, names: list[int]) -> None:
    everything = (*pool.salud, pool.hacienda, pool.gobierno)
    paths = [everything[place] for place in names]
    ws = fresh()
    apply.accept_clean(ws, inbox.receive_all(ws, paths))
    before = content(ws)

    again = inbox.receive_all(ws, paths)
    taken = apply.accept_clean(ws, [*again, *inbox.listing(ws)])

    assert all(receipt.repeated for receipt in again)
    assert taken == []
    assert content(ws) == before


CHOICES = st.sampled_from(["aceptar", "devolver", "rechazar", "esperar"])


@EXAMPLES
@given(data=st.data(), numbers=st.sets(st.integers(0, len(MODELS) - 1), min_size=1, max_size=3))
def test_undo_restores_the_content_however_a_delivery_is_accepted(
    fresh: Callable[[], Workspace], pool: Pool, data: st.DataObject, numbers: set[int]
) -> None:
    ws = fresh()
    for number in sorted(numbers):
        receipt = inbox.receive(ws, pool.salud[number])
        items = [item for item in apply.preview(ws, receipt.sha256).items if item.row]
        chosen = data.draw(st.lists(st.tuples(st.sampled_from(items), CHOICES), max_size=4))
        decided = {item.key: Decision(what, "porque sí") for item, what in chosen}
        if data.draw(st.booleans()):
            _try(lambda: corrections.correct(ws, "equipo", pool.device, "modelo", "Z", "se vio"))
        before = content(ws)
        apply.accept(ws, receipt.sha256, decided)
        apply.undo_last(ws)
        assert content(ws) == before

        apply.accept(ws, receipt.sha256, decided)


@EXAMPLES
@given(orders=st.lists(st.integers(1, 3), min_size=2, max_size=3))
def test_undo_restores_the_content_of_a_whole_batch(
    fresh: Callable[[], Workspace], pool: Pool, orders: list[int]
) -> None:
    ws, files = fresh(), iter((*pool.salud[:3], pool.hacienda, pool.gobierno, *pool.salud[4:]))
    for many in orders:
        receipts = inbox.receive_all(ws, [path for path, _ in zip(files, range(many), strict=False)])
        before = content(ws)
        apply.accept_clean(ws, receipts)
        assert content(ws) != before
        apply.undo_last(ws)
        assert content(ws) == before
        apply.accept_clean(ws, inbox.listing(ws))


STEPS = st.sampled_from(["accept", "accept part", "reject", "undo import", "correct", "retire", "undo", "replay"])


@EXAMPLES
@given(steps=st.lists(STEPS, min_size=3, max_size=10), data=st.data())
def test_nothing_acknowledged_disappears(
    fresh: Callable[[], Workspace], pool: Pool, steps: list[str], data: st.DataObject
) -> None:
    """Files, histories and the log only grow, and what was accepted is there until its acceptance is undone."""
    ws, waiting = fresh(), list(pool.salud)
    kept, known = _kept(ws), set[str]()
    before_import = known
    files: dict[str, bytes] = {}
    for step in steps:
        if step.startswith("accept") and waiting:
            path = waiting.pop(0)
            receipt = inbox.receive(ws, path)
            files[receipt.sha256] = path.read_bytes()
            rows = [item for item in apply.preview(ws, receipt.sha256).items if item.row and item.type == "equipo"]
            part = {data.draw(st.sampled_from(rows)).key: Decision("devolver", "falta")} if step[6:] else None
            before_import = set(known)
            done = apply.accept(ws, receipt.sha256, part).items
            known |= {item.uid for item in done if item.effect == NEW}
            assert _done(done) <= _told(ws, receipt.sha256)
        elif step == "reject" and waiting:
            path = waiting.pop(0)
            receipt = inbox.receive(ws, path)
            files[receipt.sha256] = path.read_bytes()
            apply.reject(ws, receipt.sha256, "no corresponde")
        elif step == "undo import" and _try(lambda: apply.undo_last(ws)):
            known = before_import
        elif step == "correct":
            _try(lambda: corrections.correct(ws, "equipo", pool.device, "modelo", "Z", "se vio"))
        elif step == "retire":
            _try(lambda: ws.retire("equipo", pool.device, "se dio de baja"))
        elif step == "undo":
            ws.undo()
        elif step == "replay":
            inbox.receive_all(ws, list(pool.salud[: len(pool.salud) - len(waiting)]))
        now = _kept(ws)
        assert all(now[name][: len(rows)] == rows for name, rows in kept.items())
        kept = now
        assert known <= {r.uid for name in TYPES for r in ws.records(name, retired=None)}
        with ws.read() as connection:
            assert {sha256: deliveries.content(connection, sha256) for sha256 in files} == files


def _done(items: Iterable[Item]) -> set[tuple[str, str]]:
    """Records that came, and fields that changed, in a delivery."""
    changed = {(item.uid, change.field) for item in items if item.effect == CHANGED for change in item.changes}
    return changed | {(item.uid, "") for item in items if item.effect in {NEW, RETIRED}}


def _told(ws: Workspace, sha256: str) -> set[tuple[str, str]]:
    """Records and fields of which the history tells that a delivery changed them."""
    query = select(historial.c.uid, historial.c.campo).where(historial.c.entrega == sha256)
    with ws.read() as connection:
        return {(uid, name) for uid, name in connection.execute(query)}


def _kept(ws: Workspace) -> dict[str, list[Any]]:
    """The histories and the log as they stand: what is there must never change."""
    with ws.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in (historial, bitacora)
        }


def _try(do: Callable[[], object]) -> bool:
    try:
        do()
    except (UserError, LookupError):
        return False
    return True


@dataclass
class Oracle:
    """The layers of one field as plainly as they can be told."""

    declared: str | None = None
    corrected: str | None = None
    pending: bool = False
    agreed: tuple[str | None, str | None] | None = None
    """What was declared and what the office made of it, when it was declared so in the end."""
    stack: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def layers(self) -> tuple[str | None, str | None, str | None, bool]:
        in_force = self.corrected if self.corrected is not None else self.declared
        return self.declared, self.corrected, in_force, self.pending

    def remember(self) -> None:
        self.stack.append((self.declared, self.corrected, self.pending, self.agreed))

    def deliver(self, said: str | None) -> None:
        if said is None:
            return
        said, before = (None if said == ERASED else said), self.declared
        if said == before:
            return
        self.declared, self.stack = said, []
        if self.corrected is None and self.agreed == (said, before):
            self.corrected, self.pending, self.agreed = before, True, None
        elif self.corrected is not None and said == self.corrected:
            self.corrected, self.pending, self.agreed = None, False, (before, said)
        elif self.corrected is not None:
            self.pending = True

    def correct(self, value: str) -> None:
        self.remember()
        self.corrected, self.pending, self.agreed = (None if value == self.declared else value), False, None

    def lift(self) -> None:
        self.remember()
        self.corrected, self.pending = None, False

    def confirm(self) -> None:
        if self.pending:  # else nothing is decided, and nothing is there to undo
            self.remember()
            self.pending = False

    def undo(self) -> None:
        if self.stack:
            self.declared, self.corrected, self.pending, self.agreed = self.stack.pop()


@EXAMPLES
@given(
    steps=st.lists(
        st.sampled_from(
            ["deliver", "deliver", "correct A", "correct B", "correct C", "lift", "confirm", "undo", "undo import"]
        ),
        max_size=16,
    )
)
@example(steps=["deliver"] * 9)  # what is erased and declared again
@example(steps=["deliver", "correct B", "deliver", "deliver", "deliver", "confirm", "deliver", "deliver", "deliver"])
def test_layers_are_right_after_any_order_and_a_pending_correction_always_asks(
    fresh: Callable[[], Workspace], pool: Pool, steps: list[str]
) -> None:
    ws, oracle = fresh(), Oracle(MODELS[0])
    _accepted(ws, pool.salud[0])
    waiting = list(zip(pool.salud[1:], MODELS[1:], strict=True))
    before_import, last = oracle, ""
    for step in steps:
        in_force = oracle.layers[2]
        if step not in {"deliver", "undo import"}:
            last = ""  # what people did since is never undone with an import; see test_undoing
        standing = [c.uid for c in corrections.listing(ws) if c.record == pool.device]
        if step == "deliver" and waiting:
            path, said = waiting.pop(0)
            before_import = copy.deepcopy(oracle)
            last = _accepted(ws, path)
            oracle.deliver(said)
        elif step.startswith("correct") and step[-1] != in_force:
            corrections.correct(ws, "equipo", pool.device, "modelo", step[-1], "se vio")
            oracle.correct(step[-1])
        elif step == "lift" and standing:
            corrections.lift(ws, standing[0], "no era")
            oracle.lift()
        elif step == "confirm" and standing:
            corrections.confirm(ws, standing[0])
            oracle.confirm()
        elif step == "undo":
            ws.undo()
            oracle.undo()
        elif step == "undo import" and last and _try(lambda: apply.undo_last(ws)):
            oracle, back = before_import, last
            apply.reject(ws, back, "se tomó por error")
            last = ""
        found = corrections.layers(ws, "equipo", pool.device)["modelo"]
        assert (found.declared, found.corrected, found.in_force, found.pending) == oracle.layers
        asked = [doubt for doubt in doubts.listing(ws, kind="correccion") if doubt.record == pool.device]
        assert len(asked) == oracle.pending

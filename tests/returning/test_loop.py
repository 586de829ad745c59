"""The loop, over both stores and with real keys: asked, given back, read, answered, landed, closed, asked again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from db.queries import deliveries, space
from db.queries import observations as rows
from db.schema import RECORDS
from peti_desktop import binnacle
from peti_desktop.consolidation.decisions import FORGOTTEN, GIVE_BACK, Decision
from peti_desktop.delivery import reading
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.returning import answering, issuing, landing, phrases, receiving
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.returning.answering import CORRECTED, KEPT
from peti_desktop.returning.give_back import Returned, give_back, next_round
from peti_desktop.returning.observations import (
    ANSWERED,
    CLOSED,
    DRAFT,
    RETURNED,
    Asked,
    add,
    add_many,
    close,
    drop,
    listing,
    reopen,
)
from peti_desktop.trust import authority, signature
from peti_desktop.trust.verdict import Status, Trust
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import NOON, identity
from tests.returning.conftest import Received

DUE = date(2026, 12, 15)


def asked(received: Received) -> list[Asked]:
    device, risk = received.salud.records("equipo")[0], received.salud.records("riesgo")[0]
    return [
        Asked("equipo", device.uid, "sistema_operativo", "verificar_dato"),
        Asked("equipo", device.uid, "anio", texto="=¿año?"),
        Asked("riesgo", risk.uid, texto="Línea uno\nlínea dos"),
        Asked("sistema", frase="seccion_vacia"),
    ]


def given_back(received: Received, reason: str = "") -> Returned:
    add_many(received.office, received.sha256, asked(received))
    received.clock.later()
    return give_back(
        received.office, received.sha256, received.pki.office, received.folder / "vuelta", DUE, reason=reason
    )


def taken(received: Received, returned: Returned) -> receiving.Taken:
    received.clock.later()
    found = receiving.read(received.salud, returned.path)
    assert found.acceptable, found.reasons
    return receiving.take(received.salud, found)


def land(received: Received, sha256: str) -> tuple[str, ...]:
    """What receiving a delivery does with its answers."""
    with received.office.write() as connection:
        data = deliveries.content(connection, sha256)
        assert data is not None
        parts = signature.verify(data, Trust(), received.clock()).parts
        assert parts is not None
        delivery = reading.read(parts, received.office.catalogues)
        return tuple(reason.sentence for reason in landing.land(connection, received.office, delivery))


def state(ws: Workspace, sha256: str) -> str:
    with ws.read() as connection:
        return str(deliveries.received(connection, sha256=sha256)[0]["estado"])


def test_what_is_asked_arrives_as_it_was_asked(received: Received) -> None:
    returned = given_back(received, reason="Falta la firma del jefe")

    assert returned.path.name == "2026_SALUD_devolucion-01.xlsx"
    assert state(received.office, received.sha256) == "devuelta"
    result = taken(received, returned)

    assert (result.new, result.again, result.closed, result.elsewhere, result.repeated) == (5, 0, 0, (), False)
    assert result.sentences == ("1.ª devolución: 5 observaciones sobre la entrega n.º 1, para el 15-dic-2026.",)
    here = {o.uid: o for o in listing(received.salud)}
    there = {o.uid: o for o in listing(received.office)}
    assert here.keys() == there.keys()
    for uid, observation in here.items():
        sent = there[uid]
        assert (observation.tipo, observation.registro, observation.campo) == (sent.tipo, sent.registro, sent.campo)
        assert (observation.declarado, observation.texto, observation.titular) == (
            sent.declarado, sent.texto, sent.titular,
        )  # fmt: skip
        assert (observation.hecha_en, observation.entrega, observation.ronda) == (sent.hecha_en, sent.entrega, 1)
        assert (observation.estado, observation.vence) == (RETURNED, DUE) == (sent.estado, sent.vence)
    assert received.salud.info.vence == DUE


def test_taking_a_return_touches_no_record(received: Received) -> None:
    before = {name: received.salud.records(name, retired=None) for name in ("riesgo", "control", "equipo", "necesidad")}

    taken(received, given_back(received))

    assert {name: received.salud.records(name, retired=None) for name in before} == before


def test_answers_come_back_and_land_on_what_they_answer(received: Received) -> None:
    taken(received, given_back(received))
    by_target = {(o.tipo, o.campo): o for o in listing(received.salud)}
    system, year = by_target["equipo", "sistema_operativo"], by_target["equipo", "anio"]
    row, section = by_target["riesgo", ""], by_target["sistema", ""]
    device = received.salud.records("equipo")[0]
    received.clock.later()
    received.salud.put("equipo", device.uid, {"sistema_operativo": "Windows 10"})

    seen = answering.standing(received.salud, [system, year, row, section])
    assert [(seen[o.uid].now, seen[o.uid].corrected) for o in (system, year, row, section)] == [
        ("Windows 10", True), ("2012", False), ("", False), ("", False),
    ]  # fmt: skip
    answering.answer(received.salud, system.uid, CORRECTED)
    answering.answer(received.salud, year.uid, KEPT, "Está en la factura")
    answering.answer(received.salud, row.uid, CORRECTED)
    answering.unanswer(received.salud, row.uid)
    assert {o.uid for o in answering.unanswered(received.salud)} == {row.uid, section.uid}

    second = received.deliver()
    assert land(received, second) == ()
    assert land(received, second) == ()

    office = {o.uid: o for o in listing(received.office)}
    assert [office[o.uid].estado for o in (system, year, row, section)] == [ANSWERED, ANSWERED, RETURNED, RETURNED]
    assert (office[year.uid].respuesta, office[year.uid].razon) == (KEPT, "Está en la factura")
    assert office[year.uid].respondida_por == "Ana Núñez – Técnica"
    with received.office.read() as connection:
        assert office[year.uid].respondida_con == deliveries.received(connection, sha256=second)[0]["codigo"]
        assert binnacle.broken(connection) is None


def test_closed_and_reopened_observations_reach_the_dependencia(received: Received) -> None:
    taken(received, given_back(received))
    mine = listing(received.salud)
    for observation in mine:
        answering.answer(received.salud, observation.uid, KEPT, "así es")
    second = received.deliver()
    land(received, second)
    first, other, *rest = (o.uid for o in listing(received.office))

    assert close(received.office, [first, other, "nadie"], "bien") == 2
    assert close(received.office, [first, other]) == 0
    reopened = reopen(received.office, first, second, texto="Todavía no se entiende")
    assert (reopened.estado, reopened.numero, reopened.ronda) == (DRAFT, 2, 1)
    assert next_round(received.office, "SALUD", 2026) == 2
    returned = give_back(
        received.office, second, received.pki.office, received.folder / "vuelta", DUE + timedelta(days=9)
    )
    assert (returned.ronda, returned.path.name) == (2, "2026_SALUD_devolucion-02.xlsx")

    result = taken(received, returned)
    assert (result.new, result.again, result.closed) == (0, 1, 1)
    here = {o.uid: o for o in listing(received.salud)}
    assert (here[first].estado, here[first].texto, here[first].respuesta) == (RETURNED, "Todavía no se entiende", None)
    assert here[other].estado == CLOSED
    assert {here[uid].estado for uid in rest} == {ANSWERED}
    with pytest.raises(UserError, match="ya cerró"):
        answering.answer(received.salud, other, CORRECTED)


def test_a_reopened_draft_that_is_taken_back_is_answered_again(received: Received) -> None:
    taken(received, given_back(received))
    uid = listing(received.salud)[0].uid
    answering.answer(received.salud, uid, KEPT, "así es")
    land(received, second := received.deliver())

    reopen(received.office, uid, second)
    drop(received.office, uid)

    found = next(o for o in listing(received.office) if o.uid == uid)
    assert (found.estado, found.razon) == (ANSWERED, "así es")


def test_the_same_file_twice_changes_nothing_and_says_so(received: Received) -> None:
    returned = given_back(received)
    taken(received, returned)
    uid = listing(received.salud)[0].uid
    answering.answer(received.salud, uid, CORRECTED)
    before = listing(received.salud)

    result = taken(received, returned)

    assert result.repeated
    assert result.sentences == ("«2026_SALUD_devolucion-01.xlsx» ya se había abierto aquí: no cambió nada.",)
    assert listing(received.salud) == before


def test_an_older_return_after_a_newer_one_takes_nothing_back(received: Received) -> None:
    first = given_back(received)
    add(received.office, received.sha256, Asked(texto="otra"))
    second = give_back(received.office, received.sha256, received.pki.office, received.folder, DUE + timedelta(days=5))
    taken(received, second)

    result = taken(received, first)

    assert result.new == 4
    assert any("posterior a esta 1.ª" in sentence for sentence in result.sentences)
    assert received.salud.info.vence == DUE + timedelta(days=5)


def test_an_observation_on_a_record_that_is_not_here_is_kept_and_named(received: Received, tmp_path: Path) -> None:
    returned = given_back(received)
    with Workspace.create(
        tmp_path / "otro.sqlite", perfil="dependencia", dependencia="SALUD", nombre="Eva", cargo="", vigencia=2026,
        clock=received.clock,
    ) as other:  # fmt: skip
        with received.salud.read() as connection:
            known = space.authorities(connection)
        with other.write() as connection:
            space.add_authority(connection, "x", known[0], received.clock())
        result = receiving.take(other, receiving.read(other, returned.path))

        assert (result.new, len(result.elsewhere)) == (4, 3)
        assert any("3 observaciones son de registros que no están en este equipo" in s for s in result.sentences)
        assert any("no está entre las que se hicieron en este equipo" in s for s in result.sentences)
        here = answering.standing(other, listing(other))
        assert sorted(found.here for found in here.values()) == [False, False, False, True]


def test_rows_decided_to_go_back_are_asked_for_by_themselves(received: Received) -> None:
    risk, device = received.salud.records("riesgo")[0], received.salud.records("equipo")[0]
    back = Decision(GIVE_BACK, "Falta la causa raíz")
    apply.accept(received.office, received.sha256, {("riesgo", risk.uid): back, ("equipo", device.uid): back})
    add(received.office, received.sha256, Asked("equipo", device.uid, "anio", texto="¿Seguro?"))

    returned = give_back(received.office, received.sha256, received.pki.office, received.folder / "vuelta", DUE)

    assert state(received.office, received.sha256) == "aceptada en parte"
    assert taken(received, returned).new == 2
    here = {o.tipo: (o.registro, o.campo, o.texto) for o in listing(received.salud)}
    assert here == {
        "riesgo": (risk.uid, "", "Falta la causa raíz"),
        "equipo": (device.uid, "anio", "¿Seguro?"),
    }
    with pytest.raises(UserError, match="nada que pedirle"):
        give_back(received.office, received.sha256, received.pki.office, received.folder, DUE)


def test_a_forgotten_record_is_asked_for(received: Received) -> None:
    apply.accept(received.office, received.sha256)
    need = received.salud.records("necesidad")[1]
    with received.salud.write() as connection:  # as in a copy that was restored from before it was written
        connection.execute(delete(RECORDS["necesidad"]).where(RECORDS["necesidad"].c.uid == need.uid))
    second = received.deliver()
    apply.accept(received.office, second, {("necesidad", need.uid): Decision(FORGOTTEN)})

    result = taken(received, give_back(received.office, second, received.pki.office, received.folder, DUE))

    assert result.new == 1
    assert listing(received.salud)[0].texto == phrases.every()["falta_en_entrega"].text
    assert result.elsewhere == (listing(received.salud)[0].uid,)


def test_nothing_is_given_back_without_a_word(received: Received) -> None:
    with pytest.raises(UserError, match="nada que pedirle"):
        give_back(received.office, received.sha256, received.pki.office, received.folder, DUE)

    assert state(received.office, received.sha256) == "recibida"
    assert issuing.listing(received.office) == []


@pytest.mark.parametrize("who", ["salud", "stranger"])
def test_only_the_office_gives_back(received: Received, who: str) -> None:
    add(received.office, received.sha256, Asked(texto="a"))

    with pytest.raises(UserError, match="no es la de la Oficina TIC"):
        give_back(received.office, received.sha256, getattr(received.pki, who), received.folder, DUE)


def test_a_key_of_another_office_or_that_ended_gives_nothing_back(received: Received) -> None:
    office, pki = received.office, received.pki
    add(office, received.sha256, Asked(texto="a"))
    root = authority.make_authority("Alcaldía", NOON - timedelta(days=9))
    other = authority.office_signer(root, identity("TIC"), NOON - timedelta(days=9))
    ended = authority.office_signer(pki.root, identity("TIC"), NOON - timedelta(days=4000))

    for signer, words in ((other, "no es la de la Oficina TIC"), (ended, "venció el")):
        with pytest.raises(UserError, match=words):
            give_back(office, received.sha256, signer, received.folder, DUE)
        with pytest.raises(UserError, match=words):
            acknowledge(office, received.sha256, signer, received.folder)

    assert issuing.listing(office) == []


def test_a_deadline_that_has_gone_by_is_refused(received: Received) -> None:
    with pytest.raises(UserError, match="ya pasó"):
        give_back(
            received.office, received.sha256, received.pki.office, received.folder, date(2026, 11, 21), reason="a"
        )


def test_a_file_that_is_in_the_way_leaves_everything_as_it_was(received: Received) -> None:
    add(received.office, received.sha256, Asked(texto="a"))
    path = received.folder / "2026_SALUD_devolucion-01.xlsx"
    path.write_bytes(b"otro")

    with pytest.raises(UserError, match="ya hay otro archivo"):
        give_back(received.office, received.sha256, received.pki.office, received.folder, DUE)

    assert path.read_bytes() == b"otro"
    assert state(received.office, received.sha256) == "recibida"
    assert [o.estado for o in listing(received.office)] == [DRAFT]


def test_what_fails_at_the_page_leaves_neither_file_nor_return(
    received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(received.office, received.sha256, Asked(texto="a"))

    def broken(*_: object) -> bytes:
        raise RuntimeError("no ink")

    monkeypatch.setattr(issuing, "page", broken)
    with pytest.raises(RuntimeError):
        give_back(received.office, received.sha256, received.pki.office, received.folder / "vuelta", DUE)

    assert not (received.folder / "vuelta").exists()
    assert [o.estado for o in listing(received.office)] == [DRAFT]
    assert issuing.listing(received.office) == []


def test_files_of_the_office_are_a_chain(received: Received) -> None:
    given_back(received)
    add(received.office, received.sha256, Asked(texto="otra"))
    give_back(received.office, received.sha256, received.pki.office, received.folder, DUE)

    with received.office.read() as connection:
        first, second = rows.files(connection)
    assert (first["numero"], first["previo"], second["numero"], second["previo"]) == (1, "", 2, first["sha256"])


def test_answers_to_what_was_never_asked_are_a_warning(received: Received) -> None:
    taken(received, given_back(received))
    answering.answer(received.salud, listing(received.salud)[0].uid, CORRECTED)
    second = received.deliver()
    with received.office.write() as connection:
        rows.drop(connection, [o.uid for o in listing(received.office)])

    assert land(received, second) == ("1 respuesta es a observaciones que esta oficina no hizo; no se guardaron.",)


def test_an_older_delivery_does_not_take_a_newer_answer_back(received: Received) -> None:
    taken(received, given_back(received))
    uid = listing(received.salud)[0].uid
    answering.answer(received.salud, uid, KEPT, "primera")
    second = received.deliver()
    answering.answer(received.salud, uid, CORRECTED)
    land(received, received.deliver())

    land(received, second)

    assert next(o for o in listing(received.office) if o.uid == uid).respuesta == CORRECTED


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_keeping_a_value_needs_a_reason(received: Received, reason: str) -> None:
    taken(received, given_back(received))

    with pytest.raises(UserError):
        answering.answer(received.salud, listing(received.salud)[0].uid, KEPT, reason)


def test_five_thousand_observations_go_and_come(received: Received) -> None:
    device = received.salud.records("equipo")[0]
    add_many(
        received.office, received.sha256, [Asked("equipo", device.uid, "anio", texto=f"n.º {n}") for n in range(5000)]
    )
    told: list[int] = []

    def progress(done: int, _total: int, _text: str) -> None:
        told.append(done)

    returned = give_back(received.office, received.sha256, received.pki.office, received.folder, DUE, progress)

    assert taken(received, returned).new == 5000
    assert told[0] < told[-1] <= 5000
    assert sum(found.corrected for found in answering.standing(received.salud, listing(received.salud)).values()) == 0


def test_the_verdict_is_in_words(received: Received) -> None:
    found = receiving.read(received.salud, given_back(received).path)

    assert (found.clase, found.status, found.reasons) == ("devolucion", Status.VALIDA, ())
    assert found.contents is not None
    assert found.contents.told.numero == 1

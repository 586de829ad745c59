"""What the office asks about a delivery, before it is given back."""

from dataclasses import replace

import pytest
from sqlalchemy import delete

from db.schema import RECORDS
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.records import TYPES
from peti_desktop.returning import phrases
from peti_desktop.returning.acknowledge import acknowledge
from peti_desktop.returning.give_back import give_back
from peti_desktop.returning.observations import DRAFT, MAX_TEXT, Asked, add, add_many, change, close, drop, listing
from tests.exchange.conftest import NOON
from tests.returning.conftest import Received


def test_a_draft_says_what_was_declared_as_people_read_it(received: Received) -> None:
    device = received.salud.records("equipo")[0]

    made = add(
        received.office, received.sha256, Asked("equipo", device.uid, "sistema_operativo", "verificar_dato", "¿Es 10?")
    )

    assert (made.declarado, made.label, made.section, made.about) == (
        "Windows 7", "Sistema operativo", "Equipos", "campo",
    )  # fmt: skip
    assert made.texto == f"{phrases.every()['verificar_dato'].text} ¿Es 10?"
    assert made.own_words == "¿Es 10?"
    assert (made.estado, made.ronda, made.numero, made.dependencia) == (DRAFT, 0, 1, "SALUD")
    assert listing(received.office, delivery=received.sha256) == [made]
    assert listing(received.office, dependencia="HACIENDA") == []


def test_a_link_is_told_by_the_words_of_what_it_leads_to(received: Received) -> None:
    need = next(record for record in received.salud.records("necesidad") if record.values["equipo"])

    made = add(received.office, received.sha256, Asked("necesidad", need.uid, "equipo", texto="¿Cuál?"))

    assert "000123" in made.declarado


def test_rows_sections_and_the_whole_can_be_observed(received: Received) -> None:
    risk = received.salud.records("riesgo")[0]

    made = add_many(
        received.office,
        received.sha256,
        [Asked("riesgo", risk.uid, texto="a"), Asked("sistema", frase="seccion_vacia"), Asked(texto="b")],
    )

    assert [(o.about, o.section, o.declarado) for o in made] == [
        ("registro", "Riesgos", ""), ("seccion", TYPES["sistema"].title, ""), ("entrega", "Toda la entrega", ""),
    ]  # fmt: skip
    assert [o.titular for o in made[1:]] == [TYPES["sistema"].title, ""]


def test_nothing_is_kept_when_one_of_many_is_wrong(received: Received) -> None:
    with pytest.raises(UserError, match="no está en la entrega"):
        add_many(received.office, received.sha256, [Asked(texto="a"), Asked("riesgo", "nadie", texto="b")])

    assert listing(received.office) == []


@pytest.mark.parametrize("text", ["", " \n", "\x00", "x" * (MAX_TEXT + 1)])
def test_an_observation_says_something_and_not_too_much(received: Received, text: str) -> None:
    with pytest.raises(UserError):
        add(received.office, received.sha256, Asked(texto=text))


def test_a_draft_can_be_changed_and_taken_back(received: Received) -> None:
    made = add(received.office, received.sha256, Asked(texto="uno"))

    changed = change(received.office, made.uid, frase="rehacer_entrega", texto="dos")
    assert changed.own_words == "dos"
    assert listing(received.office) == [changed]

    drop(received.office, made.uid)
    assert listing(received.office) == []
    with pytest.raises(UserError):
        drop(received.office, made.uid)


def test_a_record_that_did_not_come_again_can_be_asked_for(received: Received) -> None:
    apply.accept(received.office, received.sha256)
    need = received.salud.records("necesidad")[1]
    with received.salud.write() as connection:  # as in a copy that was restored from before it was written
        connection.execute(delete(RECORDS["necesidad"]).where(RECORDS["necesidad"].c.uid == need.uid))
    second = received.deliver()

    made = add(received.office, second, Asked("necesidad", need.uid, frase="falta_en_entrega"))

    assert (made.titular, made.declarado) == ("Copias de respaldo · y", "")


def test_a_rejected_delivery_is_not_observed(received: Received) -> None:
    apply.reject(received.office, received.sha256, "otra")

    with pytest.raises(UserError, match="rechazada"):
        add(received.office, received.sha256, Asked(texto="a"))


def test_a_dependencia_observes_nothing(received: Received) -> None:
    with pytest.raises(UserError, match="no se reciben"):
        add(received.salud, received.sha256, Asked(texto="a"))


def test_who_only_reads_asks_nothing(received: Received, monkeypatch: pytest.MonkeyPatch) -> None:
    made = add(received.office, received.sha256, Asked(texto="a"))
    monkeypatch.setattr(received.office, "store", replace(received.office.store, reading=True))

    for act in (
        lambda: add(received.office, received.sha256, Asked(texto="b")),
        lambda: change(received.office, made.uid, frase="", texto="b"),
        lambda: drop(received.office, made.uid),
        lambda: close(received.office, [made.uid]),
        lambda: give_back(received.office, received.sha256, received.pki.office, received.folder, NOON.date()),
        lambda: acknowledge(received.office, received.sha256, received.pki.office, received.folder),
    ):
        with pytest.raises(UserError, match="solo para leer"):
            act()
    assert listing(received.office) == [made]


def test_phrases_are_offered_where_they_fit() -> None:
    assert {p.code for p in phrases.offered(phrases.SECTION, "equipo")} == {"seccion_incompleta", "seccion_vacia"}
    assert phrases.offered(phrases.FIELD, "equipo")[0].code == "equipo_placa"
    assert all(name in TYPES for phrase in phrases.every().values() for name in phrase.types)
    assert all(phrase.text[0].isupper() and phrase.text[-1] in ".?" for phrase in phrases.every().values())

"""What was received is proven again whenever something is done with it: bytes that were damaged or changed in the
store, keys that were annulled in between; one bad file never stops the others.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from db.queries import deliveries
from peti_desktop.delivery import deliver
from peti_desktop.errors import UserError
from peti_desktop.intake import apply, inbox, lately
from peti_desktop.intake.examine import examine
from peti_desktop.intake.lately import Lately
from peti_desktop.intake.receipt import Receipt
from peti_desktop.office import enrolment
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import Clock, Opener, Pki

GONE = "El archivo que se guardó de esta entrega ya no es el que se recibió."


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Everything here holds on a file and on a server."""
    return str(request.param)


@pytest.fixture
def files(delivered: Path, opened: Opener, pki: Pki, tmp_path: Path) -> list[Path]:
    """A delivery of each of two dependencias."""
    hacienda = opened("hacienda", "HACIENDA")
    hacienda.new("equipo", {"tipo": "portatil", "placa": "H-1", "estado": "en_uso"})
    return [delivered, deliver.deliver(hacienda, pki.hacienda, tmp_path).path]


def _overwrite(office: Workspace, receipt: Receipt, data: bytes) -> None:
    with office.write() as connection:
        deliveries.decide(connection, receipt.sha256, {"contenido": data})


@pytest.fixture(params=["byte", "cut", "empty", "another"])
def damaged(request: pytest.FixtureRequest, office: Workspace, files: list[Path]) -> tuple[Receipt, Receipt]:
    """Two received deliveries; what is stored of the first is another file, be it a proven one."""
    first, second = inbox.receive_all(office, files)
    data, other = (path.read_bytes() for path in files)
    changed = {
        "byte": data[:900] + bytes([data[900] ^ 1]) + data[901:],
        "cut": data[:-1],
        "empty": b"",
        "another": other,
    }
    _overwrite(office, first, changed[request.param])
    return first, second


def test_damaged_file_stays_with_one_sentence_and_stops_nobody(
    office: Workspace, damaged: tuple[Receipt, Receipt]
) -> None:
    first, second = damaged

    assert [r.sha256 for r in apply.accept_clean(office, damaged)] == [second.sha256]

    left, _ = sorted(inbox.listing(office), key=lambda r: r.sha256 != first.sha256)
    assert (left.state, left.verdict, [r.sentence for r in left.reasons]) == ("recibida", "no válida", [GONE])
    assert apply.accept_clean(office, inbox.listing(office)) == []
    assert {r.dependencia for r in office.records("equipo")} == {"HACIENDA"}


def test_damaged_file_is_neither_shown_nor_accepted(office: Workspace, damaged: tuple[Receipt, Receipt]) -> None:
    for refused in (apply.preview, apply.accept):
        with pytest.raises(UserError, match=GONE):
            refused(office, damaged[0].sha256)

    assert office.records("equipo") == []
    assert {r.state for r in inbox.listing(office)} == {"recibida"}


def test_damaged_file_that_comes_again_is_whole_again(
    office: Workspace, files: list[Path], damaged: tuple[Receipt, Receipt]
) -> None:
    apply.accept_clean(office, damaged)

    again = inbox.receive(office, files[0])

    assert again.repeated
    with office.read() as connection:
        assert deliveries.content(connection, again.sha256) == files[0].read_bytes()
    assert [r.dependencia for r in apply.accept_clean(office, inbox.listing(office))] == ["SALUD"]


def test_without_time_for_more_each_delivery_has_its_own_transaction(
    office: Workspace, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apply, "AT_ONCE_SECONDS", 0)

    assert len(apply.accept_clean(office, inbox.receive_all(office, files))) == 2


# -- what was proven a moment ago is judged anew


def test_key_annulled_in_between_counts_for_what_comes_after(
    office: Workspace, salud: Workspace, pki: Pki, clock: Clock, tmp_path: Path
) -> None:
    path = deliver.deliver(salud, pki.stranger, tmp_path).path
    confirmed = enrolment.confirm(office, path, examine(office, path).receipt.fingerprint)
    assert examine(office, path).receipt.verdict == "válida"

    enrolment.annul(office, confirmed.key_id, "se perdió")
    clock.later()

    receipt = examine(office, path).receipt
    assert (receipt.verdict, [reason.code for reason in receipt.reasons]) == ("no válida", ["anulada"])


def test_authority_that_is_no_longer_trusted(office: Workspace, delivered: Path) -> None:
    assert inbox.receive(office, delivered).clean
    with office.write() as connection:
        connection.exec_driver_sql("DELETE FROM autoridad")

    assert apply.accept_clean(office, inbox.listing(office)) == []
    assert office.records("equipo") == []


def test_sender_is_asked_each_time(office: Workspace, delivered: Path) -> None:
    expected = [examine(office, delivered, sender=sender).receipt.verdict for sender in ("SALUD", "HACIENDA", "")]

    assert expected == ["válida", "no válida", "válida"]


def test_another_store_in_the_same_program_knows_nothing_of_it(
    office: Workspace, opened: Opener, delivered: Path
) -> None:
    assert examine(office, delivered).receipt.verdict == "válida"
    stranger = opened("otra-oficina", "TIC")

    assert lately.of(stranger).get(examine(office, delivered).receipt.sha256) is None
    assert examine(stranger, delivered).receipt.verdict == "desconocida"


def test_long_texts_are_not_kept_in_memory(office: Workspace, delivered: Path) -> None:
    read = lately.of(office).get(examine(office, delivered).receipt.sha256)
    assert read is not None
    (need, *_) = read.delivery.records["necesidad"]
    long = replace(need, values=need.values | {"justificacion": "x" * lately.MOST_OF_ONE * lately.LETTERS})
    memory = Lately(office.catalogues)

    memory.keep("long", replace(read, delivery=replace(read.delivery, records={"necesidad": [long]})))
    memory.keep("short", read)

    assert memory.get("long") is None
    assert memory.get("short") is read


def test_threads_that_remember_the_same_never_lose_count(office: Workspace, delivered: Path) -> None:
    read = lately.of(office).get(examine(office, delivered).receipt.sha256)
    assert read is not None
    memory = Lately(office.catalogues)

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(memory.keep, f"{number % 3_000}", read) for number in range(12_000)]:
            done.result()

    assert memory.get("2999") is read
    assert memory.weight <= lately.MOST_RECORDS

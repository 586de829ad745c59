"""The office's own rows over the shipped lists: what they change, and what they may not."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from db.queries import catalogue
from peti_desktop import binnacle
from peti_desktop.catalogues import Catalogues, load
from peti_desktop.delivery import envelope, signing_request, starter
from peti_desktop.errors import UserError
from peti_desktop.trust.certificates import Identity
from peti_desktop.vigencias import asking, changing, differing, rules
from peti_desktop.vigencias.asking import Asked
from peti_desktop.vigencias.changing import Edit, Part
from peti_desktop.workspace import Workspace

CHANGED = date(2026, 7, 1)


def changed(ws: Workspace, *edits: Edit) -> Catalogues:
    changing.change(ws, edits, "Decreto de prueba", "probar")
    return ws.catalogues


@pytest.mark.parametrize("vigencia", [2024, 2025, 2026, 2027])
def test_the_shipped_lists_fit_together(vigencia: int) -> None:
    assert rules.problems(load("", vigencia)) == []


def test_a_name_holds_from_its_day_and_the_old_one_is_found(office: Workspace) -> None:
    edit = changing.renamed(office.catalogues, "dependencia", "SALUD", "Secretaría de Bienestar y Salud", CHANGED)
    after = changed(office, edit)

    assert after.label("dependencia", "SALUD") == "Secretaría de Bienestar y Salud"
    assert after.find("dependencia", "secretaria de salud") == "SALUD"
    assert load("", 2025, after.changes).label("dependencia", "SALUD") == "Secretaría de Salud"
    assert after.version.endswith("; propio 1")
    again = Workspace(office.store, office.clock)
    assert again.catalogues is after  # equal changes are one and the same lists


def test_a_mistake_in_a_name_leaves_an_alias(office: Workspace) -> None:
    after = changed(office, changing.renamed(office.catalogues, "tema", "hardware", "Equipos y partes", None))

    assert after.label("tema", "hardware") == "Equipos y partes"
    assert after.find("tema", load().label("tema", "hardware")) == "hardware"


def test_a_split_ends_one_and_begins_the_others(office: Workspace) -> None:
    parts = [Part("Secretaría de Cultura"), Part("Oficina de Promoción Turística")]
    after = changed(office, *changing.split(office.catalogues, "CULTURA_TURISMO", parts, CHANGED))

    old = after.entry("dependencia", "CULTURA_TURISMO")
    assert old is not None
    assert (old.until, old.became) == (date(2026, 6, 30), ("SECRETARIA_DE_CULTURA", "OFICINA_DE_PROMOCION_TURISTICA"))
    names = {entry.code for entry in after.entries("dependencia")}
    assert {"SECRETARIA_DE_CULTURA", "OFICINA_DE_PROMOCION_TURISTICA"} <= names
    assert "CULTURA_TURISMO" not in names
    [told] = [d for d in differing.differences(load(), after) if d.kind == differing.SPLIT]
    assert told.codigo == "CULTURA_TURISMO"
    assert "Secretaría de Cultura" in told.text


def test_a_merger_carries_the_processes_along(office: Workspace) -> None:
    edits = changing.merged(office.catalogues, ["SALUD", "DESARROLLO_SOCIAL"], Part("Secretaría de la Gente"), CHANGED)
    after = changed(office, *edits)

    assert set(after.subprocesos_of("SECRETARIA_DE_LA_GENTE")) == {"salud_publica", "bienestar_social"}
    assert after.dependencia_of("salud_publica") == "SECRETARIA_DE_LA_GENTE"
    assert {r.dependencia for r in after.seed.registros if r.responde == "salud_publica"} == {"SECRETARIA_DE_LA_GENTE"}
    owners = [d for d in differing.differences(load(), after) if d.kind == differing.OWNER]
    assert {d.codigo for d in owners} == {"salud_publica", "bienestar_social"}


def test_owner_support_date_and_minimum_wage(office: Workspace) -> None:
    lists = office.catalogues
    after = changed(
        office,
        *changing.owner(lists, "hacienda", "TESORO"),
        changing.support(lists, "sistema_operativo", "windows_10", date(2028, 10, 10)),
        changing.wage(2027, Decimal(1_900_000)),
    )

    assert after.dependencia_of("hacienda") == "TESORO"
    assert after.support_end("sistema_operativo", "windows_10") == date(2028, 10, 10)
    assert after.smlmv(2027) == Decimal(1_900_000)
    kinds = {d.kind for d in differing.differences(load(), after)}
    assert kinds == {differing.OWNER, differing.SUPPORT, differing.WAGE}
    texts = {d.kind: d.text for d in differing.differences(load(), after)}
    assert texts[differing.WAGE] == "El SMLMV de 2027 es $1.900.000."


def test_versions_are_kept_and_each_can_be_looked_at(office: Workspace) -> None:
    changed(office, changing.added(office.catalogues, "tema", "Drones", CHANGED))
    after = changed(office, changing.closed(office.catalogues, "tema", "drones", date(2026, 12, 1)))

    assert [v.number for v in differing.versions(office)] == [2, 1]
    assert after.find("tema", "drones") == "drones"
    assert "drones" not in {e.code for e in after.entries("tema")}
    assert "drones" in {e.code for e in differing.at(after, 1).entries("tema")}
    assert differing.at(after, 0).entry("tema", "drones") is None
    with office.read() as connection:
        assert len(catalogue.changes(connection)) == 2
        assert binnacle.broken(connection) is None


def test_whom_a_change_affects(office: Workspace, accepted: object) -> None:
    after = changed(office, changing.support(office.catalogues, "sistema_operativo", "windows_7", date(2020, 1, 15)))
    [told] = differing.differences(load(), after)

    [unit] = differing.affected(office, told)
    assert (unit.dependencia, unit.records, unit.total) == ("SALUD", {"equipo": 1}, 1)


Wrong = Callable[[Catalogues], list[Edit]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (
            lambda c: [
                changing.closed(c, "tema", "hardware", CHANGED, ["software"]),
                changing.closed(c, "tema", "software", CHANGED, ["hardware"]),
            ],
            "vuelve a pasar a ella",
        ),
        (lambda c: [changing.closed(c, "dependencia", "SALUD", CHANGED)], "Ninguna dependencia vigente responde por"),
        (lambda c: [changing.added(c, "tema", c.label("tema", "hardware"))], "hay dos que se llaman"),
        (
            lambda c: [changing.closed(c, "dependencia", "EMPRENDIMIENTO", date(2025, 1, 1))],
            "antes de empezar",
        ),
        (lambda c: [changing.closed(c, "tema", "hardware", CHANGED, ["nada"])], "que no está en la lista"),
        (lambda _c: [Edit("zona", "alto", {"codigo": "alto", "nombre": "Rosado"})], "no es una lista que la oficina"),
        (lambda _c: [Edit("tema", "x", {"codigo": "y", "nombre": "Equis"})], "dice ser"),
        (lambda _c: [changing.wage(2026, Decimal(5))], "no puede ser"),
        (lambda _c: [], "No hay nada que cambiar"),
    ],
)
def test_what_does_not_fit_together_changes_nothing(office: Workspace, wrong: Wrong, words: str) -> None:
    edits = wrong(office.catalogues)

    with pytest.raises(UserError, match=words):
        changing.change(office, edits, "prueba", "probar")

    assert office.catalogues.own == 0
    with office.read() as connection:
        assert catalogue.changes(connection) == []


def test_nobody_changes_lists_without_a_reason_nor_in_a_dependencia(office: Workspace, salud: Workspace) -> None:
    edit = changing.wage(2027, Decimal(1_900_000))

    with pytest.raises(UserError, match="motivo"):
        changing.change(office, [edit], " ", "probar")
    with pytest.raises(UserError, match="Oficina TIC"):
        changing.change(salud, [edit], "porque sí", "probar")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(changing.ADDED, "tema", name="\n".join(f"Tema {n}" for n in range(500))), "ocupa varias líneas"),
        (Asked(changing.ADDED, "tema", name="x" * 501), "pasa de 500 letras"),
        (Asked(changing.ADDED, "tema", name="Drones\u202e"), "signos que no se ven"),
        (Asked(changing.RENAMED, "dependencia", "SALUD", name="Secretaría de Salud"), "Ya se llama"),
        (Asked(changing.MERGED, "dependencia", "SALUD", name="Nueva", day="1/7/2026"), "Una sola no se une"),
        (Asked(changing.WAGE, "smlmv", name="²027", amount="1.900.000"), "Ese año no se entiende"),
        (Asked(changing.WAGE, "smlmv", name="2027", amount="-5"), "no puede ser el SMLMV"),
        (Asked(changing.ADDED, "tema", name="Drones", day="31/02/2026"), "no es una fecha"),
        (Asked(changing.CLOSED, "tema", "hardware"), "Falta la fecha"),
    ],
)
def test_a_slip_of_the_keyboard_is_told_in_a_sentence(asked: Asked, said: str) -> None:
    with pytest.raises(UserError, match=said):
        asking.edits_of(load(), asked)


LONG = "Secretaría de Desarrollo Económico, Turismo y Competitividad"


@pytest.mark.parametrize("name", [LONG, "2.ª Comisaría de Familia", "CON", "NUL.", "../../aux ", "¿?", "Ñ" * 200, "ﬁ"])
def test_new_dependencia_can_sign_and_name_files_on_windows(name: str) -> None:
    catalogues, codes = load(), list[str]()
    for _ in range(12):  # the same name again: numbered, and still short enough
        codes.append(changing.free_code(catalogues, "dependencia", name, codes))

    assert len({code.casefold() for code in codes}) == 12
    for code in codes:
        Identity(code, name.strip(), "Ana", "Jefe", "Alcaldía")  # refuses a code that no certificate may carry
        made = [starter.file_name(2026, code), envelope.file_name(2026, code, 3), signing_request.file_name(code, name)]
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,96}\.xlsx", file) for file in made), made
        assert not {"CON", "NUL", "AUX", "PRN"} & {file.split(".")[0] for file in made}

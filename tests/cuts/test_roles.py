"""Roles: who may do what, said in a sentence, on a file and by a server's grants."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from db.queries import deliveries, log, space
from db.schema import metadata
from db.store import StoreProblem
from peti_desktop import logbook
from peti_desktop.consolidation import checking, comparing, cut_file, cuts, roles
from peti_desktop.errors import UserError
from peti_desktop.reports.bitacora import written
from peti_desktop.workspace import Workspace
from tests.conftest import Server
from tests.cuts.conftest import NOON
from ui import opening

Make = Callable[[str], Workspace]
FOO = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
"""The SHA-256 of «foo»."""


def _sql_of_the_readme(root: Path) -> list[str]:
    """What the README tells the administrator to run for roles, without the users themselves."""
    text = (root / "README.md").read_text("utf-8")
    block = text.partition("CREATE ROLE control_interno;")[2].partition("```")[0]
    lines = ["CREATE ROLE control_interno;", *block.strip().splitlines()]
    return [line for line in lines if line and "LOGIN" not in line]


@pytest.fixture
def granted(server: Server, make: Make, root: Path) -> Iterator[str]:
    """A server's office with the grants of the README: ana is jefe, pedro analista, carla control interno."""
    address = server.database()
    ws = make(address)
    _receive(ws)
    cuts.seal(ws, "Primero")
    ws.close()
    name = address.rpartition("/")[2]
    for sql in _sql_of_the_readme(root):
        server.run(sql, name)
    for user, group in (("pedro", "analistas"), ("carla", "control_interno")):
        server.run(f"CREATE ROLE {user} LOGIN PASSWORD '{server.password}' IN ROLE {group}")
    yield address
    for role in ("pedro", "carla", "analistas", "control_interno"):
        server.run(f"DROP OWNED BY {role}", name)
        server.run(f"DROP ROLE {role}")


def _receive(ws: Workspace) -> None:
    row = {
        "sha256": FOO, "nombre": "2026_SALUD_entrega-01.xlsx",
        "dependencia": "SALUD", "vigencia": 2026, "numero": 1, "codigo": "ABCD-EFGH", "firmante": "Ana", "huella": "x",
        "firmada_en": NOON, "recibida_en": NOON, "veredicto": "válida", "motivos": "[]", "estado": "recibida",
        "conteos": "{}", "contenido": b"foo",
    }  # fmt: skip
    with ws.write() as connection:
        deliveries.add_received(connection, row)


def _as(server: Server, address: str, user: str) -> str:
    return server.address(address.rpartition("/")[2], user)


def _reads_everything(ws: Workspace, folder: Path) -> None:
    """Every way of reading that Control Interno needs."""
    assert len(ws.records("riesgo")) == 2
    assert checking.check_log(ws).broken is None
    (verified,) = checking.verify(ws)
    assert verified.problems == ()
    assert comparing.compare(ws, verified.cut.uid).differences == ()
    assert cuts.issue_again(ws, verified.cut.uid, "mapas", folder).stat().st_size > 1000
    assert cuts.make_anew(ws, verified.cut.uid, "equipos", folder).stat().st_size > 1000
    cut_file.export(ws, verified.cut.uid, folder / "corte.zip")
    assert cut_file.check(ws, folder / "corte.zip").problems == ()
    assert logbook.save_original(ws, FOO, folder / "o.xlsx").read_bytes() == b"foo"
    assert (folder / "o.xlsx.sha256").read_text("utf-8").startswith(FOO)
    assert b"PDF" in written(ws, log.Asked(), "pdf")
    with ws.read() as connection:
        for table in metadata.tables.values():
            connection.execute(table.select()).all()


def _changes_nothing(ws: Workspace) -> None:
    """Every way of writing says so in a sentence."""
    (device,) = ws.records("equipo")
    tries: tuple[Callable[[], object], ...] = (
        lambda: ws.put("equipo", device.uid, {"marca": "HP"}),
        lambda: ws.retire("equipo", device.uid, "x"),
        lambda: ws.new("equipo", {}),
        lambda: ws.set_settings({"nombre": "Otro"}),
        ws.undo,
        lambda: cuts.seal(ws, "Otro"),
        lambda: roles.choose(ws, roles.JEFE),
        lambda: roles.assign(ws, "carla", roles.JEFE),
    )
    for attempt in tries:
        with pytest.raises(UserError, match="solo para leer"):
            attempt()
    assert {roles.refusal(ws, action) is None for action in roles.ACTIONS} == {False}
    assert ws.record("equipo", device.uid) == device


def test_reading_beside_somebody_who_works(file_office: Workspace, tmp_path: Path) -> None:
    _receive(file_office)
    cuts.seal(file_office, "Primero")

    with Workspace.open(file_office.store.path, writing=False) as ws:
        assert roles.role(ws) == roles.CONTROL
        _reads_everything(ws, tmp_path / "salida")
        _changes_nothing(ws)
        (device,) = file_office.records("equipo")
        file_office.put("equipo", device.uid, {"marca": "HP"})
        assert ws.record("equipo", device.uid).values["marca"] == "HP"


def test_sqlite_itself_refuses_to_change_what_is_read(file_office: Workspace) -> None:
    with Workspace.open(file_office.store.path, writing=False) as ws, pytest.raises(UserError), ws.read() as connection:
        connection.exec_driver_sql("DELETE FROM equipo")

    assert len(file_office.records("equipo")) == 1


def test_copy_on_a_protected_medium_is_read(file_office: Workspace, tmp_path: Path) -> None:
    _receive(file_office)
    cuts.seal(file_office, "Primero")
    medium = tmp_path / "disco"
    medium.mkdir()
    file_office.copy_to(tmp_path / "copia.sqlite")
    shutil.copy(tmp_path / "copia.sqlite", medium / "oficina.sqlite")
    (medium / "oficina.sqlite").chmod(stat.S_IREAD)
    medium.chmod(stat.S_IREAD | stat.S_IEXEC)
    try:
        with Workspace.open(medium / "oficina.sqlite", writing=False) as ws:
            _reads_everything(ws, tmp_path / "salida")
            _changes_nothing(ws)
        if os.name == "posix" and os.geteuid() != 0:
            assert [path.name for path in medium.iterdir()] == ["oficina.sqlite"]
    finally:
        medium.chmod(stat.S_IRWXU)


def test_server_lets_control_interno_read_and_nothing_else(server: Server, granted: str, tmp_path: Path) -> None:
    with Workspace.open(_as(server, granted, "carla")) as ws:
        assert ws.store.reading
        assert roles.role(ws) == roles.CONTROL
        _reads_everything(ws, tmp_path)
        _changes_nothing(ws)

    # The grants alone hold too, whatever the program thinks.
    with psycopg.connect(_as(server, granted, "carla"), autocommit=True) as connection:
        for table in metadata.tables:
            connection.execute(f"SELECT * FROM {table}".encode())
            for sql in (f"DELETE FROM {table}", f"INSERT INTO {table} DEFAULT VALUES", f"TRUNCATE {table}"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.encode())


def test_server_keeps_cuts_for_the_jefe_and_the_log_whole(server: Server, granted: str) -> None:
    with Workspace.open(_as(server, granted, "pedro")) as ws:
        assert roles.role(ws) == roles.ANALISTA
        (device,) = ws.records("equipo")
        assert ws.put("equipo", device.uid, {"marca": "HP"}).values["marca"] == "HP"
        with pytest.raises(UserError, match="le corresponde al jefe"):
            cuts.seal(ws, "Segundo")
        with pytest.raises(UserError, match="no le da a su usuario los permisos de jefe"):
            roles.choose(ws, roles.JEFE)
        for sql in ("DELETE FROM bitacora", "UPDATE bitacora SET quien = 'x'", "DELETE FROM corte"):
            with pytest.raises(UserError, match="no le permite"), ws.write() as connection:
                connection.exec_driver_sql(sql)

    with Workspace.open(granted) as ws:
        assert roles.role(ws) == roles.JEFE
        assert cuts.seal(ws, "Segundo").cut.number == 2


def test_first_jefe_says_so_and_then_only_a_jefe_names_one(server: Server, make: Make) -> None:
    address = server.database()
    with make(address) as ana, Workspace.open(_as(server, address, "luis")) as luis:
        assert (roles.role(ana), roles.role(luis)) == (roles.JEFE, roles.JEFE)
        roles.assign(ana, "ana", roles.JEFE)
        assert (roles.role(ana), roles.role(luis)) == (roles.JEFE, roles.ANALISTA)
        with pytest.raises(UserError, match=r"ya lo tiene otra persona en el servidor \(ana\)"):
            roles.choose(luis, roles.JEFE)
        with pytest.raises(UserError, match="le corresponde al jefe"):
            roles.assign(luis, "luis", roles.JEFE)
        roles.assign(ana, "luis", roles.JEFE)
        assert roles.role(luis) == roles.JEFE
        assert {m.name: m.role for m in roles.members(ana) if m.name != "dueno"} == dict.fromkeys(
            ("ana", "luis"), roles.JEFE
        )
        assert checking.check_log(ana).entries == 2
        roles.assign(ana, "luis", roles.CONTROL)
    with opening.open_store(_as(server, address, "luis")) as luis:
        assert luis.store.reading
        assert roles.role(luis) == roles.CONTROL


def test_last_jefe_of_a_server_stays(server: Server, make: Make) -> None:
    address = server.database()
    with make(address) as ana, Workspace.open(_as(server, address, "luis")) as luis:
        tries: tuple[Callable[[], None], ...] = (
            lambda: roles.choose(ana, roles.ANALISTA),
            lambda: roles.assign(ana, "ana", roles.CONTROL),
        )
        for attempt in tries:
            with pytest.raises(UserError, match="no puede quedar sin uno"):
                attempt()
        roles.assign(ana, "ana", roles.JEFE)
        with pytest.raises(UserError, match="no puede quedar sin uno"):
            roles.assign(ana, "ana", roles.ANALISTA)
        roles.assign(ana, "luis", roles.JEFE)
        roles.assign(ana, "luis", roles.JEFE)
        roles.choose(ana, roles.ANALISTA)
        assert (roles.role(ana), roles.role(luis)) == (roles.ANALISTA, roles.JEFE)
        with pytest.raises(UserError, match="no puede quedar sin uno"):
            roles.assign(luis, "luis", roles.ANALISTA)
        assert len(roles.changes(luis)) == 3
        assert checking.check_log(luis).broken is None


def test_roles_that_the_server_does_not_grant_are_not_given(server: Server, granted: str) -> None:
    with Workspace.open(granted) as ana:
        found = {member.name: member for member in roles.members(ana)}
        assert (found["ana"].mine, found["pedro"].mine) == (True, False)
        assert found["ana"].offered == (roles.CONTROL, roles.ANALISTA, roles.JEFE)
        assert found["pedro"].offered == (roles.CONTROL, roles.ANALISTA)
        assert found["carla"].offered == (roles.CONTROL,)
        assert found["carla"].role == roles.CONTROL
        for user, chosen, why in (
            ("pedro", roles.JEFE, "no le da a «pedro» los permisos de Jefe"),
            ("carla", roles.ANALISTA, "no le da a «carla» los permisos de Analista"),
            ("nadie", roles.ANALISTA, "no hay un usuario «nadie»"),
            ('"; DROP TABLE corte; --', roles.ANALISTA, "no hay un usuario"),
        ):
            with pytest.raises(UserError, match=why):
                roles.assign(ana, user, chosen)
        assert roles.changes(ana) == []


def test_role_on_a_file_is_said_and_kept_in_the_log(file_office: Workspace) -> None:
    assert roles.role(file_office) == roles.JEFE

    roles.choose(file_office, roles.ANALISTA)
    roles.choose(file_office, roles.ANALISTA)

    assert roles.role(file_office) == roles.ANALISTA
    with pytest.raises(UserError, match="Sellar un corte le corresponde al jefe"):
        cuts.seal(file_office, "Primero")
    assert roles.refusal(file_office, roles.CHANGE) is None
    with pytest.raises(UserError, match="abre los datos solo para leer"):
        roles.choose(file_office, roles.CONTROL)
    roles.choose(file_office, roles.JEFE)
    roles.require(file_office, roles.SEAL)
    said = [entry.detail for entry in logbook.page(file_office, log.Asked(), 0, 9)]
    assert said == [
        "antes: Analista · rol: Jefe de la Oficina TIC",
        "antes: Jefe de la Oficina TIC · rol: Analista",
    ]


def test_dependencia_has_no_roles(tmp_path: Path) -> None:
    with Workspace.create(
        tmp_path / "s.sqlite", perfil="dependencia", dependencia="SALUD", nombre="Ana", cargo="", vigencia=2026
    ) as ws:
        assert {roles.refusal(ws, action) for action in roles.ACTIONS} == {None}


def test_saved_original_that_changed_is_told(file_office: Workspace, tmp_path: Path) -> None:
    _receive(file_office)
    with file_office.write() as connection:
        connection.exec_driver_sql("UPDATE entrega_recibida SET contenido = X'00'")
        sha256 = deliveries.received(connection)[0]["sha256"]
        assert space.settings(connection)["perfil"] == "oficina"

    with pytest.raises(UserError, match="ya no es el que se recibió"):
        logbook.save_original(file_office, sha256, tmp_path / "o.xlsx")
    with pytest.raises(UserError, match="no está guardado aquí"):
        logbook.save_original(file_office, "0" * 64, tmp_path / "o.xlsx")
    assert not (tmp_path / "o.xlsx").exists()


def test_store_open_for_reading_refuses_at_the_door(file_office: Workspace) -> None:
    with (
        Workspace.open(file_office.store.path, writing=False) as ws,
        pytest.raises(StoreProblem, match="reading"),
        ws.store.write(),
    ):
        pass

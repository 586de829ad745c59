"""The page of cuts and that of the log, driven as people do."""

from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from peti_desktop import binnacle
from peti_desktop.consolidation import cuts, roles
from peti_desktop.office.authority import Office
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.oficina.bitacora import BitacoraPage
from ui.oficina.bitacora_modelo import PAGE
from ui.oficina.cortes import CortesPage
from ui.oficina.cortes_sellar import pending_words
from ui.oficina.rol import RolesDialog
from ui.shell import Shell
from ui.start import Start, StartPage

Settle = Callable[[Shell], None]
ENTRIES = 450


@pytest.fixture
def messages() -> Recorded:
    return Recorded()


@pytest.fixture
def filled(store: Path) -> Path:
    """The office's store with a device, and a log of more than two pages."""
    with Workspace.open(store) as ws:
        ws.new("equipo", {"tipo": "escritorio", "placa": "000123", "marca": "HP"})
        with ws.write() as connection:
            for number in range(ENTRIES):
                unit = ("SALUD", "HACIENDA")[number % 2]
                said = {"dependencia": unit, "numero": number, "motivo": "Faltó el acta"}
                binnacle.write(connection, ws.clock(), ("Ana", "Luis")[number % 2], "entrega rechazada", said)
    return store


@pytest.fixture
def shell(filled: Path, messages: Recorded, qtbot: QtBot, settle: Settle) -> Iterator[Shell]:
    made = Shell(messages, store=filled, page="cortes")
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitSignal(made.entered, timeout=20_000):
        made.show()
    settle(made)
    yield made
    made.close()


@pytest.fixture
def page(shell: Shell) -> CortesPage:
    assert isinstance(shell.page, CortesPage)
    return shell.page


@pytest.fixture
def log(shell: Shell, settle: Settle) -> BitacoraPage:
    shell.go("bitacora")
    settle(shell)
    assert isinstance(shell.page, BitacoraPage)
    return shell.page


def _press(qtbot: QtBot, button: QPushButton, shell: Shell, settle: Settle) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(shell)


def _seal(page: CortesPage, name: str, qtbot: QtBot, shell: Shell, settle: Settle) -> None:
    qtbot.mouseClick(page.seal_button, Qt.MouseButton.LeftButton)
    settle(shell)
    qtbot.keyClicks(page.form.name, name)
    qtbot.keyClick(page.form.name, Qt.Key.Key_Return)
    settle(shell)
    settle(shell)


def test_first_cut_is_sealed_with_the_keyboard(page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    assert page._empty.isVisible()

    _seal(page, "Primer semestre", qtbot, shell, settle)

    assert shell.notice.text.startswith("Corte n.º 1 · Primer semestre quedó sellado con ")
    assert page.heading.text() == "Corte n.º 1 · Primer semestre"
    assert page.form.isHidden()
    assert not page._empty.isVisible()
    assert page.cut is not None
    assert page.cut.seal[:16] in page.seal_text.text()


def test_name_that_is_taken_is_told_beside_it(page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    _seal(page, "uno", qtbot, shell, settle)

    assert "Ya hay un corte que se llama" in page.form.wrong.text()
    assert page.form.isVisible()
    assert page.list.count() == 1


def test_report_is_issued_again_and_the_folder_asked_once(
    page: CortesPage, shell: Shell, messages: Recorded, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    messages.answers.append(tmp_path / "papeles")

    for title in ("Mapas de calor inherente y residual", "Matriz en Excel"):
        (again,) = [b for b in page.reports.findChildren(QPushButton) if b.accessibleName().endswith(f": {title}")]
        _press(qtbot, again, shell, settle)

    names = sorted(path.name for path in (tmp_path / "papeles").iterdir())
    assert names == ["2026_corte-01_mapas.pdf", "2026_corte-01_matriz_xlsx.xlsx"]
    assert "idéntico al que se emitió" in shell.notice.text
    assert messages.answers == []


def test_tampered_cut_is_shown(page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    _press(qtbot, page.check_button, shell, settle)
    assert "El corte está íntegro" in shell.notice.text
    assert "Íntegro" in page.state.text()

    assert shell.desk is not None
    with shell.desk.workspace.write() as connection:
        connection.exec_driver_sql("UPDATE corte SET nota = 'Otra'")
    _press(qtbot, page.check_button, shell, settle)

    assert "Alterado" in page.state.text()
    assert "no son los que se sellaron" in page.problems.text()
    assert page.problems.isVisible()


def test_what_changed_since_a_cut_is_seen_and_saved(
    page: CortesPage, shell: Shell, messages: Recorded, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    assert shell.desk is not None
    ws = shell.desk.workspace
    ws.put("equipo", ws.records("equipo")[0].uid, {"marca": "Acer"})
    ws.new("equipo", {"tipo": "portatil", "placa": "999"})

    _press(qtbot, page.compare_button, shell, settle)

    view, model = page.view, page.view.model
    assert view.isVisible()
    assert view.title.text() == "Corte n.º 1 · Uno → Ahora"
    assert view.figures["Cambiados"].text == "Cambiados: 1."
    rows = [[model.index(row, column).data() for column in (0, 3, 4, 5)] for row in range(model.rowCount())]
    assert rows == [["Cambiado", "Marca", "HP", "Acer"], ["Nuevo", "", "", ""]]

    view.shown.setCurrentIndex(view.shown.findData("nuevo"))
    view.shown.activated.emit(1)
    assert model.rowCount() == 1
    messages.answers += [tmp_path / "q.pdf", tmp_path / "q.xlsx"]
    for text in ("Guardar P&DF", "Guardar en E&xcel"):
        _press(qtbot, next(b for b in view.findChildren(QPushButton) if b.text() == text), shell, settle)
    assert "Acer" in "".join(p.extract_text() for p in PdfReader(tmp_path / "q.pdf").pages)
    cells = [cell.value for row in openpyxl.load_workbook(tmp_path / "q.xlsx")["Cambios"] for cell in row]
    assert {"Acer", "HP", "Marca"} <= set(cells)

    _press(qtbot, view.back_button, shell, settle)
    assert page.list.isVisible()


def test_cut_travels_as_one_file_and_is_checked(
    page: CortesPage, shell: Shell, messages: Recorded, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    file = tmp_path / "corte.zip"
    messages.answers += [file, file]

    _press(qtbot, page.export_button, shell, settle)
    _press(qtbot, page.unsigned, shell, settle)
    _press(qtbot, page.file_button, shell, settle)

    assert "íntegro" in shell.notice.text
    assert "Es el mismo que está guardado aquí." in shell.notice.text

    file.write_bytes(file.read_bytes()[:-60])
    messages.answers.append(file)
    _press(qtbot, page.file_button, shell, settle)
    assert "no es un corte exportado por el programa" in shell.notice.text


def test_exported_cut_is_signed_with_the_keys_of_the_office(
    page: CortesPage, shell: Shell, messages: Recorded, qtbot: QtBot, settle: Settle, tmp_path: Path
) -> None:
    assert shell.desk is not None
    ws = shell.desk.workspace
    with ws.write() as connection:  # the fixture trusts an authority of its own, whose file nobody has
        connection.exec_driver_sql("DELETE FROM autoridad")
    Office(ws).create("una contraseña larga")
    _seal(page, "Uno", qtbot, shell, settle)
    file = tmp_path / "corte.zip"
    messages.answers += [file, file, file]

    _press(qtbot, page.export_button, shell, settle)
    page.signing.passphrase.setText("otra contraseña")
    qtbot.keyClick(page.signing.passphrase, Qt.Key.Key_Return)
    settle(shell)
    assert page.signing.wrong.isVisible()
    assert not file.exists()
    page.signing.passphrase.setText("una contraseña larga")
    qtbot.keyClick(page.signing.passphrase, Qt.Key.Key_Return)
    settle(shell)
    assert page.signing.isHidden()
    _press(qtbot, page.file_button, shell, settle)

    assert "íntegro" in shell.notice.text
    assert "Firma de " in shell.notice.text
    assert page.signing.passphrase.text() == ""


def test_analista_does_not_seal(page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    window = _roles(shell, qtbot, settle)
    (box,) = window.boxes.values()
    box.setFocus()
    box.setCurrentIndex(box.findData(roles.ANALISTA))
    box.activated.emit(box.currentIndex())
    settle(shell)
    settle(shell)

    assert shell.heading.role.text() == "Rol: Analista"
    assert "antes: Jefe de la Oficina TIC · rol: Analista" in window.changes.text()
    assert not page.seal_button.isEnabled()
    assert page.why_not.text().startswith("Sellar un corte le corresponde al jefe de la Oficina TIC.")
    assert "cambie su rol" in page.seal_button.accessibleDescription()
    window.close()


def _roles(shell: Shell, qtbot: QtBot, settle: Settle) -> RolesDialog:
    shell.heading.role.setFocus()
    qtbot.keyClick(shell.heading.role, Qt.Key.Key_Space)
    settle(shell)
    (window,) = shell.findChildren(RolesDialog)
    return window


def test_what_a_cut_would_leave_out_is_told_before(
    page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle
) -> None:
    assert pending_words(cuts.Waiting(0, 0, 0)) == ["Todavía no hay registros: el corte quedará vacío."]
    assert pending_words(cuts.Waiting(9, 2, 1)) == [
        "En la Bandeja esperan 2 entregas por decidir: lo que no se haya aceptado no queda en el corte.",
        "En Dudas queda 1 por resolver: se sellan como están.",
    ]
    qtbot.mouseClick(page.seal_button, Qt.MouseButton.LeftButton)
    settle(shell)
    assert page.form.pending.isHidden()
    qtbot.keyClick(page.form.name, Qt.Key.Key_Escape)
    assert page.form.isHidden()


def test_second_cut_of_the_same_says_so(page: CortesPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    _seal(page, "Uno", qtbot, shell, settle)
    _seal(page, "Dos", qtbot, shell, settle)

    assert "Guarda lo mismo que «Corte n.º 1 · Uno»: nada cambió entre los dos." in shell.notice.text


def test_control_interno_reads_while_somebody_works(
    filled: Path, messages: Recorded, qtbot: QtBot, settle: Settle
) -> None:
    with Workspace.open(filled) as ws:
        cuts.seal(ws, "Uno")
        shell = Shell(messages)
        qtbot.addWidget(shell)
        shell.show()
        (start,) = shell.findChildren(StartPage)
        messages.answers.append(filled)
        asked: list[Start] = []
        start.chosen.connect(asked.append)
        with qtbot.waitSignal(shell.entered, timeout=20_000):
            reader = next(b for b in start.findChildren(QPushButton) if b.text() == "Abrir solo &para leer…")
            qtbot.mouseClick(reader, Qt.MouseButton.LeftButton)
        settle(shell)
        assert asked[0].reading
        assert shell.notice.text.startswith("Abierto solo para leer")

        shell.go("cortes")
        settle(shell)
        page = shell.page
        assert isinstance(page, CortesPage)
        assert shell.heading.reading.isVisible()
        assert shell.heading.role.accessibleName() == "Rol: Control Interno"
        assert not page.seal_button.isEnabled()
        assert "solo para leer" in page.why_not.text()
        window = _roles(shell, qtbot, settle)
        assert [(box.currentData(), box.isEnabled()) for box in window.boxes.values()] == [(roles.CONTROL, False)]
        assert "solo para leer" in window.why.text()
        window.close()
        _press(qtbot, page.check_button, shell, settle)
        assert "El corte está íntegro" in shell.notice.text
        shell.close()
    assert [path.name for path in filled.parent.glob("*_copias")] == []


def test_log_shows_a_page_at_a_time_and_the_entry_in_words(
    log: BitacoraPage, shell: Shell, qtbot: QtBot, settle: Settle
) -> None:
    model = log.model
    assert (log.count.text(), model.rowCount()) == ("450 entradas", ENTRIES)
    assert log.told.text() == "Secretaría de Hacienda · entrega n.º 449 · motivo: Faltó el acta"
    assert model.index(ENTRIES - 1, 1).data() == "…"
    settle(shell)

    assert model.index(ENTRIES - 1, 4).data().startswith("Secretaría de Salud · entrega n.º 0")
    assert sorted(model._pages) == [0, ENTRIES // PAGE]
    qtbot.keyClick(log.table, Qt.Key.Key_Down)
    assert "entrega n.º 448" in log.told.text()


def test_log_is_searched_and_filtered(log: BitacoraPage, shell: Shell, qtbot: QtBot, settle: Settle) -> None:
    qtbot.keyClicks(log.search, "secretaria de salud")
    qtbot.waitUntil(lambda: log.count.text() == "225 entradas", timeout=5_000)

    log.search.clear()
    log.who.setCurrentIndex(log.who.findText("Luis"))
    log.action.setCurrentIndex(log.action.findText("Entrega rechazada"))
    log._later()
    qtbot.waitUntil(lambda: log.model.rowCount() == 225 and log.search.text() == "", timeout=5_000)

    qtbot.keyClicks(log.days["desde"], "1/1/2090")
    qtbot.waitUntil(lambda: log.count.text() == "0 entradas", timeout=5_000)
    assert log.detail.isHidden()


def test_check_of_the_log_names_the_altered_entry(
    log: BitacoraPage, shell: Shell, qtbot: QtBot, settle: Settle
) -> None:
    _press(qtbot, log.check_button, shell, settle)
    assert log.verdict_text.text() == "La bitácora está completa: se comprobaron 450 entradas."
    assert "Lo que no puede probar" in log.verdict_notes.text()

    assert shell.desk is not None
    with shell.desk.workspace.write() as connection:
        connection.exec_driver_sql("UPDATE bitacora SET quien = 'Nadie' WHERE id = 17")
    _press(qtbot, log.check_button, shell, settle)

    assert "La entrada n.º 17" in log.verdict_text.text()
    assert "Alterada" in log.verdict_chip.text()


@pytest.mark.parametrize("ending", ["pdf", "xlsx", "csv"])
def test_log_is_exported_with_the_outcome_of_its_check(
    log: BitacoraPage, shell: Shell, messages: Recorded, settle: Settle, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"b.{ending}"
    messages.answers.append(path)
    log.who.setCurrentIndex(log.who.findText("Ana"))
    log._ask()
    settle(shell)

    log._export(ending)
    settle(shell)

    assert log.model.rowCount() == 225
    match ending:
        case "pdf":
            text = "".join(page.extract_text() for page in PdfReader(path).pages)
        case "xlsx":
            book = openpyxl.load_workbook(path)
            text = " ".join(str(cell.value) for sheet in book for row in sheet for cell in row)
        case _:
            text = path.read_text("utf-8-sig")
    assert "La bitácora está completa: se comprobaron 450 entradas." in text
    assert "Último sello" in text
    assert "225 de 450" in text
    assert text.count("Secretaría de Salud") == 225


@pytest.mark.parametrize("name", ["cortes", "bitacora"])
def test_every_input_has_a_name_and_fits_a_small_screen(
    shell: Shell, settle: Settle, nameless: Callable[[QWidget], list[str]], name: str
) -> None:
    assert shell.desk is not None
    cuts.seal(shell.desk.workspace, "Uno")
    shell.resize(1024, 700)
    shell.go(name)
    settle(shell)
    page = shell.page
    assert page is not None
    page.reload()
    settle(shell)

    assert nameless(page) == []
    assert page.minimumSizeHint().width() <= shell.width() - 200

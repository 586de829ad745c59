"""The inbox: everything that is dropped gets its verdict, nothing enters without a look, nothing stays half."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QTreeWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from db.queries import deliveries
from peti_desktop.intake import apply, inbox
from peti_desktop.intake.receipt import Receipt
from peti_desktop.trust.verdict import Reason, Status
from peti_desktop.workspace import Workspace
from ui.messages import Recorded
from ui.oficina import bandeja_recibir
from ui.oficina.bandeja import BandejaPage
from ui.oficina.matriz import MatrizPage
from ui.oficina.words import Line, verdict
from ui.shell import Shell

Settle = Callable[[Shell], None]


@pytest.fixture
def page(shell: Shell, settle: Settle) -> BandejaPage:
    shell.go("bandeja")
    settle(shell)
    found = shell.page
    assert isinstance(found, BandejaPage)
    return found


def drop(page: BandejaPage, *paths: Path) -> None:
    """Drop files or folders on the page, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    where, action = QPointF(page.rect().center()), Qt.DropAction.CopyAction
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(where.toPoint(), action, data, buttons, none)
    QApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(page, QDropEvent(where, action, data, buttons, none))


def on_screen(page: BandejaPage) -> dict[str, tuple[str, str]]:
    """File name to verdict and state, as the list says them."""
    return {line.receipt.file: (verdict(line.receipt)[0], line.state[0]) for line in page.model.lines}


@pytest.fixture
def open_line(qtbot: QtBot, shell: Shell, page: BandejaPage, settle: Settle) -> Callable[[str], Line]:
    """Opens the line of a file and waits for its preview, where there is one."""

    def choose(file: str) -> Line:
        line = next(line for line in page.model.lines if line.receipt.file == file)
        page.list.setCurrentIndex(page.model.index(page.model.row_of(line.key)))
        if line.stored and line.receipt.state == "recibida":
            qtbot.waitUntil(lambda: page.review.tree.topLevelItemCount() > 0, timeout=10_000)
        settle(shell)
        return line

    return choose


def rows(page: BandejaPage) -> list[QTreeWidgetItem]:
    """The records in the review, section by section."""
    return list(page.review.tree._rows)


def row_of(page: BandejaPage, part: str) -> QTreeWidgetItem:
    """The one record whose line says ``part``."""
    (found,) = [row for row in rows(page) if part in row.text(0)]
    return found


def press(qtbot: QtBot, widget: QWidget) -> None:
    assert widget.isEnabled() and widget.isVisible()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_folder_gets_a_verdict_per_file_and_keeps_only_the_good_one(
    shell: Shell, page: BandejaPage, office: Workspace, mixed: Path, usb: Path, settle: Settle
) -> None:
    drop(page, usb)
    settle(shell)

    assert on_screen(page) == {
        mixed.name: ("válida", "por revisar"),
        "b-alterada.xlsx": ("alterada", "no recibida"),
        "c-sin-firma.xlsx": ("sin firma", "no recibida"),
        "d-nota.txt": ("no es una entrega", "no recibida"),
        "e-copia.xlsx": ("repetida", "ya estaba"),
    }
    assert [receipt.file for receipt in inbox.listing(office)] == [mixed.name]
    assert not any(office.counts().values())
    assert shell.notice.text.startswith("Se revisaron 5 archivos")


def test_refused_file_says_why_and_offers_nothing(
    shell: Shell, page: BandejaPage, mixed: Path, usb: Path, settle: Settle, open_line: Callable[[str], Line]
) -> None:
    drop(page, usb)
    settle(shell)

    open_line("b-alterada.xlsx")

    assert "cambió después de firmado" in page.review.facts.reasons[0]
    assert not page.review._decide.isVisible()


def test_opening_a_line_shows_what_it_would_do_and_stores_nothing(
    shell: Shell, page: BandejaPage, office: Workspace, mixed: Path, settle: Settle, open_line: Callable[[str], Line]
) -> None:
    drop(page, mixed)
    settle(shell)

    open_line(mixed.name)

    assert page.review.filters.kinds["nuevo"].text() == "+ Nuevos 4"
    assert page.review.filters.kinds["cambiado"].text() == "≠ Cambiados 0"
    assert not page.review.filters.kinds["cambiado"].isEnabled()
    assert not any(office.counts().values())


def test_second_delivery_shows_each_field_before_and_after(
    shell: Shell,
    page: BandejaPage,
    unit: Any,
    settle: Settle,
    open_line: Callable[[str], Line],
    office: Workspace,
) -> None:
    salud = unit("SALUD")
    apply.accept(office, inbox.receive(office, salud.deliver()).sha256)
    (risk,) = salud.ws.records("riesgo")
    salud.ws.put("riesgo", risk.uid, {"tratamiento": "evitar"})
    second = salud.deliver()
    drop(page, second)
    settle(shell)

    open_line(second.name)

    changed = row_of(page, "≠")
    child = changed.child(0)
    assert child is not None
    assert [child.text(column) for column in range(3)] == ["Tratamiento", "Aceptar", "Evitar"]
    assert [row.isHidden() for row in rows(page)].count(True) == 3
    page.review.filters.kinds["igual"].click()
    assert not any(row.isHidden() for row in rows(page))


def test_accepted_records_stand_in_the_matrix_with_their_origin(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    mixed: Path,
    settle: Settle,
    open_line: Callable[[str], Line],
) -> None:
    drop(page, mixed)
    settle(shell)
    open_line(mixed.name)
    press(qtbot, page.review._accept)
    settle(shell)

    assert on_screen(page)[mixed.name] == ("válida", "aceptada")
    assert not page.review._accept.isVisible()

    shell.go("matriz")
    settle(shell)
    matrix = shell.page
    assert isinstance(matrix, MatrizPage)
    model = matrix.table.model
    assert model.index(0, 0).data() == "Secretaría de Salud"
    matrix.table.grid.setCurrentIndex(model.index(0, 0))
    qtbot.keyClick(matrix, Qt.Key.Key_F4)
    qtbot.waitUntil(lambda: mixed.name in matrix.origin.text)
    assert "Riesgos, fila 4" in matrix.origin.text
    assert "Ana Núñez – Técnica" in matrix.origin.text
    assert "Llegó por primera vez" in matrix.origin.text


def test_all_clean_are_accepted_at_once_after_a_copy_and_the_rest_waits(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    usb: Path,
    settle: Settle,
    store: Path,
) -> None:
    salud = unit("SALUD")
    first, second = salud.deliver(), salud.deliver()
    hacienda = unit("HACIENDA").deliver()
    drop(page, second, hacienda)
    settle(shell)
    press(qtbot, page._clean)
    settle(shell)
    drop(page, first)
    settle(shell)
    assert on_screen(page)[first.name] == ("anterior a la recibida", "por revisar")

    states = {name: state for name, (_verdict, state) in on_screen(page).items()}
    assert states == {first.name: "por revisar", second.name: "aceptada", hacienda.name: "aceptada"}
    assert office.counts()["riesgo"] == 2
    assert list((store.parent / "oficina_copias").glob("*.sqlite"))


def test_rejection_needs_a_reason_and_keeps_it(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    mixed: Path,
    settle: Settle,
    open_line: Callable[[str], Line],
) -> None:
    drop(page, mixed)
    settle(shell)
    open_line(mixed.name)
    page.review._reject.trigger()
    panel = page.review.reason
    assert not panel.go.isEnabled()
    panel.phrase.setCurrentIndex(1)
    panel.words.setPlainText("Falta la sede norte.")
    press(qtbot, panel.go)
    settle(shell)

    assert on_screen(page)[mixed.name] == ("válida", "rechazada")
    assert not any(office.counts().values())
    with office.read() as connection:
        last = deliveries.log(connection)[-1]
    assert last["accion"] == "entrega rechazada"
    assert "Faltan registros que la dependencia debe entregar. Falta la sede norte." in last["detalle"]


def test_unknown_signer_is_confirmed_by_the_fingerprint_and_then_received(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    signers: Any,
    settle: Settle,
    open_line: Callable[[str], Line],
) -> None:
    stranger = signers.stranger
    path = unit("HACIENDA", stranger).deliver()
    drop(page, path)
    settle(shell)
    assert on_screen(page) == {path.name: ("firmante desconocido", "no recibida")}
    assert inbox.listing(office) == []

    open_line(path.name)
    press(qtbot, page.review._confirm)
    confirming = page.review.confirming
    qtbot.waitUntil(confirming.isVisible)
    assert stranger.fingerprint in confirming.fingerprint.accessibleName()
    assert not confirming.go.isEnabled()
    confirming.same.setChecked(True)
    press(qtbot, confirming.go)
    qtbot.waitUntil(lambda: on_screen(page) == {path.name: ("válida", "por revisar")}, timeout=10_000)

    open_line(path.name)
    press(qtbot, page.review._accept)
    settle(shell)
    assert office.counts()["riesgo"] == 1


def test_file_that_was_swapped_meanwhile_confirms_nobody(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    unit: Any,
    signers: Any,
    settle: Settle,
    open_line: Callable[[str], Line],
    office: Workspace,
) -> None:
    path = unit("HACIENDA", signers.stranger).deliver()
    drop(page, path)
    settle(shell)
    open_line(path.name)
    press(qtbot, page.review._confirm)
    confirming = page.review.confirming
    qtbot.waitUntil(confirming.isVisible)
    confirming.same.setChecked(True)
    shutil.copy(unit("SALUD").deliver(), path)

    press(qtbot, confirming.go)
    settle(shell)

    assert confirming.wrong.text()
    assert inbox.listing(office) == []


def test_cancel_in_the_middle_leaves_whole_deliveries(
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    usb: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    salud = unit("SALUD")
    files = [salud.deliver() for _ in range(4)]
    real, calls = inbox.receive_all, []

    def receive_all(ws: Workspace, paths: list[Path]) -> list[Receipt]:
        calls.extend(paths)
        if len(calls) == 2:
            shell.strip._stop()
        return real(ws, paths)

    monkeypatch.setattr(inbox, "receive_all", receive_all)
    monkeypatch.setattr(bandeja_recibir, "AT_ONCE", 1)
    drop(page, usb)
    settle(shell)

    assert calls == files[:2]
    assert [line.receipt.file for line in page.model.lines] == [files[1].name, files[0].name]
    assert "Se detuvo después de 2 archivos" in shell.notice.text
    for receipt in inbox.listing(office):
        assert apply.preview(office, receipt.sha256).counts["added"] == 4


def test_a_delivery_somebody_else_decided_is_told_not_repeated(
    qtbot: QtBot,
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    mixed: Path,
    settle: Settle,
    open_line: Callable[[str], Line],
) -> None:
    drop(page, mixed)
    settle(shell)
    line = open_line(mixed.name)
    apply.reject(office, line.receipt.sha256, "Por teléfono")

    press(qtbot, page.review._accept)
    settle(shell)

    assert "ya está rechazada" in shell.notice.text
    assert on_screen(page)[mixed.name][1] == "rechazada"
    assert page.review._decide.isEnabled()


def test_buttons_ask_for_files_and_for_a_folder(
    qtbot: QtBot, shell: Shell, page: BandejaPage, messages: Recorded, mixed: Path, usb: Path, settle: Settle
) -> None:
    messages.answers = [[mixed], usb, None]
    page._pick_files()
    settle(shell)
    assert list(on_screen(page)) == [mixed.name]

    page._pick_folder()
    settle(shell)
    assert len(on_screen(page)) == 5

    page._pick_folder()
    assert shell.tasks.running == 0


def test_folder_that_went_away_is_told(shell: Shell, page: BandejaPage, usb: Path, settle: Settle) -> None:
    page.receive([usb / "no está"])
    settle(shell)

    assert "No existe" in shell.notice.text


def test_a_file_that_went_away_has_its_line_and_stops_nothing(
    shell: Shell, page: BandejaPage, mixed: Path, usb: Path, settle: Settle
) -> None:
    page.receive([usb / "se fue.xlsx", mixed])
    settle(shell)

    assert on_screen(page) == {
        mixed.name: ("válida", "por revisar"),
        "se fue.xlsx": ("no se pudo leer", "no recibida"),
    }


def test_a_memory_taken_out_while_it_is_read_gives_each_file_its_line(
    shell: Shell, page: BandejaPage, mixed: Path, usb: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, stat, opened = (usb / "c-sin-firma.xlsx", usb / "d-nota.txt"), Path.stat, Path.open

    def no_stat(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path in broken:
            raise OSError(errno.EIO, "input/output error")
        return stat(path, follow_symlinks=follow_symlinks)

    def no_open(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path in broken:
            raise OSError(errno.EIO, "input/output error")
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "stat", no_stat)
    monkeypatch.setattr(Path, "open", no_open)
    drop(page, mixed, *broken)
    settle(shell)

    assert on_screen(page) == {
        mixed.name: ("válida", "por revisar"),
        **{path.name: ("no se pudo leer", "no recibida") for path in broken},
    }


def test_a_full_disk_is_told_once_and_what_was_kept_is_whole(
    shell: Shell,
    page: BandejaPage,
    office: Workspace,
    unit: Any,
    usb: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    salud, room = unit("SALUD"), [True, False]
    paths, add = [salud.deliver() for _ in room], deliveries.add_received

    def full(connection: Any, row: Any) -> None:
        add(connection, row)
        if not room.pop(0):
            raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(bandeja_recibir, "AT_ONCE", 1)
    monkeypatch.setattr(deliveries, "add_received", full)
    drop(page, usb)
    settle(shell)

    assert shell.notice.text.startswith("El disco está lleno y no se pudo guardar.")
    assert [receipt.file for receipt in inbox.listing(office)] == [paths[0].name]
    assert on_screen(page) == {paths[0].name: ("válida", "por revisar")}
    assert not page.receiving.busy

    monkeypatch.setattr(deliveries, "add_received", add)
    drop(page, usb)
    settle(shell)
    assert [receipt.file for receipt in inbox.listing(office)] == [path.name for path in paths]


def test_a_file_that_still_grows_is_received_once_it_is_whole(
    shell: Shell, page: BandejaPage, office: Workspace, mixed: Path, usb: Path, settle: Settle
) -> None:
    growing, whole = usb / "copiando.xlsx", mixed.read_bytes()
    growing.write_bytes(whole[: len(whole) // 2])
    drop(page, growing)
    settle(shell)
    assert on_screen(page) == {"copiando.xlsx": ("llegó incompleta", "no recibida")}

    growing.write_bytes(whole)
    drop(page, growing)
    settle(shell)
    assert on_screen(page) == {"copiando.xlsx": ("válida", "por revisar")}
    assert len(inbox.listing(office)) == 1


@pytest.mark.parametrize(
    ("status", "codes", "word"),
    [
        (Status.VALIDA, "", "válida"),
        (Status.CON_AVISOS, "vence_pronto", "con avisos"),
        (Status.CON_AVISOS, "anterior", "anterior a la recibida"),
        (Status.CON_AVISOS, "bifurcada", "mismo número, otro contenido"),
        (Status.DESCONOCIDA, "firmante_desconocido", "firmante desconocido"),
        (Status.NO_VALIDA, "alterada", "alterada"),
        (Status.NO_VALIDA, "texto_disfrazado", "no es una entrega"),
        (Status.NO_VALIDA, "anulada", "clave anulada"),
        (Status.NO_VALIDA, "zip_manipulado", "no válida"),
        (Status.NO_VALIDA, "vuelto_a_guardar", "sin firma: se volvió a guardar"),
        (Status.NO_VALIDA, "vuelto_a_guardar celdas_cambiadas", "alterada"),
        (Status.CON_AVISOS, "guardado_igual", "vuelta a guardar, sin cambios"),
        (Status.CON_AVISOS, "guardado_igual anterior", "anterior a la recibida"),
    ],
)
def test_verdict_words(status: Status, codes: str, word: str) -> None:
    reasons = tuple(Reason(code, "…") for code in codes.split())

    assert verdict(Receipt("a.xlsx", status, reasons))[0] == word

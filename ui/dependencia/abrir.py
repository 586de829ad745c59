"""Opening a file of the Oficina TIC, whichever it is: inicio, devolución or acuse; others are named and left alone."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from peti_desktop.records import TYPES
from ui.dependencia.recibir import take as take_starter
from ui.desk import Desk

if TYPE_CHECKING:
    from peti_desktop.progress import Progress
    from peti_desktop.returning.receiving import OfficeFile, Taken

OBSERVATIONS: Final = "observacion"
"""Beside the record types in ``desk.stored``: what the office asks, or an answer, changed."""
CHANGES: Final = frozenset({OBSERVATIONS, *TYPES})
STARTER, DELIVERY = "inicio", "entrega"


def choose(desk: Desk, over: QWidget) -> None:
    """Let the person choose a file of the office and open it."""
    path = desk.messages.open_file("Archivo que envió la Oficina TIC", "Excel (*.xlsx)")
    if path is not None:
        open_files(desk, [path], over)


def open_files(desk: Desk, paths: Sequence[Path], over: QWidget) -> None:
    """Recognise each file and take it in; what it was is told in the bar, one line for each.

    A delivery is offered to be read, in a window ``over`` this one.
    """
    workspace = desk.workspace

    def look(_progress: "Progress") -> "list[tuple[Path, OfficeFile]]":
        from peti_desktop.returning import receiving

        return [(path, receiving.read(workspace, path)) for path in paths]

    desk.run(look, partial(_looked, desk, over), text="Comprobando el archivo…")


def _looked(desk: Desk, over: QWidget, found: "list[tuple[Path, OfficeFile]]") -> None:
    """The starter file has questions of its own; returns and receipts are taken in, in the order of the office."""
    rest = []
    for path, one in found:
        if one.clase == STARTER:
            take_starter(desk, path)
        else:
            rest.append((path, one))
    good = [one for _path, one in rest if one.acceptable]
    bad = [(path, one) for path, one in rest if not one.acceptable]
    told = [f"«{one.name}»: {_why(one)}" for _path, one in bad]
    if good:
        _take(desk, sorted(good, key=_counter), told)
    elif bad:
        path, one = bad[0]
        act: Callable[[], None] | None = partial(_read_delivery, desk, path, over) if one.clase == DELIVERY else None
        desk.notice.tell("\n".join(told), "No se guardó nada.", tone="stops", action="Leerla" if act else "", act=act)


def _counter(found: "OfficeFile") -> int:
    return found.contents.told.contador if found.contents else 0


def _why(found: "OfficeFile") -> str:
    if found.reasons:
        return " ".join(reason.sentence for reason in found.reasons)
    return "No es un archivo de la Oficina TIC."


def _take(desk: Desk, good: "Sequence[OfficeFile]", told: Sequence[str]) -> None:
    workspace = desk.workspace

    def work(_progress: "Progress") -> "list[Taken]":
        from peti_desktop.returning import receiving

        return [receiving.take(workspace, one) for one in good]

    def done(taken: "list[Taken]") -> None:
        sentences = [*(sentence for one in taken for sentence in one.sentences), *told]
        desk.notice.tell("\n".join(sentences), tone="warns" if told else "fine")

    desk.save(work, CHANGES, done)


def _read_delivery(desk: Desk, path: Path, over: QWidget) -> None:
    """Show a delivery that was taken for a file of the office."""
    from ui.dependencia.entregas import read_file

    read_file(desk, path, over)

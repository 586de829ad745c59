"""The command line: the same core without a window, for the office's batches and for tests.

Exit codes: 0 all well, 1 something was not acceptable or could not be done, 2 wrong use.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from peti_desktop import __version__
from peti_desktop.errors import Cancelled, UserError

if TYPE_CHECKING:
    from peti_desktop.intake.receipt import Receipt
    from peti_desktop.workspace import Workspace

OK, NOT_ALL, WRONG_USE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """argparse, with its own few words in Spanish."""

    def error(self, message: str) -> NoReturn:
        words = {
            "the following arguments are required:": "faltan argumentos:",
            "unrecognized arguments:": "no se reconocen los argumentos:",
            "invalid choice:": "no existe la opción",
            "expected one argument": "necesita un valor",
        }
        for english, spanish in words.items():
            message = message.replace(english, spanish)
        print(f"peti-desktop: {message}\nEscriba «peti-desktop --help» para ver cómo se usa.", file=sys.stderr)
        raise SystemExit(WRONG_USE)


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    _speak_utf8()
    try:
        arguments = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    if arguments.command is None:
        _parser().print_help()
        return WRONG_USE
    command: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return command(arguments)
    except UserError as error:
        print(str(error), file=sys.stderr)
        return NOT_ALL
    except BrokenPipeError:
        # Whoever read our lines has seen enough; nothing is left to be flushed at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOT_ALL
    except (KeyboardInterrupt, Cancelled):
        print("Se canceló. Lo que ya se había hecho quedó completo; lo demás no se tocó.", file=sys.stderr)
        return NOT_ALL


def _speak_utf8() -> None:
    """A Windows console may still speak cp850; what cannot be shown is replaced and never stops the work."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _parser() -> _Parser:
    parser = _Parser(prog="peti-desktop", description="Entregas firmadas y consolidación del PETI, sin ventana.")
    parser.add_argument("--version", action="version", version=f"Peti Desktop {__version__}")
    commands = parser.add_subparsers(dest="command", parser_class=_Parser, metavar="ORDEN")

    demo = commands.add_parser("demo", help="hace todo el trabajo una vez, con los datos del PETI")
    demo.add_argument("folder", metavar="DIR", type=Path)
    demo.set_defaults(run=_demo)

    verify = commands.add_parser("verify", help="un veredicto por archivo; no guarda nada")
    verify.add_argument("--store", metavar="S", default=None, help="archivo de datos de la Oficina TIC")
    verify.add_argument("--from", dest="sender", metavar="CÓDIGO", default="", help="dependencia de la que deben venir")
    verify.add_argument("--json", action="store_true", help="un objeto JSON por línea")
    verify.add_argument("files", metavar="ARCHIVO", nargs="+", type=Path)
    verify.set_defaults(run=_verify)

    merge = commands.add_parser("merge", help="recibe entregas y acepta las que no tienen dudas")
    merge.add_argument("--store", metavar="S", required=True)
    merge.add_argument("--json", action="store_true", help="un objeto JSON por línea")
    merge.add_argument("files", metavar="ARCHIVO|CARPETA", nargs="+", type=Path)
    merge.set_defaults(run=_merge)

    report = commands.add_parser("report", help="escribe informes en PDF")
    report.add_argument("--store", metavar="S", required=True)
    report.add_argument("--out", metavar="DIR", required=True, type=Path)
    report.add_argument("--public", action="store_true", help="la versión que se puede publicar")
    report.add_argument("names", metavar="NOMBRE", nargs="*")
    report.set_defaults(run=_report)

    export = commands.add_parser("export", help="escribe la matriz consolidada en Excel, o los datos abiertos en CSV")
    export.add_argument("--store", metavar="S", required=True)
    export.add_argument("--out", metavar="ARCHIVO|CARPETA", required=True, type=Path)
    export.add_argument(
        "--open-data", choices=("publica", "interna"), help="datos abiertos en CSV, en la carpeta --out"
    )
    export.add_argument("--cut", metavar="N", type=int, help="los del corte número N, y no los de ahora")
    export.set_defaults(run=_export)
    return parser


def _demo(arguments: argparse.Namespace) -> int:
    from peti_desktop import demo, typed

    made = demo.run(arguments.folder.resolve(), _tell)
    _tell_end()
    if made.moved:
        print(f"El ejemplo anterior quedó en {made.moved}")
    print(f"{made.deliveries} entregas recibidas, {made.accepted} aceptadas, {len(made.reports)} informes en PDF.")
    print(f"Todo quedó en {made.folder}. Para abrirlo en la ventana:")
    for store in (made.folder / "oficina.sqlite", made.folder / "dependencias" / "SALUD.sqlite"):
        print(f"  {typed.opening(store)}")
    return OK if made.accepted == made.deliveries else NOT_ALL


def _verify(arguments: argparse.Namespace) -> int:
    from peti_desktop.trust.verdict import Status

    receipts = []
    with _examiner(arguments.store) as ws:
        sender = _known_sender(ws, arguments.sender)
        if arguments.sender and not sender:
            print(f"No existe la dependencia «{arguments.sender}»: use su código, por ejemplo SALUD.", file=sys.stderr)
            return WRONG_USE
        for path in arguments.files:
            receipt = _examined(ws, path, sender)
            receipts.append(receipt)
            _say(path, receipt, as_json=arguments.json)
    good = {Status.VALIDA, Status.CON_AVISOS}
    return OK if all(receipt.verdict in good for receipt in receipts) else NOT_ALL


def _examined(ws: "Workspace", path: Path, sender: str) -> "Receipt":
    from peti_desktop.intake.examine import examine
    from peti_desktop.intake.receipt import Receipt
    from peti_desktop.trust.verdict import Reason, Status

    try:
        return examine(ws, path, sender=sender).receipt
    except UserError as error:
        return Receipt(path.name, Status.NO_VALIDA, (Reason("ilegible", str(error)),))


def _examiner(store: str | None) -> "Workspace":
    """The office's store, or an empty one in memory that trusts nobody yet."""
    from peti_desktop.workspace import Workspace

    return Workspace.nobody() if store is None else Workspace.open(store, writing=False)


def _known_sender(ws: "Workspace", code: str) -> str:
    if not code:
        return ""
    return ws.catalogues.find("dependencia", code) or ""


def _merge(arguments: argparse.Namespace) -> int:
    from peti_desktop.intake import apply, inbox
    from peti_desktop.intake.receipt import ACCEPTED, REPLACED
    from peti_desktop.workspace import Workspace

    paths = inbox.files_in(arguments.files)
    progress = _silent_tell if arguments.json else _tell
    with Workspace.open(arguments.store) as ws:
        receipts = inbox.receive_all(ws, paths, progress)
        apply.accept_clean(ws, receipts, progress)
        now = {receipt.sha256: receipt for receipt in inbox.listing(ws)}
    _tell_end()
    receipts = [_as_it_stands(receipt, now.get(receipt.sha256)) for receipt in receipts]
    for path, receipt in zip(paths, receipts, strict=True):
        _say(path, receipt, as_json=arguments.json, state=receipt.state)
    return OK if all(receipt.state in {ACCEPTED, REPLACED} for receipt in receipts) else NOT_ALL


def _as_it_stands(receipt: "Receipt", now: "Receipt | None") -> "Receipt":
    """What is told of a file after the run: of a new one what was decided, of a repeated one that it was."""
    if now is None:
        return receipt
    return replace(receipt, state=now.state) if receipt.repeated else now


def _say(path: Path, receipt: "Receipt", *, as_json: bool, state: str = "") -> None:
    if as_json:
        said = {
            "file": str(path),
            "verdict": receipt.verdict.value,
            "reasons": [reason.sentence for reason in receipt.reasons],
            "signer": f"{receipt.signer} – {receipt.cargo}" if receipt.signer else None,
            "dependencia": receipt.dependencia or None,
            **receipt.counts,
            "codes": [reason.code for reason in receipt.reasons],
            "state": state or None,
        }
        print(json.dumps(said, ensure_ascii=False))
        return
    counts = receipt.counts
    print(f"{path.name}: {receipt.verdict.value}" + (f" · {state}" if state else ""))
    if receipt.signer:
        print(f"    {receipt.dependencia_nombre} · firma {receipt.signer} – {receipt.cargo}")
    if any(counts.values()):
        print(
            f"    nuevos {counts['added']}, cambiados {counts['changed']}, retirados {counts['retired']}, "
            f"iguales {counts['unchanged']}, dudosos {counts['doubtful']}"
        )
    for reason in receipt.reasons:
        print(f"    {reason.sentence}")


def _report(arguments: argparse.Namespace) -> int:
    from peti_desktop import reports
    from peti_desktop.workspace import Workspace

    unknown = [name for name in arguments.names if name not in reports.REPORTS]
    if unknown:
        print(f"No existe el informe «{unknown[0]}». Hay: {', '.join(reports.REPORTS)}.", file=sys.stderr)
        return WRONG_USE
    with Workspace.open(arguments.store, writing=False) as ws:
        every = [name for name, report in reports.REPORTS.items() if report.public or not arguments.public]
        for name in arguments.names or every:
            print(reports.write(ws, name, arguments.out, _tell, public=arguments.public))
    return OK


def _export(arguments: argparse.Namespace) -> int:
    from peti_desktop.reports.matriz_xlsx import write_matriz
    from peti_desktop.workspace import Workspace

    if arguments.cut is not None and arguments.open_data is None:
        print("«--cut» es para los datos abiertos: escriba también «--open-data publica» o «interna».", file=sys.stderr)
        return WRONG_USE
    with Workspace.open(arguments.store, writing=False) as ws:
        if arguments.open_data is None:
            write_matriz(ws, arguments.out, _tell)
            written = arguments.out
        else:
            written = _open_data(ws, arguments.open_data, arguments.cut, arguments.out)
    _tell_end()
    print(written)
    return OK


def _open_data(ws: "Workspace", version: str, number: int | None, folder: Path) -> Path:
    from peti_desktop.consolidation import cuts
    from peti_desktop.opendata.datasets import Version
    from peti_desktop.opendata.writing import write, write_cut

    if number is None:
        return write(ws, Version(version), folder, _tell)
    found = next((cut for cut in cuts.listing(ws) if cut.number == number), None)
    if found is None:
        raise UserError(f"No hay un corte número {number}.", "Mire los números de los cortes en la página «Cortes».")
    return write_cut(ws, found.uid, folder, _tell, [Version(version)])[0]


def _tell(done: int, total: int, text: str) -> None:
    """How far the work is, on one line of a terminal; nothing where nobody looks."""
    if sys.stderr is not None and sys.stderr.isatty():
        how_far = f"{done}/{total}" if total else ""
        print(f"\r\x1b[K{how_far} {text}"[:110], end="", file=sys.stderr, flush=True)


def _silent_tell(done: int, total: int, text: str) -> None:
    """With ``--json`` only objects are printed."""


def _tell_end() -> None:
    if sys.stderr is not None and sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)

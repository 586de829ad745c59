"""``python -m tests.attacks.guided TARGET [-runs=N …]``: fuzzing guided by coverage, with atheris beside the lock.

atheris is no dependency of the project: ``pip install --target FOLDER atheris``, and that folder in PYTHONPATH. Targets
are the places that meet bytes before they are proven; anything they raise but their own refusals is a fault.
"""

import importlib
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

atheris: Any = importlib.import_module("atheris")  # optional, see above

with atheris.instrument_imports(include=["peti_desktop"]):
    from peti_desktop.delivery import cells, seal, unproven
    from peti_desktop.delivery.cells import Unreadable
    from peti_desktop.trust import certificates, container, diagnosis, package, template
    from peti_desktop.trust.verdict import Refusal

SHEET = "xl/worksheets/sheet1.xml"


def _zip(data: bytes) -> None:
    for padding in (False, True):
        try:
            container.inflate(data, container.directory(data, padding=padding), padding=padding)
        except Refusal as refusal:
            diagnosis.explained(data, refusal)


def _signature(data: bytes) -> None:
    template.unstamped(template.extract(data).comment)


def _certificate(data: bytes) -> None:
    with suppress(certificates.ProfileError):
        certificates.read_signer(data)


def _relationships(data: bytes) -> None:
    package.signed_rows("xl/_rels/workbook.xml.rels", data)


def _cells(data: bytes) -> None:
    for read in (cells.rows, lambda part: unproven._rows(part, ["x"], unproven.Budget()),
                 lambda part: unproven._shared(part, unproven.Budget())):  # fmt: skip
        with suppress(Unreadable):
            read(data)
    with suppress(Unreadable):
        cells.sheet_parts({"xl/workbook.xml": data, "xl/_rels/workbook.xml.rels": data, SHEET: b""})


def _seal(data: bytes) -> None:
    seal._read(data, "2")


TARGETS: dict[str, Callable[[bytes], None]] = {
    "zip": _zip,
    "signature": _signature,
    "certificate": _certificate,
    "relationships": _relationships,
    "cells": _cells,
    "seal": _seal,
}


def main(name: str, arguments: list[str]) -> None:
    """Fuzz one target; ``arguments`` are libFuzzer's."""

    def once(data: bytes) -> None:
        with suppress(Refusal, Unreadable):
            TARGETS[name](data)

    atheris.Setup([sys.argv[0], *arguments], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])

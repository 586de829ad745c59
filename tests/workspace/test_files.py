"""What a person is told of a file that the system does not let go."""

import errno
import os
from pathlib import Path

import pytest

from peti_desktop import files
from peti_desktop.errors import UserError


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "abierto en otro programa o protegido. Ciérrelo en Excel"),
        (errno.EIO, "No se pudo leer «entrega.xlsx». Revise que la memoria esté conectada"),
    ],
)
def test_unreadable_file_is_told_by_its_cause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, number: int, words: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "open", refuse)

    with pytest.raises(UserError) as told:
        files.read_limited(tmp_path / "entrega.xlsx", 10)

    assert words in str(told.value)

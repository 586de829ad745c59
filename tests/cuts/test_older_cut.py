"""A cut that the first released program sealed comes back byte for byte, whatever papers look like today.

``released/corte.sqlite.xz`` is an office's store as that program left it: its example office, and one sealed cut.
"""

import hashlib
import lzma
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from peti_desktop.consolidation import checking, cut_file, cuts
from peti_desktop.workspace import Workspace

RELEASED = Path(__file__).parent / "released" / "corte.sqlite.xz"
SEAL = "0d2ae7b0a828270b0b2406bfe93702b1cd968a5de152e8cba10dd320cc7d3d24"
ISSUED = {
    "consolidado": "04a204abc133d3a16f3497dfed07c934b79596e1ca3c8d2f78ee963c3df37ea4",
    "matriz": "5a4baf6b1d4d56a9e3b836d0c20b4ce55f809ba56a226c4fc8ad604ce74b80a8",
    "mapas": "744512985c4aeebc05652db49808b75fdb6da48a8d24cc4d21f4cf73a8c4b539",
    "tratamiento": "8da0a9a69cc74d90963b99e375c98084abdd934741c02ff06f114d2a3e30b03f",
    "necesidades": "2d903ffbd8f68a43f75c6f9e8409b79713d6357b77e577ff247ea7d6dc066fd0",
    "prioridad": "0bbd9904fc92f77fbb7adb3d7a6d7ce86abfb768010af5793dc0dd1c10be07cd",
    "equipos": "df2468ed4b2a5d8595d01f93f20cb8b068ae1b3465d37bbecdb9c66774256fdf",
    "sistemas": "d2cf2c4a81707ec2736c0e80feaaa97a6a98f775e25849ff23e0a59bae97b351",
    "capitulo6": "e8e64dd0e3181dc612e092afac6078f8c39732a638efe3bfcbcbd7ea988a03d4",
    "hoja_de_ruta": "a1aeb7285d6cbf66bb21fb2520be8b42766786084a7b97b130120a4c3f4846db",
    "indicadores": "eaddcc9550cd6588fe08a92295e87984e6394c3e7bdfb64ecec9aa8f4d6d7bca",
    "falta": "a277b65d0d4be3a3c44d569ac3eefdb261744563779f50ccd26e95f07cf2c012",
    "cambios": "2f490b7dfae58d20686b7b617840729519034ef5046b7ec85e9edcebeb9f3a16",
    "matriz_xlsx": "e7cedf3c34c287c1f960c06f8d41ae2bc6c5396e7b915c9c06f284bb5ea067a7",
}
"""The SHA-256 of each report as it was issued."""


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "oficina.sqlite"
    path.write_bytes(lzma.decompress(RELEASED.read_bytes()))
    with Workspace.open(path) as ws:
        yield ws


def test_every_report_of_an_older_cut_is_the_same_today(older: Workspace, tmp_path: Path) -> None:
    (cut,) = cuts.listing(older)
    assert cut.seal == SEAL
    assert [problem for found in checking.verify(older) for problem in found.problems] == []

    again = {name: cuts.issue_again(older, cut.uid, name, tmp_path).read_bytes() for name in ISSUED}

    assert {name: hashlib.sha256(data).hexdigest() for name, data in again.items()} == ISSUED
    assert {report.name for report in cuts.issued(older, cut.uid)} == set(ISSUED)
    # They are not drawn again: a paper of today looks otherwise.
    assert cuts.make_anew(older, cut.uid, "matriz", tmp_path).read_bytes() != again["matriz"]
    cut_file.export(older, cut.uid, tmp_path / "corte.zip")
    assert cut_file.check(older, tmp_path / "corte.zip").problems == ()
    with ZipFile(tmp_path / "corte.zip") as package:
        kept = {hashlib.sha256(package.read(name)).hexdigest() for name in package.namelist()}
    assert kept >= set(ISSUED.values())


def test_a_cut_after_an_older_one_continues_its_chain(older: Workspace) -> None:
    sealed = cuts.seal(older, "Segundo semestre")

    assert sealed.cut.previous == SEAL
    assert sealed.without == ()
    assert [problem for found in checking.verify(older) for problem in found.problems] == []

"""What a good signature gives, and that programs which are not ours agree."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from cryptography.hazmat.primitives.serialization import Encoding
from openpyxl.comments import Comment

from peti_desktop.errors import UserError
from peti_desktop.trust import package, signature
from peti_desktop.trust.keys import Signer
from peti_desktop.trust.signature import Status, Trust


def test_signed_workbook_is_valid_and_says_who(signed: bytes, trust: Trust, now: datetime, ana: Signer) -> None:
    outcome = signature.verify(signed, trust, now)

    assert (outcome.status, outcome.reasons) == (Status.VALIDA, ())
    assert outcome.signer is not None
    assert outcome.signer.nombre == "Ana Peña Ñuñez"
    assert outcome.signer.cargo == "Enlace de TI, grado 3"
    assert outcome.signer.dependencia == "SALUD"
    assert outcome.signer.fingerprint == ana.fingerprint
    assert outcome.signed_at == now
    assert outcome.comment == "Entrega 03 de SALUD, 2026 & más"
    assert outcome.accepted


def test_the_status_words_are_the_four_agreed_ones() -> None:
    assert [str(status) for status in Status] == ["válida", "válida con avisos", "desconocida", "no válida"]


def test_verified_parts_are_read_by_both_readers(signed: bytes, trust: Trust, now: datetime) -> None:
    outcome = signature.verify(signed, trust, now)
    assert outcome.parts is not None
    stored = package.write(outcome.parts, stored=True)

    book = openpyxl.load_workbook(io.BytesIO(stored))
    assert book.sheetnames == ["Riesgos", "Equipos", "_peti"]
    assert book["_peti"].sheet_state == "hidden"
    assert book["Riesgos"]["B3"].value == "Pérdida de <datos> «á» 2"
    rows = python_calamine.load_workbook(io.BytesIO(signed)).get_sheet_by_name("Equipos").to_python()
    assert rows == [["Serie", "00012"]]


def test_no_document_properties_and_no_recalculation_are_left(signed: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(signed)) as archive:
        assert not [name for name in archive.namelist() if "docProps" in name]
        assert b'fullCalcOnLoad="0"' in archive.read("xl/workbook.xml")


def test_every_part_and_relationship_is_signed(signed: bytes) -> None:
    parts = package.read(signed)
    text = parts[package.SIGNATURE].decode()

    covered = set(re.findall(r'URI="/([^?"]+)\?', text))

    assert covered == set(parts) - {
        package.TYPES,
        package.ORIGIN,
        package.ORIGIN_RELS,
        package.SIGNATURE,
    }


def test_signing_again_gives_the_same_bytes(workbook: bytes, signed: bytes, ana: Signer, now: datetime) -> None:
    assert signature.sign(workbook, ana, "Entrega 03 de SALUD, 2026 & más", now) == signed


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="needs the xmlsec1 command")
@pytest.mark.parametrize("changed", [False, True])
def test_xmlsec_agrees(signed: bytes, office: Signer, now: datetime, tmp_path: Path, changed: bool) -> None:
    with zipfile.ZipFile(io.BytesIO(signed)) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "ca.pem").write_bytes(office.certificate.public_bytes(Encoding.PEM))
    if changed:
        with (tmp_path / "xl/styles.xml").open("ab") as stream:
            stream.write(b" ")
    text = (tmp_path / package.SIGNATURE).read_text(encoding="utf-8")
    uris = [uri for uri in re.findall(r'<Reference URI="([^"]+)"', text) if uri.startswith("/")]
    maps = [
        argument
        for uri in uris
        for argument in (f"--url-map:{uri}", str(tmp_path / uri.partition("?")[0].removeprefix("/")))
    ]

    run = subprocess.run(
        [
            *("xmlsec1", "--verify", "--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:Object"),
            *("--id-attr:Id", "http://uri.etsi.org/01903/v1.3.2#:SignedProperties"),
            *("--trusted-pem", str(tmp_path / "ca.pem")),
            *("--verification-time", f"{now + timedelta(days=1):%Y-%m-%d %H:%M:%S}"),
            *maps,
            str(tmp_path / package.SIGNATURE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    output = run.stdout + run.stderr
    assert "SignedInfo References (ok/all): 3/3" in output
    good, count = (int(number) for number in re.findall(r"Manifests References \(ok/all\): (\d+)/(\d+)", output)[0])
    assert count == len(package.signed_names(package.read(signed)))
    assert good == (count - 1 if changed else count)
    assert run.returncode == 0


def test_unconfirmed_signer_is_unknown_but_intact(
    workbook: bytes, beginner: Signer, trust: Trust, now: datetime
) -> None:
    outcome = signature.verify(signature.sign(workbook, beginner, "", now), trust, now)

    assert outcome.status is Status.DESCONOCIDA
    assert [reason.code for reason in outcome.reasons] == ["firmante_desconocido"]
    assert beginner.fingerprint in outcome.reasons[0].sentence
    assert outcome.parts is not None
    assert not outcome.accepted


def test_confirmed_key_is_good_with_its_own_certificate(workbook: bytes, beginner: Signer, now: datetime) -> None:
    data = signature.sign(workbook, beginner, "", now)
    confirmed = {signature.describe(beginner.certificate).key_id: "SALUD"}

    assert signature.verify(data, Trust(confirmed=confirmed), now).status is Status.VALIDA


def test_key_confirmed_for_another_dependencia_is_refused(
    signed: bytes, trust: Trust, ana: Signer, now: datetime
) -> None:
    confirmed = {signature.describe(ana.certificate).key_id: "HACIENDA"}

    outcome = signature.verify(signed, replace(trust, confirmed=confirmed), now)

    assert outcome.status is Status.NO_VALIDA
    assert outcome.reasons[0].code == "dependencia_distinta"
    assert "HACIENDA" in outcome.reasons[0].sentence
    assert "SALUD" in outcome.reasons[0].sentence


@pytest.mark.parametrize(("days", "status"), [(-1, Status.NO_VALIDA), (0, Status.NO_VALIDA), (1, Status.VALIDA)])
def test_annulled_key_is_refused_from_that_moment_on(
    signed: bytes, trust: Trust, ana: Signer, now: datetime, days: int, status: Status
) -> None:
    annulled = {signature.describe(ana.certificate).key_id: now + timedelta(days=days)}

    outcome = signature.verify(signed, replace(trust, annulled=annulled), now)

    assert outcome.status is status
    assert [reason.code for reason in outcome.reasons] == ([] if status is Status.VALIDA else ["anulada"])


@pytest.mark.parametrize(
    ("at", "status", "codes"),
    [
        (timedelta(minutes=-5), Status.VALIDA, []),
        (timedelta(hours=-5), Status.CON_AVISOS, ["reloj_adelantado"]),
        (timedelta(days=-5), Status.NO_VALIDA, ["certificado_aun_no_vale", "fecha_futura"]),
        (timedelta(days=690), Status.VALIDA, []),
        (timedelta(days=710), Status.CON_AVISOS, ["vence_pronto"]),
        (timedelta(days=731), Status.NO_VALIDA, ["certificado_vencido"]),
    ],
)
def test_the_moment_of_the_check_matters(
    signed: bytes, trust: Trust, now: datetime, at: timedelta, status: Status, codes: list[str]
) -> None:
    outcome = signature.verify(signed, trust, now + at)

    assert (outcome.status, [reason.code for reason in outcome.reasons]) == (status, codes)


def test_expired_certificate_does_not_sign(workbook: bytes, ana: Signer, now: datetime) -> None:
    with pytest.raises(UserError, match="1-mar-2028"):
        signature.sign(workbook, ana, "", now + timedelta(days=731))


@pytest.mark.parametrize("comment", ["a\nb", "a\x00b", "a\u202eb", "x" * 241, "\ud800"])
def test_odd_comment_is_not_signed(workbook: bytes, ana: Signer, now: datetime, comment: str) -> None:
    with pytest.raises(ValueError, match="comment"):
        signature.sign(workbook, ana, comment, now)


@pytest.mark.parametrize(("value", "note"), [("=1+1", None), ("x", Comment("hola", "yo"))])
def test_what_our_writer_must_not_write_is_refused(
    ana: Signer, now: datetime, value: str, note: Comment | None
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"].value = value
    book.active["A1"].comment = note
    buffer = io.BytesIO()
    book.save(buffer)

    with pytest.raises(ValueError, match=r"formulas|outside the profile"):
        signature.sign(buffer.getvalue(), ana, "", now)


def test_longest_comment_comes_back(workbook: bytes, ana: Signer, now: datetime) -> None:
    outcome = signature.verify(signature.sign(workbook, ana, "ñ" * 240, now), Trust(), now)

    assert outcome.comment == "ñ" * 240


def test_dates_in_a_verdict_are_those_of_colombia(ana: Signer, trust: Trust, signed: bytes, now: datetime) -> None:
    """At half past eight in the evening of Cúcuta it is tomorrow in UTC."""
    evening = datetime(now.year, now.month, 20, 1, 30, tzinfo=UTC)
    annulled = {signature.describe(ana.certificate).key_id: evening}

    outcome = signature.verify(signed, replace(trust, annulled=annulled), evening + timedelta(days=60))

    assert any("fue anulada el 19-" in reason.sentence for reason in outcome.reasons)

"""Answers as real computers give them, and what becomes of them as a device of the list."""

import json
from pathlib import Path

import pytest

from peti_desktop import catalogues
from peti_desktop.catalogues import Catalogues
from peti_desktop.records import Value
from peti_desktop.records.record import Record
from peti_desktop.thispc import linux, meaning, smbios
from peti_desktop.thispc.child import ASKED, answered
from peti_desktop.thispc.collected import Collected, Guard, Machine, WindowsVersion
from peti_desktop.thispc.reading import ThisPc, news, read_this_pc, same_device, told
from peti_desktop.workspace import Workspace


@pytest.fixture
def lists() -> Catalogues:
    return catalogues.load()


def structure(kind: int, body: bytes, *strings: str) -> bytes:
    """A structure as DSP0134 lays it out; ``body`` is what follows the header of four bytes."""
    head = bytes((kind, 4 + len(body))) + b"\x01\x00"
    texts = b"".join(text.encode("latin-1") + b"\0" for text in strings)
    return head + body + (texts + b"\0" if texts else b"\0\0")


def system(*strings: str) -> bytes:
    numbers = bytes(number + 1 if text else 0 for number, text in enumerate(strings))
    return structure(1, numbers + bytes(16) + b"\x06", *(text or " " for text in strings))


def case(shape: int, serial: str = "") -> bytes:
    return structure(3, bytes((1, shape, 0, 2 if serial else 0)) + bytes(9), "Case", *([serial] if serial else []))


def module(megabytes: int) -> bytes:
    wide = megabytes > 0x7FFE
    size = 0x7FFF if wide else megabytes
    body = bytes(8) + size.to_bytes(2, "little") + bytes(14) + (megabytes if wide else 0).to_bytes(4, "little")
    return structure(17, body, "DIMM 1")


END = structure(127, b"")


def test_firmware_of_a_desktop() -> None:
    table = system("HP", "HP ProDesk 400 G5 SFF", " ", "8CC9170X4K") + case(0x83) + module(4096) * 2 + module(0) + END

    found = smbios.machine(table)

    assert found == Machine("HP", "HP ProDesk 400 G5 SFF", "", "8CC9170X4K", 3, 8 * 2**30)


def test_firmware_with_large_modules_and_the_serial_on_the_case() -> None:
    table = system("Dell Inc.", "PowerEdge T440", "", "") + case(17, "7XYZ123") + module(32768) * 2 + END

    found = smbios.machine(table)

    assert (found.serial, found.chassis, found.memory) == ("7XYZ123", 17, 64 * 2**30)


def test_broken_firmware_tells_what_came_before() -> None:
    table = system("Acer", "Veriton M2640G", "", "DTVPRAL00") + b"\x03\xff\x01"

    assert smbios.machine(table).product == "Veriton M2640G"
    assert smbios.machine(b"") == Machine()
    assert smbios.machine(b"\x01\x02\x00\x00" * 500) == Machine()


def test_answer_of_windows_is_unwrapped() -> None:
    table = system("LENOVO", "10M8S00000", "ThinkCentre M710s", "MJ05XXXX") + END
    answer = b"\x00\x03\x02\x00" + len(table).to_bytes(4, "little") + table + b"rest"

    assert smbios.raw_windows(answer) == table


# Windows, as CurrentVersion tells it on machines of each sort

VERSIONS = [
    (WindowsVersion("Microsoft Windows XP", 2600, "5.1", "Service Pack 3"), "windows_xp"),
    (WindowsVersion("Windows Vista (TM) Business", 6002, "6.0", "Service Pack 2", "Business", "Client"), "otro"),
    (WindowsVersion("Windows 7 Professional", 7601, "6.1", "Service Pack 1", "Professional", "Client"), "windows_7"),
    (WindowsVersion("Windows 7 Ultimate", 7600, "6.1", "", "Ultimate", "Client"), "windows_7"),
    (WindowsVersion("Windows 8 Pro", 9200, "6.2", "", "Professional", "Client"), "otro"),
    (WindowsVersion("Windows 8.1 Single Language", 9600, "6.3", "", "CoreSingleLanguage", "Client"), "windows_8_1"),
    (WindowsVersion("Windows 10 Pro", 19045, "10.0", "22H2", "Professional", "Client"), "windows_10"),
    (WindowsVersion("Windows 10 Home", 10240, "10.0", "", "Core", "Client"), "windows_10"),
    (
        WindowsVersion("Windows 10 Enterprise 2016 LTSB", 14393, "10.0", "1607", "EnterpriseS", "Client"),
        "windows_10_ltsb_2016",
    ),
    (
        WindowsVersion("Windows 10 Enterprise LTSC 2019", 17763, "10.0", "1809", "EnterpriseS", "Client"),
        "windows_10_ltsc_2019",
    ),
    (
        WindowsVersion("Windows 10 IoT Enterprise LTSC 2021", 19044, "10.0", "21H2", "IoTEnterpriseS", "Client"),
        "windows_10_ltsc_2021",
    ),
    (WindowsVersion("Windows 10 Enterprise", 19044, "10.0", "21H2", "Enterprise", "Client"), "windows_10"),
    # The registry of Windows 11 says «Windows 10».
    (WindowsVersion("Windows 10 Pro", 22000, "10.0", "21H2", "Professional", "Client"), "windows_11"),
    (WindowsVersion("Windows 10 Home Single Language", 22631, "10.0", "23H2", "Core", "Client"), "windows_11_23h2"),
    (WindowsVersion("Windows 10 Pro", 26100, "10.0", "24H2", "Professional", "Client"), "windows_11_24h2"),
    (WindowsVersion("Windows 10 Pro", 26200, "10.0", "25H2", "Professional", "Client"), "windows_11_25h2"),
    (WindowsVersion("Windows 10 Enterprise LTSC 2024", 26100, "10.0", "24H2", "EnterpriseS", "Client"), "windows_11"),
    (
        WindowsVersion("Windows Server 2019 Standard", 17763, "10.0", "1809", "ServerStandard", "Server"),
        "windows_server",
    ),
    (WindowsVersion("Windows Server (R) 2008 Standard", 6002, "6.0", "", "ServerStandard", ""), "windows_server"),
]


@pytest.mark.parametrize(("found", "code"), VERSIONS)
def test_windows_of_the_list(found: WindowsVersion, code: str, lists: Catalogues) -> None:
    assert meaning.windows(found) == code
    assert lists.entry("sistema_operativo", code) is not None


def test_windows_eleven_is_called_so() -> None:
    found = WindowsVersion("Windows 10 Pro", 26100, "10.0", "24H2")

    assert meaning.windows_words(found) == "Windows 11 Pro 24H2 (26100)"


OFFICES = [
    (("Microsoft Office Enterprise 2007",), "", "office_2007_enterprise"),
    (("Microsoft Office Professional Plus 2010",), "", "office_2010_professional_plus"),
    (("Microsoft Office Hogar y Pequeña Empresa 2010",), "", "office_2010_hogar_pequena_empresa"),
    (("Microsoft Office Home and Business 2013 - es-es",), "", "office_2013_hogar_pequena_empresa"),
    (("Microsoft Office Professional Plus 2016",), "", "office_2016"),
    (("Microsoft Office Hogar y Estudiantes 2010",), "", "office_2010"),
    (("Microsoft Office 2000 SR-1 Professional",), "", "office_2000_professional"),
    (("Microsoft Office Professional Edition 2003",), "", "otra"),
    (("Microsoft 365 Apps para negocios - es-es",), "O365BusinessRetail", "microsoft_365"),
    ((), "ProPlus2019Volume,VisioPro2019Volume", "office_2019"),
    ((), "HomeBusiness2021Retail", "office_2021"),
    ((), "ProPlus2024Volume", "office_2024"),
    ((), "ProfessionalRetail", "office_2016"),
    ((), "VisioStdRetail", ""),
    (("LibreOffice 7.4.5.1", "LibreOffice 7.4 Help Pack (Spanish)"), "", "libreoffice"),
    (("LibreOffice 24.8.2.1", "Microsoft Office Standard 2007"), "", "office_2007_standard"),
    (("OpenOffice 4.1.11",), "", "openoffice"),
    (
        (
            "Paquete de compatibilidad para 2007 Office system",
            "Microsoft Office Visio Professional 2007",
            "Microsoft Office Access database engine 2010",
            "Microsoft Office Proof (Spanish) 2010",
            "Google Chrome",
        ),
        "",
        "",
    ),
]


@pytest.mark.parametrize(("programs", "network", "code"), OFFICES)
def test_office_of_the_list(programs: tuple[str, ...], network: str, code: str, lists: Catalogues) -> None:
    found, _words = meaning.office(programs, network, lists)

    assert found == code
    assert not code or lists.entry("ofimatica", code) is not None


@pytest.mark.parametrize(
    ("printed", "guards", "code"),
    [
        ([{"name": "Windows Defender", "state": 397568}], (Guard("Windows Defender", on=True),), "defender"),
        (
            [{"name": "Windows Defender", "state": 393472}, {"name": "ESET Security", "state": 266240}],
            (Guard("Windows Defender", on=False), Guard("ESET Security", on=True)),
            "eset",
        ),
        ([{"name": "Avast Antivirus", "state": 262144}], (Guard("Avast Antivirus", on=False),), "ninguno"),
        ([{"name": "McAfee", "state": 266240}], (Guard("McAfee", on=True),), "otro"),
    ],
)
def test_antivirus_of_the_security_centre(
    printed: list[dict[str, object]], guards: tuple[Guard, ...], code: str
) -> None:
    found, _disk = answered(json.dumps({"av": printed, "disk": []}))

    assert found == guards
    assert meaning.antivirus(guards)[0] == code


@pytest.mark.parametrize("text", ["", "Get-WmiObject : Acceso denegado", "[]", "null", '{"av": null}', '{"av": [3]}'])
def test_child_without_an_answer(text: str) -> None:
    assert answered(text) == (None, "")


def test_first_disk_inside_the_case_counts() -> None:
    disks = [{"kind": "Unspecified", "bus": "USB"}, {"kind": "SSD", "bus": "SATA"}, {"kind": "HDD", "bus": "SATA"}]

    assert answered(json.dumps({"av": {"value": [], "Count": 0}, "disk": disks})) == (None, "SSD")


def test_child_only_asks() -> None:
    assert not {"Set-", "Remove-", "New-", "Start-", "Invoke-"} & {word[:4] + "-" for word in ASKED.split()}
    assert "ErrorActionPreference" in ASKED


# The whole device

OFFICE_PC = Collected(
    computer="SALUD-03",
    machine=Machine("LENOVO", "10M8S00000", "ThinkCentre M710s", "MJ05ABCD", 3, 8 * 2**30),
    windows=VERSIONS[6][0],
    programs=("Microsoft Office Professional Plus 2010", "WinRAR 5.40"),
    guards=(Guard("Windows Defender", on=True),),
    disk=499_000_000_000,
    memory=8 * 2**30,
    disk_kind="disco duro",
)


def test_office_pc_becomes_a_device(lists: Catalogues) -> None:
    pc = told(OFFICE_PC, lists)

    assert pc.values == {
        "tipo": "escritorio",
        "marca": "LENOVO",
        "modelo": "ThinkCentre M710s (10M8S00000)",
        "serial": "MJ05ABCD",
        "sistema_operativo": "windows_10",
        "ofimatica": "office_2010_professional_plus",
        "antivirus": "defender",
        "observaciones": "Leído de este equipo: 8 GB de memoria; disco de 499 GB (disco duro).",
    }
    assert pc.missing == ()


@pytest.mark.parametrize("serial", ["To be filled by O.E.M.", "Default string", "00000000", "System Serial Number"])
def test_junk_serial_is_refused_and_said(serial: str, lists: Catalogues) -> None:
    junk = Machine("To Be Filled By O.E.M.", "System Product Name", "", serial, 3)

    pc = told(Collected(machine=junk, windows=VERSIONS[2][0]), lists)

    assert pc.values == {"tipo": "escritorio", "sistema_operativo": "windows_7"}
    assert any(serial in text and "etiqueta" in text for text in pc.missing)
    assert any(text.startswith("Marca: ") for text in pc.missing)


def test_serial_the_records_rule_refuses_is_not_taken(lists: Catalogues) -> None:
    pc = told(Collected(machine=Machine("HP", "280 G2", "", "X" * 80, 3)), lists)

    assert "serial" not in pc.values
    assert any(text.startswith("Serial: ") for text in pc.missing)


def test_computer_that_says_nothing(lists: Catalogues) -> None:
    pc = told(Collected(unread=("la marca y el modelo", "el antivirus")), lists)

    assert pc.values == {}
    assert pc.missing == (
        "El equipo no dice su serial: búsquelo en la etiqueta.",
        "No se pudo leer la marca y el modelo.",
        "No se pudo leer el antivirus.",
    )


@pytest.mark.parametrize(
    ("maker", "name"),
    [
        ("Hewlett-Packard", "HP"),
        ("Dell Inc.", "DELL"),
        ("ASUSTeK COMPUTER INC.", "ASUS"),
        ("SAMSUNG ELECTRONICS CO., LTD.", "SAMSUNG"),
        ("Positivo Informatica S.A.", "Positivo Informatica"),
        ("VMware, Inc.", "VMware (máquina virtual)"),
        ("System manufacturer", ""),
    ],
)
def test_brands_as_people_write_them(maker: str, name: str) -> None:
    assert meaning.brand(maker) == name


@pytest.mark.parametrize(
    ("shape", "code"), [(3, "escritorio"), (10, "portatil"), (13, "todo_en_uno"), (2, ""), (30, "tableta")]
)
def test_kind_by_the_case(shape: int, code: str) -> None:
    assert meaning.kind(shape) == code


def test_sizes_as_they_are_sold() -> None:
    assert (meaning.memory(8_271_000_000), meaning.memory(3_600_000_000)) == ("8 GB", "4 GB")
    assert (meaning.size(1_000_204_886_016), meaning.size(120_034_123_776)) == ("1 TB", "120 GB")


def test_linux_files() -> None:
    assert linux.system_name('NAME="Ubuntu"\nPRETTY_NAME="Ubuntu 22.04.5 LTS"\n') == "Ubuntu 22.04.5 LTS"
    assert linux.total_memory("MemTotal:        8029112 kB\nMemFree: 1 kB\n") == 8029112 * 1024
    assert linux.total_memory("") == 0


def test_this_machine_can_be_read(lists: Catalogues) -> None:
    pc = read_this_pc(lists)

    assert pc.values["sistema_operativo"]
    assert all(text.endswith(".") for text in pc.missing)


def test_device_of_the_list_is_recognised(lists: Catalogues, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("store") / "s.sqlite"
    with Workspace.create(path, perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026) as ws:
        known = ws.new("equipo", {"serial": "MJ05ABCD"})
        ws.new("equipo", {"serial": "OTRO-1"})
        records: list[Record] = ws.records("equipo")

    assert same_device(told(OFFICE_PC, lists), records) == records[0]
    assert records[0].uid == known.uid
    assert same_device(ThisPc({}, (), ()), records) is None
    assert same_device(told(OFFICE_PC, lists), [records[0], records[0]]) is None


def test_reading_again_leaves_alone_what_a_person_wrote(lists: Catalogues, tmp_path: Path) -> None:
    with Workspace.create(
        tmp_path / "s.sqlite", perfil="dependencia", dependencia="SALUD", nombre="A", cargo="", vigencia=2026
    ) as ws:
        own: dict[str, Value] = {"serial": "MJ05ABCD", "marca": "Clon", "sistema_operativo": "windows_7"}
        person = ws.new("equipo", own | {"observaciones": "Lo usa el archivo"})
        machine = ws.new("equipo", own | {"observaciones": "Leído de este equipo: 4 GB de memoria."})
    pc = told(OFFICE_PC, lists)

    changed = news(pc, person)

    assert changed["sistema_operativo"] == "windows_10"
    assert changed["modelo"] == "ThinkCentre M710s (10M8S00000)"
    assert not {"marca", "serial", "observaciones"} & changed.keys()
    assert news(pc, machine)["observaciones"] == pc.values["observaciones"]

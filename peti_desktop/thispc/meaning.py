"""What a computer's answers mean in our lists: kind, brand, system, Office, antivirus."""

import re
from collections.abc import Iterable

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.convert import plain
from peti_desktop.thispc.collected import Guard, Machine, WindowsVersion

# SMBIOS 7.4.1: shapes of the case. Mini PCs and sticks stand on a desk too.
_SHAPES = {
    **dict.fromkeys((3, 4, 5, 6, 7, 15, 16, 24, 33, 34, 35, 36), "escritorio"),
    **dict.fromkeys((8, 9, 10, 14, 31, 32), "portatil"),
    13: "todo_en_uno",
    **dict.fromkeys((11, 30), "tableta"),
    **dict.fromkeys((17, 23, 25, 28, 29), "servidor"),
}

# What board makers leave where a brand, a model or a serial belongs.
_JUNK = frozenset(
    {
        "",
        "to be filled by o.e.m.",
        "to be filled by oem",
        "system manufacturer",
        "system product name",
        "system version",
        "system serial number",
        "chassis serial number",
        "default string",
        "not specified",
        "not applicable",
        "not available",
        "none",
        "null",
        "oem",
        "o.e.m.",
        "n/a",
        "na",
        "unknown",
        "all series",
        "invalid",
        "1.0",
        "x.x",
        "0123456789",
        "123456789",
        "1234567890",
        "xxxxxxxxxxxx",
    }
)
_BRANDS = {
    "hewlett-packard": "HP",
    "hp": "HP",
    "dell": "DELL",
    "lenovo": "LENOVO",
    "acer": "ACER",
    "samsung": "SAMSUNG",
    "lg": "LG",
    "asustek": "ASUS",
    "asus": "ASUS",
    "toshiba": "TOSHIBA",
    "apple": "APPLE",
    "sony": "SONY",
    "compumax": "COMPUMAX",
    "jonus": "JONUS",
    "sat": "SAT",
    "micro-star": "MSI",
    "gigabyte": "GIGABYTE",
    "asrock": "ASROCK",
    "huawei": "HUAWEI",
    "microsoft": "MICROSOFT",
    "intel": "INTEL",
    "vmware": "VMware (máquina virtual)",
    "innotek": "VirtualBox (máquina virtual)",
    "qemu": "QEMU (máquina virtual)",
    "xen": "Xen (máquina virtual)",
}
_LENOVO_CODE = re.compile(r"[0-9A-Z]{4,10}")


def is_junk(text: str) -> bool:
    """Whether a maker left this text unfilled: also «00000000» and the like."""
    bare = plain(text)
    return bare in _JUNK or (len(bare) > 2 and len(set(bare) - set("-. ")) == 1)


def kind(chassis: int, system: str = "") -> str:
    """The code of ``tipo_equipo``; empty when the case does not tell. A server's system makes a server."""
    if system == "windows_server":
        return "servidor"
    return _SHAPES.get(chassis, "")


def brand(maker: str) -> str:
    """The brand as people write it, without «Inc.» and «Co., Ltd.»."""
    if is_junk(maker):
        return ""
    first = re.split(r"[\s,]", plain(maker), maxsplit=1)[0]
    return _BRANDS.get(first) or re.sub(r",?\s*(inc|co|corp|corporation|ltd|s\.?a)\b.*", "", maker, flags=re.I).strip()


def model(machine: Machine) -> str:
    """The model; Lenovo's products are codes, and the name stands in the version."""
    product, version = machine.product.strip(), machine.version.strip()
    if plain(machine.maker) == "lenovo" and not is_junk(version) and _LENOVO_CODE.fullmatch(product):
        return f"{version} ({product})"
    return "" if is_junk(product) else product


# Windows

_TEN = {14393: "windows_10_ltsb_2016", 17763: "windows_10_ltsc_2019", 19044: "windows_10_ltsc_2021"}
_ELEVEN = {22631: "windows_11_23h2", 26100: "windows_11_24h2", 26200: "windows_11_25h2", 28000: "windows_11_26h1"}
_OLDER = {"5.1": "windows_xp", "6.1": "windows_7", "6.3": "windows_8_1"}
FIRST_ELEVEN = 22_000
"""The first build of Windows 11; its registry still says «Windows 10»."""


def windows(found: WindowsVersion) -> str:
    """The code of ``sistema_operativo``; «otro» for a Windows that is not in the list (Vista, 8)."""
    if plain(found.kind) == "server" or "server" in plain(found.product):
        return "windows_server"
    long_term = found.edition.lower() in {"enterprises", "iotenterprises", "enterprisesn"}
    if found.build >= FIRST_ELEVEN:
        return "windows_11" if long_term else _ELEVEN.get(found.build, "windows_11")
    if found.build >= 10_240:
        return _TEN.get(found.build, "windows_10") if long_term else "windows_10"
    return _OLDER.get(found.version, "otro")


def windows_words(found: WindowsVersion) -> str:
    """Its name for people: «Windows 11 Pro 24H2 (26100)»."""
    name = found.product.strip() or "Windows"
    if found.build >= FIRST_ELEVEN:
        name = name.replace("Windows 10", "Windows 11")
    parts = (name, found.display.strip(), f"({found.build})" if found.build else "")
    return " ".join(part for part in parts if part)


# Office

_EDITIONS = (
    ("professional plus", "professional_plus"),
    ("profesional plus", "professional_plus"),
    ("professional", "professional"),
    ("profesional", "professional"),
    ("enterprise", "enterprise"),
    ("standard", "standard"),
    ("estandar", "standard"),
    ("small business", "small_business"),
    ("basic", "basic"),
    ("hogar y pequena", "hogar_pequena_empresa"),
    ("hogar y empresas", "hogar_pequena_empresa"),
    ("home and business", "hogar_pequena_empresa"),
)
_YEAR = re.compile(r"\b(20(?:00|03|07|10|13|16|19|21|24))\b")
# «Microsoft Office» also begins the names of parts that are no Office.
_PARTS = (
    "compatib", "visio", "project", "viewer", "visor", "proof", "language", "idioma", "mui", "web components",
    "access database", "shared", "runtime", "onenote", "interop", "file validation", "click-to-run", "live",
)  # fmt: skip
_BY_YEAR = re.compile(r"(2016|2019|2021|2024)")


def office(programs: Iterable[str], click_to_run: str, catalogues: Catalogues) -> tuple[str, str]:
    """The code of ``ofimatica`` and the installed name; empty where no office suite is seen. The newest one wins."""
    found = [(code, words) for words in programs if (code := _office_of(words, catalogues))]
    if click_to_run:
        found.append((_network_office(click_to_run), click_to_run))
    order = {code: place for place, code in enumerate(_RANKED)}
    ranked = sorted(found, key=lambda pair: order.get(pair[0], _family(pair[0])), reverse=True)
    return ranked[0] if ranked else ("", "")


_RANKED = ("openoffice", "libreoffice")


def _family(code: str) -> int:
    year = re.search(r"\d{4}", code)
    return int(year[0]) if year else 9999 if code == "microsoft_365" else 0


def _office_of(words: str, catalogues: Catalogues) -> str:
    name = plain(words)
    if name.startswith("libreoffice") and "help" not in name and "ayuda" not in name:
        return "libreoffice"
    if name.startswith(("openoffice", "apache openoffice")):
        return "openoffice"
    if name.startswith(("microsoft 365", "microsoft office 365", "aplicaciones de microsoft 365")):
        return "microsoft_365"
    if not name.startswith("microsoft office") or any(part in name for part in _PARTS):
        return ""
    year = _YEAR.search(name)
    if year is None:
        return ""
    edition = next((code for words_, code in _EDITIONS if words_ in name), "")
    for code in (f"office_{year[1]}_{edition}", f"office_{year[1]}"):
        if catalogues.entry("ofimatica", code) is not None:
            return code
    return "otra"


def _network_office(products: str) -> str:
    """The Office of ``ProductReleaseIds``: O365ProPlusRetail, ProPlus2019Volume, HomeBusiness2021Retail…"""
    names = [name for name in products.split(",") if not re.match(r"(?i)visio|project|proof|access", name.strip())]
    text = ",".join(names)
    if re.search(r"(?i)o365|m365", text):
        return "microsoft_365"
    years = _BY_YEAR.findall(text)
    return f"office_{max(years)}" if years else "office_2016" if names else ""


# Antivirus


def antivirus(guards: Iterable[Guard]) -> tuple[str, str]:
    """The code of ``antivirus`` and the name of the one that watches. A bought one goes before Windows' own."""
    found = sorted(guards, key=lambda guard: (guard.on is False, "defender" in plain(guard.name)))
    if not found:
        return "", ""
    name = plain(found[0].name)
    if found[0].on is False:
        return "ninguno", f"{found[0].name} (apagado)"
    code = "eset" if "eset" in name else "defender" if "defender" in name else "otro"
    return code, found[0].name


def guard(name: str, state: int) -> Guard:
    """An antivirus from ``productState``: its second byte says 0x10 or 0x11 when it is on."""
    return Guard(name, (state >> 12) & 0xF == 1)


def size(amount: int) -> str:
    """Memory and disks as they are sold: 8 GB, 500 GB, 1 TB; ``amount`` in bytes."""
    return (
        f"{amount / 10**12:.1f}".replace(".0", "").replace(".", ",") + " TB"
        if amount >= 10**12
        else (f"{round(amount / 10**9)} GB")
    )


def memory(amount: int) -> str:
    """Memory in binary gigabytes; what the graphics card borrows is given back by rounding up to a module's size."""
    gib = amount / 2**30
    for whole in (1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64, 96, 128):
        if whole * 0.82 <= gib <= whole:
            return f"{whole} GB"
    return f"{gib:.1f} GB".replace(".", ",")

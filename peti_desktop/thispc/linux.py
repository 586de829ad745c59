"""A Linux computer's answers, for development and for the few offices that use it."""

import platform
import shutil
from pathlib import Path

from peti_desktop.thispc.collected import Collected, Machine

DMI = Path("/sys/class/dmi/id")


def collect() -> Collected:
    """What the kernel tells everybody. Serials are root's alone on most systems."""
    unread: list[str] = []
    machine = Machine(
        maker=_line("sys_vendor"),
        product=_line("product_name"),
        version=_line("product_version"),
        serial=_line("product_serial"),
        chassis=int(text) if (text := _line("chassis_type")).isdecimal() else 0,
    )
    if not machine.maker:
        unread.append("la marca y el modelo")
    return Collected(
        computer=platform.node(),
        machine=machine,
        system=system_name(_read(Path("/etc/os-release"))),
        memory=total_memory(_read(Path("/proc/meminfo"))),
        disk=shutil.disk_usage("/").total,
        unread=(*unread, "el antivirus"),
    )


def _line(name: str) -> str:
    return _read(DMI / name).strip()


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def system_name(release: str) -> str:
    """The name within ``os-release``."""
    for line in release.splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.partition("=")[2].strip('"')
    return "Linux"


def total_memory(meminfo: str) -> int:
    """The bytes of memory within ``/proc/meminfo``; 0 when it does not say."""
    for line in meminfo.splitlines():
        words = line.split()
        if words[:1] == ["MemTotal:"] and len(words) > 1 and words[1].isdecimal():
            return int(words[1]) * 1024
    return 0

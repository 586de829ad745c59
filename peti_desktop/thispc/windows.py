"""A Windows computer's answers: registry, firmware tables, and the security centre through a quiet child.

Nothing here needs an administrator, opens a window, or writes. Each question may fail alone.
"""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
import winreg
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from peti_desktop.thispc import smbios
from peti_desktop.thispc.child import ASKED, answered
from peti_desktop.thispc.collected import Collected, Guard, Machine, WindowsVersion

assert sys.platform == "win32", "only Windows has a registry to ask"

SECONDS = 12
"""How long the security centre may take; an old disk needs eight to start PowerShell."""

_BIOS = r"HARDWARE\DESCRIPTION\System\BIOS"
_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_OFFICE = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
_PROGRAMS = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall",
    r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall",
)
_MOST_PROGRAMS = 3_000
_RSMB = int.from_bytes(b"RSMB", "big")


def collect() -> Collected:
    """Ask everything; what stays without an answer is named in ``unread``."""
    unread: list[str] = []
    machine = _machine()
    if not machine.maker:
        unread.append("la marca y el modelo")
    guards, disk_kind = _quiet_child()
    if guards is None:
        unread.append("el antivirus")
    return Collected(
        computer=platform.node(),
        machine=machine,
        windows=_windows(),
        programs=tuple(_programs()),
        click_to_run=_value(_OFFICE, "ProductReleaseIds"),
        guards=guards,
        memory=machine.memory or _memory(),
        disk=shutil.disk_usage(os.environ.get("SYSTEMDRIVE", "C:") + "\\").total,
        disk_kind=disk_kind,
        unread=tuple(unread),
    )


def _machine() -> Machine:
    """The firmware's tables, or what Windows has copied of them into the registry."""
    found = smbios.machine(_firmware())
    if found.maker:
        return found
    names = ("SystemManufacturer", "SystemProductName", "SystemVersion")
    maker, product, version = (_value(_BIOS, name) for name in names)
    return Machine(maker, product, version, found.serial, found.chassis, found.memory)


def _firmware() -> bytes:
    ask: Any = ctypes.WinDLL("kernel32").GetSystemFirmwareTable
    ask.argtypes = [ctypes.c_uint32, ctypes.c_uint32, ctypes.c_void_p, ctypes.c_uint32]
    ask.restype = ctypes.c_uint32
    size = ask(_RSMB, 0, None, 0)
    if not 0 < size < 2**20:
        return b""
    buffer = ctypes.create_string_buffer(size)
    return smbios.raw_windows(buffer.raw) if ask(_RSMB, 0, buffer, size) == size else b""


def _memory() -> int:
    """The bytes of memory Windows sees; 0 when it does not say."""

    class Status(ctypes.Structure):
        _fields_ = (
            ("length", ctypes.c_uint32),
            ("load", ctypes.c_uint32),
            *((name, ctypes.c_uint64) for name in ("total", "free", "page", "page_free", "own", "own_free", "more")),
        )

    status = Status()
    status.length = ctypes.sizeof(Status)
    known: Any = ctypes.WinDLL("kernel32").GlobalMemoryStatusEx
    return int(status.total) if known(ctypes.byref(status)) else 0


def _windows() -> WindowsVersion:
    major, minor = _value(_VERSION, "CurrentMajorVersionNumber"), _value(_VERSION, "CurrentMinorVersionNumber")
    build = _value(_VERSION, "CurrentBuildNumber")
    return WindowsVersion(
        product=_value(_VERSION, "ProductName"),
        build=int(build) if build.isdecimal() else 0,
        version=f"{major}.{minor}" if major else _value(_VERSION, "CurrentVersion"),
        display=_value(_VERSION, "DisplayVersion") or _value(_VERSION, "ReleaseId") or _value(_VERSION, "CSDVersion"),
        edition=_value(_VERSION, "EditionID"),
        kind=_value(_VERSION, "InstallationType"),
    )


def _programs() -> Iterator[str]:
    """The names of installed programs, of 64 and of 32 bits."""
    for path in _PROGRAMS:
        try:
            with _key(path) as key:
                names = [winreg.EnumKey(key, n) for n in range(min(winreg.QueryInfoKey(key)[0], _MOST_PROGRAMS))]
        except OSError:
            continue
        for name in names:
            if shown := _value(f"{path}\\{name}", "DisplayName"):
                yield shown


def _key(path: str) -> winreg.HKEYType:
    # Without the 64-bit view, a 32-bit program would see another registry.
    return winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)


def _value(path: str, name: str) -> str:
    """A value of the registry as text; empty when it is not there or may not be read."""
    try:
        with _key(path) as key:
            return str(winreg.QueryValueEx(key, name)[0]).strip("\0 ")
    except OSError:
        return ""


def _quiet_child() -> tuple[tuple[Guard, ...] | None, str]:
    """Antivirus programs and the kind of the first disk; (None, "") when Windows does not answer in time."""
    root = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"))
    shell = root / "System32" / "WindowsPowerShell" / "v1.0" / "powershell.exe"
    try:
        done = subprocess.run(  # noqa: S603 - a fixed text, by the full path of Windows' own program
            [str(shell), "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", ASKED],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None, ""
    return answered(done.stdout.decode("utf-8", errors="replace"))

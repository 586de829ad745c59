"""The questions put to Windows, with answers as a desktop of the Alcaldía gives them: no Windows is needed."""

import contextlib
import ctypes
import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from peti_desktop import catalogues
from peti_desktop.thispc.collected import Collected
from peti_desktop.thispc.reading import told

VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"
BIOS = r"HARDWARE\DESCRIPTION\System\BIOS"
PROGRAMS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
OLD_PROGRAMS = r"SOFTWARE\WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall"

REGISTRY: dict[str, dict[str, object]] = {
    VERSION: {
        "ProductName": "Windows 10 Pro",
        "CurrentBuildNumber": "19045",
        "CurrentMajorVersionNumber": 10,
        "CurrentMinorVersionNumber": 0,
        "DisplayVersion": "22H2",
        "EditionID": "Professional",
        "InstallationType": "Client",
    },
    BIOS: {"SystemManufacturer": "Hewlett-Packard", "SystemProductName": "HP Compaq 6200 Pro SFF PC"},
    PROGRAMS: {},
    PROGRAMS + r"\{7-Zip}": {"DisplayName": "7-Zip 19.00 (x64)"},
    OLD_PROGRAMS: {},
    OLD_PROGRAMS + r"\Office14.PROPLUS": {"DisplayName": "Microsoft Office Professional Plus 2010"},
    OLD_PROGRAMS + r"\KB123": {},
}
SAID = {"av": [{"name": "ESET Security", "state": 266240}], "disk": [{"kind": "HDD", "bus": "SATA"}]}


class Registry(ModuleType):
    """A registry of dictionaries that answers as Windows' own does."""

    HKEY_LOCAL_MACHINE, KEY_READ, KEY_WOW64_64KEY = 0, 1, 256
    HKEYType = object

    @staticmethod
    @contextlib.contextmanager
    def OpenKey(_root: int, path: str, _reserved: int, _access: int) -> Iterator[str]:
        if path not in REGISTRY:
            raise FileNotFoundError(path)
        yield path

    @staticmethod
    def QueryValueEx(path: str, name: str) -> tuple[object, int]:
        if name not in REGISTRY[path]:
            raise FileNotFoundError(name)
        return REGISTRY[path][name], 1

    @staticmethod
    def _below(path: str) -> list[str]:
        return [name[len(path) + 1 :] for name in REGISTRY if name.startswith(path + "\\")]

    @classmethod
    def QueryInfoKey(cls, path: str) -> tuple[int, int, int]:
        return len(cls._below(path)), 0, 0

    @classmethod
    def EnumKey(cls, path: str, number: int) -> str:
        return cls._below(path)[number]


class Asked:
    """A function of kernel32 that answers ``0``, as an old firmware does."""

    def __call__(self, *_arguments: object) -> int:
        return 0


@pytest.fixture
def collect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Collected]]:
    """``windows.collect`` over that registry; ``child`` is what the security centre's child does."""

    def run(child: Callable[..., Any]) -> Collected:
        kernel = SimpleNamespace(GetSystemFirmwareTable=Asked(), GlobalMemoryStatusEx=Asked())
        monkeypatch.setattr(sys, "platform", "win32")
        monkeypatch.setitem(sys.modules, "winreg", Registry("winreg"))
        monkeypatch.delitem(sys.modules, "peti_desktop.thispc.windows", raising=False)
        monkeypatch.setattr(ctypes, "WinDLL", lambda _name: kernel, raising=False)
        monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x08000000, raising=False)
        monkeypatch.setattr(subprocess, "run", child)
        monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=500_000_000_000))
        windows = importlib.import_module("peti_desktop.thispc.windows")
        found: Collected = windows.collect()
        return found

    yield run
    sys.modules.pop("peti_desktop.thispc.windows", None)


def test_registry_and_child_make_a_device(collect: Callable[..., Collected]) -> None:
    asked: list[dict[str, Any]] = []

    def child(command: list[str], **how: Any) -> SimpleNamespace:
        asked.append(how)
        return SimpleNamespace(stdout=json.dumps(SAID).encode())

    pc = told(collect(child), catalogues.load())

    assert pc.values == {
        "marca": "HP",
        "modelo": "HP Compaq 6200 Pro SFF PC",
        "sistema_operativo": "windows_10",
        "ofimatica": "office_2010_professional_plus",
        "antivirus": "eset",
        "observaciones": "Leído de este equipo: disco de 500 GB (disco duro).",
    }
    assert pc.missing == ("El equipo no dice su serial: búsquelo en la etiqueta.",)
    assert asked[0]["creationflags"] == 0x08000000 and 0 < asked[0]["timeout"] <= 15


@pytest.mark.parametrize(
    "trouble", [subprocess.TimeoutExpired("powershell.exe", 12), FileNotFoundError(), PermissionError()]
)
def test_child_that_does_not_answer_costs_only_its_facts(collect: Callable[..., Collected], trouble: Exception) -> None:
    def child(_command: list[str], **_how: Any) -> None:
        raise trouble

    found = collect(child)

    assert found.guards is None and "el antivirus" in found.unread
    assert found.windows is not None and found.windows.build == 19045

"""What a system answered, before anybody says what it means. Every fact is optional."""

from dataclasses import dataclass, field

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Machine:
    """The case and the board, as firmware tells it.

    ``chassis`` is the SMBIOS number of the case's shape (3 desktop, 10 notebook, 13 all in one…), 0 when unknown.
    """

    maker: str = ""
    product: str = ""
    version: str = ""
    serial: str = ""
    chassis: int = 0
    memory: int = 0
    """Installed memory in bytes."""


@dataclass(frozen=True, slots=True)
class WindowsVersion:
    """The values of ``SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion`` that tell versions apart."""

    product: str = ""
    build: int = 0
    version: str = ""
    display: str = ""
    edition: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """An antivirus that Windows' security centre knows, and whether it is on (None: not told)."""

    name: str
    on: bool | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything a computer said. ``unread`` names, in Spanish, what it would not say."""

    computer: str = ""
    machine: Machine = field(default_factory=Machine)
    windows: WindowsVersion | None = None
    system: str = ""
    """The name of a system that is not Windows."""
    programs: tuple[str, ...] = ()
    click_to_run: str = ""
    """``ProductReleaseIds`` of an Office installed over the network, separated by commas."""
    guards: tuple[Guard, ...] | None = None
    memory: int = 0
    disk: int = 0
    disk_kind: str = ""
    unread: tuple[str, ...] = ()

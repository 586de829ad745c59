"""Reading this PC: what becomes of its answers as a device of ours, and what could not be read, in words."""

import sys
from dataclasses import dataclass

from peti_desktop.catalogues import Catalogues
from peti_desktop.progress import Progress, silent
from peti_desktop.records import EQUIPO
from peti_desktop.records.convert import read
from peti_desktop.records.fields import Value
from peti_desktop.records.record import Record
from peti_desktop.thispc import meaning
from peti_desktop.thispc.collected import Collected

READ = "Leído de este equipo:"
"""Begins the observations that a reading writes."""

_PROGRAMS = frozenset({"sistema_operativo", "ofimatica", "antivirus"})


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the PC said, in words; ``field`` of a device it fills, empty where there is none."""

    label: str
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class ThisPc:
    """``values`` for a device, all ``facts``, and Spanish sentences of what is ``missing`` and why."""

    values: dict[str, Value]
    facts: tuple[Fact, ...]
    missing: tuple[str, ...]


def read_this_pc(catalogues: Catalogues, progress: Progress = silent) -> ThisPc:
    """Ask this computer. Takes seconds on an old one; raises Cancelled."""
    progress(0, 0, "Leyendo este equipo")
    return told(_collect(), catalogues)


def _collect() -> Collected:
    if sys.platform == "win32":
        from peti_desktop.thispc import windows

        return windows.collect()
    from peti_desktop.thispc import linux

    return linux.collect()


def told(found: Collected, catalogues: Catalogues) -> ThisPc:
    """What a computer's answers say about it as a device."""
    teller = _Teller(catalogues)
    teller.machine(found)
    teller.programs(found)
    sizes = _sizes(found)
    if sizes:
        teller.values["observaciones"] = f"{READ} {'; '.join(sizes)}."
    if found.computer:
        teller.facts.append(Fact("Nombre en la red", found.computer))
    teller.missing += [f"No se pudo leer {what}." for what in found.unread]
    return ThisPc(teller.values, tuple(teller.facts), tuple(teller.missing))


def same_device(pc: ThisPc, records: list[Record]) -> Record | None:
    """The device of the list that this PC is, by its serial; None when none or more than one has it."""
    serial = pc.values.get("serial")
    found = [record for record in records if serial and record.values.get("serial") == serial]
    return found[0] if len(found) == 1 else None


def news(pc: ThisPc, record: Record) -> dict[str, Value]:
    """What reading changes in a device that is registered: programs always, the rest where nothing is said.

    Observations are a person's; they are only replaced where an earlier reading wrote them.
    """
    changed: dict[str, Value] = {}
    for name, value in pc.values.items():
        before = record.values.get(name)
        ours = name == "observaciones" and isinstance(before, str) and before.startswith(READ)
        if before != value and (before is None or ours or name in _PROGRAMS):
            changed[name] = value
    return changed


class _Teller:
    """Gathers values, facts and what is missing."""

    def __init__(self, catalogues: Catalogues) -> None:
        self.catalogues = catalogues
        self.values: dict[str, Value] = {}
        self.facts: list[Fact] = []
        self.missing: list[str] = []

    def _take(self, name: str, raw: str, words: str = "") -> None:
        """Keep a value under its field's own rule, with the words it was read from."""
        value, wrong = read(EQUIPO[name], raw, self.catalogues)
        if wrong is not None:
            self.missing.append(f"{EQUIPO[name].label}: {wrong}")
            return
        self.values[name] = value
        label = self.catalogues.label(EQUIPO[name].catalogue, str(value)) if EQUIPO[name].catalogue else str(value)
        shown = words if label in words else f"{label} · {words}" if words else label
        self.facts.append(Fact(EQUIPO[name].label, shown, name))

    def machine(self, found: Collected) -> None:
        """Kind, brand, model and serial."""
        machine = found.machine
        system = meaning.windows(found.windows) if found.windows else ""
        if kind := meaning.kind(machine.chassis, system):
            self._take("tipo", kind)
        for name, text in (("marca", meaning.brand(machine.maker)), ("modelo", meaning.model(machine))):
            if text:
                self._take(name, text)
            elif machine.maker or machine.product:
                said = machine.maker if name == "marca" else machine.product
                self.missing.append(f"{EQUIPO[name].label}: el fabricante lo dejó sin llenar («{said}»).")
        if not machine.serial:
            self.missing.append("El equipo no dice su serial: búsquelo en la etiqueta.")
        elif meaning.is_junk(machine.serial):
            said = f"«{machine.serial}» no es un serial, lo dejó el fabricante sin llenar"
            self.missing.append(f"Serial: {said}. Búsquelo en la etiqueta.")
        else:
            self._take("serial", machine.serial)

    def programs(self, found: Collected) -> None:
        """System, Office and antivirus."""
        if found.windows is not None:
            self._take("sistema_operativo", meaning.windows(found.windows), meaning.windows_words(found.windows))
        elif found.system:
            self._take("sistema_operativo", "linux", found.system)
        code, words = meaning.office(found.programs, found.click_to_run, self.catalogues)
        if code:
            self._take("ofimatica", code, words)
        elif found.windows is not None:
            self.missing.append("No se ve ningún Office instalado: si no tiene, escoja «Ninguna».")
        if found.guards:
            code, words = meaning.antivirus(found.guards)
            self._take("antivirus", code, words)


def _sizes(found: Collected) -> list[str]:
    sizes = [f"{meaning.memory(found.memory)} de memoria"] if found.memory else []
    if found.disk:
        kind = f" ({found.disk_kind})" if found.disk_kind else ""
        sizes.append(f"disco de {meaning.size(found.disk)}{kind}")
    return sizes

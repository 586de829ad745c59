"""What ``resources/catalogues`` says, for one vigencia and one version of the risk method.

Every choice field of a record holds the code of an entry of one of these lists. Lists come from three sources, joined
in this order: tables of the PETI (``seed.toml``), general files, and the file of the risk method. A code never changes
and never leaves: an entry out of force is no longer offered, but keeps its label.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from peti_desktop.errors import UserError
from resources import resource

Table = Mapping[str, Any]

_GENERAL = ("vigencia", "dependencias", "listas", "soporte", "normas", "smlmv")
# Tables of the PETI that are lists as they stand, and the list each becomes.
_SEED_LISTS = (
    "macroproceso",
    "proceso",
    "subproceso",
    "actividad",
    "registro",
    "sistema",
    "objetivo",
    "programa",
    "indicador",
    "componente",
    "norma",
    "actor_externo",
)
_LABELS = ("nombre", "etiqueta", "resumen")
_KNOWN = ("codigo", "id", "nombre", "alias", "desde", "hasta", "nota", "paso_a", "cambio")


@dataclass(frozen=True, slots=True)
class Entry:
    """One choice of a list.

    ``since`` and ``until`` are the first and last day in force; ``became`` the codes that took its place.
    ``extra`` holds whatever else its file says, under the file's own names.
    """

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    note: str = ""
    became: tuple[str, ...] = ()
    extra: Table = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def in_force(self, day: date) -> bool:
        """Whether the entry may be chosen on ``day``."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Registro:
    """One factor, need or finding of the PETI.

    ``subproceso`` is None for institutional ones, as in the PETI; ``responde`` always names the subproceso it is
    answered under, and ``dependencia`` who answers. ``factor`` is a suggestion, not the PETI's word.
    """

    id: str
    subproceso: str | None
    responde: str
    dependencia: str
    seccion: str
    forma: str
    tema: str
    clases: tuple[str, ...]
    etiqueta: str
    factor: str
    actividad: str
    tipo_riesgo: str
    sistema: str
    temas_sec: tuple[str, ...]
    nota: str
    vineta: int | None
    linea: int


@dataclass(frozen=True, slots=True)
class Seed:
    """What the PETI 2020-2023 says: its records, and ``data``, every table of ``seed.toml`` as it stands."""

    registros: tuple[Registro, ...]
    data: Table

    def of(self, dependencia: str) -> tuple[Registro, ...]:
        """The records ``dependencia`` answers for."""
        return tuple(r for r in self.registros if r.dependencia == dependencia)


@dataclass(frozen=True, slots=True, eq=False)
class Catalogues:
    """All lists of one vigencia under one version of the risk method. Made by ``load``."""

    metodo: str
    vigencia: int
    version: str
    seed: Seed
    _lists: Mapping[str, Mapping[str, Entry]]
    _words: Mapping[str, Mapping[str, str]]
    _answers: Mapping[str, str]
    _smlmv: Mapping[int, Decimal]

    def lists(self) -> tuple[str, ...]:
        """The names of all lists."""
        return tuple(self._lists)

    def entries(self, list_name: str) -> tuple[Entry, ...]:
        """The entries to choose from: in force when the vigencia ends, in the order of their file.

        Versions of the method that are only read are none of them. KeyError for an unknown list.
        """
        day = date(self.vigencia, 12, 31)
        found = self._lists[list_name].values()
        return tuple(entry for entry in found if entry.in_force(day) and entry.extra.get("calcula", True))

    def entry(self, list_name: str, code: str) -> Entry | None:
        """The entry of ``code``, in force or not."""
        return self._lists[list_name].get(code)

    def label(self, list_name: str, code: str) -> str:
        """The name people know ``code`` by; a code that is not in the list shows as itself."""
        entry = self.entry(list_name, code)
        return entry.label if entry else code

    def find(self, list_name: str, text: str) -> str | None:
        """The code whose code, label or alias is ``text``, whatever its accents, case and punctuation.

        Entries in force come before those that are not.
        """
        return self._words[list_name].get(_plain(text))

    def subprocesos_of(self, dependencia: str) -> tuple[str, ...]:
        """The subprocesos ``dependencia`` answers for, in the order of the process map; often none."""
        return tuple(sub for sub in self._lists["subproceso"] if self._answers[sub] == dependencia)

    def dependencia_of(self, subproceso: str) -> str:
        """Who answers for ``subproceso``; KeyError when it is not in the process map."""
        return self._answers[subproceso]

    def support_end(self, list_name: str, code: str) -> date | None:
        """The last day the maker supports a system or an Office; None when unknown."""
        entry = self.entry(list_name, code)
        end = entry.extra.get("fin_soporte") if entry else None
        return end if isinstance(end, date) else None

    def smlmv(self, year: int) -> Decimal | None:
        """The monthly minimum wage of ``year`` in pesos; None for a year nobody has entered."""
        return self._smlmv.get(year)


def load(metodo: str = "", vigencia: int = 2026) -> Catalogues:
    """The catalogues of ``vigencia``. Without ``metodo``, the version that rates new risks in that vigencia.

    UserError when this program knows no such version.
    """
    return _load(metodo or method_of(vigencia), vigencia)


def method_of(vigencia: int) -> str:
    """The method version that ``vigencia.toml`` gives to a year: its own row, else the last one before it."""
    rows = sorted(table("vigencia")["vigencia"], key=lambda row: int(row["anio"]))
    before = [row for row in rows if row["anio"] <= vigencia]
    return str((before[-1] if before else rows[0])["metodo"])


def method_table(metodo: str) -> Table:
    """The file of one version of the risk method; UserError when this program knows no such version."""
    known = [row["codigo"] for row in table("vigencia")["lista"]["metodo"]]
    if metodo not in known:
        raise UserError(
            f"Este programa no conoce la versión «{metodo}» de la guía de riesgos.",
            f"Use una de estas: {', '.join(known)}; o instale una versión más nueva del programa.",
        )
    return table(f"metodo_{metodo}")


@cache
def table(name: str) -> Table:
    """The parsed catalogue file ``name``, without its extension."""
    return MappingProxyType(tomllib.loads(resource(f"catalogues/{name}.toml").read_text(encoding="utf-8")))


@cache
def _load(metodo: str, vigencia: int) -> Catalogues:
    tables = {name: table(name) for name in ("seed", *_GENERAL)}
    tables[f"metodo_{metodo}"] = method_table(metodo)
    day = date(vigencia, 12, 31)
    lists: dict[str, dict[str, Entry]] = {}
    for name, rows in _rows(tables):
        entries = (_entry(row, day) for row in rows)
        lists.setdefault(name, {}).update({entry.code: entry for entry in entries})
    answers = _answers(lists["dependencia"].values(), day)
    return Catalogues(
        metodo=metodo,
        vigencia=vigencia,
        version="; ".join(f"{name} {content['version']}" for name, content in tables.items()),
        seed=Seed(tuple(_registros(tables["seed"], tables["dependencias"]["institucional"], answers)), tables["seed"]),
        _lists=lists,
        _words={name: _words(rows.values(), day) for name, rows in lists.items()},
        _answers=answers,
        _smlmv={row["anio"]: Decimal(row["valor"]) for row in tables["smlmv"]["smlmv"]},
    )


def _rows(tables: Mapping[str, Table]) -> Iterator[tuple[str, Sequence[Table]]]:
    """Every list with its rows; a list of several files comes once for each."""
    seed = tables["seed"]
    for name in _SEED_LISTS:
        yield name, seed[name]
    yield "marca", [{"nombre": brand} for brand in seed["equipos"]["marcas"]]
    for content in tables.values():
        yield from content.get("lista", {}).items()


def _entry(row: Table, day: date) -> Entry:
    """One row as the entry it is on ``day``: the names it had or will have are aliases."""
    label = next((str(row[key]) for key in _LABELS if key in row), "")
    names = [label, *row.get("alias", ())]
    notes = [row["nota"]] if "nota" in row else []
    for change in row.get("cambio", ()):
        names.append(change.get("nombre", label))
        if change["desde"] <= day:
            label = change.get("nombre", label)
            notes.append(change["nota"])
    return Entry(
        code=str(row.get("codigo") or row.get("id") or _plain(label).replace(" ", "_")),
        label=label,
        aliases=tuple(name for name in dict.fromkeys(names) if name != label),
        since=row.get("desde"),
        until=row.get("hasta"),
        note=" ".join(notes),
        became=tuple(row.get("paso_a", ())),
        extra=MappingProxyType({key: value for key, value in row.items() if key not in _KNOWN}),
    )


def _words(entries: Iterable[Entry], day: date) -> dict[str, str]:
    """Plain word to code. Codes win over labels, labels over aliases, entries in force over the others."""
    words: dict[str, str] = {}
    ordered = sorted(entries, key=lambda entry: not entry.in_force(day))
    for entry in ordered:
        words.setdefault(_plain(entry.code), entry.code)
    for entry in ordered:
        words.setdefault(_plain(entry.label), entry.code)
    for entry in ordered:
        for alias in entry.aliases:
            words.setdefault(_plain(alias), entry.code)
    return words


def _answers(entries: Iterable[Entry], day: date) -> dict[str, str]:
    """Subproceso to the dependencia in force that answers for it."""
    return {sub: entry.code for entry in entries if entry.in_force(day) for sub in entry.extra.get("responde", ())}


def _registros(seed: Table, institucional: Table, answers: Mapping[str, str]) -> Iterator[Registro]:
    for row in seed["registro"]:
        subproceso = row.get("subproceso")
        yield Registro(
            id=row["id"],
            subproceso=subproceso,
            responde=subproceso or institucional["subproceso"],
            dependencia=answers[subproceso] if subproceso else institucional["dependencia"],
            seccion=row["seccion"],
            forma=row["forma"],
            tema=row["tema"],
            clases=tuple(row["clases"]),
            etiqueta=row["etiqueta"],
            factor=row.get("factor_sug", ""),
            actividad=row.get("actividad", ""),
            tipo_riesgo=row.get("tipo_riesgo", ""),
            sistema=row.get("sistema", ""),
            temas_sec=tuple(row.get("temas_sec", ())),
            nota=row.get("nota", ""),
            vineta=row.get("vineta"),
            linea=row["linea"],
        )


def _plain(text: str) -> str:
    """``text`` without accents, case, punctuation and doubled blanks."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())

"""What ``resources/catalogues`` says, for one vigencia and one version of the risk method.

Every choice field of a record holds the code of an entry of one of these lists. Lists come from three sources, joined
in this order: tables of the PETI (``seed.toml``), general files, and the file of the risk method; over them lie the
rows that the office changed. A code never changes and never leaves: an entry out of force is no longer offered, but
keeps its label.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from peti_desktop.errors import UserError
from peti_desktop.vigencias import rows as own
from peti_desktop.vigencias.rows import Change
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
    _raw: Mapping[str, Mapping[str, Table]]
    changes: tuple[Change, ...] = ()
    """What the office changed in the shipped lists, oldest first."""

    @property
    def own(self) -> int:
        """The version of the office's changes; 0 when there are none."""
        return own.version_of(self.changes)

    def under(self, metodo: str) -> "Catalogues":
        """The same lists under another version of the risk method; UserError when this program knows no such one."""
        return load(metodo, self.vigencia, self.changes)

    def row(self, list_name: str, code: str) -> Table | None:
        """The row of an entry as its file or the office says it, under the file's own names."""
        return self._raw.get(list_name, {}).get(code)

    def codes(self, list_name: str) -> tuple[str, ...]:
        """Every code of a list, in force or not, in the order of its file."""
        return tuple(self._lists[list_name])

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
        day = date(self.vigencia, 12, 31)
        found = (sub for sub, entry in self._lists["subproceso"].items() if entry.in_force(day))
        return tuple(sub for sub in found if self._answers.get(sub) == dependencia)

    def dependencia_of(self, subproceso: str) -> str:
        """Who answers for ``subproceso`` or what it became; KeyError when nobody does."""
        return self._answers[subproceso]

    def became(self, list_name: str, code: str) -> tuple[str, ...]:
        """Every entry that took the place of ``code``, by however many steps, the nearest first."""
        rows = self._lists[list_name]
        found = [code]  # grows while it is walked
        for step in found:
            found.extend(new for new in (rows[step].became if step in rows else ()) if new not in found)
        return tuple(found[1:])

    def lineage(self, list_name: str, code: str) -> tuple[str, ...]:
        """``code`` and every entry that became it, by however many steps."""
        before = (other for other in self._lists[list_name] if code in self.became(list_name, other))
        return (code, *before)

    def relatives(self, list_name: str, code: str) -> frozenset[str]:
        """``code``, what it became and what became it: those whose records may come under its name."""
        return frozenset((*self.became(list_name, code), *self.lineage(list_name, code)))

    def answered(self, subproceso: str) -> bool:
        """Whether a dependencia in force answers for ``subproceso``."""
        return subproceso in self._answers

    def support_end(self, list_name: str, code: str) -> date | None:
        """The last day the maker supports a system or an Office; None when unknown."""
        entry = self.entry(list_name, code)
        end = entry.extra.get("fin_soporte") if entry else None
        return end if isinstance(end, date) else None

    def smlmv(self, year: int) -> Decimal | None:
        """The monthly minimum wage of ``year`` in pesos; None for a year nobody has entered."""
        return self._smlmv.get(year)


def load(metodo: str = "", vigencia: int = 2026, changes: Sequence[Change] = ()) -> Catalogues:
    """The catalogues of ``vigencia`` with the office's changes over them.

    Without ``metodo``, the version that rates new risks in that vigencia. UserError when this program knows no such
    version.
    """
    return _load(metodo or method_of(vigencia, changes), vigencia, tuple(changes))


def method_of(vigencia: int, changes: Iterable[Change] = ()) -> str:
    """The method version of a year: that of its own row, else of the last one before it."""
    given = {int(row["anio"]): row for row in table("vigencia")["vigencia"]}
    given |= {int(change.codigo): change.row for change in changes if change.lista == own.YEAR}
    rows = [given[year] for year in sorted(given)]
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


@lru_cache(maxsize=64)
def _load(metodo: str, vigencia: int, changes: tuple[Change, ...]) -> Catalogues:
    tables = {name: table(name) for name in ("seed", *_GENERAL)}
    tables[f"metodo_{metodo}"] = method_table(metodo)
    day = date(vigencia, 12, 31)
    shipped: dict[str, dict[str, Table]] = {}
    for name, rows in _rows(tables):
        shipped.setdefault(name, {}).update({_code(row): row for row in rows})
    raw = own.laid(shipped, [change for change in changes if change.lista in shipped])
    lists = {name: {code: _entry(code, row, day) for code, row in rows.items()} for name, rows in raw.items()}
    answers = _answers(lists, day)
    wages = {int(row["anio"]): row for row in tables["smlmv"]["smlmv"]}
    wages |= {int(change.codigo): change.row for change in changes if change.lista == own.SMLMV}
    version = "; ".join(f"{name} {content['version']}" for name, content in tables.items())
    return Catalogues(
        metodo=metodo,
        vigencia=vigencia,
        version=version + (f"; propio {own.version_of(changes)}" if changes else ""),
        seed=Seed(tuple(_registros(tables["seed"], tables["dependencias"]["institucional"], answers)), tables["seed"]),
        _lists=lists,
        _words={name: _words(rows.values(), day) for name, rows in lists.items()},
        _answers=answers,
        _smlmv={year: Decimal(row["valor"]) for year, row in wages.items()},
        _raw=raw,
        changes=changes,
    )


def _rows(tables: Mapping[str, Table]) -> Iterator[tuple[str, Sequence[Table]]]:
    """Every list with its rows; a list of several files comes once for each."""
    seed = tables["seed"]
    for name in _SEED_LISTS:
        yield name, seed[name]
    yield "marca", [{"nombre": brand} for brand in seed["equipos"]["marcas"]]
    for content in tables.values():
        yield from content.get("lista", {}).items()


def _code(row: Table) -> str:
    return str(row.get("codigo") or row.get("id") or _plain(_label(row)).replace(" ", "_"))


def _label(row: Table) -> str:
    return next((str(row[key]) for key in _LABELS if key in row), "")


def _entry(code: str, row: Table, day: date) -> Entry:
    """One row as the entry it is on ``day``: the names it had or will have are aliases."""
    label = _label(row)
    names = [label, *row.get("alias", ())]
    notes = [row["nota"]] if "nota" in row else []
    for change in row.get("cambio", ()):
        names.append(change.get("nombre", label))
        if change["desde"] <= day:
            label = change.get("nombre", label)
            notes += [change["nota"]] if "nota" in change else []
    return Entry(
        code=code,
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


def _answers(lists: Mapping[str, Mapping[str, Entry]], day: date) -> dict[str, str]:
    """Subproceso to the dependencia in force that answers for it, or for what it became."""
    units, subprocesos = lists["dependencia"].values(), lists["subproceso"]
    found = {sub: entry.code for entry in units if entry.in_force(day) for sub in entry.extra.get("responde", ())}
    for code in subprocesos:
        after = [code]  # grows while it is walked; what became of itself is met once
        for step in after:
            after.extend(new for new in subprocesos[step].became if new in subprocesos and new not in after)
        answering = next((found[step] for step in after if step in found), None)
        if answering is not None:
            found.setdefault(code, answering)
    return found


def _registros(seed: Table, institucional: Table, answers: Mapping[str, str]) -> Iterator[Registro]:
    for row in seed["registro"]:
        subproceso = row.get("subproceso")
        yield Registro(
            id=row["id"],
            subproceso=subproceso,
            responde=subproceso or institucional["subproceso"],
            dependencia=answers.get(subproceso, "") if subproceso else institucional["dependencia"],
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

"""What the PETI already says for a dependencia, offered before anybody types it again."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from peti_desktop.catalogues import Catalogues, Entry, Registro
from peti_desktop.editing import UNDONE
from peti_desktop.records import RIESGO, TYPES, Value, Values
from peti_desktop.records.record import Record
from peti_desktop.records.sentence import cause_of
from peti_desktop.records.wording import reads_like
from peti_desktop.workspace import Workspace

SEED: Final = "PETI 2020-2023"
BORN_WITH: Final = frozenset({"referencia", "tipo", "metodo", "subproceso", "descripcion"})
"""Fields of a risk that the program fills in; a risk that says only these says nothing yet."""
REGISTERED: Final = "Se registró como necesidad"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One factor or need of the PETI that nobody has registered yet; ``values`` is the draft it becomes."""

    id: str
    type: str
    text: str
    subproceso: str
    values: Values


def source_of(registro: Registro) -> str:
    """What a record made from the PETI says as its source."""
    return f"{SEED}, {registro.seccion}, {registro.id}"


def pending(ws: Workspace, subproceso: str = "") -> tuple[Suggestion, ...]:
    """What the PETI says for this dependencia, or for one subproceso, that no record of it says, retired or not.

    What was undone counts as never registered.
    """
    taken = {
        str(record.values["fuente"])
        for name in ("riesgo", "necesidad")
        for record in ws.records(name, retired=None, dependencia=ws.info.dependencia)
        if record.values["fuente"] and record.retired != UNDONE
    }
    return tuple(
        _suggestion(registro, ws.catalogues)
        for registro in ws.catalogues.seed.of(ws.info.dependencia)
        if source_of(registro) not in taken and subproceso in {"", registro.responde}
    )


def create(ws: Workspace, suggestion: Suggestion) -> Record:
    """The draft of a suggestion as a record, in one act."""
    with ws.act(f"registrar {TYPES[suggestion.type].singular.lower()} del PETI") as act:
        return act.record(suggestion.type, act.new(suggestion.type, suggestion.values))


def activities(catalogues: Catalogues, subproceso: str, risks: Iterable[Values] = ()) -> tuple[str, ...]:
    """Activities to offer for a subproceso: those the PETI names, then those its own risks name already."""
    named = [e.label for e in catalogues.entries("actividad") if e.extra.get("subproceso") == subproceso]
    own = [str(risk["actividad"]) for risk in risks if risk.get("subproceso") == subproceso and risk.get("actividad")]
    return tuple(dict.fromkeys([*named, *own]))


def threats(catalogues: Catalogues, vulnerabilidad: str) -> tuple[str, ...]:
    """The threats that use a vulnerability, by code."""
    entry = catalogues.entry("vulnerabilidad", vulnerabilidad)
    return tuple(entry.extra.get("amenazas", ())) if entry else ()


def vulnerabilities(catalogues: Catalogues, dependencia: str) -> tuple[tuple[Entry, tuple[str, ...]], ...]:
    """The vulnerabilities that facts of the PETI show in a dependencia, each with the ids of those facts."""
    own = {registro.id for registro in catalogues.seed.of(dependencia)}
    found = (
        (entry, tuple(fact for fact in entry.extra.get("hechos", ()) if fact in own))
        for entry in catalogues.entries("vulnerabilidad")
    )
    return tuple((entry, facts) for entry, facts in found if facts)


def as_need(ws: Workspace, uid: str, name: str) -> Record:
    """Keep what the field ``name`` of a risk says as a need, in one act; a risk that says nothing else is retired.

    Raises LookupError for a uid the store does not know.
    """
    with ws.act("registrar como necesidad") as act:
        risk = act.record("riesgo", uid)
        only = says_only(risk.values, name)
        values: dict[str, Value] = {
            "descripcion": risk.values[name],
            "subproceso": risk.values["subproceso"],
            "fuente": risk.values["fuente"],
            "riesgo": None if only else uid,
        }
        need = act.new("necesidad", values)
        if only:
            act.retire("riesgo", uid, REGISTERED)
        return act.record("necesidad", need)


def says_only(values: Values, name: str) -> bool:
    """Whether a risk says nothing besides ``name`` and what the program filled in."""
    given = {field for field, value in values.items() if value is not None and not RIESGO[field].computed}
    return not given - BORN_WITH - {name, "fuente", "factor"}


def _suggestion(registro: Registro, catalogues: Catalogues) -> Suggestion:
    name = "riesgo" if "riesgo" in registro.clases else "necesidad"
    draft = _risk(registro, catalogues) if name == "riesgo" else _need(registro)
    return Suggestion(registro.id, name, registro.etiqueta, registro.responde, dict(draft))


def _risk(registro: Registro, catalogues: Catalogues) -> Iterator[tuple[str, Value]]:
    """What the PETI knows of a risk; the rest is for those who know the activity."""
    yield "subproceso", registro.responde
    yield "factor", registro.factor or None
    yield "fuente", source_of(registro)
    if registro.actividad:
        yield "actividad", catalogues.label("actividad", registro.actividad)
    is_cause = registro.forma == "causa" or reads_like(registro.etiqueta) == "causa"
    yield "causa_raiz" if is_cause else "causa_inmediata", registro.etiqueta
    for entry in catalogues.entries("vulnerabilidad"):
        if registro.id in entry.extra.get("hechos", ()):
            yield "tipo", "seguridad"
            yield "vulnerabilidad", entry.code
            yield "causa_raiz", registro.etiqueta
            if len(found := threats(catalogues, entry.code)) == 1:
                yield "amenaza", found[0]
                yield "causa_inmediata", cause_of("amenaza", found[0], catalogues)
            return


def _need(registro: Registro) -> Iterator[tuple[str, Value]]:
    yield "subproceso", registro.responde
    yield "forma", registro.forma if registro.forma in {"necesidad", "situacion", "recomendacion"} else "situacion"
    yield "tema", registro.tema
    yield "descripcion", registro.etiqueta
    yield "fuente", source_of(registro)

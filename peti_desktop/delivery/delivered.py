"""What the last delivery of the vigencia said, against what is registered now."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

from db.queries import deliveries, made
from peti_desktop.catalogues import Catalogues
from peti_desktop.delivery import seal
from peti_desktop.delivery.cells import Unreadable, rows, sheet_parts
from peti_desktop.delivery.seal import Sealed
from peti_desktop.delivery.workbook import MARK
from peti_desktop.records import BORRAR, TYPES
from peti_desktop.records.checks import EMPTIED
from peti_desktop.records.convert import show
from peti_desktop.records.fields import Field, Problem, Value
from peti_desktop.records.record import Record, from_stored_text, headline
from peti_desktop.trust import package
from peti_desktop.trust.verdict import Refusal, Trust
from peti_desktop.workspace import RecordProblem, Workspace

Content = Mapping[str, Mapping[str, Sealed]]
"""Records by type and uid."""

_SHOWN_CHARACTERS = 60


def last(ws: Workspace) -> Content:
    """The records of the newest delivery of this vigencia as they were sealed; empty before the first.

    A delivery whose kept bytes no longer read says nothing: whoever opens it is told so.
    """
    with ws.read() as connection:
        known = deliveries.made(connection, ws.info.vigencia)
        if not known:
            return {}
        data = made.content(connection, known[-1]["sha256"])
    return _content(data, known[-1]["hecha_en"]) if data else {}


@lru_cache(maxsize=1)
def _content(data: bytes, made_at: datetime) -> Content:
    try:
        parts = package.read(data)
        sealed = seal.opened(rows(parts[sheet_parts(parts)[MARK]]), Trust(), made_at)
    except (Refusal, Unreadable, KeyError):
        return {}
    return sealed.records if sealed else {}


def emptied(ws: Workspace) -> list[RecordProblem]:
    """Fields that were delivered with a value and hold nothing now, in the order of the records."""
    before = last(ws)
    words = lru_cache(maxsize=None)(ws.links)
    return [
        RecordProblem(name, record.uid, headline(TYPES[name], record.values, ws.catalogues), problem)
        for name in TYPES
        if before.get(name)
        for record in ws.records(name)
        if record.uid in before[name]
        for problem in emptied_in(record, before[name][record.uid], ws.catalogues, words)
    ]


def emptied_in(
    record: Record, before: Sealed, catalogues: Catalogues, words: Callable[[str], Mapping[str, str]]
) -> list[Problem]:
    """What one record was delivered with and holds no longer; ``words`` gives those of linked records, by type."""
    found = []
    for field in TYPES[record.type].typed:
        delivered = _lost(field, record, before)
        if delivered is not None:
            said = _shown(field, delivered, catalogues, words(field.links) if field.links else {})
            text = f"Antes entregó «{said}»: escriba el valor, o escoja «{BORRAR.value}» si ya no hay."
            found.append(EMPTIED.at(field.name, text))
    return found


def _lost(field: Field, record: Record, before: Sealed) -> Value:
    """What was delivered in a field that is empty now, where it can stay empty; None when nothing is lost."""
    if not field.may_be_na or record.values[field.name] is not None or field.name in record.drafts:
        return None
    try:
        delivered = from_stored_text(field, before.values.get(field.name))
    except ValueError:
        return None
    return None if delivered is BORRAR else delivered


def _shown(field: Field, value: Value, catalogues: Catalogues, links: Mapping[str, str]) -> str:
    text = " ".join(show(field, value, catalogues, links).split())
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"

"""One correction for many records of the matrix, undone in one step."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from peti_desktop.consolidation import corrections
from peti_desktop.errors import UserError
from peti_desktop.matrix import PAGE, MatrixFilter, Question
from peti_desktop.progress import Progress, silent
from peti_desktop.records import TYPES
from peti_desktop.records.convert import decimal_text, read
from peti_desktop.records.fields import Field, Kind
from peti_desktop.workspace import Workspace

MOST: Final = 20_000
"""So many records are corrected at once: all of them are in one transaction, and one undo takes them back."""

Runs = Sequence[tuple[int, int]]
"""Rows by place: the first of each run and how many."""


def changeable(type_name: str) -> list[Field]:
    """The fields that can be set to one value in many records: no links, and nothing that tells records apart."""
    record_type = TYPES[type_name]
    own = {record_type.numbered, *(field.name for field in record_type.typed if field.unique)}
    return [field for field in record_type.typed if field.kind is not Kind.LINK and field.name not in own]


def correct_rows(
    ws: Workspace,
    wanted: MatrixFilter,
    runs: Runs | None,
    field: str,
    raw: str,
    reason: str,
    seen: Mapping[str, int],
    progress: Progress = silent,
    places: Mapping[int, str] | None = None,
) -> int:
    """Put a value in the place of the declared one in these rows, in all that ``wanted`` gives for ``runs`` None.

    ``seen`` are the revisions the person had in view, by uid: when somebody else changed one of those records since,
    nothing is stored. ``places`` are the uids in view, by row: when one of the ``runs`` holds another record by now,
    the person chose by what is gone. Gives how many values changed. Raises UserError for a value or reason that cannot
    be, and for more than ``MOST`` records; Cancelled from ``progress``, and nothing is stored either.
    """
    value, wrong = read(TYPES[wanted.type][field], raw, ws.catalogues)
    if wrong:
        raise UserError(f"{TYPES[wanted.type][field].label}: {wrong}", "Corríjalo y vuelva a intentarlo.")
    question = Question(ws, wanted)
    total = question.count() if runs is None else sum(count for _, count in runs)
    if total > MOST:
        raise UserError(
            f"Son {decimal_text(total)} registros; de una vez se corrigen hasta {decimal_text(MOST)}.",
            "Filtre por dependencia u otra columna y corrija por partes.",
        )
    revisions: dict[str, int] = {}
    with ws.snapshot() as now:
        for place, uid, revision, stands in _rows(Question(now, wanted), runs or [(0, total)], field):
            if runs is not None and places and places.get(place, uid) != uid:
                raise UserError(
                    "Mientras usted escogía, llegaron o salieron registros de la tabla.",
                    "Se leyó de nuevo: escoja otra vez las filas. No se corrigió nada.",
                )
            progress(len(revisions), total, "Reuniendo los registros")
            if stands != value:
                revisions[uid] = seen.get(uid, revision)
    if not revisions:
        raise UserError("Todos esos registros ya tienen ese valor.", "Escriba otro valor o escoja otros registros.")
    progress(0, 0, f"Corrigiendo {decimal_text(len(revisions))} registros")
    return corrections.correct_many(ws, wanted.type, {uid: {field: raw} for uid in revisions}, reason, revisions)


def _rows(question: Question, runs: Runs, field: str) -> Iterator[tuple[int, str, int, object]]:
    for first, count in runs:
        for start in range(first, first + count, PAGE):
            for place, line in enumerate(question.read(start, min(PAGE, first + count - start)).lines, start):
                yield place, line.record.uid, line.record.revision, line.record.values[field]

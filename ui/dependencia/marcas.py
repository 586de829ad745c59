"""The column «Este año»: what became of each record since the vigencia was begun from the one before."""

from collections.abc import Mapping
from typing import Final

from peti_desktop.records.fields import Field
from peti_desktop.vigencia import MODIFIED, NEW, RETIRED, SAME

WORDS: Final = {NEW: "Nuevo", MODIFIED: "Modificado", SAME: "Igual", RETIRED: "Retirado"}
COLUMN: Final = Field(
    "este_anio",
    "Este año",
    computed=True,
    width=11,
    hint="Nuevo, modificado o igual desde que empezó la vigencia; un riesgo cambia también con sus controles.",
)


def in_words(marks: Mapping[str, str]) -> dict[str, str]:
    """The words of each mark, by uid; a record without one has none."""
    return {uid: WORDS.get(mark, "") for uid, mark in marks.items()}

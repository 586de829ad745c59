"""What is wrong with the records of one page, kept up to date record by record: twenty thousand are not looked at anew
because somebody typed into one.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from peti_desktop.catalogues import Catalogues
from peti_desktop.records import TYPES, Problem
from peti_desktop.records.convert import plain
from peti_desktop.records.record import Record
from peti_desktop.workspace import problems_of
from ui.dependencia.asking import Beside

Key = tuple[str, str]


class Checking:
    """The records of one type and their problems by uid. Made on the worker's thread, for it looks at every record.

    ``present`` are the uids in force that links may lead to, by record type. ``beside`` is what is said of
    them besides the rules: it stands among the problems.
    """

    def __init__(
        self,
        type_name: str,
        records: Iterable[Record],
        catalogues: Catalogues,
        today: date,
        present: Mapping[str, Collection[str]] | None = None,
        beside: Beside | None = None,
    ) -> None:
        self._type = TYPES[type_name]
        self._catalogues = catalogues
        self._today = today
        self._present = present or {}
        self._beside = beside or Beside()
        self._unique = [field.name for field in self._type.typed if field.unique]
        self.records = {record.uid: record for record in records}
        self._sharing: dict[Key, set[str]] = {}
        for record in self.records.values():
            self._share(record)
        self.problems: dict[str, list[Problem]] = self._look(self.records)

    def put(self, record: Record) -> dict[str, list[Problem]]:
        """Take a record's new state; gives the problems that are other ones now, by uid."""
        old = self.records.get(record.uid)
        near = {record.uid, *(self._alike(old) if old else ())}
        for key in self._keys(old) if old else ():
            self._sharing[key].discard(record.uid)
        self.records[record.uid] = record
        self._share(record)
        near |= self._alike(record)
        # To tell which values are repeated, those that share one with any of them must be seen too.
        seen = near.union(*(self._alike(self.records[uid]) for uid in near))
        now = self._look(uid for uid in self.records if uid in seen) if len(seen) > 1 else self._look(seen)
        changed = {uid: now[uid] for uid in near if now[uid] != self.problems.get(uid)}
        self.problems |= changed
        return changed

    def _look(self, uids: Iterable[str]) -> dict[str, list[Problem]]:
        looked_at = [self.records[uid] for uid in uids]
        found: dict[str, list[Problem]] = {record.uid: [] for record in looked_at}
        everything: Mapping[str, list[Record]] = {self._type.name: looked_at}
        for line in problems_of(everything, self._catalogues, self._today, self._present):
            found[line.uid].append(line.problem)
        for record in looked_at:
            found[record.uid] += self._beside.of(record)
        return found

    def _keys(self, record: Record) -> Iterator[Key]:
        for name in self._unique:
            if isinstance(value := record.values.get(name), str):
                yield name, plain(value)

    def _share(self, record: Record) -> None:
        for key in self._keys(record):
            self._sharing.setdefault(key, set()).add(record.uid)

    def _alike(self, record: Record) -> set[str]:
        return {uid for key in self._keys(record) for uid in self._sharing.get(key, ())}

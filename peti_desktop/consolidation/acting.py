"""Decisions of the office that change records: one transaction, one step of undo."""

from collections.abc import Iterator
from contextlib import contextmanager

from peti_desktop.consolidation import roles
from peti_desktop.editing import Act, Editor
from peti_desktop.errors import UserError
from peti_desktop.records import TYPES
from peti_desktop.records.convert import clean
from peti_desktop.workspace import Workspace


class OfficeAct(Act):
    """An act that can also note a decision which changes no field, so that undoing it takes the decision back."""

    @property
    def uid(self) -> str:
        """Which act it is; empty while nothing was done in it."""
        return self._uid

    def note(self, type_name: str, uid: str, action: str) -> str:
        """Write an entry of the record's history that changes no field; gives the uid of the act."""
        self._remember([self._entry(TYPES[type_name], uid, action)])
        return self._uid


@contextmanager
def acting(ws: Workspace, words: str) -> Iterator[OfficeAct]:
    """Like ``Workspace.act``, for the office alone; ``words`` complete «Deshacer: …»."""
    office_only(ws)
    mine = ws.info.who if ws.store.server else None
    with ws.write() as connection:
        yield OfficeAct(connection, Editor(ws.catalogues, ws.clock(), ws.info.who, ws.info, mine), words)


def office_only(ws: Workspace) -> None:
    """Raises UserError unless the store is an office's and who works there may decide."""
    if ws.info.perfil != "oficina":
        raise UserError(
            f"Este es el archivo de datos de {ws.info.dependencia_nombre}: eso lo decide la Oficina TIC.",
            "Cambie el dato en su registro y entréguelo.",
        )
    roles.require(ws, roles.CHANGE)


def said(reason: str) -> str:
    """A reason as it is kept. Raises UserError when there is none."""
    reason = clean(reason)
    if not reason:
        raise UserError("Falta el motivo.", "Escríbalo: queda en la bitácora y en el anexo de los informes.")
    return reason

"""Who does what at the office: analista, jefe, control interno.

On a file analista or jefe is what a person says of themselves, and every change of it is an entry of the log; Control
Interno opens the file only for reading. On a server each user has a role of their own, and what the server's grants do
not allow nobody becomes by saying so.
"""

from typing import Final

from sqlalchemy import Connection

from db import postgres
from db.queries import space
from peti_desktop import binnacle
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace

ANALISTA, JEFE, CONTROL = "analista", "jefe", "control"
LABELS: Final = {ANALISTA: "Analista", JEFE: "Jefe de la Oficina TIC", CONTROL: "Control Interno"}
ABOUT: Final = {
    ANALISTA: "Recibe, decide, corrige y consolida. No sella cortes ni abre vigencias.",
    JEFE: "Todo lo del analista, y además sella cortes, abre vigencias y responde por la clave de la oficina.",
    CONTROL: "Lee todo, lo comprueba y lo exporta. No cambia nada.",
}

SETTING: Final = "rol"

CHANGE, SEAL, OPEN_YEAR, AUTHORITY = "cambiar", "sellar", "vigencia", "autoridad"
ACTIONS: Final = {
    CHANGE: "Cambiar datos o decidir sobre entregas",
    SEAL: "Sellar un corte",
    OPEN_YEAR: "Abrir una vigencia",
    AUTHORITY: "Crear, renovar o recuperar la clave de la oficina",
}
"""What has to be asked for, in words that begin a sentence."""

ONLY_JEFE: Final = frozenset({SEAL, OPEN_YEAR, AUTHORITY})


def role(ws: Workspace) -> str:
    """The role of who works here. A store that is open only for reading makes everyone Control Interno.

    Who never said a role is the jefe while nobody else is: an office of one person has nobody to ask.
    """
    if ws.store.reading:
        return CONTROL
    said = ws.setting(SETTING)
    if said not in LABELS:
        with ws.read() as connection:
            said = ANALISTA if _jefes(ws, connection) else JEFE
    return ANALISTA if said == JEFE and not _may_seal(ws) else said


def _may_seal(ws: Workspace) -> bool:
    """Whether the server lets this user add cuts: where it does not, nobody becomes a jefe by saying so."""
    if not ws.store.server:
        return True
    with ws.read() as connection:
        return postgres.allowed(connection, "corte", "INSERT")


def refusal(ws: Workspace, action: str) -> UserError | None:
    """Why who works here may not do ``action`` (one of ``ACTIONS``), with whom to turn to; None when they may.

    A dependencia has no roles: whoever has its file open for writing may do all a dependencia can.
    """
    if ws.store.reading:
        return UserError(
            f"{ACTIONS[action]} no se puede: estos datos están abiertos solo para leer.",
            "Si debe cambiarlos, pídalo a un analista o al jefe de la Oficina TIC.",
        )
    if ws.info.perfil != "oficina":
        return None
    mine = role(ws)
    if mine == CONTROL:
        return UserError(
            f"{ACTIONS[action]} no le corresponde a Control Interno, que lee todo y no cambia nada.",
            "Pídalo a un analista o al jefe de la Oficina TIC.",
        )
    if action in ONLY_JEFE and mine != JEFE:
        return UserError(
            f"{ACTIONS[action]} le corresponde al jefe de la Oficina TIC.",
            "Pídale que lo haga, o cambie su rol en «Cortes» si usted tiene ese cargo.",
        )
    return None


def require(ws: Workspace, action: str) -> None:
    """Raise UserError when who works here may not do ``action``."""
    refused = refusal(ws, action)
    if refused is not None:
        raise refused


def choose(ws: Workspace, chosen: str) -> None:
    """Work as analista or jefe from now on; the log keeps who said so. Raises UserError.

    On a server the first jefe is whoever says so, and afterwards only a jefe makes another user one (``assign``).
    """
    before = role(ws)
    if ws.store.reading:
        raise UserError(
            "El rol no se puede cambiar: estos datos están abiertos solo para leer.",
            "Ábralos para trabajar, o pida el permiso a quien administra el servidor.",
        )
    if chosen == CONTROL:
        raise UserError(
            "Control Interno abre los datos solo para leer.",
            "Ciérrelos y ábralos con «Abrir solo para leer», o pida que el servidor lo reciba así.",
        )
    if chosen == before:
        return
    if chosen == JEFE and not _may_seal(ws):
        raise UserError(
            "El servidor no le da a su usuario los permisos de jefe de la Oficina TIC.",
            "Pídalos a quien administra el servidor.",
        )
    with ws.write() as connection:
        others = _jefes(ws, connection)
        if chosen == JEFE and others:
            raise UserError(
                f"El rol de jefe ya lo tiene otra persona en el servidor ({', '.join(others)}).",
                "Pídale que se lo asigne a usted.",
            )
        _set(ws, connection, ws.store.user, chosen, before)


def assign(ws: Workspace, user: str, chosen: str) -> None:
    """Give another user of the server a role; only a jefe does. Raises UserError."""
    require(ws, SEAL)
    if not ws.store.server:
        raise UserError("En un archivo cada persona dice su propio rol.", "Cámbielo quien lo tenga abierto.")
    with ws.write() as connection:
        before = space.settings(connection).get(_key(ws, user), "")
        _set(ws, connection, user, chosen, before)


def users(ws: Workspace) -> dict[str, str]:
    """The roles that users of the server said or were given, by user; of a file, nothing."""
    with ws.read() as connection:
        said = space.settings(connection)
    mark = f"{SETTING}:"
    return {key.removeprefix(mark): value for key, value in sorted(said.items()) if key.startswith(mark)}


def _jefes(ws: Workspace, connection: Connection) -> list[str]:
    """Other users of the server who are its jefe."""
    said = space.settings(connection)
    mark, mine = f"{SETTING}:", _key(ws, ws.store.user)
    return sorted(k.removeprefix(mark) for k, v in said.items() if k.startswith(mark) and k != mine and v == JEFE)


def _key(ws: Workspace, user: str) -> str:
    return f"{SETTING}:{user}" if ws.store.server else SETTING


def _set(ws: Workspace, connection: Connection, user: str, chosen: str, before: str) -> None:
    space.set_settings(connection, {_key(ws, user): chosen})
    detail = {"rol": LABELS[chosen], "antes": LABELS.get(before, before)} | ({"usuario": user} if user else {})
    binnacle.write(connection, ws.clock(), ws.info.who, "cambiar de rol", detail)

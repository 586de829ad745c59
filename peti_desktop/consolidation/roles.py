"""Who does what at the office: analista, jefe, control interno.

On a file analista or jefe is what a person says of themselves, and every change of it is an entry of the log; Control
Interno opens the file only for reading. On a server each user has a role of their own, and what the server's grants do
not allow nobody becomes by saying so.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from db import postgres
from db.queries import log, space, users
from peti_desktop import binnacle
from peti_desktop.errors import UserError
from peti_desktop.workspace import Workspace

ANALISTA, JEFE, CONTROL = "analista", "jefe", "control"
LABELS: Final = {ANALISTA: "Analista", JEFE: "Jefe de la Oficina TIC", CONTROL: "Control Interno"}
SHORT: Final = {**LABELS, JEFE: "Jefe"}
ABOUT: Final = {
    ANALISTA: "Recibe, decide, corrige y consolida. No sella cortes ni abre vigencias.",
    JEFE: "Todo lo del analista, y además sella cortes, abre vigencias y responde por la clave de la oficina.",
    CONTROL: "Lee todo, lo comprueba y lo exporta. No cambia nada.",
}

SETTING: Final = "rol"
_MARK: Final = f"{SETTING}:"

CHANGE, SEAL, OPEN_YEAR, AUTHORITY = "cambiar", "sellar", "vigencia", "autoridad"
ACTIONS: Final = {
    CHANGE: "Cambiar datos o decidir sobre entregas",
    SEAL: "Sellar un corte",
    OPEN_YEAR: "Abrir una vigencia",
    AUTHORITY: "Crear, renovar o recuperar la clave de la oficina",
}
"""What has to be asked for, in words that begin a sentence."""

ONLY_JEFE: Final = frozenset({SEAL, OPEN_YEAR, AUTHORITY})
LOGGED: Final = "cambiar de rol"
"""What an entry of the log is called that tells of another role."""


@dataclass(frozen=True, slots=True)
class Member:
    """Who can work with the store of a server; ``name`` is empty for whoever has a file open.

    ``role`` is what they work as; ``offered`` what the server's grants let them be; ``mine``: who is looking.
    """

    name: str
    role: str
    offered: tuple[str, ...]
    mine: bool


def role(ws: Workspace) -> str:
    """The role of who works here. A store that is open only for reading makes everyone Control Interno.

    Who never said a role is the jefe while nobody else is: an office of one person has nobody to ask.
    """
    if ws.store.reading:
        return CONTROL
    with ws.read() as connection:
        said = _wanted(ws, space.settings(connection), ws.store.user)
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
            "Pídale que lo haga. Si usted tiene ese cargo, cambie su rol: está arriba, junto a la vigencia.",
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
        others = _jefes(space.settings(connection), _key(ws, ws.store.user))
        if chosen == JEFE and others:
            raise UserError(
                f"El rol de jefe ya lo tiene otra persona en el servidor ({', '.join(others)}).",
                "Pídale que se lo asigne a usted.",
            )
        if before == JEFE and ws.store.server and not others:
            raise _last()
        _set(ws, connection, ws.store.user, chosen, before)


def assign(ws: Workspace, user: str, chosen: str) -> None:
    """Give a user of the server a role; only a jefe does, and one jefe always stays. Raises UserError."""
    require(ws, SEAL)
    if not ws.store.server:
        raise UserError("En un archivo cada persona dice su propio rol.", "Cámbielo quien lo tenga abierto.")
    with ws.write() as connection:
        found = next((each for each in users.listing(connection) if each.name == user), None)
        if found is None:
            raise UserError(
                f"En el servidor no hay un usuario «{user}» que pueda leer estos datos.",
                "Pida a quien administra el servidor que lo cree.",
            )
        if chosen not in _offered(found):
            raise UserError(
                f"El servidor no le da a «{user}» los permisos de {LABELS[chosen]}.",
                "Pídalos a quien administra el servidor.",
            )
        said = space.settings(connection)
        before = said.get(_key(ws, user), "")
        if chosen == before:
            return
        if chosen != JEFE and _wanted(ws, said, user) == JEFE and not _jefes(said, _key(ws, user)):
            raise _last()
        _set(ws, connection, user, chosen, before)


def _last() -> UserError:
    return UserError(
        "Nadie más tiene asignado el rol de jefe, y la oficina no puede quedar sin uno.",
        "Dé antes el rol de jefe a otra persona.",
    )


def members(ws: Workspace) -> list[Member]:
    """Everyone who can work with the store and as what; of a file, whoever has it open."""
    if not ws.store.server:
        offered = (CONTROL,) if ws.store.reading else (ANALISTA, JEFE)
        return [Member("", role(ws), offered, mine=True)]
    with ws.read() as connection:
        said, found = space.settings(connection), users.listing(connection)
    return [Member(each.name, _of(ws, said, each), _offered(each), each.name == ws.store.user) for each in found]


def _of(ws: Workspace, said: dict[str, str], user: users.User) -> str:
    """What a user of the server works as: what was said of them or stands for it, as far as the grants go."""
    wanted, offered = _wanted(ws, said, user.name), _offered(user)
    return wanted if wanted in offered else offered[-1]


def _wanted(ws: Workspace, said: dict[str, str], user: str) -> str:
    """What was said of a user; of whom nothing was said is the jefe while nobody else is."""
    told = said.get(_key(ws, user), "")
    if told in LABELS:
        return told
    return ANALISTA if _jefes(said, _key(ws, user)) else JEFE


def _offered(user: users.User) -> tuple[str, ...]:
    """The roles that the grants of a user allow, the least first."""
    return (CONTROL, *((ANALISTA,) * user.writes), *((JEFE,) * user.seals))


def changes(ws: Workspace, most: int = 5) -> list[log.Row]:
    """The newest entries of the log about roles, at most so many, the newest first."""
    with ws.read() as connection:
        return log.page(connection, log.Asked(action=LOGGED), 0, most)


def _jefes(said: dict[str, str], besides: str) -> list[str]:
    """The users of the server of whom it was said that they are its jefe, without that of the key ``besides``."""
    return sorted(k.removeprefix(_MARK) for k, v in said.items() if k.startswith(_MARK) and k != besides and v == JEFE)


def _key(ws: Workspace, user: str) -> str:
    return f"{_MARK}{user}" if ws.store.server else SETTING


def _set(ws: Workspace, connection: Connection, user: str, chosen: str, before: str) -> None:
    space.set_settings(connection, {_key(ws, user): chosen})
    detail = {"rol": LABELS[chosen], "antes": LABELS.get(before, before)} | ({"usuario": user} if user else {})
    binnacle.write(connection, ws.clock(), ws.info.who, LOGGED, detail)

"""What a store says about itself and about who works in it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Info:
    """What a store says about itself.

    ``perfil`` is «dependencia» or «oficina»; ``vence`` the deadline, if known; ``anterior`` the vigencia this one was
    begun from, None in a store's first.
    """

    perfil: str
    entidad: str
    dependencia: str
    dependencia_nombre: str
    nombre: str
    cargo: str
    vigencia: int
    metodo: str
    vence: date | None
    ejemplo: bool
    anterior: int | None = None

    @property
    def who(self) -> str:
        """The person and post that changes are signed with."""
        return f"{self.nombre} – {self.cargo}" if self.cargo else self.nombre

"""An office of either kind that expects two dependencias, one of which delivers."""

from datetime import date

import pytest

from db.queries import space
from peti_desktop.workspace import Workspace
from tests.exchange.conftest import clock, office, opened, pki, salud
from tests.returning.conftest import Received, kind, received

__all__ = ["Received", "clock", "kind", "office", "opened", "pki", "received", "salud"]

DUE = date(2026, 11, 20)
"""Two days before the clock of these tests."""
OWED = {"SALUD": ("riesgo", "equipo", "sistema"), "HACIENDA": ("riesgo",)}


@pytest.fixture
def owed(office: Workspace) -> Workspace:
    """The office once it has said what it expects."""
    rows = [{"dependencia": unit, "seccion": name, "vence": DUE} for unit, names in OWED.items() for name in names]
    with office.write() as connection:
        space.set_deadlines(connection, 2026, rows)
    return office

"""An office that has accepted a first delivery, on either kind of store."""

from tests.consolidation.conftest import Deliver, accepted, clock, delivers, kind, office, opened, pki, salud

__all__ = ["Deliver", "accepted", "clock", "delivers", "kind", "office", "opened", "pki", "salud"]

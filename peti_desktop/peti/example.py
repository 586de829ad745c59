"""A small plan for the demonstration, by the rule of ``catalogues/ejemplo.toml``: every record is marked as example.

Nobody did it, so nothing of it can be undone.
"""

from decimal import Decimal
from typing import Any

from peti_desktop import catalogues
from peti_desktop.peti.gathering import proposed, things
from peti_desktop.records.avance import planned
from peti_desktop.records.fields import Context, Value
from peti_desktop.workspace import Workspace


def make(ws: Workspace) -> None:
    """Make the initiatives, let each gather what is proposed for it, and note the progress there is."""
    rule = catalogues.table("ejemplo")["plan"]
    for number, row in enumerate(rule["iniciativa"]):
        _initiative(ws, rule, number, row)
    for row in rule["avance"]:
        _progress(ws, row)


def _initiative(ws: Workspace, rule: Any, number: int, row: Any) -> None:
    first = ws.info.vigencia + row["empieza"]
    values: dict[str, Value] = {
        "codigo": f"INI-{number + 1:02}",
        "nombre": row["nombre"],
        "componente": row["componente"],
        "objetivo": row["objetivo"],
        "programa": row.get("programa"),
        "estado": row["estado"],
        "responsable": rule["responsable"],
        "fuente": rule["fuente"],
        "anio_desde": first,
        "anio_hasta": first + row["anios"] - 1,
    }
    with ws.act("") as act:
        record = act.record("iniciativa", act.new("iniciativa", values, example=True))
    chosen = [thing for thing, _why in proposed(things(ws), record)]
    with ws.act("") as act:
        act.set_links({(record.uid, uid): thing.type for thing in chosen for uid in thing.uids})


def _progress(ws: Workspace, row: Any) -> None:
    values: dict[str, Value] = {
        "indicador": row["indicador"],
        "vigencia": ws.info.vigencia,
        "periodo": row["periodo"],
        "valor": Decimal(row["valor"]),
        "fecha": ws.today,
        "evidencia": row["evidencia"],
        "observaciones": row.get("observaciones"),
    }
    plan: dict[str, Value] = {**planned(Context(ws.catalogues, ws.today), row["indicador"])}
    with ws.act("") as act:
        act.new("avance", plan | values, example=True)

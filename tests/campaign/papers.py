"""What leaves the office at the end, beside the oracle: the board, the sealed cut, the workbook and the paper."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from pypdf import PdfReader

from peti_desktop import expected, reports
from peti_desktop.consolidation import comparing, cuts
from peti_desktop.records import BORRAR, NO_APLICA, TYPES
from peti_desktop.reports.figures import figures
from peti_desktop.reports.matriz_xlsx import write_matriz
from peti_desktop.vigencias import opening
from tests.campaign.campaign import Campaign
from tests.campaign.campaign import expected as of_the_oracle

SECTIONS = ("riesgo", "equipo", "necesidad", "sistema")
LETTERS = {"bajo": "B", "moderado": "M", "alto": "A", "extremo": "E"}


def owe(campaign: Campaign, until: date) -> dict[tuple[str, str], date]:
    """Every unit owes every section until a day."""
    due = {(code, section): until for code in campaign.units for section in SECTIONS}
    opening.set_due(campaign.ws, dict(due))
    return due


def check_board(campaign: Campaign, due: dict[tuple[str, str], date]) -> None:
    """The board says of every unit and section what the oracle says, with the days it is late."""
    today = (campaign.clock() - timedelta(hours=5)).date()  # Colombia's
    world, sent, year = campaign.oracle.world, campaign.oracle.sent, campaign.ws.info.vigencia
    found = {each.key: (str(each.state), each.late(today)) for each in expected.board(campaign.ws)}
    assert found.keys() == due.keys()
    for (unit, section), day in due.items():
        states = {"recibida", "devuelta", "aceptada", "aceptada en parte"}
        own = [n for n in world.states if (sent[n].unit, sent[n].vigencia) == (unit, year)]
        names = [n for n in own if world.states[n] in states]
        newest = max(names, key=lambda n: sent[n].number, default="")
        state = world.states.get(newest, "vencida" if day < today else "sin entregar")
        if state == "aceptada en parte":
            types = {"riesgo": ("riesgo", "control")}.get(section, (section,))
            apart = world.waiting[newest].items()
            waits = any(w != "aceptar" and sent[newest].rows[u]["type"] in types for u, w in apart)
            state = state if waits else "aceptada"
        late = (today - day).days
        if state == "devuelta":
            asked = max(until for (name, _), until in campaign.due.items() if name == newest)
            late = (today - max(day, asked)).days
        assert found[unit, section] == (state, late), (unit, section, newest, world.waiting.get(newest), state, late)


def seal(campaign: Campaign, name: str) -> str:
    """A cut of the consolidation as it is; gives its uid."""
    return cuts.seal(campaign.ws, name).cut.uid


def check_comparison(campaign: Campaign, cut: str, before: dict[str, dict[str, dict[str, Any]]]) -> None:
    """What changed since the cut is what the oracle's own two pictures say; ``before`` is the first of them."""
    now = of_the_oracle(campaign.oracle, campaign.ws)
    wanted: Counter[tuple[str, str]] = Counter()
    for name in TYPES:
        for uid, new in now[name].items():
            old = before[name].get(uid)
            was = old is not None and not old["retired"]
            if not was and not new["retired"]:
                wanted[name, "nuevo"] += 1
            elif was and new["retired"]:
                wanted[name, "retirado"] += 1
            elif was and not new["retired"]:
                wanted[name, "igual" if old == new else "cambiado"] += 1
    found: Counter[tuple[str, str]] = Counter()
    for (_unit, name, kind), number in comparing.compare(campaign.ws, cut).counts.items():
        found[name, kind] += number
    assert +found == +wanted


def check_cut(campaign: Campaign, cut: str, before: dict[str, dict[str, dict[str, Any]]]) -> None:
    """The sealed cut still says what was in force when it was sealed."""
    with cuts.opened(campaign.ws, cut) as seen:
        for name in TYPES:
            kept = {r.uid: r.values for r in seen.records(name)}
            assert kept == {uid: each["values"] for uid, each in before[name].items() if not each["retired"]}


def check_workbook(campaign: Campaign, folder: Path) -> None:
    """The consolidated workbook, read with somebody else's program, holds the oracle's records and no other."""
    write_matriz(campaign.ws, folder / "matriz.xlsx")
    book = openpyxl.load_workbook(folder / "matriz.xlsx", read_only=True)
    wanted = of_the_oracle(campaign.oracle, campaign.ws)
    for name, record_type in TYPES.items():
        rows = list(book[record_type.title].iter_rows(values_only=True))
        plain = [place for place, f in enumerate(record_type.fields, 1) if not f.links]
        found = Counter(tuple(row[place] for place in (0, *plain)) for row in rows[1:])
        fields = [f for f in record_type.fields if not f.links]
        told = Counter(
            (
                campaign.ws.catalogues.label("dependencia", each["unit"]),
                *(_in_a_cell(campaign, f.catalogue, each["values"][f.name]) for f in fields),
            )
            for each in wanted[name].values()
            if not each["retired"]
        )
        assert found == told, f"{record_type.title}: {list((found - told) + (told - found))[:4]}"


def _in_a_cell(campaign: Campaign, catalogue: str, value: Any) -> Any:
    if value is None or value is NO_APLICA:
        return None if value is None else "No aplica"
    assert value is not BORRAR
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a sheet knows no zones
    if catalogue:
        words = campaign.ws.catalogues.label(catalogue, str(value))
        return f"{LETTERS[value]} · {words}" if catalogue == "zona" else words
    return value


def check_paper(campaign: Campaign, folder: Path) -> None:
    """The numbers of the consolidated paper are the oracle's."""
    wanted = {
        name: [each for each in found.values() if not each["retired"]]
        for name, found in of_the_oracle(campaign.oracle, campaign.ws).items()
    }
    path = reports.write(campaign.ws, "consolidado", folder)
    said = re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(path).pages[:2]))
    zones = Counter(each["values"]["zona_residual"] for each in wanted["riesgo"])
    money = sum((each["values"]["valor_total"] or 0 for each in wanted["necesidad"]), Decimal(0))
    for words in (
        f"{len(wanted['riesgo'])} riesgos",
        f"{len(wanted['control'])} controles",
        f"{zones['extremo'] + zones['alto']} en zona residual alta o extrema",
        f"{zones['extremo']} en extrema",
        f"{len(wanted['equipo'])} equipos",
        f"{len(wanted['necesidad'])} necesidades",
    ):
        assert words.replace(" ", "") in said, words
    found = figures(campaign.ws)
    assert found.money == money
    cells = Counter((e["values"]["probabilidad_residual"], e["values"]["impacto_residual"]) for e in wanted["riesgo"])
    assert dict(found.heat["residual"]) == dict(cells)
    assert {each.code: each.count for each in found.dependencias} == Counter(
        each["unit"] for of in wanted.values() for each in of
    )

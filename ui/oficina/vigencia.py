"""What rules in the year: who owes what until when, the lists, who answers for what, and how they changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from PySide6.QtWidgets import QPushButton, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from peti_desktop.catalogues import Catalogues
from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.office import starting
from peti_desktop.office.authority import Office
from peti_desktop.office.starting import Unit, Written
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.vigencias import asking, changing, differing, mapping, opening, several
from peti_desktop.vigencias.asking import Asked
from peti_desktop.vigencias.differing import Affected, Difference, Version
from peti_desktop.vigencias.mapping import Key, Move, Proposed
from peti_desktop.vigencias.opening import Due
from peti_desktop.vigencias.rules import UNIT, editable
from peti_desktop.vigencias.several import Line
from peti_desktop.workspace import Workspace
from ui.chips import button
from ui.desk import Desk, Page
from ui.oficina.firmantes_inicio import Starting, tell_written, writing
from ui.oficina.firmantes_paneles import Panel, scrolled
from ui.oficina.vigencia_arbol import Map
from ui.oficina.vigencia_cambios import History
from ui.oficina.vigencia_listas import Lists
from ui.oficina.vigencia_paneles import Carry, Deed, OpenYear
from ui.oficina.vigencia_plazos import Deadlines
from ui.oficina.vigencia_varios import Pasting, Several

CATALOGUES: Final = "catalogo"
"""What other pages reload for when a list or a deadline changed."""
EVERYTHING: Final = frozenset({*TYPES, CATALOGUES})
Days = dict[tuple[str, str], date | None]
"""Deadlines as ``opening.set_due`` takes them."""
TABS: Final = ("Plazos", "Dependencias y procesos", "Listas", "Cambios")


@dataclass(frozen=True, slots=True)
class Read:
    """What the page shows, read at one moment."""

    catalogues: Catalogues
    due: Due
    moves: Sequence[Move]
    versions: Sequence[Version]


class VigenciaPage(Page):
    """See the module. Every question is asked in the page itself, in a panel over the tabs."""

    title = "Vigencia"
    shows = frozenset({*TYPES, CATALOGUES})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.open_button = button("&Abrir vigencia…", self.begin_opening)
        self.start_button = button(
            "Escribir archi&vos de inicio…", self.begin_starting, role="primary", icon="entregar"
        )
        for made in (self.open_button, self.start_button):
            self.actions_row.addWidget(made)
        self.due, self.map, self.lists, self.history = Deadlines(), Map(), Lists(), History()
        self.tabs = QTabWidget()
        for name, part in zip(TABS, (self.due, self.map, self.lists, self.history), strict=True):
            self.tabs.addTab(part, name)
        self.tabs.tabBar().setAccessibleName("Partes de la vigencia")
        self.stack = QStackedWidget()
        front = QWidget()
        column = QVBoxLayout(front)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self.stack.addWidget(front)
        self.body.addWidget(self.stack, 1)
        self.deed, self.several, self.opening, self.carry, self.starting = (
            Deed(),
            Several(),
            OpenYear(),
            Carry(),
            Starting(),
        )
        self._undoable: list[Days] = []
        self._panels: dict[Panel, QWidget] = {}
        for panel in (self.deed, self.several, self.opening, self.carry, self.starting):
            area = scrolled(panel, stretch=True)
            self._panels[panel] = area
            self.stack.addWidget(area)
            panel.back.connect(self.show_tabs)
        self._connect()

    def _connect(self) -> None:
        self.due.said.connect(self._set_due)
        self.due.undone.connect(self._undo_due)
        self.map.asked.connect(self.begin_deed)
        self.lists.asked.connect(self.begin_deed)
        Pasting(self.lists.table, lambda text: self.begin_several(self.lists.lista, self.lists.code, text))
        Pasting(self.map.tree, lambda text: self.begin_several(*self.map.chosen, text))
        self.map.carried.connect(self._begin_carrying)
        self.history.picked.connect(self._show_version)
        self.deed.said.connect(self._do_deed)
        self.deed.more_asked.connect(self.begin_several)
        self.several.said.connect(self._do_several)
        self.opening.said.connect(self._do_open)
        self.carry.said.connect(self._do_carry)
        self.starting.said.connect(self._do_start)

    # -- reading

    def reload(self) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> Read:
            workspace.reread_catalogues()  # on a server a colleague may have changed them
            found = mapping.waiting(workspace), differing.versions(workspace)
            return Read(workspace.catalogues, opening.due(workspace), *found)

        self.desk.run(work, self._fill)

    def _fill(self, found: Read) -> None:
        catalogues, info = found.catalogues, self.desk.workspace.info
        guide = catalogues.label("metodo", info.metodo)
        version = f"versión {catalogues.own} de la oficina" if catalogues.own else "las del programa"
        self.set_subtitle(f"Vigencia {info.vigencia} · {guide} · Listas: {version}")
        units = {entry.code: entry.label for entry in catalogues.entries("dependencia")}
        units |= {unit: catalogues.label("dependencia", unit) for unit, _ in found.due}
        self.due.fill(sorted(units.items(), key=lambda pair: pair[1]), found.due)
        self._offer()
        self.map.fill(catalogues, found.moves)
        self.lists.fill(catalogues)
        self.history.fill(found.versions, catalogues.version)

    def _offer(self) -> None:
        """Offer no change to who may make none; the button says why."""
        for action, buttons in (
            (roles.OPEN_YEAR, (self.open_button,)),
            (roles.CHANGE, (self.start_button, *self.due.findChildren(QPushButton))),
        ):
            refused = roles.refusal(self.desk.workspace, action)
            for made in buttons:
                made.setToolTip(str(refused) if refused else "")
                made.setEnabled(refused is None or (action == roles.OPEN_YEAR and self._may_change))
        self.map.may = self.lists.may = self._may_change

    @property
    def _may_change(self) -> bool:
        return roles.refusal(self.desk.workspace, roles.CHANGE) is None

    def _show_version(self, number: int) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> list[tuple[Difference, list[Affected]]]:
            lists = workspace.catalogues
            found = differing.differences(differing.at(lists, number - 1), differing.at(lists, number))
            return [(each, differing.affected(workspace, each)) for each in found]

        self.desk.run(work, self.history.show_changes)

    # -- panels

    def show_tabs(self) -> None:
        """Leave whatever was asked."""
        if (panel := self.panel) is not None:
            panel.begin()
        self.stack.setCurrentIndex(0)
        self._allow(allowed=True)
        self.tabs.currentWidget().setFocus()

    @property
    def panel(self) -> Panel | None:
        """The question in front."""
        shown = self.stack.currentWidget()
        return next((panel for panel, area in self._panels.items() if area is shown), None)

    def _ask(self, panel: Panel) -> None:
        self.stack.setCurrentWidget(self._panels[panel])
        self._allow(allowed=False)
        panel.setFocus()

    def _allow(self, *, allowed: bool) -> None:
        for made in (self.open_button, self.start_button):
            made.setVisible(allowed)

    def _may(self, action: str) -> bool:
        refused = roles.refusal(self.desk.workspace, action)
        if refused is not None:
            self.desk.notice.error(refused)
        return refused is None

    def _do(self, panel: Panel, work: Callable[[Progress], Any], then: Callable[[Any], object], text: str) -> None:
        panel.set_busy(busy=True)
        task = self.desk.save(work, EVERYTHING, then, origin=self, fails=panel.failed, text=text)
        task.cancelled.connect(lambda: panel.set_busy(busy=False))
        task.succeeded.connect(lambda _result: self.reload())

    def flush(self) -> None:
        self.starting.wipe()

    def target(self, wanted: Any) -> None:
        """The name of a tab: show it."""
        if wanted in TABS:
            self.tabs.setCurrentIndex(TABS.index(wanted))

    # -- deadlines

    def _set_due(self, typed: dict[tuple[str, str], str]) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> tuple[int, Days]:
            lists = workspace.catalogues
            days = {text: asking.day(lists, text, optional=True) for text in set(typed.values())}
            before = opening.due(workspace)
            count = opening.set_due(workspace, {key: days[text] for key, text in typed.items()})
            return count, {key: before.get(key) for key in typed}

        def told(done: tuple[int, Days]) -> None:
            count, before = done
            if count:
                self._undoable.append(before)
                many = "Se cambió 1 plazo" if count == 1 else f"Se cambiaron {count} plazos"
                self.desk.notice.tell(f"{many}.", tone="fine", action="Deshacer", act=self._undo_due)
            self.reload()

        self.desk.save(work, {CATALOGUES}, told, origin=self, fails=self._due_failed)

    def _undo_due(self) -> None:
        """Put back the deadlines of the newest change made in the grid since the page was opened."""
        if not self._undoable:
            self.desk.notice.tell("No hay más cambios de plazos por deshacer en esta página.")
            return
        before, workspace = self._undoable.pop(), self.desk.workspace

        def told(_count: int) -> None:
            self.desk.notice.tell("Los plazos quedaron como estaban.", tone="fine")
            self.reload()

        self.desk.save(
            lambda _progress: opening.set_due(workspace, before),
            {CATALOGUES},
            told,
            origin=self,
            fails=self._due_failed,
        )

    def _due_failed(self, error: UserError) -> None:
        self.desk.notice.error(error)
        self.reload()

    # -- lists

    def begin_deed(self, deed: str, lista: str, code: str) -> None:
        """Ask for a change of an entry."""
        if self._may(roles.CHANGE):
            self.deed.ask(deed, lista, code, self.desk.workspace.catalogues)
            self._ask(self.deed)
            self.deed.start()

    def begin_several(self, lista: str, code: str, text: str = "") -> None:
        """Ask for many new entries, with those that were copied already."""
        if lista in editable() and self._may(roles.CHANGE):
            self.several.ask(lista, editable()[lista], code, self.desk.workspace.catalogues, text)
            self._ask(self.several)

    def _do_several(self, lista: str, beside: str, lines: list[Line], day: str, reason: str) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> tuple[int, int]:
            lists = workspace.catalogues
            edits = several.edits(lists, lista, lines, asking.day(lists, day, optional=True), beside)
            return changing.change(workspace, edits, reason, changing.SEVERAL), 0

        self._do(self.several, work, self._changed, "Guardando la lista…")

    def _do_deed(self, asked: Asked, reason: str) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> tuple[int, int]:
            edits = asking.edits_of(workspace.catalogues, asked)
            version = changing.change(workspace, edits, reason, asked.deed)
            return version, opening.pass_on(workspace) if asked.lista == UNIT else 0

        self._do(self.deed, work, self._changed, "Guardando la lista…")

    def _changed(self, done: tuple[int, int]) -> None:
        version, passed = done
        self.show_tabs()
        self.desk.relisted.emit(self)
        also = " Lo que debía la de antes pasó a la que la reemplaza." if passed else ""
        self.desk.notice.tell(
            f"Quedó la versión {version} de las listas.{also}",
            "Las dependencias la reciben con su próximo archivo de inicio. No se deshace con Ctrl+Z: si fue un error, "
            "haga otro cambio.",
            tone="fine",
            action="Ver a quién afecta",
            act=partial(self.target, "Cambios"),
        )

    # -- records of an ended entry

    def _begin_carrying(self, move: Move) -> None:
        workspace = self.desk.workspace
        if not self._may(roles.CHANGE):
            return

        def found(proposed: list[Proposed]) -> None:
            lists = workspace.catalogues
            self.carry.fill(move, proposed, {code: lists.label(move.lista, code) for code in move.to})
            self._ask(self.carry)

        self.desk.run(lambda _progress: mapping.proposals(workspace, move), found, text="Buscando los registros…")

    def _do_carry(self, move: Move, choices: dict[Key, str], reason: str) -> None:
        workspace = self.desk.workspace
        self._do(
            self.carry,
            lambda _progress: mapping.carry(workspace, move, choices, reason),
            self._carried,
            "Pasando los registros…",
        )

    def _carried(self, count: int) -> None:
        self.show_tabs()
        one = count == 1
        self.desk.notice.tell(
            f"{'Pasó 1 registro' if one else f'Pasaron {count} registros'}.",
            tone="fine",
            action="Deshacer",
            act=self.desk.undo,
        )

    # -- a new year

    def begin_opening(self) -> None:
        """Ask for the year."""
        if self._may(roles.OPEN_YEAR):
            self.opening.begin()
            self.opening.fill(self.desk.workspace.catalogues)
            self._ask(self.opening)

    def _do_open(self, year: int, metodo: str, carry: bool) -> None:
        workspace = self.desk.workspace

        def work(progress: Progress) -> Workspace:
            due = opening.proposed(workspace, year) if carry else {}
            opening.open_year(workspace, year, metodo, due, progress)
            return workspace

        told = f"Quedó abierta la vigencia {year}. Revise los plazos y escriba los archivos de inicio."
        self.desk.reopen(work, f"Abriendo la vigencia {year}…", told)

    # -- starter files

    def begin_starting(self) -> None:
        """Ask for which dependencias."""
        workspace = self.desk.workspace

        def found(result: tuple[list[Unit], bool]) -> None:
            units, ready = result
            if not ready:
                self.desk.notice.tell(
                    "En este equipo no están las llaves de la oficina.",
                    "Créelas o restáurelas en «Firmantes»: con ellas se firman los archivos de inicio.",
                    tone="warns",
                    action="Ir a Firmantes",
                    act=partial(self.desk.go, "firmantes"),
                )
                return
            self.starting.begin()
            self.starting.fill(units, None)
            self._ask(self.starting)

        def work(_progress: Progress) -> tuple[list[Unit], bool]:
            standing = Office(workspace).standing()
            return starting.units(workspace), standing.exists and standing.there

        if self._may(roles.CHANGE):
            self.desk.run(work, found)

    def _do_start(self, codes: list[str], passphrase: str) -> None:
        asked = writing(self.desk, Office(self.desk.workspace), codes, passphrase)
        if asked is not None:
            folder, work = asked
            self._do(self.starting, work, partial(self._started, folder), "Escribiendo los archivos de inicio…")

    def _started(self, folder: Path, written: list[Written]) -> None:
        self.show_tabs()
        tell_written(self.desk, folder, written, f"Con los plazos y las listas de ahora, en {folder}")

"""Who of the office looks at which deliveries: one's own with one key, others' from a question in the page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox

from peti_desktop.intake import assigning
from peti_desktop.progress import Progress
from ui.oficina.firmantes_paneles import Panel
from ui.oficina.words import DELIVERIES, Line, plural

if TYPE_CHECKING:
    from ui.oficina.bandeja import BandejaPage

MINE, WHOSE, NOBODYS = "Atenderla yo", "Asignar…", "Que no la atienda nadie"
KEYS: Final = {MINE: "Y", WHOSE: "G", NOBODYS: "N"}


class Assign(Panel):
    """Asks who looks at deliveries; hands the name to whoever asked, empty for nobody."""

    def __init__(self) -> None:
        super().__init__("", "&Asignar", "Se ve en la lista y se puede filtrar por quién las atiende.")
        self._then: Callable[[str], object] | None = None
        self.who = QComboBox()
        self.who.setEditable(True)
        self.who.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.who.setMinimumContentsLength(16)
        self.add("&Quién", self.who)
        line = self.who.lineEdit()
        assert line is not None, "it can be typed into"
        line.setMaxLength(120)
        line.setPlaceholderText("Escoja o escriba el nombre; vacío, nadie")
        line.returnPressed.connect(self._go)
        self.setFocusProxy(self.who)

    def ask(self, title: str, people: Sequence[str], then: Callable[[str], object]) -> None:
        """Begin."""
        self._then = then
        self.heading.setText(title)
        self.who.clear()
        self.who.addItems(list(people))
        self.begin()

    def act(self) -> None:
        if self._then is not None:
            self._then(self.who.currentText())

    def wipe(self) -> None:
        self.who.setCurrentText("")


class Assigning(QObject):
    """The deeds of the list; what is selected there is what they are about."""

    def __init__(self, page: "BandejaPage") -> None:
        super().__init__(page)
        self._page = page
        self._desk = page.desk
        self.people: list[str] = []
        self.panel = Assign()
        page.review.add_panel(self.panel)
        self.actions: dict[str, QAction] = {}
        for text, deed in ((MINE, self.take), (WHOSE, self._ask), (NOBODYS, partial(self._assign, ""))):
            action = QAction(f"{text} ({KEYS[text]})", self)
            action.setShortcut(QKeySequence(KEYS[text]))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(partial(_done, deed))
            page.list.addAction(action)
            self.actions[text] = action
        page.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def me(self) -> str:
        """Who works here."""
        return self._desk.workspace.info.nombre

    @property
    def chosen(self) -> list[Line]:
        """The deliveries that are selected, from the top."""
        return [line for line in self._page.selected if line.stored]

    def look(self) -> None:
        """Offer what can be done with what is selected."""
        for action in self.actions.values():
            action.setEnabled(bool(self.chosen) and not self._page.refused)

    def others(self, line: Line) -> str:
        """Who else looks at a delivery; empty when nobody does."""
        has = line.receipt.assigned_to
        return "" if has == self.me else has

    def take(self) -> None:
        """Look at them oneself."""
        self._assign(self.me)

    def _ask(self) -> None:
        some = self.chosen
        what = some[0].name if len(some) == 1 else plural(len(some), "entrega", "entregas")
        self.panel.ask(f"¿Quién atiende {what}?", self.people, self._said)
        self._page.review.ask(self.panel)

    def _said(self, who: str) -> None:
        self._page.review.back()
        self._assign(who)

    def _assign(self, who: str) -> None:
        workspace, who = self._desk.workspace, " ".join(who.split())
        seen = {line.receipt.sha256: line.receipt.assigned_to for line in self.chosen}
        if not seen:
            return

        def work(_progress: Progress) -> int:
            return assigning.assign(workspace, seen, who)

        def then(count: int) -> None:
            words = plural(count, "entrega", "entregas")
            if not count:
                self._desk.notice.tell("Ya estaba así: no cambió nada.")
                return
            what = f"{words}: las atiende {who}" if count > 1 else f"{words}: la atiende {who}"
            nobody = f"{words}: no {'las' if count > 1 else 'la'} atiende nadie"
            self._desk.notice.tell(f"{what if who else nobody}.", tone="fine", action="Deshacer", act=self._desk.undo)

        task = self._desk.save(work, {DELIVERIES}, then, origin=self._page)
        task.finished.connect(self._page.reload)


def _done(deed: Callable[[], object], _checked: bool = False) -> None:
    deed()

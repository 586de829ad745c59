"""Other ways to begin a record than an empty one: a copy of the one in front, or a template."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidgetAction

from peti_desktop import templates
from peti_desktop.records import TYPES
from peti_desktop.records.record import Record
from peti_desktop.templates import Template
from ui.dependencia.duplicating import KEYS, Duplicating
from ui.desk import Page


class BeginMenu(QPushButton):
    """The arrow beside «Nuevo»: what to begin from.

    ``chosen`` gives the record in front, ``added`` is called with a new one.
    """

    def __init__(
        self, page: Page, type_name: str, chosen: Callable[[], Record | None], added: Callable[[Record], object]
    ) -> None:
        super().__init__("▾")
        self._page = page
        self._type = TYPES[type_name]
        self._chosen = chosen
        self._added = added
        self._duplicating = Duplicating(page, type_name, chosen, added)
        self.setAccessibleName("Otras maneras de empezar")
        self.setToolTip("Empezar desde una copia o una plantilla")
        self.setAutoDefault(False)
        self.setStyleSheet("padding-left: 8px; padding-right: 8px;")
        self.menu_of_ways = QMenu(self)
        self.clicked.connect(self._ask)

    def _ask(self) -> None:
        workspace, type_name = self._page.desk.workspace, self._type.name
        self._page.desk.run(lambda _progress: templates.listing(workspace, type_name), self._offer)

    def _offer(self, known: list[Template]) -> None:
        menu = self.menu_of_ways
        menu.clear()
        record = self._chosen()
        usable = record is not None and record.retired is None
        one = self._type.singular.lower()
        menu.addAction(f"Copia de este {one}\t{KEYS}", self._duplicating.go).setEnabled(usable)
        menu.addSeparator()
        for template in known:
            menu.addAction(f"Desde «{template.name.replace('&', '&&')}»", partial(self._begin, template))
        if not known:
            menu.addAction("Todavía no hay plantillas").setEnabled(False)
        menu.addSeparator()
        menu.addAction(self._naming(usable))
        away = menu.addMenu("Quitar una plantilla")
        away.setEnabled(bool(known))
        for template in known:
            away.addAction(template.name.replace("&", "&&"), partial(self._forget, template))
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _naming(self, usable: bool) -> QWidgetAction:
        """A line in the menu to type the new template's name into; the menu takes it along when it is emptied."""
        name = QLineEdit()
        name.setPlaceholderText("Guardar como plantilla: nombre, y Entrar")
        name.setAccessibleName("Nombre de la plantilla")
        name.setMaxLength(templates.LONGEST_NAME)
        name.setMinimumWidth(280)
        name.setEnabled(usable)
        name.returnPressed.connect(lambda: self._save(name.text()))
        holder = QWidgetAction(self.menu_of_ways)
        holder.setDefaultWidget(name)
        return holder

    def _begin(self, template: Template) -> None:
        page, workspace = self._page, self._page.desk.workspace
        page.flush()
        page.desk.save(
            lambda _progress: templates.begin(workspace, template.uid),
            {self._type.name},
            partial(self._begun, template),
            origin=page,
        )

    def _begun(self, template: Template, record: Record) -> None:
        self._added(record)
        self._page.desk.notice.tell(f"Nuevo desde «{template.name}»: complete lo que falta.", tone="fine")

    def _save(self, name: str) -> None:
        record = self._chosen()
        if record is None:
            return
        page, workspace = self._page, self._page.desk.workspace
        page.flush()
        type_name, uid = record.type, record.uid
        page.desk.run(lambda _progress: templates.save(workspace, name, workspace.record(type_name, uid)), self._kept)
        self.menu_of_ways.close()

    def _kept(self, template: Template) -> None:
        fields = "1 campo" if template.fields == 1 else f"{template.fields} campos"
        self._page.desk.notice.tell(f"Se guardó la plantilla «{template.name}» con {fields}.", tone="fine")

    def _forget(self, template: Template) -> None:
        page, workspace = self._page, self._page.desk.workspace
        if page.desk.messages.ask(
            f"¿Quitar la plantilla «{template.name}»?", "Quitar", "Los registros que empezaron con ella no cambian."
        ):
            page.desk.run(
                lambda _progress: templates.forget(workspace, template.uid),
                lambda _none: page.desk.notice.tell(f"Se quitó la plantilla «{template.name}»."),
            )

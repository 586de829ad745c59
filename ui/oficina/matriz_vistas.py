"""The menu of named views: open one, keep what is seen, rename, take away, choose what the page opens with."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget, QWidgetAction

from peti_desktop.records import TYPES
from peti_desktop.views import LONGEST, View

MOST_SHOWN: Final = 25


class ViewsButton(QToolButton):
    """``opened(View)``, ``kept(name)``, ``renamed(View, name)``, ``dropped(View)``, ``made_initial(View or None)``."""

    opened = Signal(object)
    kept = Signal(str)
    renamed = Signal(object, str)
    dropped = Signal(object)
    made_initial = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setText("Vistas ▾")
        self.setAccessibleName("Vistas guardadas")
        self.setProperty("role", "button")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.listed = QMenu("Vistas", self)
        self.listed.setToolTipsVisible(True)
        self.setMenu(self.listed)
        self._lines: list[QObject] = []

    def fill(self, type_name: str, views: Sequence[View], current: str, *, only_reads: bool = False) -> None:
        """Offer these views; ``current`` is the uid of the one opened last. Who ``only_reads`` changes none."""
        menu = self.listed
        menu.clear()
        for line in self._lines:
            line.deleteLater()
        self._lines = []
        self.setText("Vistas ▾")
        for view in views[:MOST_SHOWN]:
            action = menu.addAction(f"{view.name}  (inicial)" if view.initial else view.name)
            action.setToolTip(f"La guardó {view.who}")
            action.setCheckable(True)
            action.setChecked(view.uid == current)
            action.triggered.connect(partial(self._open, view))
            if view.uid == current:
                self.setText(f"{view.name if len(view.name) <= 18 else view.name[:17] + '…'} ▾")
        if not views:
            menu.addAction(f"Todavía no hay vistas de {TYPES[type_name].title.lower()}").setEnabled(False)
        if only_reads:
            return
        menu.addSeparator()
        self._line(menu, "Guardar lo que se ve como…", "Nombre de la vista, y Entrar", self.kept.emit)
        known = next((view for view in views if view.uid == current), None)
        if known is not None:
            self._line(menu, f"Cambiar el nombre de «{known.name}»", known.name, partial(self.renamed.emit, known))
            menu.addAction(f"Guardar los cambios en «{known.name}»", partial(self.kept.emit, known.name))
            initial = "No abrir la página con esta vista" if known.initial else "Abrir siempre la página con esta vista"
            menu.addAction(initial, partial(self.made_initial.emit, None if known.initial else known))
            menu.addAction(f"Borrar «{known.name}»", partial(self.dropped.emit, known))

    def _line(self, menu: QMenu, text: str, hint: str, done: object) -> None:
        below = menu.addMenu(text)
        line = QLineEdit()
        line.setPlaceholderText(hint)
        line.setAccessibleName(text)
        line.setMaxLength(LONGEST)
        line.setMinimumWidth(240)

        def entered() -> None:
            name = line.text().strip()
            if name:
                self.listed.close()
                done(name)  # type: ignore[operator] # a signal's emit or a partial of one

        line.returnPressed.connect(entered)
        holder = QWidgetAction(below)
        holder.setDefaultWidget(line)
        below.addAction(holder)
        below.aboutToShow.connect(line.setFocus)
        self._lines.append(below)

    def line_of(self, place: int) -> QLineEdit:
        """The field of the ``place``-th submenu, for those who drive the window."""
        below = self._lines[place]
        assert isinstance(below, QWidget)
        return below.findChildren(QLineEdit)[0]

    def _open(self, view: View, _checked: bool = False) -> None:
        self.opened.emit(view)

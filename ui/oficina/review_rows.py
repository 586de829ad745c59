"""What can be done with the rows that are selected in a review: by a key, by the menu, over many at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from peti_desktop.consolidation.decisions import (
    ACCEPT,
    FORGOTTEN,
    GIVE_BACK,
    KEEP,
    MOVED,
    OF_MISSING,
    REJECT,
    RETIRE,
    WAIT,
    Decision,
)
from peti_desktop.intake.stage import Item
from peti_desktop.records import TYPES
from peti_desktop.returning import phrases
from peti_desktop.returning.observations import ANSWERED, DRAFT, RETURNED, Asked, Observation
from ui.oficina.changes import Node
from ui.oficina.review_marks import IN_FORCE
from ui.oficina.review_motivo import REASONS
from ui.oficina.words import plural

if TYPE_CHECKING:
    from ui.oficina.review import Review

CLOSE, AGAIN, DROP = "cerrar", "otra vez", "quitar"
DEEDS: Final = (
    (ACCEPT, "&Aceptar", "A", "Se acepta lo escogido; lo que se le pedía se quita."),
    (GIVE_BACK, "&Devolver con motivo…", "D", "Lo escogido espera, y se le pide a la dependencia que lo corrija."),
    (REJECT, "&Rechazar con motivo…", "R", "Lo escogido no entra; queda dicho por qué."),
    (WAIT, "Dejar en &espera…", "E", "Lo escogido espera aquí: a la dependencia no se le pide nada."),
    ("", "", "", ""),
    (RETIRE, "No viene: re&tirar…", "T", "Deja de estar en firme, con su motivo."),
    (FORGOTTEN, "No viene: se &olvidó, preguntar", "O", "Sigue en firme y se le pregunta a la dependencia."),
    (MOVED, "No viene: &pasó a otra dependencia…", "P", "Cambia de dependencia con lo que le pertenece."),
    (KEEP, "No viene: se &mantiene", "M", "Sigue en firme y no se vuelve a preguntar."),
    ("", "", "", ""),
    (CLOSE, "&Cerrar la observación", "C", "Lo respondido basta: no se pide más."),
    (AGAIN, "&Volver a pedir…", "V", "Se pide otra vez en la próxima devolución."),
    (DROP, "&Quitar lo que se pide", "Q", "Lo que todavía no se ha devuelto se puede quitar."),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected, sorted out: rows of the file, records missing from it, observations."""

    nodes: Sequence[Node]
    rows: Sequence[Item]
    missing: Sequence[Item]
    observations: Sequence[Observation]


class Deeds(QObject):
    """The actions over a review's tree; each works on what is selected when it is triggered."""

    def __init__(self, review: "Review") -> None:
        super().__init__(review)
        self._review = review
        self.actions: dict[str, QAction] = {}
        self.menu = QMenu(review)
        self.menu.setToolTipsVisible(True)
        does: dict[str, Callable[[], None]] = {
            ACCEPT: self._accept,
            GIVE_BACK: self._give_back,
            REJECT: partial(self._with_reason, REJECT),
            WAIT: partial(self._with_reason, WAIT),
            RETIRE: partial(self._with_reason, RETIRE),
            FORGOTTEN: self._forgotten,
            MOVED: self._move,
            KEEP: self._keep,
            CLOSE: self._close,
            AGAIN: self._again,
            DROP: self._drop,
        }
        for name, text, key, tip in DEEDS:
            if not name:
                self.menu.addSeparator()
                continue
            action = QAction(text, self)
            action.setShortcut(QKeySequence(key))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.setToolTip(f"{tip} Tecla {key}.")
            action.triggered.connect(partial(self._do, does[name]))
            self.actions[name] = action
            review.tree.addAction(action)
            self.menu.addAction(action)
        review.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        review.tree.customContextMenuRequested.connect(
            lambda at: self.menu.popup(review.tree.viewport().mapToGlobal(at))
        )
        review.tree.itemSelectionChanged.connect(self.look)

    def _do(self, deed: Callable[[], None], _checked: bool = False) -> None:
        if self._review.marks is not None and not self._review.busy:
            deed()

    # -- what is selected

    def chosen(self) -> Chosen:
        """What is selected; a section stands for its records that are to be seen."""
        items: dict[tuple[str, str], Item] = {}
        nodes = self._review.tree.nodes()
        for node in nodes:
            if node.item is not None:
                items[node.item.key] = node.item
            elif node.type:
                items.update({item.key: item for item in self._review.tree.shown_of(node.type)})
        known = {item.key for item in self._review.known_items()}
        rows = [item for item in items.values() if item.row]
        missing = [item for item in items.values() if not item.row and item.key in known]
        asked = [node.observation for node in nodes if node.observation is not None]
        return Chosen(nodes, rows, missing, asked)

    def look(self) -> None:
        """Offer only what fits what is selected."""
        marks = self._review.marks
        chosen = self.chosen()
        deciding = marks is not None and marks.deciding and not marks.opened.refused
        asking = marks is not None and not marks.opened.refused
        takable = bool(marks and [i for i in chosen.rows if marks.standing(i).what != IN_FORCE])
        states = {each.estado for each in chosen.observations}
        can = {
            ACCEPT: deciding and (takable or bool(chosen.missing)),
            GIVE_BACK: asking and bool(chosen.rows or chosen.missing),
            REJECT: deciding and takable,
            WAIT: deciding and takable,
            CLOSE: asking and bool(states & {ANSWERED, RETURNED}),
            AGAIN: asking and len(chosen.observations) == 1 and states == {ANSWERED},
            DROP: asking and DRAFT in states,
        } | dict.fromkeys(OF_MISSING, deciding and bool(chosen.missing))
        for name, action in self.actions.items():
            action.setEnabled(can[name])
        self._review.tell_chosen(len(chosen.rows) + len(chosen.missing))

    # -- deeds

    def _accept(self) -> None:
        chosen = self.chosen()
        marks = self._review.marks
        assert marks is not None
        rows = [item.key for item in chosen.rows if marks.standing(item).what != IN_FORCE]
        marks.mark(rows, Decision(ACCEPT))
        for item in chosen.missing:
            marks.said.pop(item.key, None)
        keys = {*rows, *(item.key for item in chosen.missing)}
        sections = {node.type for node in chosen.nodes if node.item is None and node.type}
        dropped = [
            draft.uid
            for draft in marks.opened.drafts
            if (draft.tipo, draft.registro) in keys or (draft.tipo in sections and not draft.registro)
        ]
        self._review.changed(dropped)

    def _give_back(self) -> None:
        chosen = self.chosen()
        wanted = list(self._about(chosen))
        if not wanted:
            return
        abouts = {_about_of(each) for each in wanted}
        about = abouts.pop() if len(abouts) == 1 else phrases.ROW
        types = {each.tipo for each in wanted}
        offered = phrases.offered(about, types.pop() if len(types) == 1 else "")

        def said(code: str, own: str) -> None:
            self._forget(chosen)
            self._review.asked.emit([Asked(a.tipo, a.registro, a.campo, code or a.frase, own) for a in wanted])

        what = "Se le pide a la dependencia que lo corrija; viaja con la próxima devolución."
        self._review.ask_reason(f"¿Por qué se devuelve {_named(wanted, chosen)}?", what, "&Devolver", offered, said)

    def _about(self, chosen: Chosen) -> Iterable[Asked]:
        """One observation per field, record or section that is selected; a section that is filtered means its rows."""
        done: set[tuple[str, str, str]] = set()
        for node in chosen.nodes:
            if node.observation is not None:
                continue
            if node.item is not None:
                found = [(node.type, node.item.uid, node.field)]
            elif node.type:
                shown = self._review.tree.shown_of(node.type)
                everything = [item for item in self._review.shown_items() if item.type == node.type]
                whole = len(shown) == len(everything)
                found = [(node.type, "", "")] if whole else [(item.type, item.uid, "") for item in shown]
            else:
                continue
            for each in found:
                if each not in done:
                    done.add(each)
                    yield Asked(*each)

    def _forget(self, chosen: Chosen) -> None:
        """What is asked now takes the place of what was marked before."""
        assert self._review.marks is not None
        for item in (*chosen.rows, *chosen.missing):
            self._review.marks.said.pop(item.key, None)

    def _with_reason(self, what: str) -> None:
        chosen = self.chosen()
        items = chosen.missing if what == RETIRE else chosen.rows
        if not items:
            return
        verbs = {
            REJECT: ("rechaza", "Rec&hazar"),
            WAIT: ("deja en espera", "De&jar en espera"),
            RETIRE: ("retira", "Retir&ar"),
        }
        verb, go = verbs[what]

        def said(_code: str, own: str) -> None:
            assert self._review.marks is not None
            self._review.marks.mark([item.key for item in items], Decision(what, own))
            self._review.changed([])

        offered = REASONS if what == REJECT else ()
        named = f"«{items[0].headline}»" if len(items) == 1 else plural(len(items), "registro", "registros")
        self._review.ask_reason(f"¿Por qué se {verb} {named}?", "", go, offered, said)

    def _forgotten(self) -> None:
        missing = self.chosen().missing
        if missing:
            frase = "falta_en_entrega"
            self._review.asked.emit([Asked(item.type, item.uid, frase=frase) for item in missing])

    def _move(self) -> None:
        missing = self.chosen().missing
        if not missing:
            return

        def said(to: str, note: str) -> None:
            assert self._review.marks is not None
            self._review.marks.mark([item.key for item in missing], Decision(MOVED, note, to))
            self._review.changed([])

        self._review.ask_unit(f"¿A qué dependencia {'pasó' if len(missing) == 1 else 'pasaron'}?", said)

    def _keep(self) -> None:
        assert self._review.marks is not None
        self._review.marks.mark([item.key for item in self.chosen().missing], Decision(KEEP))
        self._review.changed([])

    def _close(self) -> None:
        found = [o.uid for o in self.chosen().observations if o.estado in {ANSWERED, RETURNED}]
        self._review.closed.emit(found)

    def _again(self) -> None:
        (found,) = self.chosen().observations

        def said(_code: str, own: str) -> None:
            self._review.again.emit(found.uid, own)

        about = f"Se pidió: {found.texto}  Respondió: {found.razon or found.respuesta or ''}. Vacío: se pide lo mismo."
        self._review.ask_reason("¿Qué se vuelve a pedir?", about, "Volver a &pedir", (), said, needed=False)

    def _drop(self) -> None:
        self._review.changed([o.uid for o in self.chosen().observations if o.estado == DRAFT])


def _about_of(asked: Asked) -> str:
    return phrases.FIELD if asked.campo else phrases.ROW if asked.registro else phrases.SECTION


def _named(wanted: Sequence[Asked], chosen: Chosen) -> str:
    if len(wanted) > 1:
        return f"lo escogido ({len(wanted)})"
    (one,) = wanted
    record_type = TYPES[one.tipo]
    if not one.registro:
        return f"la sección «{record_type.title}»"
    found = next((item.headline for item in (*chosen.rows, *chosen.missing) if item.uid == one.registro), "")
    field = f"«{record_type[one.campo].label}» de " if one.campo else ""
    return f"{field}«{found or record_type.singular}»"

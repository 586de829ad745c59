"""Copies, another PC, another person, another year: what happens to the file as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
)

from peti_desktop import copies, handover, restoring, vigencia
from peti_desktop.copies import Copy, Kept
from peti_desktop.errors import UserError
from peti_desktop.handover import Handed
from peti_desktop.moments import spoken_moment
from peti_desktop.trust import keys
from ui import theme
from ui.arrival import counted
from ui.chips import button, card, label
from ui.dependencia.drives import places, size
from ui.dependencia.entrega.firmar import key_file
from ui.desk import Desk, Page
from ui.outside import show_outside

if TYPE_CHECKING:
    from peti_desktop.progress import Progress
    from peti_desktop.workspace import Workspace

HEADINGS: Final = ("Hecha", "Por qué", "Contiene", "Dónde", "Tamaño")
ROWS_SHOWN: Final = 7
NARROW: Final = 900
"""Below this width of the page the list says no more than when, why and what."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page shows."""

    copies: tuple[Copy, ...]
    room: Path
    second: Path | None
    connected: bool
    key: Path | None


def load(workspace: "Workspace", _progress: "Progress") -> Loaded:
    """Read everything the page shows."""
    second = copies.second_place(workspace)
    known = key_file(workspace)
    return Loaded(
        copies=tuple(copies.listing(workspace)),
        room=copies.room_of(workspace),
        second=second,
        connected=second is not None and second.is_dir(),
        key=known.path if known.exists else None,
    )


class CopiasPage(Page):
    """Reads again each time it comes to the front."""

    title = "Copias y cambio de equipo"
    subtitle = "El programa guarda copias por sí solo: al cerrar, cada día y antes de los pasos delicados."

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._loaded: Loaded | None = None
        self._handed: Handed | None = None
        self.keep = button("&Hacer una copia ahora", self._keep, role="primary", icon="copias")
        self.actions_row.addWidget(self.keep)
        self.body.addWidget(self._listing())
        self.body.addWidget(self._second())
        self.body.addWidget(self._post())
        self.body.addWidget(self._year())
        self.body.addStretch()

    # -- building

    def _listing(self) -> QFrame:
        frame, rows = card("Copias guardadas")
        self.where = label("", "muted", wraps=True)
        rows.addWidget(self.where)
        self.table = table = QTableWidget(0, len(HEADINGS))
        table.setAccessibleName("Copias guardadas")
        table.setHorizontalHeaderLabels(HEADINGS)
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.itemSelectionChanged.connect(self._chosen)
        table.itemActivated.connect(lambda _item: self._restore())
        rows.addWidget(table)
        line = QHBoxLayout()
        self.restore = button("Re&staurar esta copia…", self._restore)
        line.addWidget(self.restore)
        line.addWidget(button("Restaurar de &otro archivo…", self._restore_file, role="quiet", icon="carpeta"))
        line.addStretch(1)
        line.addWidget(button("&Ver la carpeta", self._open_room, role="quiet", icon="carpeta"))
        rows.addLayout(line)
        return frame

    def _second(self) -> QFrame:
        frame, rows = card("Segunda copia, en una memoria USB o en otro disco")
        self.second = label("", wraps=True)
        rows.addWidget(self.second)
        line = QHBoxLayout()
        line.addWidget(button("Elegir la car&peta…", self._choose_second, icon="carpeta"))
        self.no_second = button("&Dejar de guardarla", self._drop_second, role="quiet")
        line.addWidget(self.no_second)
        line.addStretch(1)
        rows.addLayout(line)
        return frame

    def _post(self) -> QFrame:
        frame, rows = card(
            "Entrega del cargo",
            subtitle="Un solo archivo con los datos, su historia y lo pendiente, y el acta para firmar. "
            "Quien recibe lo abre con «Recibir el cargo» en la primera página y crea su propia clave.",
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MEDIUM)
        grid.setVerticalSpacing(theme.TIGHT)
        self.place = QComboBox()
        self.place.setAccessibleName("Dónde se guarda la entrega del cargo")
        self.place.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.place.setMinimumContentsLength(24)
        self.passphrase = QLineEdit()
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Password)
        self.passphrase.setAccessibleName("Contraseña de su clave")
        for column, (text, editor) in enumerate(
            (("Dónde se g&uarda", self.place), ("Contraseña de su c&lave, para firmarla", self.passphrase))
        ):
            words = label(text)
            words.setBuddy(editor)
            grid.addWidget(words, 0, column)
            grid.addWidget(editor, 1, column)
            grid.setColumnStretch(column, 1)
        rows.addLayout(grid)
        self.signing = label("", "muted", wraps=True)
        rows.addWidget(self.signing)
        line = QHBoxLayout()
        self.hand_over = button("Prep&arar la entrega del cargo", self._hand_over, icon="entregar")
        self.acta = button("Abrir el acta", self._open_acta, role="quiet", icon="imprimir")
        self.acta.hide()
        for piece in (self.hand_over, button("&Guardar en otra carpeta…", self._other_place, role="quiet"), self.acta):
            line.addWidget(piece)
        line.addStretch(1)
        rows.addLayout(line)
        self.handed = label("", "fine", wraps=True)
        self.handed.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.handed.hide()
        rows.addWidget(self.handed)
        return frame

    def _year(self) -> QFrame:
        now = self.desk.workspace.info.vigencia
        frame, rows = card(
            f"Vigencia {now + 1}",
            subtitle="Empieza con los registros de esta: cada uno dirá si es nuevo, cambió, se retiró o sigue igual. "
            f"La vigencia {now} queda en una copia y sus entregas se conservan.",
        )
        self.begin = button(f"Empe&zar la vigencia {now + 1}…", partial(self._begin, now + 1), icon="vigencia")
        line = QHBoxLayout()
        line.addWidget(self.begin)
        line.addStretch(1)
        rows.addLayout(line)
        return frame

    # -- reading

    def shown(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(partial(load, workspace), self._fill)

    def _fill(self, found: Loaded) -> None:
        self._loaded = found
        self.where.setText(f"En {found.room}")
        self._fill_table(found)
        if found.second is None:
            self.second.setText("Todavía no hay: si este equipo se daña o se pierde, se pierden también sus copias.")
        elif found.connected:
            self.second.setText(f"● En {found.second}")
        else:
            self.second.setText(f"▲ En {found.second}, que ahora no está conectada. Se pondrá al día cuando vuelva.")
        self.no_second.setVisible(found.second is not None)
        self._fill_places()
        signs = found.key is not None
        self.passphrase.setEnabled(signs)
        self.signing.setText(
            "Sin contraseña el archivo va sin firma y lo respalda el acta en papel."
            if signs
            else "Este equipo no tiene clave de firma: el archivo va sin firma y lo respalda el acta en papel."
        )

    def _fill_table(self, found: Loaded) -> None:
        table = self.table
        kept = table.currentRow()
        table.setRowCount(len(found.copies))
        for row, copy in enumerate(found.copies):
            for column, text in enumerate(_told(copy, found)):
                cell = QTableWidgetItem(text)
                cell.setToolTip(copy.path.name)
                table.setItem(row, column, cell)
        line = table.verticalHeader().defaultSectionSize()
        shown = min(max(len(found.copies), 2), ROWS_SHOWN)
        table.setFixedHeight(table.horizontalHeader().sizeHint().height() + shown * line + 4)
        if found.copies:
            table.selectRow(min(max(kept, 0), len(found.copies) - 1))
        self._chosen()

    def _fill_places(self) -> None:
        kept = self.place.currentData()
        self.place.clear()
        for place in places(str(self._loaded.second or "") if self._loaded else ""):
            self.place.addItem(place.words, str(place.path))
        self._choose_place(kept)

    def _choose_place(self, path: str | None) -> None:
        if path is None:
            return
        if self.place.findData(path) < 0:
            self.place.addItem(path, path)
        self.place.setCurrentIndex(self.place.findData(path))

    @property
    def copy(self) -> Copy | None:
        """The copy that is chosen in the list."""
        row = self.table.currentRow()
        known: Sequence[Copy] = self._loaded.copies if self._loaded is not None else ()
        return known[row] if 0 <= row < len(known) else None

    def _chosen(self) -> None:
        copy = self.copy
        self.restore.setEnabled(copy is not None and not copy.problem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for column in (3, 4):
            self.table.setColumnHidden(column, event.size().width() < NARROW)

    # -- copies

    def _keep(self) -> None:
        workspace = self.desk.workspace
        self.keep.setEnabled(False)
        task = self.desk.run(
            lambda progress: copies.keep(workspace, copies.ASKED_FOR, progress), self._kept, text="Haciendo una copia…"
        )
        task.finished.connect(lambda: self.keep.setEnabled(True))

    def _kept(self, kept: Kept | None) -> None:
        if kept is not None:
            self.desk.notice.tell(
                "La copia se hizo y se comprobó.", kept.notice, tone="warns" if kept.notice else "fine"
            )
        self.shown()

    def _choose_second(self) -> None:
        folder = self.desk.messages.folder("¿Dónde se guarda la segunda copia?")
        if folder is not None:
            workspace = self.desk.workspace
            self.desk.run(
                lambda _progress: copies.set_second_place(workspace, folder), self._kept, text="Haciendo una copia…"
            )

    def _drop_second(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: copies.set_second_place(workspace, None), self._kept)

    def _open_room(self) -> None:
        if self._loaded is not None:
            show_outside(
                self._loaded.room if self._loaded.room.is_dir() else self._loaded.room.parent, self.desk.notice
            )

    def _restore(self) -> None:
        copy = self.copy
        if copy is not None and not copy.problem:
            self._ask_to_restore(copy)

    def _restore_file(self) -> None:
        path = self.desk.messages.open_file("¿Qué copia se restaura?", "Copia de Peti Desktop (*.sqlite)")
        if path is not None:
            self.desk.run(
                lambda _progress: copies.examine(path), self._ask_to_restore, text="Comprobando la copia…", store=False
            )

    def _ask_to_restore(self, copy: Copy) -> None:
        when = spoken_moment(copy.made_at)
        if self.desk.messages.ask(
            f"¿Volver a como estaba todo el {when}?",
            "Restaurar",
            f"La copia trae {counted(copy.counts or {})}. Antes se guarda una copia de lo que hay ahora.",
        ):
            workspace = self.desk.workspace
            self.desk.reopen(
                lambda _progress: restoring.restore(copy.path, workspace.store.path, ws=workspace),
                "Restaurando la copia…",
                f"Todo quedó como estaba el {when}. Lo de antes está en la copia «Antes de restaurar otra copia».",
            )

    # -- the post

    def _other_place(self) -> None:
        folder = self.desk.messages.folder("¿Dónde se guarda la entrega del cargo?")
        if folder is not None:
            self._choose_place(str(folder))

    def _hand_over(self) -> None:
        where = self.place.currentData()
        if where is None:
            self._other_place()
            where = self.place.currentData()
        if where is None or self._loaded is None:
            return
        workspace, key, secret = self.desk.workspace, self._loaded.key, self.passphrase.text()

        def work(progress: "Progress") -> Handed:
            signer = keys.load(key, secret) if key is not None and secret else None
            return handover.hand_over(workspace, Path(where), signer, progress)

        self.hand_over.setEnabled(False)
        task = self.desk.run(work, self._done, fails=self._failed, text="Preparando la entrega del cargo…")
        task.finished.connect(lambda: self.hand_over.setEnabled(True))

    def _done(self, handed: Handed) -> None:
        self._handed = handed
        self.passphrase.clear()
        signed = "firmada" if handed.fingerprint else "sin firma"
        self.handed.setProperty("role", "fine")
        theme.restyle(self.handed)
        self.handed.setText(f"✓ Lista y {signed} · código {handed.code}\n{handed.path}")
        self.handed.show()
        self.acta.show()
        self.acta.setFocus()

    def _failed(self, error: UserError) -> None:
        self.handed.setProperty("role", "stops")
        theme.restyle(self.handed)
        self.handed.setText(f"✕ {error}")
        self.handed.show()

    def _open_acta(self) -> None:
        if self._handed is not None:
            show_outside(self._handed.acta, self.desk.notice)

    # -- the year

    def _begin(self, year: int) -> None:
        if not self.desk.messages.ask(
            f"¿Empezar la vigencia {year}?",
            f"Empezar {year}",
            f"Sus registros siguen aquí y la vigencia {year - 1} queda en una copia. "
            "Lo hecho hasta ahora ya no se podrá deshacer paso a paso.",
        ):
            return
        workspace = self.desk.workspace

        def work(progress: "Progress") -> "Workspace":
            vigencia.begin(workspace, year, progress)
            return workspace

        told = f"Empezó la vigencia {year}. Revise lo que cambió, agregue lo nuevo y retire lo que ya no está."
        self.desk.reopen(work, f"Empezando la vigencia {year}…", told)


def _told(copy: Copy, found: Loaded) -> tuple[str, ...]:
    here = copy.path.parent == found.room
    where = "Aquí y en la segunda" if here and copy.second else "Aquí" if here else "Solo en la segunda"
    content = f"✕ {copy.problem}" if copy.problem else counted(copy.counts or {})
    return (spoken_moment(copy.made_at), copy.why, content, where, size(copy.size))

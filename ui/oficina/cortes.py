"""Cuts: sealing the consolidation, issuing its reports again, checking, comparing, taking one elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QWidget,
)

from peti_desktop import reports
from peti_desktop.consolidation import comparing, cuts, roles
from peti_desktop.consolidation.comparing import Comparison
from peti_desktop.consolidation.cuts import WORKBOOK, WORKBOOK_TITLE, Cut, Issued, Sealed, Verified
from peti_desktop.errors import UserError
from peti_desktop.moments import spoken_moment
from peti_desktop.office.authority import Office
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import Empty, StateChip, button, card, label
from ui.desk import Desk, Page
from ui.oficina.bitacora import CUTS
from ui.oficina.cortes_comparar import ComparisonView
from ui.oficina.firmantes_paneles import AskPassphrase
from ui.oficina.words import plural

SIGNING: Final = (
    "Con la firma de la oficina, quien reciba el archivo sabe de quién viene. Sin ella vale su sello, si lo compara "
    "con el que anotó la oficina."
)
UID: Final = Qt.ItemDataRole.UserRole
HIGH: Final = 260
"""What is shown of a list at least; on smaller screens the page scrolls."""
ARCHIVE: Final = "Corte exportado (*.zip)"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page shows: the cuts, the reports kept of each, and what who works here may do.

    ``signs``: there are keys of the office an exported cut can be signed with.
    """

    cuts: tuple[Cut, ...]
    reports: dict[str, tuple[Issued, ...]]
    role: str
    refusal: UserError | None
    signs: bool


class CortesPage(Page):
    """See the module."""

    title = "Cortes"
    subtitle = "Un corte congela la consolidación; sus informes se vuelven a emitir idénticos dentro de años."
    shows = frozenset({CUTS})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.standing: Standing | None = None
        self.verified: dict[str, Verified] = {}
        self.folder: Path | None = None
        self.seal_button = button("S&ellar un corte…", self._open_form, role="primary", icon="cortes")
        self.check_button = button("Comprob&ar los cortes", self._verify, icon="buscar")
        self.file_button = button("Comprobar un arc&hivo…", self._check_file, icon="carpeta")
        self.actions_row.addWidget(self.check_button)
        self.actions_row.addWidget(self.seal_button)
        self.form = self._build_form()
        self.list = QListWidget()
        self.list.setAccessibleName("Cortes sellados")
        self.list.setMinimumWidth(220)
        self.list.setMaximumWidth(330)
        self.list.setMinimumHeight(HIGH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(2)
        self.list.currentItemChanged.connect(self._show)
        self.view = ComparisonView(desk)
        self.view.back.connect(self._back)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_overview())
        self._stack.addWidget(self.view)
        self._empty = Empty(
            "Todavía no hay cortes",
            "Selle uno para guardar la consolidación tal como está: antes de un comité, o al cerrar la vigencia.",
            icon="cortes",
        )
        self._stack.addWidget(self._empty)
        self.body.setSpacing(theme.SMALL)
        self.body.addLayout(self._build_role())
        self.body.addWidget(self.form)
        self.signing = AskPassphrase("Exportar el corte", "Firmar y exportar", SIGNING)
        self.unsigned = button("Exportar sin firma", partial(self._write, ""))
        self.signing.more.addWidget(self.unsigned, alignment=Qt.AlignmentFlag.AlignLeft)
        self.signing.said.connect(self._write)
        self.signing.back.connect(self._leave_signing)
        self.signing.hide()
        self.body.addWidget(self.signing)
        self.body.addWidget(self._stack, 1)

    def _build_role(self) -> QHBoxLayout:
        self.role = QComboBox()
        self.role.setAccessibleName("Usted trabaja como")
        self.role.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.role.activated.connect(self._choose_role)
        self.role_about = label("", "muted", wraps=True)
        line = QHBoxLayout()
        line.addWidget(label("Usted trabaja como"))
        line.addWidget(self.role)
        line.addWidget(self.role_about, 1)
        line.addWidget(self.file_button)
        return line

    def _build_form(self) -> QFrame:
        frame, column = card("Sellar un corte")
        self.name, self.note = QLineEdit(), QLineEdit()
        self.name.setMaxLength(cuts.LONGEST_NAME)
        self.name.setPlaceholderText("Por ejemplo: Primer semestre, para el comité")
        self.note.setPlaceholderText("Para qué se sella (si quiere)")
        fields = QFormLayout()
        for text, editor in (("Nombre", self.name), ("Nota", self.note)):
            fields.addRow(text, editor)
            editor.setAccessibleName(text)
        self.name.returnPressed.connect(self._seal)
        self.note.returnPressed.connect(self._seal)
        column.addLayout(fields)
        column.addWidget(
            label(
                "Se guardan todos los registros y todos los informes, como están en este momento. La consolidación "
                "sigue abierta: lo que se cambie después no toca el corte.",
                "muted",
                wraps=True,
            )
        )
        self.wrong = label("", "stops", wraps=True)
        line = QHBoxLayout()
        line.addWidget(self.wrong, 8)
        line.addStretch(1)
        line.addWidget(button("Cancelar", self._close_form))
        self.confirm = button("S&ellar", self._seal, role="primary")
        line.addWidget(self.confirm)
        column.addLayout(line)
        frame.hide()
        return frame

    def _build_overview(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.MEDIUM)
        row.addWidget(self.list, 2)
        frame, column = card()
        self.heading = label("", "heading", wraps=True)
        self.state = StateChip("Sin comprobar", "info")
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.state)
        column.addLayout(head)
        self.facts = label("", "muted", wraps=True)
        self.seal_text = label("", "small", wraps=True)
        self.problems = label("", "stops", wraps=True)
        for text in (self.facts, self.seal_text, self.problems):
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(text)
        self.export_button = button("E&xportar el corte…", self._export, icon="entregar")
        self.against = QComboBox()
        self.against.setAccessibleName("Comparar con")
        self.compare_button = button("Com&parar", self._compare)
        line = QHBoxLayout()
        line.addWidget(label("Comparar con"))
        line.addWidget(self.against, 1)
        line.addWidget(self.compare_button)
        column.addLayout(line)
        line = QHBoxLayout()
        line.addWidget(label("Sus informes", "heading"))
        line.addStretch()
        line.addWidget(self.export_button)
        column.addLayout(line)
        self.reports = QGridLayout()
        self.reports.setColumnStretch(0, 1)
        self.reports.setHorizontalSpacing(theme.SMALL)
        self.reports.setVerticalSpacing(theme.TIGHT)
        column.addLayout(self.reports)
        column.addStretch()
        row.addWidget(frame, 5)
        return made

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(_progress: Progress) -> Standing:
            found = tuple(cuts.listing(workspace))
            kept = {cut.uid: cuts.issued(workspace, cut.uid) for cut in found}
            role = roles.role(workspace)
            signs = role != roles.CONTROL and Office(workspace).exists()
            return Standing(found, kept, role, roles.refusal(workspace, roles.SEAL), signs)

        self.desk.run(look, self._fill)

    def _fill(self, found: Standing) -> None:
        self.standing = found
        self._fill_role(found)
        before = self.list.currentItem()
        chosen = before.data(UID) if before is not None else None
        self.list.clear()
        for cut in reversed(found.cuts):
            item = QListWidgetItem(f"Corte n.º {cut.number} · {cut.name}\n{spoken_moment(cut.when)} · {cut.who}")
            item.setData(UID, cut.uid)
            item.setSizeHint(QSize(200, 2 * self.fontMetrics().height() + 16))
            self.list.addItem(item)
            if cut.uid == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)
        self.check_button.setEnabled(bool(found.cuts))
        if self._stack.currentWidget() is not self.view:
            self._stack.setCurrentIndex(0 if found.cuts else 2)

    def _fill_role(self, found: Standing) -> None:
        self.role.clear()
        reading = found.role == roles.CONTROL
        for code in (roles.CONTROL,) if reading else (roles.ANALISTA, roles.JEFE):
            self.role.addItem(roles.LABELS[code], code)
        self.role.setCurrentIndex(self.role.findData(found.role))
        self.role.setEnabled(not reading)
        self.role_about.setText("" if found.refusal is None else found.refusal.what)
        self.role.setToolTip(roles.ABOUT[found.role])
        self.role.setAccessibleDescription(roles.ABOUT[found.role])
        self.seal_button.setEnabled(found.refusal is None)
        self.seal_button.setToolTip(str(found.refusal) if found.refusal is not None else "")
        self.seal_button.setAccessibleDescription(self.seal_button.toolTip())

    @property
    def cut(self) -> Cut | None:
        """The cut in front."""
        item = self.list.currentItem()
        if item is None or self.standing is None:
            return None
        return next(cut for cut in self.standing.cuts if cut.uid == item.data(UID))

    def _show(self, _item: object = None, _before: object = None) -> None:
        cut = self.cut
        if cut is None or self.standing is None:
            return
        self.heading.setText(cut.label)
        note = f"\n{cut.note}" if cut.note else ""
        self.facts.setText(f"Vigencia {cut.vigencia} · sellado el {spoken_moment(cut.when)} por {cut.who}{note}")
        looked = self.verified.get(cut.uid)
        code = f"Código {looked.code} · {plural(looked.rows, 'fila', 'filas')}\n" if looked else ""
        pieces = " ".join(cut.seal[at : at + 16] for at in range(0, len(cut.seal), 16))  # so that it can wrap
        self.seal_text.setText(f"{code}Sello {pieces}")
        problems = looked.problems if looked else ()
        self.problems.setText("\n".join(f"✕ {problem}" for problem in problems))
        self.problems.setVisible(bool(problems))
        words = (
            ("Sin comprobar", "info") if looked is None else ("Alterado", "stops") if problems else ("Íntegro", "fine")
        )
        self.state.tell(*words)
        self.against.clear()
        self.against.addItem("Ahora (consolidación abierta)", comparing.NOW)
        for other in reversed(self.standing.cuts):
            if other.uid != cut.uid:
                self.against.addItem(other.label, other.uid)
        self._fill_reports(self.standing.reports[cut.uid])

    def _fill_reports(self, kept: tuple[Issued, ...]) -> None:
        while (entry := self.reports.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        titles = {name: report.title for name, report in reports.REPORTS.items()} | {WORKBOOK: WORKBOOK_TITLE}
        names = [report.name for report in kept]
        lines: list[tuple[str, str, Callable[[], object]]] = [
            (titles.get(name, name), "Volver a emitir", partial(self._issue, name)) for name in names
        ]
        lines += [
            (f"{title} (no se emitió con el corte)", "Hacer con sus datos", partial(self._anew, name))
            for name, title in titles.items()
            if name not in names and name != WORKBOOK
        ]
        for row, (title, verb, act) in enumerate(lines):
            go = button(verb, act)
            go.setAccessibleName(f"{verb}: {title}")
            self.reports.addWidget(label(title, wraps=True), row, 0)
            self.reports.addWidget(go, row, 1)

    def report_button(self, title: str) -> QPushButton:
        """The button of a report, by the title beside it."""
        return next(
            widget
            for row in range(self.reports.rowCount())
            if (item := self.reports.itemAtPosition(row, 1)) is not None
            and isinstance(widget := item.widget(), QPushButton)
            and widget.accessibleName().endswith(f": {title}")
        )

    # -- roles

    def _choose_role(self, _place: int) -> None:
        workspace, chosen = self.desk.workspace, self.role.currentData()
        task = self.desk.save(lambda _progress: roles.choose(workspace, chosen), {CUTS}, origin=self)
        task.finished.connect(self.reload)

    # -- sealing

    def _open_form(self) -> None:
        self.form.show()
        self.wrong.clear()
        self.wrong.hide()
        self.name.setFocus()

    def _close_form(self) -> None:
        self.form.hide()
        self.seal_button.setFocus()

    def _seal(self) -> None:
        workspace, name, note = self.desk.workspace, self.name.text(), self.note.text()
        self.confirm.setEnabled(False)
        self.wrong.hide()
        task = self.desk.save(
            lambda progress: cuts.seal(workspace, name, note, progress),
            {CUTS},
            self._sealed,
            origin=self,
            fails=self._refused,
            text="Sellando el corte…",
        )
        task.cancelled.connect(lambda: self.desk.notice.tell("No se selló el corte.", "Se canceló y no quedó nada."))
        task.finished.connect(partial(self.confirm.setEnabled, True))

    def _refused(self, error: UserError) -> None:
        self.wrong.setText(f"✕ {error}")
        self.wrong.show()
        self.name.setFocus()

    def _sealed(self, done: Sealed) -> None:
        self.form.hide()
        for editor in (self.name, self.note):
            editor.clear()
        without = ""
        if done.without:
            without = "No se pudo hacer: " + "; ".join(f"{title} ({why})" for title, why in done.without)
        told = f"{done.cut.label} quedó sellado con {plural(len(done.reports), 'informe', 'informes')}."
        self.desk.notice.tell(told, without, tone="warns" if without else "fine")
        self.list.clear()
        self.reload()

    # -- reports of a cut

    def _where(self) -> Path | None:
        if self.folder is None:
            self.folder = self.desk.messages.folder("Dónde guardar los informes del corte")
        return self.folder

    def _issue(self, name: str) -> None:
        cut, folder, workspace = self.cut, self._where(), self.desk.workspace
        if cut is not None and folder is not None:
            self.desk.run(lambda _progress: cuts.issue_again(workspace, cut.uid, name, folder), self._issued)

    def _issued(self, path: Path) -> None:
        self.desk.notice.tell(f"{path.name} quedó en {path.parent}, idéntico al que se emitió.", tone="fine")

    def _anew(self, name: str) -> None:
        cut, folder, workspace = self.cut, self._where(), self.desk.workspace
        if cut is not None and folder is not None:
            self.desk.run(
                lambda progress: cuts.make_anew(workspace, cut.uid, name, folder, progress),
                lambda path: self.desk.notice.tell(f"{path.name} quedó en {path.parent}.", tone="fine"),
                text="Preparando el informe…",
            )

    # -- checking, comparing, taking elsewhere

    def _verify(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda progress: cuts.verify(workspace, progress), self._looked, text="Comprobando los cortes…")

    def _looked(self, found: list[Verified]) -> None:
        self.verified = {one.cut.uid: one for one in found}
        wrong = [one for one in found if one.problems]
        self._show()
        if wrong:
            told = "; ".join(f"corte n.º {one.cut.number}: {one.problems[0]}" for one in wrong)
            self.desk.notice.tell("Hay cortes alterados.", told, tone="stops")
        else:
            whole = "El corte está íntegro" if len(found) == 1 else f"Los {len(found)} cortes están íntegros"
            self.desk.notice.tell(f"{whole}: contenido, informes, sello y cadena.", tone="fine")

    def _compare(self) -> None:
        cut, workspace, other = self.cut, self.desk.workspace, self.against.currentData()
        if cut is None or self.standing is None:
            return
        number = {one.uid: one.number for one in self.standing.cuts}
        # The older one is always what there was before.
        before, after = (other, cut.uid) if other and number[other] < cut.number else (cut.uid, other)
        self.desk.run(
            lambda progress: comparing.compare(workspace, before, after, progress), self._compared, text="Comparando…"
        )

    def _compared(self, found: Comparison) -> None:
        self.form.hide()
        self._stack.setCurrentWidget(self.view)
        self.view.show_comparison(found)

    def _back(self) -> None:
        self._stack.setCurrentIndex(0)
        self.list.setFocus()

    def _export(self) -> None:
        if self.standing is None or not self.standing.signs:
            self._write("")
            return
        self.signing.begin()
        self.signing.show()
        self.signing.setFocus()

    def _leave_signing(self) -> None:
        self.signing.wipe()
        self.signing.hide()
        self.export_button.setFocus()

    def _write(self, passphrase: str) -> None:
        """Export the cut in front; signed when a passphrase was given."""
        from peti_desktop.consolidation import cut_file

        cut, workspace = self.cut, self.desk.workspace
        if cut is None:
            return
        path = self.desk.messages.save_file("Exportar el corte", Path(cut_file.file_name(cut)), ARCHIVE)
        if path is None:
            return

        def work(progress: Progress) -> Path:
            signer = Office(workspace).unlock(passphrase)[1] if passphrase else None
            cut_file.export(workspace, cut.uid, path, signer, progress)
            return path

        self.signing.set_busy(busy=True)
        fails = self.signing.failed if passphrase else None
        task = self.desk.run(work, self._exported, fails=fails, text="Exportando el corte…")
        task.finished.connect(partial(self.signing.set_busy, busy=False))

    def _exported(self, path: Path) -> None:
        self.signing.wipe()
        self.signing.hide()
        self.desk.notice.tell(
            f"El corte quedó en {path}.", "Trae los informes, todo el contenido y cómo comprobarlo.", tone="fine"
        )

    def _check_file(self) -> None:
        from peti_desktop.consolidation import cut_file
        from peti_desktop.consolidation.cut_file import CutFile

        path = self.desk.messages.open_file("Comprobar un corte exportado", ARCHIVE)
        if path is None:
            return
        workspace = self.desk.workspace

        def told(found: CutFile) -> None:
            name = f"Corte n.º {found.number} · {found.name}, sellado el {spoken_moment(found.when)} por {found.who}"
            if found.problems:
                self.desk.notice.tell(f"{name}: fue alterado.", " ".join(found.problems), tone="stops")
                return
            mine = self.standing is not None and any(cut.seal == found.seal for cut in self.standing.cuts)
            same = "Es el mismo que está guardado aquí." if mine else "No está entre los cortes guardados aquí."
            self.desk.notice.tell(f"{name}: íntegro.", f"{same} {cut_file.signature_words(found)}", tone="fine")

        self.desk.run(lambda _progress: cut_file.check(workspace, path), told, text="Comprobando el archivo…")

"""Cuts: sealing the consolidation, issuing its reports again, checking, comparing, taking one elsewhere."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from peti_desktop.consolidation import checking, comparing, cuts, roles
from peti_desktop.consolidation.checking import Verified
from peti_desktop.consolidation.comparing import Comparison
from peti_desktop.consolidation.cuts import Cut, Issued, Sealed
from peti_desktop.errors import UserError
from peti_desktop.moments import spoken_moment
from peti_desktop.office.authority import Office
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import Empty, StateChip, button, card, label
from ui.desk import Desk, Page
from ui.oficina.bitacora import CUTS
from ui.oficina.cortes_comparar import ComparisonView
from ui.oficina.cortes_informes import ReportList
from ui.oficina.cortes_sellar import SealForm
from ui.oficina.firmantes_paneles import AskPassphrase, scrolled
from ui.oficina.words import parted, plural

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
    """What the page shows: the cuts, the reports kept of each, and why who works here may not seal one.

    ``signs``: there are keys of the office an exported cut can be signed with.
    """

    cuts: tuple[Cut, ...]
    reports: dict[str, tuple[Issued, ...]]
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
        self.form = SealForm()
        self.form.agreed.connect(self._seal)
        self.form.left.connect(self._close_form)
        self.list = QListWidget()
        self.list.setAccessibleName("Cortes sellados")
        self.list.setMinimumWidth(180)
        self.list.setMaximumWidth(330)
        self.list.setMinimumHeight(HIGH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(2)
        self.list.currentItemChanged.connect(self._show)
        self.view = ComparisonView(desk)
        self.view.back.connect(self._back)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_overview())
        # It is wider than the rest: where there is no room for it, only it scrolls.
        self._comparing = scrolled(self.view, stretch=False)
        self._stack.addWidget(self._comparing)
        self._empty = Empty(
            "Todavía no hay cortes",
            "Selle uno para guardar la consolidación tal como está: antes de un comité, o al cerrar la vigencia.",
            icon="cortes",
        )
        self._stack.addWidget(self._empty)
        self.body.setSpacing(theme.SMALL)
        self.why_not = label("", "muted", wraps=True)
        self.why_not.hide()
        line = QHBoxLayout()
        line.addWidget(self.why_not, 8)
        line.addStretch(1)
        line.addWidget(self.file_button)
        self.body.addLayout(line)
        self.body.addWidget(self.form)
        self.signing = AskPassphrase("Exportar el corte", "Firmar y exportar", SIGNING)
        self.unsigned = button("Exportar sin firma", partial(self._write, ""))
        self.signing.more.addWidget(self.unsigned, alignment=Qt.AlignmentFlag.AlignLeft)
        self.signing.said.connect(self._write)
        self.signing.back.connect(self._leave_signing)
        self.signing.hide()
        self.body.addWidget(self.signing)
        self.body.addWidget(self._stack, 1)

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
        self.against.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.against.setMinimumContentsLength(12)
        self.compare_button = button("Com&parar", self._compare)
        line = QHBoxLayout()
        line.addWidget(label("Comparar con"))
        line.addWidget(self.against, 1)
        line.addWidget(self.compare_button)
        column.addLayout(line)
        column.addWidget(label("Sus informes", "heading"))
        line = QHBoxLayout()
        line.addStretch()
        self.data_button = button("Datos abiertos…", self._write_data, icon="matriz")
        self.data_button.setToolTip(
            "Los registros del corte en CSV con su diccionario, para publicar y para la entidad"
        )
        line.addWidget(self.data_button)
        line.addWidget(self.export_button)
        column.addLayout(line)
        self.reports = ReportList()
        self.reports.again.connect(self._issue)
        self.reports.anew.connect(self._anew)
        column.addWidget(self.reports)
        column.addStretch()
        row.addWidget(frame, 5)
        return made

    # -- what it shows

    def reload(self) -> None:
        workspace = self.desk.workspace

        def look(_progress: Progress) -> Standing:
            found = tuple(cuts.listing(workspace))
            kept = {cut.uid: cuts.issued(workspace, cut.uid) for cut in found}
            signs = not workspace.store.reading and Office(workspace).exists()
            return Standing(found, kept, roles.refusal(workspace, roles.SEAL), signs)

        self.desk.run(look, self._fill)

    def _fill(self, found: Standing) -> None:
        self.standing = found
        self._may_seal(found.refusal)
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
        if self._stack.currentWidget() is not self._comparing:
            self._stack.setCurrentIndex(0 if found.cuts else 2)

    def _may_seal(self, refusal: UserError | None) -> None:
        self.seal_button.setEnabled(refusal is None)
        self.seal_button.setToolTip(str(refusal or ""))
        self.seal_button.setAccessibleDescription(str(refusal or ""))
        self.why_not.setText(str(refusal or ""))
        self.why_not.setVisible(refusal is not None)

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
        self.seal_text.setText(f"{code}Sello {parted(cut.seal)}")
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
        self.reports.fill(self.standing.reports[cut.uid])

    # -- sealing

    def _open_form(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(lambda _progress: cuts.waiting(workspace), self.form.begin)

    def _close_form(self) -> None:
        self.form.hide()
        self.seal_button.setFocus()

    def _seal(self, name: str, note: str) -> None:
        workspace = self.desk.workspace
        self.form.confirm.setEnabled(False)
        task = self.desk.save(
            lambda progress: cuts.seal(workspace, name, note, progress),
            {CUTS},
            self._sealed,
            origin=self,
            fails=self.form.refused,
            text="Sellando el corte…",
        )
        task.cancelled.connect(lambda: self.desk.notice.tell("No se selló el corte.", "Se canceló y no quedó nada."))
        task.finished.connect(partial(self.form.confirm.setEnabled, True))

    def _sealed(self, done: Sealed) -> None:
        self.form.done()
        more = []
        if done.same_as:
            more.append(f"Guarda lo mismo que «{done.same_as}»: nada cambió entre los dos.")
        if done.without:
            more.append("No se pudo hacer: " + "; ".join(f"{title} ({why})" for title, why in done.without))
        told = f"{done.cut.label} quedó sellado con {plural(len(done.reports), 'informe', 'informes')}."
        self.desk.notice.tell(told, " ".join(more), tone="warns" if more else "fine")
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

    def _write_data(self) -> None:
        """Both versions of the cut's open data, each in a folder of its own."""
        from peti_desktop.opendata.writing import write_cut

        cut, folder, workspace = self.cut, self._where(), self.desk.workspace
        if cut is not None and folder is not None:
            self.desk.run(
                lambda progress: write_cut(workspace, cut.uid, folder, progress),
                lambda paths: self.desk.notice.tell(
                    "Se guardaron los datos abiertos del corte, para publicar y para la entidad.",
                    f"En {paths[0].parent}",
                    tone="fine",
                ),
                text="Escribiendo los datos abiertos…",
            )

    # -- checking, comparing, taking elsewhere

    def _verify(self) -> None:
        workspace = self.desk.workspace
        self.desk.run(partial(checking.verify, workspace), self._looked, text="Comprobando los cortes…")

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
        self._stack.setCurrentWidget(self._comparing)
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
            if found.entity and found.entity != workspace.info.entidad:
                same = f"Es de otra entidad: {found.entity}."
            self.desk.notice.tell(f"{name}: íntegro.", f"{same} {cut_file.signature_words(found)}", tone="fine")

        self.desk.run(lambda _progress: cut_file.check(workspace, path), told, text="Comprobando el archivo…")

"""What the inbox's page does about a delivery once somebody decided it, and the office's keys while it is open."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject

from peti_desktop.consolidation.decisions import GIVE_BACK, REJECT, WAIT, Decision
from peti_desktop.consolidation.undoing import last_import, undo_last
from peti_desktop.errors import UserError
from peti_desktop.intake import apply
from peti_desktop.intake.receipt import Receipt
from peti_desktop.intake.stage import Key, Staging
from peti_desktop.office import enrolment
from peti_desktop.office.authority import Office
from peti_desktop.office.enrolment import Candidate, Enrolled
from peti_desktop.progress import Progress
from peti_desktop.records import TYPES
from peti_desktop.returning import observations
from peti_desktop.returning.acknowledge import Acknowledged, acknowledge
from peti_desktop.returning.give_back import Returned, give_back, next_round
from peti_desktop.returning.observations import Asked
from peti_desktop.trust.keys import Signer
from ui.oficina.review_devolver import ACKNOWLEDGING, GIVING, Wanted
from ui.oficina.words import DELIVERIES, counted, plural
from ui.outside import show_outside

if TYPE_CHECKING:
    from ui.oficina.bandeja import BandejaPage

CHANGES: Final = frozenset({*TYPES, DELIVERIES, "duda", "correccion"})
ASKED: Final = frozenset({DELIVERIES, "observacion"})
LEFT: Final = frozenset({GIVE_BACK, REJECT, WAIT})


class Deciding(QObject):
    """Listens to the review of a page. The keys are asked for once and kept in memory while the page lives."""

    def __init__(self, page: "BandejaPage") -> None:
        super().__init__(page)
        self._page = page
        self._desk = page.desk
        self._keys: tuple[Signer, Signer] | None = None
        review = page.review
        review.accept.connect(self._accept)
        review.reject.connect(self._reject)
        review.confirm.connect(self._look_at_signer)
        review.asked.connect(self._ask)
        review.dropped.connect(self._drop)
        review.closed.connect(self._close)
        review.again.connect(self._again)
        review.issuing.connect(self._begin_issue)
        review.issue.said.connect(self._issue)
        review.confirming.said.connect(self._confirm)

    @property
    def receipt(self) -> Receipt:
        """The delivery in front."""
        line = self._page.review.line
        assert line is not None
        return line.receipt

    @property
    def locked(self) -> bool:
        """Whether the office's keys have to be opened before anything is signed."""
        return self._keys is None

    # -- taking and setting aside

    def _may(self, verb: str) -> bool:
        """Whether the person goes on when somebody else looks at the delivery in front."""
        line = self._page.review.line
        has = self._page.assigning.others(line) if line is not None else ""
        return not has or self._desk.messages.ask(
            f"Esta entrega la atiende {has}. ¿{verb} de todos modos?",
            verb,
            "Si no lo acordaron, pregúntele antes: quizá ya la está revisando.",
        )

    def _accept(self, decided: Mapping[Key, Decision] | None) -> None:
        if not self._may("Aceptarla"):
            return
        workspace, sha256, name = self._desk.workspace, self.receipt.sha256, self._name

        def then(done: Staging) -> None:
            part = " en parte" if decided and any(d.what in LEFT for d in decided.values()) else ""
            self._page.review.forget(sha256)
            self._desk.notice.tell(
                f"Se aceptó{part} la entrega de {name}.",
                counted(done.counts),
                tone="fine",
                action="Deshacer",
                act=self.undo,
            )

        self.save(lambda _progress: apply.accept(workspace, sha256, decided), then, "Aceptando la entrega…")

    def _reject(self, reason: str) -> None:
        if not self._may("Rechazarla"):
            return
        workspace, sha256, name = self._desk.workspace, self.receipt.sha256, self._name
        self.save(
            lambda _progress: apply.reject(workspace, sha256, reason),
            lambda _done: self._desk.notice.tell(f"Se rechazó la entrega de {name}.", f"Motivo: {reason}"),
            "Guardando la decisión…",
        )

    def accept_clean(self, receipts: Sequence[Receipt], others: int = 0) -> None:
        """Take those nobody has to look at; ``others`` of them are looked at by somebody else and stay."""
        workspace = self._desk.workspace

        def then(accepted: list[Receipt]) -> None:
            one = len(accepted) == 1
            left = len(receipts) - len(accepted)
            rest = [f"{plural(others, 'limpia espera', 'limpias esperan')} a quien las atiende."] if others else []
            if left:
                rest.append(
                    f"{plural(left, 'cambió', 'cambiaron')} mientras tanto y {'espera' if left == 1 else 'esperan'}."
                )
            kept = "" if workspace.store.server else "Antes se guardó una copia del archivo de datos, al lado de él."
            self._desk.notice.tell(
                f"Se {'aceptó' if one else 'aceptaron'} {plural(len(accepted), 'entrega', 'entregas')}.",
                " ".join([*rest, kept]).strip(),
                tone="fine",
                action="Deshacer" if accepted else "",
                act=self.undo,
            )

        self.save(lambda progress: apply.accept_clean(workspace, receipts, progress), then, "Aceptando las limpias…")

    def undo(self) -> None:
        """Take back the last import, after saying what it was."""
        workspace = self._desk.workspace
        self._desk.run(lambda _progress: last_import(workspace), self._undo)

    def _undo(self, words: str) -> None:
        if not words:
            self._desk.notice.tell("No hay ninguna aceptación que se pueda deshacer.")
            return
        detail = "Los registros, las correcciones y las dudas quedan como estaban antes, y la entrega vuelve a esperar."
        if not self._desk.messages.ask(f"¿Deshacer {words}?", "Deshacer", detail):
            return
        workspace = self._desk.workspace
        self.save(
            lambda _progress: undo_last(workspace),
            lambda done: self._desk.notice.tell(f"Se deshizo {done}.", "Vuelve a esperar en la Bandeja.", tone="fine"),
            "Deshaciendo…",
        )

    def save(self, work: Callable[[Progress], Any], then: Callable[[Any], object], text: str) -> None:
        """Decide something; nobody decides twice meanwhile."""
        self._page.set_busy(True)
        task = self._desk.save(work, CHANGES, then, text=text)
        task.failed.connect(lambda _error: self._page.reload())
        task.finished.connect(lambda: self._page.set_busy(False))

    # -- asking the dependencia

    def _ask(self, wanted: Sequence[Asked]) -> None:
        workspace, sha256 = self._desk.workspace, self.receipt.sha256
        self._observe(lambda: observations.add_many(workspace, sha256, wanted))

    def _drop(self, uids: Sequence[str]) -> None:
        workspace = self._desk.workspace

        def drop() -> None:
            for uid in uids:
                observations.drop(workspace, uid)

        self._observe(drop)

    def _close(self, uids: Sequence[str]) -> None:
        workspace = self._desk.workspace

        def then(count: object) -> None:
            words = plural(int(str(count)), "observación cerrada", "observaciones cerradas")
            self._desk.notice.tell(f"{words}.", tone="fine")

        self._observe(lambda: observations.close(workspace, uids), then)

    def _again(self, uid: str, words: str) -> None:
        workspace, sha256 = self._desk.workspace, self.receipt.sha256
        self._observe(lambda: observations.reopen(workspace, uid, sha256, texto=words))

    def _observe(self, work: Callable[[], Any], then: Callable[[Any], object] | None = None) -> None:
        page = self._page
        page.review.back()
        task = self._desk.save(lambda _progress: work(), ASKED, then, origin=page)
        task.finished.connect(page.look_again)

    # -- files of the office

    def _begin_issue(self, what: str) -> None:
        if what == GIVING and not self._may("Devolverla"):
            return
        workspace, receipt = self._desk.workspace, self.receipt
        marks = self._page.review.marks
        drafts = marks.opened.drafts if marks is not None else []

        def ask(ronda: int) -> None:
            issue = self._page.review.issue
            asks = marks.asks if marks is not None else 0
            issue.ask(what, self._name, drafts, workspace.today, ronda=ronda, locked=self.locked, asks=asks)
            self._page.review.ask(issue)

        self._desk.run(lambda _progress: next_round(workspace, receipt.dependencia, receipt.vigencia), ask)

    def _issue(self, wanted: Wanted) -> None:
        workspace, sha256 = self._desk.workspace, self.receipt.sha256
        panel, keys = self._page.review.issue, self._keys

        def work(progress: Progress) -> tuple[tuple[Signer, Signer], Returned | Acknowledged]:
            opened = keys or Office(workspace).unlock(wanted.passphrase)
            if wanted.what == GIVING:
                made: Returned | Acknowledged = give_back(
                    workspace,
                    sha256,
                    opened[1],
                    wanted.folder,
                    wanted.due,
                    progress,
                    reason=wanted.reason,
                    paper=wanted.paper,
                )
            else:
                made = acknowledge(workspace, sha256, opened[1], wanted.folder, paper=wanted.paper)
            return opened, made

        panel.set_busy(busy=True)
        text = "Escribiendo el acuse…" if wanted.what == ACKNOWLEDGING else "Escribiendo la devolución…"
        task = self._desk.save(work, CHANGES | ASKED, self._issued, fails=panel.failed, text=text)
        task.cancelled.connect(lambda: panel.set_busy(busy=False))

    def _issued(self, done: tuple[tuple[Signer, Signer], Returned | Acknowledged]) -> None:
        self._keys, made = done
        self._page.review.issue.set_busy(busy=False)
        self._page.review.back()
        notice = self._desk.notice
        if isinstance(made, Returned):
            what = f"Se devolvió por {made.ronda}.ª vez. Lleve «{made.path.name}» a la dependencia."
        else:
            what = f"Se escribió el acuse de recibo «{made.path.name}»."
        notice.tell(
            what,
            f"La página para imprimir está al lado: {made.pdf}",
            tone="fine",
            action="Abrir la página",
            act=lambda: show_outside(made.pdf, notice),
        )
        show_outside(made.pdf, notice)

    # -- who signed

    def _look_at_signer(self) -> None:
        line, workspace = self._page.review.line, self._desk.workspace
        if line is None or line.path is None:
            return
        path = line.path

        def looked(found: Candidate) -> None:
            confirming = self._page.review.confirming
            confirming.begin()
            confirming.show_candidate(found)
            self._page.review.ask(confirming)

        self._desk.run(lambda _progress: enrolment.look(workspace, path), looked)

    def _confirm(self, found: Candidate, nombre: str, cargo: str, old: str, because: str) -> None:
        workspace, panel = self._desk.workspace, self._page.review.confirming
        authority = self._keys[0] if self._keys is not None else None

        def work(_progress: Progress) -> Enrolled:
            return enrolment.confirm(
                workspace,
                found.path,
                found.fingerprint,
                authority,
                nombre=nombre,
                cargo=cargo,
                in_place_of=old,
                annulled_because=because,
            )

        def then(made: Enrolled) -> None:
            panel.set_busy(busy=False)
            self._page.review.back()
            issued = "Su certificado quedó expedido" if authority is not None else "Su certificado se expide"
            self._desk.notice.tell(
                f"{made.nombre} ya puede firmar por {made.dependencia_nombre}.",
                f"{issued} y viaja con el próximo archivo de inicio o con la próxima devolución.",
                tone="fine",
            )
            self._page.receive_again(found.fingerprint)

        def failed(error: UserError) -> None:
            panel.failed(error)
            self._desk.notice.error(error)

        panel.set_busy(busy=True)
        self._desk.save(work, {"firmantes"}, then, fails=failed, text="Confirmando al firmante…")

    @property
    def _name(self) -> str:
        line = self._page.review.line
        return line.name if line is not None else ""

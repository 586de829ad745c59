"""Who may sign for whom, and the keys of the office itself: all that the trust in deliveries stands on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from peti_desktop.consolidation import roles
from peti_desktop.errors import UserError
from peti_desktop.office import enrolment, keyfile, starting
from peti_desktop.office.authority import AnotherEntity, Office, Standing
from peti_desktop.office.authority import Backup as BackedUp
from peti_desktop.office.enrolment import Candidate, Enrolled
from peti_desktop.office.starting import Unit, Written
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import button
from ui.desk import Desk, Page
from ui.oficina.firmantes_confirmar import KEEP, Confirm
from ui.oficina.firmantes_inicio import Starting, tell_written, writing
from ui.oficina.firmantes_llaves import DEEDS, KeysCard, allow
from ui.oficina.firmantes_paneles import Annul, AskPassphrase, Backup, NewPassphrase, Panel, scrolled
from ui.oficina.firmantes_registro import ANNUL, Register
from ui.oficina.words import plural
from ui.outside import show_outside

SIGNERS = "firmantes"
"""What other pages reload for when somebody was confirmed or annulled."""
KEY_FILES = f"Llaves de la oficina (*{keyfile.SUFFIX})"
SIGNED_FILES = "Solicitudes y entregas (*.xlsx)"


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows, and why who works here may not look after the keys, or only not make them; None: may."""

    standing: Standing
    people: list[Enrolled]
    refused: UserError | None
    only_jefe: UserError | None


class FirmantesPage(Page):
    """See the module. Every question is asked in the page itself, in a panel over the list."""

    title = "Firmantes"
    subtitle = "Quién puede firmar por cada dependencia, con qué clave y desde cuándo."
    shows = frozenset({SIGNERS})
    scrolls = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.office = Office(desk.workspace)
        self.standing: Standing | None = None
        self._people_panel()
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.list = QWidget()
        self._build_list()
        self.stack.addWidget(scrolled(self.list))
        self._panels: dict[Panel, QWidget] = {}
        self._restoring: Path | None = None
        self._build_panels()

    # -- building

    def _people_panel(self) -> None:
        """The actions at the right of the title."""
        self.confirm_button = button("Con&firmar desde archivo…", self._pick_candidate, role="primary")
        self.start_button = button("Archi&vos de inicio…", self.begin_starting, icon="entregar")
        self.print_button = button("Im&primir", self._print, icon="imprimir")
        for made in (self.print_button, self.start_button, self.confirm_button):
            self.actions_row.addWidget(made)

    def _build_panels(self) -> None:
        info, server = self.desk.workspace.info, bool(self.desk.workspace.store.server)
        names = (info.entidad, info.nombre, info.cargo)
        place = self._pick_place if server else None
        self.creating = NewPassphrase(
            "Cree la autoridad de la Oficina TIC",
            "Crear las &llaves",
            "Con ella se certifica a quienes firman por las dependencias. Queda en un archivo junto a los datos, bajo "
            "esta contraseña: nadie puede recuperarla si se olvida. Crear las llaves tarda unos segundos.",
            place=place,
            names=names,
        )
        self.changing = NewPassphrase(
            "Cambie la contraseña de las llaves",
            "&Guardar la contraseña",
            "Las copias hechas antes siguen abriéndose con la contraseña de antes: haga una copia nueva y "
            "destruya las viejas.",
            old=True,
            names=names,
        )
        self.backup = Backup()
        self.renewing = AskPassphrase(
            "Renueve la autoridad",
            "R&enovarla",
            "Se crea otra autoridad, que firma la de ahora: las dependencias la aceptan al abrir su próximo archivo de "
            "inicio, sin comparar huellas. Los certificados se expiden de nuevo con esos archivos.",
        )
        self.renewing_office = AskPassphrase(
            "Renueve la clave con que firma la oficina",
            "R&enovarla",
            "Lo que ya firmó la oficina sigue siendo válido. La clave nueva queda a nombre de quien trabaja aquí.",
        )
        self.restoring = AskPassphrase("Restaure las llaves", "Resta&urarlas")
        self.confirming, self.annulling, self.starting = Confirm(), Annul(), Starting()
        for panel in (
            self.creating,
            self.changing,
            self.backup,
            self.renewing,
            self.renewing_office,
            self.restoring,
            self.confirming,
            self.annulling,
            self.starting,
        ):
            area = scrolled(panel, stretch=True)
            self._panels[panel] = area
            self.stack.addWidget(area)
            panel.back.connect(self.show_list)
        self.creating.said.connect(self._do_create)
        self.changing.said.connect(self._do_change)
        self.backup.said.connect(self._do_back_up)
        self.renewing.said.connect(self._do_renew)
        self.renewing_office.said.connect(self._do_renew_office)
        self.restoring.said.connect(self._do_restore)
        self.confirming.said.connect(self._do_confirm)
        self.annulling.said.connect(self._do_annul)
        self.starting.said.connect(self._do_start)

    def _build_list(self) -> None:
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.MEDIUM)
        self.keys, self.register = KeysCard(), Register()
        self.keys.asked.connect(self.do_deed)
        self.register.asked.connect(self._about_person)
        column.addWidget(self.keys)
        column.addWidget(self.register, 1)

    # -- reading

    def reload(self) -> None:
        workspace, office = self.desk.workspace, self.office

        def work(_progress: Progress) -> Found:
            refused, only_jefe = (roles.refusal(workspace, action) for action in (roles.CHANGE, roles.AUTHORITY))
            return Found(office.standing(), enrolment.listing(workspace), refused, only_jefe)

        self.desk.run(work, self._fill)

    def _fill(self, found: Found) -> None:
        self.standing, people, refused = found.standing, found.people, found.refused
        self.keys.show_standing(self.standing, refused, found.only_jefe)
        allow(self.start_button, refused, can=self.standing.exists and self.standing.there)
        allow(self.confirm_button, refused)
        self.register.fill(people, refused)
        signing = sum(one.in_force for one in people)
        units = len({one.dependencia for one in people if one.in_force})
        self.set_subtitle(_signing(signing, units) if people else "Todavía no se confirma a nadie.")

    # -- panels

    def show_list(self) -> None:
        """Leave whatever was asked."""
        panel = self.panel
        if panel is not None:
            panel.begin()
        self.stack.setCurrentIndex(0)
        self._allow(allowed=True)
        self.register.setFocus()

    @property
    def panel(self) -> Panel | None:
        """The question in front."""
        shown = self.stack.currentWidget()
        return next((panel for panel, area in self._panels.items() if area is shown), None)

    def _ask(self, panel: Panel) -> None:
        panel.begin()
        self.stack.setCurrentWidget(self._panels[panel])
        self._allow(allowed=False)
        panel.setFocus()

    def _allow(self, *, allowed: bool) -> None:
        for made in (self.confirm_button, self.start_button, self.print_button):
            made.setVisible(allowed)

    def _do(
        self,
        panel: Panel,
        work: Callable[[Progress], Any],
        then: Callable[[Any], object],
        text: str,
        fails: Callable[[UserError], object] | None = None,
    ) -> None:
        panel.set_busy(busy=True)
        task = self.desk.save(work, {SIGNERS}, then, origin=self, fails=fails or panel.failed, text=text)
        task.cancelled.connect(lambda: panel.set_busy(busy=False))
        task.succeeded.connect(lambda _result: self.reload())

    def flush(self) -> None:
        for panel in self._panels:
            panel.wipe()

    def target(self, wanted: Any) -> None:
        """A path: confirm the key of that file. «respaldar» and the other deeds: do it."""
        if isinstance(wanted, Path):
            self.look(wanted)
        elif isinstance(wanted, str) and wanted in DEEDS:
            self.do_deed(wanted)

    # -- the office's keys

    def do_deed(self, name: str) -> None:
        """Begin what the office can do with its keys, by its name in ``DEEDS``."""
        match name:
            case "restaurar":
                self._restore()
            case _:
                asking = {
                    "crear": self.creating,
                    "respaldar": self.backup,
                    "contrasena": self.changing,
                    "renovar": self.renewing,
                    "renovar_oficina": self.renewing_office,
                }
                self._ask(asking[name])

    def _do_create(self, passphrase: str, _old: str, path: Path | None) -> None:
        office = self.office
        self._do(
            self.creating,
            lambda _progress: office.create(passphrase, path),
            lambda _made: self._copy_now(passphrase),
            "Creando las llaves…",
        )

    def _copy_now(self, passphrase: str) -> None:
        """Right after the keys changed: the copy, with the passphrase at hand."""
        panel = self.panel
        if panel is not None:
            panel.begin()
        self._ask(self.backup)
        self.backup.remember(passphrase)

    def _do_change(self, passphrase: str, old: str, _path: Path | None) -> None:
        office = self.office
        self._do(
            self.changing,
            lambda _progress: office.change_passphrase(old, passphrase),
            lambda _none: self._copy_now(passphrase),
            "Cambiando la contraseña…",
        )

    def _do_back_up(self, passphrase: str) -> None:
        folder = self.desk.messages.folder("Memoria USB o disco donde se guarda la copia de las llaves")
        if folder is None:
            return
        office = self.office
        self._do(self.backup, lambda _p: office.back_up(folder, passphrase), self._backed_up, "Copiando las llaves…")

    def _backed_up(self, made: BackedUp) -> None:
        self.show_list()
        if made.same_disk:
            self.desk.notice.tell(
                f"Se copiaron las llaves en {made.path}, pero es el mismo disco.",
                "Si ese disco se daña se pierden las dos: haga otra copia en una memoria USB.",
                tone="warns",
            )
        else:
            self.desk.notice.tell(
                f"Se copiaron las llaves en {made.path}.",
                "La copia se leyó de nuevo y abre con la contraseña. Guárdela bajo llave, lejos de este equipo.",
                tone="fine",
            )

    def _do_renew(self, passphrase: str) -> None:
        office = self.office
        self._do(
            self.renewing,
            lambda _progress: office.renew(passphrase),
            lambda _made: self._copy_now(passphrase),
            "Renovando la autoridad…",
        )

    def _do_renew_office(self, passphrase: str) -> None:
        office = self.office
        self._do(
            self.renewing_office,
            lambda _progress: office.renew_office(passphrase),
            lambda _made: self._copy_now(passphrase),
            "Renovando la clave…",
        )

    def _restore(self) -> None:
        chosen = self.desk.messages.open_file("Copia de las llaves", KEY_FILES)
        if chosen is None:
            return
        self._restoring = chosen
        self.restoring.about.setText(f"De la copia «{chosen.name}». Escriba la contraseña que tenían al copiarlas.")
        self.restoring.about.show()
        self._ask(self.restoring)

    def _do_restore(self, passphrase: str) -> None:
        office, backup = self.office, self._restoring
        assert backup is not None
        path = self._pick_place() if self.desk.workspace.store.server and office.path() is None else None
        if self.desk.workspace.store.server and path is None and office.path() is None:
            return
        self._restore_from(backup, passphrase, path, confirmed=False)

    def _restore_from(self, backup: Path, passphrase: str, path: Path | None, *, confirmed: bool) -> None:
        office = self.office

        def failed(error: UserError) -> None:
            if isinstance(error, AnotherEntity) and self.desk.messages.ask(
                "¿Son estas las llaves de su oficina?", "Sí, restaurarlas", str(error)
            ):
                self._restore_from(backup, passphrase, path, confirmed=True)
            else:
                self.restoring.failed(error)

        self._do(
            self.restoring,
            lambda _progress: office.restore(backup, passphrase, path, confirmed=confirmed),
            lambda _made: self._restored(),
            "Restaurando las llaves…",
            failed,
        )

    def _restored(self) -> None:
        self.show_list()
        self.desk.notice.tell("Las llaves de la oficina quedaron restauradas en este equipo.", tone="fine")

    def _pick_place(self) -> Path | None:
        proposed = Path.home() / f"oficina{keyfile.SUFFIX}"
        return self.desk.messages.save_file("Dónde se guardan las llaves de la oficina", proposed, KEY_FILES)

    # -- people

    def _about_person(self, deed: str) -> None:
        if deed == ANNUL:
            self._annul()
        else:
            self._pick_candidate(deed)

    def _pick_candidate(self, how: str = KEEP) -> None:
        chosen = self.desk.messages.open_file("Solicitud de firma, o una entrega firmada", SIGNED_FILES)
        if chosen is not None:
            self.look(chosen, how)

    def look(self, path: Path, how: str = KEEP) -> None:
        """Show the key of a file to be confirmed; ``how`` is what becomes of the key of the person in front."""
        workspace, old = self.desk.workspace, self.register.person
        key_id = old.key_id if old is not None and how != KEEP else ""

        def looked(found: Candidate) -> None:
            self._ask(self.confirming)
            self.confirming.show_candidate(found, key_id, how)
            self.confirming.setFocus()

        self.desk.run(lambda _progress: enrolment.look(workspace, path), looked, text="Leyendo el archivo…")

    def _do_confirm(self, found: Candidate, nombre: str, cargo: str, old: str, because: str) -> None:
        workspace = self.desk.workspace

        def work(_progress: Progress) -> Enrolled:
            return enrolment.confirm(
                workspace,
                found.path,
                found.fingerprint,
                nombre=nombre,
                cargo=cargo,
                in_place_of=old,
                annulled_because=because,
            )

        self._do(self.confirming, work, self._confirmed, "Confirmando…")

    def _confirmed(self, made: Enrolled) -> None:
        self.show_list()
        can = self.standing is not None and self.standing.exists and self.standing.there
        self.desk.notice.tell(
            f"{made.nombre} ya puede firmar por {made.dependencia_nombre}.",
            "Su certificado viaja con el próximo archivo de inicio o con la próxima devolución.",
            tone="fine",
            action="Escribir el archivo de inicio" if can else "",
            act=partial(self.begin_starting, (made.dependencia,)),
        )

    def _annul(self) -> None:
        found = self.register.person
        if found is None or not found.in_force:
            return
        self._ask(self.annulling)
        self.annulling.show_person(found, self.desk.workspace.today)
        self.annulling.setFocus()

    def _do_annul(self, key_id: str, reason: str, since: Any) -> None:
        workspace = self.desk.workspace
        self._do(
            self.annulling,
            lambda _progress: enrolment.annul(workspace, key_id, reason, since),
            self._annulled,
            "Anulando la clave…",
        )

    def _annulled(self, made: Enrolled) -> None:
        self.show_list()
        can = self.standing is not None and self.standing.there
        self.desk.notice.tell(
            f"La clave de {made.nombre} quedó {'anulada' if not made.in_force else 'por anular en esa fecha'}.",
            "Para que su equipo lo sepa, escriba el archivo de inicio de la dependencia.",
            tone="info",
            action="Escribir el archivo de inicio" if can else "",
            act=partial(self.begin_starting, (made.dependencia,)),
        )

    # -- starter files and paper

    def begin_starting(self, chosen: tuple[str, ...] | None = None) -> None:
        """Ask for which dependencias; ``chosen`` are ticked, all for None."""
        workspace = self.desk.workspace

        def found(units: list[Unit]) -> None:
            self._ask(self.starting)
            self.starting.fill(units, chosen)
            (self.starting if chosen is None else self.starting.passphrase).setFocus()

        self.desk.run(lambda _progress: starting.units(workspace), found)

    def _do_start(self, codes: list[str], passphrase: str) -> None:
        asked = writing(self.desk, self.office, codes, passphrase)
        if asked is not None:
            folder, work = asked
            self._do(self.starting, work, partial(self._started, folder), "Escribiendo los archivos de inicio…")

    def _started(self, folder: Path, written: list[Written]) -> None:
        self.show_list()
        tell_written(self.desk, folder, written, f"En {folder}")

    def _print(self) -> None:
        from peti_desktop.reports import firmantes

        workspace = self.desk.workspace
        proposed = Path.home() / firmantes.file_name(workspace.info.vigencia)
        path = self.desk.messages.save_file("Guardar la lista de firmantes", proposed, "PDF (*.pdf)")
        if path is None:
            return
        self.desk.run(
            lambda _progress: firmantes.write(workspace, path),
            lambda _none: self.desk.notice.tell(
                f"Se guardó «{path.name}».",
                f"En {path.parent}",
                tone="fine",
                action="Abrirlo",
                act=partial(show_outside, path, self.desk.notice),
            ),
            text="Preparando la lista…",
        )


def _signing(keys: int, units: int) -> str:
    """«26 claves firman hoy por 26 dependencias.»"""
    verb = "clave firma" if keys == 1 else "claves firman"
    return f"{keys} {verb} hoy por {plural(units, 'dependencia', 'dependencias')}."

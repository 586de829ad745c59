"""Somebody brings a copy to restore, or a post to take over: what is in it, and where it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from peti_desktop.errors import UserError
from peti_desktop.progress import Progress
from ui import theme
from ui.chips import button, card, label
from ui.front import FrontPage, pairs
from ui.messages import Messages
from ui.start import KINDS, Start, documents
from ui.tasks import Tasks

WIDEST: Final = 820
COPY, POST = "copia", "cargo"
WORDS: Final = {
    COPY: ("Restaurar una copia", "Lo que trae la copia", "&Restaurar"),
    POST: ("Recibir el cargo", "Lo que le entregan", "&Recibir el cargo"),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What is in the file, as lines of (label, value), and the name proposed for the store it becomes."""

    lines: tuple[tuple[str, str], ...]
    proposed: str


def counted(counts: dict[str, int]) -> str:
    """12 riesgos · 30 controles…, what there is of."""
    from peti_desktop.records import TYPES

    words = [
        f"{many:,} {(kind.singular if many == 1 else kind.title).lower()}".replace(",", ".")
        for name, kind in TYPES.items()
        if (many := counts.get(name, 0))
    ]
    return " · ".join(words) or "Ningún registro"


def look(kind: str, path: Path, _progress: Progress) -> Facts:
    """What the file is, proven as far as its kind can be. Raises UserError."""
    from peti_desktop.moments import spoken_moment

    if kind == COPY:
        from peti_desktop.copies import examine

        copy = examine(path)
        room = path.parent.name.partition("_copias")
        stem = room[0] if room[1] else f"peti-{copy.vigencia}-{copy.dependencia.lower()}"
        lines = [
            ("De", f"{copy.dependencia_nombre} · vigencia {copy.vigencia}"),
            ("Hecha", f"{spoken_moment(copy.made_at)} · {copy.why}"),
            ("Trabajaba", copy.nombre),
            ("Contiene", counted(copy.counts or {})),
        ]
        return Facts(tuple(lines), f"{stem}.sqlite")
    from peti_desktop.handover import examine as offered

    offer = offered(path)
    signed = "Sin firma: compare el código con el del acta en papel."
    if offer.signer is not None:
        signed = f"{offer.signer.nombre} · huella {offer.signer.fingerprint}: compárela con la del acta."
    lines = [
        ("De", f"{offer.dependencia_nombre} · vigencia {offer.vigencia}"),
        ("Quién entrega", ", ".join(part for part in (offer.nombre, offer.cargo) if part)),
        ("Preparada", spoken_moment(offer.made_at)),
        ("Contiene", counted(offer.counts)),
        ("Código", offer.code),
        ("Firma", signed),
    ]
    return Facts(tuple(lines), f"peti-{offer.vigencia}-{offer.dependencia.lower()}.sqlite")


class ArrivalPage(FrontPage):
    """What is in the file at ``path``, read and proven while the page stands, and where it goes."""

    def __init__(
        self, kind: str, path: Path, messages: Messages, tasks: Tasks, folder: Callable[[], Path] = documents
    ) -> None:
        title, heading, verb = WORDS[kind]
        super().__init__(title, verb, str(path), WIDEST)
        self._kind, self._source, self._messages, self._folder = kind, path, messages, folder
        frame, rows = card(heading)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(theme.LARGE)
        self.facts.setColumnStretch(1, 1)
        rows.addLayout(self.facts)
        self.state = label("Leyendo y comprobando el archivo…", "muted", wraps=True)
        rows.addWidget(self.state)
        self.column.addWidget(frame)
        self.form = self._form()
        self.column.addWidget(self.form)
        self.form.setEnabled(False)
        self.go.setEnabled(False)
        reading = tasks.run(lambda progress: look(kind, path, progress), store=False)
        reading.succeeded.connect(self._fill)
        reading.failed.connect(self._refuse)

    def _form(self) -> QWidget:
        frame, rows = card("¿Dónde queda el archivo de datos en este equipo?")
        self.path = QLineEdit()
        self.path.setAccessibleName("Archivo de datos")
        line = QHBoxLayout()
        line.addWidget(self.path, 1)
        line.addWidget(button("Cam&biar…", self._choose))
        rows.addLayout(line)
        note = "Si ahí ya hay un archivo suyo, primero se guarda una copia de él."
        self.nombre, self.cargo = QLineEdit(), QLineEdit()
        if self._kind == POST:
            note = "La clave de firma no pasa: usted crea la suya con su primera entrega."
            rows.addLayout(pairs(("Su &nombre", self.nombre), ("Su &cargo", self.cargo)))
        rows.addWidget(label(note, "muted", wraps=True))
        return frame

    def _fill(self, facts: Facts) -> None:
        for row, (name, value) in enumerate(facts.lines):
            self.facts.addWidget(label(name, "muted"), row, 0)
            self.facts.addWidget(label(value, wraps=True), row, 1)
        self.state.hide()
        self.path.setText(str(self._folder() / facts.proposed))
        self.form.setEnabled(True)
        self.go.setEnabled(True)
        (self.nombre if self._kind == POST else self.go).setFocus()

    def _refuse(self, error: object) -> None:
        self.state.setProperty("role", "stops")
        theme.restyle(self.state)
        self.state.setText(f"✕ {error}" if isinstance(error, UserError) else "✕ No se pudo leer el archivo.")
        self.form.hide()
        self.go.hide()
        self.leave.setFocus()

    def _choose(self) -> None:
        chosen = self._messages.save_file("¿Dónde queda?", Path(self.path.text()), KINDS)
        if chosen is not None:
            self.path.setText(str(chosen if chosen.suffix else chosen.with_suffix(".sqlite")))

    def begin(self) -> None:
        """Send where the file goes and whose it is, or say what is missing."""
        nombre, cargo = self.nombre.text().strip(), self.cargo.text().strip()
        if not self.path.text().strip():
            self.lacks("Diga dónde queda el archivo.", self.path)
        elif self._kind == POST and not nombre:
            self.lacks("Escriba su nombre: aparece en el acta de entrega.", self.nombre)
        elif self._kind == POST and not cargo:
            self.lacks("Escriba su cargo: aparece en el acta de entrega.", self.cargo)
        else:
            self.wrong.hide()
            copy, post = (self._source, None) if self._kind == COPY else (None, self._source)
            path = Path(self.path.text().strip())
            self.chosen.emit(Start(path, nombre=nombre, cargo=cargo, copy=copy, post=post))

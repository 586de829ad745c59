"""The words of a check: four statuses, a code and a Spanish sentence per reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography import x509

from peti_desktop.trust import certificates

# What a clerk reads, per code; pieces in braces are filled in by ``reason``.
SENTENCES: Mapping[str, str] = {
    # what arrived is not a workbook
    "vacio": "El archivo está vacío; pida que lo envíen de nuevo.",
    "muy_grande": "El archivo es más grande que cualquier entrega de Peti Desktop; no se abrió.",
    "xls_antiguo": (
        "El archivo es un libro antiguo (.xls) o tiene contraseña de Excel; "
        "pida el archivo .xlsx tal como lo exportó Peti Desktop."
    ),
    "texto_disfrazado": (
        "El archivo es una página web o un texto al que le cambiaron el nombre por .xlsx; "
        "pida el archivo que exportó Peti Desktop."
    ),
    "comprimido": "El archivo es un comprimido que trae libros adentro; descomprímalo y traiga cada libro.",
    "no_es_libro": "El archivo no es un libro de Excel (.xlsx); pida el archivo que exportó Peti Desktop.",
    # a workbook, but not as it was sent
    "incompleto": "El archivo llegó incompleto; pida que lo envíen de nuevo.",
    "danado": "El archivo se dañó en el camino; pida que lo envíen de nuevo.",
    "zip_manipulado": (
        "El archivo no está armado como los que escribe Peti Desktop; pida a la dependencia que exporte de nuevo."
    ),
    "sin_firma": (
        "El libro no está firmado, o fue vuelto a guardar con Excel u otro programa, que le quita la firma; "
        "pida el archivo original, sin abrirlo ni guardarlo."
    ),
    "vuelto_a_guardar": (
        "El libro salió de Peti Desktop, pero fue vuelto a guardar con {program} y perdió la firma; "
        "pida el archivo original, o que lo exporten de nuevo."
    ),
    "partes_ajenas": (
        "El libro trae partes que Peti Desktop no escribe, como macros, propiedades o imágenes; "
        "pida el archivo original."
    ),
    "estructura_cambiada": (
        "Las partes del libro están enlazadas de otra manera que al exportarlo; pida el archivo original."
    ),
    # the signature itself
    "segunda_firma": "El libro trae otra firma además de la de Peti Desktop; pida el archivo original.",
    "firma_ajena": "El libro está firmado, pero no por Peti Desktop; pida a la dependencia que lo exporte.",
    "formato_nuevo": "El libro fue firmado por una versión más nueva de Peti Desktop; actualice el programa.",
    "alterada": "El contenido del libro cambió después de firmado; pida el archivo original.",
    "firma_falsa": "La firma no fue hecha con la clave que el libro dice; no acepte este archivo.",
    # the signer
    "certificado_perfil": "El certificado del firmante no es de los que hace Peti Desktop; no acepte este archivo.",
    "certificado_falso": (
        "El certificado dice venir de la Oficina TIC, pero ella no lo expidió; no acepte este archivo."
    ),
    "firmante_desconocido": (
        "El libro está íntegro, pero la clave de quien firma aún no ha sido confirmada; "
        "compare la huella {fingerprint} con el acta en papel o por teléfono."
    ),
    "dependencia_distinta": (
        "La clave de quien firma fue confirmada para la dependencia {confirmed} y el libro dice {claimed}."
    ),
    "anulada": "La clave de quien firma fue anulada el {date}; la dependencia debe firmar con una clave nueva.",
    "certificado_vencido": "El certificado de quien firma venció el {date}; la dependencia debe renovarlo.",
    "certificado_aun_no_vale": (
        "El libro dice firmado antes de que valiera el certificado ({date}); revise la fecha de ese equipo."
    ),
    "fecha_futura": (
        "El libro dice firmado el {date}, que aún no llega; pida corregir la fecha del equipo y exportar de nuevo."
    ),
    # notices
    "reloj_adelantado": "El reloj del equipo donde se firmó está adelantado; conviene corregirlo.",
    "vence_pronto": "El certificado de quien firma vence el {date}; conviene renovarlo antes.",
}


class Status(StrEnum):
    """The one line at the bottom of a check."""

    VALIDA = "válida"
    CON_AVISOS = "válida con avisos"
    DESCONOCIDA = "desconocida"
    NO_VALIDA = "no válida"


@dataclass(frozen=True)
class Reason:
    """Why a check ended as it did: ``sentence`` for a clerk, ``detail`` (may be empty) for a technician."""

    code: str
    sentence: str
    detail: str = ""


def reason(code: str, detail: str = "", **facts: str) -> Reason:
    """The reason ``code`` with its sentence filled in."""
    return Reason(code, SENTENCES[code].format(**facts), detail)


class Refusal(Exception):  # noqa: N818 - an answer of the check, not a fault of the program
    """A file that is refused before its signer matters."""

    def __init__(self, code: str, detail: str = "", **facts: str) -> None:
        self.reason = reason(code, detail, **facts)
        super().__init__(f"{code}: {detail}")

    @property
    def code(self) -> str:
        return self.reason.code

    @property
    def sentence(self) -> str:
        return self.reason.sentence


@dataclass(frozen=True)
class SignerInfo:
    """Who the certificate says signed. Decide by ``dependencia`` and ``key_id``; the rest is for display."""

    nombre: str
    cargo: str
    dependencia: str
    dependencia_nombre: str
    entidad: str
    fingerprint: str
    key_id: str
    certificate: bytes
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True)
class Trust:
    """What the one who checks knows about keys.

    ``confirmed`` maps a key id to the dependencia the office confirmed it for; such a key is good with any
    certificate of our profile. ``annulled`` maps a key id to the moment from which it is refused. Raises
    ``certificates.ProfileError`` for an authority that is none.
    """

    authorities: tuple[x509.Certificate, ...] = ()
    confirmed: Mapping[str, str] = field(default_factory=dict)
    annulled: Mapping[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for authority in self.authorities:
            certificates.check_authority(authority)


@dataclass(frozen=True)
class Verification:
    """The outcome of a check.

    ``parts`` are the verified bytes of the package, and the only thing a reader of cells may be given. They are
    there whenever contents and signature belong together, even if the signer is unknown, expired or annulled:
    whoever wants to *take* the contents looks at ``status`` first.
    """

    status: Status
    reasons: tuple[Reason, ...] = ()
    signer: SignerInfo | None = None
    signed_at: datetime | None = None
    comment: str = ""
    parts: Mapping[str, bytes] | None = None

    @property
    def accepted(self) -> bool:
        """Whether the contents may be taken without asking anybody."""
        return self.status in {Status.VALIDA, Status.CON_AVISOS}

"""Trouble with a store, in the words of the person who can mend it."""

from collections.abc import Iterator
from contextlib import contextmanager

from db.store import StoreProblem
from peti_desktop.errors import UserError

_WORDS = {
    "missing": (
        "No se encontró el archivo de datos {detail}.",
        "Revise el nombre y la carpeta, o conecte la memoria donde está.",
    ),
    "exists": ("Ya hay un archivo de datos en {detail}.", "Ábralo, o escoja otro nombre o carpeta."),
    "not_ours": (
        "Ese archivo no es un archivo de datos de Peti Desktop.",
        "Escoja el archivo terminado en .sqlite que creó el programa.",
    ),
    "damaged": (
        "El archivo de datos está dañado y no se puede leer completo.",
        "No lo borre: abra la copia de respaldo más reciente y avise a la Oficina TIC.",
    ),
    "incomplete": (
        "El archivo de datos está incompleto: no dice de quién es.",
        "Parece una copia a medias: abra el original o un respaldo completo.",
    ),
    "newer": (
        "El archivo de datos lo escribió una versión más nueva del programa.",
        "Actualice Peti Desktop en este equipo y ábralo de nuevo.",
    ),
    "older": (
        "El archivo de datos es de una versión anterior y todavía no se ha actualizado.",
        "Ábralo una vez con la ventana del programa y repita la orden.",
    ),
    "locked": (
        "El archivo de datos está abierto en otra parte{by}.",
        "Cierre allá el programa y vuelva a intentarlo; no se guardó ni se perdió nada.",
    ),
    "read_only": (
        "No se puede escribir en la carpeta del archivo de datos.",
        "Cópielo a una carpeta donde usted pueda guardar, o pida permiso de escritura.",
    ),
    "full": (
        "El disco está lleno y no se pudo guardar.",
        "Libere espacio y vuelva a intentarlo; lo guardado hasta ahora está completo.",
    ),
    "address": (
        "No se puede abrir el archivo de datos «{detail}».",
        "Escriba la ruta de un archivo .sqlite, o la dirección de un servidor: postgresql://usuario@equipo/base.",
    ),
    "reading": (
        "Estos datos están abiertos solo para leer: no se cambió nada.",
        "Para cambiarlos, debe abrirlos para trabajar un analista o el jefe de la Oficina TIC.",
    ),
    "busy": (
        "Otra persona está guardando en este momento{by}.",
        "Espere un momento y vuelva a intentarlo; de lo suyo no se guardó nada a medias.",
    ),
    "slow": (
        "El servidor de datos interrumpió una consulta que tardaba demasiado.",
        "Vuelva a intentarlo cuando haya menos trabajo, o avise a quien lo administra.",
    ),
    "lost": (
        "Se perdió la conexión con el servidor de datos ({detail}).",
        "Nada quedó a medias: revise la red, vuelva a intentarlo y mire si lo último quedó guardado.",
    ),
    "unreachable": (
        "No responde el servidor de datos ({detail}).",
        "Revise la red y que el servidor esté encendido, o avise a quien lo administra.",
    ),
    "password": (
        "El servidor de datos no aceptó el usuario o la contraseña ({detail}).",
        "Escríbalos de nuevo; sin ventana, la contraseña se da en PGPASSWORD o en el archivo .pgpass.",
    ),
    "no_database": (
        "En el servidor no existe esa base de datos ({detail}).",
        "Revise el nombre, o pida a quien administra el servidor que la cree.",
    ),
    "forbidden": (
        "El servidor no le permite a su usuario trabajar con esos datos ({detail}).",
        "Pida permiso a quien administra el servidor.",
    ),
    "empty": (
        "La base de datos del servidor está vacía ({detail}).",
        "Pase allí un archivo de datos, o empiece en ella como Oficina TIC desde la primera página.",
    ),
    "encoding": (
        "La base de datos del servidor no guarda todas las letras (usa {detail}).",
        "Pida una base de datos creada con la codificación UTF8.",
    ),
    "too_long": (
        "Un texto es demasiado largo para el servidor de datos.",
        "Acórtelo (una placa o un serial tienen pocas letras) y guarde de nuevo.",
    ),
}


@contextmanager
def spoken() -> Iterator[None]:
    """Turn StoreProblem into UserError, at the border of the store."""
    try:
        yield
    except StoreProblem as problem:
        what, todo = _WORDS[problem.code]
        by = f" (por {problem.detail})" if " en " in problem.detail else ""
        raise UserError(what.format(detail=problem.detail, by=by), todo) from problem

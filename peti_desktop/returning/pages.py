"""The printed page of a file of the office, drawn from what the file says and nothing else."""

from peti_desktop.records import TYPES
from peti_desktop.reports import acuse, devolucion
from peti_desktop.reports.acuse import AcuseFacts
from peti_desktop.reports.devolucion import AskedLine, DevolucionFacts
from peti_desktop.reports.page import CARTA, Paper
from peti_desktop.returning.contents import RETURN, Contents, file_name


def page(contents: Contents, paper: Paper = CARTA) -> bytes:
    """The page as a PDF; equal contents, equal bytes."""
    if contents.told.clase == RETURN:
        return devolucion.drawn(_devolucion(contents), paper)
    return acuse.drawn(_acuse(contents), paper)


def _devolucion(contents: Contents) -> DevolucionFacts:
    told = contents.told
    assert told.vence is not None
    return DevolucionFacts(
        entity=told.entidad,
        dependencia=told.dependencia_nombre,
        vigencia=told.vigencia,
        ronda=told.ronda,
        code=told.codigo,
        number=told.numero,
        delivery_code=told.entrega_codigo,
        delivery_file=told.archivo,
        received_at=told.recibida_en,
        due=told.vence,
        file_name=file_name(told),
        issued_at=told.emitida_en,
        counter=told.contador,
        nombre=told.nombre,
        cargo=told.cargo,
        asked=[
            AskedLine(
                section=TYPES[point.tipo].title if point.tipo else "Toda la entrega",
                titular=point.titular,
                campo=point.campo_nombre,
                declarado=point.declarado,
                texto=point.texto,
            )
            for point in contents.points
        ],
    )


def _acuse(contents: Contents) -> AcuseFacts:
    told = contents.told
    return AcuseFacts(
        entity=told.entidad,
        dependencia=told.dependencia_nombre,
        vigencia=told.vigencia,
        number=told.numero,
        code=told.codigo,
        file_name=told.archivo,
        sha256=told.entrega,
        signer=told.firmante,
        verdict=told.veredicto,
        state=told.estado,
        received_at=told.recibida_en,
        issued_at=told.emitida_en,
        counts=dict(told.counts),
        nombre=told.nombre,
        cargo=told.cargo,
        counter=told.contador,
        previous=told.previo,
    )

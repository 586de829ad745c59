"""Texts that are causes or wishes, and texts that are neither."""

import pytest

from peti_desktop.records.wording import reads_like


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Falta de mantenimiento del software", "causa"),
        ("No contar con internet", "causa"),
        ("Ausencia de copias de respaldo", "causa"),
        ("Necesidad de un servidor", "deseo"),
        ("Mejorar la base de datos del régimen subsidiado", "deseo"),
        ("se requiere más ancho de banda", "deseo"),
        ("ADQUISICIÓN de equipos", "deseo"),
        ("Posibilidad de la falta de control", "causa"),
        ("multas de los entes de control", ""),
        ("pérdida de la información de los contribuyentes", ""),
        ("faltante de inventario", ""),
        ("mejores prácticas ignoradas", ""),
        ("", ""),
    ],
)
def test_causes_and_wishes_are_told_from_risks(text: str, kind: str) -> None:
    assert reads_like(text) == kind

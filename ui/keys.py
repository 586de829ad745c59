"""Keys by the names that stand on a Colombian keyboard: Qt's own Spanish says «Control+Mayúsculas+V»."""

from typing import Final

from PySide6.QtCore import QTranslator

NAMES: Final = {
    "Ctrl": "Ctrl",
    "Shift": "Mayús",
    "Del": "Supr",
    "Delete": "Supr",
    "Ins": "Insert",
    "PgUp": "Re Pág",
    "PgDown": "Av Pág",
}


class KeyNames(QTranslator):
    """Names of keys in menus and tooltips; says nothing of any other text. To be installed after Qt's own."""

    def translate(  # type: ignore[override]
        self,
        context: str,
        source: str,
        disambiguation: str | None = None,  # noqa: ARG002
        n: int = -1,  # noqa: ARG002
    ) -> str | None:
        return NAMES.get(source) if context == "QShortcut" else None

    def isEmpty(self) -> bool:
        return False

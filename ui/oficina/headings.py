"""What stands above a column of a table of words."""

from typing import Any

from PySide6.QtCore import Qt


def heading(words: str, role: int) -> Any:
    """``words`` at the left, as the cells below them; None for any other role."""
    if role == Qt.ItemDataRole.TextAlignmentRole:
        return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    return words if role == Qt.ItemDataRole.DisplayRole else None

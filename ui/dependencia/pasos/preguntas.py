"""The corruption questions of the guides v4 to v6: the numbers as text, and a box for each question."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QSizePolicy

from peti_desktop.catalogues import Catalogues
from peti_desktop.records.riesgo import answered
from ui import theme
from ui.chips import card, label
from ui.editors import Editor


class Questions(QFrame):
    """The boxes write into the editor of the field «preguntas», which may be typed into as well."""

    def __init__(self, catalogues: Catalogues, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self.boxes: dict[int, QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        frame, rows = card("Si el hecho ocurriera, ¿qué podría pasar?")
        grid.addWidget(frame, 0, 0)
        entries = catalogues.entries("pregunta_corrupcion")
        inside = QGridLayout()
        inside.setHorizontalSpacing(theme.LARGE)
        for number, entry in enumerate(entries, 1):
            box = QCheckBox(str(number))
            box.setAccessibleName(f"{number}. {entry.label}")
            words = label(entry.label, wraps=True)
            words.setBuddy(box)
            words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            box.toggled.connect(self._ticked)
            self.boxes[number] = box
            inside.addWidget(box, number - 1, 0, Qt.AlignmentFlag.AlignTop)
            inside.addWidget(words, number - 1, 1)
        inside.setColumnStretch(1, 1)
        rows.addLayout(inside)
        rows.addWidget(editor)

    def show_answers(self, text: object) -> None:
        """Tick the boxes of these numbers, silently."""
        yes = answered(text if isinstance(text, str) else None)
        for number, box in self.boxes.items():
            if box.isChecked() != (number in yes):
                box.blockSignals(True)
                box.setChecked(number in yes)
                box.blockSignals(False)

    def _ticked(self, _checked: bool) -> None:
        self._editor.answer(", ".join(str(number) for number, box in self.boxes.items() if box.isChecked()))

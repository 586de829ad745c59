"""Which paper a document is printed on: carta or oficio."""

from typing import Final

from PySide6.QtWidgets import QComboBox

from peti_desktop.reports.page import CARTA, OFICIO, Paper

PAPERS: Final = (("Papel carta", CARTA), ("Papel oficio", OFICIO))


class PaperBox(QComboBox):
    """Chooses the paper; ``paper`` is the chosen one, carta at first."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Papel del acta")
        for words, paper in PAPERS:
            self.addItem(words, paper)

    @property
    def paper(self) -> Paper:
        """The chosen paper."""
        chosen = self.currentData()
        assert isinstance(chosen, Paper)
        return chosen

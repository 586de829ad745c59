"""What holds on every page of the office: no letter of Alt means two things, and every input has a name."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from peti_desktop.intake import apply, inbox
from peti_desktop.workspace import Workspace
from tests.ui.walk import twice
from ui.oficina import pages
from ui.shell import Shell


def test_no_letter_means_two_things_and_every_input_has_a_name(
    unit: Any, office: Workspace, shell: Shell, settle: Callable[[Shell], None],
    nameless: Callable[[QWidget], list[str]],
) -> None:  # fmt: skip
    apply.accept(office, inbox.receive(office, unit("SALUD").deliver()).sha256)
    inbox.receive(office, unit("HACIENDA").deliver())
    wrong = {}
    for spec in pages():
        shell.go(spec.name)
        settle(shell)
        if found := [*twice(shell), *nameless(shell)]:
            wrong[spec.name] = found

    assert wrong == {}

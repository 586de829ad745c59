"""The two ways the program stops on purpose; everything else that is raised is a bug."""


class UserError(Exception):
    """Something the person in front of the program can mend.

    ``what`` is one Spanish sentence of what happened, ``todo`` one of what to do about it.
    """

    def __init__(self, what: str, todo: str) -> None:
        super().__init__(f"{what} {todo}")
        self.what = what
        self.todo = todo


class Cancelled(Exception):  # noqa: N818 - nothing went wrong: somebody pressed «Cancelar»
    """Raised out of a progress call once the person asked to stop."""

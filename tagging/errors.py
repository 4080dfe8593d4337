"""What a service raises when it will not do what was asked: a sentence for a person, and what a page needs to help."""

from typing import ClassVar


class Problem(Exception):  # noqa: N818 - not a fault of the program
    """A person's mistake or another person's act; `str()` of it is the sentence to show."""

    status: ClassVar[int] = 422

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Refused(Problem):
    """What was typed or asked breaks a rule. `typed` goes back into the box it came from."""

    status = 422

    def __init__(self, sentence: str, *, field: str = "", typed: str = "") -> None:
        super().__init__(sentence)
        self.field = field
        self.typed = typed


class Stale(Problem):
    """Somebody changed it since the page was drawn. `mine` and `theirs` are the two versions to choose from."""

    status = 409

    def __init__(
        self, sentence: str, *, field: str = "", mine: object = None, theirs: object = None, revision: int = 0
    ) -> None:
        super().__init__(sentence)
        self.field = field
        self.mine = mine
        self.theirs = theirs
        self.revision = revision


class Forbidden(Problem):
    """The person may see it but not do it."""

    status = 403


class Gone(Problem):
    """Absent, or not for this person's eyes: both look the same."""

    status = 404

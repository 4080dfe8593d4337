"""The states an image may be in, in the order of the work."""

import enum


class State(enum.StrEnum):
    """`todo → done → reviewed`; `rejected` from any of them."""

    TODO = "todo"
    DONE = "done"
    REVIEWED = "reviewed"
    REJECTED = "rejected"

"""Reading a file that is not a picture: whole, regular, within a limit, and inside the folder."""

from tagging.imaging.files import open_regular, why_unreadable
from tagging.imaging.limits import Unusable
from tagging.services.importing.walk import OUTSIDE, is_inside


def read_small(path: bytes, *, root: bytes, limit: int) -> bytes:
    """The bytes of a file below `root` (an absolute path without links).

    Raises Unusable, with one sentence for a person, when it is not readable, not regular, longer than `limit` bytes, or
    (since a link took its place meanwhile) not below `root`.
    """
    if not is_inside(path, root):
        raise Unusable(OUTSIDE)
    try:
        with open_regular(path) as file:
            raw = file.read(limit + 1)
    except OSError as problem:
        raise Unusable(why_unreadable(problem)) from problem
    if len(raw) > limit:
        raise Unusable(f"It is longer than {limit // 2**20:,} MiB, more than such a file has.")
    return raw

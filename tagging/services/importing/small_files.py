"""Reading a file that is not a picture: whole, regular, within a limit, and inside the folder."""

from tagging.domain import caption_files
from tagging.imaging.files import open_regular, why_unreadable
from tagging.imaging.limits import Unusable
from tagging.services.importing.walk import OUTSIDE, is_inside

NO_TEXT = "It is not text, or text of a kind that is not read: save it as UTF-8."


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


def text_of(raw: bytes) -> tuple[str, str]:
    """The text of a file, and a note ("" when all is well). Raises Unusable when it is no text."""
    if caption_files.is_binary(raw):
        raise Unusable(NO_TEXT)
    return caption_files.decode(raw)

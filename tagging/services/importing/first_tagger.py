"""The output folder of the first tagger (the single-user program that this one follows), read as such.

Its layout: `session.json` with `processed_images` (path of the original → path of the renamed copy) and `tags`;
`tags.txt`, the vocabulary, one tag a line in early versions and joined by commas in later ones; `<prefix>_<number>`
pictures, copied byte for byte, each with a `.txt` that holds its tags in either form.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tagging.domain import filenames, plain_text, tag_names
from tagging.domain.exported import VocabularyTag
from tagging.imaging.limits import Unusable
from tagging.models import State
from tagging.services.importing.given import GivenFolder, GivenImage, name_to_keep
from tagging.services.importing.small_files import read_small, text_of
from tagging.services.importing.walk import path_text

SESSION = b"session.json"
TAGS = b"tags.txt"
#: JSON takes up to forty times its size in memory.
LIMIT = 8 * 2**20
TAGS_LIMIT = 2 * 2**20
READ = "It was read as the session of the first tagger."
VOCABULARY = "It was read as the vocabulary of the first tagger."

# Longer numbers are dates or hashes, and would leave little room above them.
_RENAMED = re.compile(r"(.+)_([0-9]{1,7})\.[^.]+", re.DOTALL)
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tiff", ".tif")


def read_folder(root: bytes, folder: bytes, names: Iterable[bytes]) -> GivenFolder | None:
    """What the first tagger says of a folder that holds a session.json; None when another program wrote that.

    Args:
        root: the import's folder.
        folder: the path below it, b"" for itself.
        names: of the files in it.
    """
    numbered = _numbered(names)
    session, notes = _read_session(root, folder)
    if session is None and not numbered:
        return None
    below = folder + b"/" if folder else b""
    originals = _originals(session or {})
    images = {}
    for name, (_, number) in numbered.items():
        original = originals.get(path_text(name), "")
        # The first tagger knows no states, but it copies a picture when its tags are saved: one that it lists (all,
        # when the list is lost) was worked on and passed. What came out without tags is still to do: see `GivenImage`.
        state = State.DONE if original or session is None else ""
        images[below + name] = GivenImage(number=number, first_name=original, state=state)
    files = {below + SESSION: READ if session is not None else notes[0]}
    words, tags_note = _read_tags(root, below + TAGS)
    if tags_note:
        files[below + TAGS] = tags_note
    vocabulary = tag_names.parse_leniently("\n".join([*words, *_texts((session or {}).get("tags"))]))[0]
    return GivenFolder(
        program="the first tagger",
        images=images,
        files=files,
        vocabulary=tuple(VocabularyTag(name) for name in vocabulary),
        prefix=_prefix(numbered),
        notes=tuple(notes),
    )


def _numbered(names: Iterable[bytes]) -> dict[bytes, tuple[str, int]]:
    """Prefix and number of each picture that is named as the first tagger names them; of equal numbers the first."""
    found: dict[bytes, tuple[str, int]] = {}
    taken: set[int] = set()
    for name in sorted(names):
        text = path_text(name)
        match = _RENAMED.fullmatch(text)
        if match and text.lower().endswith(_PICTURES) and int(match[2]) not in {0, *taken}:
            taken.add(int(match[2]))
            found[name] = (match[1], int(match[2]))
    return found


def _prefix(numbered: Mapping[bytes, tuple[str, int]]) -> str:
    """The prefix of the pictures, where it is one of ours too."""
    for prefix, _ in numbered.values():
        try:
            return filenames.check_prefix(prefix)
        except ValueError:
            continue
    return ""


def _read_session(root: bytes, folder: bytes) -> tuple[dict[str, Any] | None, list[str]]:
    path = os.path.join(root, folder, SESSION)  # noqa: PTH118 - bytes paths
    try:
        content = json.loads(text_of(read_small(path, root=root, limit=LIMIT))[0])
    except Unusable as problem:
        return None, [f"session.json could not be read; the rest was. {problem}"]
    except (ValueError, RecursionError):
        return None, ["session.json is broken and was not read; pictures, captions and tags were."]
    if not isinstance(content, dict) or not isinstance(content.get("processed_images"), dict):
        return None, ["session.json says nothing of pictures and was not read; the rest was."]
    return content, []


def _originals(session: Mapping[str, Any]) -> dict[str, str]:
    """Name of the renamed copy → name of the original. The paths may come from another system."""
    processed = session.get("processed_images", {})
    return {_last_part(new): _last_part(old) for old, new in processed.items() if isinstance(new, str)}


def _last_part(path: str) -> str:
    return name_to_keep(plain_text.replace_surrogates(re.split(r"[/\\]", path)[-1]).replace("\0", ""))


def _read_tags(root: bytes, path: bytes) -> tuple[list[str], str]:
    full = os.path.join(root, path)  # noqa: PTH118 - bytes paths
    if not os.path.lexists(full):
        return [], ""
    try:
        return [text_of(read_small(full, root=root, limit=TAGS_LIMIT))[0]], VOCABULARY
    except Unusable as problem:
        return [], str(problem)


def _texts(values: object) -> list[str]:
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []

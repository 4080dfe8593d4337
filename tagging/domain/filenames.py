"""Names of files and folders: what we give to an export, and what we make of those we find."""

import posixpath
import re
import unicodedata
from pathlib import PurePath
from typing import Final

from tagging.domain import plain_text

PREFIX_LIMIT: Final = 32
SLUG_LIMIT: Final = 80
TITLE_LIMIT: Final = 200

# Hugging Face splits a dataset in two where one of these stands alone, between digits too.
_SPLIT_WORDS = frozenset(
    ("train", "training", "validation", "valid", "dev", "val", "test", "testing", "eval", "evaluation")
)
# Stems that one trainer or another reads as something else than a picture's name.
_TAKEN_STEMS = frozenset({"tags", "default", "metadata", "captions"})
_SPLIT_SEPARATORS = re.compile("[-._ 0-9]+")
_KOHYA_FOLDER = re.compile(r"([0-9]{1,6})_(.*\S.*)", re.DOTALL)
_SHADOW_FOLDERS = frozenset(
    {
        "@eadir",  # Synology
        "@tmp",
        "#recycle",
        "#snapshot",
        "@recycle",  # QNAP
        "@recently-snapshot",
        "~snapshot",  # NetApp
        "$recycle.bin",  # Windows
        "recycler",
        "system volume information",
        "found.000",
        "thumbs",
        "lost+found",  # ext4
        "__macosx",  # zips from a Mac
        "network trash folder",
        "temporary items",
    }
)
# Letters that Unicode does not take apart into a Latin letter and a mark.
_LATIN_LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "đ": "d", "þ": "th", "ł": "l", "ı": "i"})
_NO_SLUG = re.compile("[^a-z0-9]+")
# Controls, line separators and what turns the direction of the line it is shown in.
_UNSAFE = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\udc80-\udcff"
# A backslash counts when it, or the escape that will follow it, would look like an escape.
_TO_ESCAPE = re.compile(f"[{_UNSAFE}]|\\\\(?=[\\\\xuU{_UNSAFE}])")


def check_prefix(text: str) -> str:
    """Return the prefix of exported file names, without white space around it.

    Raises:
        ValueError: with a sentence for a person, unless it is 1–32 of a–z and 0–9 and no word that makes a trainer
            read the files otherwise.
    """
    prefix = text.strip()
    if not re.fullmatch(f"[a-z0-9]{{1,{PREFIX_LIMIT}}}", prefix):
        raise ValueError(f"A prefix is 1 to {PREFIX_LIMIT} small letters a–z and digits, such as “img”: change it.")
    if prefix in _TAKEN_STEMS:
        raise ValueError(f"The prefix cannot be “{prefix}”, a name that trainers use for their own files: change it.")
    if found := _SPLIT_WORDS.intersection(re.split("[0-9]+", prefix)):
        raise ValueError(f"The prefix cannot hold the word “{min(found)}”, where trainers split a dataset: change it.")
    return prefix


def export_stem(prefix: str, number: int, largest: int) -> str:
    """Return an exported image's name without extension; `largest` is the largest number of the same export."""
    return f"{prefix}_{number:0{max(3, len(str(largest)))}d}"


def folder_cautions(path: PurePath) -> list[str]:
    """Say where one trainer or another would not read an export in a folder of this path as it is.

    Each is a sentence that goes on from the path. Tried with the loader of Hugging Face `datasets` 5.2 and read in
    ai-toolkit's: the export is whole for everybody who loads the folder itself, unless the sentence says otherwise.
    """
    name = path.name
    above = "where the folder above it is loaded. Load this folder itself, or choose another name."
    cautions = []
    if found := _SPLIT_WORDS.intersection(_SPLIT_SEPARATORS.split(name)):
        cautions.append(f"has the word “{min(found)}” in its name, which Hugging Face takes for a split {above}")
    if name.startswith((".", "__")):
        cautions.append(f"begins with “{'.' if name[0] == '.' else '__'}”, so Hugging Face passes over it {above}")
    if name == "_controls":
        cautions.append("is a name that ai-toolkit keeps for other pictures: it trains none of these. Choose another.")
    if signs := [sign for sign in ("[", "::") if sign in str(path)]:
        cautions.append(f"has “{signs[0]}” in its path, where Hugging Face finds no file. Move it elsewhere for that.")
    return cautions


def slug_of(folder_name: str) -> str:
    """Return an ASCII slug for a dataset's address, `[a-z0-9-]+` of at most 80; "dataset" when no letter is Latin."""
    letters = folder_name.casefold().translate(_LATIN_LETTERS)
    ascii_letters = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode().lower()
    return _NO_SLUG.sub("-", ascii_letters).strip("-")[:SLUG_LIMIT].strip("-") or "dataset"


def title_of(folder_name: str) -> str:
    """Return a dataset's name made from a folder's: the same words, safe to show and store, at most 200 characters."""
    title = plain_text.clean(plain_text.replace_surrogates(folder_name))[:TITLE_LIMIT].strip()
    return title if plain_text.is_visible(title) else "Dataset"


def kohya_folder(name: str) -> tuple[int, str] | None:
    """Return the repeats and the concept of a folder named as kohya wants it (`10_ohwx woman`), None for others."""
    match = _KOHYA_FOLDER.fullmatch(name)
    if not match or int(match[1]) == 0:
        return None
    return int(match[1]), match[2].strip()


def is_shadow_folder(name: str) -> bool:
    """Tell whether a folder holds what a file server, system or notebook keeps for itself, in any case of letters."""
    return name.startswith(".") or name.casefold() in _SHADOW_FOLDERS


def display_path(raw: bytes) -> str:
    r"""Return a path that may hold any bytes as text that is safe to show and to store; two paths never look alike.

    Bytes that are no UTF-8 and control characters become `\xff`, hidden marks that turn text become `\u202e`; a
    backslash is doubled only where it would look like one of these.
    """
    return _TO_ESCAPE.sub(_escape, raw.decode("utf-8", "surrogateescape"))


def caption_names_for(image_name: str, ext: str = ".txt") -> tuple[str, ...]:
    """Return the names that an image's caption may have, the likelier first: `a.txt`, then `a.jpg.txt`."""
    extension = ext if ext.startswith(".") else f".{ext}"
    stem, _ = posixpath.splitext(image_name)
    names = dict.fromkeys((stem + extension, image_name + extension))
    return tuple(name for name in names if name != image_name)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if match[0] == "\\":
        return "\\\\"
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}"

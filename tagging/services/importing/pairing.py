"""Which caption file belongs to which picture, by their names alone."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from tagging.domain import filenames, plain_text
from tagging.services.importing.walk import path_text

NO_PICTURE = "There is no picture that it could belong to."
ANOTHER = "Another file is the caption of {picture}."
UNCLEAR = (
    "Its name fits {picture} but for its capitals, which is not enough where other files fit too: it was not read."
)
NOT_ITS_OWN = (
    "It has no caption: {caption} fits its name but for capitals, which is not enough where other files fit too."
)

T = TypeVar("T")


@dataclass(frozen=True)
class Pairs:
    """`captions`: picture → its caption file. `left`: each other caption file → why no picture has it. `remarks`:
    picture → why it has no caption though one seems to lie beside it."""

    captions: dict[bytes, bytes]
    left: dict[bytes, str]
    remarks: dict[bytes, str]


def has_extension(name: bytes, extension: str) -> bool:
    """Whether a file is named like a caption; capitals do not count."""
    return path_text(name).lower().endswith(extension.lower())


def pair(pictures: Iterable[bytes], captions: Iterable[bytes], extension: str) -> Pairs:
    """Give each picture its caption file, by paths: `a.txt` or `a.jpg.txt` beside `a.jpg`.

    Names are compared as they are. What is left then is compared without regard to capitals and to the form of its
    letters, and goes together where one caption fits pictures of one name. Where several pictures share `a.txt`, the
    one that has an `a.jpg.txt` takes that.
    """
    wanted = _wanted(pictures, extension)
    texts = {path_text(path): path for path in captions}
    own = {picture: found for picture, names in wanted.items() if (found := _first(names, texts)) is not None}
    alone = {picture: names for picture, names in wanted.items() if picture not in own}
    exact = set(own.values())
    near = _by_folded_name({text: path for text, path in texts.items() if path not in exact})
    looked_for = _by_folded_name({name: name for names in alone.values() for name in names})
    clear = {fold: paths[0] for fold, paths in near.items() if len(paths) == len(looked_for.get(fold, ())) == 1}
    own |= {picture: found for picture, names in alone.items() if (found := _first(map(_fold, names), clear))}
    left = {path: text for text, path in texts.items() if path not in set(own.values())}
    return Pairs(own, _why_left(left, wanted), _why_without(wanted.keys() - own.keys(), wanted, texts))


def _wanted(pictures: Iterable[bytes], extension: str) -> dict[bytes, tuple[str, ...]]:
    """Picture → the paths that its caption may have, the one that counts more first."""
    found = {path: filenames.caption_names_for(path_text(path), extension) for path in pictures}
    shared = Counter(names[0] for names in found.values())
    return {path: names[::-1] if shared[names[0]] > 1 else names for path, names in found.items()}


def _first(names: Iterable[str], there: Mapping[str, bytes]) -> bytes | None:
    return next((there[name] for name in names if name in there), None)


def _by_folded_name(named: Mapping[str, T]) -> dict[str, list[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for name, value in named.items():
        found[_fold(name)].append(value)
    return found


def _why_left(left: Mapping[bytes, str], wanted: Mapping[bytes, tuple[str, ...]]) -> dict[bytes, str]:
    if not left:
        return {}
    exactly = {name: picture for picture, names in wanted.items() for name in names}
    nearly = {_fold(name): picture for name, picture in exactly.items()}
    reasons = {}
    for path, text in left.items():
        if (picture := exactly.get(text)) is not None:
            reasons[path] = ANOTHER.format(picture=filenames.display_path(picture))
        elif (picture := nearly.get(_fold(text))) is not None:
            reasons[path] = UNCLEAR.format(picture=filenames.display_path(picture))
        else:
            reasons[path] = NO_PICTURE
    return reasons


def _why_without(
    without: Collection[bytes], wanted: Mapping[bytes, tuple[str, ...]], texts: Mapping[str, bytes]
) -> dict[bytes, str]:
    if not without or not texts:
        return {}
    near = {_fold(text): path for text, path in texts.items()}
    found = ((picture, _first(map(_fold, wanted[picture]), near)) for picture in without)
    return {
        picture: NOT_ITS_OWN.format(caption=filenames.display_path(caption)) for picture, caption in found if caption
    }


def _fold(name: str) -> str:
    return plain_text.nfc(plain_text.nfc(name).casefold())

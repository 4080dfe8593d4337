"""What is to be read of a folder, and in which order; what is passed over, and why. Opens no picture."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tagging.domain import filenames
from tagging.imaging import sniff
from tagging.imaging.files import open_regular
from tagging.imaging.limits import Unusable
from tagging.services.importing import first_tagger, own_export, pairing
from tagging.services.importing.given import GivenFolder, GivenImage
from tagging.services.importing.options import Options
from tagging.services.importing.report import Entry, Outcome
from tagging.services.importing.walk import Found, Rules, order, path_text, walk


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be a picture; `caption` is the path of its caption file, `remark` why it has none after all."""

    path: bytes
    size: int
    caption: bytes | None
    given: GivenImage | None
    remark: str = ""


@dataclass
class Survey:
    """A folder before any picture is opened: `candidates` in the order of their numbers to be, `skipped` with reasons.

    `captions` are the caption files that belong to a candidate. `seen` counts all directory entries.
    """

    root: bytes
    given: Sequence[GivenFolder]
    candidates: list[Candidate] = field(default_factory=list)
    captions: list[bytes] = field(default_factory=list)
    skipped: list[Entry] = field(default_factory=list)
    seen: int = 0
    concepts: list[tuple[str, int, str]] = field(default_factory=list)

    @property
    def highest_wanted(self) -> int:
        """The highest number that a picture brings along."""
        return max((each.given.number or 0 for each in self.candidates if each.given), default=0)


def survey(root: bytes, options: Options, *, data_folder: bytes, stopped: Callable[[], bool]) -> Survey:
    """Look through a folder (an absolute path without links). Raises OSError when it cannot be listed."""
    rules = Rules(
        recurse=options.recurse,
        all_folders=options.all_folders,
        follow_links=options.follow_links,
        data_folder=data_folder,
        is_export=own_export.is_export,
        stopped=stopped,
    )
    found = walk(root, rules)
    given = _given(root, found)
    made = Survey(root, given, seen=len(found))
    known = {path: reason for folder in given for path, reason in folder.files.items()}
    rest = []
    for entry in found:
        reason = entry.reason or known.get(entry.path, "")
        if reason:
            made.skipped.append(Entry(entry.path, Outcome.SKIPPED, reason))
        else:
            rest.append(entry)
    _pair(made, rest, options.caption_ext)
    made.concepts = _concepts(root, made.candidates)
    return made


def _given(root: bytes, found: Sequence[Found]) -> list[GivenFolder]:
    """What programs said of the folders that they wrote: our export at the top, the first tagger anywhere."""
    names: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for entry in found:
        folder, _, name = entry.path.rpartition(b"/")
        if not entry.reason:
            names[folder].append(name)
    folders = [own_export.read_folder(root, names[b""])] if own_export.MANIFEST in names[b""] else []
    folders += [
        first_tagger.read_folder(root, folder, names[folder])
        for folder in sorted(names, key=order)
        if first_tagger.SESSION in names[folder]
    ]
    return [folder for folder in folders if folder is not None]


def _pair(made: Survey, rest: Sequence[Found], extension: str) -> None:
    """Tell captions from pictures, by what is in them, and give each picture its own."""
    named = (entry.path for entry in rest if pairing.has_extension(entry.path, extension))
    texts = {path for path in named if not _is_picture(os.path.join(made.root, path))}  # noqa: PTH118 - bytes paths
    pictures = [entry for entry in rest if entry.path not in texts]
    pairs = pairing.pair((entry.path for entry in pictures), sorted(texts, key=order), extension)
    own, remarks = pairs.captions, pairs.remarks
    given = {path: image for folder in made.given for path, image in folder.images.items()}
    made.candidates = [
        Candidate(e.path, e.size, own.get(e.path), given.get(e.path), remarks.get(e.path, "")) for e in pictures
    ]
    # What a program numbered comes first, so that nothing else takes its numbers.
    made.candidates.sort(key=lambda candidate: candidate.given is None)
    made.captions = sorted(set(own.values()), key=order)
    made.skipped += [Entry(path, Outcome.SKIPPED, reason) for path, reason in pairs.left.items()]


def _is_picture(path: bytes) -> bool:
    """By content: what is named like a caption may be a picture."""
    try:
        with open_regular(path) as file:
            sniff.kind_of(file.read(sniff.HEAD))
    except (Unusable, OSError):
        return False
    return True


def _concepts(root: bytes, candidates: Sequence[Candidate]) -> list[tuple[str, int, str]]:
    """Name, repeats and concept of each folder named as kohya wants it that holds pictures."""
    paths = Counter(candidate.path.rpartition(b"/")[0] for candidate in candidates)
    names = {path_text((folder or root).rpartition(b"/")[2]) for folder in paths}
    found = ((name, filenames.kohya_folder(name)) for name in sorted(names))
    return [(name, *read) for name, read in found if read is not None]

"""The caption files of an import: each is read once, before any picture, and its fate is told at the end."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tagging.domain import tag_names
from tagging.domain.exported import VocabularyTag
from tagging.imaging.limits import Unusable
from tagging.services.importing import captions
from tagging.services.importing.captions import Caption, CaptionRules, Spellings
from tagging.services.importing.report import STOPPED, Entry, Known, Outcome
from tagging.services.importing.survey import Candidate, Survey

#: Captions up to this many bytes in all stay in memory; what lies beyond is read a second time.
MOST_KEPT = 64 * 2**20
NO_CAPTION = Caption("", "empty")
PICTURE_LEFT_OUT = "Its picture was not imported."

_BETTER = {Outcome.SKIPPED: 0, Outcome.UNCHANGED: 1, Outcome.CAPTION: 2}


@dataclass
class Shelf:
    """Captions by the path of their file. `read_all` comes first; `of` then gives what a picture's own says."""

    survey: Survey
    rules: CaptionRules
    spellings: Spellings = field(default_factory=Spellings)
    totals: Counter[str] = field(default_factory=Counter)
    _read: dict[bytes, Caption] = field(default_factory=dict)
    _fates: dict[bytes, Entry] = field(default_factory=dict)
    _size: int = 0

    def read_all(self, stopped: Callable[[], bool]) -> None:
        """Read every caption once, so that a new tag gets the spelling which the whole import has most often."""
        for folder in self.survey.given:
            if not folder.spelled:
                self.spellings.count(word.name for word in folder.vocabulary)
        seen = set()
        for candidate in self.survey.candidates:
            if stopped():
                return
            if candidate.caption is not None and candidate.caption not in seen:
                seen.add(candidate.caption)
                self._read_first(candidate)

    def of(self, candidate: Candidate) -> Caption | None:
        """What is said of a picture, in the import's spelling: by its caption file, else by the folder's own list.

        None when nothing is said, or the caption file cannot be read.
        """
        given = candidate.given
        if candidate.caption is None:
            return captions.without_file(given) if given is not None and given.caption is not None else None
        found = self._read.get(candidate.caption)
        if found is None or self._is_shared(candidate):
            try:
                found = self._open(candidate)
            except Unusable as problem:
                self.tell(candidate, Outcome.SKIPPED, str(problem))
                return None
        if found.kind == "written":
            return found
        return replace(found, tags=tuple(map(self.spellings.best, found.tags)))

    def vocabulary(self) -> list[VocabularyTag]:
        """The words that the folders bring along, in the import's spelling where no dataset of ours spelled them.

        Each key comes once, whoever else knows it: of words the first counts, and an alias yields to any word.
        """
        words: dict[str, VocabularyTag] = {}
        for folder in self.survey.given:
            for word in folder.vocabulary:
                spelled = word if folder.spelled else replace(word, name=self.spellings.best(word.name))
                words.setdefault(tag_names.key(word.name), spelled)
        return _with_aliases_once(words)

    def tell(self, candidate: Candidate, outcome: Outcome, reason: str, image: Known | None = None) -> None:
        """Say what became of a picture's caption file. Of several pictures that share one, the best fate counts."""
        if candidate.caption is None:
            return
        there = self._fates.get(candidate.caption)
        if there is None or _BETTER[outcome] > _BETTER[there.outcome]:
            self._fates[candidate.caption] = Entry(candidate.caption, outcome, reason, image)

    def tell_read(self, candidate: Candidate, caption: Caption, image: Known) -> None:
        """Say that a picture's caption file was taken over, and count what it was."""
        if candidate.caption is None:
            return
        if caption.is_refused:
            self.tell(candidate, Outcome.SKIPPED, " ".join(caption.notes), image)
            return
        words = {"tags": "Read as tags.", "description": "Read as a description.", "empty": "It is empty: no caption."}
        parts = [words.get(caption.kind, "It is as the export wrote it."), *caption.notes]
        if caption.edited:
            parts.append("It was changed after the export, so it counts and not manifest.json.")
        if caption.trigger_dropped:
            parts.append("The trigger word was left out of its tags, since it stands first in every caption.")
        self.totals[caption.kind] += 1
        self.totals["trigger"] += caption.trigger_dropped
        self.tell(candidate, Outcome.CAPTION, " ".join(parts), image)
        self._fates[candidate.caption].remark |= bool(caption.notes or caption.edited)

    @property
    def told(self) -> int:
        """How many caption files are accounted for so far."""
        return len(self._fates)

    def entries(self) -> list[Entry]:
        """One entry for each caption file that belongs to a picture."""
        unread = (Entry(path, Outcome.SKIPPED, STOPPED) for path in self.survey.captions if path not in self._fates)
        return [*self._fates.values(), *unread]

    def _read_first(self, candidate: Candidate) -> None:
        try:
            found = self._open(candidate)
        except Unusable:
            return  # told when its picture comes
        if found.kind != "written":
            self.spellings.count(found.tags)
        self._size += sum(map(len, found.tags)) + len(found.description) + 200
        if self._size < MOST_KEPT and candidate.caption is not None:
            self._read[candidate.caption] = found

    def _open(self, candidate: Candidate) -> Caption:
        assert candidate.caption is not None
        return captions.read_caption(candidate.caption, root=self.survey.root, rules=self.rules, given=candidate.given)

    @staticmethod
    def _is_shared(candidate: Candidate) -> bool:
        """What a manifest gave is of one picture alone, so a caption that two share is read for each."""
        return candidate.given is not None and candidate.given.caption is not None


def _with_aliases_once(words: dict[str, VocabularyTag]) -> list[VocabularyTag]:
    """The words by their keys, without the aliases that are a word or an earlier word's alias."""
    taken = set(words)
    kept = []
    for word in words.values():
        aliases = {tag_names.key(alias): alias for alias in reversed(word.aliases)}
        free = tuple(alias for key, alias in reversed(aliases.items()) if key not in taken)
        taken.update(aliases)
        kept.append(replace(word, aliases=free) if word.aliases else word)
    return kept

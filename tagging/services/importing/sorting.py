"""What a picture that was read is to the dataset: new, a duplicate, the same as before, or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tagging.domain import filenames
from tagging.models import State
from tagging.services.importing.captions import Caption
from tagging.services.importing.ledger import Ledger, source_key
from tagging.services.importing.reading import Answer
from tagging.services.importing.recorder import Batch, NewImage, Reread
from tagging.services.importing.report import Entry, Known, Outcome
from tagging.services.importing.shelf import NO_CAPTION, PICTURE_LEFT_OUT, Shelf
from tagging.services.importing.survey import Candidate

FAULT = "It could not be read because of a fault in this program, which the log tells."
EDITED = "People have edited image {number}: their work stays, and this was not read."
TAKEN = "Number {wanted} is taken here."
OTHER_BYTES = "The file at this path was image {number} before; its content is another now."
OTHER_CAPTION = "Its picture is the same as image {number}, which has another file's caption already: it was not read."
OTHER_PICTURE = "The picture is not the one that was exported under this name."


@dataclass
class Waiting:
    """What the next transaction brings about: its rows, and the entries that are true once it is done."""

    batch: Batch = field(default_factory=Batch)
    entries: list[Entry] = field(default_factory=list)
    new: list[tuple[NewImage, Entry, Candidate]] = field(default_factory=list)
    rereads: list[tuple[Reread, Candidate]] = field(default_factory=list)
    second_captions: list[tuple[Known, Candidate]] = field(default_factory=list)


class Sorter:
    """Takes the answers in the order of their paths and fills what the next transaction writes."""

    def __init__(self, ledger: Ledger, shelf: Shelf) -> None:
        self._ledger = ledger
        self._shelf = shelf
        self.waiting = Waiting()

    def sort(self, candidate: Candidate, answer: Answer) -> None:
        """Decide about one picture."""
        if answer.kind not in ("taken", "known"):
            reason = FAULT if answer.kind == "fault" else answer.reason
            self.waiting.entries.append(Entry(candidate.path, Outcome.SKIPPED, reason))
            self._shelf.tell(candidate, Outcome.SKIPPED, PICTURE_LEFT_OUT)
            return
        earlier = self._ledger.at_path(candidate.path)
        same = next((image for image in earlier if image.sha256.hex() == answer.sha256), None)
        twin = same or self._twin(candidate, answer)
        if twin is None:
            self._add(candidate, answer, earlier)
            return
        discard([answer])
        outcome = Outcome.UNCHANGED if same else Outcome.DUPLICATE
        self.waiting.entries.append(Entry(candidate.path, outcome, image=twin))
        self._read_again(candidate, twin, own=same is not None)

    def settle(self) -> list[Entry]:
        """After the transaction: the entries that are true now, in order; the next batch begins."""
        done, self.waiting = self.waiting, Waiting()
        for image, entry, candidate in done.new:
            if image.is_duplicate:
                entry.outcome, entry.reason = Outcome.DUPLICATE, ""
                self._shelf.tell(candidate, Outcome.SKIPPED, PICTURE_LEFT_OUT)
                continue
            if image.wanted_number not in (None, image.known.number):
                entry.reason = f"{entry.reason} {TAKEN.format(wanted=image.wanted_number)}".lstrip()
                entry.remark = True
            if image.caption is not NO_CAPTION:
                self._shelf.tell_read(candidate, image.caption, image.known)
        for reread, candidate in done.rereads:
            if reread.done:
                self._shelf.tell_read(candidate, reread.caption, reread.known)
            else:
                reason = EDITED.format(number=reread.known.number)
                self._shelf.tell(candidate, Outcome.SKIPPED, reason, reread.known)
        for twin, candidate in done.second_captions:
            # Its number may be known only now.
            self._shelf.tell(candidate, Outcome.SKIPPED, OTHER_CAPTION.format(number=twin.number), twin)
        return done.entries

    def _twin(self, candidate: Candidate, answer: Answer) -> Known | None:
        """The image that this picture equals. What a manifest tells apart stays apart, though the bytes be the same."""
        given = candidate.given
        if given is not None and given.first_sha256 and given.sha256 == answer.sha256:
            return self._ledger.first_was(given.first_sha256)
        return self._ledger.with_bytes(answer.sha256)

    def _add(self, candidate: Candidate, answer: Answer, earlier: list[Known]) -> None:
        given, caption = candidate.given, self._shelf.of(candidate)
        as_exported = given is not None and given.sha256 == answer.sha256
        first = given.first_sha256 if given is not None and as_exported else answer.sha256
        known = Known(0, bytes.fromhex(answer.sha256), bytes.fromhex(first), width=answer.width, height=answer.height)
        name = filenames.display_path(candidate.path.rpartition(b"/")[2])
        first_name = given.first_name if given is not None and given.first_name else name
        image = NewImage(
            known=known,
            answer=answer,
            caption=caption or NO_CAPTION,
            name=first_name,
            source_path=filenames.display_path(candidate.path),
            source_key=source_key(candidate.path),
            first_name=first_name,
            wanted_number=given.number if given else None,
            state=_state(candidate, caption),
        )
        known.caption_sha256 = image.caption.sha256
        remarks = [remark for remark in (answer.reason, candidate.remark) if remark]
        if earlier:
            remarks.append(OTHER_BYTES.format(number=earlier[-1].number))
        if given is not None and given.sha256 and not as_exported:
            remarks.append(OTHER_PICTURE)
        entry = Entry(candidate.path, Outcome.IMPORTED, " ".join(remarks), known, remark=bool(remarks))
        self._ledger.add(known, image.source_key)
        self.waiting.batch.new.append(image)
        self.waiting.new.append((image, entry, candidate))
        self.waiting.entries.append(entry)

    def _read_again(self, candidate: Candidate, image: Known, *, own: bool) -> None:
        """A caption file of an image that is there: read when it is new or changed and nobody has edited the image."""
        caption = self._shelf.of(candidate) if candidate.caption is not None else None
        if caption is None:
            return
        tell = self._shelf.tell
        if caption.is_refused:
            self._shelf.tell_read(candidate, caption, image)
        elif caption.sha256 == image.caption_sha256:
            tell(candidate, Outcome.UNCHANGED, " ".join(caption.notes), image)
        elif caption.kind == "empty":
            tell(candidate, Outcome.CAPTION, "It is empty: nothing was changed.", image)
        elif image.edited:
            tell(candidate, Outcome.SKIPPED, EDITED.format(number=image.number), image)
        elif not own and image.caption_sha256:
            self.waiting.second_captions.append((image, candidate))
        elif not image.pk:
            # Its twin is in the same transaction, and brought no caption: so it takes this one.
            self._lend(caption, image)
            self._shelf.tell_read(candidate, caption, image)
        else:
            reread = Reread(image, caption)
            image.caption_sha256 = caption.sha256
            self.waiting.batch.rereads.append(reread)
            self.waiting.rereads.append((reread, candidate))

    def _lend(self, caption: Caption, image: Known) -> None:
        new = next(new for new in self.waiting.batch.new if new.known is image)
        new.caption = caption
        image.caption_sha256 = caption.sha256


def _state(candidate: Candidate, caption: Caption | None) -> str:
    """A state that came without a caption text (see `GivenImage`) holds only for a picture with tags."""
    given = candidate.given
    if given is None or not given.state or (given.caption is None and not (caption and caption.tags)):
        return State.TODO
    return given.state


def discard(answers: Iterable[Answer]) -> None:
    """Remove what a worker wrote for a picture that is not added."""
    for answer in answers:
        for path in filter(None, (answer.temp, answer.thumb_temp)):
            Path(path).unlink(missing_ok=True)

"""The words that folders bring along: each once, however many of them know it."""

import json
from pathlib import Path

import pytest
from django.db import IntegrityError

from tagging.domain.exported import VocabularyTag
from tagging.errors import Refused
from tagging.models import Person, Tag
from tagging.services.importing.captions import CaptionRules
from tagging.services.importing.given import GivenFolder
from tagging.services.importing.journal import Journal
from tagging.services.importing.recorder import Recorder
from tagging.services.importing.shelf import Shelf
from tagging.services.importing.survey import Survey
from tests import factories
from tests.importing.pictures import put
from tests.importing.runs import take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def output(folder: Path, *tags: str) -> None:
    """An output of the first tagger, with one picture."""
    put(folder, "img_001.png")
    (folder / "session.json").write_text(json.dumps({"processed_images": {}, "tags": tags}))


def folded(*folders: tuple[VocabularyTag, ...]) -> list[tuple[str, tuple[str, ...]]]:
    given = [GivenFolder("a program", {}, {}, words, spelled=True) for words in folders]
    return [(word.name, word.aliases) for word in Shelf(Survey(b"", given), CaptionRules()).vocabulary()]


def test_word_that_two_outputs_know_is_one_tag(folder: Path, owner: Person) -> None:
    output(folder / "a", "cat", "dog")
    output(folder / "b", "Cat", "emu")
    (folder / "a/tags.txt").write_text("cat, fox")

    take(folder)

    assert sorted(Tag.objects.values_list("key", flat=True)) == ["cat", "dog", "emu", "fox"]


def test_first_of_two_words_counts() -> None:
    assert folded((VocabularyTag("cat", aliases=("tom",)),), (VocabularyTag("CAT", aliases=("kit",)),)) == [
        ("cat", ("tom",))
    ]


def test_alias_that_is_a_word_elsewhere_yields() -> None:
    assert folded((VocabularyTag("cat", aliases=("Dog", "tom")),), (VocabularyTag("dog"),)) == [
        ("cat", ("tom",)),
        ("dog", ()),
    ]


def test_alias_of_two_words_is_that_of_the_first() -> None:
    words = (VocabularyTag("cat", aliases=("pet",)), VocabularyTag("dog", aliases=("Pet", "hound")))

    assert folded(words) == [("cat", ("pet",)), ("dog", ("hound",))]


def test_recorder_makes_each_key_of_a_batch_once(owner: Person) -> None:
    recorder = Recorder(factories.dataset(owner=owner), owner, highest_wanted=0)

    recorder.write_vocabulary(
        [VocabularyTag("cat", aliases=("dog", "Cat")), VocabularyTag("CAT"), VocabularyTag("dog")]
    )

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["cat", "dog"]


def test_vocabulary_beats_while_it_is_written(folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    output(folder, *(f"tag {number}" for number in range(120)))
    known: list[int] = []
    monkeypatch.setattr(Journal, "beat", lambda *_: known.append(Tag.objects.count()))

    take(folder)

    assert known[:3] == [50, 100, 120]


def test_refused_row_is_no_fault_of_the_disk(folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise IntegrityError("UNIQUE constraint failed")

    put(folder, "a.png")
    monkeypatch.setattr(Recorder, "write", refuse)

    with pytest.raises(Refused, match="a fault of Tagger and not of the disk"):
        take(folder)

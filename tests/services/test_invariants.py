"""Whatever people do, in whatever order: counters equal a recount, and the entries replay to what is there."""

import itertools
from typing import Any

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tagging.domain.search_query import parse
from tagging.errors import Problem
from tagging.models import Change, Dataset, Entry, Image, ImageTag, Person, State, Tag
from tagging.services import datasets, image_tags, images, sessions, vocabulary
from tests import factories

WORDS = ["cat", "Cat", "sofa", "window", "looking at viewer", "looking_at_viewer", "ohwx", "Ünï", "long hair"]
_names = itertools.count(1)

numbers = st.integers(1, 4)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(", ".join)
picks = st.integers(0, 30)


class Acts(RuleBasedStateMachine):
    """Two people and all that a dataset can have done to it."""

    def __init__(self) -> None:
        super().__init__()
        unique = next(_names)
        self.ada = factories.person(f"ada{unique}")
        self.bob = factories.person(f"bob{unique}")
        self.dataset = factories.dataset(f"cats{unique}", owner=self.ada, trigger="ohwx")
        factories.member(self.dataset, self.bob, "reviewer")
        for _ in range(4):
            factories.image(self.dataset)
        self.done_acts = self._changes()

    def _changes(self) -> int:
        return Change.objects.filter(dataset=self.dataset).count()

    def image(self, number: int) -> Image:
        return Image.objects.select_related("dataset").get(dataset=self.dataset, number=number)

    def tag(self, pick: int) -> int:
        """One of the dataset's tags, hidden and merged ones too; 0 when there is none."""
        ids = list(Tag.objects.filter(dataset=self.dataset).order_by("pk").values_list("pk", flat=True))
        return ids[pick % len(ids)] if ids else 0

    def act(self, service: Any, *args: Any, by: Person | None = None, **kwargs: Any) -> None:
        """A service call adds one change, or none; a refusal adds none and leaves everything as it was."""
        before = self._changes()
        try:
            outcome = service(*args, by=by or self.bob, **kwargs)
        except Problem:
            assert self._changes() == before
        else:
            assert self._changes() == before + (outcome.seq is not None)

    @rule(number=numbers, names=words, after=st.none() | picks, position=st.none() | st.integers(-3, 9))
    def add(self, number: int, names: str, after: int | None, position: int | None) -> None:
        neighbour = None if after is None else self.tag(after)
        self.act(image_tags.add, self.image(number), names, after=neighbour, position=position)

    @rule(number=numbers, pick=picks)
    def remove(self, number: int, pick: int) -> None:
        self.act(image_tags.remove, self.image(number), self.tag(pick))

    @rule(number=numbers, pick=picks, after=picks, position=st.none() | st.integers(-2, 9))
    def move(self, number: int, pick: int, after: int, position: int | None) -> None:
        neighbour = self.tag(after) if position is None else None
        self.act(image_tags.move, self.image(number), self.tag(pick), after=neighbour, position=position)

    @rule(number=numbers, names=words, late=st.booleans())
    def set_all(self, number: int, names: str, late: bool) -> None:
        picture = self.image(number)
        self.act(image_tags.set_all, picture, names, revision=picture.revision - late)

    @rule(number=numbers)
    def copy(self, number: int) -> None:
        self.act(image_tags.copy_previous, self.image(number))

    @rule(number=numbers, text=st.sampled_from(["", "A cat.", "Two cats, one sofa."]))
    def describe(self, number: int, text: str) -> None:
        picture = self.image(number)
        self.act(images.describe, picture, text, revision=picture.description_revision)

    @rule(number=numbers, service=st.sampled_from([images.finish, images.reject, images.reopen, images.review]))
    def to_state(self, number: int, service: Any) -> None:
        self.act(service, self.image(number))

    @rule(number=numbers, go_on=st.booleans())
    def finish_and_go_on(self, number: int, go_on: bool) -> None:
        walk = sessions.Walk(parse(""), number) if go_on else None
        self.act(images.finish, self.image(number), go_on=walk)

    @rule(pick=picks, name=st.sampled_from([*WORDS, "CAT", "brand new"]))
    def rename(self, pick: int, name: str) -> None:
        self.act(vocabulary.rename, self.dataset, self.tag(pick), name=name)

    @rule(one=picks, other=picks, into=picks)
    def merge(self, one: int, other: int, into: int) -> None:
        self.act(vocabulary.merge, self.dataset, [self.tag(one), self.tag(other)], into=self.tag(into))

    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        self.act(vocabulary.delete, self.dataset, [self.tag(pick)])

    @rule(pick=picks, category=st.sampled_from(["subject", "camera", ""]))
    def categorise(self, pick: int, category: str) -> None:
        self.act(vocabulary.categorise, self.dataset, [self.tag(pick)], category=category)

    @rule(trigger=st.sampled_from(["ohwx", "", "cat"]))
    def change_settings(self, trigger: str) -> None:
        now = Dataset.objects.get(pk=self.dataset.pk)
        self.act(
            datasets.change_settings,
            now,
            by=self.ada,
            name=now.name,
            prefix=now.prefix,
            trigger=trigger,
            profile=now.profile,
            revision=now.settings_revision,
        )

    @rule(ada=st.booleans())
    def go_on(self, ada: bool) -> None:
        self.act(sessions.next_image, self.dataset, walk=sessions.Walk(parse("")), by=self.ada if ada else self.bob)

    @rule()
    def leave(self) -> None:
        sessions.leave(self.dataset, self.bob)

    @invariant()
    def counters_equal_a_recount(self) -> None:
        now = Dataset.objects.get(pk=self.dataset.pk)
        states = dict(Image.objects.filter(dataset=now).order_by().values_list("state").annotate(n=Count("pk")))
        counted = {state: getattr(now, f"{state}_count") for state in State.values}
        assert counted == {state: states.get(state, 0) for state in State.values}
        uses = Tag.objects.filter(dataset=now).annotate(n=Count("image_tags")).values_list("use_count", "n")
        assert [kept for kept, _ in uses] == [counted for _, counted in uses]
        tags = Image.objects.filter(dataset=now).annotate(n=Count("image_tags")).values_list("tag_count", "n")
        assert [kept for kept, _ in tags] == [counted for _, counted in tags]

    @invariant()
    def positions_are_dense_and_tags_are_in_the_vocabulary(self) -> None:
        for picture in Image.objects.filter(dataset=self.dataset):
            positions = picture.image_tags.order_by("position").values_list("position", flat=True)
            assert list(positions) == list(range(len(positions)))
        gone = ImageTag.objects.filter(image__dataset=self.dataset).exclude(tag__hidden=False, tag__alias_of=None)
        assert not gone.exists()

    @invariant()
    def changes_are_numbered_without_a_gap(self) -> None:
        seqs = list(Change.objects.filter(dataset=self.dataset).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))
        assert Dataset.objects.get(pk=self.dataset.pk).change_seq == len(seqs)

    @invariant()
    def entries_replay_to_what_is_there(self) -> None:
        entries = Entry.objects.filter(change__dataset=self.dataset).order_by("change__seq")
        tags: dict[int, list[int]] = {}
        states: dict[int, str] = {}
        words: dict[int, str] = {}
        for entry in entries:
            if entry.tags_after is not None:
                assert entry.tags_before == tags.get(entry.image_id, [])
                tags[entry.image_id] = entry.tags_after
            if entry.state_after:
                assert entry.state_before == states.get(entry.image_id, "todo")
                states[entry.image_id] = entry.state_after
            if entry.description_after is not None:
                assert entry.description_before == words.get(entry.image_id, "")
                words[entry.image_id] = entry.description_after
        for picture in Image.objects.filter(dataset=self.dataset):
            rows = picture.image_tags.order_by("position").values_list("tag", flat=True)
            assert list(rows) == tags.get(picture.pk, [])
            assert picture.state == states.get(picture.pk, "todo")
            assert picture.description == words.get(picture.pk, "")


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_counters_and_history_hold_under_any_acts() -> None:
    _run(examples=12, steps=25)


@pytest.mark.soak
@pytest.mark.django_db
def test_counters_and_history_hold_under_very_many_acts() -> None:
    _run(examples=300, steps=60)

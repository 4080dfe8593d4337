"""Several people at the same moment, each on a connection of their own."""

import random
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from tagging.domain.search_query import parse
from tagging.models import Change, Dataset, Entry, Image, Person, Tag
from tagging.services import image_tags, sessions
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

PEOPLE = 8
EDITS = 25


def _together(works: list[Callable[[], object]]) -> list[object]:
    """Do all of these at once, each in a thread of its own; what they return, in order."""
    barrier = threading.Barrier(len(works))

    def do(work: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))


def _people(cats: Dataset, count: int) -> list[Person]:
    people = [factories.person(f"person{number}") for number in range(count)]
    for person in people:
        factories.member(cats, person)
    return people


def test_ten_people_who_go_on_at_once_get_ten_images(cats: Dataset) -> None:
    for _ in range(12):
        factories.image(cats)
    people = _people(cats, 10)

    def go_on(person: Person) -> Callable[[], object]:
        return lambda: sessions.next_image(cats, walk=sessions.Walk(parse("")), by=person).answer["next"]

    given = _together([go_on(person) for person in people])

    assert len(set(given)) == 10


def test_edits_of_many_people_on_one_image_all_stay_in_one_order(cats: Dataset) -> None:
    picture = factories.image(cats)
    people = _people(cats, PEOPLE)

    def edit(person: Person, seed: int) -> Callable[[], object]:
        chance = random.Random(seed)

        def work() -> object:
            for number in range(EDITS):
                after = chance.choice([0, None])
                image_tags.add(picture, f"{person.username} {number}", by=person, after=after)
                if number % 5 == 4:
                    own = Tag.objects.get(name=f"{person.username} {number - 1}")
                    image_tags.remove(picture, own.pk, by=person)
            return None

        return work

    _together([edit(person, seed) for seed, person in enumerate(people)])

    entries = Entry.objects.filter(image=picture).order_by("change__seq")
    replayed: list[int] = []
    for entry in entries:
        assert entry.tags_before == replayed
        replayed = entry.tags_after or []
    rows = picture.image_tags.order_by("position")
    assert list(rows.values_list("tag", flat=True)) == replayed
    assert list(rows.values_list("position", flat=True)) == list(range(len(replayed)))
    assert len(replayed) == PEOPLE * (EDITS - EDITS // 5)
    assert Image.objects.get(pk=picture.pk).tag_count == len(replayed)
    seqs = list(Change.objects.filter(dataset=cats).order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_same_op_at_the_same_moment_has_one_effect(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)
    op = uuid.uuid4()

    outcomes = _together([lambda: image_tags.add(picture, "cat", by=bob, op=op).again for _ in range(6)])

    assert sorted(map(bool, outcomes)) == [False] + [True] * 5
    assert factories.tags_of(picture) == ["cat"]

"""Datasets: who gets an address, and in which order names go."""

import pytest
from django.db.models import QuerySet

from tagging.errors import Refused
from tagging.models import Dataset, Image, Person, Tag
from tagging.services import datasets
from tests import factories

# As a language would not sort them
NAMES = ["B 2", "a-1", "b", "a 1", "ä", "A_1", "a1", "Z", "a_1"]


def test_an_address_taken_at_the_same_moment_is_refused(
    cats: Dataset, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "exists", lambda rows: False)  # as who looked a moment ago

    with pytest.raises(Refused, match="There is a dataset “cats” already"):
        factories.dataset("cats", owner=ada)

    assert Dataset.objects.count() == 1


def test_names_go_by_code_point_in_every_database(cats: Dataset, ada: Person) -> None:
    for number, name in enumerate(NAMES):
        factories.image(cats, tags=[f"{name} {number}"], name_key=name)
        factories.dataset(f"dataset-{number}", owner=ada, name=name)

    images = list(Image.objects.by_name().values_list("name_key", flat=True))
    tags = list(Tag.objects.most_used().values_list("name", flat=True))
    datasets = list(Dataset.objects.exclude(pk=cats.pk).by_name().values_list("name", flat=True))

    assert (images, datasets) == (sorted(NAMES), sorted(NAMES))
    assert tags == sorted(f"{name} {number}" for number, name in enumerate(NAMES))
    assert list(Image.objects.filter(name_key__gt="a 1").by_name().values_list("name_key", flat=True)) == [
        name for name in sorted(NAMES) if name > "a 1"
    ]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("x" * 201, "a name of 1 to 200"), (" , ", "a name of 1 to 200"), ("a\ud800", "The name is not text")],
)
def test_a_name_that_cannot_be_one_is_called_a_name(name: str, sentence: str, ada: Person) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        datasets.create(name=name, slug="dogs", by=ada)

    assert "tag" not in str(refused.value)


def test_a_name_may_hold_commas_and_loses_what_is_hidden(ada: Person) -> None:
    made = datasets.create(name=" Cats ,\u200b, and\tdogs", slug="dogs", by=ada)

    assert made.name == "Cats, and dogs"

"""What people are told: numbers with their nouns, and names as they are."""

from collections.abc import Callable

import pytest

from tagging.models import Dataset, Person, State, Tag
from tagging.services import bulk, vocabulary
from tests import factories

Act = Callable[[Dataset, Person], str]


def _ids(*names: str) -> list[int]:
    return [Tag.objects.get(name=name).pk for name in names]


def _merge(cats: Dataset, ada: Person) -> str:
    return vocabulary.merge(cats, _ids("sofa"), into=_ids("cat")[0], by=ada).message


def _delete(cats: Dataset, ada: Person) -> str:
    return vocabulary.delete(cats, _ids("sofa"), by=ada).message


def _categorise(cats: Dataset, ada: Person) -> str:
    return vocabulary.categorise(cats, _ids("sofa"), category="things", by=ada).message


def _take_out(cats: Dataset, ada: Person) -> str:
    _categorise(cats, ada)
    return vocabulary.categorise(cats, _ids("sofa"), category="", by=ada).message


def _categorise_two(cats: Dataset, ada: Person) -> str:
    return vocabulary.categorise(cats, _ids("sofa", "cat"), category="things", by=ada).message


def _finish(cats: Dataset, ada: Person) -> str:
    return bulk.set_state(cats, [1, 2], State.DONE, by=ada).message


def _add(cats: Dataset, ada: Person) -> str:
    return bulk.add_tags(cats, [1, 2], "{images} {0}", by=ada).message


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (_merge, "1 tag merged into “cat” on 1 image."),
        (_delete, "1 tag deleted, taken off 1 image."),
        (_categorise, "1 tag is in “things” now."),
        (_take_out, "1 tag has no category now."),
        (_categorise_two, "2 tags are in “things” now."),
        (_finish, "1 image became done. 1 image did not change: done already."),
        (_add, "Added {images} {0} to 2 images."),
    ],
)
def test_a_sentence_fits_its_numbers_and_names(act: Act, said: str, cats: Dataset, ada: Person) -> None:
    factories.image(cats, 1, tags=["cat"], state="done")
    factories.image(cats, 2, tags=["sofa"])

    assert act(cats, ada) == said

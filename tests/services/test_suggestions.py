import pytest
from pytest_django import DjangoAssertNumQueries

from tagging.models import Category, Dataset, Person
from tagging.services import suggestions
from tests import factories


def _names(of: Dataset, typed: str) -> list[str]:
    return [one.tag.name for one in suggestions.suggest(of, typed)]


def test_the_most_used_come_first(cats: Dataset) -> None:
    for name, uses in (("white fur", 3), ("white balance", 3), ("off white", 9), ("black", 99)):
        factories.tag(cats, name, use_count=uses)

    assert _names(cats, "whi") == ["off white", "white balance", "white fur"]


def test_there_are_at_most_ten(cats: Dataset) -> None:
    for number in range(12):
        factories.tag(cats, f"tag {number:02}", use_count=number)

    assert _names(cats, "tag") == [f"tag {number:02}" for number in range(11, 1, -1)]


def test_words_begin_behind_brackets_hyphens_and_underscores(cats: Dataset) -> None:
    for name in ("up", "close-up", "saber (upper)", "x_up", "ring:up", "cup", "_up"):
        factories.tag(cats, name)

    assert sorted(_names(cats, "up")) == sorted(["up", "close-up", "saber (upper)", "x_up", "ring:up"])


@pytest.mark.parametrize("typed", ["100%", "back\\", "it's", 'so "', "<o>", "a & b", "(x"])
def test_signs_mean_themselves(typed: str, cats: Dataset) -> None:
    names = ["100% wool", "back\\slash", "it's me", 'so "so"', "<o> face", "a & b", "a (x)"]
    for name in [*names, "100 wool", "backslash", "its me"]:
        factories.tag(cats, name)

    assert _names(cats, typed) == [next(name for name in names if typed in name)]


@pytest.mark.parametrize("typed", ["_", "%", "\\", "c_t", "c%"])
def test_no_sign_stands_for_others(typed: str, cats: Dataset) -> None:
    for name in ("cat", "x_x", "coat"):
        factories.tag(cats, name)

    assert _names(cats, typed) == []


def test_an_alias_leads_to_its_tag_and_says_so(cats: Dataset) -> None:
    cat = factories.tag(cats, "cat", use_count=4)
    factories.tag(cats, "kitten", use_count=5)
    factories.tag(cats, "Kitty", alias_of=cat)

    found = suggestions.suggest(cats, "kit")

    assert [(one.tag.name, one.alias) for one in found] == [("kitten", ""), ("cat", "Kitty")]
    assert found[1].pieces == ("", "Kit", "ty")


def test_a_tag_that_is_found_twice_is_there_once_under_its_own_name(cats: Dataset) -> None:
    cat = factories.tag(cats, "cat")
    for alias in ("catto", "cattus", "house cat"):
        factories.tag(cats, alias, alias_of=cat)

    assert [(one.tag.name, one.alias) for one in suggestions.suggest(cats, "cat")] == [("cat", "")]


def test_hidden_ones_are_not_suggested(cats: Dataset) -> None:
    hidden = factories.tag(cats, "catfish", hidden=True)
    cat = factories.tag(cats, "tabby")
    factories.tag(cats, "cathidden", alias_of=cat, hidden=True)
    factories.tag(cats, "catalias", alias_of=hidden)

    assert _names(cats, "cat") == []


def test_other_datasets_have_their_own(cats: Dataset, eve: Person) -> None:
    dogs = factories.dataset("dogs", owner=eve)
    dog = factories.tag(dogs, "catdog")
    factories.tag(dogs, "catalias", alias_of=dog)

    assert _names(cats, "cat") == []


@pytest.mark.parametrize("count", [1, 3])
def test_three_rows_take_as_many_queries_as_one(
    count: int, cats: Dataset, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    category = Category.objects.create(dataset=cats, name="animals", hue=3)
    for number in range(count):
        factories.tag(cats, f"cat {number}", category=category)
        factories.tag(cats, f"cat alias {number}", alias_of=factories.tag(cats, f"tabby {number}", category=category))

    with django_assert_num_queries(2):
        rows = [(one.tag.name, one.tag.category and one.tag.category.hue) for one in suggestions.suggest(cats, "cat")]

    assert len(rows) == 2 * count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tagging.domain import search_query
from tagging.models import Dataset, Image
from tagging.models.search import Order, Walk
from tests import factories


@pytest.fixture
def nine(cats: Dataset) -> list[Image]:
    """Nine images, the odd ones with a cat, their names in reverse."""
    return [
        factories.image(cats, number, tags=["cat"] if number % 2 else [], name=f"picture {10 - number}.png")
        for number in range(1, 10)
    ]


def _around(images: list[Image], number: int, size: int, query: str = "", order: Order = Order.NUMBER) -> list[int]:
    image = images[number - 1]
    return [one.number for one in Walk(image.dataset, search_query.parse(query), order).around(image, size)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, [1, 2, 3, 4, 5]), (2, [1, 2, 3, 4, 5]), (5, [3, 4, 5, 6, 7]), (8, [5, 6, 7, 8, 9]), (9, [5, 6, 7, 8, 9])],
)
def test_around_has_the_image_in_the_middle_unless_the_end_is_near(
    number: int, expected: list[int], nine: list[Image]
) -> None:
    assert _around(nine, number, 5) == expected


@pytest.mark.django_db
def test_around_is_all_there_is_when_that_is_less(nine: list[Image]) -> None:
    assert _around(nine, 4, 17) == list(range(1, 10))


@pytest.mark.django_db
def test_around_follows_the_search(nine: list[Image]) -> None:
    assert _around(nine, 5, 3, "cat") == [3, 5, 7]


@pytest.mark.django_db
def test_around_holds_an_image_that_the_search_does_not_find(nine: list[Image]) -> None:
    assert _around(nine, 4, 3, "cat") == [3, 4, 5]


@pytest.mark.django_db
def test_around_follows_the_order(nine: list[Image]) -> None:
    assert _around(nine, 7, 3, order=Order.NAME) == [8, 7, 6]


@pytest.mark.django_db
def test_around_tells_equal_names_apart_by_number(cats: Dataset) -> None:
    images = [factories.image(cats, name="same.png") for _ in range(5)]

    assert _around(images, 3, 3, order=Order.NAME) == [2, 3, 4]


@pytest.mark.django_db
def test_around_reads_two_short_lists_from_where_the_image_is(nine: list[Image]) -> None:
    image = nine[4]

    with CaptureQueriesContext(connection) as queries:
        Walk(image.dataset, search_query.parse("")).around(image, 5)

    asked = [query["sql"] for query in queries]
    assert len(asked) == 2
    assert all("LIMIT 4" in sql and "OFFSET" not in sql and "description" not in sql for sql in asked)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import ordering

items = st.integers(1, 9)
lists = st.lists(items, unique=True)
places = st.none() | st.integers(-2, 12)
neighbours = st.none() | st.integers(0, 9)


@pytest.mark.parametrize(
    ("current", "new", "where", "expected"),
    [
        ([1, 2], [3], {}, [1, 2, 3]),
        ([1, 2], [3, 4], {"after": 0}, [3, 4, 1, 2]),
        ([1, 2], [3, 4], {"after": 1}, [1, 3, 4, 2]),
        ([1, 2], [3], {"after": 9}, [1, 2, 3]),
        ([1, 2], [3], {"position": 0}, [3, 1, 2]),
        ([1, 2], [3, 4], {"position": 1}, [1, 3, 4, 2]),
        ([1, 2], [3], {"position": 99}, [1, 2, 3]),
        ([1, 2], [3], {"position": -5}, [3, 1, 2]),
        ([1, 2], [3], {"after": 1, "position": 0}, [1, 3, 2]),
        ([1, 2], [3], {"after": 9, "position": 0}, [1, 2, 3]),
        ([1, 2], [2, 3, 3], {"after": 0}, [3, 1, 2]),
        ([1, 2], [2, 1], {"after": 0}, [1, 2]),
        ([], [3, 4], {"after": 4}, [3, 4]),
    ],
)
def test_insert_gives(current: list[int], new: list[int], where: dict[str, int], expected: list[int]) -> None:
    assert ordering.insert(current, new, **where) == expected


@given(lists, st.lists(items), neighbours, places)
def test_insert_loses_and_doubles_nothing(
    current: list[int], new: list[int], after: int | None, position: int | None
) -> None:
    result = ordering.insert(current, new, after=after, position=position)

    assert len(set(result)) == len(result)
    assert set(result) == {*current, *new}


@given(lists, st.lists(items), neighbours, places)
def test_insert_keeps_both_orders_and_the_new_ones_together(
    current: list[int], new: list[int], after: int | None, position: int | None
) -> None:
    result = ordering.insert(current, new, after=after, position=position)
    added = list(dict.fromkeys(item for item in new if item not in current))

    assert [item for item in result if item in current] == current
    assert not added or result[result.index(added[0]) :][: len(added)] == added


@given(lists, items, st.integers(0, 12))
def test_insert_of_one_stands_at_its_position(current: list[int], item: int, position: int) -> None:
    others = [other for other in current if other != item]

    assert ordering.insert(others, [item], position=position).index(item) == min(position, len(others))


@pytest.mark.parametrize(
    ("item", "where", "expected"),
    [
        (1, {"after": 3}, [2, 3, 1, 4]),
        (4, {"after": 0}, [4, 1, 2, 3]),
        (1, {"after": 0}, [1, 2, 3, 4]),
        (1, {"position": 1}, [2, 1, 3, 4]),
        (4, {"position": 1}, [1, 4, 2, 3]),
        (1, {"position": 99}, [2, 3, 4, 1]),
        (3, {"position": -1}, [3, 1, 2, 4]),
        (1, {"after": 2, "position": 3}, [2, 1, 3, 4]),
        (1, {"after": 9}, [1, 2, 3, 4]),
        (1, {"after": 9, "position": 3}, [1, 2, 3, 4]),
        (2, {"after": 2}, [1, 2, 3, 4]),
        (9, {"after": 0}, [1, 2, 3, 4]),
        (2, {}, [1, 2, 3, 4]),
    ],
)
def test_move_gives(item: int, where: dict[str, int], expected: list[int]) -> None:
    assert ordering.move([1, 2, 3, 4], item, **where) == expected


@given(lists, items, neighbours, places)
def test_move_keeps_the_order_of_the_others(
    current: list[int], item: int, after: int | None, position: int | None
) -> None:
    result = ordering.move(current, item, after=after, position=position)

    assert sorted(result) == sorted(current)
    assert [other for other in result if other != item] == [other for other in current if other != item]


@given(lists.filter(bool), st.data())
def test_move_back_restores_the_order(current: list[int], data: st.DataObject) -> None:
    item = data.draw(st.sampled_from(current))
    moved = ordering.move(current, item, position=data.draw(places))

    assert ordering.move(moved, item, position=current.index(item)) == current


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [(1, 9, [9, 2, 3]), (3, 1, [1, 2]), (1, 3, [3, 2]), (9, 1, [1, 2, 3]), (2, 2, [1, 2, 3])],
)
def test_substitute_gives(old: int, new: int, expected: list[int]) -> None:
    assert ordering.substitute([1, 2, 3], old, new) == expected


@given(lists, items, items)
def test_substitute_keeps_the_order_of_the_others(current: list[int], old: int, new: int) -> None:
    result = ordering.substitute(current, old, new)

    assert set(result) == {new if item == old else item for item in current}
    assert len(set(result)) == len(result)
    assert [item for item in result if item != new] == [item for item in current if item not in (old, new)]


@given(lists, items, items)
def test_substitute_takes_the_place_of_the_first(current: list[int], old: int, new: int) -> None:
    result = ordering.substitute(current, old, new)

    assert old not in current or result.index(new) == min(current.index(item) for item in (old, new) if item in current)

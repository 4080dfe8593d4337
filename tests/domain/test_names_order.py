import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import names_order

names = st.text(st.sampled_from("aAbBéÉ0129٣ -._/()猫"), max_size=12)


@pytest.mark.parametrize(
    "in_order",
    [
        ["img1.jpg", "img2.jpg", "img10.jpg", "img100.jpg"],
        ["IMG_1.jpg", "img_2.jpg", "IMG_10.jpg"],
        ["a/2.jpg", "a/10.jpg", "b/1.jpg"],
        ["set 2/a.jpg", "set 10/a.jpg"],
        ["a/b.jpg", "a b/b.jpg", "a-b.jpg"],
        ["1.jpg", "2.jpg", "a.jpg"],
        ["Img1.jpg", "img1.jpg", "img01.jpg", "img2.jpg"],
        ["صورة٢.jpg", "صورة١٠.jpg"],
        ["9" * 60 + ".jpg", "1" + "0" * 60 + ".jpg"],
        ["é1.jpg", "e\u03012.jpg", "É10.jpg"],
        ["v1.2.jpg", "v1.10.jpg"],
    ],
)
def test_natural_key_sorts(in_order: list[str]) -> None:
    shuffled = random.Random(1).sample(in_order, len(in_order))

    result = sorted(shuffled, key=names_order.natural_key)

    assert [names_order.natural_text(name) for name in result] == [names_order.natural_text(name) for name in in_order]


@given(names, names)
def test_natural_key_is_total(left: str, right: str) -> None:
    assert (names_order.natural_key(left) == names_order.natural_key(right)) == (left == right)


@given(names, names)
def test_natural_text_has_the_order_of_natural_key(left: str, right: str) -> None:
    texts = names_order.natural_text(left), names_order.natural_text(right)

    assert texts[0] == texts[1] or (texts[0] < texts[1]) == (
        names_order.natural_key(left) < names_order.natural_key(right)
    )


@given(st.text(max_size=50).map(lambda text: text * 20))
def test_natural_text_can_be_stored(text: str) -> None:
    stored = names_order.natural_text(text + "\0\ud800")

    assert len(stored) <= names_order.TEXT_LIMIT
    assert "\0" not in stored
    assert stored.encode() is not None


def test_natural_key_takes_a_number_of_any_length() -> None:
    assert names_order.natural_key("9" * 9_000) < names_order.natural_key("a")

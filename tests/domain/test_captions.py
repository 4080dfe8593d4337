import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import captions, tag_names
from tagging.domain.captions import Profile

from .strategies import tag_lists, typed

profiles = st.sampled_from(Profile)
triggers = st.sampled_from(["", "ohwx", "ohwx woman", "ねこ"])
descriptions = typed.map(captions.normalise_description)


@pytest.mark.parametrize(
    ("profile", "trigger", "tags", "description", "expected"),
    [
        (Profile.TAGS, "ohwx", ["cat", "sofa"], "A cat.", "ohwx, cat, sofa"),
        (Profile.TAGS, "", ["cat", "sofa"], "A cat.", "cat, sofa"),
        (Profile.TAGS, "ohwx", [], "A cat.", "ohwx A cat."),
        (Profile.TAGS, "ohwx", [], "", "ohwx"),
        (Profile.TAGS, "", [], "A cat.", "A cat."),
        (Profile.TAGS, "", [], "", ""),
        (Profile.DESCRIPTION, "ohwx", ["cat"], "A cat.", "ohwx A cat."),
        (Profile.DESCRIPTION, "ohwx", ["cat"], "", "ohwx, cat"),
        (Profile.DESCRIPTION, "", ["cat"], "A cat.", "A cat."),
        (Profile.DESCRIPTION, "ohwx", [], "", "ohwx"),
        (Profile.DESCRIPTION, "ohwx", ["cat"], "The ohwx, a cat.", "The ohwx, a cat."),
        (Profile.TAGS_DESCRIPTION, "ohwx", ["cat", "sofa"], "A cat.", "ohwx, cat, sofa, A cat."),
        (Profile.TAGS_DESCRIPTION, "", ["cat"], "A cat.", "cat, A cat."),
        (Profile.TAGS_DESCRIPTION, "ohwx", ["cat"], "The ohwx.", "ohwx, cat, The ohwx."),
        (Profile.TAGS_DESCRIPTION, "ohwx", [], "A cat.", "ohwx A cat."),
        (Profile.TAGS_DESCRIPTION, "ohwx", ["cat"], "", "ohwx, cat"),
        (Profile.TAGS_DESCRIPTION, "ohwx", [], "", "ohwx"),
    ],
)
def test_compose_gives(profile: Profile, trigger: str, tags: list[str], description: str, expected: str) -> None:
    caption = captions.compose(trigger=trigger, tags=tags, description=description, profile=profile)

    assert caption == expected


@pytest.mark.parametrize("tag", ["ohwx_woman", "Ohwx Woman", "ohwx woman"])
def test_compose_names_a_trigger_that_is_a_tag_once_in_front(tag: str) -> None:
    caption = captions.compose(trigger="ohwx woman", tags=["cat", tag], description="", profile=Profile.TAGS)

    assert caption == "ohwx woman, cat"


def test_compose_of_only_the_trigger_as_a_tag_is_as_without_tags() -> None:
    caption = captions.compose(trigger="ohwx", tags=["ohwx"], description="A cat.", profile=Profile.TAGS)

    assert caption == "ohwx A cat."


@pytest.mark.parametrize("description", ["An ohwx1.", "An ohwxs.", "An _ohwx.", "An ohwx\u0301.", "An Ohwx.", "xohwx"])
def test_compose_leads_a_description_where_the_trigger_is_no_word(description: str) -> None:
    caption = captions.compose(trigger="ohwx", tags=[], description=description, profile=Profile.DESCRIPTION)

    assert caption == f"ohwx {description}"


@pytest.mark.parametrize("description", ["ohwx", "ohwx's cat", "An ohwx-cat.", "(ohwx)", "ohwxs and ohwx"])
def test_compose_leaves_a_description_alone_where_the_trigger_stands(description: str) -> None:
    caption = captions.compose(trigger="ohwx", tags=[], description=description, profile=Profile.DESCRIPTION)

    assert caption == description


@given(triggers, tag_lists, profiles)
def test_compose_of_tags_reads_back_as_these_tags(trigger: str, tags: tuple[str, ...], profile: Profile) -> None:
    caption = captions.compose(trigger=trigger, tags=tags, description="", profile=profile)

    assert tag_names.parse(caption) == [*([trigger] if trigger else []), *tags]


@given(triggers, tag_lists, descriptions, profiles)
def test_compose_loses_no_description_and_stays_on_one_line(
    trigger: str, tags: tuple[str, ...], description: str, profile: Profile
) -> None:
    caption = captions.compose(trigger=trigger, tags=tags, description=description, profile=profile)

    assert trigger in caption
    assert caption.endswith(description) or (profile is Profile.TAGS and tags)
    assert not set(caption) & set("\n\r\v\f\x85\u2028\u2029")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A cat\nsits.\r\n\r\nIt sleeps.\n", "A cat sits. It sleeps."),
        ("", ""),
        (" \u200b\n", ""),
        ("cafe\u0301, \x00a\u202eb", "café, ab"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_normalise_description_gives(text: str, expected: str) -> None:
    assert captions.normalise_description(text) == expected


@pytest.mark.parametrize(("text", "sentence"), [("x" * 5001, "over 5,000"), ("a\udc80", "not text")])
def test_normalise_description_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        captions.normalise_description(text)


@given(descriptions)
def test_normalise_description_of_a_description_changes_nothing(description: str) -> None:
    assert captions.normalise_description(description) == description


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" ", ""),
        (",", ""),
        ("\u200b", ""),
        (" ohwx \n woman,", "ohwx woman"),
        ("s-k_s/2's", "s-k_s/2's"),
        ("猫", "猫"),
    ],
)
def test_check_trigger_gives(text: str, expected: str) -> None:
    assert captions.check_trigger(text) == expected


@pytest.mark.parametrize("sign", list("\\^$.|?*+()[]{},，"))
def test_check_trigger_refuses_signs_that_trainers_read(sign: str) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        captions.check_trigger(f"oh{sign}wx")


@pytest.mark.parametrize("text", ["[trigger]", "a ||| b", "a, b", "x" * 201, "\u0301", "a\ud800"])
def test_check_trigger_refuses(text: str) -> None:
    with pytest.raises(ValueError, match=r"^The trigger word .*\.$"):
        captions.check_trigger(text)


@pytest.mark.parametrize(
    ("caption", "real"),
    [
        ("rocket, launch, night, smoke, tower, no humans", 14),
        ("woman, astronaut, orange space suit, smile, short hair, flag, portrait, looking at viewer", 22),
        ("", 2),
    ],
)
def test_estimate_clip_tokens_is_near_the_real_count(caption: str, real: int) -> None:
    assert abs(captions.estimate_clip_tokens(caption) - real) <= real // 8


@given(typed)
def test_estimate_grows_with_the_caption(caption: str) -> None:
    longer = f"{caption} cat"

    assert captions.estimate_clip_tokens(longer) == captions.estimate_clip_tokens(caption) + 1

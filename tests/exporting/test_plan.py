from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain.captions import estimate_clip_tokens
from tagging.errors import Refused
from tagging.models import Dataset
from tagging.services.exporting import Reason, Remark, plan_export
from tagging.services.exporting.remarks import most_tokens
from tests import factories
from tests.exporting import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every original were there, where no picture matters."""
    monkeypatch.setattr("tagging.services.exporting.plan.original_of", lambda row: row)


def captions_of(of: Dataset, **choices: object) -> dict[int, str]:
    return {image.number: image.caption for image in plan_export(of, **choices).images}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("profile", "trigger", "tags", "description", "caption"),
    [
        ("tags", "", "", "", None),
        ("tags", "", "cat, tabby", "", "cat, tabby"),
        ("tags", "", "cat, tabby", "A cat.", "cat, tabby"),
        ("tags", "", "", "A cat.", "A cat."),
        ("tags", "ohwx", "", "", "ohwx"),
        ("tags", "ohwx", "cat, tabby", "", "ohwx, cat, tabby"),
        ("tags", "ohwx", "cat, tabby", "A cat.", "ohwx, cat, tabby"),
        ("tags", "ohwx", "", "A cat.", "ohwx A cat."),
        ("description", "", "", "", None),
        ("description", "", "cat, tabby", "", "cat, tabby"),
        ("description", "", "cat, tabby", "A cat.", "A cat."),
        ("description", "", "", "A cat.", "A cat."),
        ("description", "ohwx", "", "", "ohwx"),
        ("description", "ohwx", "cat, tabby", "", "ohwx, cat, tabby"),
        ("description", "ohwx", "cat, tabby", "A cat.", "ohwx A cat."),
        ("description", "ohwx", "cat, tabby", "An ohwx cat.", "An ohwx cat."),
        ("description", "ohwx", "", "A cat.", "ohwx A cat."),
        ("tags+description", "", "", "", None),
        ("tags+description", "", "cat, tabby", "", "cat, tabby"),
        ("tags+description", "", "cat, tabby", "A cat.", "cat, tabby, A cat."),
        ("tags+description", "", "", "A cat.", "A cat."),
        ("tags+description", "ohwx", "", "", "ohwx"),
        ("tags+description", "ohwx", "cat, tabby", "", "ohwx, cat, tabby"),
        ("tags+description", "ohwx", "cat, tabby", "A cat.", "ohwx, cat, tabby, A cat."),
        ("tags+description", "ohwx", "", "A cat.", "ohwx A cat."),
        ("tags", "ohwx", "cat, OHWX, tabby", "", "ohwx, cat, tabby"),
    ],
)
def test_caption_follows_the_profile(  # noqa: PLR0917 - a column each
    cats: Dataset, files: None, profile: str, trigger: str, tags: str, description: str, caption: str | None
) -> None:
    Dataset.objects.update(trigger=trigger, profile=profile)
    factories.image(cats, tags=tags.split(", ") if tags else [], description=description)

    written = captions_of(cats)

    assert written == ({1: caption} if caption else {})


def test_profile_of_the_call_wins_over_that_of_the_dataset(cats: Dataset) -> None:
    pictures.store(cats, tags=["cat"], description="A cat.")

    written = captions_of(cats, profile="description")

    assert written == {1: "A cat."}


def test_plan_takes_all_but_rejected_images(cats: Dataset) -> None:
    for state in ("todo", "done", "reviewed", "rejected"):
        pictures.store(cats, tags=["cat"], state=state)

    plan = plan_export(cats)

    assert ([image.number for image in plan.images], plan.reasons) == ([1, 2, 3], {Reason.REJECTED: 1})


def test_plan_says_why_each_image_stays_out(cats: Dataset) -> None:
    pictures.store(cats, tags=["cat"], state="todo")
    pictures.store(cats, tags=["cat"], state="rejected")
    pictures.store(cats, tags=["dog"], state="done")
    pictures.store(cats, state="done")
    factories.image(cats, tags=["cat"], state="done")
    pictures.store(cats, tags=["cat"], state="done")

    plan = plan_export(cats, states=("done",), query="-dog")

    assert {image.number: image.reason for image in plan.left_out} == {
        1: Reason.TODO,
        2: Reason.REJECTED,
        3: Reason.NO_MATCH,
        4: Reason.NO_CAPTION,
        5: Reason.MISSING,
    }


def test_original_in_a_folder_nobody_may_open_is_missing(cats: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures.store(cats, tags=["cat"])
    monkeypatch.setattr("pathlib.Path.is_file", _refused)

    plan = plan_export(cats)

    assert plan.reasons == {Reason.MISSING: 1}


def _refused(path: Path) -> bool:
    raise PermissionError(path)


def test_untagged_image_goes_in_without_caption_when_asked(cats: Dataset) -> None:
    pictures.store(cats)

    written = captions_of(cats, untagged="image")

    assert written == {1: ""}


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"states": ("done", "rejected")}, "never go out"),
        ({"states": ("finished",)}, "choose from todo, done, reviewed"),
        ({"profile": "words"}, "choose from tags.description, tags, description"),
        ({"untagged": "space"}, "“skip” or “image”"),
        ({"query": "number:x"}, "number:3"),
    ],
)
def test_plan_refuses_a_choice_that_makes_no_sense(cats: Dataset, choices: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        plan_export(cats, **choices)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "stems"),
    [
        ((1, 2), ["img_001", "img_002"]),
        ((7, 999), ["img_007", "img_999"]),
        ((7, 1000), ["img_0007", "img_1000"]),
        ((7, 123456), ["img_000007", "img_123456"]),
    ],
)
def test_names_have_one_width(cats: Dataset, files: None, numbers: tuple[int, ...], stems: list[str]) -> None:
    for number in numbers:
        factories.image(cats, number, tags=["cat"])

    plan = plan_export(cats)

    assert [image.stem for image in plan.images] == stems


def test_width_of_names_counts_exported_images_only(cats: Dataset) -> None:
    pictures.store(cats, number=1, tags=["cat"])
    pictures.store(cats, number=1000, tags=["cat"], state="rejected")

    plan = plan_export(cats)

    assert [image.stem for image in plan.images] == ["img_001"]


def test_names_begin_with_the_prefix(cats: Dataset) -> None:
    Dataset.objects.update(prefix="kitten2")
    pictures.store(cats, tags=["cat"])

    plan = plan_export(cats)

    assert [image.stem for image in plan.images] == ["kitten2_001"]


@given(st.lists(st.text(alphabet="ab1_()!猫🐈é^ -", min_size=1, max_size=12), min_size=1, max_size=30))
def test_quick_bound_of_tokens_is_never_below_the_estimate(tags: list[str]) -> None:
    caption = ", ".join(tags)

    assert most_tokens(caption) >= estimate_clip_tokens(caption)


@pytest.mark.parametrize(
    ("columns", "remarks"),
    [
        ({"width": 640, "height": 480}, ()),
        ({"width": 63, "height": 480}, (Remark.UNDER_64,)),
        ({"width": 64, "height": 255}, (Remark.UNDER_256,)),
        ({"width": 256, "height": 256}, ()),
        ({"orientation": 6}, (Remark.TURNED,)),
        ({"opaque": False}, (Remark.TRANSPARENT,)),
        ({"format": "gif"}, (Remark.CONVERTED,)),
        ({"format": "webp"}, ()),
        ({"tags": []}, (Remark.ONLY_TRIGGER,)),
        ({"tags": ["Ohwx"]}, (Remark.ONLY_TRIGGER,)),
        ({"tags": [], "description": "A cat."}, ()),
        ({"tags": [f"tag{number}" for number in range(40)]}, (Remark.CLIP,)),
        ({"tags": ["猫" * 60]}, (Remark.CLIP,)),
    ],
)
def test_remarks_tell_what_stored_columns_know(
    cats: Dataset, files: None, columns: dict[str, object], remarks: tuple[Remark, ...]
) -> None:
    Dataset.objects.update(trigger="ohwx")
    factories.image(cats, **{"tags": ["cat"], **columns})  # type: ignore[arg-type]

    plan = plan_export(cats)

    assert plan.images[0].remarks == remarks


def test_plan_costs_the_same_queries_for_one_and_three_images(cats: Dataset) -> None:
    pictures.store(cats, tags=["cat"])
    with CaptureQueriesContext(connection) as for_one:
        plan_export(cats)
    pictures.store(cats, tags=["cat", "tabby"])
    pictures.store(cats, tags=["dog"])

    with CaptureQueriesContext(connection) as for_three:
        plan_export(cats)

    assert len(for_three) == len(for_one)

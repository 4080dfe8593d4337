"""The act on a category itself. Which tags are in it is `vocabulary.categorise`."""

import uuid

from tagging.access import Right
from tagging.errors import Gone, Refused, Stale
from tagging.models import Category, Dataset, Kind, Person
from tagging.models.person import HUES
from tagging.services.acts import Doing, Outcome, perform
from tagging.services.vocabulary import normalised

LONGEST_NAME = 60
Look = tuple[str, int]  # a category's name and hue


def change(
    dataset: Dataset,
    category_id: int,
    *,
    name: str,
    hue: int,
    seen: Look | None = None,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Give a category another name or hue (1 to 8, the palette's classes); its tags stay in it.

    Raises:
        Refused: the name breaks a rule or is another category's, or there is no such hue.
        Stale: name and hue are no longer those that were `seen` (None: whichever they are).
        Gone: there is no such category in this dataset.
    """
    wanted = (_checked_name(name), _checked_hue(hue))

    def work(doing: Doing) -> None:
        category = Category.objects.filter(dataset=doing.dataset, pk=category_id).first()
        if category is None:
            raise Gone("This category is no longer there.")
        now = (category.name, category.hue)
        if now == wanted:
            return
        if seen is not None and now != seen:
            raise Stale(
                "This category was changed by somebody else since you opened it.",
                field="name",
                mine=_in_words(wanted),
                theirs=_in_words(now),
            )
        _refuse_taken(category, wanted[0])
        category.name, category.hue = wanted
        category.save(update_fields=["name", "hue"])
        doing.detail["categories"] = {str(category.pk): [_values(now), _values(wanted)]}
        doing.say(f"The category “{now[0]}” is {_in_words(wanted)} now.")

    payload = {"category": category_id, "name": wanted[0], "hue": wanted[1], "seen": seen}
    return perform(
        dataset,
        by=by,
        right=Right.VOCABULARY,
        kind=Kind.CHANGE_CATEGORY,
        payload=payload,
        work=work,
        op=op,
        in_admin=in_admin,
    )


def _checked_name(text: str) -> str:
    name = normalised(text)
    if len(name) > LONGEST_NAME:
        raise Refused(f"A category's name has at most {LONGEST_NAME} characters.", field="name", typed=text)
    return name


def _checked_hue(hue: int) -> int:
    if not 1 <= hue <= HUES:
        raise Refused(f"A hue is a number from 1 to {HUES}.", field="hue", typed=str(hue))
    return hue


def _refuse_taken(category: Category, name: str) -> None:
    others = Category.objects.filter(dataset=category.dataset_id, name=name).exclude(pk=category.pk)
    if others.exists():
        raise Refused(f"“{name}” is another category already.", field="name", typed=name)


def _values(look: Look) -> dict[str, str | int]:
    return {"name": look[0], "hue": look[1]}


def _in_words(look: Look) -> str:
    return f"“{look[0]}” with hue {look[1]}"

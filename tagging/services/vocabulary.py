"""The words of one dataset: finding and making tags, and the acts that change the vocabulary itself."""

import uuid
from collections.abc import Iterable, Sequence

from tagging.access import Right
from tagging.domain import captions, ordering, tag_names
from tagging.domain.counting import counted, number
from tagging.errors import Gone, Refused, Stale
from tagging.models import Category, Dataset, Image, ImageTag, Kind, Person, Tag
from tagging.models.person import HUES
from tagging.services.acts import Doing, Outcome, perform
from tagging.services.records import chunks

LARGEST = 10_000  # images that one act on the vocabulary changes: some five seconds


def normalised(text: str, *, field: str = "name") -> str:
    """One tag's text by the rules of `tag_names`. Raises Refused with the typed text kept."""
    try:
        return tag_names.normalise(text)
    except ValueError as problem:
        raise Refused(str(problem), field=field, typed=text) from problem


def resolve(doing: Doing, names: Iterable[str]) -> list[Tag]:
    """The vocabulary's tags for these (normalised) names, in order, each once: an alias gives its tag, a hidden tag
    comes back, an unknown name becomes a new tag with this spelling. The trigger word is skipped and said."""
    trigger = tag_names.key(doing.dataset.trigger) if doing.dataset.trigger else None
    wanted: dict[str, str] = {}
    for name in names:
        key = tag_names.key(name)
        if key == trigger:
            doing.say(f"“{doing.dataset.trigger}” is the trigger word: it stands first in every caption by itself.")
        else:
            wanted.setdefault(key, name)
    known = _by_key(doing.dataset, list(wanted))
    missing = {key: name for key, name in wanted.items() if key not in known}
    known.update(_make(doing, missing))
    found: dict[int, Tag] = {}
    for key in wanted:
        tag = known[key].alias_of or known[key]
        if tag.hidden:
            tag = doing.tag(tag)
            tag.hidden = False
        found.setdefault(tag.pk, tag)
    return list(found.values())


def _by_key(dataset: Dataset, keys: Sequence[str]) -> dict[str, Tag]:
    found: dict[str, Tag] = {}
    for start in range(0, len(keys), 500):
        tags = Tag.objects.filter(dataset=dataset, key__in=keys[start : start + 500]).select_related("alias_of")
        found.update({tag.key: tag for tag in tags})
    return found


def _make(doing: Doing, names: dict[str, str]) -> dict[str, Tag]:
    new = [Tag(dataset=doing.dataset, name=name, key=key) for key, name in names.items()]
    for tag in Tag.objects.bulk_create(new, batch_size=500):
        doing.tag(tag, new=True)
    return {tag.key: tag for tag in new}


def tag_of(dataset: Dataset, tag_id: int) -> Tag:
    """A tag that is in the vocabulary now. Raises Gone for hidden, merged and foreign ones."""
    tag = Tag.objects.shown().filter(dataset=dataset, pk=tag_id).first()
    if tag is None:
        raise Gone("This tag is no longer in the vocabulary.")
    return tag


def known(dataset: Dataset, names: Iterable[str]) -> dict[str, Tag]:
    """Which of these (normalised) names the vocabulary has, and the tag that each means: an alias gives its tag."""
    keys = {tag_names.key(name): name for name in names}
    tags = {keys[key]: tag.alias_of or tag for key, tag in _by_key(dataset, list(keys)).items()}
    return {name: tag for name, tag in tags.items() if not tag.hidden}


def rename(
    dataset: Dataset,
    tag_id: int,
    *,
    name: str,
    by: Person,
    seen: str | None = None,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Give a tag another spelling; no image is touched.

    Raises:
        Refused: the name breaks a rule, or belongs to another tag (merge them instead).
        Stale: the name is no longer the one that was `seen` (None: whichever it is).
        Gone: the tag is not in the vocabulary.
    """
    new = normalised(name)

    def work(doing: Doing) -> None:
        tag = doing.tag(tag_of(doing.dataset, tag_id))
        refuse_stale("name of this tag", field="name", seen=seen, now=tag.name, wanted=new)
        key = tag_names.key(new)
        other = Tag.objects.filter(dataset=doing.dataset, key=key).exclude(pk=tag.pk).first()
        if other is not None:
            raise Refused(_why_taken(tag, other), field="name", typed=name)
        if doing.dataset.trigger and key == tag_names.key(doing.dataset.trigger):
            raise Refused(f"“{new}” is the trigger word, which is no tag.", field="name", typed=name)
        doing.say(f"“{tag.name}” is “{new}” now.")
        tag.name, tag.key = new, key

    payload = {"tag": tag_id, "name": new, "seen": seen}
    return perform(
        dataset,
        by=by,
        right=Right.VOCABULARY,
        kind=Kind.RENAME_TAG,
        payload=payload,
        work=work,
        op=op,
        in_admin=in_admin,
    )


def _why_taken(tag: Tag, other: Tag) -> str:
    if other.alias_of_id == tag.pk:
        return f"“{other.name}” is another spelling of this tag already: whoever types it gets “{tag.name}”."
    if other.hidden:
        return f"“{other.name}” was deleted and still has its place. Add it to an image once, then merge the two."
    return f"“{other.name}” is another tag already. Merge the two instead."


def merge(
    dataset: Dataset,
    tag_ids: Sequence[int],
    *,
    into: int,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Make each of `tag_ids` an alias of `into`: wherever one stands, the survivor stands from now on, once.

    Raises Gone when one of them is not in the vocabulary.
    """

    def work(doing: Doing) -> None:
        survivor = tag_of(doing.dataset, into)
        merged = [doing.tag(tag_of(doing.dataset, tag_id)) for tag_id in dict.fromkeys(tag_ids) if tag_id != into]
        if not merged:
            raise Refused("Choose at least one other tag to merge into this one.")
        for edit in doing.images(images_with(doing.dataset, [tag.pk for tag in merged])):
            for tag in merged:
                if tag.pk in edit.tags:
                    edit.tags = ordering.substitute(edit.tags, tag.pk, survivor.pk)
                    edit.heirs.setdefault(survivor.pk, tag.pk)
        for tag in merged:
            tag.alias_of = survivor
            for alias in tag.aliases.all():
                doing.tag(alias).alias_of = survivor
        doing.say(
            f"{counted(len(merged), 'tag')} merged into “{survivor.name}” on {counted(len(doing.edits), 'image')}."
        )

    payload = {"tags": sorted(tag_ids), "into": into}
    return perform(
        dataset,
        by=by,
        right=Right.VOCABULARY,
        kind=Kind.MERGE_TAGS,
        payload=payload,
        work=work,
        op=op,
        in_admin=in_admin,
    )


def delete(
    dataset: Dataset, tag_ids: Sequence[int], *, by: Person, op: uuid.UUID | None = None, in_admin: bool = False
) -> Outcome:
    """Take tags off every image and hide them from the vocabulary. Typing one again brings the same tag back."""

    def work(doing: Doing) -> None:
        tags = [doing.tag(tag_of(doing.dataset, tag_id)) for tag_id in dict.fromkeys(tag_ids)]
        gone = {tag.pk for tag in tags}
        for edit in doing.images(images_with(doing.dataset, list(gone))):
            edit.tags = [tag for tag in edit.tags if tag not in gone]
        for tag in tags:
            tag.hidden = True
        doing.say(f"{counted(len(tags), 'tag')} deleted, taken off {counted(len(doing.edits), 'image')}.")

    return perform(
        dataset,
        by=by,
        right=Right.VOCABULARY,
        kind=Kind.DELETE_TAG,
        payload={"tags": sorted(tag_ids)},
        work=work,
        op=op,
        in_admin=in_admin,
    )


def categorise(
    dataset: Dataset,
    tag_ids: Sequence[int],
    *,
    category: str,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Put tags into the category of this name (made when new; "" takes them out of any)."""
    name = normalised(category, field="category") if category.strip() else ""
    if len(name) > 60:
        raise Refused("A category's name has at most 60 characters.", field="category", typed=category)

    def work(doing: Doing) -> None:
        group = category_named(doing, name) if name else None
        for tag_id in dict.fromkeys(tag_ids):
            doing.tag(tag_of(doing.dataset, tag_id)).category = group
        one, many = ("tag is in", "tags are in") if name else ("tag has", "tags have")
        doing.say(f"{counted(len(doing.tags), one, many)} {f'“{name}”' if name else 'no category'} now.")

    return perform(
        dataset,
        by=by,
        right=Right.VOCABULARY,
        kind=Kind.CATEGORISE_TAG,
        payload={"tags": sorted(tag_ids), "category": name},
        work=work,
        op=op,
        in_admin=in_admin,
    )


def note(
    dataset: Dataset,
    tag_id: int,
    text: str,
    *,
    by: Person,
    seen: str | None = None,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Say what a tag is for. Raises Refused for text that is none, and Stale when it is no longer the one `seen`."""
    try:
        new = captions.normalise_description(text)
    except ValueError as problem:
        raise Refused(str(problem).replace("description", "note"), field="note", typed=text) from problem

    def work(doing: Doing) -> None:
        tag = doing.tag(tag_of(doing.dataset, tag_id))
        refuse_stale("note of this tag", field="note", seen=seen, now=tag.note, wanted=new)
        tag.note = new
        doing.say(f"The note of “{tag.name}” is saved.")

    payload = {"tag": tag_id, "note": new, "seen": seen}
    right = Right.VOCABULARY
    return perform(
        dataset, by=by, right=right, kind=Kind.NOTE_TAG, payload=payload, work=work, op=op, in_admin=in_admin
    )


def refuse_stale(what: str, *, field: str, seen: str | None, now: str, wanted: str) -> None:
    """Raises Stale when a value is neither what the person saw nor what they want."""
    if seen is not None and now not in (seen, wanted):
        sentence = f"The {what} was changed by somebody else since you opened it."
        raise Stale(sentence, field=field, mine=wanted, theirs=now)


def category_named(doing: Doing, name: str, hue: int | None = None) -> Category:
    """The dataset's category of this name; a new one takes the next hue of the palette unless `hue` says which, and is
    recorded with the change."""
    next_hue = Category.objects.filter(dataset=doing.dataset).count() % HUES + 1
    category, new = Category.objects.get_or_create(dataset=doing.dataset, name=name, defaults={"hue": hue or next_hue})
    if new:
        made = {"name": category.name, "hue": category.hue}
        doing.detail.setdefault("categories", {})[str(category.pk)] = [None, made]
    return category


def images_with(dataset: Dataset, tag_ids: Sequence[int]) -> list[Image]:
    """The dataset's images that hold one of these tags, by number. Raises Refused when one transaction is too short for
    them: others write only behind it."""
    places = ImageTag.objects.filter(tag__in=list(tag_ids)).values("image").distinct().count()
    if places > LARGEST:
        raise Refused(
            f"They are on {number(places)} images; at most {number(LARGEST)} change at once, so that nobody waits "
            "long. Nothing was changed."
        )
    found: dict[int, Image] = {}
    for some in chunks(tag_ids):
        holding = ImageTag.objects.filter(tag__in=some).values("image")
        found.update({image.pk: image for image in Image.objects.filter(dataset=dataset, pk__in=holding)})
    return sorted(found.values(), key=lambda image: image.number)

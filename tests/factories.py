"""Small whole things for tests, made by plain functions. A cast: Ada owns, Bob tags, Vera views, Eve is a stranger."""

import hashlib
import io
import itertools
from collections.abc import Sequence
from typing import Any

import PIL.Image
from django.db.models import F

from tagging.domain import names_order, tag_names
from tagging.models import Dataset, Image, ImageTag, Membership, Person, Role, State, Tag
from tagging.models.change import Act, Change
from tagging.services import datasets
from tagging.services.records import COUNTER
from tagging.storage import OriginalStorage, original_name, rendition_name

PASSWORD = "correct horse battery"
_unique = itertools.count(1)


def person(username: str, *, superuser: bool = False, staff: bool = False) -> Person:
    made = Person(username=username, is_superuser=superuser, is_staff=staff or superuser)
    made.set_password(PASSWORD)
    made.save()
    return made


def dataset(slug: str = "cats", *, owner: Person, name: str = "", trigger: str = "", **settings: Any) -> Dataset:
    return datasets.create(name=name or slug.title(), slug=slug, by=owner, trigger=trigger, **settings)


def member(of: Dataset, who: Person, role: str = Role.TAGGER) -> Membership:
    return Membership.objects.create(dataset=of, person=who, role=role)


def tag(of: Dataset, name: str, **columns: Any) -> Tag:
    made, _ = Tag.objects.get_or_create(dataset=of, key=tag_names.key(name), defaults={"name": name, **columns})
    return made


def image(
    of: Dataset,
    number: int | None = None,
    *,
    tags: Sequence[str] = (),
    state: str = State.TODO,
    description: str = "",
    name: str = "",
    **columns: Any,
) -> Image:
    """An image as an import would have made it, counters included; its files are not there."""
    of.refresh_from_db()
    number = number or of.last_number + 1
    name = name or f"picture {number}.png"
    sha256 = hashlib.sha256(f"{of.pk} {number} {next(_unique)}".encode()).hexdigest()
    values: dict[str, Any] = {
        "name": name,
        "name_key": names_order.natural_text(name),
        "source_path": name,
        "first_name": name,
        "first_sha256": sha256,
        "sha256": sha256,
        "format": "png",
        "width": 640,
        "height": 480,
        "byte_size": 1000,
        "thumb_width": 320,
        "thumb_height": 240,
    }
    made = Image.objects.create(
        dataset=of, number=number, state=state, description=description, tag_count=len(tags), **(values | columns)
    )
    for position, text in enumerate(tags):
        word = tag(of, text)
        ImageTag.objects.create(image=made, tag=word, position=position)
        word.use_count += 1
        word.save(update_fields=["use_count"])
    counter = COUNTER[State(state)]
    setattr(of, counter, getattr(of, counter) + 1)
    of.last_number = max(of.last_number, number)
    of.save()
    return made


def images(of: Dataset, count: int, *, tags: Sequence[str] = ()) -> list[Image]:
    """Many images, all todo, quickly: the first made by `image`, the others after its pattern."""
    pattern = image(of, tags=tags)
    values = {field.attname: getattr(pattern, field.attname) for field in Image._meta.concrete_fields}
    rest = []
    for number in range(pattern.number + 1, pattern.number + count):
        name = f"picture {number}.png"
        sha256 = hashlib.sha256(f"{of.pk} {number} {next(_unique)}".encode()).hexdigest()
        own = {"id": None, "number": number, "name": name, "name_key": names_order.natural_text(name)}
        first = {"source_path": name, "first_name": name, "sha256": sha256, "first_sha256": sha256}
        rest.append(Image(**(values | own | first)))
    made = Image.objects.bulk_create(rest)
    places = list(pattern.image_tags.values("tag_id", "position"))
    ImageTag.objects.bulk_create(ImageTag(image=one, **place) for one in made for place in places)
    of.tags.filter(pk__in=[place["tag_id"] for place in places]).update(use_count=F("use_count") + len(made))
    of.todo_count += len(made)
    of.last_number += len(made)
    of.save()
    return [pattern, *made]


def tags_of(picture: Image) -> list[str]:
    return [word.name for word in Image.objects.get(pk=picture.pk).ordered_tags()]


def acts(of: Dataset) -> int:
    return Act.objects.filter(dataset=of).count()


def changes(of: Dataset) -> int:
    return Change.objects.filter(dataset=of).count()


def stored_image(of: Dataset, *, tags: Sequence[str] = (), **columns: Any) -> Image:
    """An image whose original and thumbnail are in the storage."""
    buffer = io.BytesIO()
    PIL.Image.new("RGB", (96, 64), (next(_unique) % 256, 90, 160)).save(buffer, "PNG")
    data = buffer.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    store = OriginalStorage()
    store.write(original_name(sha256, "png"), data)
    store.write(rendition_name(sha256, "thumb", "webp"), b"RIFF")
    size = {"width": 96, "height": 64, "thumb_width": 96, "thumb_height": 64, "byte_size": len(data)}
    return image(of, tags=tags, sha256=sha256, first_sha256=sha256, **(size | columns))

from typing import TYPE_CHECKING, Self

from django.db import models

from tagging.models.code_points import CodePointsField
from tagging.models.dataset import Dataset
from tagging.models.person import Person

if TYPE_CHECKING:
    from tagging.models.tag import Tag


class State(models.TextChoices):
    TODO = "todo", "to do"
    DONE = "done", "done"
    REVIEWED = "reviewed", "reviewed"
    REJECTED = "rejected", "rejected"


class ImageQuerySet(models.QuerySet["Image"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(dataset__memberships__person=person)

    def todo(self) -> Self:
        return self.filter(state=State.TODO)

    def rejected(self) -> Self:
        return self.filter(state=State.REJECTED)

    def by_number(self) -> Self:
        return self.order_by("number")

    def by_name(self) -> Self:
        return self.order_by("name_key", "number")


class Image(models.Model):
    """One picture of a dataset. Its number is given at import and never reused."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="images")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.TODO)
    state_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    state_at = models.DateTimeField(null=True, blank=True)

    # Words
    description = models.TextField(blank=True, default="")
    description_revision = models.PositiveIntegerField(default=0)
    tag_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0, help_text="Grows with every change of the tags or their order")
    seq = models.PositiveBigIntegerField(default=0, help_text="The newest change that touched it")
    edited_at = models.DateTimeField(null=True, blank=True, help_text="When a person last changed tags or description")

    # Where it came from
    name = models.TextField(help_text="The file's name, fit to show")
    name_key = CodePointsField(max_length=500, help_text="The name in natural order")
    source_path = models.TextField(help_text="Path below the folder it was read from, fit to show")
    source_key = models.CharField(max_length=64, blank=True, default="", help_text="sha256 of that path's bytes")
    caption_sha256 = models.CharField(max_length=64, blank=True, default="", help_text="The caption file last read")
    first_name = models.TextField(help_text="The name it had when it first came into any dataset")
    first_sha256 = models.CharField(max_length=64, help_text="The file it first came in as, over exports and imports")

    # The picture
    sha256 = models.CharField(max_length=64, help_text="The original in our storage")
    format = models.CharField(max_length=8)
    width = models.PositiveIntegerField(help_text="Upright, in pixels")
    height = models.PositiveIntegerField(help_text="Upright, in pixels")
    orientation = models.PositiveSmallIntegerField(default=1)
    byte_size = models.PositiveBigIntegerField()
    opaque = models.BooleanField(default=True)
    thumb_width = models.PositiveIntegerField()
    thumb_height = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    if TYPE_CHECKING:
        dataset_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(name="image_number_unique", fields=["dataset", "number"]),
            models.UniqueConstraint(name="image_first_file_unique", fields=["dataset", "first_sha256"]),
            models.CheckConstraint(name="image_state_known", condition=models.Q(state__in=State.values)),
            models.CheckConstraint(name="image_number_from_one", condition=models.Q(number__gte=1)),
        ]
        indexes = [
            models.Index(name="image_by_state", fields=["dataset", "state", "number"]),
            models.Index(name="image_by_name", fields=["dataset", "name_key", "number"]),
            models.Index(name="image_by_tag_count", fields=["dataset", "tag_count", "number"]),
            models.Index(name="image_by_file", fields=["sha256"]),
        ]

    def __str__(self) -> str:
        return f"Image {self.number}"

    @property
    def version(self) -> str:
        """Names the picture in addresses of its renditions, which browsers may keep as long as it is the same."""
        return self.sha256[:16]

    def ordered_tags(self) -> "list[Tag]":
        return [place.tag for place in self.image_tags.select_related("tag__category").order_by("position", "pk")]

from typing import TYPE_CHECKING, Self

from django.db import models

from tagging.models.code_points import CodePointsField
from tagging.models.dataset import Dataset
from tagging.models.image import Image
from tagging.models.person import HUES, Person


class Category(models.Model):
    """A group of tags; its hue is one of eight classes of colour."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="categories")
    name = models.CharField(max_length=60)
    hue = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(name="category_name_unique", fields=["dataset", "name"]),
            models.CheckConstraint(name="category_hue_known", condition=models.Q(hue__gte=1, hue__lte=HUES)),
        ]

    def __str__(self) -> str:
        return self.name


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, person: Person) -> Self:
        return self.filter(dataset__memberships__person=person)

    def shown(self) -> Self:
        """The vocabulary as people see it: neither hidden nor another spelling of a tag."""
        return self.filter(hidden=False, alias_of=None)

    def most_used(self) -> Self:
        return self.order_by("-use_count", "name", "pk")


class Tag(models.Model):
    """A word or phrase of one dataset's vocabulary, or (with `alias_of`) another spelling that becomes one."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="tags")
    name = CodePointsField(max_length=200)
    key = models.CharField(max_length=800, help_text="What makes two spellings the same tag")
    category = models.ForeignKey(Category, models.SET_NULL, null=True, blank=True, related_name="tags")
    alias_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="aliases")
    note = models.TextField(blank=True, default="")
    hidden = models.BooleanField(default=False, help_text="Deleted; typing it again brings it back")
    use_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = TagQuerySet.as_manager()

    if TYPE_CHECKING:
        dataset_id: int
        alias_of_id: int | None
        category_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tag_key_unique", fields=["dataset", "key"]),
            models.CheckConstraint(name="tag_not_its_own_alias", condition=~models.Q(alias_of=models.F("id"))),
            models.CheckConstraint(
                name="tag_alias_is_on_no_image", condition=models.Q(alias_of=None) | models.Q(use_count=0)
            ),
        ]
        indexes = [models.Index(name="tag_by_use", fields=["dataset", "-use_count", "name"])]

    def __str__(self) -> str:
        return self.name


class Origin(models.TextChoices):
    PERSON = "person"
    IMPORT = "import"
    RULE = "rule"
    SUGGESTION = "suggestion"


class ImageTag(models.Model):
    """A tag's place on an image. Positions are dense from 0, without a unique constraint: shifting would break it."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="image_tags")
    tag = models.ForeignKey(Tag, models.PROTECT, related_name="image_tags")
    position = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.PERSON)
    added_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        image_id: int
        tag_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(name="image_tag_once", fields=["image", "tag"]),
            models.CheckConstraint(name="image_tag_origin_known", condition=models.Q(origin__in=Origin.values)),
        ]
        indexes = [models.Index(name="image_tag_in_order", fields=["image", "position"])]

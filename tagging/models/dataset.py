from typing import TYPE_CHECKING, Self

from django.db import models

from tagging.domain.captions import Profile
from tagging.models.code_points import CodePointsField

if TYPE_CHECKING:
    from tagging.models.person import Person


class DatasetQuerySet(models.QuerySet["Dataset"]):
    def visible_to(self, person: "Person") -> Self:
        return self.filter(memberships__person=person)

    def by_name(self) -> Self:
        return self.order_by("name", "pk")


class Dataset(models.Model):
    """Images tagged together; owns its vocabulary, its members and how its captions are composed."""

    slug = models.SlugField(max_length=80)
    name = CodePointsField(max_length=200)
    prefix = models.CharField(max_length=32, default="img")
    trigger = models.CharField(max_length=200, blank=True, default="")
    profile = models.CharField(
        max_length=20,
        choices=[(profile.value, profile.value) for profile in Profile],
        default=Profile.TAGS_DESCRIPTION.value,
    )
    settings_revision = models.PositiveIntegerField(default=0)
    source_folder = models.TextField(blank=True, default="", help_text="The folder it was first read from")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    # The newest change's number, and the highest image number ever given. Both only grow.
    change_seq = models.PositiveBigIntegerField(default=0)
    last_number = models.PositiveIntegerField(default=0)

    # Counters move in the transaction of the change that moves them, so that no page counts rows.
    todo_count = models.PositiveIntegerField(default=0)
    done_count = models.PositiveIntegerField(default=0)
    reviewed_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)

    objects = DatasetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="dataset_slug_unique", fields=["slug"]),
            models.CheckConstraint(
                name="dataset_profile_known", condition=models.Q(profile__in=[p.value for p in Profile])
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def image_count(self) -> int:
        return self.todo_count + self.done_count + self.reviewed_count + self.rejected_count

    @property
    def wanted_count(self) -> int:
        """Images that are not rejected: what there is to do in all."""
        return self.todo_count + self.done_count + self.reviewed_count

    @property
    def finished_count(self) -> int:
        return self.done_count + self.reviewed_count

    @property
    def percent(self) -> int:
        return 100 * self.finished_count // self.wanted_count if self.wanted_count else 0

    @property
    def is_complete(self) -> bool:
        return self.wanted_count > 0 and self.todo_count == 0

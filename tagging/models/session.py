from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from tagging.models.dataset import Dataset
from tagging.models.image import Image
from tagging.models.person import Person

# A claim lasts as long as its holder shows signs of life: a page with scripts beats, one without is quiet while read.
CLAIM_WITHOUT_SCRIPT = timedelta(minutes=10)
CLAIM = timedelta(seconds=60)

# And people are here as long: behind the last beat, and behind the end of a page that may only be going elsewhere.
HERE_WITHOUT_SCRIPT = CLAIM_WITHOUT_SCRIPT
HERE = timedelta(seconds=30)
HERE_WHEN_CLOSED = timedelta(seconds=13)  # with the feed's look, gone within 15


class TaggingSessionQuerySet(models.QuerySet["TaggingSession"]):
    def claiming(self, at: datetime) -> "TaggingSessionQuerySet":
        return self.filter(claimed_image__isnull=False, claimed_until__gt=at)

    def here(self, at: datetime) -> "TaggingSessionQuerySet":
        return self.filter(here_until__gt=at)


class TaggingSession(models.Model):
    """One person's place in one dataset: where they are, and the image that is theirs for now."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="sessions")
    person = models.ForeignKey(Person, models.CASCADE, related_name="tagging_sessions")
    image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    here_until = models.DateTimeField(null=True, blank=True, help_text="Until when they count as here")
    began_at = models.DateTimeField(null=True, blank=True, help_text="When this sitting began; leaving ends it")
    claimed_image = models.ForeignKey(Image, models.SET_NULL, null=True, blank=True, related_name="claims")
    claimed_until = models.DateTimeField(null=True, blank=True)

    objects = TaggingSessionQuerySet.as_manager()

    if TYPE_CHECKING:
        dataset_id: int
        person_id: int
        image_id: int | None
        claimed_image_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(name="tagging_session_one_a_person", fields=["dataset", "person"]),
            models.UniqueConstraint(name="claim_one_an_image", fields=["claimed_image"]),
        ]

    @property
    def claim(self) -> Image | None:
        """The image that is theirs just now."""
        until = self.claimed_until
        return self.claimed_image if until is not None and until > timezone.now() else None

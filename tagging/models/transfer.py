from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from tagging.models.dataset import Dataset
from tagging.models.person import Person

SILENCE = timedelta(seconds=30)


class ImportState(models.TextChoices):
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"


class ImportQuerySet(models.QuerySet["Import"]):
    def running(self) -> Self:
        """Those that say they run, the newest last, without their reports."""
        return self.filter(state=ImportState.RUNNING).defer("report").order_by("pk")


class Import(models.Model):
    """A folder read in: who, when, which, and what became of every entry in it."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="imports")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    folder = models.TextField()
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RUNNING)
    message = models.TextField(blank=True, default="")
    started_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True, help_text="Its last sign of life")
    finished_at = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(default=0, help_text="Entries of the folder")
    read = models.PositiveIntegerField(default=0, help_text="Entries accounted for so far")
    counts = models.JSONField(default=dict, help_text="Entries by outcome")
    report = models.JSONField(default=list, help_text="One object an entry that is not simply imported or unchanged")

    objects = ImportQuerySet.as_manager()

    if TYPE_CHECKING:
        dataset_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(name="import_state_known", condition=models.Q(state__in=ImportState.values))
        ]
        indexes = [models.Index(name="import_newest", fields=["dataset", "-id"])]

    @property
    def is_running(self) -> bool:
        return self.state == ImportState.RUNNING

    @property
    def is_silent(self) -> bool:
        """Whether it says it runs and gave no sign of life lately: its process is gone, or waits."""
        return self.is_running and timezone.now() - self.seen_at > SILENCE


class Export(models.Model):
    """A folder or zip written out, and what it held."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="exports")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    target = models.TextField(help_text="The folder, or “zip” for a download")
    profile = models.CharField(max_length=20)
    options = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    at_seq = models.PositiveBigIntegerField(help_text="The change it shows the dataset at")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(name="export_newest", fields=["dataset", "-id"])]

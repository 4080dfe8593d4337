from typing import TYPE_CHECKING

from django.db import models

from tagging.models.dataset import Dataset
from tagging.models.image import Image
from tagging.models.person import Person


class Kind(models.TextChoices):
    """What an act is, as the history says it."""

    ADD_TAGS = "add tags"
    REMOVE_TAG = "remove tag"
    MOVE_TAG = "move tag"
    SET_TAGS = "set tags"
    COPY_TAGS = "copy tags"
    DESCRIBE = "describe"
    FINISH = "finish"
    REOPEN = "reopen"
    REVIEW = "review"
    REJECT = "reject"
    NEXT = "next"
    RENAME_TAG = "rename tag"
    MERGE_TAGS = "merge tags"
    DELETE_TAG = "delete tag"
    CATEGORISE_TAG = "categorise tag"
    NOTE_TAG = "note tag"
    CHANGE_CATEGORY = "change category"
    ADD_VOCABULARY = "add vocabulary"
    CREATE_DATASET = "create dataset"
    CHANGE_SETTINGS = "change settings"
    IMPORT = "import"
    EXPORT = "export"


class Act(models.Model):
    """One thing a person (or an import) did. The same person's same `op` has one effect, however often it comes."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="acts")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="acts")
    op = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    payload_hash = models.CharField(max_length=64)
    answer = models.JSONField(default=dict, help_text="What the person was told, for a repeat of the same act")
    undoes = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="undone_by")
    started_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        dataset_id: int
        person_id: int | None

    class Meta:
        constraints = [models.UniqueConstraint(name="act_op_unique", fields=["person", "op"])]
        indexes = [models.Index(name="act_by_dataset", fields=["dataset", "-id"])]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"


class Change(models.Model):
    """One transaction of an act, with its number in the dataset. The log of changes is what open pages follow."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="changes")
    act = models.ForeignKey(Act, models.CASCADE, related_name="changes")
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    # What changed beside images: {"tags": {id: [before, after]}, "settings": [before, after], "numbers": [first, last]}
    # and {"categories": {id: [before, after]}}
    detail = models.JSONField(default=dict)

    if TYPE_CHECKING:
        dataset_id: int
        act_id: int

    class Meta:
        constraints = [models.UniqueConstraint(name="change_seq_unique", fields=["dataset", "seq"])]

    def __str__(self) -> str:
        return f"change {self.seq}"


class Entry(models.Model):
    """What a change did to one image. Null means that the change did not touch that side of it."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="entries")
    image = models.ForeignKey(Image, models.CASCADE, related_name="entries")
    tags_before = models.JSONField(null=True)
    tags_after = models.JSONField(null=True)
    state_before = models.CharField(max_length=10, blank=True, default="")
    state_after = models.CharField(max_length=10, blank=True, default="")
    description_before = models.TextField(null=True)  # noqa: DJ001 - null is "not touched", "" is "was empty"
    description_after = models.TextField(null=True)  # noqa: DJ001 - as above

    if TYPE_CHECKING:
        change_id: int
        image_id: int

    class Meta:
        verbose_name_plural = "entries"
        constraints = [models.UniqueConstraint(name="entry_one_an_image", fields=["change", "image"])]
        indexes = [models.Index(name="entry_by_image", fields=["image", "-change"])]

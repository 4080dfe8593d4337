from django.db import models
from django.utils import timezone

from tagging.models.dataset import Dataset
from tagging.models.person import Person


class Role(models.TextChoices):
    VIEWER = "viewer"
    TAGGER = "tagger"
    REVIEWER = "reviewer"
    OWNER = "owner"


class Membership(models.Model):
    """A person in a dataset."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="membership_one_a_person", fields=["dataset", "person"]),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.person} is {self.role} of {self.dataset}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An address that lets one person join a dataset, once."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role)
    token_hash = models.CharField(max_length=64)
    made_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="invitation_token_unique", fields=["token_hash"]),
            models.CheckConstraint(name="invitation_role_known", condition=models.Q(role__in=Role.values)),
        ]

import hashlib
import secrets
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

HUES = 8


class Theme(models.TextChoices):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(AbstractUser):
    """Somebody with an account."""

    first_name: Any = None
    last_name: Any = None
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)

    class Meta(AbstractUser.Meta):
        verbose_name = "person"
        verbose_name_plural = "people"
        constraints = [
            models.CheckConstraint(name="person_theme_known", condition=models.Q(theme__in=Theme.values)),
            # Of letters beyond ASCII, SQLite's LOWER knows nothing: `services.members` compares those.
            models.UniqueConstraint(
                Lower("username"), name="person_name_unique", violation_error_message="This user name is taken."
            ),
        ]

    def get_full_name(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def hue(self) -> int:
        return (self.pk or 0) % HUES + 1

    @cached_property
    def initial(self) -> str:
        return next((character.upper() for character in self.username if character.isalnum()), "?")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Tokens are stored hashed: a copy of the database signs nobody in."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class EntryToken(models.Model):
    """A one-time address that signs one person in."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="entry_tokens")
    token_hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="entry_token_unique", fields=["token_hash"])]

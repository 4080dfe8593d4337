from typing import Any

from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from tests.factories import PASSWORD


class CountingHasher(MD5PasswordHasher):
    """Counts how often a password is looked at: what takes the time in signing in, and what an attacker wants."""

    calls = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.calls += 1
        return str(super().encode(password, salt))


def sign_in(client: Client, username: str, password: str = PASSWORD, **sent: Any) -> Any:
    return client.post("/login/", {"username": username, "password": password, **sent})


def signed_in_as(client: Client) -> str | None:
    """Who a page of one's own says one is."""
    page = client.get("/account/")
    return str(page.context["user"].username) if page.status_code == 200 else None

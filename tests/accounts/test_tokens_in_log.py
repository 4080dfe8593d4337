"""An address that lets somebody in is in no log line, since it may still be good when it failed."""

import logging

import pytest
from django.test import Client

from tagger_site.logs import WithoutTokens
from tagging.models import Dataset, Person
from tagging.services import members

TOKEN = "aB-_9" * 8


def test_a_join_that_fails_does_not_write_its_token(
    cats: Dataset, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = members.invite(cats, role="tagger", days=7, by=ada)
    handler = next(
        one for one in logging.getLogger().handlers if any(isinstance(rule, WithoutTokens) for rule in one.filters)
    )
    lines: list[str] = []
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(record.getMessage()))

    Client().post(f"/join/{token}/", {"username": "nina", "password": "short", "again": "other"})
    Client().get(f"/enter/{token}/")

    assert len(lines) >= 2
    assert any("/join/…/" in line for line in lines)
    assert not [line for line in lines if token in line]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"GET /join/{TOKEN}/ HTTP/1.1", "GET /join/…/ HTTP/1.1"),
        (f"/login/?next=%2Fenter%2F{TOKEN}%2F", "/login/?next=%2Fenter%2F…%2F"),
        ("/datasets/join/images/2/", "/datasets/join/images/2/"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_a_line_loses_its_tokens_and_nothing_else(said: str, kept: str) -> None:
    record = logging.LogRecord("a", logging.INFO, "a.py", 1, "%s", (said,), None)

    WithoutTokens().filter(record)

    assert record.getMessage() == kept

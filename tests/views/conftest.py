"""One image with tags, and whoever sends its forms."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tagging.models import Dataset, Image, Person, Tag
from tests import factories


@pytest.fixture
def rita(cats: Dataset) -> Person:
    made = factories.person("rita")
    factories.member(cats, made, "reviewer")
    return made


@pytest.fixture
def picture(cats: Dataset, rita: Person, eve: Person) -> Image:
    """Image 2 of Cats, behind one from which its tags can be copied."""
    factories.image(cats, 1, tags=["cat", "lamp"])
    return factories.image(cats, 2, tags=["cat", "sofa", "window"])


@pytest.fixture
def send(picture: Image) -> Callable[..., Any]:
    ids = {tag.name: tag.pk for tag in Tag.objects.all()}

    def post(username: str, path: str, data: dict[str, Any], *, script: bool = False) -> Any:
        client = Client()
        if username:
            client.force_login(Person.objects.get(username=username))
        headers = {"HX-Request": "true"} if script else {}
        filled = {name: value.format(**ids) if "{" in value else value for name, value in data.items()}
        return client.post(f"/datasets/cats/images/2/{path.format(**ids)}", filled, headers=headers)

    return post

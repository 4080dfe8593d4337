"""The zip as a browser gets it."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from tagging.models import Dataset, Export, Person
from tagging.services.exporting import plan as plan_module
from tests.exporting import pictures
from tests.exporting.pages import PAGE, ZIP, download, names_in, words

pytestmark = pytest.mark.django_db

As = Callable[[Person], Client]


def test_download_needs_the_token_of_a_form(cats: Dataset, vera: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(vera)

    answer = client.post(ZIP)

    assert answer.status_code == 403


@pytest.mark.django_db(transaction=True)
def test_viewer_downloads_the_zip(cats: Dataset, vera: Person) -> None:
    pictures.store(cats, tags=["cat"])

    answer, data = download(vera)

    headers = {name: answer.headers.get(name) for name in ("Content-Type", "Content-Disposition", "Content-Length")}
    assert (answer.status_code, names_in(data), headers) == (
        200,
        ["img_001.png", "img_001.txt"],
        {
            "Content-Type": "application/zip",
            "Content-Disposition": 'attachment; filename="cats.zip"',
            "Content-Length": str(len(data)),
        },
    )


@pytest.mark.django_db(transaction=True)
def test_download_follows_the_choices(cats: Dataset, vera: Person) -> None:
    pictures.store(cats, tags=["cat"], description="A cat.")
    pictures.store(cats, tags=["cat"], description="A done cat.", state="done")

    _, data = download(vera, chosen="1", state=["done"], profile="description")

    assert zipfile.ZipFile(io.BytesIO(data)).read("img_002.txt") == b"A done cat."


@pytest.mark.django_db(transaction=True)
def test_download_of_one_part_of_several(cats: Dataset, vera: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "PART", 2)
    for _ in range(3):
        pictures.store(cats, tags=["cat"])

    answer, data = download(vera, part="2")

    assert (names_in(data), answer.headers["Content-Disposition"]) == (
        ["img_003.png", "img_003.txt"],
        'attachment; filename="cats-2.zip"',
    )


def test_page_offers_one_button_a_part(cats: Dataset, as_vera: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "PART", 2)
    for _ in range(3):
        pictures.store(cats, tags=["cat"])

    answer = as_vera.get(PAGE)

    addresses = re.findall('formaction="([^"]*)"', answer.content.decode())
    assert (addresses, "Download zip 1 of 2" in words(answer), "Download zip 2 of 2" in words(answer)) == (
        [f"{ZIP}?part=1", f"{ZIP}?part=2"],
        True,
        True,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", ["0", "2", "-1", "x", "²", "9" * 40])
def test_download_of_a_part_that_is_not_there_is_refused(cats: Dataset, vera: Person, part: str) -> None:
    pictures.store(cats, tags=["cat"])

    answer, _ = download(vera, part=part)

    assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_download_of_nothing_is_refused(cats: Dataset, vera: Person) -> None:
    answer, _ = download(vera)

    assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_download_takes_the_boxes_as_they_are_ticked_whatever_was_counted(cats: Dataset, vera: Person) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["cat"], state="done")
    client = Client(enforce_csrf_checks=True)
    client.force_login(vera)
    page = client.get(PAGE, {"chosen": "1", "state": "todo"}).content.decode()
    button = re.search(r'name="csrfmiddlewaretoken" value="(\w+)" formmethod="post" formaction="([^"]*)"', page)
    assert button is not None

    answer = client.post(button[2], {"csrfmiddlewaretoken": button[1], "chosen": "1", "state": "done"})

    assert (answer.status_code, Export.objects.get().options["states"]) == (200, ["done"])


@pytest.mark.django_db(transaction=True)
def test_refused_download_shows_the_page_with_the_boxes_as_ticked(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    answer = as_vera.post(ZIP, {"chosen": "1", "state": "done", "profile": "tags"})

    page = answer.content.decode()
    assert (
        answer.status_code,
        "Nothing goes in: the export page says" in words(answer),
        re.findall(r'value="([\w+]+)" checked', page),
    ) == (422, True, ["done", "tags"])


def test_part_that_is_not_there_is_told_in_the_singular(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    answer = as_vera.post(f"{ZIP}?part=2")

    assert "This export has 1 part and no part 2" in words(answer)


@pytest.mark.django_db(transaction=True)
def test_download_is_recorded(cats: Dataset, vera: Person) -> None:
    pictures.store(cats, tags=["cat"])

    download(vera)

    made = Export.objects.get()
    assert (made.person, made.target, made.counts) == (vera, "zip", {"images": 1, "left_out": 0})

"""The pages that say what was imported, and what became of every file."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tagging.models import Dataset, Import, ImportState, Person
from tests import factories

pytestmark = pytest.mark.django_db


def imported(dataset: Dataset, by: Person | None = None, **columns: Any) -> Import:
    values: dict[str, Any] = {
        "folder": "/home/ada/imgs",
        "state": ImportState.FINISHED,
        "message": "“Cats”: 3 entries.",
        "total": 3,
        "read": 3,
        "counts": {"imported": 2, "duplicate": 0, "skipped": 1, "caption": 0, "unchanged": 0, "captions_as_tags": 4},
        "report": [line("broken.png", "It is empty.")],
    }
    return Import.objects.create(dataset=dataset, person=by, **(values | columns))


def line(path: str, reason: str, outcome: str = "skipped", number: int | None = None) -> dict[str, Any]:
    return {"path": path, "outcome": outcome, "reason": reason, "number": number}


def page(who: Person, address: str) -> str:
    client = Client()
    client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def list_of(dataset: Dataset) -> str:
    return reverse("tagging:dataset_imports", args=[dataset.slug])


def detail_of(run: Import) -> str:
    return reverse("tagging:dataset_import", args=[run.dataset.slug, run.pk])


def test_imports_are_listed_newest_first(cats: Dataset, ada: Person) -> None:
    first, second = imported(cats, ada), imported(cats, ada, counts={"imported": 12345})

    shown = page(ada, list_of(cats))

    assert shown.index(detail_of(second)) < shown.index(detail_of(first))
    assert "12\u202f345 imported" in shown


def test_imports_say_the_first_step_when_there_is_none(cats: Dataset, bob: Person) -> None:
    shown = page(bob, list_of(cats))

    assert "Nothing was imported yet" in shown
    assert "import_dir ./imgs --dataset cats" in shown


def test_folder_is_shown_to_owners_alone(cats: Dataset, ada: Person, bob: Person) -> None:
    run = imported(cats, ada)

    seen = {
        who.username: "/home/ada/imgs" in page(who, list_of(cats)) + page(who, detail_of(run)) for who in (ada, bob)
    }

    assert seen == {"ada": True, "bob": False}


def test_why_an_import_failed_is_said_to_owners_alone(cats: Dataset, ada: Person, bob: Person) -> None:
    run = imported(cats, ada, state=ImportState.FAILED, message="The disk of /srv/tagger is full.")

    seen = {who.username: "/srv/tagger" in page(who, detail_of(run)) for who in (ada, bob)}

    assert seen == {"ada": True, "bob": False}


@pytest.mark.parametrize("state", ImportState.values)
def test_imports_say_how_each_ended(cats: Dataset, ada: Person, state: str) -> None:
    imported(cats, ada, state=state)

    shown = page(ada, list_of(cats))

    assert f'class="run-state {state}"' in shown


def test_running_import_shows_how_far_it_is_and_how_to_see_more(cats: Dataset, vera: Person) -> None:
    imported(cats, state=ImportState.RUNNING, read=120, total=400)

    shown = page(vera, list_of(cats))

    assert '<progress class="running" aria-label="Import" value="120" max="400">' in shown
    assert ">Reload</a> to see how far it is" in shown


def test_import_that_fell_silent_is_said(cats: Dataset, ada: Person) -> None:
    run = imported(cats, state=ImportState.RUNNING)
    Import.objects.filter(pk=run.pk).update(seen_at=timezone.now() - timedelta(minutes=5))

    shown = page(ada, list_of(cats))

    assert "No sign of life since" in shown


def test_live_part_has_its_id_and_its_seq(cats: Dataset, ada: Person) -> None:
    imported(cats, state=ImportState.RUNNING)

    shown = page(ada, list_of(cats))

    assert f'id="dataset-{cats.pk}-import" data-seq="{cats.change_seq}"' in shown


def test_live_part_says_its_context_first() -> None:
    template = Path(__file__).parent.parent.parent / "templates/tagging/_dataset_import.html"

    assert template.read_text().startswith("{# dataset: Dataset, import: ")


def test_imports_are_paged_by_key(cats: Dataset, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagging.views.imports.PAGE", 2)
    runs = [imported(cats, ada) for _ in range(5)]

    first = page(ada, list_of(cats))
    second = page(ada, f"{list_of(cats)}?before={runs[3].pk}")

    assert f'href="?before={runs[3].pk}"' in first
    assert [run.pk for run in runs if detail_of(run) in second] == [runs[1].pk, runs[2].pk]


@pytest.mark.parametrize("before", ["", "x", "-1", "9" * 40, "１"])
def test_imports_of_any_key_are_a_page(cats: Dataset, ada: Person, before: str) -> None:
    imported(cats, ada)

    shown = page(ada, f"{list_of(cats)}?before={before}")

    assert "Imports" in shown


def test_list_asks_as_much_for_three_imports_as_for_one(cats: Dataset, ada: Person) -> None:
    client = Client()
    client.force_login(ada)
    imported(cats, ada)
    client.get(list_of(cats))
    with CaptureQueriesContext(connection) as one:
        client.get(list_of(cats))
    for _ in range(2):
        imported(cats, factories.person(f"person {_}"))

    with CaptureQueriesContext(connection) as three:
        client.get(list_of(cats))

    assert len(three) == len(one)


def test_report_is_grouped_by_outcome_with_reasons_and_images(cats: Dataset, ada: Person) -> None:
    factories.image(cats, 7)
    run = imported(
        cats,
        ada,
        report=[
            line("copy.png", "It is the same picture as image 7.", "duplicate", 7),
            line("broken.png", "It is empty."),
            line("a.gif", "Animated: first frame only.", "imported", 7),
        ],
    )

    shown = page(ada, detail_of(run))

    headings = [shown.index(f"<h2>{title} ") for title in ("Skipped", "Duplicates", "Imported, with a remark")]
    assert headings == sorted(headings)
    assert "It is empty." in shown
    assert f'<a href="{reverse("tagging:image_detail", args=["cats", 7])}">Image 7</a>' in shown
    assert "4 captions were read as tags" in shown


def test_report_shows_names_as_text(cats: Dataset, ada: Person) -> None:
    run = imported(cats, ada, report=[line("<script>alert(1)</script>.png", "<b>It is empty.</b>")])

    shown = page(ada, detail_of(run))

    assert ("<script>alert" in shown, "&lt;script&gt;alert(1)&lt;/script&gt;.png" in shown) == (False, True)
    assert "<b>It is" not in shown


def test_long_report_comes_in_pages(cats: Dataset, ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagging.views.imports.LINES", 2)
    run = imported(cats, ada, report=[line(f"{n}.md", "It is a text file.") for n in range(5)])

    first = page(ada, detail_of(run))
    last = page(ada, f"{detail_of(run)}?after=4")

    assert ('href="?after=2"' in first, "2.md" in first) == (True, False)
    assert ("4.md" in last, 'href="?after=' in last) == (True, False)


def test_report_without_anything_to_tell_says_so(cats: Dataset, ada: Person) -> None:
    run = imported(cats, ada, report=[])

    shown = page(ada, detail_of(run))

    assert "every file became an image" in shown


@pytest.mark.parametrize("role", ["viewer", "tagger", "reviewer", "owner"])
def test_members_of_every_role_see_imports(cats: Dataset, eve: Person, role: str) -> None:
    factories.member(cats, eve, role)
    run = imported(cats)

    shown = page(eve, detail_of(run))

    assert "broken.png" in shown


def test_strangers_and_foreign_imports_are_not_there(cats: Dataset, ada: Person, eve: Person) -> None:
    run = imported(cats, ada)
    dogs = factories.dataset("dogs", owner=ada)
    stranger, owner = Client(), Client()
    stranger.force_login(eve)
    owner.force_login(ada)

    found = [
        stranger.get(list_of(cats)).status_code,
        stranger.get(detail_of(run)).status_code,
        owner.get(reverse("tagging:dataset_import", args=[dogs.slug, run.pk])).status_code,
        owner.get(reverse("tagging:dataset_import", args=[cats.slug, 10**15])).status_code,
        owner.post(detail_of(run)).status_code,
        owner.post(list_of(cats)).status_code,
    ]

    assert found == [404, 404, 404, 404, 405, 405]


def test_whoever_is_signed_out_is_sent_to_sign_in(cats: Dataset, ada: Person) -> None:
    run = imported(cats, ada)

    answers = [Client().get(list_of(cats)), Client().get(detail_of(run))]

    assert [answer.status_code for answer in answers] == [302, 302]

"""Where people are, what is next for them, and that no two are handed the same image."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tagging.models import Dataset, Person, TaggingSession
from tests import factories


def _client(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


@pytest.mark.django_db
def test_a_first_visit_begins_at_the_first_image_to_do(cats: Dataset, bob: Person) -> None:
    factories.image(cats, state="done")
    factories.image(cats)

    answer = _client(bob).get("/datasets/cats/resume/")

    assert answer.headers["Location"] == "/datasets/cats/images/2/"


@pytest.mark.django_db
def test_coming_back_leads_to_where_one_was_and_says_so(cats: Dataset, bob: Person) -> None:
    for state in ("done", "todo", "todo", "rejected"):
        factories.image(cats, state=state)
    _client(bob).get("/datasets/cats/images/3/")

    page = _client(bob).get("/datasets/cats/resume/", follow=True)

    assert page.redirect_chain == [("/datasets/cats/images/3/", 302)]
    assert "Resuming at image 3, 1 of 3 done." in page.content.decode()


@pytest.mark.django_db
def test_next_skips_what_others_have_claimed(cats: Dataset, ada: Person, bob: Person) -> None:
    for _ in range(3):
        factories.image(cats)

    theirs = _client(ada).post("/datasets/cats/next/").headers["Location"]
    mine = _client(bob).post("/datasets/cats/next/").headers["Location"]

    assert (theirs, mine) == ("/datasets/cats/images/1/", "/datasets/cats/images/2/")


@pytest.mark.django_db
def test_next_never_gives_the_current_image_and_wraps(cats: Dataset, bob: Person) -> None:
    for _ in range(3):
        factories.image(cats)
    client = _client(bob)
    client.get("/datasets/cats/images/3/")

    answer = client.post("/datasets/cats/next/")

    assert answer.headers["Location"] == "/datasets/cats/images/1/"


@pytest.mark.django_db
def test_next_goes_on_from_the_image_it_was_pressed_on(cats: Dataset, bob: Person) -> None:
    factories.images(cats, 4)
    client = _client(bob)
    client.get("/datasets/cats/images/3/")  # in another tab, later

    answer = client.post("/datasets/cats/next/", {"image": "1"})

    assert answer.headers["Location"] == "/datasets/cats/images/2/"


@pytest.mark.django_db
def test_a_claim_that_ran_out_is_free_again(cats: Dataset, ada: Person, bob: Person) -> None:
    factories.image(cats)
    _client(ada).post("/datasets/cats/next/")
    TaggingSession.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))

    answer = _client(bob).post("/datasets/cats/next/")

    assert answer.headers["Location"] == "/datasets/cats/images/1/"


@pytest.mark.django_db
def test_next_stays_within_the_search(cats: Dataset, bob: Person) -> None:
    factories.image(cats)
    factories.image(cats, tags=["cat"])

    answer = _client(bob).post("/datasets/cats/next/", {"q": "cat"})

    assert answer.headers["Location"] == "/datasets/cats/images/2/?q=cat"


@pytest.mark.django_db
def test_the_last_finish_leads_to_the_page_that_says_so(cats: Dataset, bob: Person) -> None:
    factories.image(cats, state="rejected")
    factories.image(cats, tags=["cat"])
    client = _client(bob)

    page = client.post("/datasets/cats/images/2/finish/?next=1", follow=True)

    text = page.content.decode()
    assert page.redirect_chain == [("/datasets/cats/finished/", 302)]
    assert "Nothing left to do</h1>" in text
    assert "1 is rejected" in text


@pytest.mark.django_db
def test_the_last_image_to_do_is_said_when_one_skips_it(cats: Dataset, bob: Person) -> None:
    factories.image(cats)
    client = _client(bob)
    client.get("/datasets/cats/images/1/")

    page = client.post("/datasets/cats/next/", follow=True)

    assert page.redirect_chain == [("/datasets/cats/images/1/", 302)]
    assert "This is the last image to do." in page.content.decode()


@pytest.mark.django_db
def test_leaving_gives_the_claim_back_and_says_what_one_did(cats: Dataset, bob: Person) -> None:
    factories.image(cats)
    factories.image(cats)
    client = _client(bob)
    client.get("/datasets/cats/images/1/")
    client.post("/datasets/cats/images/1/tags/add/", {"names": "cat, sofa"})
    client.post("/datasets/cats/images/1/finish/?next=1")

    page = client.post("/datasets/cats/leave/", follow=True).content.decode()

    assert "1 image changed, 1 finished, 2 tags added" in page
    assert TaggingSession.objects.get(person=bob).claimed_image is None


@pytest.mark.django_db
def test_an_image_of_somebody_else_opens_and_is_no_claim(cats: Dataset, ada: Person, bob: Person) -> None:
    factories.image(cats)
    _client(ada).post("/datasets/cats/next/")

    page = _client(bob).get("/datasets/cats/images/1/").content.decode()

    assert "<bdi>ada</bdi> has this image" in page
    assert TaggingSession.objects.get(person=bob).claimed_image is None


@pytest.mark.django_db
def test_another_browser_of_the_same_person_is_at_the_same_image(cats: Dataset, bob: Person) -> None:
    for _ in range(4):
        factories.image(cats)
    _client(bob).post("/datasets/cats/next/")
    _client(bob).get("/datasets/cats/images/4/")

    page = _client(bob).get("/").content.decode()

    assert "you are at image 4" in page
    assert "Resume at 4" in page


@pytest.mark.django_db
def test_the_end_of_a_search_is_not_the_end_of_the_work(cats: Dataset, bob: Person) -> None:
    factories.image(cats)
    factories.image(cats, tags=["cat"])
    client = _client(bob)

    page = client.post("/datasets/cats/images/2/finish/?next=1", {"q": "cat"}, follow=True)

    assert page.redirect_chain == [("/datasets/cats/?q=cat", 302)]
    assert "Nothing is left to do in this search." in page.content.decode()


@pytest.mark.django_db
def test_the_end_of_all_work_is_said_under_a_search_too(cats: Dataset, bob: Person) -> None:
    factories.image(cats, tags=["cat"])
    client = _client(bob)

    answer = client.post("/datasets/cats/images/1/finish/?next=1", {"q": "cat"})

    assert answer.headers["Location"] == "/datasets/cats/finished/"


@pytest.mark.django_db
def test_the_last_page_counts_per_person_what_stands(cats: Dataset, ada: Person, bob: Person) -> None:
    factories.image(cats)
    factories.image(cats)
    _client(bob).post("/datasets/cats/images/1/tags/add/", {"names": "cat, sofa"})
    _client(bob).post("/datasets/cats/images/1/finish/")
    _client(ada).post("/datasets/cats/images/1/review/")
    _client(ada).post("/datasets/cats/images/2/reject/")

    rows = _client(bob).get("/datasets/cats/finished/").context["people_rows"]

    counts = [[row["finished"], row["reviewed"], row["rejected"], row["added"]] for row in rows]
    assert [row["person"].username for row in rows] == ["ada", "bob"]
    assert counts == [[0, 1, 1, 0], [1, 0, 0, 2]]


@pytest.mark.django_db
def test_a_reviewer_goes_on_to_the_next_image_that_is_done(cats: Dataset, ada: Person) -> None:
    for state in ("done", "todo", "done"):
        factories.image(cats, state=state)
    client = _client(ada)

    first = client.post("/datasets/cats/images/1/review/?next=1", {"q": "state:done"})
    last = client.post("/datasets/cats/images/3/review/?next=1", {"q": "state:done"}, follow=True)

    assert first.headers["Location"] == "/datasets/cats/images/3/?q=state%3Adone"
    assert "Nothing is left to review in this search." in last.content.decode()

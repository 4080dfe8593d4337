import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tagging.models import Dataset, Invitation, Membership, Person
from tagging.services import members
from tests.accounts.signing_in import signed_in_as

PASSWORD = "a long enough secret"


@pytest.fixture
def address(cats: Dataset, ada: Person) -> str:
    """Where one person may join the cats as a tagger."""
    return f"/join/{members.invite(cats, role='tagger', days=7, by=ada)}/"


def form(**typed: str) -> dict[str, str]:
    return {"username": "nina", "password": PASSWORD, "again": PASSWORD, **typed}


def role(of: str) -> str | None:
    return Membership.objects.filter(person__username=of).values_list("role", flat=True).first()


def test_joining_makes_the_account_signs_in_and_opens_the_dataset(client: Client, address: str) -> None:
    answer = client.post(address, form())

    assert (answer.status_code, answer.headers["Location"]) == (302, "/datasets/cats/")
    assert (signed_in_as(client), role("nina")) == ("nina", "tagger")


def test_joining_page_has_what_its_form_needs(client: Client, address: str) -> None:
    page = client.get(address)

    text = page.content.decode()
    assert [re.sub("<.*?>", "", label) for label in re.findall("<label.*?</label>", text)] == [
        "User name",
        "Password",
        "Password again",
    ]
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")


def test_looking_at_an_invitation_does_not_use_it_up(client: Client, address: str) -> None:
    client.get(address)

    assert Invitation.objects.open().count() == 1


def test_joining_works_once(client: Client, address: str) -> None:
    client.post(address, form())

    answer = Client().post(address, form(username="otto"))

    assert answer.status_code == 404
    assert "Ask whoever sent it for a fresh one" in answer.content.decode()
    assert not Person.objects.filter(username="otto").exists()


def test_joining_with_an_old_invitation_is_not_possible(client: Client, address: str) -> None:
    Invitation.objects.update(expires_at="2020-01-01T00:00Z")

    statuses = (client.get(address).status_code, client.post(address, form()).status_code)

    assert statuses == (404, 404)
    assert role("nina") is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"again": "something else"}, "The two passwords are not the same"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "1029384756", "again": "1029384756"}, "entirely numeric"),
        ({"password": "", "again": ""}, "too short"),
        ({"username": "BOB"}, "This user name is taken"),
        ({"username": " "}, "user name"),
        ({"username": "two words"}, "Enter a valid username"),
        ({"username": "n" * 151}, "at most 150 characters"),
    ],
)
def test_joining_says_what_is_wrong_and_keeps_the_name(
    typed: dict[str, str], words: str, client: Client, address: str
) -> None:
    sent = form(**typed)

    answer = client.post(address, sent)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert f'value="{sent["username"]}"' in text
    assert PASSWORD not in text
    assert Invitation.objects.open().count() == 1


def test_joining_of_somebody_signed_in_asks_for_nothing(client: Client, eve: Person, address: str) -> None:
    client.force_login(eve)

    page = client.get(address).content.decode()
    client.post(address)

    assert "<label" not in page
    assert role("eve") == "tagger"


def test_joining_again_does_not_lower_a_role(client: Client, ada: Person, cats: Dataset, address: str) -> None:
    client.force_login(ada)

    client.post(address)

    assert role("ada") == "owner"


def test_joining_needs_the_token_of_its_form(address: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(address, form())

    assert answer.status_code == 403


def test_there_is_no_other_way_to_get_an_account(client: Client, cats: Dataset) -> None:
    pages = ["/join/", "/register/", "/signup/", "/accounts/signup/", "/join/none/"]

    assert {client.post(page, form()).status_code for page in pages} == {404}
    assert Person.objects.count() == 3


def test_invite_command_prints_an_address_to_join_at(client: Client, cats: Dataset, data_dir: object) -> None:
    out = StringIO()

    call_command("invite", "cats", "--role", "reviewer", stdout=out, stderr=StringIO())
    client.post(out.getvalue().strip().removeprefix("http://127.0.0.1:8000"), form())

    assert role("nina") == "reviewer"


@pytest.mark.parametrize(("days", "within"), [("1", "within 1 day:"), ("7", "within 7 days:")])
def test_invite_command_says_how_long_the_address_is_good_for(
    days: str, within: str, cats: Dataset, data_dir: object
) -> None:
    told = StringIO()

    call_command("invite", "cats", "--days", days, stdout=StringIO(), stderr=told)

    assert within in told.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["dogs"], "There is no dataset “dogs” here: there is cats"),
        (["cats", "--role", "boss"], "A role is one of viewer, tagger, reviewer, owner"),
        (["cats", "--days", "0"], "An invitation lasts 1 to 365 days"),
    ],
)
def test_invite_command_says_what_is_wrong(
    arguments: list[str], sentence: str, cats: Dataset, data_dir: object
) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("invite", *arguments, stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize(
    ("username", "offered", "sentence"),
    [
        ("bob", "viewer", "You are a member already, and stay tagger."),
        ("bob", "tagger", "You are a member already, and stay tagger."),
        ("bob", "reviewer", "You are a member already, and become reviewer instead of tagger."),
        ("eve", "viewer", "and join as viewer."),
    ],
)
@pytest.mark.usefixtures("eve")
def test_an_invitation_says_what_will_be(
    username: str, offered: str, sentence: str, client: Client, cats: Dataset
) -> None:
    ada = Person.objects.get(username="ada")
    client.force_login(Person.objects.get(username=username))

    page = client.get(f"/join/{members.invite(cats, role=offered, days=7, by=ada)}/").text

    assert sentence in page

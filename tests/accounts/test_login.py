import pytest
from django.test import Client

from tagging.models import Person
from tests import factories
from tests.accounts.signing_in import CountingHasher, sign_in, signed_in_as
from tests.factories import PASSWORD

ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\x00//evil.example/",
    " //evil.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "https:///evil.example/",
    "https:evil.example",
    "http://testserver@evil.example/",
    "evil.example",
    "/\r\nLocation: https://evil.example/",
]


@pytest.fixture
def counting(settings: object, db: None) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher"]  # type: ignore[attr-defined]
    return CountingHasher


def test_login_signs_in_and_goes_where_one_wanted_to(client: Client, ada: Person) -> None:
    answer = sign_in(client, "ada", next="/account/?from=here")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/?from=here")
    assert signed_in_as(client) == "ada"


def test_login_page_keeps_where_one_wanted_to_go(client: Client, db: None) -> None:
    led = client.get("/account/", follow=True)

    assert led.redirect_chain == [("/login/?next=/account/", 302)]
    assert '<input type="hidden" name="next" value="/account/">' in led.content.decode()


def test_login_page_lets_in_whose_page_it_was_while_somebody_else_is_signed_in(
    client: Client, ada: Person, bob: Person
) -> None:
    sign_in(client, "bob")

    asked = client.get(f"/login/?by={ada.pk}&next=/account/")
    answer = sign_in(client, "ada", next="/account/")

    assert "<bdi>bob</bdi> is signed in here now" in asked.content.decode()
    assert client.get(f"/login/?by={ada.pk}").status_code == 302
    assert (answer.headers["Location"], signed_in_as(client)) == ("/account/", "ada")


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_login_goes_nowhere_else(elsewhere: str, client: Client, ada: Person) -> None:
    answer = sign_in(client, "ada", next=elsewhere)

    where = answer.headers["Location"]
    assert where == "/" or where.startswith(("/%09/", "/%0D%0A"))


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_login_of_somebody_signed_in_goes_nowhere_else(elsewhere: str, client: Client, ada: Person) -> None:
    client.force_login(ada)

    answer = client.get("/login/", {"next": elsewhere})

    where = answer.headers["Location"]
    assert where == "/" or where.startswith(("/%09/", "/%0D%0A"))


def test_login_gives_a_new_session_key(client: Client, ada: Person) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["tagger_session"] = planted = str(session.session_key)

    sign_in(client, "ada")

    assert client.session.session_key not in (None, planted)
    assert not session.exists(planted)


def test_login_of_the_same_person_gives_a_new_session_key(client: Client, ada: Person) -> None:
    sign_in(client, "ada")
    first = client.session.session_key

    sign_in(client, "ada")

    assert client.session.session_key != first


def test_login_as_another_ends_the_first(client: Client, ada: Person, bob: Person) -> None:
    sign_in(client, "ada")

    sign_in(client, "bob")

    assert signed_in_as(client) == "bob"


@pytest.mark.parametrize("username", ["ada", "nobody", "gone", "invited"])
def test_login_says_and_does_the_same_whatever_is_wrong(
    username: str, client: Client, counting: type[CountingHasher]
) -> None:
    factories.person("ada")
    gone = factories.person("gone")
    gone.is_active = False
    gone.save()
    invited = Person(username="invited")
    invited.set_unusable_password()
    invited.save()
    counting.calls = 0

    answer = sign_in(client, username, PASSWORD if username == "gone" else "wrong")

    text = answer.content.decode()
    assert (answer.status_code, counting.calls) == (422, 1)
    assert "User name and password do not belong together. Try again." in text
    assert f'value="{username}"' in text


@pytest.mark.parametrize(
    "sent", [{}, {"username": "ada"}, {"username": "a" * 151, "password": "x"}, {"username": "a\x00"}]
)
def test_login_of_half_a_form_is_refused(sent: dict[str, str], client: Client, ada: Person) -> None:
    answer = client.post("/login/", sent)

    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()


def test_login_needs_the_token_of_its_form(ada: Person) -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = sign_in(strict, "ada")

    assert answer.status_code == 403


def test_login_takes_the_token_of_its_form(ada: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/login/")

    answer = sign_in(strict, "ada", csrfmiddlewaretoken=strict.cookies["tagger_csrf"].value)

    assert answer.status_code == 302


def test_cookies_have_names_of_our_own_and_are_kept_from_scripts(client: Client, ada: Person) -> None:
    client.get("/login/")
    sign_in(client, "ada")

    kept = {name: (bool(cookie["httponly"]), cookie["samesite"]) for name, cookie in client.cookies.items()}

    assert kept == {"tagger_csrf": (True, "Lax"), "tagger_session": (True, "Lax")}


def test_logout_ends_the_session(client: Client, ada: Person) -> None:
    sign_in(client, "ada")
    key = client.session.session_key

    answer = client.post("/logout/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/")
    assert not client.session.exists(str(key))
    assert signed_in_as(client) is None


def test_logout_is_no_link(client: Client, ada: Person) -> None:
    sign_in(client, "ada")

    assert client.get("/logout/").status_code == 405
    assert signed_in_as(client) == "ada"


def test_somebody_deactivated_is_signed_out_at_the_next_request(client: Client, ada: Person) -> None:
    sign_in(client, "ada")

    Person.objects.filter(pk=ada.pk).update(is_active=False)

    assert client.get("/account/").headers["Location"] == "/login/?next=/account/"


def test_a_script_that_is_signed_out_is_told_so(client: Client, db: None) -> None:
    answer = client.get("/account/", headers={"HX-Request": "true"})

    assert answer.status_code == 401


def test_pages_about_people_are_kept_by_no_cache(client: Client, ada: Person) -> None:
    signed_out = client.get("/login/").headers["Cache-Control"]
    client.force_login(ada)

    assert (signed_out, client.get("/account/").headers["Cache-Control"]) == ("no-store", "no-store")


def test_healthz_answers_anybody(client: Client) -> None:
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (
        200,
        b"ok",
        "text/plain; charset=utf-8",
    )

"""People in the admin site: who may raise whom, and what signs somebody out."""

import pytest
from django.test import Client

from tagging.models import Dataset, Person
from tests import factories
from tests.admin import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cats(db: None) -> Dataset:
    return world.make()


@pytest.mark.parametrize("by", ["sam", "ada"])
def test_no_form_makes_staff_a_superuser(cats: Dataset, by: str) -> None:
    fields = "is_superuser is_staff is_active superuser flag on user_permissions groups _save _continue".split()
    everything = dict.fromkeys(fields, "on")
    client = world.as_person(by)
    own = world.person(by)

    for key, (model_admin, _) in world.registered().items():
        about = own if key[0] == "person" else world.CASES[key].about()
        client.post(world.address(key, about), everything)
        client.post(model_admin.address("add"), everything)
        client.post(model_admin.address("change", own.pk), everything)

    assert list(Person.objects.filter(is_superuser=True).values_list("username", flat=True)) == ["sue"]


def test_a_deactivated_person_is_out_at_the_next_request(cats: Dataset) -> None:
    client = world.as_person("bob")

    world.post(("person", "one", "deactivate"))

    assert client.get("/").status_code == 302


def test_a_new_password_signs_out_and_in(cats: Dataset) -> None:
    client = world.as_person("bob")

    world.post(("person", "one", "password"))

    assert client.get("/").status_code == 302
    assert world.person("bob").check_password(world.PASSWORD["password"])


@pytest.mark.parametrize(
    "data", [{"password": "ketl", "again": "ketl"}, {"password": "a quiet kettle", "again": "another kettle"}]
)
def test_a_weak_or_mistyped_password_is_refused(cats: Dataset, data: dict[str, str]) -> None:
    response = world.post(("person", "one", "password"), **data)

    assert response.status_code == 422
    assert data["password"] not in response.content.decode()
    assert world.person("bob").check_password(factories.PASSWORD)


def test_a_superuser_is_made_by_a_superuser_and_is_staff_then(cats: Dataset) -> None:
    world.post(("person", "one", "make-superuser"))

    bob = world.person("bob")
    assert (bob.is_superuser, bob.is_staff) == (True, True)


def test_a_message_says_a_name_as_it_is(cats: Dataset) -> None:
    client = world.as_person("sue")

    page = client.post(f"/admin/tagging/person/{world.person('bob').pk}/make-staff/", follow=True)

    assert '<li class="success">bob is staff now.</li>' in page.content.decode()


def test_the_sign_in_of_the_admin_site_is_throttled(cats: Dataset) -> None:
    client = Client()
    statuses = [
        client.post("/admin/login/", {"username": "sue", "password": f"guess {guess}"}).status_code
        for guess in range(12)
    ]

    assert statuses[0] == 200
    assert statuses[-1] == 429

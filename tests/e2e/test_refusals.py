"""What the server does not take: said, kept, and sent when it can be."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import PASSWORD, Pages
from tests.e2e.server import Server
from tests.e2e.tagging_pages import holding
from tests.e2e.together import add, address, fresh_image, live, on_server, opened, saved

STATUS = r"Failed to load resource|\b(429|500|503) from|Response Status Error Code|htmx:\w+"


@pytest.fixture
def people(people: Pages) -> Pages:
    people.expect_complaint(STATUS)
    return people


@pytest.fixture
def image(shared: Server) -> int:
    return fresh_image(shared)


def memberships(server: Server, change: str) -> None:
    """As an administrator would in a shell."""
    server.run("shell", "-v", "0", "-c", f"from tagging.models import Membership; Membership.objects.{change}")


def first_time(page: Page, status: int, headers: dict[str, str] | None = None) -> None:
    """The first act is answered like this, and does not reach the server."""
    left = [status]

    def answer(route: Route) -> None:
        if left:
            route.fulfill(status=left.pop(), body="", headers=headers or {})
        else:
            route.continue_()

    page.route("**/tags/**", answer)


@pytest.mark.parametrize("status", [500, 503, 429])
def test_an_act_that_fails_is_kept_marked_and_sent_again(people: Pages, bob: Page, image: int, status: int) -> None:
    first_time(bob, status, {"Retry-After": "1"})

    add(bob, "four")

    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")
    expect(bob.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])
    saved(bob)
    expect(bob.get_by_role("status", name="Save state")).to_have_text("saved")
    assert on_server(people.server, image) == ["one", "two", "three", "four"]


def test_an_act_whose_answer_is_lost_has_one_effect(people: Pages, bob: Page, image: int) -> None:
    left = [True]

    def lose(route: Route) -> None:
        if left:
            left.pop()
            route.fetch()
            route.abort()
        else:
            route.continue_()

    bob.route("**/tags/**", lose)

    bob.get_by_role("button", name="Remove two").click()
    saved(bob)

    assert on_server(people.server, image) == ["one", "three"]


def test_a_tag_that_is_refused_is_in_the_box_again_with_the_reason(people: Pages, bob: Page) -> None:
    box = bob.get_by_role("combobox", name="Add tags")

    add(bob, "x" * 201)

    expect(bob.get_by_role("status", name="Messages")).to_contain_text("200")
    expect(box).to_have_value("x" * 201)
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")
    expect(bob.locator(".chips ol .name")).to_have_text(["one", "two", "three"])


def test_what_is_done_while_signed_out_is_sent_when_signed_in_again(people: Pages, bob: Page, image: int) -> None:
    other = bob.context.new_page()
    other.goto("/datasets/demo/")
    other.context.clear_cookies()

    add(bob, "four")

    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")
    expect(bob.get_by_role("status", name="Messages").get_by_role("link", name="Sign in")).to_be_visible()
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")
    other.goto(people.server.enter("bob"))
    bob.bring_to_front()
    bob.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(bob)
    live(bob)
    expect(bob.get_by_role("status", name="Messages").get_by_role("link", name="Sign in")).to_have_count(0)
    assert on_server(people.server, image) == ["one", "two", "three", "four"]


def test_going_back_while_signed_out_leads_to_signing_in(people: Pages, bob: Page, image: int) -> None:
    people.expect_complaint("status of 401")
    bob.get_by_role("link", name="Next", exact=True).click()
    expect(bob.get_by_role("heading", name=f"Image {image + 1}")).to_be_visible()
    bob.context.clear_cookies()

    bob.go_back()

    bob.wait_for_url("**/login/?next=**")
    expect(bob.get_by_label("Password")).to_be_visible()


def test_what_is_done_while_somebody_else_is_signed_in_waits_for_its_person(
    people: Pages, bob: Page, image: int
) -> None:
    people.join("kim", "tagger")
    bob.context.clear_cookies()
    other = bob.context.new_page()
    other.goto(people.server.enter("kim"))

    add(bob, "four")

    message = bob.get_by_role("status", name="Messages")
    expect(message).to_contain_text("Somebody else is signed in here now")
    with bob.context.expect_page() as opened_tab:
        message.get_by_role("link", name="Sign in").click()
    sign_in = opened_tab.value
    expect(sign_in.get_by_text("kim is signed in here now")).to_be_visible()
    sign_in.get_by_label("User name").fill("bob")
    sign_in.get_by_label("Password").fill(PASSWORD)
    sign_in.get_by_role("button", name="Sign in").click()
    sign_in.wait_for_url("**/images/**")
    bob.bring_to_front()
    bob.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(bob)
    assert on_server(people.server, image) == ["one", "two", "three", "four"]


def test_what_went_wrong_is_not_wiped_away_by_what_went_well(bob: Page) -> None:
    add(bob, "x" * 201)
    message = bob.get_by_role("status", name="Messages")
    expect(message).to_contain_text("200")

    bob.get_by_role("button", name="Remove two").click()

    expect(message).to_contain_text("Removed two.")
    expect(message).to_contain_text("200")


def test_a_tag_that_goes_by_another_name_is_not_silently_left(people: Pages, bob: Page, image: int) -> None:
    people.server.run(
        "shell",
        "-v",
        "0",
        "-c",
        "from tagging.models import Tag; one = Tag.objects.get(name='one'); "
        "Tag.objects.create(dataset=one.dataset, name='uno', key='uno', alias_of=one)",
    )
    bob.get_by_role("button", name="Remove one").click()
    saved(bob)
    held: list[Route] = []
    bob.route("**/tags/add/", holding(held))
    add(bob, "uno")
    bob.get_by_role("button", name="Remove uno").click()

    for route in held:
        route.continue_()

    expect(bob.get_by_role("status", name="Messages")).to_contain_text("goes by another name")
    expect(bob.locator(".chips ol .name")).to_have_text(["two", "three", "one"])


def test_who_lost_the_right_is_told_and_what_they_typed_is_in_its_box(people: Pages, bob: Page) -> None:
    memberships(people.server, "filter(person__username='bob').update(role='viewer')")

    add(bob, "four")

    expect(bob.get_by_role("status", name="Messages")).to_contain_text("you may not tag")
    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value("four")
    expect(bob.locator(".chips ol .name")).to_have_text(["one", "two", "three"])
    expect(bob.get_by_role("status", name="Messages")).to_contain_text("You may only look at this dataset now")
    memberships(people.server, "filter(person__username='bob').update(role='tagger')")


def test_a_dataset_that_is_gone_is_said_and_nothing_hangs(people: Pages, image: int) -> None:
    zoe = opened(people, "zoe", at=address(image))[0]
    memberships(people.server, "filter(person__username='zoe').delete()")

    add(zoe, "four")

    expect(zoe.get_by_role("status", name="Messages")).to_contain_text(re.compile("no such|no access"))
    expect(zoe.get_by_role("combobox", name="Add tags")).to_have_value("four")


@pytest.mark.parametrize(("status", "sentence"), [(0, "cannot be reached"), (500, "cannot be opened (500)")])
def test_an_image_that_cannot_be_opened_leaves_one_where_one_is(
    bob: Page, image: int, status: int, sentence: str
) -> None:
    bob.route("**/images/*/", lambda route: route.fulfill(status=status) if status else route.abort())

    bob.get_by_role("link", name="Next", exact=True).click()

    expect(bob.get_by_role("status", name="Messages")).to_contain_text(sentence)
    expect(bob.get_by_role("heading", name=f"Image {image}")).to_be_visible()
    bob.unroute("**/images/*/")
    bob.get_by_role("link", name="Next", exact=True).click()
    expect(bob.get_by_role("heading", name=f"Image {image + 1}")).to_be_visible()


def test_leaving_with_something_unsaved_asks_first(bob: Page) -> None:
    bob.get_by_role("combobox", name="Add tags").press_sequentially("not entered")

    with bob.expect_event("dialog") as asked:
        bob.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.accept()

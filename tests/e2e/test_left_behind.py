"""What one did on an image that one has left: it arrives there, and whatever is wrong with it is not lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import holding
from tests.e2e.together import add, address, at, go, let_go, on_server, opened, saved

IMAGES = 40
TOO_LONG = "x" * 201


@pytest.fixture
def people(people: Pages) -> Pages:
    people.expect_complaint("status of 422")
    return people


def describe(page: Page, text: str) -> None:
    page.get_by_label("Description").fill(text)
    page.get_by_label("Description").blur()
    saved(page)


def test_a_refused_line_stops_what_was_pressed_behind_it(bob: Page, image: int) -> None:
    box = bob.get_by_role("combobox", name="Add tags")
    box.fill(TOO_LONG)

    box.press("Control+Enter")

    expect(bob.get_by_role("status", name="Messages")).to_contain_text("What you pressed is not done")
    at(bob, image)
    expect(box).to_have_value(TOO_LONG)
    expect(bob.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_a_line_that_is_refused_elsewhere_is_in_its_box_when_one_comes_back(bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/tags/add/", holding(held))
    add(bob, TOO_LONG)
    go(bob, "Next")
    at(bob, image + 1)

    let_go(bob, held, "**/tags/add/")

    expect(bob.get_by_role("status", name="Messages")).to_contain_text("200")
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")
    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value("")
    go(bob, "Previous")
    at(bob, image)
    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value(TOO_LONG)


def test_a_tag_just_typed_and_removed_is_gone_wherever_one_goes(people: Pages, bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/tags/add/", holding(held))
    add(bob, "zebra")
    bob.get_by_role("button", name="Remove zebra").click()
    go(bob, "Next")
    at(bob, image + 1)

    let_go(bob, held, "**/tags/add/")
    saved(bob)

    assert on_server(people.server, image) == ["one", "two", "three"]


def test_a_list_that_was_edited_is_saved_by_leaving(people: Pages, bob: Page, image: int) -> None:
    bob.get_by_text("Edit the tags as text").click()
    bob.get_by_label("All tags of this image").fill("three, one")

    go(bob, "Next")
    at(bob, image + 1)
    saved(bob)

    assert on_server(people.server, image) == ["three", "one"]


def test_a_list_and_what_stands_in_the_tag_box_are_both_saved(people: Pages, bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/remove/", holding(held))
    bob.get_by_role("button", name="Remove two").click()
    bob.get_by_text("Edit the tags as text").click()
    bob.get_by_label("All tags of this image").fill("three, one")
    bob.get_by_role("combobox", name="Add tags").fill("four")
    go(bob, "Next")
    at(bob, image + 1)

    let_go(bob, held, "**/remove/")
    saved(bob)

    assert on_server(people.server, image) == ["three", "one", "four"]


def test_a_description_on_its_way_is_what_one_finds_on_coming_back(bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/description/", holding(held))
    bob.get_by_label("Description").fill("A red boat.")
    go(bob, "Next")
    at(bob, image + 1)

    go(bob, "Previous")
    at(bob, image)

    expect(bob.get_by_label("Description")).to_have_value("A red boat.")
    let_go(bob, held, "**/description/")
    saved(bob)


def test_a_conflict_told_elsewhere_waits_with_both_versions(people: Pages, bob: Page, image: int) -> None:
    people.expect_complaint("status of 409")
    zoe = opened(people, "zoe", at=address(image))[0]
    held: list[Route] = []
    bob.route("**/description/", holding(held))
    bob.get_by_label("Description").fill("Bob was here.")
    go(bob, "Next")
    at(bob, image + 1)
    describe(zoe, "Zoe was quicker.")
    let_go(bob, held, "**/description/")
    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")

    go(bob, "Previous")
    at(bob, image)

    expect(bob.get_by_label("Description")).to_have_value("Bob was here.")
    expect(bob.get_by_role("alert")).to_contain_text("Zoe was quicker.")
    go(bob, "Next")  # without having chosen
    at(bob, image + 1)
    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")
    expect(zoe.get_by_label("Description")).to_have_value("Zoe was quicker.")
    go(bob, "Previous")
    bob.get_by_role("button", name="Save mine instead").click()
    expect(zoe.get_by_label("Description")).to_have_value("Bob was here.")
    saved(bob)


def test_a_list_that_is_refused_elsewhere_is_seen_again_in_its_box(bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/tags/set/", holding(held))
    bob.get_by_text("Edit the tags as text").click()
    bob.get_by_label("All tags of this image").fill(f"one, {TOO_LONG}")
    go(bob, "Next")
    at(bob, image + 1)
    let_go(bob, held, "**/tags/set/")
    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")

    go(bob, "Previous")
    at(bob, image)

    expect(bob.get_by_label("All tags of this image")).to_be_visible()
    expect(bob.get_by_label("All tags of this image")).to_have_value(f"one, {TOO_LONG}")


def test_of_two_descriptions_that_are_refused_the_newer_one_is_kept(people: Pages, bob: Page, image: int) -> None:
    people.expect_complaint("status of 409")
    zoe = opened(people, "zoe", at=address(image))[0]
    held: list[Route] = []
    bob.route("**/description/", holding(held))
    description = bob.get_by_label("Description")
    description.fill("The first.")
    description.blur()
    description.fill("The second.")
    go(bob, "Next")
    at(bob, image + 1)
    describe(zoe, "Zoe was quicker.")
    let_go(bob, held, "**/description/")
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")

    go(bob, "Previous")
    at(bob, image)

    expect(description).to_have_value("The second.")


def test_a_line_that_is_refused_while_one_goes_back_is_kept(bob: Page, image: int) -> None:
    go(bob, "Previous")
    at(bob, image - 1)
    held: list[Route] = []
    bob.route(f"**/images/{image}/", holding(held))
    bob.get_by_role("combobox", name="Add tags").fill(TOO_LONG)
    with bob.expect_request(f"**/images/{image}/"):
        bob.evaluate("history.back()")
    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value(TOO_LONG)  # refused, and given back
    expect(bob.get_by_role("status", name="Messages")).to_contain_text("200")

    let_go(bob, held, f"**/images/{image}/")
    at(bob, image)

    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value("")
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "1")
    go(bob, "Previous")
    at(bob, image - 1)
    expect(bob.get_by_role("combobox", name="Add tags")).to_have_value(TOO_LONG)

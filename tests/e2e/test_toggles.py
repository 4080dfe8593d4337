"""Toggles: "Recent tags" and "All tags" follow the chips, and one finds among them."""

from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import chips, here, holding, opened, recent, saved, tag_box, toggle

IMAGES = 6
CAPTIONS = {6: "sea, blue sky"}


def test_toggles_follow_the_chips_whoever_changes_them(people: Pages, page: Page) -> None:
    people.join("zoe")
    other = opened(people.page("zoe"), 1)
    opened(page, 1)
    uses = int(toggle(page, "sea").locator(".uses").inner_text())

    other.keyboard.type("sea")
    other.keyboard.press("Enter")

    expect(toggle(page, "sea")).to_have_attribute("aria-pressed", "true")
    expect(toggle(page, "sea").locator(".uses")).to_have_text(str(uses + 1))
    toggle(page, "sea").click()
    expect(chips(other)).to_have_count(0)
    expect(toggle(other, "sea")).to_have_attribute("aria-pressed", "false")
    expect(toggle(other, "sea").locator(".uses")).to_have_text(str(uses))


def test_a_toggle_pressed_before_its_chip_is_answered_takes_it_back(page: Page) -> None:
    held: list[Route] = []
    opened(page, 2)
    page.route("**/tags/add/", holding(held))

    toggle(page, "sea").click()
    expect(chips(page)).to_have_text(["sea"])
    toggle(page, "sea").click()
    expect(chips(page)).to_have_count(0)
    held[0].continue_()
    page.unroute("**/tags/add/")

    saved(page)
    opened(page, 2)
    expect(chips(page)).to_have_count(0)


def test_recent_tags_get_what_one_adds_and_keep_their_places(page: Page) -> None:
    opened(page, 3)
    for names in ("one, two", "three", "one"):
        tag_box(page).fill(names)
        page.keyboard.press("Enter")
        saved(page)
    expect(recent(page).filter(has_text="one").first).to_be_visible()

    assert recent(page).locator("bdi").all_inner_texts()[:3] == ["one", "three", "two"]
    page.keyboard.press("Alt+3")
    expect(chips(page)).to_have_text(["one", "three"])
    page.keyboard.press("Alt+3")
    expect(chips(page)).to_have_text(["one", "three", "two"])
    assert recent(page).locator("bdi").all_inner_texts()[:3] == ["one", "three", "two"]
    recent(page).nth(1).click()
    expect(chips(page)).to_have_text(["one", "two"])
    recent(page).nth(1).click()
    expect(chips(page)).to_have_text(["one", "two", "three"])
    saved(page)
    assert recent(page).locator("bdi").all_inner_texts()[:3] == ["one", "three", "two"]
    page.keyboard.press("ArrowRight")
    here(page, 4)
    assert recent(page).locator("bdi").all_inner_texts()[:3] == ["one", "three", "two"]
    assert recent(page).count() <= 9


def test_a_new_tag_comes_into_all_tags_and_the_filter_finds_as_one_types(page: Page) -> None:
    opened(page, 5)
    page.keyboard.type("never before")
    page.keyboard.press("Enter")
    expect(toggle(page, "never before")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("searchbox", name="Filter all tags").fill("bef")

    expect(page.get_by_role("list", name="All tags").get_by_role("button")).to_have_count(1)
    tag_box(page).fill("before now")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="All tags").get_by_role("button")).to_have_count(2)
    expect(page.get_by_role("searchbox", name="Filter all tags")).to_have_value("bef")

"""The tag box: what it suggests, what choosing and entering do, and that nothing typed is lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import chips, here, holding, opened, options, saved, tag_box

IMAGES = 24
CAPTIONS = {1: "blue sky, light-blue, saber (blue), subluxe", 2: "blue sky, sea", 3: "sea"}
PHONE_WITH_KEYBOARD = (390, 480)


def _names(page: Page) -> list[str]:
    return [one.get_attribute("data-name") or "" for one in options(page).all()]


def test_words_that_begin_so_are_suggested_by_use_and_none_is_marked(page: Page) -> None:
    opened(page, 4)

    page.keyboard.type("BLU")

    expect(options(page)).to_have_count(3)
    assert _names(page) == ["blue sky", "light-blue", "saber (blue)"]
    expect(options(page).first).to_have_accessible_name("blue sky, 2 images")
    expect(options(page).locator("mark")).to_have_text(["blu", "blu", "blu"])
    expect(page.locator("[aria-selected=true]")).to_have_count(0)


def test_enter_adds_what_was_typed_while_nothing_is_marked(page: Page) -> None:
    opened(page, 5)
    page.keyboard.type("blu")
    expect(options(page)).to_have_count(3)

    page.keyboard.press("Enter")

    expect(chips(page)).to_have_text(["blu"])
    expect(page.get_by_role("listbox")).to_have_count(0)


def test_taking_a_suggestion_replaces_the_last_piece_and_adds_all_once(page: Page) -> None:
    opened(page, 6)
    page.keyboard.type("dog, cart, light-b")
    expect(options(page)).to_have_count(1)

    page.keyboard.press("ArrowDown")
    expect(tag_box(page)).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")

    expect(chips(page)).to_have_text(["dog", "cart", "light-blue"])
    expect(tag_box(page)).to_have_value("")
    expect(tag_box(page)).to_be_focused()
    saved(page)


def test_a_double_click_on_a_suggestion_adds_one_tag_and_presses_nothing_under_it(page: Page) -> None:
    opened(page, 7)
    page.keyboard.type("sea")
    box = options(page).first.bounding_box()
    assert box is not None

    page.mouse.dblclick(box["x"] + 20, box["y"] + box["height"] / 2)

    expect(chips(page)).to_have_text(["sea"])
    expect(tag_box(page)).to_be_focused()
    saved(page)


def test_an_empty_enter_takes_nothing(page: Page) -> None:
    opened(page, 8)
    page.keyboard.type("se")
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")

    page.keyboard.press("Enter")

    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.get_by_role("status", name="Messages")).to_have_text("Enter once more finishes this image.")
    assert chips(page).count() == 0


def test_an_answer_that_comes_when_the_text_was_entered_is_dropped(page: Page) -> None:
    held: list[Route] = []
    opened(page, 9)
    page.route("**/tags/suggest/**", holding(held))
    with page.expect_request("**/tags/suggest/**"):
        page.keyboard.type("light")

    with page.expect_event("requestfailed"):  # given up, so that nothing can come of it
        page.keyboard.press("Enter")

    expect(chips(page)).to_have_text(["light"])
    expect(page.get_by_role("listbox")).to_have_count(0)
    saved(page)


def test_tab_while_an_answer_is_due_loses_no_letter(page: Page) -> None:
    held: list[Route] = []
    opened(page, 10)
    page.route("**/tags/suggest/**", holding(held))
    with page.expect_request("**/tags/suggest/**"):
        page.keyboard.type("blu")

    with page.expect_event("requestfailed"):
        page.keyboard.press("Tab")

    expect(page.get_by_role("button", name="Add", exact=True)).to_be_focused()
    expect(tag_box(page)).to_have_value("blu")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-unsaved", "1")
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_text(["blu"])
    saved(page)


def test_escape_closes_the_list_then_leaves_the_box_and_the_text_stays(page: Page) -> None:
    opened(page, 11)
    page.keyboard.type("light-")
    expect(options(page)).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(tag_box(page)).to_be_focused()
    page.keyboard.press("Escape")

    expect(tag_box(page)).not_to_be_focused()
    expect(tag_box(page)).to_have_value("light-")
    expect(page.locator("html")).to_have_attribute("data-unsaved", "1")
    tag_box(page).fill("")


def test_an_input_method_keeps_its_arrows_and_its_enter(page: Page) -> None:
    opened(page, 12)
    keyboard = page.context.new_cdp_session(page)
    keyboard.send("Input.imeSetComposition", {"text": "sea", "selectionStart": 3, "selectionEnd": 3})
    expect(options(page)).to_have_count(1)

    for key, code in (("ArrowDown", 229), ("Enter", 229)):
        event = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": code}
        keyboard.send("Input.dispatchKeyEvent", event)

    assert page.locator("[aria-selected=true]").count() == 0
    expect(tag_box(page)).to_have_value("sea")
    assert chips(page).count() == 0
    keyboard.send("Input.insertText", {"text": "sea"})
    page.keyboard.press("Enter")
    expect(chips(page)).to_have_text(["sea"])


def test_a_line_that_came_without_keys_is_two_tags(page: Page) -> None:
    opened(page, 13)

    page.keyboard.insert_text("a, b")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(chips(page)).to_have_text(["a", "b"])


def test_letters_typed_on_the_way_go_along_to_the_next_image(page: Page) -> None:
    opened(page, 14)
    page.keyboard.type("here")

    page.keyboard.press("Control+Enter")
    page.keyboard.type("one")
    page.keyboard.press("Enter")
    page.keyboard.type("two")

    here(page, 15)
    expect(chips(page)).to_have_text(["one"])
    expect(tag_box(page)).to_have_value("two")
    opened(page, 14)
    expect(chips(page)).to_have_text(["here"])


def test_what_was_typed_is_added_by_going_back(page: Page) -> None:
    opened(page, 16)
    page.get_by_role("link", name="Next", exact=True).click()
    here(page, 17)
    page.keyboard.type("typed here")

    page.go_back()

    here(page, 16)
    saved(page)
    expect(tag_box(page)).to_have_value("")
    opened(page, 17)
    expect(chips(page)).to_have_text(["typed here"])


def test_what_was_typed_is_added_by_going_to_another_image(page: Page) -> None:
    opened(page, 16)
    page.keyboard.type("left behind")

    page.get_by_role("link", name="Next", exact=True).click()

    here(page, 17)
    expect(tag_box(page)).to_have_value("")
    page.go_back()
    here(page, 16)
    expect(chips(page)).to_have_text(["left behind"])


def test_on_a_phone_going_on_opens_no_keyboard(people: Pages) -> None:
    page = people.page("bob", viewport=(390, 844), touch=True)
    features = [{"name": "hover", "value": "none"}, {"name": "pointer", "value": "coarse"}]
    page.context.new_cdp_session(page).send("Emulation.setEmulatedMedia", {"features": features})
    opened(page, 19)
    expect(tag_box(page)).not_to_be_focused()

    page.get_by_role("link", name="Next", exact=True).tap()
    here(page, 20)
    page.wait_for_timeout(300)  # htmx would follow an `autofocus` a moment later

    expect(tag_box(page)).not_to_be_focused()


@pytest.mark.parametrize("viewport", [(390, 844), PHONE_WITH_KEYBOARD], ids=["phone", "keyboard open"])
def test_on_a_phone_the_list_covers_no_box_and_a_tap_takes(viewport: tuple[int, int], people: Pages) -> None:
    page = opened(people.page("bob", viewport=viewport, touch=True), 18)
    tag_box(page).tap()
    page.keyboard.insert_text("s")
    expect(options(page).filter(has_text="saber")).to_be_visible()

    listed, box = page.get_by_role("listbox").bounding_box(), tag_box(page).bounding_box()
    assert listed is not None
    assert box is not None
    assert listed["y"] >= 0
    assert listed["y"] + listed["height"] <= box["y"]
    assert page.evaluate("document.documentElement.scrollWidth") == viewport[0]

    options(page).filter(has_text="saber").tap()

    expect(chips(page)).to_have_text(["saber (blue)"])
    page.get_by_role("button", name="Remove saber (blue)").tap()
    expect(chips(page)).to_have_count(0)
    saved(page)


def test_without_script_the_browsers_own_list_is_there(people: Pages) -> None:
    page = people.page("bob", javascript=False)
    page.goto("/datasets/demo/images/4/")

    expect(tag_box(page)).to_have_attribute("list", "suggestions")
    assert page.locator("datalist#suggestions option").count() > 3

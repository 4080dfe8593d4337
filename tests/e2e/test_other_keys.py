"""Keys that are the browser's, of other layouts, of viewers; and the list of all keys."""

from playwright.sync_api import Page, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import here, leave_box, opened, tag_box

IMAGES = 30

# A key as a keyboard of another layout would send it; whether the browser may go on with it is the answer.
SEND = """([where, key, more]) => {
  const target = where === "body" ? document.body : document.querySelector(where);
  if (target !== document.body) target.focus();
  return target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
}"""

# Where, key, and what else is held or known: combinations that the workbench does not list
OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("body", "f", {"ctrlKey": True}),
    ("body", "F", {"shiftKey": True}),
    ("body", "1", {"ctrlKey": True}),
    ("body", "d", {"altKey": True}),
    ("body", "s", {"metaKey": True}),
    ("body", "-", {"ctrlKey": True}),
    ("body", "ArrowLeft", {"altKey": True}),
    ("body", "ArrowRight", {"shiftKey": True}),
    ("body", "f", {"isComposing": True}),
    ("body", "F5", {}),
    ("body", "x", {}),
    ("#tag-box", "f", {}),
    ("#tag-box", "a", {"ctrlKey": True}),
    ("#tag-box", "ArrowLeft", {"altKey": True}),
    ("#tag-box", "ArrowLeft", {"shiftKey": True}),
    ("#tag-box", "?", {"shiftKey": True}),
    ("#tag-box", "1", {}),
    ("#tag-box", "Backspace", {"ctrlKey": True}),
    ("#tag-box", "Enter", {"keyCode": 229}),
    ("textarea[name=description]", "ArrowLeft", {}),
    ("textarea[name=description]", "Escape", {}),
    ("textarea[name=description]", "Enter", {"ctrlKey": True}),
    (".chip .remove", "ArrowLeft", {"ctrlKey": True}),
    (".chip .remove", "Home", {}),
    # Other layouts: what the key says counts, and a key that says nothing of ours does nothing
    ("body", "a", {"code": "KeyQ"}),
    ("body", "q", {"code": "KeyA"}),
    ("body", "х", {"code": "BracketLeft"}),
    ("body", ".", {"code": "Slash"}),
    ("body", "&", {"code": "Digit1"}),
    ("body", "é", {"code": "KeyF"}),
]


def test_what_is_not_listed_is_the_browsers(page: Page) -> None:
    opened(page, 21)
    leave_box(page)

    swallowed = [one for one in OTHERS if not page.evaluate(SEND, list(one))]

    assert swallowed == []
    here(page, 21)
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0")


def test_in_another_script_the_key_of_that_place_works(page: Page) -> None:
    opened(page, 21)

    for key in ("е", "Е", "ת"):
        leave_box(page)
        assert page.evaluate(SEND, ["body", key, {"code": "KeyT"}]) is False
        expect(tag_box(page)).to_be_focused()


def test_the_keys_are_shown_and_closed_again(page: Page) -> None:
    opened(page, 22)
    page.get_by_role("button", name="Keys", exact=True).click()
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("mark the last tag")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tag_box(page).focus()
    leave_box(page)

    page.keyboard.press("?")

    expect(dialog).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    here(page, 22)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_a_viewer_has_the_keys_that_change_nothing(people: Pages) -> None:
    people.join("vera", role="viewer")
    page = opened(people.page("vera"), 23)

    for key in ("f", "r", "n", "c", "t", "1", "d"):
        assert page.evaluate(SEND, ["body", key, {}]) is True
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("back to the grid")).to_be_visible()
    expect(dialog.get_by_text("finish", exact=True)).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")

    here(page, 24)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")

"""The workbench by keyboard: what each key does, where, for whom, and what is left to the browser."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import chips, here, leave_box, opened, saved, tag_box

IMAGES = 30


def _message(page: Page) -> Locator:
    return page.get_by_role("status", name="Messages")


def _remove(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Remove {name}", exact=True)


def test_backspace_marks_the_last_chip_and_removes_it_with_the_second(page: Page) -> None:
    opened(page, 1)
    expect(tag_box(page)).to_be_focused()

    page.keyboard.press("Backspace")
    expect(page.locator("[aria-current=true] .name")).to_have_text(["three"])
    expect(chips(page)).to_have_count(3)
    page.keyboard.press("Backspace")

    expect(chips(page)).to_have_text(["one", "two"])
    expect(page.locator(".chips [aria-current]")).to_have_count(0)
    expect(tag_box(page)).to_be_focused()


def test_any_other_key_takes_the_mark_back(page: Page) -> None:
    opened(page, 2)
    page.keyboard.press("Backspace")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")

    page.keyboard.press("Backspace")

    expect(page.locator("[aria-current=true] .name")).to_have_text(["three"])
    expect(chips(page)).to_have_count(3)


def test_a_held_backspace_empties_the_box_and_removes_nothing(page: Page) -> None:
    opened(page, 3)
    page.keyboard.type("xy")

    for _ in range(6):
        page.keyboard.down("Backspace")
    page.keyboard.up("Backspace")

    expect(tag_box(page)).to_have_value("")
    expect(chips(page)).to_have_count(3)
    expect(page.locator(".chips [aria-current]")).to_have_count(0)


def test_enter_twice_in_the_empty_box_finishes_and_goes_on(page: Page) -> None:
    opened(page, 4)
    page.keyboard.press("Enter")
    expect(_message(page)).to_have_text("Enter once more finishes this image.")

    page.keyboard.press("Enter")

    here(page, 5)
    expect(tag_box(page)).to_be_focused()
    opened(page, 4)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("done")


def test_a_held_enter_adds_once_and_finishes_nothing(page: Page) -> None:
    opened(page, 6)
    page.keyboard.type("held")

    for _ in range(6):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    expect(chips(page)).to_have_text(["one", "two", "three", "held"])
    saved(page)
    here(page, 6)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_on_chips_arrows_walk_and_with_alt_they_move(page: Page) -> None:
    opened(page, 7)
    _remove(page, "one").focus()

    page.keyboard.press("ArrowRight")
    expect(_remove(page, "two")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(chips(page)).to_have_text(["one", "three", "two"])
    expect(_remove(page, "two")).to_be_focused()
    saved(page)
    expect(_remove(page, "two")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(chips(page)).to_have_text(["one", "two", "three"])
    page.keyboard.press("Alt+Home")
    expect(chips(page)).to_have_text(["two", "one", "three"])
    page.keyboard.press("Alt+ArrowLeft")

    saved(page)
    expect(_remove(page, "two")).to_be_focused()
    here(page, 7)
    opened(page, 7)
    expect(chips(page)).to_have_text(["two", "one", "three"])


def test_delete_removes_and_goes_to_the_next_chip_else_to_the_box(page: Page) -> None:
    opened(page, 8)
    _remove(page, "two").focus()

    page.keyboard.press("Delete")
    expect(_remove(page, "three")).to_be_focused()
    saved(page)
    expect(_remove(page, "three")).to_be_focused()
    page.keyboard.press("Delete")

    expect(tag_box(page)).to_be_focused()
    expect(chips(page)).to_have_text(["one"])


def test_a_chip_removed_by_mouse_leaves_the_focus_where_it_was(page: Page) -> None:
    opened(page, 9)
    page.keyboard.type("half a wo")

    _remove(page, "two").click()
    page.keyboard.type("rd")

    expect(chips(page)).to_have_text(["one", "three"])
    expect(tag_box(page)).to_have_value("half a word")
    tag_box(page).fill("")


def test_letters_elsewhere_do_what_they_say(page: Page) -> None:
    opened(page, 10)
    leave_box(page)

    page.keyboard.press("d")
    expect(page.get_by_role("textbox", name="Description")).to_be_focused()
    page.keyboard.type("find d, n and r")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("t")
    expect(tag_box(page)).to_be_focused()
    expect(tag_box(page)).to_have_value("")
    leave_box(page)
    page.keyboard.press("/")
    expect(tag_box(page)).to_be_focused()
    leave_box(page)
    page.keyboard.press("ArrowRight")
    here(page, 11)
    page.keyboard.press("ArrowLeft")
    here(page, 10)

    expect(page.get_by_role("textbox", name="Description")).to_have_value("find d, n and r")
    leave_box(page)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/datasets/demo/(\?.*)?$"))


def test_quick_steps_are_all_taken(page: Page) -> None:
    opened(page, 10)

    for _ in range(3):
        page.keyboard.press("ArrowRight")

    here(page, 13)


def test_f_finishes_r_rejects_n_skips_and_c_copies(page: Page) -> None:
    opened(page, 14)
    page.keyboard.type("special")
    page.keyboard.press("Enter")
    saved(page)
    leave_box(page)
    page.keyboard.press("f")
    here(page, 15)
    leave_box(page)
    page.keyboard.press("c")
    expect(chips(page)).to_have_text(["one", "two", "three", "special"])
    page.keyboard.press("r")
    here(page, 16)
    leave_box(page)
    page.keyboard.press("n")
    here(page, 17)

    states = []
    for number in (14, 15, 16):
        opened(page, number)
        states.append(page.get_by_role("status", name="State", exact=True).inner_text().strip())
    assert states == ["done", "rejected", "to do"]


def test_numbers_are_the_recent_tags(page: Page) -> None:
    opened(page, 18)
    page.keyboard.type("recent one")
    page.keyboard.press("Enter")
    saved(page)
    opened(page, 19)

    page.keyboard.press("Alt+1")
    expect(chips(page)).to_have_text(["one", "two", "three", "recent one"])
    expect(tag_box(page)).to_have_value("")
    leave_box(page)
    page.keyboard.press("1")

    expect(chips(page)).to_have_text(["one", "two", "three"])


def test_ctrl_s_says_whether_everything_is_saved(page: Page) -> None:
    opened(page, 20)

    page.keyboard.press("Control+s")
    expect(_message(page)).to_have_text("Everything is saved.")
    page.keyboard.type("half")
    page.keyboard.press("Control+s")

    expect(_message(page)).to_have_text("“half” is in the tag box and not entered yet: Enter adds it.")
    tag_box(page).fill("")


@pytest.mark.parametrize("where", ["Next", "the picture", "a chip", "Add"])
def test_letters_typed_behind_a_press_of_the_mouse_are_for_the_box(where: str, people: Pages) -> None:
    page = opened(people.page("bob"), {"Next": 24, "the picture": 26, "a chip": 27, "Add": 28}[where])
    expect(tag_box(page)).to_be_focused()

    if where == "Next":
        page.get_by_role("link", name="Next", exact=True).click()
    elif where == "the picture":
        page.locator(".stage figure").click()
    elif where == "a chip":
        page.locator(".chip .name").nth(2).drag_to(page.locator(".chip .name").first)
    else:
        page.get_by_role("button", name="Add", exact=True).last.dblclick()
    page.keyboard.type("fcd", delay=40)

    if where == "Next":
        here(page, 25)
    expect(tag_box(page)).to_have_value("fcd")
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_a_double_click_removes_one_tag(page: Page) -> None:
    opened(page, 29)

    _remove(page, "one").dblclick()

    expect(chips(page)).to_have_text(["two", "three"])
    saved(page)
    page.wait_for_timeout(400)
    _remove(page, "two").click()
    expect(chips(page)).to_have_text(["three"])

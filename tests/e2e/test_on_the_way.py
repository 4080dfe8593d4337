"""On the way to another image: what is pressed meanwhile, twice, or instead."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import Pages
from tests.e2e.tagging_pages import holding
from tests.e2e.together import add, address, at, go, let_go, live, on_server, saved

IMAGES = 16


def test_an_answer_that_leads_onward_leaves_one_where_one_went(bob: Page, image: int) -> None:
    held: list[Route] = []
    bob.route("**/finish/**", holding(held))
    bob.get_by_role("button", name="Finish").click()
    go(bob, "Previous")
    at(bob, image - 1)

    let_go(bob, held, "**/finish/**")
    saved(bob)

    at(bob, image - 1)


@pytest.mark.parametrize("slow", [False, True], ids=["at once", "slowly"])
def test_a_double_click_on_finish_decides_one_image(slow: bool, people: Pages, bob: Page, image: int) -> None:
    held: list[Route] = []
    if slow:  # else the next image is there before the second click
        bob.route("**/finish/**", holding(held))

    finish = bob.get_by_role("button", name="Finish")
    finish.dblclick(delay=0 if slow else 150)
    if slow:
        bob.wait_for_timeout(700)  # no double click any more
        finish.click()
        let_go(bob, held, "**/finish/**")

    at(bob, image + 1)
    saved(bob)
    expect(bob.get_by_role("status", name="State", exact=True)).to_have_text("to do")
    at(bob, image + 1)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_reopening_twice_does_not_press_what_comes_in_its_place(by: str, bob: Page, image: int) -> None:
    bob.get_by_role("button", name="Reject").click()
    saved(bob)
    bob.goto(address(image))
    live(bob)
    reopen = bob.get_by_role("button", name="Reopen")

    if by == "mouse":
        reopen.dblclick(delay=150)
    else:
        reopen.press("Enter")
        expect(bob.get_by_role("button", name="Finish")).to_be_visible()
        expect(bob.get_by_role("combobox", name="Add tags")).to_be_focused()

    saved(bob)
    at(bob, image)
    expect(bob.get_by_role("status", name="State", exact=True)).to_have_text("to do")
    expect(bob.get_by_role("button", name="Finish")).to_be_visible()


def test_an_answer_that_leads_onward_does_not_stop_one_who_is_on_the_way_elsewhere(bob: Page, image: int) -> None:
    answers: list[Route] = []
    pages: list[Route] = []
    bob.route("**/finish/**", holding(answers))
    bob.route(f"**/images/{image - 1}/", holding(pages))
    bob.get_by_role("button", name="Finish").click()
    with bob.expect_request(f"**/images/{image - 1}/"):
        go(bob, "Previous")

    let_go(bob, answers, "**/finish/**")
    saved(bob)
    let_go(bob, pages, f"**/images/{image - 1}/")

    at(bob, image - 1)


def test_what_was_pressed_for_an_image_one_did_not_go_to_is_not_done_elsewhere(
    people: Pages, bob: Page, image: int
) -> None:
    add(bob, "extra")
    saved(bob)
    go(bob, "Previous")
    at(bob, image - 1)
    held: list[Route] = []
    bob.route(f"**/images/{image}/", holding(held))
    bob.keyboard.press("Escape")
    with bob.expect_request(f"**/images/{image}/"):
        bob.keyboard.press("ArrowRight")
    bob.keyboard.press("c")  # waits for that image
    with bob.expect_request(f"**/images/{image}/"):
        bob.evaluate("history.back()")
    let_go(bob, held[-1:], f"**/images/{image}/")
    at(bob, image)

    go(bob, "Next")
    at(bob, image + 1)
    saved(bob)

    assert on_server(people.server, image + 1) == ["one", "two", "three"]

"""The grid while one works: it grows, follows what others do, is searched as one types and is found again as left."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.conftest import demo
from tests.e2e.pages import Pages
from tests.e2e.pictures import picture
from tests.e2e.server import NewServer, Server
from tests.e2e.together import live

PagesOf = Callable[[Server], Pages]
GRID = "/datasets/demo/"
ALL = 300


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a dataset of 300 images, five pages of the grid."""
    server = demo(tmp_path_factory.mktemp("big"), ALL, {1: "first, cat", 2: "second, cat", 250: "late, cat"})
    server.start()
    yield server
    server.kill()


@pytest.fixture
def ann(big: Server, pages_of: PagesOf) -> Page:
    pages = pages_of(big)
    pages.join("ann")
    return pages.page("ann")


def _cards(page: Page) -> Locator:
    return page.get_by_role("list", name="Images").get_by_role("listitem")


def _numbers(page: Page) -> list[int]:
    return [int(text) for text in _cards(page).locator(".number").all_text_contents()]


def _card(page: Page, number: int) -> Locator:
    return page.locator(f"#image-{number}-card")


def _search(page: Page) -> Locator:
    return page.get_by_role("searchbox", name="Search")


def _grow(page: Page, count: int) -> None:
    """Scroll to the end of what is there until so many cards are shown."""
    for shown in range(120, count + 1, 60):
        _cards(page).last.scroll_into_view_if_needed()
        expect(_cards(page).nth(shown - 1)).to_be_attached()


def _finish(page: Page, number: int) -> None:
    page.goto(f"{GRID}images/{number}/")
    live(page)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url(re.compile(rf"/images/(?!{number}/)\d+/"))
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0")


def _scroll(page: Page) -> int:
    return int(page.evaluate("Math.round(scrollY)"))


def _is_in_sight(card: Locator) -> bool:
    box, window = card.bounding_box(), card.page.viewport_size
    return bool(box and window and box["y"] > 0 and box["y"] + box["height"] <= window["height"])


def test_pages_follow_as_one_scrolls_each_image_once(ann: Page) -> None:
    ann.goto(GRID)

    _grow(ann, ALL)

    assert _numbers(ann) == list(range(1, ALL + 1))
    expect(ann.get_by_role("link", name="More")).to_have_count(0)
    assert ann.url.endswith(GRID)


def test_three_pages_that_came_follow_what_another_person_does(big: Server, pages_of: PagesOf) -> None:
    pages = pages_of(big)
    for name in ("ann", "tom"):
        pages.join(name)
    ann, tom = pages.page("ann"), pages.page("tom")
    ann.goto(f"{GRID}?q=-nothing")
    live(ann)
    _grow(ann, 240)

    for number in (3, 63, 123, 183):
        _finish(tom, number)

    for number in (3, 63, 123, 183):
        expect(_card(ann, number)).to_contain_text(f"Image {number}, done")
    expect(ann.locator("#found")).to_contain_text("4 done")
    _card(ann, 183).get_by_role("link").click()
    ann.wait_for_url(f"**{GRID}images/183/?q=-nothing")


def test_more_is_no_dead_end_when_the_network_fails(big: Server, pages_of: PagesOf) -> None:
    pages = pages_of(big)
    pages.join("ann")
    pages.expect_complaint("ERR_FAILED|htmx:sendError")
    page = pages.page("ann")
    page.goto(GRID)
    page.route("**/*after=*", lambda route: route.abort())
    _cards(page).last.scroll_into_view_if_needed()
    page.get_by_role("link", name="More").click()
    expect(page.get_by_role("status", name="Messages")).to_contain_text("There was no answer.")

    page.unroute("**/*after=*")
    page.get_by_role("link", name="More").click()

    expect(_cards(page).nth(119)).to_be_attached()


def test_more_is_a_plain_link_where_the_server_fails(big: Server, pages_of: PagesOf) -> None:
    pages = pages_of(big)
    pages.join("ann")
    pages.expect_complaint("500|htmx:responseError")
    page = pages.page("ann")
    page.goto(GRID)
    page.route("**/*after=*", lambda route: route.fulfill(status=500, body=""), times=1)
    with page.expect_response(lambda response: response.status == 500):
        _cards(page).last.scroll_into_view_if_needed()

    page.get_by_role("link", name="More").click()

    page.wait_for_url("**/?after=60")
    assert _numbers(page)[:2] == [61, 62]


def test_the_search_follows_as_one_types(ann: Page) -> None:
    ann.goto(GRID)
    steps = ann.evaluate("history.length")

    _search(ann).press_sequentially("cat", delay=40)

    expect(_cards(ann)).to_have_count(3)
    expect(ann.locator("#found")).to_contain_text("3 of 300 images match")
    expect(ann).to_have_url(re.compile(r"\?q=cat$"))
    expect(_search(ann)).to_be_focused()
    assert ann.evaluate("document.activeElement.selectionStart") == 3
    assert ann.evaluate("history.length") == steps


def test_an_answer_that_comes_late_is_dropped(ann: Page) -> None:
    held: list[Route] = []
    ann.goto(GRID)
    ann.route(re.compile(r"\?q=second$"), lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks the handler, and a built-in bears no mark
    with ann.expect_request(re.compile(r"\?q=second$")):
        _search(ann).fill("second")

    with ann.expect_event("requestfailed", lambda request: request.url.endswith("?q=second")):
        _search(ann).fill("first")

    expect(_cards(ann)).to_have_count(1)
    assert _numbers(ann) == [1]
    expect(ann).to_have_url(re.compile(r"\?q=first$"))


def test_what_is_wrong_with_a_search_is_said_in_place(big: Server, pages_of: PagesOf) -> None:
    pages = pages_of(big)
    pages.join("ann")
    pages.expect_complaint("422")
    page = pages.page("ann")
    page.goto(GRID)

    _search(page).fill("state:finished")

    expect(page.get_by_role("alert")).to_contain_text("is no state")
    expect(_search(page)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("link", name="Clear the search").click()
    expect(_cards(page)).to_have_count(60)
    expect(_search(page)).to_have_value("")
    expect(_search(page)).not_to_have_attribute("aria-invalid", "true")


def test_states_and_order_are_swapped_and_back_shows_the_present(big: Server, pages_of: PagesOf) -> None:
    pages = pages_of(big)
    for name in ("ann", "tom"):
        pages.join(name)
    ann, tom = pages.page("ann"), pages.page("tom")
    ann.goto(GRID)
    ann.evaluate("document.documentElement.dataset.sameDocument = ''")
    ann.get_by_role("link", name="Rejected").click()
    expect(ann).to_have_url(re.compile(r"\?q=state%3Arejected$"))
    expect(ann.get_by_role("heading", name="No image matches")).to_be_visible()
    expect(_search(ann)).to_have_value("state:rejected")
    _finish(tom, 5)

    ann.go_back()

    expect(_card(ann, 5)).to_contain_text("Image 5, done")
    expect(_search(ann)).to_have_value("")
    expect(ann.get_by_role("link", name="All", exact=True)).to_have_attribute("aria-current", "true")
    expect(ann.locator("html")).to_have_attribute("data-same-document", "")
    ann.get_by_role("navigation", name="Order").get_by_role("link", name="name").click()
    expect(ann).to_have_url(re.compile(r"order=name$"))
    expect(ann.locator("#next-to-do [name=order]")).to_have_value("name")
    ann.reload()
    expect(_cards(ann)).to_have_count(60)


@pytest.mark.parametrize("way", ["back", "link"])
def test_the_grid_is_found_again_as_it_was_left(way: str, ann: Page) -> None:
    ann.goto(f"{GRID}?q=-nothing")
    _grow(ann, 180)
    _card(ann, 150).scroll_into_view_if_needed()
    before, box = _scroll(ann), _card(ann, 150).bounding_box()
    shown = len(_numbers(ann))
    _card(ann, 150).get_by_role("link").click()
    ann.wait_for_url("**/images/150/?q=-nothing")

    if way == "back":
        ann.go_back()
    else:
        ann.get_by_role("navigation", name="Where you are").get_by_role("link", name="Demo").click()
    ann.wait_for_url(f"**{GRID}?q=-nothing")

    expect(_cards(ann).nth(shown - 1)).to_be_attached()
    expect(_card(ann, 150)).to_have_class(re.compile(r"\bhere\b"))
    assert before > 1000
    assert _scroll(ann) == before
    assert _card(ann, 150).bounding_box() == box


def test_the_image_one_walked_to_is_in_sight(ann: Page) -> None:
    ann.goto(GRID)
    _card(ann, 2).get_by_role("link").click()
    ann.wait_for_url("**/images/2/")
    ann.goto(f"{GRID}images/200/")

    ann.get_by_role("navigation", name="Where you are").get_by_role("link", name="Demo").click()

    expect(_card(ann, 200)).to_have_class(re.compile(r"\bhere\b"))
    expect(_card(ann, 200)).to_be_in_viewport(ratio=1)
    assert _numbers(ann)[:240] == list(range(1, 241))  # and perhaps the page behind, since one is near it


def test_the_tags_switch_stays_as_it_was_left(ann: Page) -> None:
    ann.goto(GRID)
    expect(_card(ann, 1).locator(".first-tags")).to_be_hidden()
    ann.get_by_text("Tags", exact=True).click()

    ann.reload()

    expect(_card(ann, 1).locator(".first-tags")).to_be_visible()


def test_images_that_an_import_brings_are_offered(new_server: NewServer, pages_of: PagesOf, tmp_path: Path) -> None:
    server = new_server(count=60)
    server.start()
    pages = pages_of(server)
    pages.join("ann")
    page = pages.page("ann")
    page.goto(GRID)
    live(page)
    _card(page, 50).scroll_into_view_if_needed()
    before = _card(page, 50).bounding_box()
    more = tmp_path / "more"
    more.mkdir()
    for number in (61, 62, 63):
        picture(number).save(more / f"picture-{number}.png")

    server.run("import_dir", str(more), "--dataset", "demo", "--quiet")
    button = page.get_by_role("button", name="Show new images")
    expect(button).to_be_visible()
    stayed = (len(_numbers(page)), _card(page, 50).bounding_box())
    button.click()

    expect(_cards(page)).to_have_count(63)
    assert stayed == (60, before)
    expect(page.locator("#found")).to_contain_text("63 images")
    expect(button).to_be_hidden()

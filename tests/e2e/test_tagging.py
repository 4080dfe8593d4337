"""The whole main job in a real browser without JavaScript, as a new person would do it."""

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import DESK, PHONE, Pages
from tests.e2e.server import NewServer, Server

Size = tuple[int, int]
PagesOf = Callable[[Server], Pages]


def _tags(page: Page) -> list[str]:
    return page.get_by_role("list", name="Tags", exact=True).get_by_role("listitem").locator(".name").all_inner_texts()


def _open(page: Page, number: int) -> None:
    page.goto(f"/datasets/demo/images/{number}/")


@pytest.mark.parametrize("viewport", [DESK, PHONE])
def test_a_tagger_does_the_whole_job_without_javascript(
    viewport: Size, new_server: NewServer, pages_of: PagesOf
) -> None:
    server = new_server(count=3)
    server.start()
    pages = pages_of(server)
    pages.join("bob")
    page = pages.page("bob", javascript=False, viewport=viewport, touch=viewport == PHONE)

    # The grid, and a search
    page.goto("/")
    page.get_by_role("list", name="Datasets").get_by_role("link", name="Demo").click()
    page.get_by_role("link", name="No tags yet").click()
    expect(page.get_by_role("list", name="Images").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("button", name="Next to do").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1")

    # Tags: add, reorder, remove, toggle
    page.get_by_role("combobox", name="Add tags").fill("cat, sofa, window")
    page.get_by_role("combobox", name="Add tags").press("Enter")
    assert _tags(page) == ["cat", "sofa", "window"]
    expect(page.get_by_role("status", name="Messages")).to_contain_text("Added cat, sofa, window.")
    page.get_by_text("Order", exact=True).click()
    page.get_by_role("button", name="Move window left").click()
    assert _tags(page) == ["cat", "window", "sofa"]
    page.get_by_role("button", name="Remove sofa").click()
    assert _tags(page) == ["cat", "window"]
    page.get_by_role("list", name="All tags").get_by_role("button", name="sofa").click()
    assert _tags(page) == ["cat", "window", "sofa"]

    # Sentences and a decision
    page.get_by_role("textbox", name="Description").fill("A cat on a sofa.")
    page.get_by_role("button", name="Save description").click()
    expect(page.get_by_role("textbox", name="Description")).to_have_value("A cat on a sofa.")
    expect(page.locator(".caption")).to_have_text("cat, window, sofa, A cat on a sofa.")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("status", name="Messages")).to_contain_text("Image 1 is done.")

    # The next one: copied, then rejected; the last one finished
    page.get_by_role("button", name="Copy the previous image’s tags").click()
    assert _tags(page) == ["cat", "window", "sofa"]
    page.get_by_role("button", name="Reject").click()
    page.get_by_role("combobox", name="Add tags").fill("dog")
    page.get_by_role("textbox", name="Description").fill("A dog.")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("heading", name="Nothing left to do")).to_be_visible()
    expect(page.get_by_role("link", name="Export")).to_be_visible()
    _open(page, 3)
    expect(page.locator(".caption")).to_have_text("dog, A dog.")


def test_a_viewer_sees_everything_and_can_press_nothing(server: Server, pages: Pages) -> None:
    pages.join("vera", role="viewer")
    page = pages.page("vera", javascript=False)

    _open(page, 1)

    expect(page.get_by_role("list", name="Tags", exact=True)).to_contain_text("long hair")
    expect(page.get_by_role("combobox", name="Add tags")).to_be_hidden()
    for name in ("Finish", "Reject", "Next to do", "Save description", "Remove solo"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


def test_two_people_at_once_both_keep_their_description(server: Server, pages: Pages) -> None:
    pages.join("ann")
    pages.join("tom")
    pages.expect_complaint("409")
    ann, tom = pages.page("ann", javascript=False), pages.page("tom", javascript=False)
    _open(ann, 5)
    _open(tom, 5)

    for page, words in ((ann, "From Ann."), (tom, "From Tom.")):
        page.get_by_role("textbox", name="Description").fill(words)
        page.get_by_role("button", name="Save description").click()

    expect(tom.get_by_role("alert")).to_contain_text("From Ann.")
    expect(tom.get_by_role("textbox", name="Description")).to_have_value("From Tom.")
    expect(tom.get_by_role("status", name="Save state")).to_contain_text("unsaved")
    tom.get_by_role("button", name="Save description").click()
    expect(tom.get_by_role("textbox", name="Description")).to_have_value("From Tom.")
    expect(tom.get_by_role("status", name="Save state")).to_contain_text("saved")


def test_after_a_restart_one_is_at_the_same_image_in_another_browser(new_server: NewServer, pages_of: PagesOf) -> None:
    server = new_server(count=4)
    server.start()
    pages = pages_of(server)
    pages.join("bob")
    page = pages.page("bob", javascript=False)
    _open(page, 3)
    page.get_by_role("combobox", name="Add tags").fill("kept")
    page.get_by_role("combobox", name="Add tags").press("Enter")
    server.stop()
    server.start()

    other = pages.page(javascript=False)
    other.goto(server.enter("bob"))
    other.get_by_role("button", name="Resume at 3").click()

    expect(other.get_by_role("status", name="Messages")).to_contain_text("Resuming at image 3, 0 of 4 done.")
    assert _tags(other) == ["kept"]


def test_what_was_acknowledged_before_sigterm_is_there_after_it(new_server: NewServer, pages_of: PagesOf) -> None:
    server = new_server(count=1)
    server.start()
    pages = pages_of(server)
    pages.join("bob")
    poster = _Poster(server)
    poster.start()
    poster.enough.wait(30)

    code = server.stop()
    poster.join(30)
    server.start()
    page = pages.page("bob", javascript=False)
    _open(page, 1)

    there = _tags(page)
    assert code == 0
    assert len(poster.saved) >= 20
    assert there[: len(poster.saved)] == poster.saved
    assert len(there) <= len(poster.saved) + 1


class _Poster(threading.Thread):
    """Adds one tag after the other until the server is gone; `saved` are those that the server acknowledged."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.url = f"{server.url}/datasets/demo/images/1/tags/add/"
        cookies = {cookie["name"]: cookie["value"] for cookie in server.signed_in["bob"]["cookies"]}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": cookies["tagger_csrf"],
            "HX-Request": "true",
        }
        self.saved: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        for number in range(10_000):
            body = f"names=tag-{number}".encode()
            try:
                with urllib.request.urlopen(urllib.request.Request(self.url, body, self.headers), timeout=10) as answer:
                    assert re.search(f"tag-{number}\\b", answer.read().decode())
            except (OSError, urllib.error.URLError):
                return
            self.saved.append(f"tag-{number}")
            if number >= 20:
                self.enough.set()

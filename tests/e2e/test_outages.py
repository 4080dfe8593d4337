"""The server goes away and comes back under people who work: nothing is lost, and the page says what is true."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server
from tests.e2e.together import add, live, on_server, opened, saved

pytestmark = pytest.mark.slow

# What a browser says of a server that stops, is away, or comes back
UNREACHABLE = "|".join(
    (
        *(r"503 from GET", r"503 \(Service", "WebSocket", "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET"),
        *("ERR_EMPTY_RESPONSE", "ERR_SOCKET_NOT_CONNECTED"),
    )
)


def test_what_is_done_while_the_server_is_away_is_on_it_once_and_in_order(
    new_server: NewServer, pages_of: Callable[[Server], Pages]
) -> None:
    server = new_server(2, {1: "one, two, three"})
    server.start()
    pages = pages_of(server)
    pages.expect_complaint(UNREACHABLE)
    bob, zoe = opened(pages, "bob", "zoe")

    server.stop()
    expect(bob.locator("html")).to_have_attribute("data-socket", re.compile("reconnecting|offline"))
    expect(bob.get_by_role("status", name="Messages")).to_contain_text("Tagger is stopping")
    add(bob, "four")
    bob.get_by_role("button", name="Remove two").click()
    add(bob, "five, six")
    bob.get_by_role("button", name="Move six left").click()
    bob.get_by_label("Description").fill("Typed in the dark.")
    bob.get_by_label("Description").blur()
    bob.wait_for_timeout(10_000)
    expect(bob.locator(".chips ol .name")).to_have_text(["one", "three", "four", "six", "five"])
    expect(bob.get_by_role("status", name="Save state")).to_have_text("unsaved")
    expect(bob.locator("html")).to_have_attribute("data-unsaved", "5")
    server.start()

    for page in (bob, zoe):
        live(page)
    saved(bob)
    assert on_server(server) == ["one", "three", "four", "six", "five"]
    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "three", "four", "six", "five"])
    expect(zoe.get_by_label("Description")).to_have_value("Typed in the dark.")
    expect(bob.get_by_role("status", name="Save state")).to_have_text("saved")


def test_pages_end_equal_to_a_server_that_is_started_again_and_again(
    new_server: NewServer, pages_of: Callable[[Server], Pages]
) -> None:
    server = new_server(2, {1: "one, two, three"})
    server.start()
    pages = pages_of(server)
    pages.expect_complaint(UNREACHABLE)
    both = opened(pages, "bob", "zoe")

    for turn in range(5):
        add(both[turn % 2], f"before {turn}")
        server.stop()
        add(both[0], f"bob {turn}")
        add(both[1], f"zoe {turn}")
        server.start()
        saved(both[0])
        saved(both[1])

    for page in both:
        live(page)
    there = on_server(server)
    assert len(there) == 3 + 15
    for page in both:
        expect(page.locator(".chips ol .name")).to_have_text(there)

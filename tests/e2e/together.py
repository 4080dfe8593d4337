"""What tests with several people on one image share."""

import json
from collections.abc import Sequence

from playwright.sync_api import Page, Route, expect

from tests.e2e.pages import Pages
from tests.e2e.server import Server

IMAGE = "/datasets/demo/images/1/"
_numbers: dict[str, int] = {}


def fresh_image(server: Server) -> int:
    """The number of an image that no other test of this server has touched."""
    _numbers[server.url] = _numbers.get(server.url, 0) + 1
    return _numbers[server.url]


def address(number: int) -> str:
    return f"/datasets/demo/images/{number}/"


def opened(pages: Pages, *names: str, at: str = IMAGE) -> list[Page]:
    """One page open in a browser of each of these taggers, and listening."""
    made = []
    for name in names:
        pages.join(name, "tagger")
        page = pages.page(name)
        page.goto(at)
        live(page)
        made.append(page)
    return made


def live(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-socket", "live", timeout=40_000)


def saved(page: Page) -> None:
    """Wait until the server has everything."""
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0", timeout=120_000)


def add(page: Page, line: str) -> None:
    box = page.get_by_role("combobox", name="Add tags")
    box.fill(line)
    box.press("Enter")


def at(page: Page, number: int) -> None:
    """Wait until the page shows this image."""
    expect(page.get_by_role("heading", name=f"Image {number}")).to_be_visible()


def go(page: Page, name: str) -> None:
    """Follow a link by mouse."""
    page.get_by_role("link", name=name, exact=True).click()


def let_go(page: Page, held: list[Route], pattern: str) -> None:
    """Send what a handler of `holding` kept back, and keep nothing back any more."""
    for route in held:
        route.continue_()
    page.unroute(pattern)


def on_server(server: Server, number: int = 1) -> list[str]:
    """The image's tags, asked of the database."""
    script = (
        "import json; from tagging.models import Image; "
        f"print(json.dumps([t.name for t in Image.objects.get(number={number}).ordered_tags()]))"
    )
    return list(json.loads(server.run("shell", "-v", "0", "-c", script).stdout.splitlines()[-1]))


def acts(server: Server, kinds: Sequence[str]) -> int:
    script = f"from tagging.models import Act; print(Act.objects.filter(kind__in={list(kinds)!r}).count())"
    return int(server.run("shell", "-v", "0", "-c", script).stdout.splitlines()[-1])

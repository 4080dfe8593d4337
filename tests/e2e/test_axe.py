"""axe finds nothing against WCAG 2.2 AA on any page, in both themes, on a desk and on a phone."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.pages import DESK, PHONE, Colours, Pages, Size
from tests.e2e.server import Server

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SIGNED_IN = (
    "/",
    "/account/",
    "/datasets/demo/",
    "/datasets/demo/?q=state:todo+-tags:0",
    "/datasets/demo/?q=nowhere",
    "/datasets/demo/?q=state:wrong",
    "/datasets/demo/images/1/",
    "/datasets/demo/images/3/?q=state:todo",
    "/datasets/demo/finished/",
    "/datasets/demo/export/",
    "/datasets/demo/imports/",
    "/datasets/demo/settings/",
    "/datasets/nowhere/",
)


@pytest.fixture(scope="module")
def visitors(browser: Browser, shared: Server) -> Iterator[Pages]:
    pages = Pages(browser, shared)
    pages.expect_complaint("status of (404|422)")
    pages.join("rita", "reviewer")
    yield pages
    assert pages.close() == []


@pytest.fixture(params=[("light", DESK), ("dark", DESK), ("light", PHONE), ("dark", PHONE)], ids=str)
def look(request: pytest.FixtureRequest) -> tuple[Colours, Size]:
    chosen: tuple[Colours, Size] = request.param
    return chosen


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES)
    return [
        f"{page.url} {violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def test_no_page_breaks_a_rule(visitors: Pages, look: tuple[Colours, Size]) -> None:
    colours, viewport = look
    page = visitors.page("rita", colours=colours, viewport=viewport, touch=viewport == PHONE)
    found = []

    for address in SIGNED_IN:
        page.goto(address)
        if page.locator("#page[data-socket]").count():
            expect(page.locator("html")).to_have_attribute("data-socket", "live")
        found += violations(page)

    assert found == []


def test_no_page_before_signing_in_breaks_a_rule(visitors: Pages, look: tuple[Colours, Size]) -> None:
    colours, viewport = look
    page = visitors.page(colours=colours, viewport=viewport)

    page.goto("/login/")
    found = violations(page)
    page.goto(visitors.server.invite("demo"))
    found += violations(page)

    assert found == []


def busy(page: Page) -> Iterator[None]:
    """The workbench in states that a visit does not show."""
    box = page.get_by_role("combobox", name="Add tags")
    box.press_sequentially("o")
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_be_visible()
    yield
    box.fill("x" * 201)
    box.press("Enter")
    expect(page.get_by_role("status", name="Messages")).to_contain_text("200")
    yield
    box.fill("")
    box.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    yield


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_state_of_the_workbench_breaks_a_rule(
    colours: Colours, shared: Server, pages_of: Callable[[Server], Pages], visitors: Pages
) -> None:
    pages = pages_of(shared)
    pages.expect_complaint("status of 422")
    page = pages.page("rita", colours=colours)
    page.goto("/datasets/demo/images/2/")
    found = []

    for _ in busy(page):
        found += violations(page)

    assert found == []

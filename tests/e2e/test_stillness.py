"""Nothing moves unasked: a page keeps its places while pictures, people and words come and go."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.hands import middle
from tests.e2e.pages import Pages

SHIFTS = """window.shifts = []; new PerformanceObserver(list => {
  for (const { value, hadRecentInput, sources } of list.getEntries()) {
    if (!hadRecentInput) window.shifts.push([value, ...sources.map(one => one.node?.outerHTML?.slice(0, 80))]);
  }
}).observe({ type: "layout-shift", buffered: true });"""


def _open(page: Page, number: int) -> Page:
    page.goto(f"/datasets/demo/images/{number}/")
    expect(page.locator("html")).to_have_attribute("data-socket", "live")
    return page


def test_nothing_moves_while_pictures_people_and_words_come_and_go(pages: Pages) -> None:
    pages.join("bob")
    pages.join("eva")
    page = pages.page("bob")
    page.add_init_script(SHIFTS)
    _open(page, 4)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("/images/5/"))
    eva = _open(pages.page("eva"), 5)
    expect(page.get_by_role("status", name="Who else is here")).to_contain_text("eva is here")
    x, y = middle(page)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    expect(page.locator(".stage figure")).to_have_class("zoomed")
    eva.get_by_role("button", name="Finish").click()
    expect(page.locator("#image-5-state")).to_contain_text("done")

    assert page.evaluate("window.shifts") == []

"""Several people on one image, each in a browser of their own: one order, nothing lost, nothing doubled."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server

IMAGE = "/datasets/demo/images/1/"
WORDS = ", ".join(f"word {number}" for number in range(30))
# 5 clicks a second, among them triples without a pause: toggles, removals and moves as they come.
CLICKS = """({count, seed}) => {
  let state = seed;
  const random = most => (state = (state * 1103515245 + 12345) % 2147483648) % most;
  const any = selector => { const all = [...document.querySelectorAll(selector)]; return all[random(all.length)]; };
  const kinds = ["[aria-label='All tags'] button", ".chips button.remove", ".chips button.left", ".chips button.right"];
  let left = count;
  document.documentElement.dataset.clicks = String(left);
  const click = () => {
    for (let triple = random(5) ? 1 : 3; triple && left; triple--) {
      const button = any(kinds[random(6) % 4]) ?? any(kinds[0]);
      button.click();
      document.documentElement.dataset.clicks = String(--left);
    }
    if (left) setTimeout(click, 200);
  };
  click();
}"""

# Every third answer comes this much later.
LATE = """milliseconds => {
  const real = window.fetch;
  let count = 0;
  window.fetch = async (...request) => {
    const answer = await real(...request);
    if (++count % 3 === 0) await new Promise(go => setTimeout(go, milliseconds));
    return answer;
  };
}"""


def chips(page: Page) -> list[str]:
    return page.locator(".chips ol .name").all_inner_texts()


def on_server(server: Server) -> list[str]:
    script = (
        "import json; from tagging.models import Image; "
        "print(json.dumps([t.name for t in Image.objects.get(number=1).ordered_tags()]))"
    )
    return list(json.loads(server.run("shell", "-v", "0", "-c", script).stdout.splitlines()[-1]))


def acts(server: Server, kinds: Sequence[str]) -> int:
    script = f"from tagging.models import Act; print(Act.objects.filter(kind__in={list(kinds)!r}).count())"
    return int(server.run("shell", "-v", "0", "-c", script).stdout.splitlines()[-1])


def opened(pages: Pages, *names: str) -> list[Page]:
    """One image open in a browser of each, listening."""
    made = []
    for name in names:
        pages.join(name, "tagger")
        page = pages.page(name)
        page.goto(IMAGE)
        expect(page.locator("html")).to_have_attribute("data-socket", "live")
        made.append(page)
    return made


def wait_until_saved(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-clicks", "0", timeout=120_000)
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0", timeout=120_000)


TAG_ACTS = ("add tags", "remove tag", "move tag")


@pytest.fixture
def crowd(new_server: NewServer, pages_of: Callable[[Server], Pages]) -> tuple[Server, list[Page]]:
    """Bob and Zoe at one image of thirty tags, half of which are on it."""
    server = new_server(2)
    server.start()
    pages = pages_of(server)
    both = opened(pages, "bob", "zoe")
    box = both[0].get_by_role("combobox", name="Add tags")
    box.fill(WORDS)
    box.press("Enter")
    expect(both[1].locator(".chips li.chip")).to_have_count(30)
    for page in both:
        page.reload()
        expect(page.locator("html")).to_have_attribute("data-socket", "live")
    return server, both


@pytest.mark.parametrize("count", [25, pytest.param(100, marks=pytest.mark.soak)])
@pytest.mark.parametrize("delay", [0, 1000], ids=["", "every third answer a second late"])
def test_two_people_on_one_image_end_in_one_order(crowd: tuple[Server, list[Page]], count: int, delay: int) -> None:
    server, both = crowd
    before = acts(server, TAG_ACTS)
    for page in both:
        page.evaluate(LATE, delay)

    for number, page in enumerate(both):
        page.evaluate(CLICKS, {"count": count, "seed": 17 + number})
    for page in both:
        wait_until_saved(page)

    assert acts(server, TAG_ACTS) - before == 2 * count
    there = on_server(server)
    for page in both:
        expect(page.locator(".chips ol .name")).to_have_text(there)

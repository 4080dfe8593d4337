"""Several people on one image, each in a browser of their own: one order, nothing lost, nothing doubled."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server
from tests.e2e.together import acts, add, live, on_server, opened, saved

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


def wait_until_saved(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-clicks", "0", timeout=120_000)
    saved(page)


TAG_ACTS = ("add tags", "remove tag", "move tag")


HOST = "tagger.test"
PLAIN = {"TAGGER_ALLOWED_HOSTS": f"{HOST},127.0.0.1", "TAGGER_PRODUCTION": "0", "TAGGER_TLS": "0"}


@pytest.fixture
def crowd(
    request: pytest.FixtureRequest, new_server: NewServer, pages_of: Callable[[Server], Pages]
) -> tuple[Server, list[Page]]:
    """Bob and Zoe at one image of thirty tags; under a host name, when the test says so, that browsers do not trust."""
    host = getattr(request, "param", "")
    server = new_server(2, env=PLAIN if host else None)
    server.start()
    if host:
        server.url = f"http://{host}:{server.port}"
    pages = pages_of(server)
    both = opened(pages, "bob", "zoe")
    add(both[0], WORDS)
    expect(both[1].locator(".chips li.chip")).to_have_count(30)
    for page in both:
        page.reload()
        live(page)
    return server, both


@pytest.mark.parametrize("count", [25, pytest.param(100, marks=pytest.mark.soak)])
@pytest.mark.parametrize("delay", [0, 1000], ids=["", "every third answer a second late"])
def test_two_people_on_one_image_end_in_one_order(crowd: tuple[Server, list[Page]], count: int, delay: int) -> None:
    end_in_one_order(*crowd, count, delay)


@pytest.mark.parametrize("crowd", [HOST], indirect=True)
def test_two_people_end_in_one_order_where_the_browser_trusts_nobody(crowd: tuple[Server, list[Page]]) -> None:
    _, both = crowd

    assert both[0].evaluate("[isSecureContext, typeof crypto.randomUUID]") == [False, "undefined"]
    end_in_one_order(*crowd, 25, 0)


def end_in_one_order(server: Server, both: list[Page], count: int, delay: int) -> None:
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

"""Pictures tagged by keyboard alone, with no event of a mouse, and how long each tag takes."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server
from tests.e2e.tagging_pages import chips, here, opened, saved

PagesOf = Callable[[Server], Pages]

# How long it takes from Enter until all chips are the server's, and which events of a mouse there were
WATCH = """() => {
  window.times = [];
  window.mouse = 0;
  let since = 0;
  for (const name of ["mousedown", "pointerdown", "touchstart"]) addEventListener(name, () => window.mouse++, true);
  addEventListener("keydown", event => {
    if (event.key === "Enter" && document.activeElement.value) since = performance.now();
  }, true);
  new MutationObserver(() => {
    if (!since || document.querySelector("#tag-box").value || document.querySelector(".chip.pending")) return;
    if (document.documentElement.dataset.unsaved !== "0") return;
    window.times.push(performance.now() - since);
    since = 0;
  }).observe(document, {subtree: true, childList: true, attributes: true});
}"""


def _told(times: list[float]) -> str:
    times = sorted(times)
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    return f"{len(times)} tags by keyboard: from Enter to the settled chip p50 {p50:.0f} ms, p95 {p95:.0f} ms"


@pytest.mark.parametrize(
    "images", [3, pytest.param(20, marks=pytest.mark.soak)], ids=["three images", "keyboard on twenty images"]
)
def test_images_get_ten_tags_each_by_keyboard_alone(
    images: int, new_server: NewServer, pages_of: PagesOf, capsys: pytest.CaptureFixture[str]
) -> None:
    server = new_server(images + 1)
    server.start()
    pages = pages_of(server)
    pages.join("bob")
    page = opened(pages.page("bob"), 1)
    page.evaluate(WATCH)

    for number in range(1, images + 1):
        here(page, number)
        for count in range(10):
            page.keyboard.type(f"tag {count} of {number if count % 2 else 'all'}")
            page.keyboard.press("Enter")
            expect(chips(page)).to_have_count(count + 1)
            saved(page)
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
    here(page, images + 1)

    times = list(page.evaluate("window.times"))
    with capsys.disabled():
        print(f"\n{_told(times)}")  # noqa: T201 - the figure is what the long form is run for
    assert page.evaluate("window.mouse") == 0
    assert len(times) == 10 * images
    script = (
        "import json; from tagging.models import Image; "
        "print(json.dumps([[i.state, len(i.ordered_tags())] for i in Image.objects.order_by('number')]))"
    )
    rows = json.loads(server.run("shell", "-v", "0", "-c", script).stdout.splitlines()[-1])
    assert rows == [["done", 10]] * images + [["todo", 0]]

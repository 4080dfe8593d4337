"""What the workbench costs a browser: its first load, how soon the next image is there, and whether anything jumps.

    python -m bench.page [--images 40] [--rounds 30] [--look 300]

Draws pictures of 2,048 × 1,536, imports them, starts `manage.py start` and a Chromium (the one the browser tests use).

- First load, with an empty cache: requests and bytes of HTML, CSS and scripts, as they travel (with their headers) and
  unpacked. The three together are to be 100 kB at most on the wire. Pictures and icons are told apart from them.
- Next image: from the key → to the first frame that shows the new picture decoded, p50 and p95 in milliseconds, once
  with the picture fetched ahead (the person looks for `--look` ms before the key) and once without (the browser keeps
  no files). Beside it the floor of the same run: reading the next page's HTML alone. To be under 100 ms ahead.
- Layout shift: the sum over the first load and all those steps; to be 0.
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageFilter
from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.e2e.browser import find_chromium
from tests.e2e.pages import Pages
from tests.e2e.server import Server

GOAL_BYTES = 100_000
SIZE = (2048, 1536)
LONGEST = 10_000  # ms until a step has failed
KINDS = {"Document": "HTML", "Stylesheet": "CSS", "Script": "scripts"}
# Runs before the page's own scripts: marks the key, and the frame behind the decoding of the picture it brought.
WATCH = """
window.taken = [];
window.shift = 0;
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
document.addEventListener("htmx:afterSwap", async ({ detail }) => {
  if (detail.target.id !== "page") return;
  const from = window.pressed;
  await document.querySelector(".stage img").decode();
  requestAnimationFrame(() => setTimeout(() => window.taken.push(performance.now() - from)));
});
new PerformanceObserver(list => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shift += value;
}).observe({ type: "layout-shift", buffered: true });
"""
FLOOR = """async () => {
  const from = performance.now();
  await (await fetch(document.querySelector("a[rel=next]").href, { headers: { "HX-Request": "true" } })).text();
  return performance.now() - from;
}"""


@dataclass
class Load:
    """What came of one kind."""

    requests: int = 0
    wire: int = 0
    unpacked: int = 0


def draw(folder: Path, count: int) -> None:
    """Soft grain, so that decoding is work; each picture with a brightness of its own."""
    folder.mkdir()
    grain = Image.effect_noise(SIZE, 48).filter(ImageFilter.GaussianBlur(1))
    for number in range(count):
        grain.point([min(255, level // 2 + 3 * number) for level in range(256)]).save(
            folder / f"{number}.jpg", quality=88
        )


def listen(session: CDPSession) -> dict[str, Load]:
    """Counts what the browser receives from now on, by kind."""
    loads: defaultdict[str, Load] = defaultdict(Load)
    kinds: dict[str, str] = {}

    def begun(event: Mapping[str, Any]) -> None:
        kinds[event["requestId"]] = KINDS.get(event["type"], "pictures and icons")
        loads[kinds[event["requestId"]]].requests += 1

    def data(event: Mapping[str, Any]) -> None:
        loads[kinds.get(event["requestId"], "other")].unpacked += event["dataLength"]

    def finished(event: Mapping[str, Any]) -> None:
        loads[kinds.get(event["requestId"], "other")].wire += event["encodedDataLength"]

    session.on("Network.responseReceived", begun)
    session.on("Network.dataReceived", data)
    session.on("Network.loadingFinished", finished)
    session.send("Network.enable")
    return loads


def first_load(page: Page, session: CDPSession) -> dict[str, Load]:
    loads = listen(session)
    page.goto("/datasets/demo/images/1/", wait_until="networkidle")
    page.wait_for_timeout(500)
    return dict(loads)


def walk(page: Page, rounds: int, look: int) -> tuple[list[float], list[float]]:
    """Milliseconds from the key to the picture, and of reading the next page's HTML alone, in turns."""
    taken: list[float] = []
    floor: list[float] = []
    for _ in range(rounds):
        page.wait_for_timeout(look)
        floor.append(page.evaluate(FLOOR))
        page.keyboard.press("ArrowRight")
        taken = wait_for_more(page, len(taken))
    return taken, floor


def wait_for_more(page: Page, count: int) -> list[float]:
    for _ in range(LONGEST // 10):
        page.wait_for_timeout(10)
        taken: list[float] = page.evaluate("window.taken")
        if len(taken) > count:
            return taken
    raise SystemExit(f"after {count} steps the key brought no next picture: {page.url}")


def show_loads(loads: Mapping[str, Load]) -> None:
    print(f"{'first load':22}{'requests':>9}{'on the wire':>13}{'unpacked':>11}")
    ours = [load for kind, load in sorted(loads.items()) if kind in KINDS.values()]
    total = Load(
        *(sum(values) for values in zip(*((one.requests, one.wire, one.unpacked) for one in ours), strict=True))
    )
    rows = [*sorted(loads.items()), ("HTML + CSS + scripts", total)]
    for kind, load in rows:
        print(f"{kind:22}{load.requests:9}{load.wire / 1000:10.1f} kB{load.unpacked / 1000:8.1f} kB")
    print(f"{'':22}{total.wire / GOAL_BYTES:.2f} of what may travel\n")


def show_times(name: str, times: list[float]) -> None:
    print(f"{name:34}{statistics.median(times):8.0f}{statistics.quantiles(times, n=20)[-1]:8.0f}")


def measure(pages: Pages, rounds: int, look: int) -> None:
    page = pages.page("bob")
    page.add_init_script(WATCH)
    session = page.context.new_cdp_session(page)
    show_loads(first_load(page, session))
    ahead, floor = walk(page, rounds, look)
    shift = page.evaluate("window.shift")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto("/datasets/demo/images/1/", wait_until="networkidle")
    alone, _ = walk(page, rounds, look)
    print(f"{'next image, ms':34}{'p50':>8}{'p95':>8}")
    show_times("reading its HTML alone (floor)", floor)
    show_times("key → picture, fetched ahead", ahead)
    show_times("key → picture, nothing kept", alone)
    print(f"{'':34}{statistics.median(ahead) / statistics.median(floor):8.2f} times the floor")
    print(f"\nlayout shift, first load and {rounds} steps: {shift:.4f}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--images", type=int, default=40)
    ask.add_argument("--rounds", type=int, default=30)
    ask.add_argument("--look", type=int, default=300, metavar="MS")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="tagger-bench-") as folder, sync_playwright() as playwright:
        draw(Path(folder) / "pictures", given.images)
        server = Server(Path(folder) / "data")
        server.run("import_dir", f"{folder}/pictures", "--dataset", "demo", "--quiet")
        server.start()
        browser = playwright.chromium.launch(executable_path=find_chromium())
        try:
            pages = Pages(browser, server)
            pages.join("bob")
            measure(pages, min(given.rounds, given.images - 2), given.look)
        finally:
            browser.close()
            server.kill()


if __name__ == "__main__":
    main()

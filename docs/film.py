"""Takes docs/screenshots/together.webp: `python -m docs.film [FOLDER]`.

Two people at one picture, side by side: what one does shows with the other. FOLDER is as for docs.screenshots.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from docs import scene as stage
from docs.screenshots import DECODED, KEPT, ROOT, entries
from tests.e2e.browser import SENTENCE, find_chromium
from tests.e2e.server import Server
from tests.e2e.together import live, saved

SIZE = (1120, 700)
SCALE = 0.57
GAP = 12
GROUND = (120, 120, 120)
LAST = 2600  # milliseconds


class Film:
    """Frames of two pages side by side, each shown for its time."""

    def __init__(self, left: Page, right: Page) -> None:
        self.pages = (left, right)
        self.frames: list[Image.Image] = []
        self.times: list[int] = []

    def take(self, milliseconds: int) -> None:
        width, height = (round(side * SCALE) for side in SIZE)
        frame = Image.new("RGB", (2 * width + GAP, height), GROUND)
        for number, page in enumerate(self.pages):
            shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
            frame.paste(shot.resize((width, height), Image.Resampling.LANCZOS), (number * (width + GAP), 0))
        self.frames.append(frame)
        self.times.append(milliseconds)

    def save(self, path: Path) -> None:
        first, *rest = self.frames
        first.save(path, save_all=True, append_images=rest, duration=self.times, loop=0, quality=62, method=6)


def play(film: Film) -> None:
    """Ada tags, Bob puts one in front and takes one off, Ada finishes."""
    ada, bob = film.pages
    film.take(1600)
    box = ada.get_by_role("combobox", name="Add tags")
    box.press_sequentially("clo")
    ada.get_by_role("option").first.wait_for()
    film.take(1400)
    box.fill("golden hour, from above")
    film.take(900)
    box.press("Enter")
    bob.locator(".chips .name", has_text="from above").wait_for()
    film.take(1800)
    bob.get_by_role("button", name="Remove golden hour").focus()
    bob.keyboard.press("Alt+Home")
    saved(bob)
    ada.locator(".chips ol li.chip", has_text="golden hour").first.wait_for()
    film.take(1800)
    bob.get_by_role("button", name="Remove from above").click()
    ada.locator(".chips .name", has_text="from above").wait_for(state="detached")
    film.take(1600)
    ada.get_by_role("button", name="Finish").click()
    bob.get_by_role("status", name="State", exact=True).get_by_text("done").wait_for()
    ada.wait_for_url(lambda url: not url.endswith(f"/images/{stage.NINE}/"))
    ada.evaluate(DECODED)
    film.take(LAST)


def shoot(browser: Browser, photographs: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="tagger-") as folder:
        server = Server(Path(folder) / "data")
        try:
            scene = stage.build(browser, server, entries(photographs, deep=False))
            scene.bob.close()
            both = [scene.pages.page(name, viewport=SIZE) for name in ("ada", "bob")]
            for page in both:
                page.goto(scene.image(stage.NINE))
                live(page)
                page.evaluate(DECODED)
            film = Film(*both)
            play(film)
            film.save(KEPT / "together.webp")
            return scene.pages.close()
        finally:
            server.kill()


def main() -> None:
    ask = argparse.ArgumentParser(description="Take a film of two people at one picture.")
    ask.add_argument("folder", nargs="?", type=Path, default=ROOT / "samples", help="at least twelve photographs")
    asked = ask.parse_args()
    path = find_chromium() or sys.exit(SENTENCE)
    with sync_playwright() as playwright:
        complaints = shoot(playwright.chromium.launch(executable_path=path), asked.folder)
    sys.stdout.write("".join(f"{line}\n" for line in [*complaints, str(KEPT / "together.webp")]))


if __name__ == "__main__":
    main()

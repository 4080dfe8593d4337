"""Takes the pictures of docs/screenshots/: `python -m docs.screenshots [FOLDER] [--keep]`.

Imports FOLDER (default: samples) into a new data folder, lets Ada, Bob and Vera work on it, and takes every page at
three widths in both themes into a new folder, whose name it prints. With --keep it takes the few that README and guide
show, with at most 250 kB each, into docs/screenshots/.
"""

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, sync_playwright

from docs import scene as stage
from docs.scene import DATASET, Scene
from tests.e2e.browser import SENTENCE, find_chromium
from tests.e2e.pages import Colours
from tests.e2e.server import Server
from tests.e2e.together import live

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "docs" / "screenshots"
Colour = tuple[int, int, int]
SIZES = {"1440": (1440, 900), "1024": (1024, 768), "390": (390, 844)}
THEMES = cast("tuple[Colours, ...]", get_args(Colours))
LIMIT = 250_000
FLAT = 24  # the commonest colours stay exact: they are those of the page itself
DECODED = (
    "Promise.all([...document.images].map(image => { image.loading = 'eager'; return image.decode().catch(() => 0) }))"
)
COMMITTED = (
    *("join-1024-light", "datasets-1440-light", "grid-1440-light", "grid-1440-dark"),
    *("workbench-1440-light", "workbench-1440-dark", "workbench-390-light", "workbench-done-1440-light"),
    *("conflict-1440-light", "viewer-1024-light", "finished-1024-light", "export-1440-light"),
    *("settings-1024-light", "import-1024-light"),
)


@dataclass(frozen=True)
class Shot:
    """A page: who looks at it, and how they come there. `whole` pages are taken to their end where all are taken."""

    name: str
    who: str | None
    visit: Callable[[Page, Scene], None]
    whole: bool = True


def at(path: str) -> Callable[[Page, Scene], None]:
    def visit(page: Page, scene: Scene) -> None:
        page.goto(path)

    return visit


def on(number: int) -> Callable[[Page, Scene], None]:
    return at(f"/datasets/{DATASET}/images/{number}/")


def joining(page: Page, scene: Scene) -> None:
    page.goto(scene.server.invite(DATASET))
    page.get_by_label("User name").fill("carl")


def wrong_password(page: Page, scene: Scene) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("not hers")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").click()


def without_tags(page: Page, scene: Scene) -> None:
    page.goto(f"/datasets/{DATASET}/?q=tags:0")
    link = page.get_by_role("list", name="Images").get_by_role("link").first
    page.goto(link.get_attribute("href") or "")


def last_import(page: Page, scene: Scene) -> None:
    page.goto(f"/datasets/{DATASET}/imports/")
    page.goto(page.locator(f'main a[href*="/datasets/{DATASET}/imports/"]').first.get_attribute("href") or "")


def conflict(page: Page, scene: Scene) -> None:
    """Bob adds a tag while Ada edits the whole list."""
    page.goto(scene.image(stage.NINE))
    page.get_by_text("Edit the tags as text").click()
    box = page.get_by_label("All tags of this image")
    box.fill(f"{box.input_value()}, studio")
    stage.add_tags(scene.bob, stage.NINE, "golden hour")
    page.get_by_role("button", name="Save list").click()
    page.get_by_role("alert").get_by_role("button", name="Keep theirs").scroll_into_view_if_needed()
    stage.press(scene.bob, stage.NINE, "Remove golden hour")


def refused(page: Page, scene: Scene) -> None:
    page.goto(scene.image(stage.NINE))
    page.get_by_role("combobox", name="Add tags").fill("word " * 50)
    page.keyboard.press("Enter")
    page.get_by_role("status", name="Messages").get_by_text("200").wait_for()


def arranging(page: Page, scene: Scene) -> None:
    page.goto(scene.image(stage.NINE))
    page.get_by_title("Show the buttons that move a tag").click()


SHOTS = (
    Shot("login", None, at("/login/")),
    Shot("login-wrong", None, wrong_password),
    Shot("join", None, joining),
    Shot("account", "bob", at("/account/")),
    Shot("datasets", "ada", at("/")),
    Shot("grid", "ada", at(f"/datasets/{DATASET}/")),
    Shot("grid-search", "bob", at(f"/datasets/{DATASET}/?q=state:todo+-tags:0")),
    Shot("grid-nothing", "ada", at(f"/datasets/{DATASET}/?q=unicorn")),
    Shot("grid-refused", "ada", at(f"/datasets/{DATASET}/?q=state:somewhere")),
    Shot("workbench-many", "ada", on(stage.MANY), whole=False),
    Shot("workbench-long", "ada", on(stage.LONG), whole=False),
    Shot("workbench-empty", "ada", without_tags, whole=False),
    Shot("workbench-done", "bob", on(stage.DONE), whole=False),
    Shot("workbench-rejected", "ada", on(stage.REJECTED), whole=False),
    Shot("workbench-claimed", "ada", on(stage.CLAIMED), whole=False),
    Shot("workbench-order", "ada", arranging, whole=False),
    Shot("conflict", "ada", conflict, whole=False),
    Shot("refused", "ada", refused, whole=False),
    Shot("workbench", "ada", on(stage.NINE), whole=False),
    Shot("resume", "ada", at(f"/datasets/{DATASET}/resume/"), whole=False),
    Shot("viewer", "vera", on(stage.NINE), whole=False),
    Shot("finished", "ada", at(f"/datasets/{stage.COMPLETE}/finished/")),
    Shot("finished-not-yet", "ada", at(f"/datasets/{DATASET}/finished/")),
    Shot("export", "ada", at(f"/datasets/{DATASET}/export/")),
    Shot("imports", "ada", at(f"/datasets/{DATASET}/imports/")),
    Shot("import", "ada", last_import),
    Shot("settings", "ada", at(f"/datasets/{DATASET}/settings/")),
    Shot("settings-viewer", "vera", at(f"/datasets/{DATASET}/settings/")),
    Shot("not-found", "ada", at("/datasets/nowhere/")),
    Shot("admin", "owner", at("/admin/")),
    Shot("admin-tags", "owner", at("/admin/tagging/tag/")),
)


def take(browser: Browser, photographs: Path, out: Path, *, only: list[str], keep: bool) -> list[str]:
    """Take the pictures into `out`. Returns what the browsers' consoles complained about."""
    with tempfile.TemporaryDirectory(prefix="tagger-") as folder:
        server = Server(Path(folder) / "data")
        try:
            scene = stage.build(browser, server, entries(photographs, deep=not keep))
            scene.pages.expect_complaint(r"status of (404|409|422)")
            for size, theme, shot in wanted(only, keep=keep):
                picture = photograph(scene, shot, size, theme, whole=shot.whole and not keep)
                name = f"{shot.name}-{size}-{theme}.png"
                (out / name).write_bytes(squeezed(picture, theme) if keep else picture)
                sys.stdout.write(f"{name}\n")
            return scene.pages.close()
        finally:
            server.kill()


def entries(photographs: Path, *, deep: bool) -> list[Path]:
    """What of the folder is shown: pictures and captions, with the folders in it where all is taken."""
    kinds = (".jpg", ".png", ".txt")
    return [path for path in sorted(photographs.iterdir()) if path.suffix in kinds or (deep and path.is_dir())]


def wanted(only: list[str], *, keep: bool) -> Iterator[tuple[str, Colours, Shot]]:
    for size in SIZES:
        for theme in THEMES:
            for shot in SHOTS:
                kept = not keep or f"{shot.name}-{size}-{theme}" in COMMITTED
                if kept and (not only or shot.name in only):
                    yield size, theme, shot


def photograph(scene: Scene, shot: Shot, size: str, theme: Colours, *, whole: bool) -> bytes:
    page = scene.pages.page(shot.who, viewport=SIZES[size], colours=theme, touch=size == "390")
    shot.visit(page, scene)
    if page.locator("#page[data-socket]").count():
        live(page)
    page.evaluate(DECODED)
    picture = page.screenshot(animations="disabled", full_page=whole)
    page.context.close()
    scene.pages.contexts.remove(page.context)
    return picture


def squeezed(png: bytes, theme: Colours) -> bytes:
    """The same picture with a palette, in at most LIMIT bytes: photographs lose colours, the page itself hardly any."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for scale, colours in ((1, 256), (0.85, 256), (0.75, 256), (0.75, 192), (0.6, 192)):
        size = round(picture.width * scale), round(picture.height * scale)
        small = picture if scale == 1 else picture.resize(size, Image.Resampling.LANCZOS)
        png = with_palette(small, colours, own_colours(theme))
        if len(png) <= LIMIT:
            break
    return png


def own_colours(theme: Colours) -> list[Colour]:
    """The colours of the pages, and each halfway to the ground that text stands on, as its edges are."""
    tokens = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)", tokens)
    named = {name: bytes.fromhex(colours[THEMES.index(theme)]) for name, *colours in pairs}
    ground = named["surface-3"]
    soft = [bytes((a + b) // 2 for a, b in zip(own, ground, strict=True)) for own in named.values()]
    return [(red, green, blue) for red, green, blue in dict.fromkeys([*named.values(), *soft])]


def with_palette(picture: Image.Image, colours: int, own: list[Colour]) -> bytes:
    counted = picture.getcolors(maxcolors=picture.width * picture.height) or []
    common = [cast("Colour", colour) for _, colour in sorted(counted, reverse=True)[:FLAT]]
    exact = list(dict.fromkeys([*common, *own]))
    photographs = picture.quantize(colours - len(exact), Image.Quantize.MEDIANCUT, kmeans=1).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette(bytes(value for colour in exact for value in colour) + bytes(photographs))
    small = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    for index, colour in enumerate(exact):  # the nearest colour is found only roughly
        away = ImageChops.difference(picture, Image.new("RGB", picture.size, colour)).convert("L")
        small.paste(index, mask=away.point([255] + [0] * 255))
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    ask = argparse.ArgumentParser(description="Take pictures of every page.")
    ask.add_argument("folder", nargs="?", type=Path, default=ROOT / "samples", help="at least twelve photographs")
    ask.add_argument("--keep", action="store_true", help="write the committed few into docs/screenshots/")
    ask.add_argument("--only", nargs="*", default=[], metavar="NAME", help="pages, such as grid workbench")
    asked = ask.parse_args()
    out = KEPT if asked.keep else Path(tempfile.mkdtemp(prefix="tagger-screenshots-"))
    out.mkdir(exist_ok=True)
    path = find_chromium() or sys.exit(SENTENCE)
    with sync_playwright() as playwright:
        complaints = take(
            playwright.chromium.launch(executable_path=path), asked.folder, out, only=asked.only, keep=asked.keep
        )
    sys.stdout.write("".join(f"{line}\n" for line in [*complaints, str(out)]))


if __name__ == "__main__":
    main()

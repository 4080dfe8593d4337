"""What the pictures of docs/screenshots/ show: people, pictures and tags in a new data folder, and a server on it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.pages import Pages
from tests.e2e.server import Server
from tests.e2e.together import saved

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = {"ada": "owner", "bob": "reviewer", "vera": "viewer"}
DATASET = "pictures"
COMPLETE = "samples"

# Numbers of images, of which a folder needs at least twelve
NINE, MANY, LONG, CLAIMED, DONE = 4, 5, 6, 7, 3
FINISHED = (1, DONE, 8, 9)
REVIEWED, REJECTED = 1, 10
SOFT = "photo, soft light, sharp focus"
SIXTY = (
    "outdoors, indoors, day, night, sunset, cloudy sky, clear sky, trees, grass, flowers, water, river, sea, "
    "beach, rocks, mountains, hills, snow, rain, fog, street, road, bridge, tower, window, door, wall, roof, "
    "stairs, fence, bench, table, chair, lamp, sign, text, reflection, shadow, silhouette, backlighting, wide "
    "shot, close-up, from above, from below, from side, blurry background, depth of field, monochrome, warm "
    "colours, cool colours, high contrast, film grain, lens flare, motion blur, symmetry, leading lines, empty "
    "space, no humans, people in the distance, crowd"
)
SENTENCE = "Seen from close by in soft daylight, with nothing else in the picture to draw the eye away."
VERY_LONG = (
    "a very long phrase that someone pasted from a description and that nobody has shortened since because it was"
    " just within the two hundred characters that one tag may have; that is quite a lot for a tag"
)
CATEGORIES = """
from tagging.models import Dataset, Person, Tag
from tagging.services import vocabulary
ada, dataset = Person.objects.get(username="ada"), Dataset.objects.get(slug="{slug}")
for category, names in {groups!r}.items():
    ids = list(Tag.objects.shown().filter(dataset=dataset, name__in=names).values_list("pk", flat=True))
    if ids:
        vocabulary.categorise(dataset, ids, category=category, by=ada)
"""
GROUPS = {
    "subject": ["cat", "woman", "man", "coffee", "flower", "temple", "motorcycle", "dunes", "no humans"],
    "light": ["soft light", "night", "sunset", "backlighting", "sharp focus"],
    "view": ["close-up", "portrait", "top-down view", "side view", "from above", "looking at viewer"],
}


@dataclass
class Scene:
    """A served dataset, browsers of its people, and Bob's own page, on which things happen meanwhile."""

    server: Server
    pages: Pages
    bob: Page

    def image(self, number: int, act: str = "") -> str:
        return f"/datasets/{DATASET}/images/{number}/{act}"


def build(browser: Browser, server: Server, photographs: list[Path]) -> Scene:
    """Import a copy of the photographs, with what a folder holds beside pictures, and do a day's work on it."""
    source = copied(photographs, server.data.with_name("pictures"))
    read = ["import_dir", str(source), "--dataset", DATASET, "--name", "Photographs", "--trigger", "ohwx"]
    server.run(*read, "--quiet", timeout=600)
    server.run("import_dir", str(ROOT / "samples"), "--dataset", COMPLETE, "--quiet", timeout=600)
    server.start()
    pages = Pages(browser, server)
    for name, role in PEOPLE.items():
        pages.join(name, role, DATASET)
    pages.sign_in("owner")
    work(pages)
    finish_samples(pages)
    server.run("shell", "-c", CATEGORIES.format(slug=DATASET, groups=GROUPS))
    bob = pages.page("bob")
    press(bob, CLAIMED - 1, "Next to do")
    return Scene(server, pages, bob)


def copied(photographs: list[Path], target: Path) -> Path:
    """A copy that also holds what imports meet: a damaged picture, the same one twice, notes, a shadow folder."""
    target.mkdir()
    for path in photographs:
        (shutil.copytree if path.is_dir() else shutil.copy)(path, target / path.name)
    pictures = sorted(path for path in target.iterdir() if path.suffix in (".jpg", ".png"))
    damaged = pictures[-1].read_bytes()
    (target / f"damaged{pictures[-1].suffix}").write_bytes(damaged[: len(damaged) // 2])
    shutil.copy(pictures[0], target / f"once more{pictures[0].suffix}")
    (target / "notes.md").write_text("Where these were taken\n", encoding="utf-8")
    (target / "@eaDir").mkdir()
    (target / "@eaDir" / "thumbnail.jpg").write_bytes(damaged)
    return target


def work(pages: Pages) -> None:
    """What Ada and Bob did before the pictures are taken."""
    ada, bob = pages.page("ada"), pages.page("bob")
    set_tags(ada, MANY, SIXTY)
    add_tags(ada, LONG, VERY_LONG)
    add_tags(ada, NINE + 7, "wide shot, high contrast, cool colours, film grain, empty space, depth of field")
    add_tags(ada, NINE, SOFT)
    describe(ada, NINE, SENTENCE)
    for number in FINISHED:
        add_tags(bob, number, SOFT)
        press(bob, number, "Finish")
    press(bob, REVIEWED, "Review")
    press(ada, REJECTED, "Reject")
    put_away(pages, ada, bob)


def finish_samples(pages: Pages) -> None:
    """The dataset in which nothing is left to do."""
    ada, bob = pages.page("ada"), pages.page("bob")
    for page in (ada, bob):
        page.goto(pages.server.invite(COMPLETE, "reviewer"))
        with page.expect_navigation():
            page.get_by_role("button", name="Join").click()
    for number in range(1, 13):
        page = ada if number % 3 else bob
        add_tags(page, number, "drawing, flat colors", COMPLETE)
        press(page, number, "Reject" if number == 9 else "Finish", COMPLETE)
    for number in (1, 2, 4):
        press(bob, number, "Review", COMPLETE)
    put_away(pages, ada, bob)


def put_away(pages: Pages, *done: Page) -> None:
    for page in done:
        page.context.close()
        pages.contexts.remove(page.context)


def press(page: Page, number: int, button: str, dataset: str = DATASET) -> None:
    page.goto(f"/datasets/{dataset}/images/{number}/")
    page.get_by_role("button", name=button, exact=True).click()
    saved(page)
    if button in ("Finish", "Reject", "Next to do"):
        page.wait_for_url(lambda url: not url.endswith(f"/images/{number}/"))


def add_tags(page: Page, number: int, line: str, dataset: str = DATASET) -> None:
    page.goto(f"/datasets/{dataset}/images/{number}/")
    page.get_by_role("combobox", name="Add tags").fill(line)
    page.keyboard.press("Enter")
    saved(page)


def set_tags(page: Page, number: int, line: str) -> None:
    page.goto(f"/datasets/{DATASET}/images/{number}/")
    page.get_by_text("Edit the tags as text").click()
    page.get_by_label("All tags of this image").fill(line)
    page.get_by_role("button", name="Save list").click()
    saved(page)


def describe(page: Page, number: int, text: str) -> None:
    page.goto(f"/datasets/{DATASET}/images/{number}/")
    page.get_by_label("Description").fill(text)
    page.get_by_role("button", name="Save description").click()
    saved(page)

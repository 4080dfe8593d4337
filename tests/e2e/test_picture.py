"""The picture and what lies around it: zoom, swipe, the filmstrip, and the faces of others."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import Point, box_of, drag, middle, touch
from tests.e2e.pages import PHONE, Pages
from tests.e2e.pictures import SIZE, picture
from tests.e2e.server import Server

PagesOf = Callable[[Server], Pages]
LARGE = (2600, 1700)  # more than the 2,048 px of what a page loads at first
COUNT = 20  # more than the filmstrip shows


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Dataset `demo`: three large pictures of one size, then small ones; every other one has the tag `odd`."""
    folder = tmp_path_factory.mktemp("pictures")
    for number in range(1, COUNT + 1):
        picture(number, LARGE if number <= 3 else SIZE).save(folder / f"picture-{number}.png", compress_level=1)
        if number % 2:
            (folder / f"picture-{number}.txt").write_text("odd, solo", encoding="utf-8")
    server = Server(tmp_path_factory.mktemp("site") / "data")
    server.run("import_dir", str(folder), "--dataset", "demo", "--quiet")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def pages(pages_of: PagesOf, site: Server) -> Pages:
    made = pages_of(site)
    made.join("bob")
    return made


def _open(page: Page, number: int, search: str = "") -> Page:
    page.goto(f"/datasets/demo/images/{number}/{search}")
    expect(page.locator("html")).to_have_attribute("data-socket", "live")
    return page


def _image(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile("^Image "))


def _percent(page: Page) -> Locator:
    return page.get_by_role("group", name="Zoom").locator(".percent")


def _zoom_fully(page: Page) -> None:
    page.get_by_role("group", name="Zoom").get_by_role("button", name=re.compile("^Zoom [0-9]")).click()
    expect(_percent(page)).to_have_text("100 %")


def _under(page: Page, point: Point) -> Point:
    """Which place of the picture lies at this point of the window, in hundredths."""
    box = box_of(_image(page))
    return round((point[0] - box["x"]) / box["width"], 2), round((point[1] - box["y"]) / box["height"], 2)


def _shows(page: Page, number: int) -> None:
    expect(page.locator(".panel")).to_have_attribute("data-image", str(number))


def _strip(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Filmstrip").get_by_role("link")


def test_the_wheel_zooms_about_the_pointer_and_scrolls_nothing(pages: Pages) -> None:
    page = _open(pages.page("bob"), 1)
    _zoom_fully(page)
    x, y = middle(page)
    point = (x + 200, y - 150)
    page.mouse.move(*point)
    before, width = _under(page, point), box_of(_image(page))["width"]

    page.mouse.wheel(0, -120)
    expect(_percent(page)).to_have_text("141 %")

    assert _under(page, point) == before
    assert box_of(_image(page))["width"] > width
    assert page.evaluate("scrollY") == 0


def test_keys_zoom_to_true_pixels_and_back(pages: Pages) -> None:
    page = _open(pages.page("bob"), 1)
    page.keyboard.press("Escape")
    fitting = box_of(_image(page))

    page.keyboard.press("z")
    expect(_percent(page)).to_have_text("100 %")
    full = box_of(_image(page))
    page.keyboard.press("+")
    expect(_percent(page)).to_have_text("125 %")
    page.keyboard.press("-")
    expect(_percent(page)).to_have_text("100 %")
    page.keyboard.press("0")

    expect(page.locator(".stage figure")).not_to_have_class("zoomed")
    assert (full["width"], full["height"]) == LARGE
    assert box_of(_image(page)) == fitting


def test_a_double_click_zooms_and_fits_again(pages: Pages) -> None:
    page = _open(pages.page("bob"), 2)
    figure = page.locator(".stage figure")

    figure.dblclick()
    expect(_percent(page)).to_have_text("100 %")
    figure.dblclick()

    expect(figure).not_to_have_class("zoomed")


def test_dragging_moves_the_picture_and_never_out_of_its_frame(pages: Pages) -> None:
    page = _open(pages.page("bob"), 1)
    _zoom_fully(page)
    start, frame = box_of(_image(page)), box_of(page.locator(".stage figure"))

    drag(page, (-60, 40))
    moved = box_of(_image(page))
    for _ in range(6):
        drag(page, (400, 300))
    corner = box_of(_image(page))

    assert (moved["x"] - start["x"], moved["y"] - start["y"]) == (-60, 40)
    assert (corner["x"], corner["y"]) == (frame["x"], frame["y"])


def test_zoom_and_place_are_kept_until_one_fits(pages: Pages) -> None:
    page = _open(pages.page("bob"), 1)
    _zoom_fully(page)
    drag(page, (-120, 90))
    kept = box_of(_image(page))

    page.get_by_role("link", name="Next", exact=True).click()
    _shows(page, 2)

    expect(_percent(page)).to_have_text("100 %")
    assert box_of(_image(page)) == kept
    page.get_by_role("button", name="Fit").click()
    page.get_by_role("link", name="Next", exact=True).click()
    _shows(page, 3)
    expect(page.locator(".stage figure")).not_to_have_class("zoomed")


def test_beyond_its_own_pixels_the_whole_file_is_shown_once(pages: Pages) -> None:
    page = pages.page("bob")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/file/" in request.url else None)
    _open(page, 1)
    before = _image(page).evaluate("image => image.decode().then(() => image.naturalWidth)")

    _zoom_fully(page)
    expect(_image(page)).to_have_attribute("src", re.compile("/images/1/file/"))
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Fit").click()
    _zoom_fully(page)

    assert (before, _image(page).evaluate("image => image.naturalWidth")) == (2048, LARGE[0])
    assert len(asked) == 1
    expect(page.get_by_role("img", name="Image 1, picture-1.png")).to_be_visible()


def test_two_fingers_zoom_and_one_moves(pages: Pages) -> None:
    page = _open(pages.page("bob", viewport=PHONE, touch=True), 1)
    x, y = middle(page)

    touch(page, [(x - 30, y), (x + 30, y)], [(x - 60, y), (x + 60, y)], [(x - 120, y), (x + 120, y)])
    near = box_of(_image(page))
    touch(page, [(x, y)], [(x - 40, y)], [(x - 80, y)])

    assert round(near["width"] / 390, 1) == 4.0
    assert box_of(_image(page))["x"] - near["x"] == -80
    _shows(page, 1)


def test_a_finger_across_the_picture_goes_on_and_back(pages: Pages) -> None:
    page = _open(pages.page("bob", viewport=PHONE, touch=True), 5)
    x, y = middle(page)

    touch(page, [(x + 60, y)], [(x, y + 4)], [(x - 60, y + 8)])
    _shows(page, 6)
    touch(page, [(x - 60, y)], [(x, y)], [(x + 60, y)])

    _shows(page, 5)


@pytest.mark.parametrize("kind", ["upright", "edge", "short", "zoomed", "mouse"])
def test_what_is_no_swipe_stays(kind: str, pages: Pages) -> None:
    page = _open(pages.page("bob", viewport=PHONE, touch=True), 5)
    x, y = middle(page)
    ways: dict[str, list[list[Point]]] = {
        "upright": [[(x, y + 60)], [(x - 20, y)], [(x - 70, y - 80)]],
        "edge": [[(8, y)], [(60, y)], [(160, y)]],
        "short": [[(x, y)], [(x - 5, y)], [(x - 9, y)]],
    }
    if kind == "zoomed":
        page.locator(".stage figure").dblclick()
        expect(page.locator(".stage figure")).to_have_class("zoomed")
    if kind == "mouse":
        drag(page, (-150, 0))
    else:
        touch(page, *ways.get(kind, [[(x + 60, y)], [(x, y)], [(x - 60, y)]]))

    page.get_by_role("link", name="Next", exact=True).click()

    _shows(page, 6)


def test_the_filmstrip_goes_through_the_search_without_a_new_page(pages: Pages) -> None:
    page = _open(pages.page("bob"), 5, "?q=odd")
    page.evaluate("window.same = true")
    expect(_strip(page)).to_have_count(10)

    _strip(page).nth(3).click()
    _shows(page, 7)

    expect(page.locator(".strip [aria-current]")).to_have_attribute("href", "/datasets/demo/images/7/?q=odd")
    expect(page.locator(".strip .here")).to_have_count(1)
    assert page.evaluate("window.same")
    page.go_back()
    _shows(page, 5)
    expect(page.locator(".strip .here")).to_have_id("image-5-card")


def test_on_a_phone_the_picture_has_the_room(pages: Pages) -> None:
    page = _open(pages.page("bob", viewport=PHONE, touch=True), 5)

    expect(page.locator(".strip")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]


def test_without_script_the_filmstrip_is_links_and_there_is_no_dead_control(pages: Pages) -> None:
    page = pages.page("bob", javascript=False)
    page.goto("/datasets/demo/images/5/")

    expect(page.get_by_role("group", name="Zoom")).to_be_hidden()
    expect(page.get_by_role("status", name="Connection")).to_be_hidden()
    _strip(page).nth(5).click()

    _shows(page, 6)


def test_what_another_finishes_shows_in_filmstrip_and_grid(pages: Pages) -> None:
    pages.join("tom")
    strip, grid = _open(pages.page("bob"), 10, "?q=-odd"), pages.page("bob")
    grid.goto("/datasets/demo/?q=-odd")
    tom = _open(pages.page("tom"), 12)

    tom.get_by_role("combobox", name="Add tags").fill("late")
    tom.get_by_role("combobox", name="Add tags").press("Enter")
    tom.get_by_role("button", name="Finish").click()

    for page in (strip, grid):
        link = page.get_by_role("link", name="Image 12, done, 1 tag")
        expect(link).to_have_attribute("href", "/datasets/demo/images/12/?q=-odd")


def test_others_have_faces_where_they_are_and_oneself_has_none(pages: Pages) -> None:
    pages.join("ann")
    grid, ann = pages.page("bob"), _open(pages.page("ann"), 15)
    grid.goto("/datasets/demo/")

    expect(grid.locator("#image-15-card").get_by_title("ann is here")).to_be_visible()
    bob = _open(pages.page("bob"), 15)
    company = bob.get_by_role("status", name="Who else is here")
    expect(company).to_contain_text("ann is here")
    expect(bob.locator("#image-15-card .face")).to_have_count(1)
    ann.get_by_role("link", name="Next", exact=True).click()

    expect(company).to_have_text("")
    expect(bob.locator("#image-16-card").get_by_title("ann is here")).to_be_visible()
    expect(bob.locator("#image-15-card .face")).to_have_count(0)

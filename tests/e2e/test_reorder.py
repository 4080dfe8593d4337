"""Tags put in another order by hand, with a mouse and with a finger."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.e2e.conftest import demo
from tests.e2e.pages import DESK, PHONE, Pages
from tests.e2e.server import Server
from tests.e2e.together import live, saved

PagesOf = Callable[[Server], Pages]
Point = tuple[float, float]
NAMES = [f"{word} tag" for word in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")]
MANY = [f"tag no. {number:02}" for number in range(90)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose images have eight tags, but for the last, which has ninety."""
    captions = dict.fromkeys(range(1, 16), ", ".join(NAMES)) | {16: ", ".join(MANY)}
    server = demo(tmp_path_factory.mktemp("order"), 16, captions)
    server.start()
    yield server
    server.kill()


def _open(pages: Pages, number: int, who: str = "ann", *, role: str = "tagger", touch: bool = False) -> Page:
    pages.join(who, role)
    page = pages.page(who, viewport=PHONE if touch else DESK, touch=touch)
    page.goto(f"/datasets/demo/images/{number}/")
    live(page)
    return page


def _chip(page: Page, name: str) -> Locator:
    names = page.get_by_role("list", name="Tags", exact=True).locator(".name")
    return names.filter(has_text=name)


def _names(page: Page) -> list[str]:
    return page.get_by_role("list", name="Tags", exact=True).locator(".name").all_inner_texts()


def _moved(names: Sequence[str], name: str, index: int) -> list[str]:
    others = [one for one in names if one != name]
    return [*others[:index], name, *others[index:]]


def _on(page: Page, name: str, *, at: float = 0.5) -> Point:
    """A point on a chip's name: 0 is its left edge, 1 its right."""
    box = _chip(page, name).bounding_box()
    assert box is not None
    return box["x"] + box["width"] * at, box["y"] + box["height"] / 2


def _take(page: Page, name: str, to: Point) -> None:
    page.mouse.move(*_on(page, name))
    page.mouse.down()
    page.mouse.move(*to, steps=4)


def _drag(page: Page, name: str, to: Point) -> None:
    _take(page, name, to)
    page.mouse.up()


class Finger:
    """One finger on a page that is touched."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)

    def down(self, at: Point) -> None:
        self._send("touchStart", at)

    def move(self, start: Point, end: Point, steps: int = 5) -> None:
        for step in range(1, steps + 1):
            x, y = (a + (b - a) * step / steps for a, b in zip(start, end, strict=True))
            self._send("touchMove", (x, y))

    def up(self) -> None:
        self.cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _send(self, kind: str, at: Point) -> None:
        self.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]})


@pytest.mark.parametrize(
    ("image", "drop"),
    [
        (1, ("first tag", "sixth tag", 0.9, 5)),  # over lines
        (2, ("seventh tag", "second tag", 0.1, 1)),  # back over lines
        (3, ("third tag", "first tag", 0.1, 0)),  # to the front
        (4, ("second tag", "eighth tag", 0.9, 7)),  # to the end
    ],
)
def test_a_chip_goes_where_the_mouse_drops_it(
    image: int, drop: tuple[str, str, float, int], server: Server, pages_of: PagesOf
) -> None:
    name, beside, at, index = drop
    page = _open(pages_of(server), image)

    _drag(page, name, _on(page, beside, at=at))

    assert _names(page) == _moved(NAMES, name, index)
    saved(page)
    page.reload()
    assert _names(page) == _moved(NAMES, name, index)


def test_a_line_marks_where_the_chip_would_come(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 5)

    _take(page, "first tag", _on(page, "fourth tag", at=0.9))

    mark, chip = page.locator(".drop-mark").bounding_box(), _chip(page, "fourth tag").locator("..").bounding_box()
    assert mark is not None
    assert chip is not None
    assert abs(mark["x"] - chip["x"] - chip["width"]) <= 4
    assert abs(mark["y"] - chip["y"]) <= 1
    page.mouse.up()
    expect(page.locator(".drop-mark")).to_have_count(0)


def test_escape_puts_the_chip_back_and_stays_on_the_image(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 6)
    acts: list[str] = []
    page.on("request", lambda request: acts.append(request.url) if request.method == "POST" else None)

    _take(page, "first tag", _on(page, "fourth tag", at=0.9))
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator(".drop-mark")).to_have_count(0)
    assert _names(page) == NAMES
    assert acts == []
    assert page.url.endswith("/images/6/")


def test_what_others_do_waits_while_a_chip_is_in_the_hand(server: Server, pages_of: PagesOf) -> None:
    pages = pages_of(server)
    page, other = _open(pages, 7), _open(pages, 7, "tom")
    _take(page, "first tag", _on(page, "fourth tag", at=0.9))

    other.get_by_role("button", name="Remove fourth tag").click()
    other.get_by_role("combobox", name="Add tags").fill("meanwhile")
    other.get_by_role("combobox", name="Add tags").press("Enter")
    saved(other)
    expect(page.locator("#image-7-caption")).to_contain_text("meanwhile")
    held = _names(page)
    page.mouse.up()

    left = ["second tag", "third tag", "first tag", "fifth tag", "sixth tag", "seventh tag", "eighth tag", "meanwhile"]
    assert held == NAMES
    assert _names(page) == left
    expect(_chip(other, "first tag")).to_be_visible()
    expect(other.get_by_role("list", name="Tags", exact=True).locator(".name").nth(2)).to_have_text("first tag")


def test_a_press_on_the_cross_removes_and_never_drags(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 8)
    box = page.get_by_role("button", name="Remove third tag").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y + 2)
    expect(page.locator(".drop-mark")).to_have_count(0)
    page.mouse.up()

    expect(_chip(page, "third tag")).to_have_count(0)


def test_a_viewer_cannot_drag(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 9, "vera", role="viewer")

    _take(page, "first tag", _on(page, "fourth tag", at=0.9))

    expect(page.locator(".drop-mark")).to_have_count(0)
    page.mouse.up()
    assert _names(page) == NAMES


def test_the_box_scrolls_while_a_chip_is_held_at_its_edge(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 16)
    box = page.locator(".chips").bounding_box()
    assert box is not None
    last = MANY[-1]

    _take(page, last, (box["x"] + 40, box["y"] + 4))
    expect(_chip(page, MANY[0])).to_be_in_viewport()
    page.mouse.move(*_on(page, MANY[0], at=0.1), steps=2)
    page.mouse.up()

    assert _names(page) == _moved(MANY, last, 0)


def test_the_order_runs_from_right_to_left_where_the_page_does(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 10)
    page.evaluate("document.documentElement.dir = 'rtl'")

    _drag(page, "first tag", _on(page, "third tag", at=0.1))

    assert _names(page) == _moved(NAMES, "first tag", 2)


def test_a_finger_that_rests_takes_the_chip(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 11, touch=True)
    finger = Finger(page)
    start, end = _on(page, "first tag"), _on(page, "fourth tag", at=0.9)

    finger.down(start)
    expect(page.locator(".drop-mark")).to_have_count(1)
    finger.move(start, end)
    finger.up()

    expect(page.locator(".drop-mark")).to_have_count(0)
    assert _names(page) == _moved(NAMES, "first tag", 3)
    assert page.evaluate("scrollY") == 0


def test_a_finger_that_swipes_over_chips_scrolls(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 12, touch=True)
    finger = Finger(page)
    start = _on(page, "sixth tag")

    finger.down(start)
    finger.move(start, (start[0], start[1] - 200))
    finger.up()

    expect(page.locator(".drop-mark")).to_have_count(0)
    assert page.evaluate("scrollY") > 100
    assert _names(page) == NAMES


def test_a_finger_takes_the_chip_at_once_while_order_is_on(server: Server, pages_of: PagesOf) -> None:
    page = _open(pages_of(server), 13, touch=True)
    page.get_by_text("Order", exact=True).click()
    finger = Finger(page)
    start, end = _on(page, "first tag"), _on(page, "fourth tag", at=0.1)

    finger.down(start)
    finger.move(start, end)
    finger.up()

    expect(page.locator(".drop-mark")).to_have_count(0)
    assert _names(page) == _moved(NAMES, "first tag", 2)

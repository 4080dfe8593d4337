"""The workbench by keyboard: what each key does, where, for whom, and what is left to the browser."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import demo
from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server
from tests.e2e.tagging_pages import chips, here, opened, saved, tag_box

PagesOf = Callable[[Server], Pages]
COUNT = 30

# A key as a keyboard of another layout would send it; whether the browser may go on with it is the answer.
SEND = """([where, key, more]) => {
  const target = where === "body" ? document.body : document.querySelector(where);
  if (target !== document.body) target.focus();
  return target.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true, ...more}));
}"""

# Where, key, and what else is held or known: combinations that the workbench does not list
OTHERS: list[tuple[str, str, dict[str, object]]] = [
    ("body", "f", {"ctrlKey": True}),
    ("body", "F", {"shiftKey": True}),
    ("body", "1", {"ctrlKey": True}),
    ("body", "d", {"altKey": True}),
    ("body", "s", {"metaKey": True}),
    ("body", "-", {"ctrlKey": True}),
    ("body", "ArrowLeft", {"altKey": True}),
    ("body", "ArrowRight", {"shiftKey": True}),
    ("body", "f", {"isComposing": True}),
    ("body", "F5", {}),
    ("body", "x", {}),
    ("#tag-box", "f", {}),
    ("#tag-box", "a", {"ctrlKey": True}),
    ("#tag-box", "ArrowLeft", {"altKey": True}),
    ("#tag-box", "ArrowLeft", {"shiftKey": True}),
    ("#tag-box", "?", {"shiftKey": True}),
    ("#tag-box", "1", {}),
    ("#tag-box", "Backspace", {"ctrlKey": True}),
    ("#tag-box", "Enter", {"keyCode": 229}),
    ("textarea[name=description]", "ArrowLeft", {}),
    ("textarea[name=description]", "Escape", {}),
    ("textarea[name=description]", "Enter", {"ctrlKey": True}),
    (".chip .remove", "ArrowLeft", {"ctrlKey": True}),
    (".chip .remove", "Home", {}),
    # Other layouts: what the key says counts, and a key that says nothing of ours does nothing
    ("body", "a", {"code": "KeyQ"}),
    ("body", "q", {"code": "KeyA"}),
    ("body", "х", {"code": "BracketLeft"}),
    ("body", ".", {"code": "Slash"}),
    ("body", "&", {"code": "Digit1"}),
    ("body", "é", {"code": "KeyF"}),
]


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


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose images have three tags each; each test has one or two for itself."""
    captions = dict.fromkeys(range(1, COUNT + 1), "one, two, three")
    server = demo(tmp_path_factory.mktemp("keys"), COUNT, captions)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def pages(site: Server, pages_of: PagesOf) -> Pages:
    made = pages_of(site)
    made.join("bob")
    return made


@pytest.fixture
def page(pages: Pages) -> Page:
    return pages.page("bob")


def _message(page: Page) -> Locator:
    return page.get_by_role("status", name="Messages")


def _remove(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=f"Remove {name}", exact=True)


def _leave_box(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(tag_box(page)).not_to_be_focused()


def test_backspace_marks_the_last_chip_and_removes_it_with_the_second(page: Page) -> None:
    opened(page, 1)
    expect(tag_box(page)).to_be_focused()

    page.keyboard.press("Backspace")
    expect(page.locator("[aria-current=true] .name")).to_have_text(["three"])
    expect(chips(page)).to_have_count(3)
    page.keyboard.press("Backspace")

    expect(chips(page)).to_have_text(["one", "two"])
    expect(page.locator(".chips [aria-current]")).to_have_count(0)
    expect(tag_box(page)).to_be_focused()


def test_any_other_key_takes_the_mark_back(page: Page) -> None:
    opened(page, 2)
    page.keyboard.press("Backspace")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")

    page.keyboard.press("Backspace")

    expect(page.locator("[aria-current=true] .name")).to_have_text(["three"])
    expect(chips(page)).to_have_count(3)


def test_a_held_backspace_empties_the_box_and_removes_nothing(page: Page) -> None:
    opened(page, 3)
    page.keyboard.type("xy")

    for _ in range(6):
        page.keyboard.down("Backspace")
    page.keyboard.up("Backspace")

    expect(tag_box(page)).to_have_value("")
    expect(chips(page)).to_have_count(3)
    expect(page.locator(".chips [aria-current]")).to_have_count(0)


def test_enter_twice_in_the_empty_box_finishes_and_goes_on(page: Page) -> None:
    opened(page, 4)
    page.keyboard.press("Enter")
    expect(_message(page)).to_have_text("Enter once more finishes this image.")

    page.keyboard.press("Enter")

    here(page, 5)
    expect(tag_box(page)).to_be_focused()
    opened(page, 4)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("done")


def test_a_held_enter_adds_once_and_finishes_nothing(page: Page) -> None:
    opened(page, 6)
    page.keyboard.type("held")

    for _ in range(6):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    expect(chips(page)).to_have_text(["one", "two", "three", "held"])
    saved(page)
    here(page, 6)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_on_chips_arrows_walk_and_with_alt_they_move(page: Page) -> None:
    opened(page, 7)
    _remove(page, "one").focus()

    page.keyboard.press("ArrowRight")
    expect(_remove(page, "two")).to_be_focused()
    page.keyboard.press("Alt+ArrowRight")
    expect(chips(page)).to_have_text(["one", "three", "two"])
    expect(_remove(page, "two")).to_be_focused()
    saved(page)
    expect(_remove(page, "two")).to_be_focused()
    page.keyboard.press("Alt+ArrowLeft")
    expect(chips(page)).to_have_text(["one", "two", "three"])
    page.keyboard.press("Alt+Home")
    expect(chips(page)).to_have_text(["two", "one", "three"])
    page.keyboard.press("Alt+ArrowLeft")

    saved(page)
    expect(_remove(page, "two")).to_be_focused()
    here(page, 7)
    opened(page, 7)
    expect(chips(page)).to_have_text(["two", "one", "three"])


def test_delete_removes_and_goes_to_the_next_chip_else_to_the_box(page: Page) -> None:
    opened(page, 8)
    _remove(page, "two").focus()

    page.keyboard.press("Delete")
    expect(_remove(page, "three")).to_be_focused()
    saved(page)
    expect(_remove(page, "three")).to_be_focused()
    page.keyboard.press("Delete")

    expect(tag_box(page)).to_be_focused()
    expect(chips(page)).to_have_text(["one"])


def test_a_chip_removed_by_mouse_leaves_the_focus_where_it_was(page: Page) -> None:
    opened(page, 9)
    page.keyboard.type("half a wo")

    _remove(page, "two").click()
    page.keyboard.type("rd")

    expect(chips(page)).to_have_text(["one", "three"])
    expect(tag_box(page)).to_have_value("half a word")
    tag_box(page).fill("")


def test_letters_elsewhere_do_what_they_say(page: Page) -> None:
    opened(page, 10)
    _leave_box(page)

    page.keyboard.press("d")
    expect(page.get_by_role("textbox", name="Description")).to_be_focused()
    page.keyboard.type("find d, n and r")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("t")
    expect(tag_box(page)).to_be_focused()
    expect(tag_box(page)).to_have_value("")
    _leave_box(page)
    page.keyboard.press("/")
    expect(tag_box(page)).to_be_focused()
    _leave_box(page)
    page.keyboard.press("ArrowRight")
    here(page, 11)
    page.keyboard.press("ArrowLeft")
    here(page, 10)

    expect(page.get_by_role("textbox", name="Description")).to_have_value("find d, n and r")
    _leave_box(page)
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile(r"/datasets/demo/(\?.*)?$"))


def test_quick_steps_are_all_taken(page: Page) -> None:
    opened(page, 10)

    for _ in range(3):
        page.keyboard.press("ArrowRight")

    here(page, 13)


def test_f_finishes_r_rejects_n_skips_and_c_copies(page: Page) -> None:
    opened(page, 14)
    page.keyboard.type("special")
    page.keyboard.press("Enter")
    saved(page)
    _leave_box(page)
    page.keyboard.press("f")
    here(page, 15)
    _leave_box(page)
    page.keyboard.press("c")
    expect(chips(page)).to_have_text(["one", "two", "three", "special"])
    page.keyboard.press("r")
    here(page, 16)
    _leave_box(page)
    page.keyboard.press("n")
    here(page, 17)

    states = []
    for number in (14, 15, 16):
        opened(page, number)
        states.append(page.get_by_role("status", name="State", exact=True).inner_text().strip())
    assert states == ["done", "rejected", "to do"]


def test_numbers_are_the_recent_tags(page: Page) -> None:
    opened(page, 18)
    page.keyboard.type("recent one")
    page.keyboard.press("Enter")
    saved(page)
    opened(page, 19)

    page.keyboard.press("Alt+1")
    expect(chips(page)).to_have_text(["one", "two", "three", "recent one"])
    expect(tag_box(page)).to_have_value("")
    _leave_box(page)
    page.keyboard.press("1")

    expect(chips(page)).to_have_text(["one", "two", "three"])


def test_ctrl_s_says_whether_everything_is_saved(page: Page) -> None:
    opened(page, 20)

    page.keyboard.press("Control+s")
    expect(_message(page)).to_have_text("Everything is saved.")
    page.keyboard.type("half")
    page.keyboard.press("Control+s")

    expect(_message(page)).to_have_text("“half” is in the tag box and not entered yet: Enter adds it.")
    tag_box(page).fill("")


def test_what_is_not_listed_is_the_browsers(page: Page) -> None:
    opened(page, 21)
    _leave_box(page)

    swallowed = [one for one in OTHERS if not page.evaluate(SEND, list(one))]

    assert swallowed == []
    here(page, 21)
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0")


def test_in_another_script_the_key_of_that_place_works(page: Page) -> None:
    opened(page, 21)

    for key in ("е", "Е", "ת"):
        _leave_box(page)
        assert page.evaluate(SEND, ["body", key, {"code": "KeyT"}]) is False
        expect(tag_box(page)).to_be_focused()


def test_the_keys_are_shown_and_closed_again(page: Page) -> None:
    opened(page, 22)
    page.get_by_role("button", name="Keys", exact=True).click()
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("mark the last tag")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tag_box(page).focus()
    _leave_box(page)

    page.keyboard.press("?")

    expect(dialog).to_be_visible()
    page.keyboard.press("f")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    here(page, 22)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


def test_a_viewer_has_the_keys_that_change_nothing(pages: Pages) -> None:
    pages.join("vera", role="viewer")
    page = opened(pages.page("vera"), 23)

    for key in ("f", "r", "n", "c", "t", "1", "d"):
        assert page.evaluate(SEND, ["body", key, {}]) is True
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog.get_by_text("back to the grid")).to_be_visible()
    expect(dialog.get_by_text("finish", exact=True)).to_be_hidden()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")

    here(page, 24)
    expect(page.get_by_role("status", name="State", exact=True)).to_have_text("to do")


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

"""Others' acts in an open page: they appear by themselves and disturb nothing that one has in hand."""

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.pages import Pages
from tests.e2e.server import Server
from tests.e2e.together import add, address, fresh_image, live, opened, saved


@pytest.fixture
def image(shared: Server) -> int:
    return fresh_image(shared)


@pytest.fixture
def both(people: Pages, image: int) -> list[Page]:
    """Bob and Zoe at one image."""
    return opened(people, "bob", "zoe", at=address(image))


def keep_mark(page: Page) -> None:
    """Set a mark that a reload would wipe out."""
    page.evaluate("document.documentElement.dataset.mark = 'kept'")


def test_what_one_adds_moves_and_removes_shows_with_the_other(both: list[Page]) -> None:
    bob, zoe = both
    keep_mark(zoe)
    names = zoe.locator(".chips ol .name")

    add(bob, "four")
    expect(names).to_have_text(["one", "two", "three", "four"], timeout=1000)
    bob.get_by_role("button", name="Move four left").click()
    expect(names).to_have_text(["one", "two", "four", "three"], timeout=1000)
    bob.get_by_role("button", name="Remove one").click()
    expect(names).to_have_text(["two", "four", "three"], timeout=1000)

    expect(zoe.get_by_label("Caption")).to_contain_text("two, four, three")
    expect(zoe.locator("html")).to_have_attribute("data-mark", "kept")


def test_half_typed_text_caret_and_focus_survive_what_others_do(both: list[Page]) -> None:
    bob, zoe = both
    box = zoe.get_by_role("combobox", name="Add tags")
    box.press_sequentially("half typ")
    box.press("ArrowLeft")
    box.press("ArrowLeft")

    add(bob, "four")
    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])

    expect(box).to_be_focused()
    expect(box).to_have_value("half typ")
    assert box.evaluate("box => box.selectionStart") == 6


def test_a_half_typed_description_is_left_alone_and_both_versions_are_shown(people: Pages, both: list[Page]) -> None:
    people.expect_complaint("409")
    bob, zoe = both
    mine, theirs = zoe.get_by_label("Description"), bob.get_by_label("Description")
    mine.press_sequentially("Zoe is typ")

    theirs.fill("Bob was quicker.")
    theirs.blur()
    expect(zoe.get_by_label("Caption")).to_contain_text("Bob was quicker.")
    expect(mine).to_have_value("Zoe is typ")
    expect(mine).to_be_focused()
    mine.press_sequentially("ing.")
    mine.blur()

    expect(zoe.get_by_role("alert")).to_contain_text("Bob was quicker.")
    expect(mine).to_have_value("Zoe is typing.")
    zoe.get_by_role("button", name="Save mine instead").click()
    expect(theirs).to_have_value("Zoe is typing.")
    saved(zoe)


def test_the_scroll_of_many_chips_survives_what_others_do(both: list[Page]) -> None:
    bob, zoe = both
    add(bob, ", ".join(f"tag {number}" for number in range(60)))
    expect(zoe.locator(".chips ol .name")).to_have_count(63)
    chips = zoe.locator(".chips")
    chips.evaluate("box => { box.scrollTop = -200; }")
    before = chips.evaluate("box => box.scrollTop")

    bob.get_by_role("button", name="Remove tag 59").click()
    expect(zoe.locator(".chips ol .name")).to_have_count(62)

    assert before < 0
    assert chips.evaluate("box => box.scrollTop") == before


def test_a_composition_is_not_broken_by_what_others_do(both: list[Page]) -> None:
    bob, zoe = both
    box = zoe.get_by_role("combobox", name="Add tags")
    box.focus()
    keys = zoe.context.new_cdp_session(zoe)
    keys.send("Input.imeSetComposition", {"text": "ね", "selectionStart": 1, "selectionEnd": 1})

    add(bob, "four")
    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])
    keys.send("Input.imeSetComposition", {"text": "ねこ", "selectionStart": 2, "selectionEnd": 2})
    keys.send("Input.insertText", {"text": "猫"})

    expect(box).to_have_value("猫")
    expect(box).to_be_focused()


def test_focus_does_not_slide_to_the_button_of_another_tag(both: list[Page]) -> None:
    bob, zoe = both
    zoe.get_by_role("button", name="Remove two").focus()

    bob.get_by_role("button", name="Remove two").click()

    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "three"])
    expect(zoe.get_by_role("combobox", name="Add tags")).to_be_focused()


def test_a_page_that_wakes_with_a_dead_socket_opens_another_at_once(people: Pages, image: int) -> None:
    bob, zoe = opened(people, "bob"), opened(people, "zoe", at=address(image + 1))[0]
    sockets: list[WebSocketRoute] = []

    def deaf(socket: WebSocketRoute) -> None:
        """The first socket hears nothing from the moment the test says so, not even its end; the others work."""
        sockets.append(socket)
        server = socket.connect_to_server()
        if len(sockets) == 1:
            socket.on_close(lambda code, reason: None)
            server.on_message(lambda message: None if asleep else socket.send(message))

    asleep: list[bool] = []
    zoe.context.route_web_socket("**/ws/**", deaf)
    zoe.goto(address(image))
    live(zoe)
    asleep.append(True)
    bob[0].goto(address(image))
    add(bob[0], "four")
    saved(bob[0])

    zoe.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])
    assert len(sockets) == 2


def test_a_page_kept_whole_by_the_browser_reads_what_it_missed(both: list[Page]) -> None:
    bob, zoe = both
    zoe.context.route_web_socket("**/ws/**", lambda socket: socket.close())
    zoe.reload()
    keep_mark(zoe)
    add(bob, "four")
    saved(bob)
    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three"])

    zoe.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")

    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])
    expect(zoe.locator("html")).to_have_attribute("data-mark", "kept")


def test_back_shows_the_present(both: list[Page], image: int) -> None:
    bob, zoe = both
    zoe.get_by_role("link", name="Next", exact=True).click()
    expect(zoe.get_by_role("heading", name=f"Image {image + 1}")).to_be_visible()

    add(bob, "four")
    saved(bob)
    zoe.go_back()

    expect(zoe.get_by_role("heading", name=f"Image {image}")).to_be_visible()
    expect(zoe.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])


def test_state_and_progress_follow(both: list[Page]) -> None:
    bob, zoe = both

    bob.get_by_role("button", name="Reject").click()

    expect(zoe.get_by_role("status", name="State", exact=True)).to_have_text("rejected")
    expect(zoe.get_by_role("button", name="Reopen")).to_be_visible()
    expect(zoe.get_by_role("progressbar", name="Progress")).to_have_attribute("max", "15")


def test_a_page_without_its_socket_does_all_but_follow(both: list[Page], image: int) -> None:
    bob, zoe = both
    zoe.context.route_web_socket("**/ws/**", lambda socket: socket.close())
    zoe.reload()

    add(zoe, "four")
    zoe.get_by_role("button", name="Finish").click()

    expect(zoe.get_by_role("heading", name=f"Image {image + 1}")).to_be_visible()
    saved(zoe)
    expect(zoe.locator("html")).not_to_have_attribute("data-socket", "live")
    expect(bob.locator(".chips ol .name")).to_have_text(["one", "two", "three", "four"])
    expect(bob.get_by_role("status", name="State", exact=True)).to_have_text("done")

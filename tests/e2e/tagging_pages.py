"""A workbench in front of a tagger, as the tests of tag box and keys drive it."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, Route, expect


def opened(page: Page, number: int) -> Page:
    """Opens an image and waits until its page listens."""
    page.goto(f"/datasets/demo/images/{number}/")
    expect(page.locator("html")).to_have_attribute("data-socket", "live")
    return page


def tag_box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Add tags")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def chips(page: Page) -> Locator:
    return page.get_by_role("list", name="Tags", exact=True).get_by_role("listitem").locator(".name")


def recent(page: Page) -> Locator:
    return page.get_by_role("list", name="Recent tags").get_by_role("button")


def toggle(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="All tags").get_by_role("button", name=name)


def here(page: Page, number: int) -> None:
    """Waits until the page shows this image and is ready for it."""
    expect(page.locator(".panel")).to_have_attribute("data-image", str(number))
    expect(page.get_by_role("heading", level=1)).to_contain_text(str(number))


def saved(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-unsaved", "0")
    expect(page.locator(".chip.pending")).to_have_count(0)


def holding(held: list[Route]) -> Callable[[Route], None]:
    """A handler that keeps requests back, in `held`."""

    def hold(route: Route) -> None:
        held.append(route)

    return hold


def leave_box(page: Page) -> None:
    page.keyboard.press("Escape")
    expect(tag_box(page)).not_to_be_focused()

"""What a page looks like where it matters that nothing is covered and nothing too small."""

from typing import Any

import pytest
from playwright.sync_api import FloatRect, Page

from tests.e2e.pages import PHONE, Pages

# Sizes of what one types in, by its label; closed parts of a page are asked too
INPUTS = """() => [...document.querySelectorAll("input, textarea, select")]
  .filter(box => !box.hidden && !["hidden", "checkbox", "radio"].includes(box.type))
  .map(box => [box.getAttribute("aria-label") ?? box.name, parseFloat(getComputedStyle(box).fontSize)])"""
PATHS = ["/", "/account/", *(f"/datasets/demo/{page}" for page in ("", "images/1/", "settings/", "export/"))]


def _box(page: Page, role: Any, name: str) -> FloatRect:
    box = page.get_by_role(role, name=name, exact=True).bounding_box()
    assert box is not None
    return box


@pytest.mark.parametrize("viewport", [PHONE, (1024, 768)], ids=["phone", "tablet"])
def test_boxes_are_large_enough_for_fingers(pages: Pages, viewport: tuple[int, int]) -> None:
    pages.sign_in()
    page = pages.page("owner", viewport=viewport, touch=True)

    small = []
    for path in PATHS:
        page.goto(path)
        small += [(path, *found) for found in page.evaluate(INPUTS) if found[1] < 16]

    assert small == []


@pytest.mark.parametrize("viewport", [(1440, 900), (1024, 768)], ids=["1440", "1024"])
def test_a_message_does_not_cover_the_save_state(pages: Pages, viewport: tuple[int, int]) -> None:
    pages.sign_in()
    page = pages.page("owner", viewport=viewport)
    page.goto("/datasets/demo/images/1/")
    page.goto("/datasets/demo/resume/")
    page.locator(".stage footer .cut").evaluate("name => name.textContent = 'a long name '.repeat(20)")
    page.locator(".messages p").evaluate("text => text.textContent = 'a long message '.repeat(9)")

    saved, message = _box(page, "status", "Save state"), _box(page, "status", "Messages")

    assert saved["x"] + saved["width"] <= message["x"]

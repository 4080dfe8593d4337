"""The export page in a real browser without JavaScript."""

import zipfile

import pytest

from tests.e2e.pages import Pages

TARGET = 24  # pixels a side that a finger hits


def test_download_takes_the_boxes_as_ticked_without_counting_first(pages: Pages) -> None:
    pages.sign_in()
    page = pages.page("owner", javascript=False)
    page.goto("/datasets/demo/export/")
    page.get_by_label("To do").uncheck()
    page.get_by_label("Done").uncheck()
    page.get_by_role("button", name="Count again").click()
    counted = page.url
    page.get_by_label("To do").check()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download zip").click()

    assert ("csrf" in counted, zipfile.ZipFile(download.value.path()).namelist()[:2]) == (
        False,
        ["img_001.png", "img_001.txt"],
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_numbers_behind_a_remark_are_large_enough_to_hit(width: int, pages: Pages) -> None:
    pages.sign_in()
    page = pages.page("owner", javascript=False, viewport=(width, 900))

    page.goto("/datasets/demo/export/")

    boxes = [link.bounding_box() for link in page.locator(".check .images a").all()]
    assert boxes
    assert all(box and min(box["width"], box["height"]) >= TARGET for box in boxes)

"""The admin site as those see it who do not see colours, or use their fingers, or hear the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.pages import Pages

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LISTS = ("image", "tag", "change", "dataset", "person")
PATHS = ("/admin/", *(f"/admin/tagging/{name}/" for name in LISTS), "/admin/tagging/image/1/change/")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_admin_site_is_for_everybody(pages: Pages, colours: str) -> None:
    pages.expect_complaint("Applying inline style")  # axe measures with one
    pages.sign_in()
    page = pages.page("owner", colours="dark" if colours == "dark" else "light")

    found = []
    for path in PATHS:
        page.goto(path)
        answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
        found += [(path, rule["id"], rule["nodes"][0]["html"]) for rule in answer["violations"]]

    assert found == []

import re
from pathlib import Path

import pytest

from tests.docs.reading import DOCS, text
from tests.repository import ROOT, name

DECISIONS = sorted((DOCS / "decisions").glob("*"))
FORM = ["Decision", "Why", "Also considered"]
LONGEST = 40


def chosen(file: str) -> set[str]:
    """The packages that a requirements file names for ourselves, before those that they bring."""
    ours = text(ROOT / file).partition("# What these bring")[0]
    return {found.lower().replace("_", "-") for found in re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", ours, re.MULTILINE)}


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_decision_has_the_form_of_all_others(path: Path) -> None:
    title, *sections = re.split(r"^## ", text(path), flags=re.MULTILINE)

    headings = [section.partition("\n")[0] for section in sections]
    bodies = [section.partition("\n")[2].strip() for section in sections]

    assert re.fullmatch(r"# [^\n]+\n\n", title)
    assert headings == FORM
    assert all(bodies)


@pytest.mark.parametrize("path", DECISIONS, ids=name)
def test_decision_is_short(path: Path) -> None:
    assert len(text(path).splitlines()) <= LONGEST


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [re.fullmatch(r"(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md", path.name) for path in DECISIONS]

    assert [match and int(match[1]) for match in numbers] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_of_ours_has_a_decision(file: str) -> None:
    words = "".join(text(path) for path in DECISIONS).lower().replace("_", "-")

    assert {package for package in chosen(file) if not re.search(rf"\b{re.escape(package)}\b", words)} == set()

"""Reading our own documents: what stands in backquotes, in tables, under headings."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.repository import ROOT

DOCS = ROOT / "docs"
README = ROOT / "README.md"
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose(path: Path) -> str:
    """A document without its blocks of code."""
    return FENCE.sub("", text(path))


def spans(path: Path) -> list[str]:
    """All that stands in backquotes in a document, outside of blocks of code."""
    return SPAN.findall(prose(path))


def documents() -> list[Path]:
    """The documents that tell how things are; decisions tell why they came to be so."""
    return [README, *sorted(DOCS.glob("*.md"))]


def rows(path: Path, heading: str) -> Iterator[list[str]]:
    """The cells of the tables under a heading of the second level, without their own headings."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text(path), re.DOTALL | re.MULTILINE)
    assert section, f"no “## {heading}” in {path.name}"
    for table in re.findall(r"(?:^\|.*\n)+", section[1], re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip() for cell in line.strip("|").split("|")]


def anchors(path: Path) -> set[str]:
    """What a link into a document may name, as GitHub makes it of headings."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

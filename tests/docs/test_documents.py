import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class
from django.core.management.base import BaseCommand
from django.urls import Resolver404, resolve

from tests.docs.reading import DOCS, README, anchors, documents, prose, rows, spans, text
from tests.repository import ROOT, name

COMMANDS = ROOT / "tagging" / "management" / "commands"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# Django's commands that we only prepare for: their options are Django's
DJANGOS = {"createsuperuser", "runserver"}
EXAMPLES = {"<slug>": "cats", "<number>": "17", "<tag id>": "3", "<token>": "abc", "<id>": "5"}
PIXELS_AND_BYTES = {"TAGGER_MAX_PIXELS": 120_000_000, "TAGGER_MAX_BYTES": 512 * 2**20}


def commands() -> list[str]:
    return sorted(path.stem for path in COMMANDS.glob("*.py") if path.stem != "__init__")


def options(command: str) -> set[str]:
    """The options of a command that every command does not have."""
    common = flags(BaseCommand())
    return flags(load_command_class("tagging", command)) - common


def flags(command: BaseCommand) -> set[str]:
    parser = command.create_parser("manage.py", "any")
    return {flag for action in parser._actions for flag in action.option_strings if flag.startswith("--")}


def told(command: str) -> set[str]:
    """The options that the README's row of this command names."""
    cells = next(cells for cells in rows(README, "Commands") if re.match(rf"`{command}\b", cells[0]))
    own = set(re.findall(r"`(--[a-z-]+)", cells[1]))
    return own | (told("import_dir") if "those of `import_dir`" in cells[1] else set())


def settings_read() -> set[str]:
    """The variables that the site takes from the environment."""
    read = re.compile(r"""(?:env\.\w+|environ\.get)\(\s*["']([A-Z_]+)["']""")
    return {found for path in (ROOT / "tagger_site").glob("*.py") for found in read.findall(text(path))}


def links() -> Iterator[tuple[Path, str]]:
    for path in [*documents(), ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*/*.md"))]:
        for target in LINK.findall(prose(path)):
            if not re.match(r"https?:", target):
                yield path, target


@pytest.mark.parametrize("command", commands())
def test_readme_names_every_command(command: str) -> None:
    assert any(re.match(rf"`{command}\b", cells[0]) for cells in rows(README, "Commands"))


@pytest.mark.parametrize("command", [command for command in commands() if command not in DJANGOS])
def test_readme_names_the_options_of(command: str) -> None:
    assert told(command) == options(command)


@pytest.mark.parametrize("command", ["import_dir", "export_dir"])
def test_readme_explains_the_options_of(command: str) -> None:
    explained = {
        flag for cells in rows(README, "Commands") for flag in re.findall(r"`(--[a-z-]+)`", cells[0]) if len(cells) == 2
    }

    assert options(command) - explained == set()


def test_readme_lists_the_settings_that_exist() -> None:
    listed = {cells[0].strip("`") for cells in rows(README, "Settings")}

    assert listed == settings_read()


@pytest.mark.parametrize("setting", PIXELS_AND_BYTES)
def test_readme_tells_the_limits_that_hold(setting: str, settings: object) -> None:
    (default,) = [cells[1] for cells in rows(README, "Settings") if cells[0] == f"`{setting}`"]

    assert int(default.split("`")[1].replace("_", "")) == getattr(settings, setting)


@pytest.mark.parametrize("path", documents(), ids=name)
def test_document_names_only_settings_that_exist(path: Path) -> None:
    named = {word for word in re.findall(r"\bTAGGER_[A-Z_]+\b", text(path)) if not word.endswith("_")}

    assert named - settings_read() == set()


@pytest.mark.parametrize("path", documents(), ids=name)
def test_document_names_only_addresses_that_lead_somewhere(path: Path) -> None:
    addresses = {span for span in spans(path) if span.startswith(("/datasets/", "/enter/", "/join/", "/account/"))}

    assert {address for address in addresses if not leads_somewhere(address)} == set()


def leads_somewhere(address: str) -> bool:
    for placeholder, example in EXAMPLES.items():
        address = address.replace(placeholder, example)
    try:
        resolve(address.partition("?")[0])
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize(("path", "target"), list(links()), ids=lambda value: str(value).rpartition("/")[2])
def test_link_leads_to_a_file_of_ours(path: Path, target: str) -> None:
    file, _, anchor = target.partition("#")

    there = (path.parent / file).resolve() if file else path

    assert there.exists()
    assert not anchor or anchor in anchors(there)


@pytest.mark.parametrize("path", documents(), ids=name)
def test_make_targets_in_documents_exist(path: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text(path), re.MULTILINE))
    rules = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))

    assert named - rules == set()

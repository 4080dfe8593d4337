import re
from dataclasses import dataclass
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.repository import ROOT

FILES = ("requirements.txt", "requirements-server.txt", "requirements-dev.txt")
WINDOWS = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}


@dataclass(frozen=True)
class Floor:
    package: str
    version: str
    mends: str


# No version below these, whoever changes a pin: what the version mends, by its number in the lists of vulnerabilities.
FLOORS = (
    Floor("django", "5.2.18", "CVE-2026-77050 CVE-2026-84429 CVE-2026-87890 CVE-2026-87975"),
    Floor("daphne", "4.2.2", "CVE-2026-44545 CVE-2026-44546"),
    Floor("pillow", "12.3", "CVE-2026-55798 CVE-2026-59197 CVE-2026-59198 CVE-2026-59199 CVE-2026-59200"),
    Floor("cryptography", "50.0.0", "CVE-2026-69247"),
    Floor("twisted", "24.7.0", "CVE-2024-41671 CVE-2024-41810"),
    Floor("sqlparse", "0.5.0", "CVE-2024-4340"),
    Floor("idna", "3.7", "CVE-2024-3651"),
    Floor("urllib3", "2.7.0", "CVE-2026-44431 CVE-2026-44432"),
)


def lines(file: str) -> list[str]:
    text = re.sub(r"(^|\s)#.*", "", (ROOT / file).read_text(encoding="utf-8"))
    return [line.strip() for line in text.splitlines() if line.strip()]


def requirements(file: str) -> list[Requirement]:
    """What the file asks for, with what the files that it includes ask for."""
    found: list[Requirement] = []
    for line in lines(file):
        found += requirements(line.removeprefix("-r").strip()) if line.startswith("-r") else [Requirement(line)]
    return found


def pins(file: str) -> dict[str, str]:
    return {canonicalize_name(asked.name): str(asked.specifier).removeprefix("==") for asked in requirements(file)}


def brought(asked: Requirement) -> set[str]:
    """Names of what an installed package needs, with the extras asked for, here or on Windows."""
    try:
        needs = [Requirement(line) for line in metadata.requires(asked.name) or []]
    except metadata.PackageNotFoundError:
        # The server's packages are not installed where the tests run.
        return set()
    places = [{**system, "extra": extra} for system in ({}, WINDOWS) for extra in ("", *asked.extras)]
    return {
        canonicalize_name(need.name)
        for need in needs
        if need.marker is None or any(need.marker.evaluate(place) for place in places)
    }


@pytest.mark.parametrize("file", FILES)
def test_requirement_is_pinned_to_one_version(file: str) -> None:
    loose = [str(asked) for asked in requirements(file) if not re.fullmatch(r"==[\w.]+", str(asked.specifier))]

    assert loose == []


@pytest.mark.parametrize("file", FILES)
def test_requirement_is_named_once(file: str) -> None:
    names = sorted(canonicalize_name(asked.name) for asked in requirements(file))

    assert names == sorted(set(names))


@pytest.mark.parametrize("file", FILES)
def test_requirements_pin_what_they_bring(file: str) -> None:
    needed = {need for asked in requirements(file) for need in brought(asked)}

    assert needed - set(pins(file)) == set()


def test_installed_packages_are_the_pinned_ones() -> None:
    here = [asked for asked in requirements("requirements-dev.txt") if asked.marker is None or asked.marker.evaluate()]

    other = {asked.name for asked in here if metadata.version(asked.name) not in asked.specifier}

    assert other == set()


@pytest.mark.parametrize("floor", FLOORS, ids=lambda floor: floor.package)
def test_pin_is_not_below_its_floor(floor: Floor) -> None:
    pinned = {file: pins(file)[floor.package] for file in FILES if floor.package in pins(file)}

    assert pinned
    assert {file for file, version in pinned.items() if Version(version) < Version(floor.version)} == set()


def test_django_is_the_release_with_long_support() -> None:
    assert Version(pins("requirements.txt")["django"]).release[:2] == (5, 2)

"""The Chromium that the tests drive: an installed one, else one that `python -m tests.e2e.browser` installs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
SENTENCE = "The browser tests need Chromium or Google Chrome, and none could be installed: please install one by hand."


def find_chromium() -> str | None:
    """Returns the path of a Chromium that starts, or nothing."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[str]:
    yield from filter(None, map(shutil.which, PROGRAMS))
    yield from PLACES
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    yield own


def starts(path: str) -> bool:
    # Ubuntu's chromium-browser is a script that only asks for a snap: having the file is not having the browser.
    if not Path(path).is_file():
        return False
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_chromium() -> str | None:
    """Tries the system's own packages, where we may install them, then Playwright's builds."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        run(["apt-get", "update", "-qq"], quietly)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], quietly)
        if found := find_chromium():
            return found
    run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return find_chromium()


def run(command: list[str], env: dict[str, str]) -> None:
    # Whether it worked is seen by looking for the browser afterwards.
    sys.stdout.write(f"+ {' '.join(command)}\n")
    sys.stdout.flush()
    subprocess.run(command, env=env, check=False)


def main() -> None:
    if not (path := find_chromium() or install_chromium()):
        sys.exit(SENTENCE)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()

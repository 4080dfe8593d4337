import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.browser import find_chromium
from tests.e2e.pages import Pages
from tests.e2e.pictures import picture_folder
from tests.e2e.server import NewServer, Server
from tests.e2e.together import address, fresh_image, opened
from tests.needs import missing

HERE = Path(__file__).parent
FAILED = pytest.StashKey[bool]()
CAPTIONS = {1: "solo, long hair, smile", 2: "landscape, sea", 3: "A red boat lies on the beach in the evening light."}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    pages = [item for item in items if item.path.is_relative_to(HERE)]
    for item in pages:
        item.add_marker(pytest.mark.e2e)
    if len(pages) < len(items):
        # The browser's event loop and asyncio tests cannot share a process: `pytest tests/e2e` runs these.
        config.hook.pytest_deselected(items=pages)
        items[:] = [item for item in items if item not in pages]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = report.failed or item.stash.get(FAILED, False)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium() or missing("There is no Chromium here")
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        # A name that is not this machine's own: for browsers, plain http there is not as trusted as on localhost.
        names = "--host-resolver-rules=MAP tagger.test 127.0.0.1"
        chromium = playwright.chromium.launch(executable_path=path, args=[names])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not mind each other: dataset `demo` with six images, three with captions."""
    server = demo(tmp_path_factory.mktemp("site"), 6, CAPTIONS)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[NewServer]:
    """Makes servers for this test alone, not yet started: `new_server(count=12, captions={1: "solo"}, env={…})`."""
    made: list[Server] = []

    def make(count: int = 6, captions: Mapping[int, str] | None = None, env: Mapping[str, str] | None = None) -> Server:
        made.append(demo(tmp_path / f"site-{len(made)}", count, captions, env))
        return made[-1]

    yield make
    for server in made:
        server.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """One server for the tests of a module, each of which takes images of its own. A module may say how many there are
    (IMAGES, 16) and what is in their captions (CAPTIONS, three tags in each)."""
    count = getattr(request.module, "IMAGES", 16)
    captions = getattr(request.module, "CAPTIONS", dict.fromkeys(range(1, count + 1), "one, two, three"))
    server = demo(tmp_path_factory.mktemp("shared"), count, captions)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def pages_of(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Server], Pages]]:
    """Browsers on a server of the test's own: `pages_of(new_server())`."""
    made: list[Pages] = []

    def make(server: Server) -> Pages:
        made.append(Pages(browser, server))
        return made[-1]

    yield make
    if failed := request.node.stash.get(FAILED, False):
        show(made, tmp_path)
    unexpected = [line for pages in made for line in pages.close()]
    if not failed:
        assert unexpected == []


@pytest.fixture
def people(shared: Server, pages_of: Callable[[Server], Pages]) -> Pages:
    """Browsers on the module's server, in which Bob tags."""
    made = pages_of(shared)
    made.join("bob")
    return made


@pytest.fixture
def image(shared: Server) -> int:
    """An image of the module's server for one test, with one before it for whoever goes there."""
    fresh_image(shared)
    return fresh_image(shared)


@pytest.fixture
def bob(people: Pages, image: int) -> Page:
    """Bob's page, open at that image and listening."""
    return opened(people, "bob", at=address(image))[0]


@pytest.fixture
def page(people: Pages) -> Page:
    """Bob's, on the module's server."""
    return people.page("bob")


@pytest.fixture
def pages(pages_of: Callable[[Server], Pages], server: Server) -> Pages:
    """Browsers on the common server; the test fails at its end when a console has complained."""
    return pages_of(server)


def demo(
    folder: Path, count: int, captions: Mapping[int, str] | None = None, env: Mapping[str, str] | None = None
) -> Server:
    server = Server(folder / "data", env)
    pictures = picture_folder(folder / "pictures", count, captions)
    server.run("import_dir", str(pictures), "--dataset", "demo", "--name", "Demo", "--quiet")
    return server


def show(made: list[Pages], folder: Path) -> None:
    """What helps to see why a browser test failed; pytest shows it under "Captured stdout teardown"."""
    for pages in made:
        for line in [*map(str, pages.shoot(folder)), *pages.complaints, pages.server.output()]:
            sys.stdout.write(f"{line}\n")

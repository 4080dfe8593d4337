import signal

import pytest
from playwright.sync_api import expect

from tests.e2e.pages import Pages
from tests.e2e.server import NewServer, Server


def test_start_prints_an_address_that_signs_the_owner_in(server: Server, pages: Pages) -> None:
    page = pages.page()

    page.goto(server.entry)

    expect(page.get_by_role("list", name="Datasets").get_by_role("link")).to_have_count(1)


def test_start_beside_a_running_one_says_where_that_one_runs(server: Server) -> None:
    refused = server.run("start", "--port", str(server.port), "--no-browser", check=False)

    said = (refused.stdout + refused.stderr).strip()
    assert (refused.returncode, server.url in said, len(said.splitlines())) == (1, True, 1)


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_start_ends_with_exit_0_on(signum: signal.Signals, new_server: NewServer) -> None:
    server = new_server(count=1)
    server.start()

    code = server.stop(signum)

    assert code == 0

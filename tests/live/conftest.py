from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from tagging import events
from tagging.live.feed import feed

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _no_feed_left() -> Iterator[None]:
    """The feed of one test is not the feed of the next: each has its own database."""
    yield
    feed.stop()
    feed._followed.clear()
    feed._stumbles.row = 0
    events.bell.clear()
    assert feed.pages.all() == [], "a page outlived its socket"
    connections.close_all()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole sockets over a database of their own take their time: the quick tests have one file of them."""
    for item in items:
        if item.path.parent == HERE and item.path.name not in ("test_feed.py", "test_mailbox.py"):
            item.add_marker(pytest.mark.slow)

from collections.abc import Iterator

import pytest
from django.db import connections

from tagging import events
from tagging.live.feed import feed


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

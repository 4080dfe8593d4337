import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from tests.start.site import Site, Visitor

pytestmark = pytest.mark.slow

TAGGERS = 4


@dataclass
class Stopped:
    """What was left of a server that was told to stop while people were tagging."""

    data: Path
    code: int = -1
    owner: Visitor | None = None
    saved: list[str] = field(default_factory=list)
    statuses: set[int] = field(default_factory=set)


def tag(stopped: Stopped, visitor: Visitor, who: int, begun: threading.Semaphore) -> None:
    """Adds one tag after the other until nobody answers any more."""
    for number in range(10_000):
        word = f"tag {who} {number}"
        try:
            status = visitor.post("/datasets/cats/images/1/tags/add/", names=word)
        except OSError:
            return
        stopped.statuses.add(status)
        if status != 302:
            return
        stopped.saved.append(word)
        begun.release()


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    folder = tmp_path_factory.mktemp("posts")
    (folder / "pictures").mkdir()
    Image.new("RGB", (64, 64), "gray").save(folder / "pictures" / "one.png")
    result = Stopped(folder / "data")
    with Site(result.data, str(folder / "pictures"), "--dataset", "cats", "--quiet") as site:
        site.wait_for("1 imported")
        result.owner = Visitor(site.port)
        result.owner.get(site.wait_for(r"^http://\S+/enter/\S+/$"))
        result.owner.get("/datasets/cats/images/1/")
        begun = threading.Semaphore(0)
        people = []
        for who in range(TAGGERS):
            visitor = Visitor(site.port)
            visitor.cookies = dict(result.owner.cookies)
            people.append(threading.Thread(target=tag, args=(result, visitor, who, begun)))
        for person in people:
            person.start()
        for _ in range(5 * TAGGERS):
            begun.acquire(timeout=30)
        result.code = site.stop()
        for person in people:
            person.join()
    return result


def rows(data: Path, query: str) -> list[str]:
    with sqlite3.connect(data / "tagger.sqlite3") as database:
        return [str(value) for (value,) in database.execute(query)]


def test_a_server_told_to_stop_ends_well(stopped: Stopped) -> None:
    assert stopped.code == 0


def test_nothing_that_was_acknowledged_is_lost(stopped: Stopped) -> None:
    query = "select t.name from tagging_imagetag i join tagging_tag t on t.id = i.tag_id"

    kept = rows(stopped.data, query)

    assert len(stopped.saved) >= 5 * TAGGERS
    assert set(stopped.saved) - set(kept) == set()


def test_what_was_not_acknowledged_is_whole_or_not_there(stopped: Stopped) -> None:
    query = "select t.name from tagging_imagetag i join tagging_tag t on t.id = i.tag_id"
    counted = "select tag_count from tagging_image"

    kept = rows(stopped.data, query)

    assert len(kept) <= len(stopped.saved) + TAGGERS
    assert rows(stopped.data, counted) == [str(len(kept))]
    assert rows(stopped.data, "pragma integrity_check") == ["ok"]


def test_requests_that_come_too_late_are_told_so(stopped: Stopped) -> None:
    assert stopped.statuses - {302, 503} == set()


def test_sign_ins_survive_a_restart(stopped: Stopped) -> None:
    assert stopped.owner is not None
    with Site(stopped.data) as again:
        stopped.owner.port, stopped.owner.host = again.port, f"127.0.0.1:{again.port}"

        assert stopped.owner.get("/account/") == 200

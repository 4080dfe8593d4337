import asyncio
import json
from typing import Any

import pytest

from tagging.live import mailbox
from tagging.live.mailbox import Mailbox

pytestmark = pytest.mark.asyncio


class Sent:
    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def send(self, text: str) -> None:
        self.messages.append(json.loads(text))


async def settle() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def box(sent: Sent) -> Mailbox:
    """The mailbox of a page that has said what it shows, drawn at change 0."""
    made = Mailbox(sent.send)
    made.begin_again(0)
    return made


async def test_put_sends_a_frame_with_the_parts(box: Mailbox, sent: Sent) -> None:
    box.put({"image-1-tags": json.dumps("<ol>é</ol>", ensure_ascii=False)}, era=1, seq=7)
    await settle()

    assert sent.messages == [{"n": 1, "seq": 7, "parts": {"image-1-tags": "<ol>é</ol>"}}]


async def test_put_waits_while_a_frame_is_under_way_and_keeps_the_newest_of_each_part(box: Mailbox, sent: Sent) -> None:
    box.put({"a": '"1"'}, era=1, seq=1)
    for seq in range(2, 500):
        box.put({"a": f'"{seq}"', "b": '"b"'}, era=1, seq=seq)
    waiting = box.size

    box.acknowledge(1)
    await settle()

    assert waiting == 2
    assert sent.messages[1:] == [{"n": 2, "seq": 499, "parts": {"a": "499", "b": "b"}}]


async def test_put_of_a_part_of_the_news_says_no_newer_change(box: Mailbox, sent: Sent) -> None:
    box.put({"a": '"1"'}, era=1, seq=None)
    box.acknowledge(1)

    box.put({"b": '"2"'}, era=1, seq=9)
    await settle()

    assert [message["seq"] for message in sent.messages] == [0, 9]


async def test_put_of_what_was_found_for_another_view_is_dropped(box: Mailbox, sent: Sent) -> None:
    box.begin_again(3)

    box.put({"a": '"1"'}, era=1, seq=9)
    await settle()

    assert sent.messages == []


async def test_put_of_more_than_a_frame_holds_sends_several_and_the_last_says_the_change(
    box: Mailbox, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LONGEST_FRAME", 10)

    box.put({"a": '"12345678"', "b": '"2"', "c": '"3"'}, era=1, seq=5)
    box.acknowledge(1)
    await settle()

    assert sent.messages == [
        {"n": 1, "seq": 0, "parts": {"a": "12345678"}},
        {"n": 2, "seq": 5, "parts": {"b": "2", "c": "3"}},
    ]


async def test_acknowledge_of_an_old_frame_means_nothing(box: Mailbox, sent: Sent) -> None:
    box.put({"a": '"1"'}, era=1, seq=1)
    box.acknowledge(1)
    box.put({"a": '"2"'}, era=1, seq=2)

    box.acknowledge(1)
    box.put({"a": '"3"'}, era=1, seq=3)
    await settle()

    assert [message["n"] for message in sent.messages] == [1, 2]


async def test_a_frame_that_is_not_acknowledged_is_sent_once_more(
    box: Mailbox, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "RESEND_AFTER", 0.02)

    box.put({"a": '"1"'}, era=1, seq=1)
    await asyncio.sleep(0.1)

    assert sent.messages == [{"n": 1, "seq": 1, "parts": {"a": "1"}}] * 2


async def test_begin_again_drops_what_waits_and_keeps_one_frame_under_way(box: Mailbox, sent: Sent) -> None:
    box.put({"a": '"1"'}, era=1, seq=1)
    box.put({"a": '"2"'}, era=1, seq=2)

    era = box.begin_again(1)
    box.put({"b": '"3"'}, era=era, seq=3)
    await settle()
    before = list(sent.messages)
    box.acknowledge(1)
    await settle()

    assert [message["n"] for message in before] == [1]
    assert sent.messages[1:] == [{"n": 3, "seq": 3, "parts": {"b": "3"}}]


async def test_begin_again_all_the_time_sends_no_second_frame(box: Mailbox, sent: Sent) -> None:
    for at in range(50):
        box.put({"a": '"1"'}, era=box.begin_again(at), seq=at)
    await settle()

    assert len(sent.messages) == 1
    assert box.size == 1


async def test_begin_again_gives_up_a_frame_that_got_lost(
    box: Mailbox, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "RESEND_AFTER", 0.02)
    box.put({"a": '"1"'}, era=1, seq=1)
    await asyncio.sleep(0.05)

    box.put({"a": '"2"'}, era=box.begin_again(0), seq=2)
    await settle()

    assert sent.messages[-1] == {"n": 3, "seq": 2, "parts": {"a": "2"}}
    assert box.is_deaf(0.04)


async def test_a_closed_mailbox_sends_nothing(box: Mailbox, sent: Sent) -> None:
    box.close()
    box.put({"a": '"1"'}, era=1, seq=1)
    await settle()

    assert sent.messages == []
    assert box.size == 0

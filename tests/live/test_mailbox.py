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


async def test_put_sends_a_frame_with_the_parts() -> None:
    sent = Sent()
    box = Mailbox(sent.send)

    box.put(7, {"image-1-tags": json.dumps("<ol>é</ol>", ensure_ascii=False)})
    await settle()

    assert sent.messages == [{"n": 1, "seq": 7, "parts": {"image-1-tags": "<ol>é</ol>"}}]


async def test_put_waits_while_a_frame_is_under_way_and_keeps_the_newest_of_each_part() -> None:
    sent = Sent()
    box = Mailbox(sent.send)
    box.put(1, {"a": '"1"'})
    for seq in range(2, 500):
        box.put(seq, {"a": f'"{seq}"', "b": '"b"'})
    await settle()
    waiting = box.size

    box.acknowledge(1)
    await settle()

    assert waiting == 2
    assert sent.messages[1:] == [{"n": 2, "seq": 499, "parts": {"a": "499", "b": "b"}}]


async def test_acknowledge_of_an_old_frame_means_nothing() -> None:
    sent = Sent()
    box = Mailbox(sent.send)
    box.put(1, {"a": '"1"'})
    box.acknowledge(1)
    box.put(2, {"a": '"2"'})

    box.acknowledge(1)
    box.put(3, {"a": '"3"'})
    await settle()

    assert [message["n"] for message in sent.messages] == [1, 2]


async def test_a_frame_that_is_not_acknowledged_is_sent_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "RESEND_AFTER", 0.02)
    sent = Sent()
    box = Mailbox(sent.send)

    box.put(1, {"a": '"1"'})
    await asyncio.sleep(0.1)

    assert sent.messages == [{"n": 1, "seq": 1, "parts": {"a": "1"}}] * 2


async def test_begin_again_drops_what_waits_and_sends_the_next_at_once() -> None:
    sent = Sent()
    box = Mailbox(sent.send)
    box.put(1, {"a": '"1"'})
    box.put(2, {"a": '"2"'})

    box.begin_again()
    box.put(3, {"b": '"3"'})
    await settle()

    assert sent.messages[-1] == {"n": 2, "seq": 3, "parts": {"b": "3"}}


async def test_a_closed_mailbox_sends_nothing() -> None:
    sent = Sent()
    box = Mailbox(sent.send)

    box.close()
    box.put(1, {"a": '"1"'})
    await settle()

    assert sent.messages == []

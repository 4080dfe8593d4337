"""The socket of one open page (CONTRACT “The page's socket”). It carries nothing in but what the page shows, that a
frame has arrived, and that the page is alive; what it carries out comes from `live.feed`."""

import asyncio
import json
import logging
import re
import time
import uuid
from typing import Any, cast
from urllib.parse import parse_qs

from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import HASH_SESSION_KEY

from tagging import access
from tagging.live.feed import feed
from tagging.live.mailbox import Mailbox
from tagging.live.open_pages import OpenPage, Shows
from tagging.live.rights import NO_RIGHT, SIGNED_OUT
from tagging.models import Dataset, Person
from tagging.services import sessions

log = logging.getLogger(__name__)

STUMBLED = 1011
BAD_MESSAGE = 4400
TOO_MANY = 4429

LONGEST = 16 * 1024  # bytes received in one message
MOST_SHOWN = 500
MOST_A_SECOND = 20
MOST_PAGES = 10  # of one person
MOST_BAD = 20  # messages that mean nothing, before the socket is closed
HIGHEST = 2**53
ACK = re.compile(r'\{"ack": ?(\d{1,16})\}', re.ASCII)


class DatasetPage(AsyncWebsocketConsumer):
    """One person's open page of one dataset."""

    channel_layer_alias = ""  # none: the log of changes is the broadcast
    page: OpenPage | None = None
    is_open = False
    bad = 0
    second = 0.0
    heard = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as Channels types it
        """As Channels does it for a consumer without a layer, but without a task for every message."""
        self.scope, self.base_send = scope, send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            self._leave()  # also when the server cancels this, or something is wrong here

    async def dispatch(self, message: Any) -> None:  # noqa: ANN401 - Channels' own type says no more
        # Channels looks after database connections before each message, in a thread. None is used here.
        try:
            await getattr(self, get_handler_name(message))(message)
        except StopConsumer:
            raise
        except Exception:  # a boundary: the page opens its socket again, and nobody else notices
            log.exception("the socket of a page stumbled (%s)", uuid.uuid4().hex[:8])
            await self._stumbled(message["type"])

    async def connect(self) -> None:
        await self.accept()
        self.loop = asyncio.get_running_loop()
        self.is_open = True
        admitted = await self._admitted()
        if isinstance(admitted, int):
            await self._end(admitted)
        elif not feed.open(admitted, MOST_PAGES):
            await self._end(TOO_MANY)
        else:
            self.page = admitted

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.page is None or not self.is_open:
            return
        if self._answers_frame(self.page, text_data):
            return
        if self._are_too_many():
            await self._end(TOO_MANY)
        elif text_data is None or len(text_data) > LONGEST or len(text_data.encode()) > LONGEST:
            await self._end(BAD_MESSAGE)
        elif not self._understood(self.page, text_data):
            self.bad += 1
            if self.bad > MOST_BAD:
                await self._end(BAD_MESSAGE)

    async def disconnect(self, code: int) -> None:
        page = self.page
        if self._leave() and page is not None:
            await database_sync_to_async(sessions.page_closed)(page.dataset_id, page.person_id)

    def _leave(self) -> bool:
        """Whether the person has no other page open here."""
        self.is_open = False
        page, self.page = self.page, None
        if page is None:
            return False
        page.mailbox.close()
        return feed.leave(page)

    async def _stumbled(self, at: str) -> None:
        """Go on: the page reads itself again. One that cannot be served at all opens another socket."""
        if at == "websocket.disconnect":
            raise StopConsumer
        self.bad += 1
        if self.page is None or self.bad > MOST_BAD:
            await self._end(STUMBLED)
        else:
            self.page.mailbox.say({"reread": 1})

    def _understood(self, page: OpenPage, text: str) -> bool:
        """Do what the message says; False when it says nothing that a page may say."""
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return False
        match message:
            case {"beat": int(one), **rest} if not rest and one is not True and one == 1:
                page.has_beaten = True
                page.mailbox.say({"seq": feed.newest(page.dataset_id)})
            case {"ack": number, **rest} if not rest and _is_whole(number):
                page.mailbox.acknowledge(number)
            case {"at": at, "shows": [*numbers], **rest} if not rest and _is_whole(at) and _are_numbers(numbers):
                page.has_beaten = True
                if page.show(at, numbers):
                    feed.wake()
            case _:
                return False
        page.heard_at = time.monotonic()
        return True

    def _answers_frame(self, page: OpenPage, text: str | None) -> bool:
        """Whether it acknowledges the frame under way: those are as many as we send, and a page is not blamed for
        reading quickly."""
        found = ACK.fullmatch(text) if text and len(text) < 40 else None
        if found is None or not page.mailbox.acknowledge(int(found[1])):
            return False
        page.heard_at = time.monotonic()
        return True

    def _are_too_many(self) -> bool:
        now = time.monotonic()
        if now - self.second >= 1:
            self.second, self.heard = now, 0
        self.heard += 1
        return self.heard > MOST_A_SECOND

    async def _say(self, text: str) -> None:
        if self.is_open:
            await self.base_send(cast(Any, {"type": "websocket.send", "text": text}))

    async def _end(self, code: int) -> None:
        if self.is_open:
            self.is_open = False
            await self.close(code)

    def _end_soon(self, code: int) -> None:
        self.ending = self.loop.create_task(self._end(code))

    @database_sync_to_async
    def _admitted(self) -> OpenPage | int:
        """The page, for somebody who may see the dataset; else the code to close with."""
        person = cast(Person, self.scope["user"])
        session = self.scope["session"]
        if not person.is_authenticated or not session.session_key or HASH_SESSION_KEY not in session:
            return SIGNED_OUT
        slug = self.scope["url_route"]["kwargs"]["slug"]
        dataset = Dataset.objects.visible_to(person).filter(slug=slug).first()
        role = access.role_of(person, dataset) if dataset else None
        if dataset is None or role is None:
            return NO_RIGHT
        return OpenPage(
            dataset_id=dataset.pk,
            person_id=person.pk,
            session_key=session.session_key,
            password=person.password,
            role=role,
            kind=_kind(self.scope.get("query_string", b"")),
            loop=self.loop,
            mailbox=Mailbox(self._say),
            end=self._end_soon,
        )


def _kind(query: bytes) -> Shows:
    """What the address says of the page: `?page=grid`, `?page=workbench`, or nothing."""
    said = parse_qs(query.decode("latin-1")).get("page", [""])[0]
    return Shows(said) if said in set(Shows) else Shows.ALL


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST


def _are_numbers(values: list[object]) -> bool:
    return len(values) <= MOST_SHOWN and all(_is_whole(value) and 0 < cast(int, value) < 2**31 for value in values)

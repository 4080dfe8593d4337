"""Who is here: kept by the beats of open pages, read from the tagging sessions, so that every server process agrees."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from tagging.live import parts
from tagging.live.open_pages import OpenPage
from tagging.models import TaggingSession
from tagging.services import sessions

log = logging.getLogger(__name__)


def keep(pages: Sequence[OpenPage]) -> None:
    """Write down the signs of life of pages that have beaten since the last time."""
    beating = [page for page in pages if page.has_beaten and not page.mailbox.closed]
    for page in beating:
        page.has_beaten = False
    try:
        sessions.keep_here({(page.dataset_id, page.person_id) for page in beating})
    except DatabaseError as problem:  # busy, or somebody is gone for good: the next beats say it again
        log.warning("who is here was not kept: %s", problem)


def picture(dataset_id: int) -> tuple[object, ...]:
    """Who is where and how far the newest import is: while this is equal, the parts that show it are."""
    now = timezone.now()
    here = [
        (session.person_id, session.image_id, session.claimed_image_id if _is_live(session, now) else None)
        for session in sessions.lately([dataset_id])
    ]
    run = parts.newest_import(dataset_id)
    return tuple(here), run and (run.pk, run.state, run.read, run.total, run.is_silent)


def _is_live(session: TaggingSession, now: datetime) -> bool:
    return session.claimed_until is not None and session.claimed_until > now

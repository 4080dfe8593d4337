"""Whether the people behind open pages may still see what they see: asked of the database, so that a loss of access
made anywhere (a page, the admin site, a shell) closes their sockets."""

from collections.abc import Iterable, Sequence

from django.contrib.sessions.models import Session
from django.utils import timezone

from tagging.live.open_pages import OpenPage
from tagging.models import Membership, Person

SIGNED_OUT = 4401
NO_RIGHT = 4403
ROLE_CHANGED = 4003  # the page opens its socket again, and reads itself again with the new role


def lost(pages: Sequence[OpenPage]) -> Iterable[tuple[OpenPage, int]]:
    """The pages whose right is gone, each with the code that its socket is closed with. Three queries for all."""
    people = {page.person_id for page in pages}
    now = timezone.now()
    sessions = Session.objects.filter(session_key__in={page.session_key for page in pages}, expire_date__gt=now)
    alive = set(sessions.values_list("session_key", flat=True))
    passwords = dict(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", "password"))
    memberships = Membership.objects.filter(person__in=people, dataset__in={page.dataset_id for page in pages})
    roles = {(person, dataset): role for person, dataset, role in memberships.values_list("person", "dataset", "role")}
    for page in pages:
        if page.session_key not in alive or passwords.get(page.person_id) != page.password:
            yield page, SIGNED_OUT
        elif (role := roles.get((page.person_id, page.dataset_id))) is None:
            yield page, NO_RIGHT
        elif role != page.role:
            yield page, ROLE_CHANGED

"""How many wrong passwords may come from where, on our own sign-in page and the admin site's alike."""

import ipaddress
import threading
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

Credentials = dict[str, Any] | None
_counting = threading.Lock()


class Throttle(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts a try before the password is looked at, so that a thousand at the same moment are counted too.

    Signing in takes the person's own tries from that address out of the count, and nobody else's.
    """

    def is_locked(self, request: Any, credentials: Credentials = None) -> bool:  # noqa: ANN401 - axes marks it
        # One after the other: on SQLite the transaction itself sees to that, elsewhere only among our own threads.
        with _counting, transaction.atomic():
            self.clean_expired_user_attempts(request, credentials)
            if super().is_locked(request, credentials):
                return True
            self._count(request, str((credentials or {}).get("username") or "")[:255])
        return False

    def get_failures(self, request: Any, credentials: Credentials = None) -> int:  # noqa: ANN401 - axes marks it
        """Several people share an address: it may fail twice as often as one name may from there."""
        by_name, by_address = self._tries(request, credentials)
        return max(by_name, by_address // 2)

    def user_login_failed(self, sender: Any, credentials: Credentials, request: Any = None, **kwargs: Any) -> None:  # noqa: ANN401 - axes'
        """Counted already."""

    def reset_user_attempts(self, request: Any, credentials: Credentials = None) -> int:  # noqa: ANN401 - axes marks it
        by_name, _ = self.filter_user_attempts(request, credentials)
        return int(by_name.delete()[0])

    def _tries(self, request: Any, credentials: Credentials) -> list[int]:  # noqa: ANN401 - axes marks it
        return [
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        ]

    def _count(self, request: Any, username: str) -> None:  # noqa: ANN401 - axes marks it
        # Nothing else of the request is kept: people type passwords into the wrong box.
        attempt, new = AccessAttempt.objects.get_or_create(
            username=username,
            ip_address=request.axes_ip_address,
            user_agent="",
            defaults={"failures_since_start": 1, "path_info": request.axes_path_info},
        )
        if not new:
            now = request.axes_attempt_time
            AccessAttempt.objects.filter(pk=attempt.pk).update(
                failures_since_start=F("failures_since_start") + 1, attempt_time=now
            )


def client_address(request: HttpRequest) -> str | None:
    """Whose tries these are. Behind a proxy we trust, the address that the proxy itself saw: the last it has added."""
    seen = (
        request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if settings.TAGGER_TRUST_PROXY else ""
    )
    return _counted_address(seen) or _counted_address(request.META.get("REMOTE_ADDR") or "")


def _counted_address(text: str) -> str | None:
    """An address as tries are counted by: in IPv6 everybody has 2⁶⁴ of them, which count as one."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    return str(address.ipv4_mapped or ipaddress.ip_network((address, 64), strict=False).network_address)

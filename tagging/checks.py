"""What `manage.py check` says of an installation, beside what Django says; `--deploy` adds what a public one needs."""

import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, Warning, register  # noqa: A004 - Django's names

Configs = Sequence[AppConfig] | None
SHORT = 50
KNOWN = ("django-insecure", "changeme", "secret", "insecure")


@register(Tags.security)
def origins_are_whole(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    """A wildcard or a path would make a comparison of origins say yes to strangers, or to nobody."""
    return [
        Error(
            f"TAGGER_ORIGINS names “{origin}”, which is no whole origin.",
            hint="Write scheme, host and port alone, such as https://tags.example.org:8443",
            id="tagger.E001",
        )
        for origin in settings.TAGGER_ORIGINS
        if not _is_origin(str(origin))
    ]


@register(Tags.security)
def key_file_is_private(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    file = Path(settings.TAGGER_DATA_DIR) / "secret_key"
    if sys.platform == "win32" or not file.exists() or not stat.S_IMODE(file.stat().st_mode) & 0o077:
        return []
    hint = f"chmod 600 {file}; if others may have read it, delete it: everybody then signs in once more."
    return [Warning(f"Other users of this machine can read the key file {file}.", hint=hint, id="tagger.W001")]


@register(Tags.security, deploy=True)
def hosts_are_exact(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The site answers to any host that “{host}” fits.",
            hint="Name each host in TAGGER_ALLOWED_HOSTS.",
            id="tagger.E002",
        )
        for host in settings.ALLOWED_HOSTS
        if "*" in host or host.startswith(".")
    ]


@register(Tags.security, deploy=True)
def key_is_random(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    """Django only warns, and knows its own examples alone."""
    key = str(settings.SECRET_KEY)
    if len(key) >= SHORT and len(set(key)) >= 5 and not key.lower().startswith(KNOWN):
        return []
    hint = "Leave TAGGER_SECRET_KEY out and delete the key file: a random one is made in the data folder."
    return [Error("The secret key is short or known: anybody can sign in as anybody.", hint=hint, id="tagger.E003")]


@register(Tags.security, deploy=True)
def code_is_not_shown(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEBUG:
        return []
    return [Error("TAGGER_DEBUG=1 shows code and settings to visitors.", hint="Leave it out.", id="tagger.E004")]


@register(Tags.security, deploy=True)
def one_process_without_redis(app_configs: Configs, **kwargs: Any) -> list[CheckMessage]:
    layer = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    if "postgresql" not in settings.DATABASES["default"]["ENGINE"] or "InMemory" not in layer:
        return []
    hint = "One `manage.py start` serves it. For several, set REDIS_URL."
    return [Info("Open pages hear of changes within one process alone.", hint=hint, id="tagger.I001")]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        return False
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    whole = f"{parts.scheme}://{host}:{port}" if port is not None else f"{parts.scheme}://{host}"
    return parts.scheme in ("http", "https") and bool(host) and "*" not in text and text == whole

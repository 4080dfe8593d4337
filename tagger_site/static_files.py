"""Styles, scripts and icons, served from where they lie: nothing has to be collected before a start."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStorage(StaticFilesStorage):
    """Each address carries a hash of its file: after an update no browser shows new pages with old styles."""

    _versions: dict[str, str] = {}  # noqa: RUF012 - what one process has read, for all instances

    def url(self, name: str | None) -> str:
        url = super().url(name)
        version = self._version(name or "")
        return f"{url}?v={version}" if version else url

    def _version(self, name: str) -> str:
        if name not in self._versions or settings.DEBUG:
            found = finders.find(name) if name else None
            file = Path(found) if isinstance(found, str) else None
            digest = hashlib.sha256(file.read_bytes()).hexdigest() if file and file.is_file() else ""
            self._versions[name] = digest[:12]
        return self._versions[name]

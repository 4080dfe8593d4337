"""The pictures that a dataset has: by their bytes, by the file they first were, and by where they came from."""

import hashlib
from collections import defaultdict

from tagging.models import Dataset, Image
from tagging.services.importing.report import Known

_COLUMNS = (
    *("number", "pk", "sha256", "first_sha256", "source_key"),
    *("caption_sha256", "edited_at", "width", "height"),
)


def source_key(path: bytes) -> str:
    """What a path below the import's folder is known by."""
    return hashlib.sha256(path).hexdigest()


class Ledger:
    """What is known of a dataset's images, kept up to date while an import adds to them."""

    def __init__(self, dataset: Dataset | None) -> None:
        self._by_bytes: dict[bytes, Known] = {}
        self._by_first: dict[bytes, Known] = {}
        self._by_path: defaultdict[bytes, list[Known]] = defaultdict(list)
        self.numbers: set[int] = set()
        self.last_number = dataset.last_number if dataset else 0
        if dataset is None:
            return
        rows = Image.objects.filter(dataset=dataset).by_number().values_list(*_COLUMNS)
        for number, pk, sha256, first, key, caption, edited_at, width, height in rows.iterator():
            image = Known(number, bytes.fromhex(sha256), bytes.fromhex(first), pk, caption, edited_at is not None)
            image.width, image.height = width, height
            self.add(image, key)

    def add(self, image: Known, key: str) -> None:
        """Take note of an image that came from the path of this source key."""
        self._by_bytes.setdefault(image.sha256, image)
        self._by_first.setdefault(image.first_sha256, image)
        if image.number:
            self.numbers.add(image.number)
        if key:
            self._by_path[bytes.fromhex(key)].append(image)

    @property
    def digests(self) -> frozenset[bytes]:
        """Of all bytes that need no decoding any more."""
        return frozenset(self._by_bytes.keys() | self._by_first.keys())

    def at_path(self, path: bytes) -> list[Known]:
        """The images that came from this path, the newest last."""
        return self._by_path.get(bytes.fromhex(source_key(path)), [])

    def first_was(self, sha256: str) -> Known | None:
        """The image whose file was this one when it first came in."""
        return self._by_first.get(bytes.fromhex(sha256)) if sha256 else None

    def with_bytes(self, sha256: str) -> Known | None:
        """An image that is, or first was, a file of these bytes."""
        digest = bytes.fromhex(sha256)
        return self._by_bytes.get(digest) or self._by_first.get(digest)

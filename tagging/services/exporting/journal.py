"""Which exchanges of two renames are under way, noted in the data folder: any command's next run finishes them."""

import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = "exchanges"


@contextlib.contextmanager
def noted(data_dir: Path, staging: Path) -> Iterator[None]:
    """Keep a note of the staging folder on the disk while the two renames are done; an error leaves it there."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{secrets.token_hex(8)}.json"
    with path.open("x", encoding="ascii") as file:
        json.dump({"staging": str(staging)}, file)
        file.flush()
        os.fsync(file.fileno())
    yield
    path.unlink()


def notes(data_dir: Path) -> Iterator[tuple[Path, Path | None]]:
    """Each note's own path and the staging folder it names; None for a note that was cut short before the renames."""
    for path in sorted((data_dir / FOLDER).glob("*.json")):
        try:
            yield path, Path(json.loads(path.read_text(encoding="ascii"))["staging"])
        except (OSError, ValueError, KeyError, TypeError):
            yield path, None

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# What running and exporting leave in the folder, and what others wrote
NOT_OURS = {"data", "out", "staticfiles", "node_modules", "__pycache__", "vendor"}


def files(*suffixes: str) -> Iterator[Path]:
    """The project's own files with these suffixes, committed or not."""
    waiting = [ROOT]
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.is_dir() and path.name not in NOT_OURS and not path.name.startswith("."):
                waiting.append(path)
            elif path.is_file() and path.suffix in suffixes:
                yield path


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()

"""What an import was asked to do."""

from dataclasses import dataclass

from tagging.domain.caption_files import Captions, Separator


@dataclass(frozen=True)
class Options:
    """As `import_dir` takes them; "" and None mean “not said”. `fresh`: a dry run that finds no database yet."""

    folder: str | bytes
    dataset: str = ""
    name: str = ""
    prefix: str = ""
    trigger: str = ""
    caption_ext: str = ".txt"
    captions: Captions = "auto"
    separator: Separator = "auto"
    recurse: bool = True
    all_folders: bool = False
    follow_links: bool = False
    workers: int | None = None
    by: str = ""
    dry_run: bool = False
    fresh: bool = False
